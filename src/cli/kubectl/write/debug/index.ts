/**
 * `kubectl debug`: a container for looking around, in a pod that runs, in a copy of it, or in a pod on a node with the
 * node's root in it.
 *
 * Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/debug/debug.go @ v0.24.0.
 */
import type { ApiObject } from '../../../../sim/api/index.ts';
import type { Command } from '../../../cobra/index.ts';
import { command, fail, type Kube, KubectlError, profileFault } from '../../kube.ts';
import { has, subs, text } from '../../print/index.ts';
import { kubectlMinor } from '../../releases.ts';
import { fetch, resourcesOf } from '../../targets.ts';
import { attachTo } from '../attach.ts';
import { completeNodes, completePods } from '../complete.ts';
import { isRunning } from '../pods.ts';
import { isImage } from '../run.ts';
import { debugCopy, debugNode, debugRunning, type Options } from './pods.ts';
import { PROFILE_FLAGS, profileOf, UNKNOWN_BEFORE } from './profiles.ts';

const FOREVER = 365 * 86_400e6;

/** Waits until a container runs or ended; tells what it waits for. */
async function untilRuns(kube: Kube, pod: ApiObject, container: string, quiet: boolean): Promise<boolean> {
	const { call } = kube.run;
	const { namespace, name } = pod.metadata;
	const resource = kube.api.find('pods')!;
	let told = '';
	const look = (): boolean => {
		const now = kube.api.get(resource, namespace, name);
		if (!now) return true;
		const status = ['containerStatuses', 'initContainerStatuses', 'ephemeralContainerStatuses']
			.flatMap((list) => subs(now, 'status', list))
			.find((item) => item.name === container);
		if (isRunning(kube, now, container) || has(status, 'state', 'terminated')) return true;
		const message = text(status, 'state', 'waiting', 'message');
		if (!quiet && message !== '' && message !== told) {
			told = message;
			call.err(`Warning: container ${container}: ${message}\n`);
		}
		return false;
	};
	await call.until(look, FOREVER);
	return isRunning(kube, pod, container);
}

function optionsOf(kube: Kube, argv: readonly string[], named: boolean): Options {
	const { flags } = kube.run;
	// Flags that came later are none of an older kubectl's.
	for (const { name } of PROFILE_FLAGS)
		if (flags.given(name) && kubectlMinor(kube.run.call.lab) < UNKNOWN_BEFORE[name]!)
			throw new KubectlError(
				name === 'profile'
					? profileFault(flags.text(name))
					: `error: unknown flag: --${name}\nSee '${kube.run.path} --help' for usage.`,
			);
	const image = flags.text('image');
	const copies = flags.text('copy-to') !== '';
	if (flags.given('attach') && flags.on('attach') && !image && !flags.text('container'))
		fail('you must specify --container or create a new container using --image in order to attach.');
	if (copies && !image && flags.list('set-image').length === 0 && argv.length === 0)
		fail('you must specify --image, --set-image or command arguments.');
	if (copies && argv.length > 0 && !image && !flags.text('container'))
		fail('you must specify an existing container or a new image when specifying args.');
	if (!copies) {
		for (const flag of ['replace', 'same-node']) if (flags.on(flag)) fail(`--${flag} may only be used with --copy-to.`);
		if (flags.list('set-image').length > 0) fail('--set-image may only be used with --copy-to.');
		if (!image) fail('you must specify --image when not using --copy-to.');
	}
	if (image && !isImage(image)) fail(`invalid image name ${JSON.stringify(image)}: invalid reference format`);
	if (!named) fail('NAME is required for debug');
	const policy = flags.text('image-pull-policy');
	if (!['', 'Always', 'IfNotPresent', 'Never'].includes(policy)) fail(`invalid image pull policy: ${policy}`);
	for (const pair of flags.list('set-image')) {
		const [name = '', other = ''] = pair.split('=', 2);
		if (!isImage(other))
			fail(
				`invalid image name ${JSON.stringify(other)} for container ${JSON.stringify(name)}: invalid reference format`,
			);
	}
	const target = flags.text('target');
	if (target && copies) fail('--target is incompatible with --copy-to. Use --share-processes instead.');
	if (target && !flags.on('quiet'))
		kube.run.call.out(
			`Targeting container ${JSON.stringify(target)}. If you don't see processes from this container it may be because the container runtime doesn't support this feature.\n`,
		);
	if (flags.on('tty') && !flags.on('stdin')) fail('-i/--stdin is required for containers with -t/--tty=true');
	const env = flags.list('env').map((pair) => {
		const equals = pair.indexOf('=');
		return { name: pair.slice(0, equals), value: pair.slice(equals + 1) };
	});
	const profile = profileOf(kube);
	return { profile, image, argv, stdin: flags.on('stdin'), tty: flags.on('tty'), quiet: flags.on('quiet'), env };
}

