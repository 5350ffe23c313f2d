/**
 * proxy_pass: a server of an upstream is chosen, asked over the network, and the next one when that fails.
 *
 * Source: nginx src/http/ngx_http_upstream.c, ngx_http_upstream_round_robin.c, modules/ngx_http_proxy_module.c,
 * modules/ngx_http_upstream_{ip_hash,least_conn,random}_module.c @ release-1.23.
 */
import { utf8 } from '../../../wire/index.ts';
import { decodeUtf8 } from '../../helm-releases.ts';
import { SECOND } from '../../time.ts';
import type { WebAnswer, WebRequest } from '../http.ts';
import { type Location, nearest, nearestAll, type UpstreamServer } from './config.ts';
import type { Blocks, Found, Peer, Turn } from './turn.ts';
import { expand } from './variables.ts';

/** `60s`, `500ms`, `1m`, `2`: microseconds (core/ngx_parse.c). */
export const timeOf = (text: string | undefined, otherwise: number): number => {
	const [, number, unit = 's'] = /^(\d+)(ms|s|m|h)?$/.exec(text ?? '') ?? [];
	if (number === undefined) return otherwise;
	return Number(number) * (unit === 'ms' ? 1000 : unit === 'm' ? 60 * SECOND : unit === 'h' ? 3600 * SECOND : SECOND);
};

/** strerror(3) of musl, and of glibc. */
const said = (errno: string, musl: boolean): string =>
	({
		ECONNREFUSED: '111: Connection refused',
		ECONNRESET: '104: Connection reset by peer',
		EHOSTUNREACH: musl ? '113: Host is unreachable' : '113: No route to host',
		ENETUNREACH: musl ? '101: Network unreachable' : '101: Network is unreachable',
		EPERM: '1: Operation not permitted',
		ETIMEDOUT: musl ? '110: Operation timed out' : '110: Connection timed out',
	})[errno] ?? errno;

/** Peers of an upstream block, or of a lone name: one for each of its addresses. */
function peersOf(turn: Turn, name: string, port: string): readonly Peer[] | undefined {
	const { config, host, stats } = turn;
	const upstream = config.upstreams.get(name);
	const key = upstream ? name : `${name}:${port}`;
	const known = stats.peers.get(key);
	if (known) return known;
	const servers: readonly UpstreamServer[] = upstream?.servers ?? [
		{ address: `${name}:${port}`, weight: 1, backup: false, down: false, maxFails: 1, failTimeout: 10 * SECOND },
	];
	const peers = servers.flatMap((server): readonly Peer[] => {
		const [, at = '', own = '80'] = /^(.*?)(?::(\d+))?$/.exec(server.address) ?? [];
		return (host.addresses?.(at) ?? []).map((ip) => ({
			...server,
			ip,
			port: Number(own),
			current: 0,
			fails: 0,
			failedAt: 0,
		}));
	});
	if (peers.length === 0) return undefined;
	stats.peers.set(key, peers);
	return peers;
}

/** Who is asked next of those that were not asked yet; undefined when nobody is left. */
function choose(turn: Turn, peers: readonly Peer[], tried: ReadonlySet<Peer>, method: string): Peer | undefined {
	const { host, request } = turn;
	const alone = peers.length === 1;
	const usable = (peer: Peer): boolean =>
		!tried.has(peer) &&
		!peer.down &&
		(alone || peer.maxFails === 0 || peer.fails < peer.maxFails || host.now - peer.failedAt > peer.failTimeout);
	const own = peers.filter((peer) => !peer.backup && usable(peer));
	const left = own.length > 0 ? own : peers.filter((peer) => peer.backup && usable(peer));
	if (left.length === 0) return undefined;
	if (method === 'ip_hash') {
		const [a = 0, b = 0, c = 0] = request.client.split('.').map(Number);
		let hash = 89;
		for (const octet of [a, b, c]) hash = (hash * 113 + octet) % 6271;
		const total = left.reduce((sum, { weight }) => sum + weight, 0);
		let at = hash % total;
		return left.find(({ weight }) => {
			at -= weight;
			return at < 0;
		});
	}
	let best: Peer | undefined;
	let total = 0;
	for (const peer of left) {
		peer.current += peer.weight;
		total += peer.weight;
		if (!best || peer.current > best.current) best = peer;
	}
	best!.current -= total;
	return best;
}

const named = (name: string): string => name.replace(/(^|-)[a-z]/g, (letters) => letters.toUpperCase());

