/**
 * `kubectl cordon`, `uncordon` and `drain`.
 *
 * Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/drain/drain.go, pkg/drain/drain.go @ v0.24.0.
 */
import { type ApiObject, parseSelector } from '../../../../sim/api/index.ts';
import type { Command, Flag } from '../../../cobra/index.ts';
import { command, fail, type Kube, KubectlError, usageError } from '../../kube.ts';
import { at } from '../../print/index.ts';
import { kubectlMinor } from '../../releases.ts';
import { CHUNK_SIZE, fetch, SELECTOR_FLAGS } from '../../targets.ts';
import { completeNodes } from '../complete.ts';
import { goDuration } from '../duration.ts';
import { DRY_RUN, type DryRun, dryRunOf, dryRunText, type OperationPrinter, operationPrinter } from '../output.ts';
import { podsToGo } from './pods-to-go.ts';

function nodesOf(kube: Kube, usage: string): readonly ApiObject[] {
	const { run } = kube;
	const selector = run.flags.text('selector');
	if (run.args.length === 0 && !run.flags.given('selector')) return usageError(run, `USAGE: ${usage} [flags]`);
	if (run.args.length > 0 && selector)
		return usageError(run, 'error: cannot specify both a node name and a --selector option');
	const resource = kube.api.find('nodes')!;
	if (selector) return fetch(kube, { resource, namespace: undefined });
	return run.args.flatMap((arg) => {
		const [kind, name] = arg.includes('/') ? (arg.split('/', 2) as [string, string]) : ['nodes', arg];
		if (kube.api.find(kind)?.kind !== 'Node')
			return fail(`error: expected resource of type node, got ${JSON.stringify(kind)}`);
		return fetch(kube, { resource, namespace: undefined, name });
	});
}

function cordonAll(
	kube: Kube,
	nodes: readonly ApiObject[],
	desired: boolean,
	dry: DryRun,
	print: OperationPrinter,
): void {
	const resource = kube.api.find('nodes')!;
	for (const node of nodes) {
		const { name } = node.metadata;
		if ((at(node, 'spec', 'unschedulable') === true) === desired) {
			print(resource, name, node, desired ? 'already cordoned' : 'already uncordoned');
			continue;
		}
		if (dry !== 'client') {
			const result = kube.api.patch(
				resource,
				undefined,
				name,
				'application/strategic-merge-patch+json',
				{ spec: { unschedulable: desired ? true : null } },
				{ dryRun: dry === 'server' },
			);
			if (result.error) {
				kube.run.call.err(
					`error: unable to ${desired ? 'cordon' : 'uncordon'} node ${JSON.stringify(name)}: ${result.error.message}\n`,
				);
				continue;
			}
		}
		print(resource, name, node, desired ? 'cordoned' : 'uncordoned');
	}
}

const cordon =
	(desired: boolean) =>
	async (kube: Kube): Promise<number> => {
		const dry = dryRunOf(kube.run);
		cordonAll(
			kube,
			nodesOf(kube, `${desired ? 'cordon' : 'uncordon'} NODE`),
			desired,
			dry,
			await operationPrinter(kube, dry),
		);
		return 0;
	};

/** Microseconds between two tries of an eviction that a budget forbids. */
const RETRY = 5e6;
const FOREVER = 365 * 86_400e6;

/** Evicts or deletes pods and waits until they are gone; what went wrong with which. */
async function takeAway(
	kube: Kube,
	pods: readonly ApiObject[],
	dry: DryRun,
	print: OperationPrinter,
): Promise<readonly string[]> {
	const { api, run } = kube;
	const { flags, call } = run;
	const resource = api.find('pods')!;
	const evicts = !flags.on('disable-eviction');
	const seconds = flags.number('grace-period');
	const how = { dryRun: dry === 'server', ...(seconds >= 0 ? { gracePeriodSeconds: seconds } : {}) };
	const limit = flags.duration('timeout');
	const end = call.lab.now + (limit || FOREVER);
	const errors: string[] = [];
	let trying = pods.map((pod) => ({ pod, at: call.lab.now }));
	let leaving: ApiObject[] = [];
	const named = ({ metadata }: ApiObject): string =>
		`pods/${JSON.stringify(metadata.name)} -n ${JSON.stringify(metadata.namespace)}`;
	const attempt = (pod: ApiObject): boolean => {
		const { namespace = '', name } = pod.metadata;
		if (evicts) call.out(`evicting pod ${namespace}/${name}${dry === 'server' ? dryRunText(dry) : ''}\n`);
		const result = evicts ? api.evict(namespace, name, how) : api.delete(resource, namespace, name, how);
		if (result.error?.code === 429) {
			call.err(`error when evicting ${named(pod)} (will retry after 5s): ${result.error.message}\n`);
			return false;
		}
		if (result.error && result.error.reason !== 'NotFound')
			errors.push(`error when evicting ${named(pod)}: ${result.error.message}`);
		else if (!result.error && dry === 'none') leaving.push(pod);
		return true;
	};
	const isGone = ({ metadata }: ApiObject): boolean =>
		api.get(resource, metadata.namespace, metadata.name)?.metadata.uid !== metadata.uid;
	while (trying.length + leaving.length > 0) {
		const now = call.lab.now;
		const due = trying.filter((item) => item.at <= now);
		trying = trying.filter((item) => item.at > now);
		for (const { pod } of due) if (!attempt(pod)) trying.push({ pod, at: now + RETRY });
		for (const pod of leaving.filter(isGone)) print(resource, pod.metadata.name, pod, evicts ? 'evicted' : 'deleted');
		leaving = leaving.filter((pod) => !isGone(pod));
		if (trying.length + leaving.length === 0) break;
		if (now >= end) {
			for (const { pod } of trying)
				errors.push(`error when evicting ${named(pod)}: global timeout reached: ${goDuration(limit)}`);
			for (const pod of leaving)
				errors.push(
					`error when waiting for pod ${JSON.stringify(pod.metadata.name)} terminating: global timeout reached: ${goDuration(limit)}`,
				);
			break;
		}
		const next = Math.min(end, ...trying.map((item) => item.at));
		await call.until(() => leaving.some(isGone), next - now);
	}
	return errors;
}

