/** Lanes, stations and numbers of one connection's first packet and first reply. */
import type { Outcome } from '../../sim/world/index.ts';
import { type Stop, stopsOf } from './stations.ts';
import type { Counts, Figure, Lane, OwnerKind, Places, Role, Station } from './types.ts';

/** The figure of an outcome whose trace was recorded; without a trace it has no stations. */
export function figureOf(outcome: Outcome, places: Places): Figure {
	const request = withAccept(
		stopsOf(
			outcome.trace.filter((d) => d.packet === outcome.firstPacket),
			'request',
		),
		outcome,
	);
	const reply =
		outcome.firstReply === undefined
			? []
			: stopsOf(
					outcome.trace.filter((d) => d.packet === outcome.firstReply),
					'reply',
				);
	const lanes = lanesOf(request, reply, places);
	const stations = [...request, ...reply].map(
		(stop, i): Station => ({
			...stop,
			id: i < request.length ? `q${i + 1}` : `p${i - request.length + 1}`,
			number: i + 1,
			lane: lanes.findIndex((lane) => lane.ns === stop.ns),
		}),
	);
	// What ended the way says more than what happened to the packet before.
	const ended = stations.findIndex((s) => s.end && s.end !== 'delivered');
	const telling = ended >= 0 ? ended : stations.findIndex((s) => s.rewrites);
	return { outcome, lanes, stations, counts: countsOf(request, reply), focus: Math.max(telling, 0) };
}

/**
 * A server learns of a TCP connection with the last packet of the handshake. What it then sees is told where the
 * first packet arrived, because that is what the reader asks there.
 */
function withAccept(stops: Stop[], outcome: Outcome): Stop[] {
	const last = stops.at(-1);
	if (last?.end !== 'delivered' || last.decisions.some((d) => d.hook === 'socket')) return stops;
	const accept = outcome.trace.find((d) => d.why.code === 'socket.accepted' && d.ns === last.ns);
	if (!accept) return stops;
	const decisions = [...last.decisions, accept];
	return [...stops.slice(0, -1), { ...last, decisions, main: decisions.length - 1 }];
}

function lanesOf(request: readonly Stop[], reply: readonly Stop[], places: Places): Lane[] {
	const order: string[] = [];
	for (const stop of [...request, ...reply]) if (!order.includes(stop.ns)) order.push(stop.ns);
	const forward = request.map((s) => s.ns);
	const client = forward[0];
	const server = request.find((s) => s.end === 'delivered')?.ns;
	const nodes = order.filter((ns) => ns.startsWith('node/'));
	const transit = nodes.filter((ns) => ns !== client && (ns !== server || forward.length > 1));
	const entry = transit.find((ns) => forward.includes(ns));
	const beforeServer = transit.filter((ns) => ns !== server && forward.includes(ns)).at(-1);
	return order.map((ns): Lane => {
		const roles: Role[] = [];
		if (ns === client) roles.push('client');
		if (ns === entry) roles.push('entry');
		if (ns === beforeServer && server !== undefined) roles.push('backend');
		if (ns === server) roles.push('server');
		if (roles.length === 0) roles.push('transit');
		const ip = places.address(ns);
		return { ns, kind: kindOf(ns), roles, name: places.name(ns) ?? nameOf(ns), ip };
	});
}

/** `pod/default/echo-abc` reads `echo-abc`; what is not in the default namespace keeps its namespace. */
function nameOf(ns: string): string {
	const [kind, ...rest] = ns.split('/');
	if (kind === 'pod' && rest[0] === 'default') return rest.slice(1).join('/');
	return rest.length > 0 ? rest.join('/') : ns;
}

function kindOf(ns: string): OwnerKind {
	if (ns.startsWith('node/')) return 'node';
	if (ns.startsWith('pod/')) return 'pod';
	if (ns.startsWith('router/')) return 'router';
	return ns === 'host' ? 'client' : 'outside';
}

function countsOf(request: readonly Stop[], reply: readonly Stop[]): Counts {
	let hit = 0;
	let tried = 0;
	for (const stop of [...request, ...reply]) {
		for (const d of stop.decisions) {
			tried += d.tried ?? 0;
			if (d.rule !== undefined) {
				hit++;
				tried++;
			}
		}
	}
	return { there: request.filter((s) => s.kind !== 'giveup').length, back: reply.length, hit, tried };
}
