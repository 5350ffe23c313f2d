/**
 * From rules to the entries of one endpoint's policy map. pkg/policy/{rule,resolve,mapstate}.go, pkg/endpoint/policy.go
 * @ v1.12.1, v1.16.15, v1.18.3.
 *
 * Not modelled: proxies (a port with L7 rules is allowed whatever is asked there), names (toFQDNs), authentication.
 */
import type { ContainerPort, PolicyDirection, PolicyPeer, PolicyPort, PolicyRule } from '../../kube/index.ts';
import { ID_HOST } from '../identity.ts';
import type { PolicyEntry, PolicyKey } from '../maps/policy.ts';
import { type Identities, isWithin } from './identities.ts';
import { isEntity, isEverybody, type Labels, selects } from './selector.ts';

/** enable-policy of cilium-config. */
export type EnforcementMode = 'default' | 'always' | 'never';

export interface Subject {
	readonly labels: Labels;
	/** Named ports of the endpoint itself: what a rule of ingress means by a name. */
	readonly ports: readonly ContainerPort[];
}

export interface PolicyContext {
	readonly minor: number;
	readonly mode: EnforcementMode;
	readonly rules: readonly PolicyRule[];
	readonly identities: Identities;
	/** Named ports of all endpoints: what a rule of egress means by a name. */
	readonly named: readonly ContainerPort[];
	/** enable-sctp. */
	readonly sctp: boolean;
}

export interface EndpointPolicy {
	/** Whether what no rule allows is denied. */
	readonly ingress: boolean;
	readonly egress: boolean;
	readonly entries: readonly (readonly [PolicyKey, PolicyEntry])[];
}

type L4 = Pick<PolicyKey, 'proto' | 'dport' | 'prefix'>;
type Row = readonly [PolicyKey, PolicyEntry];

const ALL_PORTS: L4 = { proto: 0, dport: 0, prefix: 0 };
const PROTO = { TCP: 6, UDP: 17, SCTP: 132, ICMP: 1 } as const;

/** Numbers of everybody a peer means; 0 for really everybody. */
const identitiesOfPeer = (peer: PolicyPeer, { labels, cidrs }: Identities): readonly number[] => {
	if (peer.kind === 'cidr')
		return [...cidrs]
			.filter(([, cidr]) => isWithin(cidr, peer.prefix) && !peer.except.some((out) => isWithin(cidr, out)))
			.map(([identity]) => identity);
	if (peer.kind === 'entity' ? isEverybody(peer.entity) : peer.selector.length === 0) return [0];
	return [...labels]
		.filter(([, own]) => (peer.kind === 'entity' ? isEntity(peer.entity, own) : selects(peer.selector, own)))
		.map(([identity]) => identity);
};

/** Numbers of everybody a peer means, for who lists them. */
export const peerIdentities = (peer: PolicyPeer, identities: Identities): readonly number[] => {
	const found = identitiesOfPeer(peer, identities);
	return (found[0] === 0 ? [...identities.labels.keys()] : [...found]).sort((a, b) => a - b);
};

/** A range of ports as prefixes (pkg/policy/portrange.go PortRangeToMaskedPorts()). */
export const portPrefixes = (
	first: number,
	last: number,
): readonly { readonly dport: number; readonly prefix: number }[] => {
	const out: { dport: number; prefix: number }[] = [];
	for (let at = first; at <= last; ) {
		let size = 1;
		while (at % (size * 2) === 0 && at + size * 2 - 1 <= last && size < 65536) size *= 2;
		out.push({ dport: at, prefix: 16 - Math.log2(size) });
		at += size;
	}
	return out;
};

const portsOf = (port: PolicyPort, named: readonly ContainerPort[], { minor, sctp }: PolicyContext): readonly L4[] => {
	const protocols =
		port.protocol === 'ANY' ? [...(['TCP', 'UDP'] as const), ...(sctp ? (['SCTP'] as const) : [])] : [port.protocol];
	return protocols.flatMap((name): readonly L4[] => {
		const proto = PROTO[name];
		if (typeof port.port === 'string')
			return named
				.filter((own) => own.name === port.port && own.protocol === name)
				.map((own) => ({ proto, dport: own.containerPort, prefix: 16 }));
		if (name === 'ICMP') return [{ proto, dport: port.port, prefix: 16 }];
		if (port.port === 0) return [{ proto, dport: 0, prefix: 0 }];
		// Ranges are for 1.16; before, a rule means its first port.
		if (port.endPort !== undefined && port.endPort > port.port && minor >= 16)
			return portPrefixes(port.port, port.endPort).map((part) => ({ proto, ...part }));
		return [{ proto, dport: port.port, prefix: 16 }];
	});
};

