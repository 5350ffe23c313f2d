/**
 * What nginx answers a request: through its phases, through its filters, with all headers in nginx's order.
 *
 * Source: nginx src/http/ngx_http_request.c, ngx_http_header_filter_module.c @ release-1.23.
 */
import { utf8 } from '../../../wire/index.ts';
import type { Disk } from '../../disk/disk.ts';
import { dateLine, httpDate, type WebAnswer, type WebHost, type WebRequest } from '../http.ts';
import type { Config } from './config.ts';
import { clean, withCharset } from './files.ts';
import {
	chunked,
	compressed,
	type Draft,
	draftOf,
	notModified,
	ownHeaders,
	ranged,
	substituted,
	surrounded,
} from './filters.ts';
import { absolute, serverFor } from './locate.ts';
import { linesOf } from './log.ts';
import { nearest, nearestAll, wordOf } from './nearest.ts';
import { asked, CHANGES, finalized, mayStay, serverPhases } from './phases.ts';
import { STATUS_LINES, signature } from './special.ts';
import { complain, type NginxStats, type Outcome, type Turn } from './turn.ts';
import { caught } from './variables.ts';
import { covers } from './words.ts';

/** Kept between requests, from the start of a configuration on. */
export const newStats = (): NginxStats => ({
	accepted: 0,
	requests: 0,
	peers: new Map(),
	limits: new Map(),
	cache: new Map(),
});

/** An answer, with all its headers in nginx's order; undefined when no server listens on the port. @param logs files of the log */
export function nginxAnswer(
	config: Config,
	disk: Disk,
	host: WebHost,
	version: string,
	stats: NginxStats,
	request: WebRequest,
	logs: Disk = disk,
): WebAnswer | undefined {
	const given = (request.headers.get('host') ?? '').replace(/:\d*$/, '').toLowerCase();
	const found = serverFor(config, request.local ?? host.ip, request.port, given);
	if (!found) return undefined;
	const { server, match } = found;
	stats.accepted++;
	stats.requests++;
	const path = clean(request.path);
	const turn: Turn = {
		config,
		disk,
		host,
		version,
		stats,
		request,
		server,
		variables: new Map(),
		headers: [],
		complaints: [],
		attempts: [],
		main: undefined,
		method: request.method,
		uri: path ?? request.path,
		args: request.query,
		internal: false,
		changes: CHANGES,
		errorPage: false,
		errStatus: 0,
		location: undefined,
		blocks: server.around,
		within: false,
		narrowed: false,
		captures: [],
		keepalive: keeps(request),
		took: 0,
		redirect: undefined,
		client: request.client,
		cache: '',
		upstreamHeaders: [],
		status: 0,
		sent: 0,
		total: 0,
		connection: 0,
	};
	if (match) caught(turn, match);
	turn.client = realClient(turn);
	const outcome = begun(turn, path !== undefined);
	const reply = finalized(turn, outcome);
	const lines = (at: number, connection: number): readonly string[] => linesOf(turn, logs, at, connection);
	if (reply === 'close') {
		turn.status = 444;
		return { status: 444, reason: '', headers: [], body: new Uint8Array(0), silent: true, took: turn.took, lines };
	}
	const shown = request.tls ? config.certificates.get(wordOf(server.around, 'ssl_certificate')) : undefined;
	return { ...written(turn, reply), took: turn.took, lines, ...(shown === undefined ? {} : { certificates: shown }) };
}

/** HTTP/1.1 keeps a connection unless it is told not to, HTTP/1.0 the other way round. */
function keeps({ version, headers }: WebRequest): boolean {
	const word = (headers.get('connection') ?? '').toLowerCase();
	if (word.includes('close')) return false;
	return version === 'HTTP/1.1' || word.includes('keep-alive');
}

function begun(turn: Turn, clear: boolean): Outcome {
	const { request, server } = turn;
	if (!clear) {
		complain(turn, 'info', 'client sent invalid request while reading client request line');
		return 400;
	}
	if (request.version === 'HTTP/1.1' && !request.headers.has('host')) {
		complain(turn, 'info', 'client sent HTTP/1.1 request without "Host" header while reading client request headers');
		return 400;
	}
	const listen = server.listens.find(({ port }) => port === request.port);
	if (listen?.ssl && !request.tls) {
		complain(turn, 'info', 'client sent plain HTTP request to HTTPS port while reading client request headers');
		return 497;
	}
	if (request.method === 'TRACE') {
		complain(turn, 'info', 'client sent TRACE method while reading client request headers');
		turn.keepalive = false;
		return 405;
	}
	return serverPhases(turn);
}

