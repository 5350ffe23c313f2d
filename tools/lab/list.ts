/** What `--list` prints: everything a flag may name. */
import { SCENARIOS } from '../../src/sim/scenarios/index.ts';
import { formatIp, formatPrefix } from '../../src/sim/wire/index.ts';
import { namespacesOf, podsOf, type Scenario, servicesOf, type World } from '../../src/sim/world/index.ts';

export interface Listing {
	readonly scenarios: readonly string[];
	readonly scenario: string;
	readonly bundles: readonly object[];
	readonly nodes: readonly { readonly name: string; readonly address: string; readonly podCIDR: string }[];
	readonly pods: readonly { readonly name: string; readonly address: string | null; readonly node: string | null }[];
	readonly services: readonly object[];
	readonly namespaces: readonly string[];
	readonly helm: readonly string[];
}

export function listing(world: World, helm: readonly string[]): Listing {
	const scenario: Scenario = world.scenario;
	return {
		scenarios: SCENARIOS.map((s) => s.id),
		scenario: scenario.id,
		bundles: scenario.bundles,
		nodes: scenario.cluster.nodes.map((n) => ({
			name: n.name,
			address: formatIp(n.internalIP),
			podCIDR: formatPrefix(n.podCIDR),
		})),
		pods: podsOf(world).map((p) => ({
			name: `${p.metadata.namespace}/${p.metadata.name}`,
			address: p.podIP === undefined ? null : formatIp(p.podIP),
			node: p.nodeName ?? null,
		})),
		services: servicesOf(world).map((s) => ({
			name: `${s.metadata.namespace}/${s.metadata.name}`,
			type: s.type,
			clusterIP: s.clusterIP === undefined ? null : formatIp(s.clusterIP),
			externalIPs: [...s.externalIPs, ...s.loadBalancerIngress].map(formatIp),
			ports: s.ports.map((p) => ({ protocol: p.protocol, port: p.port, nodePort: p.nodePort })),
		})),
		namespaces: namespacesOf(world),
		helm,
	};
}

/** The same for a person. */
export function listText(list: Listing): string {
	const services = list.services as readonly {
		name: string;
		type: string;
		clusterIP: string | null;
		ports: readonly { protocol: string; port: number; nodePort: number }[];
	}[];
	const lines = [
		`scenarios  ${list.scenarios.join(', ')}`,
		`here       ${list.scenario}`,
		`bundles    ${(list.bundles as readonly { id: string }[]).map((b) => b.id).join(', ')}`,
		'',
		'nodes',
		...list.nodes.map((n) => `  ${n.name}  ${n.address}  pods ${n.podCIDR}`),
		'',
		'pods',
		...list.pods.map((p) => `  ${p.name}  ${p.address ?? '-'}  on ${p.node ?? 'no node'}`),
		'',
		'services',
		...services.map(
			(s) =>
				`  ${s.name}  ${s.type}  ${s.clusterIP ?? 'None'}  ${s.ports
					.map((p) => `${p.port}${p.nodePort ? `:${p.nodePort}` : ''}/${p.protocol}`)
					.join(',')}`,
		),
		'',
		'namespaces to start from',
		...list.namespaces.map((ns) => `  ${ns}`),
	];
	if (list.helm.length > 0) lines.push('', 'Helm keys', ...list.helm.map((key) => `  ${key}`));
	return `${lines.join('\n')}\n`;
}
