/** Errors of the simulator in one plain English line each: what, and where. */
import type { SaveErrorCode } from '../../src/sim/linux/index.ts';
import type { CiliumMessage, SimError } from '../../src/sim/world/index.ts';
import { fail, orList } from './args.ts';

/** Which flag a settings field is known by on the command line. */
const FLAG_OF: Readonly<Record<string, string>> = {
	bundle: '--bundle',
	externalTrafficPolicy: '--etp',
	internalTrafficPolicy: '--itp',
	sessionAffinity: '--affinity',
	replicas: '--replicas',
	podOn: '--pod-on',
	kubeProxy: '--kube-proxy',
	helm: '--set',
	from: '--from',
	port: '--to',
	sport: '--sport',
};

/** What can be wrong with `iptables-save` text. */
export const RULE_WORDS: Readonly<Record<SaveErrorCode, string>> = {
	'save.syntax': 'neither a table, a chain, a rule, a comment nor COMMIT',
	'save.outside-table': 'no table was opened before this',
	'save.unknown-table': 'unknown table',
	'save.no-commit': 'the table does not end with COMMIT',
	'save.unknown-chain': 'a chain that is not declared',
	'save.bad-policy': 'not a policy',
	'save.unknown-option': 'unknown option',
	'save.unknown-match': 'unknown match',
	'save.unknown-target': 'unknown target',
	'save.missing': 'something is missing after this',
	'save.bad-value': 'not a value this option takes',
	'save.bad-invert': '"!" means nothing here',
	'save.open-quote': 'a quote that does not close',
	'save.loop': 'chains that jump in a circle',
	'save.twice': 'given twice in one rule',
	'save.conflict': 'does not go with an option before it',
	'save.needs-protocol': 'the rule needs -p with a protocol that this is for',
	'save.wrong-place': 'not allowed in this table or chain',
	'save.bad-name': 'not a name for a chain (28 characters at most, and no name of a target)',
};

/** What the kernel, or the API server, would refuse. */
const REASONS: Readonly<Record<string, string>> = {
	'dev.unknown': 'there is no such device',
	'dev.exists': 'there is already a device of that name',
	'dev.master': 'it cannot be a port of the bridge: it is a bridge or a port already',
	'address.exists': 'the device has that address already',
	'address.invalid': 'that cannot be the address of a device',
	'route.exists': 'there is already such a route',
	'route.invalid-gateway': 'the gateway is on no network of this machine',
	'route.own-gateway': 'the gateway is an address of this machine itself',
	'route.invalid-prefix': 'the destination has bits set beyond its prefix length',
	'route.invalid-source': 'the source is no address of this machine',
	'route.no-device': 'the route leads to no device that is up',
	'socket.in-use': 'two programs cannot listen on one port',
	'cluster-ip.out-of-range': 'the ClusterIP is outside the service CIDR',
	'cluster-ip.taken': 'another service has that ClusterIP',
	'cluster-ip.exhausted': 'no ClusterIP is left',
	'node-port.out-of-range': 'a node port is a number from 30000 to 32767',
	'node-port.taken': 'another service has that node port',
	'node-port.exhausted': 'no node port is left',
	'pod-ip.exhausted': 'no pod address is left on the node',
};

const text = (value: unknown): string => (Array.isArray(value) ? orList(value.map(String)) : String(value));

/** The first few of a long list of names. */
const some = (known: unknown): string => {
	const names = Array.isArray(known) ? known.map(String) : [];
	return names.length > 24 ? `${names.slice(0, 24).join(', ')} and ${names.length - 24} more` : names.join(', ');
};

const NOUNS: Readonly<Record<string, string>> = {
	'unknown-bundle': 'bundle',
	'unknown-deployment': 'deployment',
	'unknown-helm-key': 'Helm key',
	'unknown-namespace': 'namespace',
	'unknown-node': 'node',
	'unknown-object': 'object',
	'unknown-scenario': 'scenario',
};

/** What is wrong, without the place. */
export function sentence({ code, params: p }: SimError): string {
	const noun = NOUNS[code];
	if (noun)
		return `unknown ${noun} "${p.name}"${Array.isArray(p.known) && p.known.length > 0 ? `; there are ${some(p.known)}` : ''}`;
	switch (code) {
		case 'bad-number':
			return `${p.name} must be a whole number from ${p.min} to ${p.max}, not "${p.value}"`;
		case 'bad-value':
			return `${p.name} must be ${text(p.known)}, not "${p.value}"`;
		case 'bad-address':
			return `"${p.value}" is not an IPv4 address`;
		case 'bad-ruleset':
			return `iptables-save text, line ${p.line}:${p.column}: ${RULE_WORDS[p.reason as SaveErrorCode]}: "${p.text}"`;
		case 'bad-object':
			return `${REASONS[p.reason as string] ?? p.reason}${details(p)}`;
		case 'bad-topology':
			return `${REASONS[p.reason as string] ?? p.reason}${details(p)}`;
		case 'bad-helm-value':
			if (p.reason === 'cilium.version') return `Cilium ${p.version} is not one of the versions modelled`;
			if (p.reason === 'cilium.fatal')
				return `${p.stage === 'chart' ? 'helm stops' : 'the agent does not start'} (${p.fatal})${p.log ? `: ${p.log}` : ''}`;
			return p.key === undefined
				? 'ipv4NativeRoutingCIDR is needed for native routing with masquerading'
				: `${p.key} cannot be "${p.value}" in this version of the chart`;
		case 'not-modelled':
			return `${p.key}=${p.value} is not modelled yet`;
		case 'budget':
			return `the network did not come to rest within ${p.events} events: a routing loop or a storm`;
		case 'no-address-left':
			return 'no pod address is left on the node';
		case 'internal':
			return `a defect of the simulator: ${p.message}`;
		default:
			return `${code}${details(p)}`;
	}
}

const details = (params: SimError['params']): string => {
	const rest = Object.entries(params).filter(([name]) => name !== 'reason');
	return rest.length === 0 ? '' : ` (${rest.map(([name, value]) => `${name} ${text(value)}`).join(', ')})`;
};

/**
 * Ends with that line. `place` is where the scenario came from, for errors that know no flag; `known` says where in
 * its file a thing stands.
 */
export function failWith(error: SimError, place: string, known: ReadonlyMap<string, string> = new Map()): never {
	const { where, params } = error;
	if (where === undefined) return fail(sentence(error), place);
	const named =
		where === 'helm'
			? known.get(params.reason === 'cilium.version' ? 'bundle.cilium' : `helm.${params.key ?? params.name}`)
			: (known.get(where) ?? known.get(`pod/${where}`));
	return fail(sentence(error), named ?? FLAG_OF[where] ?? `${place}, ${where}`);
}

/** What helm and the agents say of Helm values that are taken all the same; undefined for what is no surprise. */
export function findingText({ level, code, params: p, log }: CiliumMessage): string | undefined {
	if (code === 'helm.unknown-key')
		return `helm accepts ${p.key}, and no chart knows it${p.near ? `; is it ${p.near}?` : ''}`;
	if (code === 'helm.other-version') return `helm accepts ${p.key}, and this version's chart does not look at it`;
	return level === 'warning' ? (log ?? code) : undefined;
}