/** An aggregate of errors as Go prints it in a sentence. */
const joined = (errors: readonly string[]): string => (errors.length === 1 ? errors[0]! : `[${errors.join(', ')}]`);

async function drain(kube: Kube): Promise<number> {
	const { call, flags } = kube.run;
	const dry = dryRunOf(kube.run);
	const print = await operationPrinter(kube, dry);
	if (flags.given('delete-local-data'))
		call.err(
			'Flag --delete-local-data has been deprecated, This option is deprecated and will be deleted. Use --delete-emptydir-data.\n',
		);
	const pods = flags.text('pod-selector');
	if (pods && parseSelector(pods).error !== undefined)
		return fail('--pod-selector=<pod_selector> must be a valid label selector');
	const nodes = nodesOf(kube, 'drain NODE');
	cordonAll(kube, nodes, true, dry, print);
	const resource = kube.api.find('nodes')!;
	const left: string[] = [];
	const fatal: string[] = [];
	for (const node of nodes) {
		const { name } = node.metadata;
		const { pods, warnings, errors } = podsToGo(kube, name);
		let wrong = errors;
		if (wrong.length === 0) {
			if (warnings) call.err(`${kubectlMinor(call.lab) >= 25 ? 'Warning' : 'WARNING'}: ${warnings}\n`);
			if (dry === 'client')
				for (const { metadata } of pods) call.out(`evicting pod ${metadata.namespace}/${metadata.name} (dry run)\n`);
			else wrong = await takeAway(kube, pods, dry, print);
			if (wrong.length > 0) {
				const pending = podsToGo(kube, name).pods;
				if (pending.length > 0) {
					call.err(`There are pending pods in node ${JSON.stringify(name)} when an error occurred: ${joined(wrong)}\n`);
					for (const pod of pending) call.err(`pod/${pod.metadata.name}\n`);
				}
			}
		}
		if (wrong.length === 0) {
			print(resource, name, node, 'drained');
			continue;
		}
		call.err(
			`error: unable to drain node ${JSON.stringify(name)} due to error:${kubectlMinor(call.lab) >= 31 ? ' ' : ''}${joined(wrong)}, continuing command...\n`,
		);
		left.push(name);
		fatal.push(...wrong);
	}
	if (left.length === 0) return 0;
	call.err(`There are pending nodes to be drained:\n${left.map((name) => ` ${name}\n`).join('')}`);
	throw new KubectlError(fatal.join('\n'));
}

const DRAIN_FLAGS: readonly Flag[] = [
	{ name: 'force', type: 'bool', usage: 'Continue even if there are pods that do not declare a controller.' },
	{ name: 'ignore-daemonsets', type: 'bool', usage: 'Ignore DaemonSet-managed pods.' },
	{
		name: 'delete-emptydir-data',
		type: 'bool',
		usage: 'Continue even if there are pods using emptyDir (local data that will be deleted when the node is drained).',
	},
	{ name: 'delete-local-data', type: 'bool', hidden: true, usage: 'Deprecated.' },
	{
		name: 'grace-period',
		type: 'int',
		default: '-1',
		usage:
			'Period of time in seconds given to each pod to terminate gracefully. If negative, the default value specified in the pod will be used.',
	},
	{
		name: 'timeout',
		type: 'duration',
		default: '0s',
		usage: 'The length of time to wait before giving up, zero means infinite',
	},
	{ name: 'pod-selector', type: 'string', usage: 'Label selector to filter pods on the node' },
	{
		name: 'disable-eviction',
		type: 'bool',
		usage:
			'Force drain to use delete, even if eviction is supported. This will bypass checking PodDisruptionBudgets, use with caution.',
	},
	{
		name: 'skip-wait-for-delete-timeout',
		type: 'int',
		default: '0',
		usage:
			'If pod DeletionTimestamp older than N seconds, skip waiting for the pod.  Seconds must be greater than 0 to skip.',
	},
];

export const drainCommands: readonly Command[] = [
	{
		name: 'cordon',
		use: 'NODE',
		short: 'Mark node as unschedulable',
		flags: [SELECTOR_FLAGS[0]!, DRY_RUN],
		run: command(cordon(true)),
		complete: completeNodes,
	},
	{
		name: 'drain',
		use: 'NODE',
		short: 'Drain node in preparation for maintenance',
		example: `  # Drain node "foo", even if there are pods not managed by a replication controller, replica set, job, daemon set or stateful set on it
  kubectl drain foo --force`,
		flags: [...DRAIN_FLAGS, CHUNK_SIZE, SELECTOR_FLAGS[0]!, DRY_RUN],
		run: command(drain),
		complete: completeNodes,
	},
	{
		name: 'uncordon',
		use: 'NODE',
		short: 'Mark node as schedulable',
		flags: [SELECTOR_FLAGS[0]!, DRY_RUN],
		run: command(cordon(false)),
		complete: completeNodes,
	},
];
