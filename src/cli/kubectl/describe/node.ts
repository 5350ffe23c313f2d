/** Nodes and what their pods ask for. Source: describe.go `describeNode`, `describeNodeResource` @ kubectl v0.24.0. */
import type { ApiObject } from '../../../sim/api/index.ts';
import {
	at,
	canonical,
	type Fields,
	formatOf,
	has,
	quantityOf,
	quantityText,
	sortedKeys,
	sub,
	subs,
	text,
	texts,
} from '../print/index.ts';
import { all, type Description, NONE, one, timeText, UNSET } from './description.ts';

const ROLE = 'node-role.kubernetes.io/';

function rolesOf(labels: unknown): readonly string[] {
	const roles = new Set<string>();
	for (const key of sortedKeys(labels)) {
		if (key.startsWith(ROLE)) roles.add(key.slice(ROLE.length));
		else if (key === 'kubernetes.io/role') roles.add(text(labels, key));
	}
	roles.delete('');
	return [...roles].sort();
}

/** `key=value:Effect` (Taint.ToString). */
export function taintText(taint: Fields): string {
	const key = text(taint, 'key');
	const value = text(taint, 'value');
	const effect = text(taint, 'effect');
	if (effect === '') return value === '' ? key : `${key}=${value}:`;
	return value === '' ? `${key}:${effect}` : `${key}=${value}:${effect}`;
}

/** A sum of quantities that remembers how the first of them was written. */
interface Amount {
	readonly value: number;
	readonly format: 'binary' | 'decimal';
}

const ZERO: Amount = { value: 0, format: 'decimal' };

const amountOf = (quantity: string): Amount => ({ value: quantityOf(quantity) ?? 0, format: formatOf(quantity) });

const add = (a: Amount, b: Amount): Amount => ({
	value: Math.round((a.value + b.value) * 1e6) / 1e6,
	format: a.value === 0 ? b.format : a.format,
});

type Amounts = Readonly<Record<string, Amount>>;

function merge(a: Amounts, b: Amounts, how: (x: Amount, y: Amount) => Amount): Amounts {
	const out: Record<string, Amount> = { ...a };
	for (const [name, amount] of Object.entries(b)) out[name] = out[name] === undefined ? amount : how(out[name], amount);
	return out;
}

/** What a pod asks for: its containers together, or one initial container if that is more; and its overhead. */
function podAmounts(pod: ApiObject, what: 'requests' | 'limits'): Amounts {
	const of = (list: unknown): Amounts =>
		Object.fromEntries(sortedKeys(list).map((name) => [name, amountOf(text(list, name))]));
	const spec = sub(pod, 'spec');
	let sum: Amounts = {};
	for (const container of subs(spec, 'containers')) sum = merge(sum, of(at(container, 'resources', what)), add);
	for (const container of subs(spec, 'initContainers'))
		sum = merge(sum, of(at(container, 'resources', what)), (x, y) => (y.value > x.value ? y : x));
	const overhead = of(spec.overhead);
	if (what === 'requests') return merge(sum, overhead, add);
	return merge(sum, Object.fromEntries(Object.entries(overhead).filter(([name]) => sum[name])), add);
}

/** `100m (0%)`: an amount, and its part of what the node can give. */
function share(amounts: Amounts, name: string, allocatable: unknown): string {
	const amount = amounts[name] ?? ZERO;
	const whole = quantityOf(text(allocatable, name)) ?? 0;
	const percent = whole === 0 ? 0 : Math.trunc((amount.value / whole) * 100 + 1e-9);
	return `${quantityText(amount.value, amount.format)} (${percent}%)`;
}

/** Not of the standard resources of a container (pkg/util/resource IsStandardContainerResourceName). */
const isExtended = (name: string): boolean =>
	!['cpu', 'memory', 'ephemeral-storage', 'pods'].includes(name) && !name.startsWith('hugepages-');

