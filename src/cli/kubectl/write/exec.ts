/**
 * `kubectl exec`: a command in a container's place.
 *
 * Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/exec/exec.go @ v0.24.0; what containerd and runc say of a
 * program that is not there: containerd pkg/cri/sbserver/container_execsync.go @ v1.6, runc libcontainer @ v1.1.
 */
import type { Command, Flag } from '../../cobra/index.ts';
import type { Place } from '../../tool.ts';
import { FILE_FLAGS, readFiles } from '../files.ts';
import { command, fail, type Kube, KubectlError } from '../kube.ts';
import { subs, text } from '../print/index.ts';
import { shortName } from '../targets.ts';
import { completePods } from './complete.ts';
import { defaultContainer, placeOf, podOf, runningTimeout } from './pods.ts';

export const CONTAINER: Flag = {
	name: 'container',
	short: 'c',
	type: 'string',
	usage:
		'Container name. If omitted, use the kubectl.kubernetes.io/default-container annotation for selecting the container to be attached or the first container in the pod will be chosen',
};
export const STDIN: Flag = { name: 'stdin', short: 'i', type: 'bool', usage: 'Pass stdin to the container' };
export const TTY: Flag = { name: 'tty', short: 't', type: 'bool', usage: 'Stdin is a TTY' };
export const QUIET: Flag = {
	name: 'quiet',
	short: 'q',
	type: 'bool',
	usage: 'Only print output from the remote session',
};
export const RUNNING_TIMEOUT: Flag = {
	name: 'pod-running-timeout',
	type: 'duration',
	default: '1m0s',
	usage: 'The length of time (like 5s, 2m, or 3h, higher than zero) to wait until at least one pod is running',
};

const hex = (kube: Kube, bytes: number): string => {
	let out = '';
	for (let i = 0; i < bytes * 2; i++)
		out += kube.api.random('kubectl exec', `${kube.run.call.lab.now}/${i}`, 16).toString(16);
	return out;
};

/** What containerd answers when runc finds no program. */
function notThere(kube: Kube, program: string): never {
	const why = program.includes('/')
		? `stat ${program}: no such file or directory`
		: 'executable file not found in $PATH';
	return fail(
		`Internal error occurred: error executing command in container: failed to exec in container: failed to start exec "${hex(kube, 32)}": OCI runtime exec failed: exec failed: unable to start container process: exec: ${JSON.stringify(program)}: ${why}: unknown`,
	);
}

/**
 * Images with one program and nothing else, not even a shell: coredns/coredns Dockerfile @ v1.8.6, cilium
 * images/{operator,hubble-relay}/Dockerfile @ v1.12, kubernetes build/server-image @ v1.24 (distroless), build/pause.
 */
const BARE =
	/(?:^|\/)(?:coredns|pause|kube-(?:apiserver|controller-manager|scheduler)|cilium\/(?:operator(?:-generic|-aws)?|hubble-relay))(?:[:@]|$)/;

/** What is a shell's own and no program: nothing in $PATH has such a name (`kill` comes with procps and busybox). */
const BUILTINS = new Set(
	'alias bg cd declare disown eval exec exit export fg help history jobs kill local read return set shift source times trap type ulimit umask unalias unset wait'.split(
		' ',
	),
);

const SHELLS = /^(?:(?:\/usr)?\/bin\/)?(bash|sh|ash|dash)$/;

