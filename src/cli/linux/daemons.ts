/**
 * Web servers that a container may be told to run: busybox's httpd (networking/httpd.c @ 1_35_0) and Python's
 * http.server (Lib/http/server.py @ 3.10). Their ports are open as long as their container runs
 * (`sim/lab/software/guest.ts`); what they answer is in `servers.ts`.
 */
import { FOREVER } from '../shell/clock.ts';
import type { Call, Tool } from '../tool.ts';
import { hasTool } from './images.ts';
import { getopt } from './words.ts';

const wait = async (call: Call): Promise<number> => {
	for (;;) await call.until(() => false, FOREVER);
};

/** Whether a volume is mounted in a directory, which is there then in any case. */
function mountedBelow({ place, lab }: Call, directory: string): boolean {
	if (place.kind !== 'pod') return false;
	const api = lab.cluster(place.cluster)?.api;
	const pods = api?.find('pods');
	const pod = pods && api?.get(pods, place.namespace, place.pod);
	const spec = pod?.spec as { containers?: readonly { volumeMounts?: readonly { mountPath: string }[] }[] } | undefined;
	return (spec?.containers ?? []).some(({ volumeMounts = [] }) =>
		volumeMounts.some(({ mountPath }) => `${mountPath}/`.startsWith(`${directory.replace(/\/+$/, '')}/`)),
	);
}

const HTTPD =
	'Usage: httpd [-ifv[v]] [-c CONFFILE] [-p [IP:]PORT] [-u USER[:GRP]] [-r REALM] [-h HOME]\nor httpd -d/-e/-m STRING\n\nListen for incoming HTTP requests\n';

const httpd: Tool = {
	name: 'httpd',
	at: hasTool('httpd'),
	async run(call) {
		const parsed = getopt(call.args, { short: 'c:d:e:r:m:u:h:p:ifv' });
		if ('fault' in parsed) {
			call.err(`httpd: unrecognized option: ${call.args[0]}\nBusyBox v1.35.0 multi-call binary.\n\n${HTTPD}`);
			return 1;
		}
		const home = parsed.values.get('h');
		if (home !== undefined && !mountedBelow(call, home) && (await call.files.list(home)) === undefined) {
			call.err(`httpd: can't change directory to '${home}': No such file or directory\n`);
			return 1;
		}
		// Without -f it goes on in the background.
		return parsed.values.has('f') ? wait(call) : 0;
	},
};

const python: Tool = {
	name: 'python3',
	aliases: ['python'],
	at: hasTool('python3'),
	async run(call) {
		const at = call.args.indexOf('-m');
		const words = at < 0 ? [] : call.args.slice(at + 1);
		if (words[0] === 'http.server') {
			const port = Number(words.slice(1).find((word) => /^\d+$/.test(word)) ?? 8000);
			const unbuffered = call.args.includes('-u') || call.env.get('PYTHONUNBUFFERED') !== undefined;
			// Its output is no terminal: what it says at its start stays in its buffer.
			if (unbuffered || call.tty) call.out(`Serving HTTP on 0.0.0.0 port ${port} (http://0.0.0.0:${port}/) ...\n`);
			return wait(call);
		}
		if (call.args[0] === '--version' || call.args[0] === '-V') {
			call.out('Python 3.10.6\n');
			return 0;
		}
		call.err(`${call.name}: the simulator runs of Python the module http.server alone: python3 -m http.server 8000\n`);
		return 1;
	},
};

export const daemonTools: readonly Tool[] = [httpd, python];