function describePods(d: Description, node: ApiObject): void {
	const pods = all(d.api, 'pods').filter(
		(pod) =>
			text(pod, 'spec', 'nodeName') === node.metadata.name &&
			!['Succeeded', 'Failed'].includes(text(pod, 'status', 'phase')),
	);
	const status = sub(node, 'status');
	const allocatable = sortedKeys(status.allocatable).length > 0 ? status.allocatable : status.capacity;
	d.line(0, 'Non-terminated Pods', `(${pods.length} in total)`);
	d.put(1, 'Namespace\tName\t\tCPU Requests\tCPU Limits\tMemory Requests\tMemory Limits\tAge\n');
	d.put(1, '---------\t----\t\t------------\t----------\t---------------\t-------------\t---\n');
	let requests: Amounts = {};
	let limits: Amounts = {};
	for (const pod of pods) {
		const asks = podAmounts(pod, 'requests');
		const bounds = podAmounts(pod, 'limits');
		requests = merge(requests, asks, add);
		limits = merge(limits, bounds, add);
		const cells = [
			pod.metadata.namespace,
			pod.metadata.name,
			'',
			share(asks, 'cpu', allocatable),
			share(bounds, 'cpu', allocatable),
			share(asks, 'memory', allocatable),
			share(bounds, 'memory', allocatable),
			d.since(pod.metadata.creationTimestamp),
		];
		d.put(1, `${cells.join('\t')}\n`);
	}
	d.put(0, 'Allocated resources:\n  (Total limits may be over 100 percent, i.e., overcommitted.)\n');
	const huge = sortedKeys(allocatable).filter((name) => name.startsWith('hugepages-'));
	const plain = (amounts: Amounts, name: string): string => {
		const amount = amounts[name] ?? ZERO;
		return quantityText(amount.value, amount.format);
	};
	d.table(
		1,
		['Resource', 'Requests', 'Limits'],
		[
			...['cpu', 'memory', 'ephemeral-storage', ...huge].map((name) => [
				name,
				share(requests, name, allocatable),
				share(limits, name, allocatable),
			]),
			...sortedKeys(allocatable)
				.filter(isExtended)
				.map((name) => [name, plain(requests, name), plain(limits, name)]),
		],
	);
}

const INFO: readonly (readonly [string, string])[] = [
	['Machine ID', 'machineID'],
	['System UUID', 'systemUUID'],
	['Boot ID', 'bootID'],
	['Kernel Version', 'kernelVersion'],
	['OS Image', 'osImage'],
	['Operating System', 'operatingSystem'],
	['Architecture', 'architecture'],
	['Container Runtime Version', 'containerRuntimeVersion'],
	['Kubelet Version', 'kubeletVersion'],
	['Kube-Proxy Version', 'kubeProxyVersion'],
];

function describeLease(d: Description, node: ApiObject): void {
	const lease = one(d.api, 'leases', 'kube-node-lease', node.metadata.name);
	if (!lease) {
		d.line(
			0,
			'Lease',
			`Failed to get lease: leases.coordination.k8s.io ${JSON.stringify(node.metadata.name)} not found`,
		);
		return;
	}
	const time = (key: string): string => (has(lease, 'spec', key) ? timeText(text(lease, 'spec', key)) : UNSET);
	d.put(0, 'Lease:\n');
	d.line(1, 'HolderIdentity', text(lease, 'spec', 'holderIdentity') || UNSET);
	d.line(1, 'AcquireTime', time('acquireTime'));
	d.line(1, 'RenewTime', time('renewTime'));
}

export function describeNode(d: Description, node: ApiObject): void {
	const { metadata } = node;
	const spec = sub(node, 'spec');
	const status = sub(node, 'status');
	d.line(0, 'Name', metadata.name);
	d.line(0, 'Roles', rolesOf(metadata.labels).join(',') || NONE);
	d.labels('Labels', metadata.labels);
	d.annotations('Annotations', metadata.annotations);
	d.line(0, 'CreationTimestamp', timeText(metadata.creationTimestamp));
	const key = (taint: Fields): string => `${text(taint, 'effect')},${text(taint, 'key')}`;
	d.list('Taints', [...subs(spec, 'taints')].sort((a, b) => (key(a) < key(b) ? -1 : 1)).map(taintText));
	d.line(0, 'Unschedulable', spec.unschedulable === true);
	describeLease(d, node);
	const conditions = subs(status, 'conditions');
	if (conditions.length > 0) {
		d.put(0, 'Conditions:\n');
		d.table(
			1,
			['Type', 'Status', 'LastHeartbeatTime', 'LastTransitionTime', 'Reason', 'Message'],
			conditions.map((c) => [
				`${text(c, 'type')} `,
				`${text(c, 'status')} `,
				`${timeText(text(c, 'lastHeartbeatTime'))} `,
				`${timeText(text(c, 'lastTransitionTime'))} `,
				`${text(c, 'reason')} `,
				text(c, 'message'),
			]),
		);
	}
	d.put(0, 'Addresses:\n');
	for (const address of subs(status, 'addresses')) d.line(1, text(address, 'type'), text(address, 'address'));
	for (const [label, list] of [
		['Capacity', status.capacity],
		['Allocatable', status.allocatable],
	] as const) {
		const names = sortedKeys(list);
		if (names.length > 0) d.put(0, `${label}:\n`);
		for (const name of names) d.line(1, name, canonical(text(list, name)));
	}
	d.put(0, 'System Info:\n');
	for (const [label, field] of INFO) d.line(1, label, text(status, 'nodeInfo', field));
	d.optional(0, 'PodCIDR', text(spec, 'podCIDR'));
	d.optional(0, 'PodCIDRs', texts(spec, 'podCIDRs').join(','));
	d.optional(0, 'ProviderID', text(spec, 'providerID'));
	describePods(d, node);
	// The kubelet tells of its node under the node's name instead of its uid.
	d.events(node, { uids: [metadata.uid, metadata.name] });
}
