/** `cilium config`, and the options of endpoints. Source: cilium/cmd/config{,_get}.go, pkg/option @ v1.12.1, v1.18.3. */
import { formatPrefix } from '../../../sim/wire/index.ts';
import type { Command } from '../../cobra/index.ts';
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
		// What policies forbid is dropped here, whatever `policy-audit-mode` says: agents tell it as they start.
		['PolicyAuditMode', 'Disabled'],
		['PolicyTracing', 'Disabled'],
		['PolicyVerdictNotification', 'Enabled'],
		...(minor >= 16 ? [['SourceIPVerification', 'Enabled'] as const] : []),
		['TraceNotification', 'Enabled'],
	];
}

export const endpointOptions = (agent: Agent): Options =>
	[
		...daemonOptions(agent).filter(([name]) => name !== 'PolicyTracing'),
		['DebugPolicy', enabled(agent.state.config.debug === 'true')] as const,
	].sort(([a], [b]) => (a < b ? -1 : 1));

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

const NEVER = ['PolicyEnforcement', 'default'] as const;
const writable = (agent: Agent): Options => [
	...daemonOptions(agent),
	['MonitorNumPages', '64'],
	[NEVER[0], agent.state.config['enable-policy'] ?? NEVER[1]],
];

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
			for (const [name] of daemonOptions(agent)) call.out(`${name}\n`);
			return 0;
		}
		if (args.length > 0) {
			if (!args.every((arg) => arg.includes('='))) return 'Improper configuration format provided';
			return 'the simulator does not change options of an agent that runs; change cilium-config and restart it';
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
