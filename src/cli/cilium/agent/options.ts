/** `cilium config`, and the options of endpoints. Source: cilium/cmd/config{,_get}.go, pkg/option @ v1.12.1, v1.18.3. */
import { formatPrefix } from '../../../sim/wire/index.ts';
import type { Command, Run } from '../../cobra/index.ts';
import { type Agent, asking } from './context.ts';
import { aggregationOf } from './monitor/index.ts';
import { OUTPUT, structured } from './output.ts';

export type Options = readonly (readonly [name: string, value: string])[];

const LEVELS = ['None', 'Lowest', 'Low', 'Medium', 'Max'];
const enabled = (on: boolean): string => (on ? 'Enabled' : 'Disabled');

/** Options of the agent that can be changed while it runs (option.DaemonMutableOptionLibrary). */
function daemonOptions(agent: Agent): Options {
	const { settings, minor } = agent;
	const { config } = agent.state;
	return [
		['ConntrackAccounting', enabled(settings.ctAccounting)],
		...(minor <= 14 ? [['ConntrackLocal', 'Disabled'] as const] : []),
		['Debug', enabled(config.debug === 'true')],
		['DebugLB', enabled(config.debug === 'true')],
		['DropNotification', 'Enabled'],
		['MonitorAggregationLevel', LEVELS[aggregationOf(agent)]!],
		...(minor >= 17 ? [['PolicyAccounting', 'Enabled'] as const] : []),
		['PolicyAuditMode', enabled(agent.state.options?.audits.others === true)],
		['PolicyTracing', 'Disabled'],
		['PolicyVerdictNotification', 'Enabled'],
		...(minor >= 16 ? [['SourceIPVerification', 'Enabled'] as const] : []),
		['TraceNotification', 'Enabled'],
	];
}

/** Whether an endpoint's program has POLICY_AUDIT_MODE. */
export const audits = ({ state: { options } }: Agent, endpoint: number): boolean =>
	options?.audits[endpoint] ?? options?.audits.others ?? false;

export const endpointOptions = (agent: Agent, endpoint: number): Options =>
	[
		...daemonOptions(agent)
			.filter(([name]) => name !== 'PolicyTracing')
			.map((row) => (row[0] === AUDIT ? ([AUDIT, enabled(audits(agent, endpoint))] as const) : row)),
		['DebugPolicy', enabled(agent.state.config.debug === 'true')] as const,
	].sort(([a], [b]) => (a < b ? -1 : 1));

/** `--list-options`, sorted where Go walks a map: pkg/option/runtime_options.go @ v1.12.1, v1.18.3. */
export const described = (options: Options): string =>
	options.map(([name]) => `${name.padEnd(24)} ${DESCRIPTIONS[name]}\n`).join('');

const DESCRIPTIONS: Readonly<Record<string, string>> = {
	ConntrackAccounting: 'Enable per flow (conntrack) statistics',
	ConntrackLocal: 'Use endpoint dedicated tracking table instead of global one',
	Debug: 'Enable debugging trace statements',
	DebugLB: 'Enable debugging trace statements for load balancer',
	DebugPolicy: 'Enable debugging trace statements for policy enforcement',
	DropNotification: 'Enable drop notifications',
	MonitorAggregationLevel: 'Set the level of aggregation for monitor events in the datapath',
	PolicyAccounting: 'Enable policy accounting',
	PolicyAuditMode: 'Enable audit mode for policies',
	PolicyVerdictNotification: 'Enable policy verdict notifications',
	SourceIPVerification: 'Enable the check of the source IP on pod egress',
	TraceNotification: 'Enable trace notifications',
};

/** dumpConfig(): names in a column of 34. */
export const optionLines = (options: Options): string =>
	options.map(([name, value]) => `${name.padEnd(34)}: ${value}\n`).join('');

/**
 * Read-only configuration: fields of option.DaemonConfig by their Go names, as many as cilium-config and the settings
 * made of it tell. The real list has some three hundred more, with the defaults of what nobody set.
 */