/** The request as it goes out; Host and Connection first, what is set otherwise instead. */
function written(turn: Turn, blocks: Blocks, path: string, target: string, host: string): Uint8Array {
	const { request } = turn;
	const headers = new Map<string, string>([
		['host', host],
		['connection', 'close'],
	]);
	for (const { args } of nearestAll(blocks, 'proxy_set_header')) {
		const value = expand(turn, args[1]!, path, blocks);
		const key = args[0]!.toLowerCase();
		headers.delete(key);
		headers.set(key, value);
	}
	const passes = nearest(blocks, 'proxy_pass_request_headers')?.args[0] !== 'off';
	for (const [key, value] of passes ? request.headers : [])
		if (!headers.has(key) && !/^(?:keep-alive|expect|upgrade|te|transfer-encoding|content-length)$/.test(key))
			headers.set(key, value);
	const body = utf8(nearest(blocks, 'proxy_pass_request_body')?.args[0] === 'off' ? '' : request.body);
	if (body.length > 0) headers.set('content-length', String(body.length));
	const method = nearest(blocks, 'proxy_method')?.args[0] ?? request.method;
	const version = nearest(blocks, 'proxy_http_version')?.args[0] ?? '1.0';
	const lines = [...headers].filter(([, value]) => value !== '').map(([key, value]) => `${named(key)}: ${value}\r\n`);
	const head = utf8(`${method} ${target} HTTP/${version}\r\n${lines.join('')}\r\n`);
	const out = new Uint8Array(head.length + body.length);
	out.set(head);
	out.set(body, head.length);
	return out;
}

/** What came back; undefined of what is no answer. */
export function readAnswer(octets: Uint8Array): WebAnswer | undefined {
	const text = Array.from(octets, (octet) => String.fromCharCode(octet)).join('');
	const end = /\r?\n\r?\n/.exec(text);
	const [first = '', ...lines] = text.slice(0, end?.index ?? text.length).split(/\r?\n/);
	const [, status, reason = ''] = /^HTTP\/\d(?:\.\d)? (\d{3}) ?(.*)$/.exec(first) ?? [];
	if (status === undefined) return undefined;
	const headers = lines.map((line) => decodeUtf8([...line].map((c) => c.charCodeAt(0))));
	let body = octets.subarray(end ? end.index + end[0].length : octets.length);
	if (headers.some((line) => /^transfer-encoding:\s*chunked/i.test(line))) body = unchunked(body);
	return {
		status: Number(status),
		reason,
		headers: headers.filter((line) => !/^transfer-encoding:/i.test(line)),
		body,
	};
}

function unchunked(octets: Uint8Array): Uint8Array {
	const out: number[] = [];
	for (let at = 0; at < octets.length; ) {
		let end = at;
		while (end < octets.length && octets[end] !== 10) end++;
		const size = Number.parseInt(String.fromCharCode(...octets.subarray(at, end)), 16);
		if (!(size > 0)) break;
		out.push(...octets.subarray(end + 1, end + 1 + size));
		at = end + 1 + size + 2;
	}
	return Uint8Array.from(out);
}

