/**
 * Rules that fit the schema and that Cilium refuses all the same: Rule.Sanitize(). The agent then imports nothing of the
 * policy, and the operator says so in its status.
 *
 * Source: cilium pkg/policy/api/rule_validation.go @ v1.12.1, v1.16.15, v1.18.3. Upstream goes through a map where two
 * members are combined, so either may be named first.
 */
import { parsePrefix } from '../../wire/index.ts';
import type { ClusterContext } from '../cluster/context.ts';
import type { Machine } from '../cluster/machine.ts';
import { minorOf } from '../machine/node-images.ts';

interface L7 {
	readonly http?: readonly unknown[];
	readonly kafka?: readonly unknown[];
	readonly dns?: readonly unknown[];
	readonly l7?: readonly unknown[];
	readonly l7proto?: string;
}

interface PortRule {
	readonly ports?: readonly { readonly port?: string; readonly protocol?: string; readonly endPort?: number }[];
	readonly rules?: L7;
}

type Cidrs = readonly {
	readonly cidr?: string;
	readonly cidrGroupRef?: string;
	readonly cidrGroupSelector?: unknown;
	readonly except?: readonly string[];
}[];

type Direction = Readonly<Record<string, unknown>> & {
	readonly toPorts?: readonly PortRule[];
	readonly icmps?: readonly unknown[];
};

interface Rule {
	readonly endpointSelector?: unknown;
	readonly nodeSelector?: unknown;
	readonly ingress?: readonly Direction[];
	readonly ingressDeny?: readonly Direction[];
	readonly egress?: readonly Direction[];
	readonly egressDeny?: readonly Direction[];
}

export interface CheckedPolicy {
	readonly kind?: string;
	readonly spec?: Rule;
	readonly specs?: readonly Rule[];
}

const L3 = {
	ingress: ['FromEndpoints', 'FromCIDR', 'FromCIDRSet', 'FromEntities', 'FromNodes', 'FromGroups'],
	egress: ['ToCIDR', 'ToCIDRSet', 'ToEndpoints', 'ToEntities', 'ToServices', 'ToFQDNs', 'ToGroups', 'ToNodes'],
} as const;

const isEmpty = ({ http, kafka, dns, l7proto = '' }: L7 = {}): boolean => !http && !kafka && !dns && l7proto === '';

function portErrors({ ports = [], rules }: PortRule, side: keyof typeof L3): string | undefined {
	const dns = (rules?.dns ?? []).length > 0;
	if (side === 'ingress' && dns) return 'DNS rules are not allowed on ingress';
	if (ports.length > 40) return 'too many ports, the max is 40';
	for (const { port = '', protocol = 'ANY' } of ports) {
		if (port === '') return 'Port must be specified';
		if (/^\d+$/.test(port) && Number(port) > 65535)
			return `Unable to parse port: strconv.ParseUint: parsing "${port}": value out of range`;
		if (!isEmpty(rules) && !dns && protocol !== 'TCP')
			return `L7 rules can only apply to TCP (not ${protocol}) except for DNS rules`;
	}
	if (isEmpty(rules)) return rules?.l7 ? "'l7' may only be specified when a 'l7proto' is also specified" : undefined;
	if (ports.some(({ port }) => port === '0')) return 'L7 rules can not be used when a port is 0';
	if (rules?.dns && ports.length === 0) return 'Port 53 must be specified for DNS rules';
	const kinds = [rules?.http, rules?.kafka, rules?.dns, rules?.l7proto || undefined].filter((one) => one !== undefined);
	return kinds.length > 1 ? 'multiple L7 protocol rule types specified in single rule' : undefined;
}

function cidrErrors(cidrs: Cidrs): string | undefined {
	for (const { cidr = '', cidrGroupRef, cidrGroupSelector, except = [] } of cidrs) {
		if (cidrGroupRef || cidrGroupSelector) continue;
		const whole = parsePrefix(cidr);
		if (!whole || !cidr.includes('/')) continue;
		for (const text of except) {
			const part = parsePrefix(text);
			if (!part) continue;
			const mask = whole.length === 0 ? 0 : (0xffffffff << (32 - whole.length)) >>> 0;
			if ((part.address & mask) >>> 0 !== (whole.address & mask) >>> 0)
				return `allow CIDR prefix ${cidr} does not contain exclude CIDR prefix ${text}`;
		}
	}
	return undefined;
}

