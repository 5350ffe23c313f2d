/**
 * `hubble`: flows of one agent in its pod, or of all agents by way of Hubble Relay on the learner's machine.
 * Source: hubble/cmd/{observe,status,list,version} @ v1.17.5; github.com/cilium/hubble @ v0.10.0 for what went with 1.12.
 */
import { type Command, completeCommand, type Manner, runCommand } from '../../../cobra/index.ts';
import { agentMinorAt, agentVersionAt } from '../../../places.ts';
import { tabulate } from '../../../text/index.ts';
import type { Tool } from '../../../tool.ts';
import type { Agent } from '../context.ts';
import { eventsOf, FLOW_BUFFER } from '../monitor/index.ts';
import { goDuration } from '../output.ts';
import { SERVER_FLAGS } from './flags.ts';
import { observe } from './observe.ts';
import { allFlows, serverOf } from './server.ts';

const grouped = (n: number): string => String(n).replace(/\B(?=(\d{3})+$)/g, ',');

const totals = (agents: readonly Agent[]) => {
	const events = agents.map((agent) => ({ agent, ...eventsOf(agent) }));
	const current = events.reduce((sum, { flows }) => sum + flows.length, 0);
	const rate = events.reduce(
		(sum, { agent, seen }) => sum + seen / Math.max(1, (agent.lab.now - agent.state.startedAt) / 1e6),
		0,
	);
	const max = agents.length * FLOW_BUFFER;
	return { current, max, rate, share: max === 0 ? '0.00' : ((current / max) * 100).toFixed(2) };
};

const status: Command = {
	name: 'status',
	short: 'Display status of Hubble server',
	flags: [
		{
			name: 'output',
			short: 'o',
			type: 'string',
			default: 'compact',
			usage: 'Specify the output format, one of: compact, dict, json, table',
		},
		...SERVER_FLAGS,
	],
	run: async (run) => {
		const { call } = run;
		const server = serverOf(run);
		if (server.kind === 'none') return server.error;
		const { current, max, rate, share } = totals(server.agents());
		if (run.flags.text('output') === 'json') {
			call.out(`${JSON.stringify({ num_flows: String(current), max_flows: String(max), flows_rate: rate })}\n`);
			return 0;
		}
		call.out(
			`Healthcheck (via ${server.address}): Ok\nCurrent/Max Flows: ${grouped(current)}/${grouped(max)} (${share}%)\nFlows/s: ${rate.toFixed(2)}\n`,
		);
		if (server.kind === 'relay') call.out(`Connected Nodes: ${server.agents().length}/${server.nodes()}\n`);
		return 0;
	},
};

const nodes: Command = {
	name: 'nodes',
	aliases: ['node'],
	short: 'List Hubble nodes',
	flags: [
		{
			name: 'output',
			short: 'o',
			type: 'string',
			default: 'table',
			usage: 'Specify the output format, one of: json, table, wide',
		},
		...SERVER_FLAGS,
	],
	run: async (run) => {
		const server = serverOf(run);
		if (server.kind === 'none') return server.error;
		// Only Relay knows of others (pkg/hubble/observer/local_observer.go GetNodes()).
		if (server.kind === 'agent') return 'rpc error: code = Unimplemented desc = GetNodes not implemented';
		const rows = server.agents().map((agent) => {
			const { current, rate, share } = totals([agent]);
			const name = `${agent.state.config['cluster-name'] ?? 'default'}/${agent.state.node}`.replace(
				/^default\//,
				'default/',
			);
			const age = goDuration(Math.floor((agent.lab.now - agent.state.startedAt) / 1e6) * 1e6);
			return `${name}\tConnected\t${age}\t${rate.toFixed(2)}\t${grouped(current)}/${grouped(FLOW_BUFFER)} (${share.padStart(6)}%)\n`;
		});
		run.call.out(
			tabulate(`NAME\tSTATUS\tAGE\tFLOWS/S\tCURRENT/MAX-FLOWS\n${rows.sort().join('')}`, {
				minWidth: 2,
				tabWidth: 0,
				padding: 3,
			}),
		);
		return 0;
	},
};