/** How a server is reached at `proxy_pass TARGET` for a path. */
export function proxied(
	turn: Turn,
	target: string,
	location: Location | undefined,
	blocks: Blocks,
	path: string,
): Found {
	const { config, host, request } = turn;
	const expanded = expand(turn, target, path, blocks);
	const url = /^(https?):\/\/([^/:?]+)(?::(\d+))?([/?].*)?$/.exec(expanded);
	if (!url) return { status: 500, complaint: `invalid URL prefix in "${expanded}"`, blocks };
	const [, scheme = 'http', name = '', digits, uri] = url;
	const port = digits ?? (scheme === 'https' ? '443' : '80');
	const query = request.query === '' ? '' : `?${request.query}`;
	const variable = target.includes('$');
	const tail =
		uri === undefined
			? `${path}${query}`
			: variable
				? uri
				: `${uri}${location?.pattern ? '' : path.slice(location?.path.length ?? 0)}${query}`;
	const upstream = config.upstreams.get(name);
	if (scheme === 'https')
		return {
			status: 502,
			complaint: "this lab's nginx speaks no TLS with upstreams while SSL handshaking to upstream",
			blocks,
		};
	if (variable && !upstream && !/^[\d.]+$/.test(name)) {
		// Names of variables are asked for as they are, of the servers that `resolver` names.
		if (!nearest(blocks, 'resolver'))
			return { status: 502, complaint: `no resolver defined to resolve ${name}`, blocks };
		if (!/\.|^localhost$/.test(name) || (host.addresses?.(name) ?? []).length === 0)
			return { status: 502, complaint: `${name} could not be resolved (3: Host not found)`, blocks };
	}
	const peers = peersOf(turn, name, port);
	const { network } = request;
	if (!network || !peers) return withoutNetwork(turn, name, port, tail, blocks);
	const sent = written(turn, blocks, path, tail, upstream ? name : `${name}${port === '80' ? '' : `:${port}`}`);
	const connects = timeOf(nearest(blocks, 'proxy_connect_timeout')?.args[0], 60 * SECOND);
	const reads = timeOf(nearest(blocks, 'proxy_read_timeout')?.args[0], 60 * SECOND);
	const next = nearest(blocks, 'proxy_next_upstream')?.args ?? ['error', 'timeout'];
	const musl = host.musl === true;
	const tried = new Set<Peer>();
	const complaints: string[] = [];
	let took = 0;
	for (;;) {
		const peer = choose(turn, peers, tried, upstream?.method ?? '');
		if (!peer) {
			const where = `|, upstream: "http://${name}${tail}"`;
			return {
				status: 502,
				complaint: [...complaints, `no live upstreams while connecting to upstream${where}`].join('\n'),
				took,
				blocks,
			};
		}
		tried.add(peer);
		const got = network.ask(peer.ip, peer.port, sent, connects, reads);
		took += got.took;
		const answer = got.reply && got.reply.length > 0 ? readAnswer(got.reply) : undefined;
		const where = `|, upstream: "http://${peer.ip}:${peer.port}${tail}"`;
		let status = 502;
		let event = 'error';
		if (answer) {
			event = [500, 502, 503, 504, 403, 404, 429].includes(answer.status) ? `http_${answer.status}` : '';
			if (event === '' || !next.includes(event) || !peers.some((other) => !tried.has(other))) {
				peer.fails = 0;
				return { status: answer.status, passed: answer, complaint: complaints.join('\n') || undefined, took, blocks };
			}
			status = answer.status;
		} else if (got.errno === 'ETIMEDOUT') {
			status = 504;
			event = 'timeout';
			complaints.push(
				`upstream timed out (${said('ETIMEDOUT', musl)}) while ${got.connected ? 'reading response header from' : 'connecting to'} upstream${where}`,
			);
		} else if (got.errno === 'EAGAIN') {
			// A server that is its own upstream.
			complaints.push(`1024 worker_connections are not enough while connecting to upstream${where}`);
			return { status: 500, complaint: complaints.join('\n'), took, blocks };
		} else if (got.errno !== undefined)
			complaints.push(
				got.connected
					? `recv() failed (${said(got.errno, musl)}) while reading response header from upstream${where}`
					: `connect() failed (${said(got.errno, musl)}) while connecting to upstream${where}`,
			);
		else if (got.reply && got.reply.length > 0)
			complaints.push(`upstream sent no valid HTTP/1.0 header while reading response header from upstream${where}`);
		else complaints.push(`upstream prematurely closed connection while reading response header from upstream${where}`);
		if (host.now - peer.failedAt > peer.failTimeout) peer.fails = 0;
		peer.fails++;
		peer.failedAt = host.now;
		const again =
			next.includes(event) && !(request.method === 'POST' && got.connected && !next.includes('non_idempotent'));
		if (!again || !peers.some((other) => !tried.has(other) && !other.down))
			return { status, complaint: complaints.join('\n'), took, blocks };
	}
}

/** Where nobody runs packets, as in figures: programs are asked as they are. */
function withoutNetwork(turn: Turn, name: string, port: string, tail: string, blocks: Blocks): Found {
	const { config, host, request, stats } = turn;
	const servers = config.upstreams.get(name)?.servers.map(({ address }) => address) ?? [`${name}:${port}`];
	const [path = '/', query = ''] = tail.split(/\?(.*)/s);
	const asked: WebRequest = { ...request, path, query, version: 'HTTP/1.0', client: host.ip };
	for (let i = 0; i < servers.length; i++) {
		const [at = '', own = '80'] = servers[(stats.requests + i) % servers.length]!.split(':');
		const answer = host.forward?.(at, Number(own), asked);
		if (answer) return { status: answer.status, passed: answer, blocks };
	}
	return {
		status: 502,
		complaint: `connect() failed (111: Connection refused) while connecting to upstream|, upstream: "http://${servers[0]}${tail}"`,
		blocks,
	};
}