async function debug(kube: Kube): Promise<number> {
	const { flags, args, dash } = kube.run;
	const targets = dash >= 0 ? args.slice(0, dash) : args;
	const options = optionsOf(kube, dash >= 0 ? args.slice(dash) : [], targets.length > 0);
	for (const target of targets) {
		const slash = target.indexOf('/');
		const [kind, name] = slash < 0 ? ['pods', target] : [target.slice(0, slash), target.slice(slash + 1)];
		const resource = resourcesOf(kube, kind)[0]!;
		const namespace = resource.namespaced ? kube.namespace : undefined;
		const object = fetch(kube, { resource, namespace, name })[0]!;
		if (resource.kind !== 'Pod' && resource.kind !== 'Node')
			return fail(
				`"${resource.group === '' ? '' : `${resource.group}/`}${resource.version}, Kind=${resource.kind}" not supported by debug`,
			);
		const { pod, container } =
			resource.kind === 'Node'
				? debugNode(kube, object, options)
				: flags.text('copy-to')
					? debugCopy(kube, object, options)
					: debugRunning(kube, object, options);
		const attaches = flags.given('attach') ? flags.on('attach') : options.stdin;
		if (!attaches || container === '') continue;
		if (!(await untilRuns(kube, pod, container, options.quiet))) {
			for (const line of kube.cluster.logs(pod.metadata.namespace ?? '', pod.metadata.name, container))
				kube.run.call.out(`${line.text}\n`);
			continue;
		}
		// Its node is known by now.
		const here = kube.api.get(kube.api.find('pods')!, pod.metadata.namespace, pod.metadata.name) ?? pod;
		await attachTo(kube, here, container, { ...options, commandName: 'kubectl attach' });
	}
	return 0;
}

export const debugCommand: Command = {
	name: 'debug',
	use: '(POD | TYPE[[.VERSION].GROUP]/NAME) [ -- COMMAND [args...] ]',
	short: 'Create debugging sessions for troubleshooting workloads and nodes',
	example: `  # Create an interactive debugging session in pod mypod and immediately attach to it.
  kubectl debug mypod -it --image=busybox

  # Create a debug container named debugger using a custom automated debugging image.
  kubectl debug --image=myproj/debug-tools -c debugger mypod

  # Create a copy of mypod adding a debug container and attach to it
  kubectl debug mypod -it --image=busybox --copy-to=my-debugger

  # Create an interactive debugging session on a node and immediately attach to it.
  # The container will run in the host namespaces and the host's filesystem will be mounted at /host
  kubectl debug node/mynode -it --image=busybox`,
	flags: [
		...PROFILE_FLAGS,
		{
			name: 'arguments-only',
			type: 'bool',
			usage: 'If specified, everything after -- will be passed to the new container as Args instead of Command.',
		},
		{
			name: 'attach',
			type: 'bool',
			usage:
				"If true, wait for the container to start running, and then attach as if 'kubectl attach ...' were called.",
		},
		{ name: 'container', short: 'c', type: 'string', usage: 'Container name to use for debug container.' },
		{ name: 'copy-to', type: 'string', usage: 'Create a copy of the target Pod with this name.' },
		{ name: 'env', type: 'strings', pairs: true, usage: 'Environment variables to set in the container.' },
		{ name: 'image', type: 'string', usage: 'Container image to use for debug container.' },
		{ name: 'image-pull-policy', type: 'string', usage: 'The image pull policy for the container.' },
		{ name: 'quiet', short: 'q', type: 'bool', usage: 'If true, suppress informational messages.' },
		{ name: 'replace', type: 'bool', usage: "When used with '--copy-to', delete the original Pod." },
		{
			name: 'same-node',
			type: 'bool',
			usage: "When used with '--copy-to', schedule the copy of target Pod on the same node.",
		},
		{
			name: 'set-image',
			type: 'strings',
			pairs: true,
			usage: "When used with '--copy-to', a list of name=image pairs for changing container images.",
		},
		{
			name: 'share-processes',
			type: 'bool',
			default: 'true',
			usage: "When used with '--copy-to', enable process namespace sharing in the copy.",
		},
		{
			name: 'stdin',
			short: 'i',
			type: 'bool',
			usage: 'Keep stdin open on the container(s) in the pod, even if nothing is attached.',
		},
		{
			name: 'target',
			type: 'string',
			usage: 'When using an ephemeral container, target processes in this container name.',
		},
		{ name: 'tty', short: 't', type: 'bool', usage: 'Allocate a TTY for the debugging container.' },
	],
	run: command(debug),
	complete: (args, at) => [...completePods(args, at), ...completeNodes(args, at).map((name) => `node/${name}`)],
};
