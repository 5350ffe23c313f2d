/** Flags of `hubble` and of `hubble observe`. Source: hubble/cmd/observe/{observe,flows}.go, cmd/common/config @ v1.17.5. */
import type { Flag, FlagValues } from '../../../cobra/index.ts';

const list = (name: string, usage: string, short?: string): Flag => ({
	name,
	// A filter is not split at commas: it is set once for each flag (filterDispatch).
	type: 'array',
	usage,
	...(short === undefined ? {} : { short }),
});
const bool = (name: string, usage: string, short?: string): Flag => ({ ...list(name, usage, short), type: 'bool' });
const text = (name: string, usage: string, more: Partial<Flag> = {}): Flag => ({
	name,
	type: 'string',
	usage,
	...more,
});

/** `from-x`, `x` and `to-x`. */
const ends = (name: string, from: string, related: string, to: string, short?: string): readonly Flag[] => [
	list(`from-${name}`, from),
	list(name, related, short),
	list(`to-${name}`, to),
];

const named = (what: string, name: string): readonly [string, string, string] => [
	`Show all flows originating in the given ${what} name prefix([namespace/]<${name}-name>). If namespace is not provided, 'default' is used`,
	`Show all flows related to the given ${what} name prefix ([namespace/]<${name}-name>). If namespace is not provided, 'default' is used.`,
	`Show all flows terminating in the given ${what} name prefix([namespace/]<${name}-name>). If namespace is not provided, 'default' is used`,
];

