/** What a station is called and what stands under its name, as templates and values: no drawing, no measuring. */
import type { FigureText } from '../i18n/figure/index.ts';
import type { Values } from '../i18n/rich.ts';
import type { Decision } from '../sim/trace/index.ts';
import { formatIp } from '../sim/wire/index.ts';
import { type Field, type Figure, innermost, type Station } from './figure/index.ts';

/** A template of the figure's words with the values it needs. */
export interface Told {
	readonly t: string;
	readonly v?: Values;
}

/** Names of the TCP flags in the order people say them. */
export function flagNames(flags: number): string {
	const names: string[] = [];
	if (flags & 0x02) names.push('SYN');
	if (flags & 0x01) names.push('FIN');
	if (flags & 0x04) names.push('RST');
	if (flags & 0x08) names.push('PSH');
	if (flags & 0x10) names.push('ACK');
	return names.join(', ');
}

/** `SYN`, `UDP`, `ICMP 3/3`: what kind of packet this is, in the words of the protocol. */
export function packetName(station: Station): string {
	const h = station.after ?? station.before;
	if (!h) return '';
	const p = innermost(h);
	if (p.icmp) return `ICMP ${p.icmp[0]}/${p.icmp[1]}`;
	if (p.flags !== undefined) return flagNames(p.flags);
	return p.protocol === 17 ? 'UDP' : '';
}

/** Name of a station on the line. */
export function titleOf(station: Station, figure: Figure, text: FigureText): Told {
	const main = station.decisions[station.main]!;
	const tcp = figure.outcome.probe.protocol === 'tcp';
	switch (station.kind) {
		case 'send':
			if (station.direction === 'request') return { t: tcp ? '`connect()`' : '`sendto()`' };
			return { t: packetName(station) };
		case 'pass': {
			const way = [station.devIn, station.devOut].filter((d) => d !== undefined);
			return { t: way.length > 0 ? way.map((d) => `\`${d}\``).join(' → ') : text.station.pass };
		}
		case 'receive':
			if (station.direction === 'reply') return { t: tcp ? '`connect()`' : '`recvfrom()`' };
			return station.devIn ? { t: `\`${station.devIn}\`` } : { t: text.station.receive };
		case 'program':
			return { t: main.chain ? `\`${main.chain}\`` : text.station.program };
		case 'giveup':
			return { t: tcp ? '`connect()`' : '`recvfrom()`' };
		case 'forward':
			return { t: text.station.forward };
		case 'arrive':
			return station.devIn ? { t: `\`${station.devIn}\`` } : { t: text.station.arrive };
		default: {
			if (main.table === 'conntrack') return { t: 'conntrack' };
			const hook = text.station[station.kind];
			return { t: main.table && NETFILTER.has(main.table) ? `${main.table} ${hook}` : hook };
		}
	}
}

/** Tables that rules live in. */
export const NETFILTER: ReadonlySet<string> = new Set(['raw', 'mangle', 'nat', 'filter']);

