/**
 * Decisions of one packet, grouped into the stations of a line.
 *
 * A visit is an unbroken run of decisions in one namespace. A visit in which the packet was neither rewritten nor
 * stopped is one station; any other is cut where the kernel's own hooks cut it.
 */
import type { Decision, Headers, Hook } from '../../sim/trace/index.ts';
import { changedFields, isRewrite } from './fields.ts';
import type { Direction, End, Label, Station, StationKind } from './types.ts';

/** A station before it is numbered and given a lane. */
export type Stop = Omit<Station, 'id' | 'number' | 'lane'>;

type Stage = Exclude<StationKind, 'pass' | 'giveup'>;

/** Hooks of a frame that is only switched. */
const SWITCHED: ReadonlySet<Hook> = new Set<Hook>(['rx', 'bridge', 'tx']);
/** The packet goes no further. What a socket says of its own packet is no end of the packet that told it. */
const isEnd = (d: Decision): boolean =>
	d.verdict === 'drop' || d.verdict === 'reject' || (d.verdict === 'error' && d.hook !== 'socket');

/** Stations of one packet, in order. `decisions` are that packet's alone. */
export function stopsOf(decisions: readonly Decision[], direction: Direction): Stop[] {
	const visits = visitsOf(decisions);
	const stops: Stop[] = [];
	let carried: Decision[] = [];
	let through: string[] = [];
	let current: Headers | undefined;
	let printed: Headers | undefined;
	visits.forEach((visit, i) => {
		const between = i > 0 && i < visits.length - 1;
		if (between && visit.every((d) => SWITCHED.has(d.hook))) {
			carried = [...carried, ...visit];
			through = [...through, visit[0]!.ns];
			return;
		}
		// The mark is the machine's own note on the packet: it stays behind when the packet goes out on a wire.
		const arrived = visit.find((d) => d.hook === 'rx')?.before;
		if (arrived) {
			current = arrived;
			printed = printed && { ...printed, mark: arrived.mark };
		}
		const ended = stops.some((s) => s.decisions.some(isEnd));
		const segments: [StationKind, Decision[]][] = ended ? [['giveup', [...visit]]] : segmentsOf(visit);
		for (const [kind, own] of segments) {
			const all = [...carried, ...own];
			const before = current ?? own.find((d) => d.before)?.before ?? own.find((d) => d.after)?.after;
			const after = lastHeaders(own) ?? before;
			const changed = before && after ? changedFields(before, after) : [];
			const rewrites = isRewrite(changed);
			let label: Label | undefined;
			if (after && (!printed || isRewrite(changedFields(printed, after)))) {
				label = { headers: after, changed: printed ? changedFields(printed, after) : [] };
				printed = after;
			}
			stops.push({
				direction,
				kind,
				ns: visit[0]!.ns,
				devIn: own.find((d) => d.hook === 'rx')?.dev,
				devOut: own.findLast((d) => d.hook === 'tx')?.dev,
				through,
				decisions: all,
				main: all.indexOf(mainDecision(own)),
				chains: chainsOf(own),
				before,
				after,
				changed,
				rewrites,
				label,
			});
			current = after ?? current;
			carried = [];
			through = [];
		}
	});
	const open = stops.at(-1);
	if (carried.length > 0 && open) stops[stops.length - 1] = { ...open, decisions: [...open.decisions, ...carried] };
	// A client that gives up is no stop of the packet: the packet's way ended before.
	const at = stops.findLastIndex((s) => s.kind !== 'giveup');
	const last = stops[at];
	if (last) stops[at] = { ...last, end: endOf(last), label: last.end ? undefined : keepLabel(last) };
	return stops;
}

/** A packet that went no further has nothing to print on the line after its last station. */
function keepLabel(stop: Stop): Label | undefined {
	return stop.kind === 'send' ? stop.label : undefined;
}

function visitsOf(decisions: readonly Decision[]): Decision[][] {
	const visits: Decision[][] = [];
	for (const d of decisions) {
		const last = visits.at(-1);
		if (last && last[0]!.ns === d.ns) last.push(d);
		else visits.push([d]);
	}
	return visits;
}

/** Cuts a visit into stations; returns one when the visit has nothing to tell apart. */
function segmentsOf(visit: readonly Decision[]): [StationKind, Decision[]][] {
	const stages = stagesOf(visit);
	const eventful = visit.some((d) => isEnd(d) || d.verdict === 'redirect' || rewrote(d) || isProgram(d));
	if (!eventful) return [[quietKind(visit), [...visit]]];
	const segments: [StationKind, Decision[]][] = [];
	visit.forEach((d, i) => {
		const stage = stages[i]!;
		const last = segments.at(-1);
		if (last && last[0] === stage) last[1].push(d);
		else segments.push([stage, [d]]);
	});
	// A frame that merely arrived is told with what the next hook did to it.
	const [first, second] = segments;
	if (first?.[0] === 'arrive' && second && !first[1].some((d) => isEnd(d) || rewrote(d))) {
		second[1].unshift(...first[1]);
		segments.shift();
	}
	return segments;
}