export const FILTER_FLAGS: readonly Flag[] = [
	bool('not', 'Reverses the next filter to be blacklist i.e. --not --from-ip 2.2.2.2'),
	list('uuid', 'Show the only flow matching this unique flow identifier, if any'),
	list('node-name', 'Show all flows which match the given node names (e.g. "k8s*", "test-cluster/*.company.com")'),
	list(
		'node-label',
		'Show only flows observed on nodes matching the given label filter (e.g. "key1=value1", "io.cilium/egress-gateway")',
	),
	...ends(
		'cluster',
		'Show all flows originating from endpoints known to be in the given cluster name',
		'Show all flows which match the cluster names (e.g. "test-cluster", "prod-*")',
		'Show all flows destined to endpoints known to be in the given cluster name',
	),
	list('protocol', 'Show only flows which match the given L4/L7 flow protocol (e.g. "udp", "http")'),
	list('tcp-flags', 'Show only flows which match the given TCP flags (e.g. "syn", "ack", "fin")'),
	list('type', 'Filter by event types TYPE[:SUBTYPE]', 't'),
	list(
		'verdict',
		'Show only flows with this verdict [FORWARDED, DROPPED, AUDIT, REDIRECTED, ERROR, TRACED, TRANSLATED]',
	),
	list(
		'drop-reason-desc',
		'Show only flows which match this drop reason describe (e.g. "POLICY_DENIED", "UNSUPPORTED_L3_PROTOCOL")',
	),
	list('http-status', 'Show only flows which match this HTTP status code prefix (e.g. "404", "5+")'),
	list('http-method', 'Show only flows which match this HTTP method (e.g. "get", "post")'),
	list('http-path', 'Show only flows which match this HTTP path regular expressions (e.g. "/page/\\d+")'),
	list(
		'http-url',
		'Show only flows which match this HTTP URL regular expressions (e.g. "http://.*cilium\\.io/page/\\d+")',
	),
	list('http-header', 'Show only flows which match this HTTP header key:value pairs (e.g. "foo:bar")'),
	list('trace-id', 'Show only flows which match this trace ID'),
	list('ip-trace-id', 'Show only flows which match this IP trace ID'),
	...ends(
		'fqdn',
		'Show all flows originating at the given fully qualified domain name (e.g. "*.cilium.io").',
		'Show all flows related to the given fully qualified domain name (e.g. "*.cilium.io").',
		'Show all flows terminating at the given fully qualified domain name (e.g. "*.cilium.io").',
	),
	...ends(
		'ip',
		"Show all flows originating at the given IP address. Each of the source IPs can be specified as an exact match (e.g. '1.1.1.1') or as a CIDR range (e.g.'1.1.1.0/24').",
		"Show all flows originating or terminating at the given IP address. Each of the IPs can be specified as an exact match (e.g. '1.1.1.1') or as a CIDR range (e.g.'1.1.1.0/24').",
		"Show all flows terminating at the given IP address. Each of the destination IPs can be specified as an exact match (e.g. '1.1.1.1') or as a CIDR range (e.g.'1.1.1.0/24').",
	),
	list('snat-ip', 'Show all flows SNATed with the given IP address.'),
	bool('ipv4', 'Show only IPv4 flows', '4'),
	bool('ipv6', 'Show only IPv6 flows', '6'),
	list('ip-version', 'Show only IPv4, IPv6 flows or non IP flows (e.g. ARP packets) (ie: "none", "v4", "v6")'),
	...ends('pod', ...named('pod', 'pod')),
	...ends(
		'namespace',
		'Show all flows originating in the given Kubernetes namespace.',
		'Show all flows related to the given Kubernetes namespace.',
		'Show all flows terminating in the given Kubernetes namespace.',
		'n',
	),
	bool('from-all-namespaces', 'Show flows originating in any Kubernetes namespace.'),
	bool('all-namespaces', 'Show all flows in any Kubernetes namespace.', 'A'),
	bool('to-all-namespaces', 'Show flows terminating in any Kubernetes namespace.'),
	...ends(
		'label',
		'Show only flows originating in an endpoint with the given labels (e.g. "key1=value1", "reserved:world")',
		'Show only flows related to an endpoint with the given labels (e.g. "key1=value1", "reserved:world")',
		'Show only flows terminating in an endpoint with given labels (e.g. "key1=value1", "reserved:world")',
		'l',
	),
	...ends('service', ...named('service', 'svc')),
	...ends(
		'port',
		'Show only flows with the given source port (e.g. 8080)',
		'Show only flows with given port in either source or destination (e.g. 8080)',
		'Show only flows with the given destination port (e.g. 8080)',
	),
	...ends(
		'workload',
		'Show all flows originating at an endpoint with the given workload',
		'Show all flows related to an endpoint with the given workload',
		'Show all flows terminating at an endpoint with the given workload',
	),
	...ends(
		'identity',
		'Show all flows originating at an endpoint with the given security identity',
		'Show all flows related to an endpoint with the given security identity',
		'Show all flows terminating at an endpoint with the given security identity',
	),
	list('traffic-direction', 'Show all flows in the given traffic direction (either ingress or egress)'),
	list('cel-expression', 'Filter flows using the given CEL expression'),
	list('interface', 'Show all flows observed at the given interface name (e.g. eth0)'),
	{ ...text('allowlist', 'Specify allowlist as JSON encoded FlowFilters'), type: 'array' },
	{ ...text('denylist', 'Specify denylist as JSON encoded FlowFilters'), type: 'array' },
	bool('encrypted', 'Show only encrypted flows'),
	bool('unencrypted', 'Show only unencrypted flows'),
];

const MOMENT = 'The format is relative (e.g. 3s, 4m, 1h43,, ...) or one of YearMonthDay, RFC3339, RFC1123Z, ...';

