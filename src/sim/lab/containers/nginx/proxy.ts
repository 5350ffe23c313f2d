/**
 * proxy_pass: a server of an upstream is chosen, asked over the network, and the next one when that fails.
 *
 * Source: nginx src/http/ngx_http_upstream.c, modules/ngx_http_proxy_module.c @ release-1.23.
 */
import { SECOND } from '../../time.ts';
import type { WebAnswer, WebRequest } from '../http.ts';
import { keep, kept } from './cache.ts';
import { choose, failed, well } from './choose.ts';
import { isOn, nearest, nearestAll, wordOf } from './nearest.ts';
import { passedHeaders, readAnswer, written } from './proxy-octets.ts';
import { complain, type Outcome, type Peer, type Reply, type Turn } from './turn.ts';
import type { UpstreamServer } from './upstreams.ts';
import { expand } from './variables.ts';
import { timeOf } from './words.ts';

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
export function peersOf(
	{ config, host, stats }: Pick<Turn, 'config' | 'host' | 'stats'>,
	name: string,
	port: string,
	kind: 'http' | 'stream' = 'http',
): readonly Peer[] | undefined {
	const upstream = (kind === 'http' ? config.upstreams : config.streamUpstreams).get(name);
	const key = `${kind} ${upstream ? name : `${name}:${port}`}`;
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
			name: `${ip}:${own}`,
			current: 0,
			effective: server.weight,
			fails: 0,
			accessed: 0,
			checked: 0,
		}));
	});
	if (peers.length === 0) return undefined;
	stats.peers.set(key, peers);
	return peers;
}

/** What is asked for there: the path of the request, or in the place of the location's own the URL's. */
function tailOf(turn: Turn, target: string, uri: string | undefined): string {
	const { location, uri: path, args, request } = turn;
	const query = args === '' ? '' : `?${args}`;
	if (uri === undefined) {
		// What came is passed as it came, unless something changed it.
		const untouched = !turn.internal && path === decoded(request.path);
		return untouched ? `${request.path}${request.query === '' ? '' : `?${request.query}`}` : `${escaped(path)}${query}`;
	}
	if (target.includes('$')) return uri;
	const fixed = location && !location.pattern && !location.path.startsWith('@') && !turn.within;
	return `${uri}${fixed ? escaped(path.slice(location.path.length)) : ''}${query}`;
}

const escaped = (path: string): string => encodeURI(path).replaceAll('?', '%3F').replaceAll('#', '%23');
function decoded(path: string): string | undefined {
	try {
		return decodeURIComponent(path);
	} catch {
		return undefined;
	}
}

interface Target {
	readonly scheme: string;
	readonly name: string;
	readonly port: string;
	readonly tail: string;
}

function targetOf(turn: Turn, target: string): Target | Outcome {
	const expanded = expand(turn, target);
	const url = /^(https?):\/\/([^/:?]+)(?::(\d+))?([/?].*)?$/.exec(expanded);
	if (!url) {
		complain(turn, 'error', `invalid URL prefix in "${expanded}"`);
		return 500;
	}
	const [, scheme = 'http', name = '', digits, uri] = url;
	if (target.includes('$') && !turn.config.upstreams.has(name) && !/^[\d.]+$/.test(name)) {
		// Names of variables are asked for as they are, of the servers that `resolver` names.
		if (!nearest(turn.blocks, 'resolver')) {
			complain(turn, 'error', `no resolver defined to resolve ${name}`);
			return 502;
		}
		if (!/\.|^localhost$/.test(name) || (turn.host.addresses?.(name) ?? []).length === 0) {
			complain(turn, 'error', `${name} could not be resolved (3: Host not found)`);
			return 502;
		}
	}
	return { scheme, name, port: digits ?? (scheme === 'https' ? '443' : '80'), tail: tailOf(turn, target, uri) };
}

