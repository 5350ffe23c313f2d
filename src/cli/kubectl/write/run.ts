/**
 * `kubectl run`.
 *
 * Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/run/run.go, pkg/generate/versioned/run.go @ v0.24.0.
 */
import type { ApiInput, ApiObject } from '../../../sim/api/index.ts';
import type { Command, Flag } from '../../cobra/index.ts';
import { FILE_FLAGS } from '../files.ts';
import { command, fail, type Kube, KubectlError, usageError, warn } from '../kube.ts';
import { number, subs, text } from '../print/index.ts';
import { withConfiguration } from './apply/last-applied.ts';
import { attachTo } from './attach.ts';
import { type Made, withoutEmpty } from './create/index.ts';
import { cascadeOf, DELETE_FLAGS, deletedText } from './delete.ts';
import { RUNNING_TIMEOUT } from './exec.ts';
import { raiseStatus } from './faults.ts';
import { DRY_RUN, dryRunOf, FIELD_MANAGER, operationPrinter, PRINT_FLAGS, RECORD, SAVE_CONFIG } from './output.ts';
import { OVERRIDE_FLAGS, overridden } from './overrides.ts';
import { isRunning, runningTimeout } from './pods.ts';

/** A reference as docker/distribution reads it, roughly: its full grammar is the registry's business. */
const IMAGE =
	/^(?:[a-zA-Z0-9](?:[-a-zA-Z0-9.]*[a-zA-Z0-9])?(?::\d+)?\/)?[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*(?::[\w][\w.-]{0,127})?(?:@[A-Za-z][A-Za-z0-9]*:[0-9a-fA-F]{32,})?$/;

export const isImage = (image: string): boolean => IMAGE.test(image);

/** `what` is what the error says before a colon and the pair that is none. */
function pairs(list: readonly string[], what: string): Record<string, string> {
	const out: Record<string, string> = {};
	for (const pair of list) {
		const equals = pair.indexOf('=');
		if (equals < 1) return fail(`${what}: ${pair}`);
		out[pair.slice(0, equals)] = pair.slice(equals + 1);
	}
	return Object.fromEntries(Object.entries(out).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function environment(list: readonly string[]): readonly Made[] {
	return list.map((text) => {
		const equals = text.indexOf('=');
		if (equals < 0) return fail(`invalid env: ${text}`);
		const name = text.slice(0, equals);
		if (!/^[-._a-zA-Z][-._a-zA-Z0-9]*$/.test(name)) return fail(`invalid env: ${text}`);
		return { name, ...(equals + 1 < text.length ? { value: text.slice(equals + 1) } : {}) };
	});
}

function podOfFlags(kube: Kube, name: string, args: readonly string[]): Made {
	const { flags } = kube.run;
	const labels = flags.text('labels') ? pairs(flags.text('labels').split(','), 'unexpected label spec') : { run: name };
	const annotations = pairs(flags.list('annotations'), 'invalid annotations format');
	const env = environment(flags.list('env'));
	const port = flags.text('port');
	if (port && !/^\d+$/.test(port)) fail(`strconv.Atoi: parsing ${JSON.stringify(port)}: invalid syntax`);
	const stdin = flags.on('stdin');
	const policy = flags.text('image-pull-policy');
	return {
		kind: 'Pod',
		apiVersion: 'v1',
		metadata: {
			name,
			...(kube.explicitNamespace ? { namespace: kube.namespace } : {}),
			creationTimestamp: null,
			labels,
			...(Object.keys(annotations).length > 0 ? { annotations } : {}),
		},
		spec: {
			containers: [
				{
					name,
					image: flags.text('image'),
					...(args.length > 0 ? { [flags.on('command') ? 'command' : 'args']: args } : {}),
					...(port ? { ports: [{ containerPort: Number(port) }] } : {}),
					...(env.length > 0 ? { env } : {}),
					resources: {},
					...(policy ? { imagePullPolicy: policy } : {}),
					...(flags.on('privileged') ? { securityContext: { privileged: true } } : {}),
					...(stdin ? { stdin: true } : {}),
					...(stdin && !flags.on('leave-stdin-open') ? { stdinOnce: true } : {}),
					...(flags.on('tty') ? { tty: true } : {}),
				},
			],
			restartPolicy: flags.text('restart') || (stdin ? 'OnFailure' : 'Always'),
			dnsPolicy: 'ClusterFirst',
		},
		status: {},
	};
}

function serviceOf(kube: Kube, name: string): Made {
	const { flags } = kube.run;
	const labels = flags.text('labels') ? pairs(flags.text('labels').split(','), 'unexpected label spec') : undefined;
	const selector = labels ?? { run: name };
	const port = Number(flags.text('port'));
	return {
		kind: 'Service',
		apiVersion: 'v1',
		metadata: { name, creationTimestamp: null, ...(labels ? { labels } : {}) },
		spec: { ports: [{ protocol: 'TCP', port, targetPort: port }], selector },
		status: { loadBalancer: {} },
	};
}

function checkFlags(kube: Kube, attached: boolean, dry: string): void {
	const { run } = kube;
	const { flags } = run;
	const image = flags.text('image');
	if (image === '') fail('--image is required');
	if (!isImage(image)) fail(`Invalid image name ${JSON.stringify(image)}: invalid reference format`);
	runningTimeout(kube);
	if (flags.on('tty') && !flags.on('stdin'))
		usageError(run, '-i/--stdin is required for containers with -t/--tty=true');
	if (flags.on('expose') && !flags.text('port')) usageError(run, '--port must be set when exposing a service');
	const restart = flags.text('restart');
	if (restart && !['Always', 'OnFailure', 'Never'].includes(restart))
		usageError(run, `invalid restart policy: ${restart}`);
	if (!attached && flags.on('rm')) usageError(run, '--rm should only be used for attached containers');
	if (attached && dry !== 'none')
		usageError(
			run,
			"--dry-run=[server|client] can't be used with attached containers options (--attach, --stdin, or --tty)",
		);
	const policy = flags.text('image-pull-policy');
	if (policy && !['Always', 'IfNotPresent', 'Never'].includes(policy))
		usageError(run, `invalid image pull policy: ${policy}`);
}

const phaseOf = (pod: ApiObject | undefined): string => text(pod, 'status', 'phase');
const isOver = (pod: ApiObject | undefined): boolean => ['Succeeded', 'Failed'].includes(phaseOf(pod));

/** Waits for the pod, attaches, and ends as its container did. */
async function attachAndWait(kube: Kube, pod: ApiObject): Promise<number> {
	const { api, run } = kube;
	const { flags, call } = run;
	const { namespace, name } = pod.metadata;
	const resource = api.find('pods')!;
	const now = (): ApiObject | undefined => api.get(resource, namespace, name);
	const timeout = runningTimeout(kube);
	const up = (): boolean => {
		const ready = subs(now(), 'status', 'conditions').some((c) => c.type === 'Ready' && c.status === 'True');
		return isOver(now()) || (ready && isRunning(kube, pod, name));
	};
	if (!(await call.until(up, timeout))) return fail('timed out waiting for the condition');
	const current = now();
	if (!current) return fail(`pods ${JSON.stringify(name)} not found`);
	if (isOver(current)) for (const line of kube.cluster.logs(namespace ?? '', name, name)) call.out(`${line.text}\n`);
	else
		await attachTo(kube, current, name, {
			stdin: flags.on('stdin'),
			tty: flags.on('tty'),
			quiet: flags.on('quiet'),
			commandName: 'kubectl attach',
		});
	const policy = text(current, 'spec', 'restartPolicy');
	if (policy === 'Always' || flags.on('leave-stdin-open')) return 0;
	const done = (): boolean => (policy === 'OnFailure' ? phaseOf(now()) === 'Succeeded' : isOver(now()));
	if (!(await call.until(done, timeout))) return fail('timed out waiting for the condition');
	const end = now();
	if (phaseOf(end) === 'Succeeded') return 0;
	const state = subs(end, 'status', 'containerStatuses')[0]?.state as { readonly terminated?: unknown } | undefined;
	const code = number(state?.terminated, 'exitCode');
	if (code === 0) return fail(`pod ${namespace}/${name} failed with unknown exit code`);
	throw new KubectlError(
		`pod ${namespace}/${name} terminated (${text(state?.terminated, 'reason')})\n${text(state?.terminated, 'message')}`,
		code,
	);
}

async function runPod(kube: Kube): Promise<number> {
	const { run, api } = kube;
	const { flags, args, call, dash } = run;
	cascadeOf(run);
	const dry = dryRunOf(run);
	if (!run.flags.given('image')) return fail('required flag(s) "image" not set');
	if (args.length === 0 || dash === 0) return usageError(run, 'NAME is required for run');
	const attached = flags.given('attach') ? flags.on('attach') : flags.on('stdin');
	checkFlags(kube, attached, dry);
	const print = await operationPrinter(kube, dry);
	const name = args[0]!;
	const pods = api.find('pods')!;
	const services = api.find('services')!;
	const create = (made: Made): ApiObject => {
		const clean = withoutEmpty(made) as { readonly metadata: Made } & Made;
		const input: ApiInput = { ...clean, metadata: { ...clean.metadata, namespace: kube.namespace } };
		const result = api.create(flags.on('save-config') ? withConfiguration(input) : input, { dryRun: dry === 'server' });
		warn(kube, result.warnings);
		return result.error ? raiseStatus(result.error) : result.value;
	};
	const made = overridden(kube, 'pods', podOfFlags(kube, name, args.slice(1)));
	const pod = dry === 'client' ? undefined : create(made);
	if (flags.on('expose')) {
		const service = serviceOf(kube, name);
		const created = dry === 'client' ? service : create(service);
		print(services, name, created, 'created');
		if (flags.text('output') === 'yaml') call.out('---\n');
	}
	if (!attached || !pod) {
		print(pods, name, pod ?? made, 'created');
		return 0;
	}
	try {
		return await attachAndWait(kube, pod);
	} finally {
		if (flags.on('rm')) {
			for (const resource of flags.on('expose') ? [pods, services] : [pods]) {
				const gone = api.delete(resource, kube.namespace, name, { propagation: 'Background' });
				if (!gone.error && !flags.on('quiet')) call.out(`${deletedText(kube, resource, kube.namespace, name)}\n`);
			}
		}
	}
}

const FLAGS: readonly Flag[] = [
	...PRINT_FLAGS,
	DRY_RUN,
	FIELD_MANAGER,
	RECORD,
	SAVE_CONFIG,
	RUNNING_TIMEOUT,
	// Taken and not used, but for the name of a strategy.
	...FILE_FLAGS,
	...DELETE_FLAGS,
	{
		name: 'wait',
		type: 'bool',
		usage: 'If true, wait for resources to be gone before returning. This waits for finalizers.',
	},
	{ name: 'annotations', type: 'array', usage: 'Annotations to apply to the pod.' },
	{
		name: 'attach',
		type: 'bool',
		usage:
			"If true, wait for the Pod to start running, and then attach to the Pod as if 'kubectl attach ...' were called.  Default false, unless '-i/--stdin' is set, in which case the default is true. With '--restart=Never' the exit code of the container process is returned.",
	},
	{
		name: 'command',
		type: 'bool',
		usage:
			"If true and extra arguments are present, use them as the 'command' field in the container, rather than the 'args' field which is the default.",
	},
	{ name: 'env', type: 'array', usage: 'Environment variables to set in the container.' },
	{
		name: 'expose',
		type: 'bool',
		usage: 'If true, create a ClusterIP service associated with the pod.  Requires `--port`.',
	},
	{ name: 'image', type: 'string', usage: 'The image for the container to run.' },
	{
		name: 'image-pull-policy',
		type: 'string',
		usage:
			'The image pull policy for the container.  If left empty, this value will not be specified by the client and defaulted by the server.',
	},
	{
		name: 'labels',
		short: 'l',
		type: 'string',
		usage: 'Comma separated labels to apply to the pod. Will override previous values.',
	},
	{
		name: 'leave-stdin-open',
		type: 'bool',
		usage:
			'If the pod is started in interactive mode or with stdin, leave stdin open after the first attach completes. By default, stdin will be closed after the first attach completes.',
	},
	...OVERRIDE_FLAGS,
	{ name: 'port', type: 'string', usage: 'The port that this container exposes.' },
	{ name: 'privileged', type: 'bool', usage: 'If true, run the container in privileged mode.' },
	{ name: 'quiet', short: 'q', type: 'bool', usage: 'If true, suppress prompt messages.' },
	{
		name: 'restart',
		type: 'string',
		default: 'Always',
		usage: 'The restart policy for this Pod.  Legal values [Always, OnFailure, Never].',
	},
	{
		name: 'rm',
		type: 'bool',
		usage:
			"If true, delete the pod after it exits.  Only valid when attaching to the container, e.g. with '--attach' or with '-i/--stdin'.",
	},
	{
		name: 'stdin',
		short: 'i',
		type: 'bool',
		usage: 'Keep stdin open on the container in the pod, even if nothing is attached.',
	},
	{ name: 'tty', short: 't', type: 'bool', usage: 'Allocate a TTY for the container in the pod.' },
];

export const runCommand: Command = {
	name: 'run',
	use: 'NAME --image=image [--env="key=value"] [--port=port] [--dry-run=server|client] [--overrides=inline-json] [--command] -- [COMMAND] [args...]',
	short: 'Run a particular image on the cluster',
	long: 'Create and run a particular image in a pod.',
	example: `  # Start a nginx pod
  kubectl run nginx --image=nginx

  # Start a busybox pod and keep it in the foreground, don't restart it if it exits
  kubectl run -i -t busybox --image=busybox --restart=Never`,
	flags: FLAGS,
	run: command(runPod),
};