/** Namespaces of what the flows in the rings are about (from 1.14's agents). */
const namespaces: Command = {
	name: 'namespaces',
	aliases: ['namespace', 'ns'],
	short: 'List namespaces with recent flows',
	flags: [
		{
			name: 'output',
			short: 'o',
			type: 'string',
			default: 'table',
			usage: 'Specify the output format, one of: json, table',
		},
		...SERVER_FLAGS,
	],
	run: async (run) => {
		const server = serverOf(run);
		if (server.kind === 'none') return server.error;
		const agents = server.agents();
		if (agents.some(({ minor }) => minor <= 13))
			return 'rpc error: code = Unimplemented desc = unknown method GetNamespaces for service observer.Observer';
		const seen = new Set(
			allFlows(agents).flatMap(({ source, destination }) => [source.namespace, destination.namespace]),
		);
		const rows = [...seen].filter((name) => name !== '').sort();
		if (run.flags.text('output') === 'json') {
			run.call.out(`${JSON.stringify(rows.map((namespace) => ({ namespace })))}\n`);
			return 0;
		}
		run.call.out(
			tabulate(`NAMESPACE\n${rows.map((name) => `${name}\n`).join('')}`, { minWidth: 2, tabWidth: 0, padding: 3 }),
		);
		return 0;
	},
};

/** Which hubble an agent's image brings, by its minor (images/cilium/download-hubble.sh). */
const RELEASES: readonly (readonly [upTo: number, version: string])[] = [
	[12, 'v0.10.0'],
	[13, 'v0.11.6'],
	[14, 'v0.12.3'],
	[15, 'v0.13.6'],
	[16, 'v1.16.6'],
	[17, 'v1.17.5'],
	[99, 'v1.18.3'],
];

const version: Command = {
	name: 'version',
	short: 'Display detailed version information',
	run: async ({ call }) => {
		const minor = agentMinorAt(call.place, call.lab) || 17;
		call.out(`hubble ${RELEASES.find(([upTo]) => minor <= upTo)![1]} compiled for linux/amd64\n`);
		return 0;
	},
};

const ROOT: Command = {
	name: 'hubble',
	short: 'Hubble is a utility to observe and inspect recent Cilium routed traffic in a cluster',
	long: 'Hubble is a utility to observe and inspect recent Cilium routed traffic in a cluster.',
	commands: [
		{
			name: 'completion',
			short: 'Output shell completion code',
			run: async () => 'the shell of the simulator completes "hubble" by itself (Tab): it needs no script',
		},
		{
			name: 'config',
			short: 'Modify or view hubble config',
			commands: ['get', 'reset', 'set', 'view'].map((name) => ({
				name,
				short: `${name[0]!.toUpperCase()}${name.slice(1)} of the hubble config`,
				run: async () => 'the simulator’s hubble keeps no configuration of its own: give flags instead',
			})),
		},
		{ name: 'list', short: 'List Hubble objects', commands: [namespaces, nodes] },
		observe,
		{
			name: 'record',
			use: '[flags] filter1 filter2 ... filterN',
			short: 'Capture and record network packets',
			run: async (run) => {
				const server = serverOf(run);
				if (server.kind === 'none') return server.error;
				return 'rpc error: code = Unimplemented desc = unknown service recorder.Recorder';
			},
		},
		{
			name: 'watch',
			short: 'Watch Hubble objects',
			commands: [
				{
					name: 'peers',
					aliases: ['peer'],
					short: 'Watch for Hubble peers updates',
					run: async () =>
						'the simulator’s agents tell nobody of their peers: "hubble list nodes" by way of Relay has them',
				},
			],
		},
		status,
		version,
	],
};

const MANNER: Manner = {
	lenient: true,
	exitCode: 1,
	unknownCommand: (path, word) => `unknown command "${word}" for "${path}"\n`,
	flagError: (_, message) => `${message}\n`,
	failure: (message) => `${message}\n`,
};

export const hubbleTool: Tool = {
	name: 'hubble',
	at: (place, lab) => place.kind === 'laptop' || agentVersionAt(place, lab) !== undefined,
	run: (call) => runCommand(ROOT, MANNER, call),
	complete: (words, at) => completeCommand(ROOT, words, at),
};