/** Runs a command line in a container, or opens a shell there; the code of what ran. */
export async function execIn(
	kube: Kube,
	place: Place,
	argv: readonly string[],
	io: { readonly stdin: boolean; readonly tty: boolean; readonly quiet: boolean },
): Promise<number> {
	const { call } = kube.run;
	const [program, ...rest] = argv as [string, ...string[]];
	// A pipe on standard input is no terminal.
	const piped = io.stdin && call.stdin !== '';
	if (io.stdin && io.tty && piped && !io.quiet)
		call.err('Unable to use a TTY - input is not a terminal or the right kind of file\n');
	const shell = SHELLS.exec(program)?.[1];
	const builtin = BUILTINS.has(program) && !(program === 'kill' && call.has(place, 'pgrep'));
	const known = (!builtin && call.has(place, program)) || (shell !== undefined && call.has(place, shell));
	const isFile = !known && program.includes('/') && (await call.filesAt(place).read(program)) !== undefined;
	if (!known && !isFile) notThere(kube, program);
	const interactive = rest.every((word) => /^-[il]+$|^--login$/.test(word));
	if (io.stdin && shell !== undefined && interactive && (io.tty || piped))
		return call.enter(place, shell === 'bash' ? 'bash' : 'sh');
	const code = await call.runAt(
		place,
		[shell === undefined ? program : shell === 'bash' ? 'bash' : 'sh', ...rest],
		io.stdin ? call.stdin : '',
		undefined,
		io.tty,
	);
	// Who is killed says nothing of what ran. Ctrl-C in a terminal is for the program over there.
	if (!io.tty || call.signal !== 'INT') call.check();
	return code;
}

/** Ends with the code of what ran, as kubectl says it. */
export function ended(code: number): number {
	if (code !== 0) throw new KubectlError(`command terminated with exit code ${code}`, code);
	return 0;
}

async function exec(kube: Kube): Promise<number> {
	const { run } = kube;
	const { flags, args, dash, call } = run;
	const quiet = flags.on('quiet');
	const fromFile = flags.list('filename').length > 0;
	let word = dash === 0 ? undefined : args[0];
	let argv: readonly string[] = dash >= 0 ? args.slice(dash) : args.slice(1);
	if (dash < 0 && (args.length > 1 || (args.length > 0 && fromFile))) {
		if (!quiet)
			call.err(
				'kubectl exec [POD] [COMMAND] is DEPRECATED and will be removed in a future version. Use kubectl exec [POD] -- [COMMAND] instead.\n',
			);
		if (fromFile) {
			argv = args;
			word = undefined;
		}
	}
	if (word === undefined && !fromFile) return fail('pod, type/name or --filename must be specified');
	if (argv.length === 0) return fail('you must specify at least one command for the container');
	if (word === undefined) {
		const [object] = await readFiles(kube);
		word = shortName(object!.resource, object!.name);
	}
	const pod = await podOf(kube, word, runningTimeout(kube));
	const phase = text(pod, 'status', 'phase');
	if (phase === 'Succeeded' || phase === 'Failed')
		return fail(`cannot exec into a container in a completed pod; current phase is ${phase}`);
	const container = flags.text('container') || defaultContainer(kube, pod, quiet);
	const place = placeOf(kube, pod, container);
	const spec = ['containers', 'initContainers', 'ephemeralContainers']
		.flatMap((list) => subs(pod, 'spec', list))
		.find((item) => item.name === container);
	const image = text(spec, 'image');
	if (BARE.test(image) && !image.includes(`/${argv[0]}:v`)) notThere(kube, argv[0]!);
	return ended(await execIn(kube, place, argv, { stdin: flags.on('stdin'), tty: flags.on('tty'), quiet }));
}

export const execCommand: Command = {
	name: 'exec',
	use: '(POD | TYPE/NAME) [-c CONTAINER] [flags] -- COMMAND [args...]',
	short: 'Execute a command in a container',
	long: 'Execute a command in a container.',
	example: `  # Get output from running the 'date' command from pod mypod, using the first container by default
  kubectl exec mypod -- date

  # Switch to raw terminal mode; sends stdin to 'bash' in ruby-container from pod mypod
  kubectl exec mypod -c ruby-container -i -t -- bash -il

  # Get output from running 'date' command from the first pod of the deployment mydeployment, using the first container by default
  kubectl exec deploy/mydeployment -- date`,
	flags: [FILE_FLAGS[0]!, CONTAINER, STDIN, TTY, QUIET, RUNNING_TIMEOUT],
	run: command(exec),
	complete: completePods,
};
