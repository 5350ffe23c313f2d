/** `hubble observe`. Source: hubble/cmd/observe/flows.go @ v1.17.5. */
import type { Command, Flag } from '../../../cobra/index.ts';
import { Interrupted } from '../../../tool.ts';
import { type Notification, nextDue, ringOf, toldOf } from '../monitor/index.ts';
import { FILTER_FLAGS, filterFrom } from './filter.ts';
import type { Flow } from './flow.ts';
import { type FlowFormat, FlowPrinter } from './print.ts';
import { allFlows, serverOf } from './server.ts';

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

export const observe: Command = {
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
