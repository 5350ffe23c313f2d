/** Filters of `hubble observe`. Source: hubble/cmd/observe/{flows,flows_filter}.go @ v1.17.5. */
import { formatPrefix, parseIp, parsePrefix } from '../../../../sim/wire/index.ts';
import type { Flag, FlagValues } from '../../../cobra/index.ts';
import { identityText, reservedId } from '../labels.ts';
import { dropText } from '../monitor/index.ts';
import type { Flow, FlowEnd } from './flow.ts';

const list = (name: string, usage: string, short?: string): Flag => ({
	name,
	type: 'strings',
	usage,
	...(short === undefined ? {} : { short }),
});

export const FILTER_FLAGS: readonly Flag[] = [
	list('drop-reason-desc', 'Show only flows which match this drop reason, such as "POLICY_DENIED"'),
	list('fqdn', 'Show all flows related to the given fully qualified domain name (e.g. "*.cilium.io").'),
	list('from-fqdn', 'Show all flows originating at the given fully qualified domain name (e.g. "*.cilium.io").'),
	list(
		'from-label',
		'Show only flows originating in an endpoint with the given labels (e.g. "key1=value1", "reserved:world")',
	),
	list('http-method', 'Show only flows which match this HTTP method (e.g. "get", "post")'),
	list('http-path', 'Show only flows which match this HTTP path regular expressions (e.g. "/page/\\d+")'),
	list('http-status', 'Show only flows which match this HTTP status code prefix (e.g. "404", "5+")'),
	list('http-url', 'Show only flows which match this HTTP URL regular expressions'),
	{ name: 'ipv4', short: '4', type: 'bool', usage: 'Show only IPv4 flows' },
	{ name: 'ipv6', short: '6', type: 'bool', usage: 'Show only IPv6 flows' },
	list(
		'label',
		'Show only flows related to an endpoint with the given labels (e.g. "key1=value1", "reserved:world")',
		'l',
	),
	{ name: 'not', type: 'bool', usage: 'Reverses the next filter to be blacklist i.e. --not --from-ip 2.2.2.2' },
	list('to-fqdn', 'Show all flows terminating at the given fully qualified domain name (e.g. "*.cilium.io").'),
	list(
		'to-label',
		'Show only flows terminating in an endpoint with given labels (e.g. "key1=value1", "reserved:world")',
	),
	list('traffic-direction', 'Show all flows in the given traffic direction (either ingress or egress)'),
	list('from-identity', 'Show only flows originating from the given security identity'),
	list('from-ip', 'Show all flows originating at the given IP address'),
	list('from-namespace', 'Show all flows originating in the given Kubernetes namespace.'),
	list(
		'from-pod',
		"Show all flows originating in the given pod name prefix([namespace/]<pod-name>). If namespace is not provided, 'default' is used",
	),
	list('from-port', 'Show only flows with the given source port (e.g. 8080)'),
	list('from-service', 'Show all flows originating in the given service name prefix([namespace/]<svc-name>)'),
	list('identity', 'Show all flows related to an endpoint with the given security identity'),
	list('ip', 'Show all flows related to an endpoint with the given IP address'),
	list('namespace', 'Show all flows related to the given Kubernetes namespace.', 'n'),
	list(
		'pod',
		"Show all flows related to the given pod name prefix ([namespace/]<pod-name>). If namespace is not provided, 'default' is used",
	),
	list('port', 'Show only flows with given port in either source or destination (e.g. 8080)'),
	list('protocol', 'Show only flows which match the given L4/L7 flow protocol (e.g. "udp", "http")'),
	list('service', 'Show all flows related to the given service name prefix ([namespace/]<svc-name>)'),
	list('tcp-flags', 'Show only flows which match the given TCP flags (e.g. "syn", "ack", "fin")'),
	list('to-identity', 'Show only flows terminating at an endpoint with the given security identity'),
	list('to-ip', 'Show all flows terminating at the given IP address'),
	list('to-namespace', 'Show all flows terminating in the given Kubernetes namespace.'),
	list(
		'to-pod',
		"Show all flows terminating in the given pod name prefix ([namespace/]<pod-name>). If namespace is not provided, 'default' is used",
	),
	list('to-port', 'Show only flows with the given destination port (e.g. 8080)'),
	list('to-service', 'Show all flows terminating in the given service name prefix ([namespace/]<svc-name>)'),
	list('type', 'Filter by event types TYPE[:SUBTYPE]', 't'),
	list(
		'verdict',
		'Show only flows with this verdict [FORWARDED, DROPPED, AUDIT, REDIRECTED, ERROR, TRACED, TRANSLATED]',
	),
];

const VERDICTS = ['FORWARDED', 'DROPPED', 'AUDIT', 'REDIRECTED', 'ERROR', 'TRACED', 'TRANSLATED'];
const TYPES = ['capture', 'debug', 'drop', 'l7', 'policy-verdict', 'recorder', 'trace', 'trace-sock'];

type Test = (flow: Flow) => boolean;
type EndTest = (end: FlowEnd, value: string) => boolean;

const byName =
	(nameOf: (end: FlowEnd) => string): EndTest =>
	(end, value) => {
		const text = value.includes('/') ? value : `default/${value}`;
		const name = nameOf(end);
		return name !== '' && name.startsWith(text);
	};

/** `app=web`, `k8s:app=web`, `app`, `!app`, `reserved:host`: whatever the source where none is given. */
function hasLabel(labels: readonly string[], wanted: string): boolean {
	if (wanted.startsWith('!')) return !hasLabel(labels, wanted.slice(1));
	const [, key = '', unequal, value] = /^([^=!]+)(?:(!?)==?(.*))?$/.exec(wanted) ?? [];
	const found = labels.find((label) => {
		const name = label.split('=')[0]!;
		return name === key || name.slice(name.indexOf(':') + 1) === key;
	});
	if (value === undefined) return found !== undefined;
	const same = found !== undefined && (found.includes('=') ? found.slice(found.indexOf('=') + 1) : '') === value;
	return unequal === '!' ? !same : same;
}