/** How a server is reached at `proxy_pass TARGET` for a path. */
export function proxied(turn: Turn, target: string): Outcome {
	const found = targetOf(turn, target);
	if (typeof found !== 'object' || !('scheme' in found)) return found;
	const { scheme, name, port } = found;
	const upstream = turn.config.upstreams.get(name);
	turn.variables.set('proxy_host', `${name}${port === '80' || upstream ? '' : `:${port}`}`);
	turn.variables.set('proxy_port', port);
	const hit = kept(turn, `${scheme}://${turn.variables.get('proxy_host')}`);
	if (hit) return fromAnswer(turn, hit, target, found);
	const got = ask(turn, found);
	if (typeof got === 'number') return got;
	keep(turn, got);
	return fromAnswer(turn, got, target, found);
}

/** Headers of an answer by nginx's rules, and its body. */
function fromAnswer(turn: Turn, answer: WebAnswer, target: string, { scheme, name, port }: Target): Outcome {
	const { status } = answer;
	if (isOn(turn.blocks, 'proxy_intercept_errors') && status >= 300) {
		const known = nearestAll(turn.blocks, 'error_page').some(({ args }) => args.slice(0, -1).includes(String(status)));
		if (known) return status;
	}
	const upstream = turn.config.upstreams.has(name);
	const own = `${scheme}://${name}${upstream || port === (scheme === 'https' ? '443' : '80') ? '' : `:${port}`}`;
	const headers = passedHeaders(turn, answer, target, own);
	const inner = headers.find(([key]) => key.toLowerCase() === 'x-accel-redirect');
	if (inner) {
		complain(turn, 'crit', "this lab's nginx follows no X-Accel-Redirect");
		return 500;
	}
	let type: string | undefined;
	let length: number | undefined;
	for (const [key, value] of headers) {
		const low = key.toLowerCase();
		if (low === 'content-type') type = value;
		else if (low === 'content-length') length = Number(value);
		else turn.headers.push([key, value]);
	}
	const reply: Reply = {
		status,
		type,
		body: answer.body,
		reason: answer.reason,
		...(length === undefined && turn.method !== 'HEAD' ? { unsized: true } : {}),
		...(length === undefined ? {} : { length }),
	};
	return reply;
}