export const OBSERVE_FLAGS: readonly Flag[] = [
	bool('all', "Get all flows stored in Hubble's buffer. Note: this option may return a lot of flows"),
	{ name: 'first', type: 'int', usage: "Get first N flows stored in Hubble's buffer" },
	bool('follow', 'Follow flows output', 'f'),
	{ name: 'last', type: 'int', usage: "Get last N flows stored in Hubble's buffer (default 20)" },
	text('since', `Filter flows since a specific date. ${MOMENT}`),
	text('until', `Filter flows until a specific date. ${MOMENT}`),
	text('output', 'Specify the output format, one of: compact, dict, json, jsonpb, table', {
		short: 'o',
		default: 'compact',
	}),
	bool('print-node-name', 'Print node name in output'),
	bool('print-policy-names', 'Print policy names in output'),
	text('time-format', 'Specify the time format for printing', { default: 'StampMilli' }),
	bool('numeric', 'Display all information in numeric form'),
	{
		...bool('ip-translation', 'Translate IP addresses to logical names such as pod name, FQDN, ...'),
		default: 'true',
	},
	text('color', 'Colorize the output when the output format is one of dict, table', { default: 'auto' }),
	bool('silent-errors', 'Silently ignores errors and warnings', 's'),
	bool('print-raw-filters', 'Print allowlist/denylist filters and exit without sending the request to Hubble server'),
	text('input-file', "Query flows from this file instead of the server. Use '-' to read from stdin."),
	list('field-mask', 'Comma-separated list of fields for mask'),
	list('experimental-field-mask', 'Comma-separated list of fields for mask'),
	bool('use-default-field-masks', 'Request only visible fields when the output format is compact, tab, or dict.'),
	bool(
		'experimental-use-default-field-masks',
		'Request only visible fields when the output format is compact, tab, or dict.',
	),
	...FILTER_FLAGS,
];

/** How to reach the server: of every command that asks one. */
export const SERVER_FLAGS: readonly Flag[] = [
	text('server', 'Address of a Hubble server', { default: '' }),
	bool('port-forward', 'Automatically forward the relay port to the local machine', 'P'),
	bool('auto-port-forward', 'Automatically forward the relay port to the local machine'),
	text('port-forward-port', 'Local port to forward to', { default: '4245' }),
	{ name: 'timeout', type: 'duration', default: '5s', usage: 'Hubble server dialing timeout' },
	{ name: 'request-timeout', type: 'duration', default: '12s', usage: 'Unary Request timeout' },
	text('kube-context', 'Kubernetes configuration context'),
	text('kube-namespace', 'Namespace Cilium is running in', { default: 'kube-system' }),
	text('kubeconfig', 'Path to the kubeconfig file'),
	bool('tls', 'Specify that TLS must be used when establishing a connection to a Hubble server'),
	bool('tls-allow-insecure', "Allows the client to skip verifying the server's certificate chain and host name"),
	list('tls-ca-cert-files', 'Paths to custom Certificate Authority (CA) certificate files'),
	text('tls-client-cert-file', 'Path to the public key file for the client certificate'),
	text('tls-client-key-file', 'Path to the private key file for the client certificate'),
	text('tls-server-name', 'Specify a server name to verify the hostname on the returned certificate'),
	text('basic-auth-username', 'Specify a username for basic auth'),
	text('basic-auth-password', 'Specify a password for basic auth'),
	text('config', 'Optional config file'),
	bool('debug', 'Enable debug messages', 'D'),
];

const LACKING: Readonly<Record<string, string>> = {
	allowlist: 'the simulator’s hubble takes no filters as JSON: give them as flags',
	'cel-expression': 'the simulator’s hubble has no CEL: give filters as flags',
	denylist: 'the simulator’s hubble takes no filters as JSON: give them as flags',
	'experimental-field-mask': 'the simulator’s hubble has no field masks: use jq',
	'field-mask': 'the simulator’s hubble has no field masks: use jq',
	'input-file': 'the simulator’s hubble asks servers only, not files',
	'print-policy-names': 'the simulator’s flows do not name the policies that allowed or denied them',
	'print-raw-filters': 'the simulator’s hubble has no filters as JSON to print',
	'snat-ip': 'the simulator’s flows do not tell the address they were translated to: see "cilium bpf nat list"',
};

/** Why what was asked for cannot be had here; undefined when all of it can. */
export const lacking = (flags: FlagValues): string | undefined => {
	const name = Object.keys(LACKING).find((flag) => flags.given(flag));
	return name === undefined ? undefined : `--${name}: ${LACKING[name]}`;
};
