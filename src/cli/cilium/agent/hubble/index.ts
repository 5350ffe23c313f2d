/**
 * `hubble`: flows of one agent in its pod, or of all agents by way of Hubble Relay on the learner's machine.
 * Source: hubble/cmd/{observe,status,list,version} @ v1.17.5; github.com/cilium/hubble @ v0.10.0 for what went with 1.12.
 */
import type { Cluster, Lab } from '../../../../sim/lab/index.ts';
import { type Command, completeCommand, type Flag, type Manner, type Run, runCommand } from '../../../cobra/index.ts';
import { agentMinorAt, agentVersionAt } from '../../../places.ts';
import { tabulate } from '../../../text/index.ts';
import { Interrupted, type Tool } from '../../../tool.ts';
import { forwardedRelay } from '../../relay.ts';
import { type Agent, agentIn, agentOf } from '../context.ts';
import { eventsOf, FLOW_BUFFER, type Notification, nextDue, ringOf, toldOf } from '../monitor/index.ts';
import { goDuration } from '../output.ts';
import { FILTER_FLAGS, filterFrom } from './filter.ts';
import { type Flow, flowsOf } from './flow.ts';
import { type FlowFormat, FlowPrinter } from './print.ts';

const SOCKET = 'unix:///var/run/cilium/hubble.sock';
const RELAY = 'localhost:4245';

/** Who answers, or why nobody does. */
type Server =
	| { readonly kind: 'agent'; readonly address: string; readonly agents: () => readonly Agent[] }
	| {
			readonly kind: 'relay';
			readonly address: string;
			readonly agents: () => readonly Agent[];
			readonly nodes: () => number;
	  }
	| { readonly kind: 'none'; readonly error: string };

const hasHubble = ({ state }: Agent): boolean => state.state === 'ready' && state.config['enable-hubble'] === 'true';

const agentsOf = (lab: Lab, cluster: Cluster): readonly Agent[] =>
	cluster.agents().map((state) => agentOf(lab, cluster, state));

const refused = (address: string, why: string): string =>
	`failed to connect to '${address}': connection error: desc = "transport: error while dialing: ${why}"`;

function serverOf({ call, flags }: Run): Server {
	const { place, lab } = call;
	if (place.kind === 'pod') {
		const agent = agentIn(place, lab);
		if (!agent || !hasHubble(agent))
			return {
				kind: 'none',
				error: refused(SOCKET, 'dial unix /var/run/cilium/hubble.sock: connect: no such file or directory'),
			};
		return {
			kind: 'agent',
			address: SOCKET,
			agents: () => [agentIn(place, lab)].filter((a) => a !== undefined).filter(hasHubble),
		};
	}
	const address = flags.text('server') || call.env.get('HUBBLE_SERVER') || RELAY;
	const [, host = '', port = ''] = /^(?:tls:\/\/)?(.*):(\d+)$/.exec(address) ?? [];
	const here = host === 'localhost' || host === '127.0.0.1';
	const cluster = here ? forwardedRelay(lab, Number(port)) : undefined;
	if (!cluster) {
		const dialled = `${here ? '127.0.0.1' : host}:${port}`;
		return { kind: 'none', error: refused(address, `dial tcp ${dialled}: connect: connection refused`) };
	}
	return {
		kind: 'relay',
		address,
		agents: () => agentsOf(lab, cluster).filter(hasHubble),
		nodes: () => cluster.nodes().filter(({ role }) => role !== 'external-load-balancer').length,
	};
}

/** Flows of all who answer, by time. */
const allFlows = (agents: readonly Agent[]): readonly Flow[] =>
	agents.flatMap((agent) => flowsOf(agent, eventsOf(agent).flows)).sort((a, b) => a.time - b.time);

const FORMATS: readonly FlowFormat[] = ['compact', 'dict', 'json', 'jsonpb', 'tab', 'table'];