/** Asks one server after another; a status when none of them answers. */
function ask(turn: Turn, { scheme, name, port, tail }: Target): WebAnswer | number {
	const { config, host, request, blocks } = turn;
	const upstream = config.upstreams.get(name);
	const peers = peersOf(turn, name, port);
	const { network } = request;
	if (!network || !peers) return withoutNetwork(turn, name, port, tail);
	const sent = written(turn, tail, scheme === 'https');
	const connects = timeOf(nearest(blocks, 'proxy_connect_timeout')?.args[0], 60 * SECOND);
	const reads = timeOf(nearest(blocks, 'proxy_read_timeout')?.args[0], 60 * SECOND);
	const next = nearest(blocks, 'proxy_next_upstream')?.args ?? ['error', 'timeout'];
	const most = Number(wordOf(blocks, 'proxy_next_upstream_tries', '0'));
	const longest = timeOf(nearest(blocks, 'proxy_next_upstream_timeout')?.args[0], 0);
	const musl = host.musl === true;
	const tried = new Set<Peer>();
	const first = turn.took;
	let left = peers.filter(({ down }) => !down).length || 1;
	if (most > 0) left = Math.min(left, most);
	const key = upstream?.method === 'hash' ? expand(turn, upstream.args[0] ?? '') : '';
	for (;;) {
		const peer = choose(upstream, peers, tried, { client: turn.client, key, now: host.now, draw: turn.stats.requests });
		if (!peer) {
			complain(
				turn,
				'error',
				'no live upstreams while connecting to upstream',
				`, upstream: "${scheme}://${name}${tail}"`,
			);
			turn.attempts.push({ address: name, status: 502, took: 0, connects: 0, length: 0 });
			return 502;
		}
		tried.add(peer);
		const got = network.ask(peer.ip, peer.port, sent, connects, reads);
		turn.took += got.took;
		const octets = got.reply && scheme === 'https' ? plainOf(got.reply) : got.reply;
		const answer = octets && octets.length > 0 ? readAnswer(octets, turn.method) : undefined;
		const where = `, upstream: "${scheme}://${peer.ip}:${peer.port}${tail}"`;
		const say = (text: string): void => complain(turn, 'error', text, where);
		let status = 502;
		let event = 'error';
		if (answer) {
			event = [500, 502, 503, 504, 403, 404, 429].includes(answer.status) ? `http_${answer.status}` : '';
			if (event === '' || left <= 1 || !next.includes(event)) {
				well(peer);
				turn.attempts.push({
					address: peer.name,
					status: answer.status,
					took: got.took,
					connects: 0,
					length: answer.body.length,
				});
				return answer;
			}
			status = answer.status;
		} else if (got.errno === 'ETIMEDOUT') {
			status = 504;
			event = 'timeout';
			say(
				`upstream timed out (${said('ETIMEDOUT', musl)}) while ${got.connected ? 'reading response header from' : 'connecting to'} upstream`,
			);
		} else if (got.errno === 'EAGAIN') {
			// A server that is its own upstream.
			complain(turn, 'alert', '1024 worker_connections are not enough while connecting to upstream', where);
			return 500;
		} else if (got.errno !== undefined)
			say(
				got.connected
					? `recv() failed (${said(got.errno, musl)}) while reading response header from upstream`
					: `connect() failed (${said(got.errno, musl)}) while connecting to upstream`,
			);
		else if (got.reply && got.reply.length > 0 && !octets)
			say(
				'SSL_do_handshake() failed (SSL: error:1408F10B:SSL routines:ssl3_get_record:wrong version number) while SSL handshaking to upstream',
			);
		else if (octets && octets.length > 0) {
			event = 'invalid_header';
			say('upstream sent no valid HTTP/1.0 header while reading response header from upstream');
		} else say('upstream prematurely closed connection while reading response header from upstream');
		turn.attempts.push({ address: peer.name, status, took: got.took, connects: 0, length: 0 });
		const alone = peers.length === 1;
		if (event === 'http_403' || event === 'http_404') well(peer);
		else if (failed(peer, alone, host.now))
			complain(
				turn,
				'warn',
				`upstream server temporarily disabled while ${got.connected ? 'reading response header from' : 'connecting to'} upstream`,
				where,
			);
		left--;
		const once = got.connected && /^(?:POST|LOCK|PATCH)$/.test(turn.method) && !next.includes('non_idempotent');
		const late = longest > 0 && turn.took - first >= longest;
		if (left <= 0 || !next.includes(event) || once || late) return status;
	}
}

/** What a record of TLS carries: it travels in clear in this lab (cli/linux/http.ts). */
function plainOf(octets: Uint8Array): Uint8Array | undefined {
	// A record of its certificates may come first.
	const own = octets[0] === 22 && octets[1] === 3 ? octets.subarray(5 + ((octets[3]! << 8) | octets[4]!)) : octets;
	return own[0] === 23 && own[1] === 3 ? own.subarray(5) : undefined;
}

/** Where nobody runs packets, as for probes: programs are asked as they are. */
function withoutNetwork(turn: Turn, name: string, port: string, tail: string): WebAnswer | number {
	const { config, host, request, stats } = turn;
	const servers = config.upstreams.get(name)?.servers.map(({ address }) => address) ?? [`${name}:${port}`];
	const [path = '/', query = ''] = tail.split(/\?(.*)/s);
	const asked: WebRequest = { ...request, path, query, version: 'HTTP/1.0', client: host.ip };
	for (let i = 0; i < servers.length; i++) {
		const [at = '', own = '80'] = servers[(stats.requests + i) % servers.length]!.split(':');
		const answer = host.forward?.(at, Number(own), asked);
		if (answer) return answer;
	}
	complain(
		turn,
		'error',
		'connect() failed (111: Connection refused) while connecting to upstream',
		`, upstream: "http://${servers[0]}${tail}"`,
	);
	return 502;
}
