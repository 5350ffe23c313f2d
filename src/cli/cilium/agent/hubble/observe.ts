/** `hubble observe`. Source: hubble/cmd/observe/flows.go @ v1.17.5. */
import type { Command, Run } from '../../../cobra/index.ts';
import { nextDue } from '../../../linux/index.ts';
import { Interrupted } from '../../../tool.ts';
import { type Notification, ringOf, toldOf } from '../monitor/index.ts';
import { filterFrom } from './filter.ts';
import { lacking, OBSERVE_FLAGS, SERVER_FLAGS } from './flags.ts';
import type { Flow } from './flow.ts';
import { type FlowFormat, FlowPrinter } from './print.ts';
import { allFlows, serverOf } from './server.ts';
import { momentOf } from './times.ts';

const FORMATS: readonly FlowFormat[] = ['compact', 'dict', 'json', 'jsonpb', 'tab', 'table'];

/** How long nothing may happen before followers look who is there, microseconds. */
const LOOK = 5_000_000;

const flows: Command = {
	name: 'flows',
	short: 'Observe flows of a Hubble server',
	long: 'Observe provides visibility into flow information on the network and\napplication level. Rich filtering enable observing specific flows related to\nindividual pods, services, TCP connections, DNS queries, HTTP requests and\nmore.',
	flags: [...OBSERVE_FLAGS, ...SERVER_FLAGS],
	run: async (run) => {
		const { call, flags } = run;
		const named = flags.text('output');
		const format = (named === 'JSON' ? 'json' : named) as FlowFormat;
		if (!FORMATS.includes(format)) return `invalid output format: ${format}`;
		const follow = flags.on('follow');
		if (follow && format.startsWith('tab')) return 'table output format is not compatible with follow mode';
		const lacks = lacking(flags);
		if (lacks !== undefined) return lacks;
		const [first, last] = [flags.number('first') > 0, flags.number('last') > 0];
		if (first && last) return 'cannot set both --first and --last';
		if (first && flags.on('all')) return 'cannot set both --first and --all';
		if (first && follow) return 'cannot set both --first and --follow';
		if (last && flags.on('all')) return 'cannot set both --last and --all';
		const [since, until] = (['since', 'until'] as const).map((name) =>
			flags.text(name) === '' ? undefined : momentOf(flags.text(name), call.lab.epoch, call.lab.now),
		);
		for (const [name, moment] of [
			['since', since],
			['until', until],
		] as const)
			if (flags.text(name) !== '' && moment === undefined)
				return `failed to parse the ${name} time: failed to convert ${flags.text(name)} to time`;
		const filter = filterFrom(flags);
		if ('error' in filter) return filter.error;
		const server = serverOf(run);
		if (server.kind === 'none') return server.error;
		const fits = (flow: Flow): boolean => filter.test(flow);
		const printer = new FlowPrinter({
			format,
			epoch: call.lab.epoch,
			nodeName: flags.on('print-node-name') || (server.kind === 'relay' && format === 'table'),
			translate: flags.on('ip-translation') && !flags.on('numeric'),
			timeFormat: flags.text('time-format'),
		});
		const shown = new WeakSet<Notification>();
		const stored = allFlows(server.agents()).filter(fits);
		const bounded = since !== undefined || until !== undefined;
		const limit = flags.on('all') || bounded ? Number.POSITIVE_INFINITY : follow ? 0 : 20;
		const end = follow ? undefined : until;
		const recent = stored.filter(({ time }) => time >= (since ?? 0) && time <= (end ?? Number.POSITIVE_INFINITY));
		const wanted = first
			? recent.slice(0, flags.number('first'))
			: recent.slice(Math.max(0, recent.length - (last ? flags.number('last') : limit)));
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

/** Of agents whose datapath does not debug, and of a monitor that tells of packets alone. */
const eventsOf = (kind: 'agent' | 'debug'): Command => ({
	name: `${kind}-events`,
	short: kind === 'agent' ? 'Observe Cilium agent events' : 'Observe Cilium debug events',
	flags: [...OBSERVE_FLAGS, ...SERVER_FLAGS],
	run: async (run: Run) => {
		const server = serverOf(run);
		if (server.kind === 'none') return server.error;
		return `the simulator’s agents tell hubble of packets alone, not of ${kind} events`;
	},
});

export const observe: Command = {
	...flows,
	name: 'observe',
	short: 'Observe flows and events of a Hubble server',
	commands: [eventsOf('agent'), eventsOf('debug'), flows],
};