/** What stands under the name: at most two short facts. */
export function noteOf(station: Station, figure: Figure, text: FigureText): Told[] {
	const main = station.decisions[station.main]!;
	const notes: Told[] = [];
	const route = station.decisions.find((d) => d.hook === 'route' && d.entry);
	const ttl = station.after && innermost(station.after).ttl;
	switch (station.kind) {
		case 'send':
			if (route) notes.push({ t: '{route}', v: { route: shortRoute(route.entry!) } });
			break;
		case 'pass':
			if (route) notes.push({ t: '{route}', v: { route: shortRoute(route.entry!) } });
			if (ttl !== undefined && station.changed.includes('ttl')) notes.push({ t: text.note.ttl, v: { ttl } });
			break;
		case 'receive': {
			const h = station.after ?? station.before;
			if (h && station.direction === 'request') {
				const p = innermost(h);
				const what = packetName(station);
				notes.push({ t: what ? text.note.from : '{ip}', v: { what, ip: formatIp(p.src) } });
			} else if (main.why.code === 'socket.icmp-error') {
				notes.push({ t: '{errno}', v: { errno: main.why.errno } });
			} else if (h && innermost(h).src === figure.outcome.probe.to.ip) {
				notes.push({ t: text.note.fromAsked });
			}
			break;
		}
		case 'program':
			if (main.dev) notes.push({ t: '{dev}', v: { dev: main.dev } });
			if (main.verdict === 'redirect') notes.push({ t: text.verdict.redirect });
			break;
		case 'forward':
			if (route) notes.push({ t: '{route}', v: { route: shortRoute(route.entry!) } });
			break;
		default:
			break;
	}
	if (station.chains.length > 0 && station.kind !== 'pass' && station.kind !== 'send')
		notes.push({ t: station.chains.map((c) => `\`${c}\``).join(' → ') });
	if (station.end === 'dropped' || station.end === 'rejected') {
		notes.push({ t: text.verdict[main.verdict] });
	} else if (station.kind === 'giveup') {
		notes.push({ t: figure.outcome.errno ? '{errno}' : text.station.giveup, v: { errno: figure.outcome.errno } });
	} else if (station.rewrites) {
		notes.push({ t: inner(actOf(station, text)) });
	} else if (main.why.code === 'ct.established') {
		notes.push({ t: text.note.afterAnswer });
	}
	return notes;
}

/** A headline inside a line: its first letter is no capital, unless the word is an abbreviation. */
function inner(words: string): string {
	const [first = '', second = ''] = words;
	return second === second.toUpperCase() ? words : first.toLowerCase() + words.slice(1);
}

/** What happened at this station, in a few words: the head of its record. */
export function actOf(station: Station, text: FigureText): string {
	const { act } = text;
	const main = station.decisions[station.main]!;
	if (station.kind === 'giveup') return act.gaveUp;
	if (main.verdict === 'drop') return act.drop;
	if (main.verdict === 'reject') return act.reject;
	if (main.why.code === 'socket.icmp-error') return act.reject;
	if (main.verdict === 'error') return act.error;
	if (station.changed.includes('outer')) return station.after?.inner ? act.encap : act.decap;
	const dst = station.changed.includes('dst') || station.changed.includes('dport');
	const src = station.changed.includes('src') || station.changed.includes('sport');
	if (dst || src) {
		if (undone(main, station)) return dst ? act.undoDst : act.undoSrc;
		if (dst) return act.dnat;
		return main.entry?.includes('MASQUERADE') ? act.masquerade : act.snat;
	}
	if (station.changed.includes('mark')) return act.mark;
	switch (station.kind) {
		case 'send':
			return station.direction === 'request' ? act.sent : act.answered;
		case 'receive':
			return station.direction === 'request' ? act.delivered : act.returned;
		case 'forward':
			return act.forwarded;
		case 'program':
		case 'pass':
			return main.verdict === 'redirect' ? act.redirect : act.passed;
		default:
			return station.chains.length > 0 ? act.walked : act.passed;
	}
}

/** A translation that conntrack undoes needs no rule: on a reply, or decided by the connection itself. */
function undone(main: Decision, station: Station): boolean {
	return main.rule === undefined && (station.direction === 'reply' || main.table === 'conntrack');
}

/** `10.244.1.0/24 via 172.18.0.3`: an `ip route` line up to what a reader of the picture needs. */
export function shortRoute(entry: string): string {
	const words = entry.split(' ');
	const via = words.indexOf('via');
	const dev = words.indexOf('dev');
	const head = words[0] === 'local' || words[0] === 'unreachable' ? words.slice(0, 2).join(' ') : words[0]!;
	if (via > 0) return `${head} via ${words[via + 1]}`;
	return dev > 0 ? `${head} dev ${words[dev + 1]}` : head;
}

/** `0x4000`, as iptables writes marks. */
export function hex(value: number): string {
	return `0x${(value >>> 0).toString(16)}`;
}

export function has(fields: readonly Field[], ...any: Field[]): boolean {
	return any.some((f) => fields.includes(f));
}