function readOnly(agent: Agent): Options {
	const { settings, state } = agent;
	const { config } = state;
	const bool = (on: boolean): string => String(on);
	const option = (key: string, fallback: string): string => config[key] ?? fallback;
	const cidr = settings.ipv4NativeRoutingCIDR;
	const fields: Options = [
		['AgentNotReadyNodeTaintKey', option('agent-not-ready-taint-key', 'node.cilium.io/agent-not-ready')],
		['BPFMapsDynamicSizeRatio', option('bpf-map-dynamic-size-ratio', '0')],
		['BPFRoot', option('bpf-root', '/sys/fs/bpf')],
		['CTMapEntriesGlobalAny', String(settings.mapSizes.ctAny)],
		['CTMapEntriesGlobalTCP', String(settings.mapSizes.ctTcp)],
		['CGroupRoot', option('cgroup-root', '/run/cilium/cgroupv2')],
		['ClusterID', option('cluster-id', '0') || '0'],
		['ClusterName', option('cluster-name', 'default')],
		['ConfigDir', '/tmp/cilium/config-map'],
		['Debug', option('debug', 'false')],
		['EnableAutoDirectRouting', bool(settings.autoDirectNodeRoutes)],
		['EnableBPFClockProbe', option('enable-bpf-clock-probe', 'false')],
		['EnableBPFMasquerade', bool(settings.bpfMasquerade)],
		['EnableEndpointRoutes', bool(settings.endpointRoutes)],
		['EnableExternalIPs', bool(settings.externalIPs)],
		['EnableHostLegacyRouting', bool(settings.hostRouting === 'legacy')],
		['EnableHostPort', bool(settings.hostPort)],
		['EnableHubble', option('enable-hubble', 'false')],
		['EnableIPv4', option('enable-ipv4', 'true')],
		['EnableIPv4EgressGateway', bool(settings.egressGateway)],
		['EnableIPv4Masquerade', bool(settings.enableIPv4Masquerade)],
		['EnableIPv6', option('enable-ipv6', 'false')],
		['EnableL7Proxy', bool(settings.l7Proxy)],
		['EnableNodePort', bool(settings.nodePort)],
		['EnablePolicy', option('enable-policy', 'default')],
		['EnableSessionAffinity', bool(settings.sessionAffinity)],
		['EnableSocketLB', bool(settings.socketLB !== 'off')],
		['EnableSVCSourceRangeCheck', bool(settings.sourceRangeCheck)],
		['IPAM', settings.ipamMode],
		...(cidr ? [['IPv4NativeRoutingCIDR', formatPrefix(cidr)] as const] : []),
		['KubeProxyReplacement', settings.kubeProxyReplacement],
		['LBMapEntries', String(settings.mapSizes.lb)],
		['MonitorAggregation', option('monitor-aggregation', 'none')],
		['MonitorAggregationInterval', option('monitor-aggregation-interval', '5s')],
		['NATMapEntriesGlobal', String(settings.mapSizes.nat)],
		['NodePortAcceleration', settings.acceleration],
		['NodePortAlg', settings.lb.algorithm],
		['NodePortMax', String(settings.nodePortRange[1])],
		['NodePortMin', String(settings.nodePortRange[0])],
		['NodePortMode', settings.lbMode],
		['PolicyMapEntries', String(settings.mapSizes.policy)],
		...(settings.routingMode === 'tunnel' || agent.minor >= 14
			? [['TunnelPort', String(settings.tunnelPort)] as const]
			: []),
		[
			agent.minor >= 14 ? 'RoutingMode' : 'Tunnel',
			agent.minor >= 14 ? settings.routingMode : option('tunnel', 'disabled'),
		],
	];
	// The agents' own flags for a kubeconfig and a server, not where they find one in a cluster.
	return [...[...fields].sort(([a], [b]) => (a < b ? -1 : 1)), ['k8s-configuration', ''], ['k8s-endpoint', '']];
}

const writable = (agent: Agent): Options => [
	...daemonOptions(agent),
	['MonitorNumPages', '64'],
	[ENFORCEMENT, enforcementOf(agent.state)],
];

const AUDIT = 'PolicyAuditMode';
const ENFORCEMENT = 'PolicyEnforcement';
const enforcementOf = ({ options, config }: Agent['state']): string =>
	options?.enforcement ?? config['enable-policy'] ?? 'default';

const VALUES: Readonly<Record<string, readonly string[]>> = {
	Enabled: ['true', 'on', 'enable', 'enabled', '1'],
	Disabled: ['false', 'off', 'disable', 'disabled', '0'],
};

/**
 * Options as somebody typed them, by their names (ParseOption(), pkg/option/option.go); a text is what is wrong. Those
 * that the simulator cannot change may be told what they are.
 */
function changes(args: readonly string[], now: Options): ReadonlyMap<string, string> | string {
	const out = new Map<string, string>();
	for (const arg of args) {
		const negated = arg.startsWith('!');
		const [typed = '', value] = arg.slice(negated ? 1 : 0).split(/=(.*)/s);
		if (value === undefined) return 'invalid option format';
		if (negated) return 'invalid boolean format';
		const known = now.find(([name]) => name.toLowerCase() === typed.toLowerCase());
		if (!known) return `unknown option ${JSON.stringify(typed)}`;
		const [name, before] = known;
		const level = name === 'MonitorAggregationLevel';
		const after = level
			? (LEVELS.find((one) => one.toLowerCase() === value.toLowerCase()) ?? LEVELS[Number(value)])
			: Object.keys(VALUES).find((one) => VALUES[one]!.includes(value.toLowerCase()));
		if (after === undefined)
			return level ? `invalid monitor aggregation level ${JSON.stringify(value)}` : `invalid option value ${value}`;
		if (after !== before && name !== AUDIT)
			return `the simulator changes ${AUDIT} and ${ENFORCEMENT} of an agent that runs, and not ${name}; change cilium-config and restart it`;
		out.set(name, after);
	}
	return out;
}

