/** `cilium metrics`. Source: cilium/cmd/metrics_list.go @ v1.12.1, v1.18.3. */
import type { Command } from '../../cobra/index.ts';
import { CILIUM_AGENT, tabulate } from '../../text/index.ts';
import { type Agent, asking, endpointsOf } from './context.ts';
import { enforcement, policyEnabled } from './endpoint.ts';
import { NO_MAP, orZero } from './go-output.ts';
import { dropText, eventsOf } from './monitor/index.ts';
import { OUTPUT, structured } from './output.ts';
import { rulesJson } from './policy-rules.ts';
import { controllersOf } from './status/controllers.ts';
import { statusOf } from './status/model.ts';

interface Sample {
	readonly name: string;
	readonly labels: Readonly<Record<string, string>>;
	readonly value: number;
}

/** Maps whose pressure is told (WithPressureMetric() in pkg/maps @ v1.16.15), of those that keep what is in them. */
const PRESSED =
	/^cilium_(lxc|ipcache(?:_v2)?|lb4_(?:services_v2|backends_v\d|reverse_nat|source_range)|lb_affinity_match|tunnel_map|ipmasq_v4)$/;
/** From 1.15 a controller counts connections too. */
const COUNTED = /^cilium_(ct4_global|ct_any4_global)$/;

/** How full maps are: 1 is full. */
function pressure(agent: Agent): readonly (readonly [name: string, share: number])[] {
	return [...agent.ns().bpfMaps.values()].flatMap(({ name, blocks, entries, maxEntries }) => {
		const known = PRESSED.exec(name) ?? (agent.minor >= 15 ? COUNTED.exec(name) : null);
		if (!known || maxEntries === 0) return [];
		const count = blocks.reduce((sum, block) => sum + block.size(), entries.size);
		return [[known[1]!, count / maxEntries] as const];
	});
}

/** Metrics of the agent that the lab counts (pkg/metrics/{metrics,status}.go @ v1.12.1, v1.18.3). */
function samples(agent: Agent): readonly Sample[] {
	const out: Sample[] = [];
	const add = (name: string, value: number, labels: Sample['labels'] = {}): void =>
		void out.push({ name: `cilium_${name}`, labels, value });
	const { api } = agent.cluster;
	const { minor } = agent;
	const identities = api.find('ciliumidentities');
	const sum = new Map<string, { packets: number; bytes: number }>();
	for (const { reason, direction, packets, bytes } of eventsOf(agent).metrics) {
		if (reason === 3) continue;
		const key = reason === 0 ? `forward\0${direction}` : `drop\0${direction}\0${dropText(reason)}`;
		const entry = sum.get(key) ?? { packets: 0, bytes: 0 };
		sum.set(key, { packets: entry.packets + packets, bytes: entry.bytes + bytes });
	}
	for (const [key, { packets, bytes }] of sum) {
		const [kind, direction = '', reason] = key.split('\0');
		const labels = { direction, ...(reason === undefined ? {} : { reason }) };
		add(`${kind}_bytes_total`, bytes, labels);
		add(`${kind}_count_total`, packets, labels);
	}
	const endpoints = endpointsOf(agent).length;
	add('endpoint', endpoints);
	const states = new Map<string, number>();
	const enforced = new Map<string, number>();
	for (const endpoint of endpointsOf(agent)) {
		states.set(endpoint.state, (states.get(endpoint.state) ?? 0) + 1);
		const policy = policyEnabled(enforcement(agent, endpoint));
		enforced.set(policy, (enforced.get(policy) ?? 0) + 1);
	}
	for (const [state, count] of states) add('endpoint_state', count, { endpoint_state: state });
	for (const [policy, count] of enforced) add('policy_endpoint_enforcement_status', count, { enforcement: policy });
	add('identity', identities ? api.list(identities).length : 0, { type: 'cluster_local' });
	if (minor >= 14) add('nodes_all_num', agent.cluster.agents().length);
	add('controllers_failing', 0);
	add(
		'controllers_runs_total',
		controllersOf(agent).reduce((sum, { runs }) => sum + runs, 0),
		{ status: 'success' },
	);
	const { allocated } = statusOf(agent);
	add('ip_addresses', allocated.length, { family: 'ipv4' });
	add('ip_addresses', 0, { family: 'ipv6' });
	if (minor >= 16) add('ipam_capacity', 2 ** (32 - agent.state.podCIDR.length) - 2, { family: 'ipv4' });
	for (const [name, share] of pressure(agent)) add('bpf_map_pressure', share, { map_name: name });
	add('policy', rulesJson(agent).length);
	add('policy_max_revision', agent.state.policyRevision);
	const away = agent.cluster.agents().filter(({ state }) => state !== 'ready').length;
	add('unreachable_health_endpoints', away);
	add('unreachable_nodes', away);
	return out.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

const REST = 'the simulator counts these of the agent’s metrics, and leaves the others out\n';

export const metricsCommand: Command = {
	name: 'metrics',
	short: 'Access metric status',
	commands: [
		{
			name: 'list',
			short: 'List all metrics',
			flags: [
				{
					name: 'match-pattern',
					short: 'p',
					type: 'string',
					usage: 'Show only metrics whose names match matchpattern',
				},
				OUTPUT,
			],
			run: asking('Cannot get metrics list: ', 'metrics/', (run, agent) => {
				let pattern: RegExp;
				try {
					pattern = new RegExp(run.flags.text('match-pattern'));
				} catch {
					return `Cannot compile regex: error parsing regexp: \`${run.flags.text('match-pattern')}\``;
				}
				const found = samples(agent).filter(({ name }) => pattern.test(name));
				const printed = structured(run, () =>
					found.map(({ name, labels, value }) => ({
						labels: Object.keys(labels).length > 0 ? new Map(Object.entries(labels)) : NO_MAP,
						name,
						value: orZero(value),
					})),
				);
				if (printed !== undefined) return printed;
				const rows = found.map(({ name, labels, value }) => {
					const text = Object.entries(labels)
						.sort(([a], [b]) => (a < b ? -1 : 1))
						.map(([key, label]) => `${key}="${label}"`)
						.join(' ');
					return `${name}\t${text}\t${value.toFixed(6)}\n`;
				});
				if (run.flags.text('match-pattern') === '') run.call.err(REST);
				run.call.out(tabulate(`Metric\tLabels\tValue\n${rows.join('')}`, CILIUM_AGENT));
				return 0;
			}),
		},
	],
};