function* rowsOf(
	directions: readonly PolicyDirection[],
	egress: boolean,
	deny: boolean,
	named: readonly ContainerPort[],
	context: PolicyContext,
): Iterable<Row> {
	for (const { peers, ports } of directions) {
		const who = peers ? peers.flatMap((peer) => identitiesOfPeer(peer, context.identities)) : [0];
		const what = ports ? ports.flatMap((port) => portsOf(port, named, context)) : [ALL_PORTS];
		for (const identity of who)
			for (const l4 of what)
				yield [
					{ identity, egress, ...l4 },
					{ proxyPort: 0, deny, derived: true },
				];
	}
}

const textOf = ({ identity, egress, proto, dport, prefix }: PolicyKey): string =>
	`${identity} ${egress} ${proto} ${dport}/${prefix}`;

/** Whether all that one entry is about is another's too. */
const covers = (outer: PolicyKey, inner: PolicyKey): boolean =>
	outer.egress === inner.egress &&
	(outer.identity === 0 || outer.identity === inner.identity) &&
	(outer.proto === 0 ||
		(outer.proto === inner.proto &&
			outer.prefix <= inner.prefix &&
			(outer.prefix === 0 || inner.dport >>> (16 - outer.prefix) === outer.dport >>> (16 - outer.prefix))));

/**
 * denyPreferredInsert(): a denial takes the place of all it covers. To 1.16 a program asks for entries one by one and
 * takes the first, so the agent writes down too where a denial of a port and one for somebody meet.
 */
const settle = (rows: Iterable<Row>, minor: number): readonly Row[] => {
	const all = [...rows];
	const denials = all.filter(([, { deny }]) => deny);
	const out = new Map<string, Row>();
	for (const row of all)
		if (row[1].deny || !denials.some(([key]) => covers(key, row[0]))) {
			const text = textOf(row[0]);
			if (!out.get(text)?.[1].deny) out.set(text, row);
		}
	if (minor < 17)
		for (const [denied, entry] of denials)
			for (const [key, other] of all) {
				const crossing = denied.egress === key.egress && (denied.identity === 0) !== (key.identity === 0);
				if (other.deny || !crossing || (denied.proto !== 0 && key.proto !== 0 && denied.proto !== key.proto)) continue;
				const l4 = denied.identity === 0 ? denied : key;
				const both = { ...l4, identity: denied.identity || key.identity };
				if (both.proto !== 0) out.set(textOf(both), [both, entry]);
			}
	return [...out.values()];
};

/** Entries of an endpoint's policy map: what does not fit is not enforced (pkg/maps/policymap MaxEntries, `bpf-policy-map-max`). */
const MAP_SIZE = 16_384;

/** What an endpoint may do, in its node's numbers. */
export const resolvePolicy = (subject: Subject, context: PolicyContext): EndpointPolicy => {
	const mine = context.rules.filter((rule) => selects(rule.endpointSelector, subject.labels));
	const enforced = (name: 'ingress' | 'egress'): boolean => {
		if (context.mode !== 'default') return context.mode === 'always';
		return mine.some((rule) => (rule[name] || rule[`${name}Deny`]) && rule.defaultDeny?.[name] !== false);
	};
	const entries: Row[] = [];
	const answer = { ingress: enforced('ingress'), egress: enforced('egress') };
	for (const name of ['ingress', 'egress'] as const) {
		const egress = name === 'egress';
		const rows: Row[] = [];
		if (context.mode !== 'never')
			for (const rule of mine) {
				const named = egress ? context.named : subject.ports;
				for (const deny of [false, true])
					for (const row of rowsOf((deny ? rule[`${name}Deny`] : rule[name]) ?? [], egress, deny, named, context)) {
						if (rows.length === MAP_SIZE) break;
						rows.push(row);
					}
			}
		if (!answer[name])
			rows.push([
				{ identity: 0, egress, ...ALL_PORTS },
				{ proxyPort: 0, deny: false, derived: rows.length > 0 },
			]);
		// AllowLocalhostAlways, in Kubernetes: the kubelet's probes come from the host.
		else if (!egress)
			rows.push([
				{ identity: ID_HOST, egress, ...ALL_PORTS },
				{ proxyPort: 0, deny: false, derived: true },
			]);
		for (const row of settle(rows, context.minor)) if (entries.length < MAP_SIZE) entries.push(row);
	}
	return { ...answer, entries };
};