/** Names of filters that `--not` stands before. */
const reversed = (args: readonly string[]): ReadonlySet<string> =>
	new Set(
		args.flatMap((arg, i) => (arg === '--not' ? [(args[i + 1] ?? '').replace(/^--/, '').replace(/=.*$/s, '')] : [])),
	);

const ENDS: Readonly<Record<string, EndTest>> = {
	// No name was looked up through the DNS proxy.
	fqdn: () => false,
	identity: (end, value) => String(end.identity) === value || identityText(end.identity) === value,
	ip: (end, value) => {
		const prefix = value.includes('/') ? parsePrefix(value) : undefined;
		if (!prefix) return end.ip === value;
		const address = parseIp(end.ip) ?? 0;
		return (
			formatPrefix({
				address: prefix.length === 0 ? 0 : (address & (-1 << (32 - prefix.length))) >>> 0,
				length: prefix.length,
			}) === formatPrefix(prefix)
		);
	},
	label: (end, value) => value.split(',').every((label) => hasLabel(end.labels, label.trim())),
	namespace: (end, value) => end.namespace === value,
	pod: byName((end) => (end.pod === '' ? '' : `${end.namespace}/${end.pod}`)),
	port: (end, value) => String(end.port) === value,
	service: byName((end) => end.service),
};

/** What is wrong with the values, or the test. All kinds of filters must fit, of each kind one value. */
export function filterFrom(
	flags: FlagValues,
	args: readonly string[] = [],
): { readonly test: Test } | { readonly error: string } {
	const tests: Test[] = [];
	const not = reversed(args);
	const add = (name: string, test: Test): void => void tests.push(not.has(name) ? (flow) => !test(flow) : test);
	for (const [name, test] of Object.entries(ENDS)) {
		const both = flags.list(name);
		const from = flags.list(`from-${name}`);
		const to = flags.list(`to-${name}`);
		for (const value of [...both, ...from, ...to]) {
			if (name === 'ip' && parseIp(value) === undefined && !parsePrefix(value))
				return { error: `invalid IP address or CIDR: ${value}` };
			if (name === 'port' && !/^\d+$/.test(value))
				return {
					error: `invalid port ${JSON.stringify(value)}: strconv.ParseUint: parsing ${JSON.stringify(value)}: invalid syntax`,
				};
			if (name === 'identity' && !/^\d+$/.test(value) && reservedId(value) === undefined)
				return {
					error: `invalid security identity, expected one of [host world unmanaged health init remote-node kube-apiserver ingress] or a numeric value, got ${JSON.stringify(value)}`,
				};
		}
		if (both.length > 0)
			add(name, ({ source, destination }) => both.some((v) => test(source, v) || test(destination, v)));
		if (from.length > 0) add(`from-${name}`, ({ source }) => from.some((v) => test(source, v)));
		if (to.length > 0) add(`to-${name}`, ({ destination }) => to.some((v) => test(destination, v)));
	}
	const verdicts = flags.list('verdict').map((text) => text.toUpperCase());
	const wrong = verdicts.find((text) => !VERDICTS.includes(text));
	if (wrong !== undefined) return { error: `invalid --verdict value: ${wrong}` };
	if (verdicts.length > 0) add('verdict', ({ verdict }) => verdicts.includes(verdict));
	const protocols = flags.list('protocol').map((text) => text.toLowerCase());
	if (protocols.length > 0)
		add('protocol', ({ protocol }) =>
			protocols.some((text) => protocol.toLowerCase() === text || (text === 'icmp' && protocol === 'ICMPv4')),
		);
	const types = flags.list('type');
	for (const type of types)
		if (!TYPES.includes(type.split(':')[0]!))
			return { error: `unable to parse type filter '${type}': unknown type: ${JSON.stringify(type)}` };
	if (types.length > 0)
		add('type', ({ event, type }) =>
			types.some((text) => {
				const [kind, sub] = text.split(':');
				return (
					event.type === kind &&
					(sub === undefined || type === sub || (event.type === 'drop' && String(event.code) === sub))
				);
			}),
		);
	const wanted = flags.list('tcp-flags').map((text) => text.toUpperCase().split(/[+,]/));
	if (wanted.length > 0)
		add(
			'tcp-flags',
			({ protocol, summary }) =>
				protocol === 'TCP' && wanted.some((set) => set.every((flag) => summary.split(/[ ,]+/).includes(flag))),
		);
	const directions = flags.list('traffic-direction').map((text) => text.toLowerCase());
	const nowhere = directions.find((text) => text !== 'ingress' && text !== 'egress');
	if (nowhere !== undefined) return { error: `${nowhere}: invalid traffic direction, expected ingress or egress` };
	if (directions.length > 0)
		add('traffic-direction', ({ event }) => event.type !== 'trace' && directions.includes(event.direction));
	const reasons = flags.list('drop-reason-desc').map((text) => text.toUpperCase());
	if (reasons.length > 0)
		add(
			'drop-reason-desc',
			({ event }) => event.type === 'drop' && reasons.includes(dropText(event.code).toUpperCase().replaceAll(' ', '_')),
		);
	// Nothing here is a request: flows of layer 7 come from proxies.
	for (const name of ['http-method', 'http-path', 'http-status', 'http-url'])
		if (flags.list(name).length > 0) add(name, () => false);
	if (flags.on('ipv6') && !flags.on('ipv4')) add('ipv6', () => false);
	return { test: (flow) => tests.every((test) => test(flow)) };
}
