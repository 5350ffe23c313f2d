/** Programs that a container may be told to run and that go on: busybox's httpd, and Python as far as it is a web server. */
import { imageFacts } from '../../sim/lab/index.ts';
import { FOREVER } from '../shell/clock.ts';
import type { Call, Tool } from '../tool.ts';
import { busyboxAnswers } from './busybox-httpd.ts';
import { hasTool, imageAt } from './images.ts';
import { pythonAnswers } from './python-http.ts';
import { serveWeb } from './small-web.ts';
import { getopt } from './words.ts';

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

const resolved = (cwd: string, path: string): string => {
	const parts: string[] = [];
	for (const part of `${path.startsWith('/') ? '' : `${cwd}/`}${path}`.split('/'))
		if (part === '..') parts.pop();
		else if (part !== '' && part !== '.') parts.push(part);
	return `/${parts.join('/')}`;
};

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
		// Scripts are not run here: the echo server of the course is answered for by the lab (`servers.ts`).
		if (home !== undefined && parsed.values.has('f') && mountedBelow(call, `${home}/cgi-bin`))
			for (;;) await call.until(() => false, FOREVER);
		const port = /^(?:(.*):)?(\d+)$/.exec(parsed.values.get('p') ?? '80');
		if (!port) {
			call.err(`httpd: bad port spec '${parsed.values.get('p')}'\n`);
			return 1;
		}
		const root = resolved(call.cwd, home ?? '.');
		const verbose = call.args
			.filter((word) => /^-[a-z]*v/.test(word))
			.join('')
			.replace(/[^v]/g, '').length;
		return serveWeb(
			call,
			{
				name: 'httpd',
				...(port[1] ? { address: port[1].replace(/[[\]]/g, '') } : {}),
				port: Number(port[2]),
				// Without -f it goes on in the background.
				apart: !parsed.values.has('f'),
				busy: 'httpd: bind: Address in use',
				denied: 'httpd: bind: Permission denied',
			},
			busyboxAnswers(root === '/' ? '' : root, verbose),
		);
	},
};

const python: Tool = {
	name: 'python3',
	aliases: ['python'],
	at: hasTool('python3'),
	async run(call) {
		const at = call.args.indexOf('-m');
		const words = at < 0 ? [] : call.args.slice(at + 1);
		const version = imageFacts(imageAt(call.place, call.lab) ?? '').env.PYTHON_VERSION ?? '3.10.6';
		if (words[0] === 'http.server') {
			const rest = words.slice(1);
			const value = (...names: readonly string[]): string | undefined => {
				const i = rest.findIndex((word) => names.includes(word));
				return i < 0
					? rest.find((word) => names.some((n) => word.startsWith(`${n}=`)))?.replace(/^[^=]*=/, '')
					: rest.splice(i, 2)[1];
			};
			const directory = value('-d', '--directory');
			const address = value('-b', '--bind');
			const port = Number(rest.find((word) => /^\d+$/.test(word)) ?? 8000);
			const unbuffered = call.args.includes('-u') || call.env.get('PYTHONUNBUFFERED') !== undefined;
			const host = address ?? '0.0.0.0';
			// Its output is no terminal: what it says at its start stays in its buffer.
			if (unbuffered || call.tty) call.out(`Serving HTTP on ${host} port ${port} (http://${host}:${port}/) ...\n`);
			const root = resolved(call.cwd, directory ?? '.');
			return serveWeb(
				call,
				{
					name: call.name,
					...(address === undefined ? {} : { address }),
					port,
					busy: 'OSError: [Errno 98] Address already in use',
					denied: 'PermissionError: [Errno 13] Permission denied',
				},
				pythonAnswers(root === '/' ? '' : root, version),
			);
		}
		if (call.args[0] === '--version' || call.args[0] === '-V') {
			call.out(`Python ${version}\n`);
			return 0;
		}
		call.err(`${call.name}: the simulator runs of Python the module http.server alone: python3 -m http.server 8000\n`);
		return 1;
	},
};

export const daemonTools: readonly Tool[] = [httpd, python];
