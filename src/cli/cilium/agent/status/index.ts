/** `cilium status` of the agent. Source: cilium/cmd/status.go @ v1.12.1, cilium-dbg/cmd/status.go @ v1.18.3. */
import { formatIp } from '../../../../sim/wire/index.ts';
import type { Command, Flag } from '../../../cobra/index.ts';
import { type Agent, agentIn, unreachable } from '../context.ts';
import { OUTPUT, structured } from '../output.ts';
import { formatStatus } from './format.ts';
import { healthOf } from './health.ts';
import { statusOf } from './model.ts';

export { formatStatus } from './format.ts';
export { healthOf, healthRows, longRows, type PathHealth, probeNow, timeText } from './health.ts';

const on = (name: string, usage: string): Flag => ({ name, type: 'bool', usage });

const FLAGS: readonly Flag[] = [
	on('all-addresses', 'Show all allocated addresses, not just count'),
	on('all-clusters', 'Show all clusters'),
	on('all-controllers', 'Show all controllers, not just failing'),
	on('all-health', 'Show all health status, not just failing'),
	on('all-nodes', 'Show all nodes, not just localhost'),
	on('all-redirects', 'Show all redirects'),
	on('brief', 'Only print a one-line status message'),
	OUTPUT,
	{ name: 'timeout', type: 'duration', default: '30s', usage: 'Sets the timeout to use when querying for health' },
	on(
		'verbose',
		'Equivalent to --all-addresses --all-controllers --all-nodes --all-redirects --all-clusters --all-health',
	),
];

/** models.StatusResponse, as far as the lab knows it. */
function model(agent: Agent): object {
	const status = statusOf(agent);
	const { settings, state } = agent;
	const health = healthOf(agent);
	return {
		cilium: { msg: status.cilium, state: 'Ok' },
		'clock-source': { hertz: settings.clock.hz, mode: settings.clock.source },
		cluster: {
			ciliumHealth: { state: 'Ok' },
			nodes: health.nodes.map(({ name, ip }) => ({
				name,
				'primary-address': { ipv4: { enabled: true, ip: formatIp(ip) } },
			})),
			self: state.node,
		},
		controllers: status.controllers.map(({ name }) => ({ name, status: { 'consecutive-failure-count': 0 } })),
		'host-routing': { mode: status.hostRouting },
		hubble: { state: state.config['enable-hubble'] === 'true' ? 'Ok' : 'Disabled' },
		'identity-range': { 'max-identity': 65535, 'min-identity': 256 },
		ipam: {
			allocations: Object.fromEntries(
				status.allocated.map((line) => [line.split(' ')[0]!, line.replace(/^\S+ \((.*)\)$/, '$1')]),
			),
			ipv4: status.allocated.map((line) => line.split(' ')[0]!),
			status: status.ipam,
		},
		'kube-proxy-replacement': {
			features: {
				externalIPs: { enabled: settings.externalIPs },
				hostPort: { enabled: settings.hostPort },
				nodePort: settings.nodePort
					? {
							acceleration: settings.acceleration,
							algorithm: settings.lb.algorithm,
							enabled: true,
							mode: settings.lbMode,
							portMax: settings.nodePortRange[1],
							portMin: settings.nodePortRange[0],
						}
					: { enabled: false },
				sessionAffinity: { enabled: settings.sessionAffinity },
				socketLB: { enabled: settings.socketLB !== 'off' },
			},
			mode: status.kpr.mode,
		},
		kubernetes: { 'k8s-api-versions': status.kubernetesApis, msg: status.kubernetes, state: 'Ok' },
		kvstore: { msg: 'Disabled', state: 'Ok' },
		masquerading: { enabled: settings.enableIPv4Masquerade, mode: settings.bpfMasquerade ? 'BPF' : 'Iptables' },
		nodeMonitor: { cpus: status.cpus, npages: 64, pagesize: 4096 },
	};
}

export const statusCommand: Command = {
	name: 'status',
	short: 'Display status of daemon',
	flags: FLAGS,
	run: async (run) => {
		const { call, flags } = run;
		const agent = agentIn(call.place, call.lab);
		const brief = flags.on('brief');
		const error = unreachable(agent, `healthz?brief=${brief}`);
		if (error !== undefined) {
			call.err(brief ? 'cilium: daemon unreachable\n' : `${error}\n`);
			return 1;
		}
		const printed = structured(run, () => model(agent!));
		if (printed !== undefined) return printed;
		if (brief) {
			call.out('OK\n');
			return 0;
		}
		const all = flags.on('verbose');
		call.out(
			formatStatus(agent!, {
				all,
				addresses: all || flags.on('all-addresses'),
				controllers: all || flags.on('all-controllers'),
				health: all || flags.on('all-health'),
			}),
		);
		return 0;
	},
};