/** set_real_ip_from and real_ip_header: whom a proxy names instead of itself (ngx_http_realip_module.c). */
function realClient(turn: Turn): string {
	const { request, blocks } = turn;
	const trusted = nearestAll(blocks, 'set_real_ip_from').map(({ args }) => args[0]!);
	if (!trusted.some((rule) => covers(rule, request.client))) return request.client;
	const header = wordOf(blocks, 'real_ip_header', 'X-Real-IP').toLowerCase();
	const words = (request.headers.get(header) ?? '').split(/\s*,\s*/).filter((word) => /^\d+\.\d+\.\d+\.\d+/.test(word));
	if (header !== 'x-forwarded-for') return words.at(-1) ?? request.client;
	if (wordOf(blocks, 'real_ip_recursive', 'off') !== 'on') return words.at(-1) ?? request.client;
	for (const word of words.reverse()) if (!trusted.some((rule) => covers(rule, word))) return word;
	return words.at(-1) ?? request.client;
}

/** Filters, then the head. */
function written(turn: Turn, reply: Exclude<ReturnType<typeof finalized>, 'close'>): WebAnswer {
	const { host } = turn;
	if (turn.keepalive && !mayStay(turn)) turn.keepalive = false;
	let draft = draftOf(turn, reply);
	const failed = notModified(turn, draft);
	if (failed === undefined) filtered(turn, draft);
	const range = failed ?? (reply.ranges ? ranged(turn, draft) : undefined);
	if (range !== undefined) {
		const kept = turn.headers.filter(([name]) => name !== 'ETag');
		turn.headers.length = 0;
		turn.headers.push(...kept);
		turn.errStatus = 0;
		const again = finalized(turn, range);
		if (again === 'close') throw new Error('a page that closes');
		draft = draftOf(turn, again);
		ownHeaders(turn, draft);
	}
	const length =
		reply.length !== undefined && turn.method === 'HEAD' && draft.length >= 0 ? reply.length : draft.length;
	const parts = chunked(turn, draft);
	const { status } = draft;
	const body = turn.method === 'HEAD' || status === 204 || status === 304 ? new Uint8Array(0) : draft.body;
	const headers = [`Server: ${signature(turn)}`, dateLine({ epoch: host.epoch, now: host.now + turn.took })];
	if (draft.type !== undefined) headers.push(`Content-Type: ${withCharset(turn, draft.type)}`);
	if (length >= 0 && status !== 204) headers.push(`Content-Length: ${length}`);
	const dated = status === 200 || status === 206 || status === 304;
	if (draft.modified !== undefined && dated) headers.push(`Last-Modified: ${httpDate(host.epoch, draft.modified)}`);
	headers.push(...locationLine(turn));
	if (parts) headers.push('Transfer-Encoding: chunked');
	headers.push(`Connection: ${turn.keepalive ? 'keep-alive' : 'close'}`);
	const shown = nearest(turn.blocks, 'keepalive_timeout')?.args[1];
	if (turn.keepalive && shown !== undefined) headers.push(`Keep-Alive: timeout=${shown.replace(/s$/, '')}`);
	if (draft.vary) headers.push('Vary: Accept-Encoding');
	for (const [name, value] of turn.headers) headers.push(`${name}: ${value}`);
	turn.status = status;
	turn.sent = body.length;
	const reason =
		turn.errStatus === 0 && reply.reason !== undefined && range === undefined
			? reply.reason
			: (STATUS_LINES[status] ?? '');
	turn.total = utf8(`HTTP/1.1 ${status} ${reason}\r\n${headers.join('\r\n')}\r\n\r\n`).length + body.length;
	return { status, reason, headers, body, closes: !turn.keepalive };
}

function filtered(turn: Turn, draft: Draft): void {
	ownHeaders(turn, draft);
	if (draft.status === 304) return;
	surrounded(turn, draft, (path) => asked(turn, path).body);
	substituted(turn, draft);
	compressed(turn, draft);
}

/** A path of one's own stands before Connection and is completed; anything else is a header as others are. */
function locationLine(turn: Turn): readonly string[] {
	const { redirect } = turn;
	if (redirect === undefined) return [];
	const at = turn.headers.findIndex(([name]) => name.toLowerCase() === 'location');
	const whole = absolute(turn, redirect);
	if (redirect.startsWith('/') && whole !== redirect) {
		if (at >= 0) turn.headers.splice(at, 1);
		return [`Location: ${whole}`];
	}
	if (at < 0 && redirect !== '') turn.headers.unshift(['Location', redirect]);
	return [];
}