const isMode = (text: string): text is (typeof MODES)[number] => (MODES as readonly string[]).includes(text);
const MODES = ['default', 'always', 'never'] as const;

/** configDaemon(): what is told the agent replaces what its endpoints were told (OverrideEndpointOpts()). */
function changeAgent({ call, args }: Run, agent: Agent): number | string {
	if (!args.every((arg) => arg.includes('='))) return 'Improper configuration format provided';
	const before = `${ENFORCEMENT}=`;
	const made = changes(
		args.filter((arg) => !arg.startsWith(before)),
		daemonOptions(agent),
	);
	if (typeof made === 'string') {
		if (made.startsWith('the simulator')) return made;
		call.out(`${made}\n`);
		return 1;
	}
	const mode = args.findLast((arg) => arg.startsWith(before))?.slice(before.length) || enforcementOf(agent.state);
	if (!isMode(mode))
		return `Unable to change agent configuration: [PATCH /config][400] patchConfigBadRequest ${agent.minor >= 17 ? '' : ' '}${JSON.stringify(`Invalid option for ${ENFORCEMENT} ${mode}`)}\n`;
	const others = (made.get(AUDIT) ?? enabled(audits(agent, -1))) === 'Enabled';
	agent.cluster.tellAgent(agent.state.node, { audits: { others }, enforcement: mode });
	return 0;
}

/** configEndpoint(). */
export function changeEndpoint(
	{ call, args: [id = '', ...args] }: Run,
	agent: Agent,
	endpoint: number,
): number | string {
	for (const arg of args) {
		const made = changes([arg], endpointOptions(agent, endpoint));
		if (typeof made === 'string')
			return made.startsWith('the simulator') ? made : `Cannot parse option ${arg}: ${made}`;
		const audit = made.get(AUDIT);
		if (audit === undefined) continue;
		const { audits: now = { others: false }, ...rest } = agent.state.options ?? {};
		agent.cluster.tellAgent(agent.state.node, { ...rest, audits: { ...now, [endpoint]: audit === 'Enabled' } });
	}
	call.out(`Endpoint ${id} configuration updated successfully\n`);
	return 0;
}

const get: Command = {
	name: 'get',
	use: '<config name>',
	short: 'Retrieve cilium configuration',
	flags: [OUTPUT],
	run: asking('Error while retrieving configuration: ', 'config', (run, agent) => {
		const [name = ''] = run.args;
		if (name === '') return run.args.length === 0 ? 'Missing config name argument' : 'Empty config argument';
		const wanted = name.toLowerCase().replace(/\W/g, '');
		const found = [...readOnly(agent), ...daemonOptions(agent), writable(agent).at(-1)!].find(
			([key]) => key.toLowerCase() === wanted,
		);
		if (!found) return 'Configuration does not exist';
		run.call.out(`${found[1]}\n`);
		return 0;
	}),
};

export const configCommand: Command = {
	name: 'config',
	use: '[<option>=(enable|disable) ...]',
	short: 'Cilium configuration options',
	flags: [
		{ name: 'all', short: 'a', type: 'bool', usage: 'Display all cilium configurations' },
		{ name: 'list-options', type: 'bool', usage: 'List available options' },
		{
			name: 'num-pages',
			short: 'n',
			type: 'int',
			usage: 'Number of pages for perf ring buffer. New values have to be > 0',
		},
		{ name: 'read-only', short: 'r', type: 'bool', usage: 'Display read only configurations' },
		OUTPUT,
	],
	commands: [get],
	run: asking('Error while retrieving configuration: ', 'config', (run, agent) => {
		const { call, flags, args } = run;
		if (flags.on('list-options')) {
			call.out(described(daemonOptions(agent).filter(([name]) => name !== 'PolicyTracing')));
			return 0;
		}
		if (args.length > 0) {
			return changeAgent(run, agent);
		}
		const both = flags.on('all');
		const fixed = flags.on('read-only') || both;
		const shown = [...(fixed ? readOnly(agent) : []), ...(both || !fixed ? daemonOptions(agent) : [])];
		const printed = structured(run, () => new Map(shown));
		if (printed !== undefined) return printed;
		if (fixed) call.err('the simulator knows these of the read-only options, and leaves the others out\n');
		if (fixed) call.out(`#### Read-only configurations ####\n${optionLines(readOnly(agent))}`);
		if (both || !fixed) call.out(`##### Read-write configurations #####\n${optionLines(writable(agent))}`);
		return 0;
	}),
};
