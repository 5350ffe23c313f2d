/** Filters of `hubble observe`. Source: hubble/cmd/observe/{flows,flows_filter}.go @ v1.17.5. */
import { formatPrefix, parseIp, parsePrefix } from '../../../../sim/wire/index.ts';
import type { FlagValues } from '../../../cobra/index.ts';
import { identityText, reservedId } from '../labels.ts';
import { dropText } from '../monitor/index.ts';
import type { Flow, FlowEnd } from './flow.ts';
import { uuidOf } from './json.ts';

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
	// `name` or `Kind/name`.
	workload: ({ workload }, value) =>
		workload !== undefined && (value === workload.name || value === `${workload.kind}/${workload.name}`),
	port: (end, value) => String(end.port) === value,
	service: byName((end) => end.service),
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
		add('traffic-direction', ({ direction }) => direction !== undefined && directions.includes(direction));
	const uuids = flags.list('uuid');
	if (uuids.length > 0) add('uuid', (flow) => flow.minor >= 14 && uuids.includes(uuidOf(flow)));
	const nodes = flags.list('node-name');
	const bad = nodes.find((text) => text === '' || text.split('/').length > 2);
	if (bad !== undefined) return { error: `invalid node name: ${JSON.stringify(bad)}` };
	if (nodes.length > 0)
		add('node-name', ({ node }) => {
			const [cluster, name] = nodeParts(node, 'default');
			return nodes.some((text) => {
				const [c, n] = nodeParts(text, '*');
				return isName([c], cluster) && isName([n], name);
			});
		});
	const nodeLabels = flags.list('node-label');
	if (nodeLabels.length > 0)
		add('node-label', (flow) => nodeLabels.some((text) => text.split(',').every((l) => hasLabel(flow.nodeLabels, l))));
	const clusters = flags.list('cluster');
	if (clusters.length > 0) add('cluster', ({ node }) => isName(clusters, nodeParts(node, 'default')[0]));
	const [fromCluster, toCluster] = [flags.list('from-cluster'), flags.list('to-cluster')];
	if (fromCluster.length > 0) add('from-cluster', ({ source }) => fromCluster.includes(clusterOf(source)));
	if (toCluster.length > 0) add('to-cluster', ({ destination }) => toCluster.includes(clusterOf(destination)));
	if (flags.on('all-namespaces'))
		add('all-namespaces', ({ source, destination }) => source.namespace !== '' || destination.namespace !== '');
	if (flags.on('from-all-namespaces')) add('from-all-namespaces', ({ source }) => source.namespace !== '');
	if (flags.on('to-all-namespaces')) add('to-all-namespaces', ({ destination }) => destination.namespace !== '');
	const interfaces = flags.list('interface');
	if (interfaces.length > 0)
		add('interface', ({ event }) => event.type === 'trace' && event.ifindex !== 0 && interfaces.includes(event.ifname));
	const versions = flags.list('ip-version').map((text) => text.toLowerCase());
	const noVersion = versions.find((text) => !['none', 'v4', 'v6', 'ipv4', 'ipv6', '4', '6'].includes(text));
	if (noVersion !== undefined) return { error: `invalid IP version: ${noVersion}` };
	if (versions.length > 0) add('ip-version', () => versions.some((text) => text.endsWith('4')));
	const reasons = flags.list('drop-reason-desc').map((text) => text.toUpperCase());
	if (reasons.length > 0)
		add(
			'drop-reason-desc',
			({ event }) => event.type === 'drop' && reasons.includes(dropText(event.code).toUpperCase().replaceAll(' ', '_')),
		);
	// Nothing here is a request: flows of layer 7 come from proxies.
	for (const name of ['http-header', 'http-method', 'http-path', 'http-status', 'http-url', 'ip-trace-id', 'trace-id'])
		if (flags.list(name).length > 0) add(name, () => false);
	if (flags.on('encrypted') && !flags.on('unencrypted')) add('encrypted', () => false);
	if (flags.on('ipv6') && !flags.on('ipv4')) add('ipv6', () => false);
	return { test: (flow) => tests.every((test) => test(flow)) };
}