const OBSERVE_FLAGS: readonly Flag[] = [
	{
		name: 'all',
		type: 'bool',
		usage: "Get all flows stored in Hubble's buffer. Note: this option may return a lot of flows",
	},
	{ name: 'first', type: 'int', usage: "Get first N flows stored in Hubble's buffer" },
	{ name: 'follow', short: 'f', type: 'bool', usage: 'Follow flows output' },
	{
		name: 'ip-translation',
		type: 'bool',
		default: 'true',
		usage: 'Translate IP addresses to logical names such as pod name, FQDN, ...',
	},
	{ name: 'last', type: 'int', usage: "Get last N flows stored in Hubble's buffer (default 20)" },
	{ name: 'node-name', type: 'strings', usage: 'Show all flows which match the given node names' },
	{
		name: 'output',
		short: 'o',
		type: 'string',
		default: 'compact',
		usage: 'Specify the output format, one of: compact, dict, json, jsonpb, table',
	},
	{ name: 'print-node-name', type: 'bool', usage: 'Print node name in output' },
	{ name: 'server', type: 'string', usage: 'Address of a Hubble server' },
	{
		name: 'since',
		type: 'duration',
		usage: 'Filter flows since a specific date. The format is relative (e.g. 3s, 4m, 1h43,, ...)',
	},
	{
		name: 'until',
		type: 'duration',
		usage: 'Filter flows until a specific date. The format is relative (e.g. 3s, 4m, 1h43,, ...)',
	},
	{
		name: 'color',
		type: 'string',
		default: 'auto',
		usage: 'Colorize the output when the output format is one of dict, table',
	},
	{ name: 'timeout', type: 'duration', default: '5s', usage: 'Hubble server dialing timeout' },
	...FILTER_FLAGS,
];

/** How long nothing may happen before followers look who is there, microseconds. */
const LOOK = 5_000_000;

const observe: Command = {
	name: 'observe',
	aliases: ['flows'],
	short: 'Observe flows and events of a Hubble server',
	long: 'Observe provides visibility into flow information on the network and\napplication level. Rich filtering enable observing specific flows related to\nindividual pods, services, TCP connections, DNS queries, HTTP requests and\nmore.',
	flags: OBSERVE_FLAGS,
	run: async (run) => {
		const { call, flags } = run;
		const format = flags.text('output') as FlowFormat;
		if (!FORMATS.includes(format)) return `invalid output format: ${format}`;
		if (flags.given('first') && flags.given('last')) return 'cannot set both --first and --last';
		const filter = filterFrom(flags, call.args);
		if ('error' in filter) return filter.error;
		const server = serverOf(run);
		if (server.kind === 'none') return server.error;
		const names = flags.list('node-name');
		const fits = (flow: Flow): boolean => filter.test(flow) && (names.length === 0 || names.includes(flow.node));
		const printer = new FlowPrinter({
			format,
			epoch: call.lab.epoch,
			nodeName: flags.on('print-node-name') || (server.kind === 'relay' && format === 'table'),
			translate: flags.on('ip-translation'),
		});
		const follow = flags.on('follow');
		const since = flags.given('since') ? call.lab.now - flags.duration('since') : undefined;
		const shown = new WeakSet<Notification>();
		const stored = allFlows(server.agents()).filter(fits);
		const limit = flags.on('all') || since !== undefined ? Number.POSITIVE_INFINITY : follow ? 0 : 20;
		const until = flags.given('until') ? call.lab.now - flags.duration('until') : Number.POSITIVE_INFINITY;
		const recent = stored.filter(({ time }) => time >= (since ?? 0) && time <= until);
		const wanted = flags.given('first')
			? recent.slice(0, flags.number('first'))
			: recent.slice(Math.max(0, recent.length - (flags.given('last') ? flags.number('last') : limit)));
		const began = call.lab.now;
		for (const flow of wanted) {
			shown.add(flow.event);
			call.out(printer.print(flow));
		}
		if (!follow) {
			call.out(printer.end());
			return 0;
		}
		const wait = async (): Promise<void> => {
			const rings = server.agents();
			const next = Math.min(
				...rings.map(({ lab, cluster }) => nextDue(lab, cluster)),
				...rings.flatMap((agent) => ringOf(agent).map(({ time }) => time)).filter((time) => time > call.lab.now),
			);
			const told = (): number => server.agents().reduce((sum, agent) => sum + toldOf(agent), 0);
			const had = told();
			await call.until(() => told() !== had || next <= call.lab.now, Math.max(1, Math.min(LOOK, next - call.lab.now)));
		};
		try {
			for (;;) {
				await wait();
				for (const flow of allFlows(server.agents())) {
					if (flow.time < began || shown.has(flow.event)) continue;
					shown.add(flow.event);
					if (fits(flow)) call.out(printer.print(flow));
				}
				if (server.kind === 'agent' && server.agents().length === 0)
					return 'rpc error: code = Unavailable desc = error reading from server: EOF';
			}
		} catch (thrown) {
			if (thrown instanceof Interrupted) call.out(printer.end());
			throw thrown;
		}
	},
};

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
		{ name: 'server', type: 'string', usage: 'Address of a Hubble server' },
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
