/** Labels of endpoints and identities, with their source, as the agent prints them. */
import type { ApiObject } from '../../../sim/api/index.ts';
import { LOCAL_IDENTITY } from '../../../sim/cilium/index.ts';
import { formatPrefix, prefixOf } from '../../../sim/wire/index.ts';
import type { Agent, EndpointView } from './context.ts';

/** Identities that are no labels' of pods (pkg/identity/numericidentity.go @ v1.12.1, v1.18.3). */
const RESERVED: Readonly<Record<number, string>> = {
	0: 'unknown',
	1: 'host',
	2: 'world',
	3: 'unmanaged',
	4: 'health',
	5: 'init',
	6: 'remote-node',
	7: 'kube-apiserver',
	8: 'ingress',
	9: 'world-ipv4',
	10: 'world-ipv6',
	11: 'encrypted-overlay',
};

/** Reserved ones that a version lists, with their labels. */
export function reservedIdentities(minor: number): readonly (readonly [id: number, labels: readonly string[]])[] {
	const last = minor >= 15 ? 11 : 8;
	return Object.entries(RESERVED)
		.map(([id, name]) => [Number(id), name] as const)
		.filter(([id]) => id > 0 && id <= last)
		.map(([id, name]) => [id, id === 7 ? ['reserved:kube-apiserver', 'reserved:remote-node'] : [`reserved:${name}`]]);
}

/** NumericIdentity.String(): reserved ones by name. */
export const identityText = (id: number): string => RESERVED[id] ?? String(id);

export const reservedId = (name: string): number | undefined => {
	const found = Object.entries(RESERVED).find(([, text]) => text === name);
	return found && Number(found[0]);
};

/** Labels that make no identity (pkg/labelsfilter/filter.go @ v1.12.1); each must fit the beginning. */
const EXCLUDED =
	/^(?:io\.kubernetes|kubernetes\.io|.*beta\.kubernetes\.io|k8s\.io|pod-template-generation|pod-template-hash|controller-revision-hash|annotation\.|etcd_node)/;

const textOf = (labels: Readonly<Record<string, unknown>>): readonly string[] =>
	Object.entries(labels)
		.map(([key, value]) => (value === '' ? key : `${key}=${value}`))
		.sort();

/** Of an identity, sorted: from its CiliumIdentity, which every agent watches. Undefined when there is none. */
export function identityLabels(agent: Agent, id: number): readonly string[] | undefined {
	const reserved = reservedIdentities(agent.minor).find(([known]) => known === id);
	if (id === 0) return ['reserved:unknown'];
	if (id === 1)
		return agent.cluster.nodes().some(({ name, role }) => name === agent.state.node && role === 'control-plane')
			? ['reserved:host', 'reserved:kube-apiserver']
			: ['reserved:host'];
	if (reserved) return reserved[1];
	if (id > LOCAL_IDENTITY) return localIdentities(agent).get(id);
	const { api } = agent.cluster;
	const resource = api.find('ciliumidentities');
	const object = resource && api.get(resource, undefined, String(id));
	return object && securityLabels(object);
}

/**
 * Identities that this node numbers for networks of policies: to 1.14 each network around is a label too (GetCIDRLabels(),
 * pkg/labels/cidr/cidr.go @ v1.12.1, v1.15.4).
 */
export function localIdentities(agent: Agent): ReadonlyMap<number, readonly string[]> {
	const out = new Map<number, readonly string[]>();
	for (const [prefix, { identity }] of agent.maps.ipcache.dump(agent.ns())) {
		if (identity <= LOCAL_IDENTITY) continue;
		const lengths = agent.minor <= 14 ? Array.from({ length: prefix.length + 1 }, (_, i) => i) : [prefix.length];
		const labels = lengths.map((length) => `cidr:${formatPrefix(prefixOf(prefix.address, length))}`);
		out.set(identity, [...labels, 'reserved:world']);
	}
	return out;
}

/** Labels as tables show them: of networks the narrowest only (GetPrintableModel(), pkg/labels/labels.go @ v1.12.1). */
export function printable(labels: readonly string[]): readonly string[] {
	const lengthOf = (label: string): number => Number(/^cidr:.*\/(\d+)$/.exec(label)?.[1] ?? -1);
	const longest = Math.max(...labels.map(lengthOf));
	return labels.filter((label) => !label.startsWith('cidr:') || (longest > 0 && lengthOf(label) === longest)).sort();
}

export const securityLabels = (object: ApiObject): readonly string[] =>
	textOf((object['security-labels'] ?? {}) as Record<string, unknown>);

/** The host endpoint has its node's labels, as far as they make identities. */
export function hostLabels({ cluster, state }: Agent): readonly string[] {
	const nodes = cluster.api.find('nodes');
	const node = nodes && cluster.api.get(nodes, undefined, state.node);
	const own = Object.entries(node?.metadata.labels ?? {}).filter(([key]) => !EXCLUDED.test(key));
	return [...textOf(Object.fromEntries(own.map(([key, value]) => [`k8s:${key}`, value]))), 'reserved:host'].sort();
}

export const endpointLabels = (agent: Agent, { kind, identity }: EndpointView): readonly string[] =>
	kind === 'host'
		? hostLabels(agent)
		: kind === 'health'
			? ['reserved:health']
			: (identityLabels(agent, identity) ?? []);
