/**
 * `kubectl attach`, and how `run` and `debug` attach to what they started.
 *
 * The lab's containers wait for whoever attaches: a shell is then opened in their place, a command is run there, and
 * the container's process ends with its code.
 *
 * Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/attach/attach.go @ v0.24.0.
 */
import type { ApiObject } from '../../../sim/api/index.ts';
import { stateAt } from '../../../sim/lab/index.ts';
import type { Command } from '../../cobra/index.ts';
import type { Place } from '../../tool.ts';
import { FILE_FLAGS } from '../files.ts';
import { command, fail, type Kube, usageError } from '../kube.ts';
import { subs, text, texts } from '../print/index.ts';
import { kubectlMinor } from '../releases.ts';
import { completePods } from './complete.ts';
import { CONTAINER, QUIET, RUNNING_TIMEOUT, STDIN, TTY } from './exec.ts';
import { containerNames, defaultContainer, isRunning, placeOf, podOf, runningTimeout } from './pods.ts';

export interface AttachOptions {
	readonly stdin: boolean;
	readonly tty: boolean;
	readonly quiet: boolean;
	/** `kubectl attach`, as the last message names it. */
	readonly commandName: string;
}

const SHELLS = /^(?:(?:\/usr)?\/bin\/)?(bash|sh|ash|dash)$/;

/** Without a command of the pod, images of a system open their shell. */
const shellOf = (image: string): string =>
	/(?:^|\/)(?:debian|ubuntu|fedora|centos|netshoot)(?:[:@]|$)/.test(image) ? 'bash' : 'sh';

const FOREVER = 365 * 86_400e6;

/** Shows what a container writes, from now on or from its beginning, until it ends. */
async function follow(kube: Kube, pod: ApiObject, container: string, all = false): Promise<void> {
	const { namespace = '', name } = pod.metadata;
	const { call } = kube.run;
	const lines = () => kube.cluster.logs(namespace, name, container);
	let told = all ? 0 : lines().length;
	for (;;) {
		const here = await call.until(() => lines().length > told || !isRunning(kube, pod, container), FOREVER);
		for (const line of lines().slice(told)) call.out(`${line.text}\n`);
		told = lines().length;
		if (!here || !isRunning(kube, pod, container)) return;
	}
}

/** What a container's process does when somebody is attached: its command line, or a shell. */
function argvOf(kube: Kube, place: Place, pod: ApiObject, container: string): readonly string[] {
	const { namespace = '', name } = pod.metadata;
	// As it was started: with the variables that its command line names.
	const started = stateAt(kube.cluster, namespace, name, container)?.spec as ApiObject['spec'] | undefined;
	const spec =
		started ??
		[
			...subs(pod, 'spec', 'containers'),
			...subs(pod, 'spec', 'ephemeralContainers'),
			...subs(pod, 'spec', 'initContainers'),
		].find((item) => item.name === container);
	const argv = [...texts(spec, 'command'), ...texts(spec, 'args')];
	// bitnami/kubectl's entrypoint is kubectl.
	if (
		texts(spec, 'command').length === 0 &&
		/^(?:docker\.io\/)?bitnami\/kubectl(?:[:@]|$)/.test(text(spec, 'image') ?? '')
	)
		return ['kubectl', ...(argv.length === 0 ? ['--help'] : argv)];
	if (argv.length === 0) return [shellOf(text(spec, 'image'))];
	// The entrypoint of curl's own image takes curl's arguments.
	const curl =
		texts(spec, 'command').length === 0 && !kube.run.call.has(place, argv[0]!) && /curl/.test(text(spec, 'image'));
	return curl ? ['curl', ...argv] : argv;
}

/** From 1.25 on kubectl knows that ephemeral containers do not come back (attach.go reattachMessage). */
function endedText(kube: Kube, pod: ApiObject, container: string, line: string): string {
	const ephemeral = subs(pod, 'spec', 'ephemeralContainers').some((item) => item.name === container);
	return ephemeral && kubectlMinor(kube.run.call.lab) >= 25
		? `Session ended, the ephemeral container will not be restarted but may be reattached using '${line}' if it is still running`
		: `Session ended, resume using '${line}' command when the pod is running`;
}