function quietKind(visit: readonly Decision[]): StationKind {
	const came = visit.some((d) => d.hook === 'rx' || d.hook === 'tc-ingress' || d.hook === 'PREROUTING');
	const left = visit.some((d) => d.hook === 'tx');
	if (!came) return 'send';
	return left ? 'pass' : 'receive';
}

/** Said by a BPF program, whose name stands where a chain's would. */
function isProgram(d: Decision): boolean {
	return d.chain !== undefined && (d.hook === 'xdp' || d.hook === 'tc-ingress' || d.hook === 'tc-egress');
}

function rewrote(d: Decision): boolean {
	return !!d.before && !!d.after && isRewrite(changedFields(d.before, d.after));
}

/** Stage of each decision: hooks in the kernel's order, `route` and `socket` told by their neighbours. */
function stagesOf(visit: readonly Decision[]): Stage[] {
	const hasLater = (from: number, hook: Hook) => visit.some((d, i) => i > from && d.hook === hook);
	const received = visit.some((d) => d.hook === 'rx' || d.hook === 'PREROUTING');
	let stage: Stage = received ? 'arrive' : 'send';
	return visit.map((d, i) => {
		switch (d.hook) {
			case 'PREROUTING':
				stage = 'prerouting';
				break;
			case 'INPUT':
				stage = 'input';
				break;
			case 'FORWARD':
				stage = 'forward';
				break;
			case 'OUTPUT':
				stage = 'output';
				break;
			case 'POSTROUTING':
				stage = 'postrouting';
				break;
			case 'socket':
			case 'cgroup':
				// A socket that gets the packet is told with INPUT, when INPUT has something to tell.
				if (received && stage !== 'input') stage = 'receive';
				else if (!received && stage !== 'output') stage = 'send';
				break;
			case 'route':
				if (stage === 'arrive' || stage === 'prerouting')
					stage = d.verdict === 'deliver' || hasLater(i, 'INPUT') ? 'input' : 'forward';
				break;
			case 'xdp':
			case 'tc-ingress':
			case 'tc-egress':
				if (isProgram(d)) stage = 'program';
				break;
			case 'neigh':
			case 'tx':
				if (stage === 'forward' && !hasLater(i, 'FORWARD')) stage = 'postrouting';
				break;
			default:
				break;
		}
		return stage;
	});
}

function lastHeaders(decisions: readonly Decision[]): Headers | undefined {
	for (let i = decisions.length - 1; i >= 0; i--) {
		const d = decisions[i]!;
		if (d.after) return d.after;
		if (d.before) return d.before;
	}
	return undefined;
}

/** The decision that says most about a station: what stopped the packet, then what gave it a new address. */
function mainDecision(decisions: readonly Decision[]): Decision {
	const weight = (d: Decision): number => {
		if (isEnd(d) || d.verdict === 'error') return 9;
		if (d.verdict === 'dnat' || d.verdict === 'snat') return rewrote(d) ? 8 : 4;
		if (rewrote(d)) return 6;
		if (d.hook === 'socket' || d.hook === 'cgroup') return 5;
		if (d.verdict === 'redirect' || d.why.code.startsWith('cilium.'))
			return d.why.code === 'program.redirected' ? 4 : 7;
		if (d.hook === 'route') return 3;
		// What a rule decided says more than the jump that led to it.
		if (d.rule !== undefined) return d.verdict === 'jump' ? 2 : 2.5;
		return d.hook === 'tx' || d.hook === 'rx' ? 0 : 1;
	};
	return decisions.reduce((best, d) => (weight(d) > weight(best) ? d : best));
}

/** `KUBE-SVC-GKN7Y2BSGW4NJTYL` is `KUBE-SVC` to a reader: the hash names one service, the prefix says what it does. */
export function shortChain(chain: string): string {
	return chain.replace(/^(KUBE-(?:SVC|SVL|EXT|SEP|FW|XLB))-[A-Z2-7]{16}$/, '$1');
}

function chainsOf(decisions: readonly Decision[]): string[] {
	const out: string[] = [];
	for (const d of decisions) {
		if (!d.chain || d.rule === undefined || d.table === undefined) continue;
		if (/^(PREROUTING|INPUT|FORWARD|OUTPUT|POSTROUTING)$/.test(d.chain)) continue;
		const short = shortChain(d.chain);
		if (!out.includes(short)) out.push(short);
	}
	return out;
}

function endOf(stop: Stop): End {
	const verdicts = new Set(stop.decisions.map((d) => d.verdict));
	if (verdicts.has('reject')) return 'rejected';
	if (stop.decisions.some(isEnd)) return 'dropped';
	if (verdicts.has('deliver') || stop.kind === 'receive') return 'delivered';
	return 'lost';
}
