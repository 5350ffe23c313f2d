/** What each filter of `hubble observe` asks of a flow, or of one of its ends. Source: hubble/cmd/observe/flows_filter.go, pkg/hubble/filters @ v1.17.5. */
import { formatPrefix, parseIp, parsePrefix } from '../../../../sim/wire/index.ts';
import { identityText, reservedId } from '../labels.ts';
import { dropText } from '../monitor/index.ts';
import type { Flow, FlowEnd } from './flow.ts';
import { uuidOf } from './json.ts';

const VERDICTS = ['FORWARDED', 'DROPPED', 'AUDIT', 'REDIRECTED', 'ERROR', 'TRACED', 'TRANSLATED'];
const TYPES = ['capture', 'debug', 'drop', 'l7', 'policy-verdict', 'recorder', 'trace', 'trace-sock'];

export type Test = (flow: Flow) => boolean;
type EndTest = (end: FlowEnd, value: string) => boolean;

const byName =
	(nameOf: (end: FlowEnd) => string): EndTest =>
	(end, value) => {
		const text = value.includes('/') ? value : `default/${value}`;
		const name = nameOf(end);
		// A name in any namespace, or any in one.
		return name !== '' && (text.startsWith('/') ? name.slice(name.indexOf('/')) : name).startsWith(text);
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

export const ENDS: Readonly<Record<string, EndTest>> = {
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
	// `name` or `Kind/name`.
	workload: ({ workload }, value) =>
		workload !== undefined && (value === workload.name || value === `${workload.kind}/${workload.name}`),
	port: (end, value) => String(end.port) === value,
};

/** `*` stands for any number of the characters names are made of (pkg/hubble/filters/nodename.go). */
const pattern = (text: string): RegExp =>
	new RegExp(`^${text.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '[-.0-9a-z]*')}$`, 'i');

const isName = (patterns: readonly string[], name: string): boolean =>
	patterns.some((text) => pattern(text).test(name));

/** Cluster and node, of a flow or of a pattern; a flow's node without a cluster is in `default`. */
const nodeParts = (text: string, cluster: string): readonly [string, string] => {
	const slash = text.indexOf('/');
	return slash < 0 ? [cluster, text] : [text.slice(0, slash) || cluster, text.slice(slash + 1) || '*'];
};

const clusterOf = ({ labels }: FlowEnd): string =>
	labels.find((label) => label.startsWith('k8s:io.cilium.k8s.policy.cluster='))?.split('=')[1] ?? '';

export const podOf = byName((end) => (end.pod === '' ? '' : `${end.namespace}/${end.pod}`));
export const serviceOf = byName((end) => end.service);

export const quote = (text: string): string => JSON.stringify(text);

/** What is wrong with the value of a filter of ends. */
export function endFault(name: string, value: string): string | undefined {
	if (name === 'ip' && parseIp(value) === undefined && !parsePrefix(value))
		return `invalid IP address or CIDR: ${value}`;
	if (name === 'port' && !/^\d+$/.test(value))
		return `invalid port ${quote(value)}: strconv.ParseUint: parsing ${quote(value)}: invalid syntax`;
	if (name === 'identity' && !/^\d+$/.test(value) && reservedId(value) === undefined)
		return 'invalid security identity, expected one of [host world unmanaged health init remote-node kube-apiserver ingress] or a numeric value';
	return undefined;
}

const TCP_FLAGS = ['SYN', 'FIN', 'RST', 'PSH', 'ACK', 'URG', 'ECE', 'CWR', 'NS'];

/** Filters of whole flows: a test, or what is wrong with the value. */
export const WHOLE: Readonly<Record<string, (value: string) => Test | string>> = {
	verdict: (value) =>
		VERDICTS.includes(value) ? ({ verdict }) => verdict === value : `invalid --verdict value: ${value}`,
	protocol: (value) => {
		const text = value.toLowerCase();
		return ({ protocol }) => protocol.toLowerCase() === text || (text === 'icmp' && protocol === 'ICMPv4');
	},
	type: (value) => {
		const [kind = '', sub] = value.split(':');
		if (!TYPES.includes(kind))
			return `unable to parse type '${kind}', not a known type name and unable to parse as numeric value: strconv.ParseUint: parsing ${quote(kind)}: invalid syntax`;
		if (sub !== undefined && kind !== 'trace' && !/^\d+$/.test(sub))
			return `unable to parse event sub-type '${sub}', not a known sub-type name and unable to parse as numeric value: strconv.ParseUint: parsing ${quote(sub)}: invalid syntax`;
		return ({ event, type }) =>
			event.type === kind &&
			(sub === undefined || type === sub || (event.type === 'drop' && String(event.code) === sub));
	},
	'tcp-flags': (value) => {
		const set = value.toUpperCase().split(',');
		const unknown = set.find((flag) => !TCP_FLAGS.includes(flag));
		if (unknown !== undefined) return `unknown tcp flag: ${value.split(',')[set.indexOf(unknown)]}`;
		return ({ protocol, summary }) => protocol === 'TCP' && set.every((flag) => summary.split(/[ ,]+/).includes(flag));
	},
	'traffic-direction': (value) => {
		const text = value.toLowerCase();
		return text === 'ingress' || text === 'egress'
			? ({ direction }) => direction === text
			: `${text}: invalid traffic direction, expected ingress or egress`;
	},
	uuid: (value) => (flow) => flow.minor >= 14 && uuidOf(flow) === value,
	'node-name': (value) => {
		if (value === '' || value.split('/').length > 2) return `invalid node name: ${quote(value)}`;
		const [c, n] = nodeParts(value, '*');
		return ({ node }) => {
			const [cluster, name] = nodeParts(node, 'default');
			return isName([c], cluster) && isName([n], name);
		};
	},
	'node-label': (value) => (flow) => value.split(',').every((l) => hasLabel(flow.nodeLabels, l)),
	cluster:
		(value) =>
		({ node }) =>
			isName([value], nodeParts(node, 'default')[0]),
	'from-cluster':
		(value) =>
		({ source }) =>
			clusterOf(source) === value,
	'to-cluster':
		(value) =>
		({ destination }) =>
			clusterOf(destination) === value,
	interface:
		(value) =>
		({ event }) =>
			event.type === 'trace' && event.ifindex !== 0 && event.ifname === value,
	'ip-version': (value) => {
		const four = /^(?:v|ip|ipv)?4$/i.test(value);
		return () => four;
	},
	ipv4: () => () => true,
	ipv6: () => () => false,
	'drop-reason-desc': (value) => {
		if (value === '') return 'empty --drop-reason-desc value';
		if (!/^[A-Z0-9_]+$/.test(value)) return `invalid --drop-reason-desc value: ${value}`;
		return ({ event }) => event.type === 'drop' && dropText(event.code).toUpperCase().replaceAll(' ', '_') === value;
	},
	'http-header': (value) =>
		value.includes(':') ? () => false : `invalid http-header value ${quote(value)}, expected name:value`,
	// Nothing here is a request: flows of layer 7 come from proxies.
	'http-method': () => () => false,
	'http-path': () => () => false,
	'http-status': () => () => false,
	'http-url': () => () => false,
	'ip-trace-id': () => () => false,
	'trace-id': () => () => false,
	encrypted: () => () => false,
	unencrypted: () => () => true,
};