function directionErrors(d: Direction, side: keyof typeof L3, minor: number): string | undefined {
	const lower = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);
	const listed = (name: string): readonly unknown[] => (d[lower(name)] ?? []) as readonly unknown[];
	const [one, other] = L3[side].filter((name) => listed(name).length > 0);
	const ports = d.toPorts ?? [];
	if (one && other) return `Combining ${one} and ${other} is not supported yet`;
	// https://github.com/cilium/cilium/issues/20067: with ports from 1.17, as pods are (pull requests 34208, 35506).
	if (one === 'ToServices' && ports.length > 0 && minor < 17)
		return `Combining ${one} and ToPorts is not supported yet`;
	if ((d.icmps ?? []).length > 0 && ports.length > 0)
		return 'The ICMPs block may only be present without ToPorts. Define a separate rule to use ToPorts.';
	for (const port of ports) {
		const error = portErrors(port, side);
		if (error) return error;
	}
	return cidrErrors(listed(side === 'ingress' ? 'FromCIDRSet' : 'ToCIDRSet') as Cidrs);
}

function ruleErrors(rule: Rule, minor: number): string | undefined {
	if (!rule.endpointSelector && !rule.nodeSelector) return 'rule must have one of EndpointSelector or NodeSelector';
	if (rule.endpointSelector && rule.nodeSelector) return 'rule cannot have both EndpointSelector and NodeSelector';
	const sides = [
		...[rule.ingress, rule.ingressDeny].map((list = []) => ['ingress', list] as const),
		...[rule.egress, rule.egressDeny].map((list = []) => ['egress', list] as const),
	];
	if (minor >= 17 && sides.every(([, list]) => list.length === 0))
		return 'rule must have at least one of Ingress, IngressDeny, Egress, EgressDeny';
	for (const [side, list] of sides)
		for (const one of list) {
			const error = directionErrors(one, side, minor);
			if (error) return error;
		}
	return undefined;
}

/** Minor version of the agents: any that is there; the newest while there is none. */
export function agentMinor({ machines }: Pick<ClusterContext, 'machines'>): number {
	for (const { agent } of machines.values()) if (agent) return minorOf(agent.version);
	return 19;
}

const errorsOf = ({ spec, specs = [] }: CheckedPolicy, minor: number) =>
	[...(spec ? [{ at: 'spec', rule: spec }] : []), ...specs.map((rule) => ({ at: 'specs', rule }))].map((one) => ({
		...one,
		error: ruleErrors(one.rule, minor),
	}));

/** What Cilium of 1.`minor` holds against a policy, a line for each of its rules; undefined when it takes it. */
export function policyError(policy: CheckedPolicy, minor: number): string | undefined {
	const errors = errorsOf(policy, minor).flatMap(({ error }) => (error === undefined ? [] : [error]));
	return errors.length > 0 ? errors.join('\n') : undefined;
}

/**
 * Why agents of 1.`minor` do not import it: they end at the first rule they refuse. Parse() in
 * pkg/k8s/apis/cilium.io/v2/{cnp,ccnp}_types.go.
 */
export function importError(policy: CheckedPolicy, minor: number): string | undefined {
	const { kind = 'CiliumNetworkPolicy' } = policy;
	for (const { at, error, rule } of errorsOf(policy, minor)) {
		if (error !== undefined) return `Invalid ${kind} ${at}: ${error}`;
		// Nodes are in no namespace.
		if (kind === 'CiliumNetworkPolicy' && rule.nodeSelector)
			return 'Invalid CiliumNetworkPolicy spec: rule cannot have NodeSelector';
	}
	return undefined;
}

/** By machine and uid, what its agent imported last: it stays when the policy becomes one that the agent refuses. */
const imported = new WeakMap<Machine, Map<string, CheckedPolicy>>();

/** An agent starts with what it can import of these, and keeps the map from then on. */
export function importedBy(machine: Machine, policies: ReadonlyMap<string, CheckedPolicy>): Map<string, CheckedPolicy> {
	const own = new Map(policies);
	imported.set(machine, own);
	return own;
}

/** The policy as agents enforce it: as it is, or as it was when they took it last; undefined when they never did. */
export function enforced<P extends CheckedPolicy & { readonly metadata: { readonly uid: string } }>(
	policy: P,
	{ machines }: Pick<ClusterContext, 'machines'>,
): P | undefined {
	if (importError(policy, agentMinor({ machines })) === undefined) return policy;
	for (const machine of machines.values()) {
		const before = imported.get(machine)?.get(policy.metadata.uid);
		if (before) return before as P;
	}
	return undefined;
}
