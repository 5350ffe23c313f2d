/**
 * `cilium monitor`: what the programs of the agent's node tell, as it happens. Source: cilium/cmd/monitor.go @ v1.12.1,
 * cilium-dbg/cmd/monitor.go @ v1.18.3; pkg/monitor/format.
 */
import type { Command, Flag, Run } from '../../../cobra/index.ts';
import { nextDue } from '../../../linux/index.ts';
import { type Call, Interrupted } from '../../../tool.ts';
import { type Agent, agentIn, asking, cpusOf, endpointsOf } from '../context.ts';
import { ringOf, toldOf } from './collector.ts';
import { infoLine, jsonLine, sockLine, verboseText } from './format.ts';
import type { Notification } from './types.ts';

/** pkg/monitor/api/types.go MessageTypeNames. */
const TYPES = ['agent', 'capture', 'debug', 'drop', 'l7', 'policy-verdict', 'recorder', 'trace', 'trace-sock'];

const FLAGS: readonly Flag[] = [
	{ name: 'from', type: 'strings', usage: 'Filter by source endpoint id' },
	{ name: 'hex', type: 'bool', usage: 'Do not dissect, print payload in HEX' },
	{ name: 'json', short: 'j', type: 'bool', usage: 'Enable json output. Shadows -v flag' },
	{ name: 'monitor-socket', type: 'string', usage: 'Configure monitor socket path' },
	{ name: 'numeric', short: 'n', type: 'bool', usage: 'Display all security identities as numeric values' },
	{ name: 'related-to', type: 'strings', usage: 'Filter by either source or destination endpoint id' },
	{ name: 'to', type: 'strings', usage: 'Filter by destination endpoint id' },
	{ name: 'type', short: 't', type: 'strings', usage: `Filter by event types [${TYPES.join(' ')}]` },
	{ name: 'verbose', short: 'v', type: 'count', usage: 'Enable verbose output (-v, -vv)' },
];

/** How long nothing may happen before the agent itself is looked at, microseconds. */
const LOOK = 5_000_000;

interface Filter {
	readonly types: ReadonlySet<string>;
	readonly from: ReadonlySet<number>;
	readonly to: ReadonlySet<number>;
	readonly related: ReadonlySet<number>;
}

const passes = (event: Notification, { types, from, to, related }: Filter): boolean =>
	(types.size === 0 || types.has(event.type)) &&
	(from.size === 0 || from.has(event.source)) &&
	(to.size === 0 || to.has(event.dstId)) &&
	(related.size === 0 || related.has(event.source) || related.has(event.dstId));

/** A filter, or what is wrong with the flags. */
function filterOf({ flags }: Run): Filter | string {
	const numbers = (name: string): ReadonlySet<number> | string => {
		const out = new Set<number>();
		for (const text of flags.list(name)) {
			if (!/^\d+$/.test(text) || Number(text) > 65535)
				return `invalid argument ${JSON.stringify(text)} for "--${name}" flag: strconv.ParseUint: parsing ${JSON.stringify(text)}: ${/^\d+$/.test(text) ? 'value out of range' : 'invalid syntax'}`;
			out.add(Number(text));
		}
		return out;
	};
	const unknown = flags.list('type').find((type) => !TYPES.includes(type));
	if (unknown !== undefined)
		return `invalid argument ${JSON.stringify(unknown)} for "-t, --type" flag: unknown type (${unknown}). Please use one of the following ones [${TYPES.join(' ')}]`;
	const from = numbers('from');
	const to = numbers('to');
	const related = numbers('related-to');
	if (typeof from === 'string') return from;
	if (typeof to === 'string') return to;
	if (typeof related === 'string') return related;
	return { types: new Set(flags.list('type')), from, to, related };
}

/** validateEndpointsFilters(): only looked at when all three are given, upstream. */
function missing({ from, to, related }: Filter, agent: Agent): string | undefined {
	if (from.size === 0 || to.size === 0 || related.size === 0) return undefined;
	const known = new Set(endpointsOf(agent).map(({ id }) => id));
	const unknown = [...from, ...to, ...related].filter((id) => !known.has(id));
	return unknown.length === from.size + to.size + related.size
		? unknown.map((id) => `endpoint ${id} not found\n`).join('')
		: undefined;
}

/** Events from then on; the newest stand at the end. */
export function since(ring: readonly Notification[], began: number): readonly Notification[] {
	let at = ring.length;
	while (at > 0 && ring[at - 1]!.time >= began) at--;
	return ring.slice(at);
}

/** Lets time pass until the agent has been told something more, or until something it will be told of. */
export async function waitForMore(call: Call, agent: Agent): Promise<void> {
	const { lab } = call;
	const next = ringOf(agent).find(({ time }) => time > lab.now)?.time ?? Number.POSITIVE_INFINITY;
	const due = nextDue(lab, agent.cluster);
	const told = toldOf(agent);
	const until = Math.min(next, due);
	await call.until(() => toldOf(agent) !== told || until <= lab.now, Math.max(1, Math.min(LOOK, until - lab.now)));
}

async function monitor(run: Run, first: Agent): Promise<number | string> {
	const { call, flags, args } = run;
	if (args.length > 0)
		return first.minor <= 12
			? 'arguments not recognized'
			: `unknown command ${JSON.stringify(args[0])} for "${run.path}"`;
	const filter = filterOf(run);
	if (typeof filter === 'string') return filter;
	const absent = missing(filter, first);
	if (absent !== undefined) {
		call.err(absent);
		return 1;
	}
	call.err(`Listening for events on ${cpusOf(first)} CPUs with 64x4096 of shared memory\nPress Ctrl-C to quit\n`);
	const numeric = flags.on('numeric');
	const show = (event: Notification): string => {
		const verbose = flags.count('verbose');
		if (event.type === 'trace-sock') return flags.on('json') || verbose !== 1 ? '' : sockLine(event);
		if (flags.on('json')) return jsonLine(event);
		return verbose >= 2 ? verboseText(event, numeric, first.minor) : infoLine(event, numeric, first.minor);
	};
	const shown = new WeakSet<Notification>();
	const began = call.lab.now;
	let dissecting = false;
	try {
		for (;;) {
			const agent = agentIn(call.place, call.lab);
			if (agent?.state.state !== 'ready') {
				call.err('level=warning msg="connection closed" error=EOF subsys=monitor\n');
				return 137;
			}
			for (const event of since(ringOf(agent), began)) {
				if (event.time > call.lab.now) break;
				if (shown.has(event)) continue;
				shown.add(event);
				if (!passes(event, filter)) continue;
				// pkg/monitor/dissect.go, to where the logger became another's.
				if (event.type !== 'trace-sock' && !dissecting && first.minor <= 17)
					call.err('level=info msg="Initializing dissection cache..." subsys=monitor\n');
				dissecting ||= event.type !== 'trace-sock';
				call.out(show(event));
			}
			await waitForMore(call, agent);
		}
	} catch (thrown) {
		if (thrown instanceof Interrupted) call.err('\nReceived an interrupt, disconnecting from monitor...\n\n');
		throw thrown;
	}
}

export const monitorCommand: Command = {
	name: 'monitor',
	short: 'Display BPF program events',
	long: `The monitor displays notifications and events emitted by the BPF
programs attached to endpoints and devices. This includes:
  * Dropped packet notifications
  * Captured packet traces
  * Policy verdict notifications
  * Debugging information`,
	flags: FLAGS,
	run: asking('', 'healthz', monitor),
};
