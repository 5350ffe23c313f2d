/** `stream`: connections handed on as they are, or answered with a text (src/stream/ngx_stream_{proxy,return}_module.c @ 1.23). */
import { utf8 } from '../../../wire/index.ts';
import type { Disk } from '../../disk/disk.ts';
import { SECOND } from '../../time.ts';
import type { WebHost, WebNetwork } from '../http.ts';
import { choose, failed, well } from './choose.ts';
import type { Config } from './config.ts';
import { errorTime, put } from './log.ts';
import { logFormatsOf } from './log-format.ts';
import { nearest, nearestAll } from './nearest.ts';
import { peersOf } from './proxy.ts';
import { type NginxStats, type Peer, WORKER } from './turn.ts';
import { millis } from './variables.ts';
import { timeOf } from './words.ts';

export interface StreamRequest {
	readonly octets: Uint8Array;
	readonly client: string;
	readonly clientPort: number;
	readonly port: number;
	readonly network: WebNetwork | undefined;
}

export interface StreamAnswer {
	/** Undefined when nothing comes back. */
	readonly octets: Uint8Array | undefined;
	/** Microseconds. */
	readonly took: number;
	/** The connection is closed behind it. */
	readonly ends: boolean;
	lines(at: number, connection: number): readonly string[];
}

/** What a server of `stream` does with what came to its port; undefined where none listens. */
export function streamAnswer(
	config: Config,
	host: WebHost,
	stats: NginxStats,
	request: StreamRequest,
	logs: Disk,
): StreamAnswer | undefined {
	const server = config.streams.find(({ listens }) => listens.some(({ port, udp }) => port === request.port && !udp));
	if (!server) return undefined;
	const { around } = server;
	const said: string[] = [];
	const facts = new Map<string, string>([
		['remote_addr', request.client],
		['remote_port', String(request.clientPort)],
		['server_addr', host.ip],
		['server_port', String(request.port)],
		['protocol', 'TCP'],
		['hostname', host.hostname],
		['connection', String(++stats.accepted)],
		['bytes_received', String(request.octets.length)],
	]);
	const expand = (text: string): string =>
		text.replace(/\$(?:\{(\w+)\}|(\w+))/g, (_, braced?: string, plain?: string) => value((braced ?? plain)!));
	const value = (name: string): string => {
		const made = config.streamMade.get(name);
		return facts.get(name) ?? (made ? expand(made.value(expand(made.source)).text) : '');
	};
	for (const { name, args } of server.own) if (name === 'set') facts.set(args[0]!.slice(1), expand(args[1]!));
	const text = nearest([server.own], 'return')?.args[0];
	const target = nearest([server.own], 'proxy_pass')?.args[0];
	const done = text !== undefined ? { octets: utf8(expand(text)), took: 0, ends: true } : passed(expand(target ?? ''));

	function passed(to: string): { octets: Uint8Array | undefined; took: number; ends: boolean } {
		const [, name = '', port = ''] = /^(.*?)(?::(\d+))?$/.exec(to) ?? [];
		const upstream = config.streamUpstreams.get(to) ?? config.streamUpstreams.get(name);
		const peers = peersOf({ config, host, stats }, upstream ? to.replace(/:\d+$/, '') : name, port, 'stream');
		const tried = new Set<Peer>();
		const connects = timeOf(nearest(around, 'proxy_connect_timeout')?.args[0], 60 * SECOND);
		const reads = timeOf(nearest(around, 'proxy_timeout')?.args[0], 600 * SECOND);
		const next = nearest(around, 'proxy_next_upstream')?.args[0] !== 'off';
		const key = upstream?.method === 'hash' ? expand(upstream.args[0] ?? '') : '';
		const addresses: string[] = [];
		let took = 0;
		for (;;) {
			const choice = { client: request.client, key, now: host.now, draw: stats.accepted };
			const peer = peers && request.network ? choose(upstream, peers, tried, choice) : undefined;
			if (!peer) {
				said.push(`no live upstreams while connecting to upstream|${to}`);
				break;
			}
			tried.add(peer);
			addresses.push(peer.name);
			const got = request.network!.ask(peer.ip, peer.port, request.octets, connects, reads);
			took += got.took;
			facts.set('upstream_addr', addresses.join(', '));
			if (got.connected) {
				well(peer);
				facts.set('status', '200');
				facts.set('bytes_sent', String(got.reply?.length ?? 0));
				return { octets: got.reply, took, ends: got.reply === undefined || got.reply.length === 0 };
			}
			const why =
				got.errno === 'ETIMEDOUT'
					? 'upstream timed out (110: Connection timed out)'
					: `connect() failed (${WHY[got.errno ?? ''] ?? got.errno})`;
			said.push(`${why} while connecting to upstream|${peer.name}`);
			failed(peer, peers!.length === 1, host.now);
			if (!next || tried.size >= peers!.length) break;
		}
		facts.set('status', '502');
		return { octets: new Uint8Array(0), took, ends: true };
	}

	const { octets, took, ends } = done;
	const received = octets?.length ?? 0;
	if (!facts.has('status')) facts.set('status', '200');
	if (!facts.has('bytes_sent')) facts.set('bytes_sent', String(received));
	facts.set('session_time', millis(took));
	const listen = server.listens.find(({ port }) => port === request.port)!;
	return {
		octets,
		took,
		ends,
		lines(at, connection) {
			const out: string[] = [];
			for (const line of said) {
				const [what = '', upstream = ''] = line.split('|');
				const whole = `${errorTime(at)} [error] ${WORKER}#${WORKER}: *${connection} ${what}, client: ${request.client}, server: ${listen.ip}:${listen.port}, upstream: "${upstream}", bytes from/to client:0/0, bytes from/to upstream:0/0`;
				const path = nearest([...around, config.main], 'error_log')?.args[0] ?? '/var/log/nginx/error.log';
				if (path === 'stderr' || put(logs, path, whole)) out.push(whole);
			}
			const formats = logFormatsOf(around.at(-1) ?? []);
			facts.set('time_local', localTime(at));
			for (const { args } of nearestAll(around, 'access_log')) {
				const format = formats.get(args[1] ?? '');
				if (args[0] === 'off' || !format) continue;
				const whole = format.text.replace(
					/\$(?:\{(\w+)\}|(\w+))/g,
					(_, b?: string, p?: string) => value((b ?? p)!) || '-',
				);
				if (put(logs, args[0]!, whole)) out.push(whole);
			}
			return out;
		},
	};
}

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

/** `31/Aug/2022:10:00:05 +0000`. */
function localTime(at: number): string {
	const [, year, month, day, time] = /^(\d+)\/(\d+)\/(\d+) (.*)$/.exec(errorTime(at))!;
	return `${day}/${MONTHS[Number(month) - 1]}/${year}:${time} +0000`;
}

const WHY: Readonly<Record<string, string>> = {
	ECONNREFUSED: '111: Connection refused',
	EHOSTUNREACH: '113: No route to host',
	ENETUNREACH: '101: Network is unreachable',
};