/** Attaches; the exit code of what ran, or undefined when the container writes for itself. */
export async function attachTo(
	kube: Kube,
	pod: ApiObject,
	container: string,
	{ stdin, tty, quiet, commandName }: AttachOptions,
): Promise<number | undefined> {
	const { call } = kube.run;
	const spec = [...subs(pod, 'spec', 'containers'), ...subs(pod, 'spec', 'ephemeralContainers')].find(
		(item) => item.name === container,
	);
	let terminal = tty;
	if (tty && spec?.tty !== true) {
		terminal = false;
		if (!quiet) call.err(`error: Unable to use a TTY - container ${container} did not allocate one\n`);
	}
	const place = placeOf(kube, pod, container, 'attach');
	if (!quiet) {
		if (kubectlMinor(call.lab) >= 34)
			call.err(
				'All commands and output from this session will be recorded in container logs, including credentials and sensitive information passed through the command prompt.\n',
			);
		call.err("If you don't see a command prompt, try pressing enter.\n");
	}
	// What waits for input is what somebody started in order to type into it.
	if (!stdin || spec?.stdin !== true) {
		await follow(kube, pod, container);
		return undefined;
	}
	const { namespace = '', name } = pod.metadata;
	// It did not wait, or its image's program is nothing one types into: what it writes is all there is to see.
	if (!kube.cluster.claim(namespace, name, container)) {
		await follow(kube, pod, container, true);
		return undefined;
	}
	const argv = argvOf(kube, place, pod, container);
	const shell = argv.length === 1 ? SHELLS.exec(argv[0]!)?.[1] : undefined;
	let code: number;
	if (shell) code = await call.enter(place, shell === 'bash' ? 'bash' : 'sh');
	else if (call.has(place, argv[0]!) || argv[0]!.includes('/'))
		code = await call.runAt(place, argv, call.stdin, undefined, terminal);
	else {
		// A container with such a command never starts; here it is only found out now.
		call.err(
			`failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: ${JSON.stringify(argv[0])}: executable file not found in $PATH: unknown\n`,
		);
		code = 128;
	}
	if (kube.cluster.exit(namespace, name, container, code))
		await call.until(() => !isRunning(kube, pod, container), 1e6);
	if (!quiet && terminal && call.stdin === '' && text(pod, 'spec', 'restartPolicy') === 'Always')
		call.out(`${endedText(kube, pod, container, `${commandName} ${name} -c ${container} -i -t`)}\n`);
	return code;
}

async function attach(kube: Kube): Promise<number> {
	const { run } = kube;
	const { args, flags } = run;
	if (args.length === 0) return fail('at least 1 argument is required for attach');
	if (args.length > 2)
		return fail(`expected POD, TYPE/NAME, or TYPE NAME, (at most 2 arguments) saw ${args.length}: [${args.join(' ')}]`);
	const timeout = runningTimeout(kube);
	if (args.length === 2 && args.some((arg) => arg.includes('/')))
		return usageError(run, 'arguments in resource/name form must have a single resource and name');
	const pod = await podOf(kube, args.join('/'), timeout);
	const phase = text(pod, 'status', 'phase');
	if (phase === 'Succeeded' || phase === 'Failed')
		return fail(`cannot attach a container in a completed pod; current phase is ${phase}`);
	const asked = flags.text('container');
	if (asked && !containerNames(pod).includes(asked))
		return fail(`cannot attach to the container: container ${asked} not found in pod ${pod.metadata.name}`);
	const quiet = flags.on('quiet');
	await attachTo(kube, pod, asked || defaultContainer(kube, pod, quiet), {
		stdin: flags.on('stdin'),
		tty: flags.on('tty'),
		quiet,
		commandName: 'kubectl attach',
	});
	return 0;
}

export const attachCommand: Command = {
	name: 'attach',
	use: '(POD | TYPE/NAME) -c CONTAINER',
	short: 'Attach to a running container',
	long: 'Attach to a process that is already running inside an existing container.',
	flags: [FILE_FLAGS[0]!, CONTAINER, STDIN, TTY, QUIET, RUNNING_TIMEOUT],
	run: command(attach),
	complete: completePods,
};
