/** nginx's variables: src/http/ngx_http_variables.c and those of its modules @ release-1.23. */
import { formatMicroTime } from '../../../api/index.ts';
import { hex, md5 } from '../../../trace/index.ts';
import { utf8 } from '../../../wire/index.ts';
import { SECOND } from '../../time.ts';
import { httpDate } from '../http.ts';
import { unbase64 } from './digests.ts';
import { fileName } from './files.ts';
import { wordOf } from './nearest.ts';
import type { Attempt, Turn } from './turn.ts';
import { complain } from './turn.ts';
import { WORKER } from './worker.ts';

/** A word with its variables in their places. */
export function expand(turn: Turn, text: string): string {
	return text.replace(/\$(?:\{(\w+)\}|(\d)|(\w+))/g, (_, braced?: string, digit?: string, plain?: string) =>
		digit === undefined ? variable(turn, (braced ?? plain)!) : (turn.captures[Number(digit)] ?? ''),
	);
}

/** What a pattern caught: numbers until the next, and its names. */
export function caught(turn: Turn, match: RegExpExecArray): void {
	turn.captures = match.map((text) => text ?? '');
	for (const [name, text] of Object.entries(match.groups ?? {})) turn.variables.set(name, text ?? '');
}

/** `31/Aug/2022:10:00:05 +0000`. */
export function localTime(turn: Turn): string {
	const [, day, month, year, time] = /^\w+, (\d+) (\w+) (\d+) ([\d:]+)/.exec(httpDate(turn.host.epoch, at(turn)))!;
	return `${day}/${month}/${year}:${time} +0000`;
}

/** The moment that a request is at: it may have waited for others. */
const at = (turn: Turn): number => turn.host.now + turn.took;

/** Milliseconds of microseconds as `1.234`. */
export const millis = (micros: number): string => {
	const ms = Math.floor(micros / 1000);
	return `${Math.floor(ms / 1000)}.${String(ms % 1000).padStart(3, '0')}`;
};

export function cookie(turn: Turn, name: string): string {
	for (const pair of (turn.request.headers.get('cookie') ?? '').split(/;\s*/)) {
		const eq = pair.indexOf('=');
		if (eq > 0 && pair.slice(0, eq) === name) return pair.slice(eq + 1);
	}
	return '';
}

/** Name and password of `Authorization: Basic`; undefined when there is none. */
export function credentials(turn: Turn): readonly [user: string, password: string] | undefined {
	const [, word] = /^basic +(\S+)/i.exec(turn.request.headers.get('authorization') ?? '') ?? [];
	const octets = word === undefined ? undefined : unbase64(word);
	if (!octets) return undefined;
	const text = Array.from(octets, (octet) => String.fromCharCode(octet)).join('');
	const colon = text.indexOf(':');
	return colon <= 0 ? undefined : [text.slice(0, colon), text.slice(colon + 1)];
}

export const argument = (args: string, name: string): string => {
	for (const pair of args.split('&')) {
		const eq = pair.indexOf('=');
		if (eq >= 0 && pair.slice(0, eq).toLowerCase() === name.toLowerCase()) return pair.slice(eq + 1);
	}
	return '';
};

const upstream = (turn: Turn, value: (attempt: Attempt) => string): string => turn.attempts.map(value).join(', ');

/** The document root of a request, absolute. */
export function rootOf(turn: Turn): string {
	const root = expand(turn, wordOf(turn.blocks, 'root', 'html'));
	return root.startsWith('/') ? root.replace(/\/$/, '') : `/etc/nginx/${root}`;
}

export function variable(turn: Turn, name: string): string {
	const { request, host, server } = turn;
	const set = turn.variables.get(name);
	if (set !== undefined) return set;
	const header = (key: string): string => request.headers.get(key) ?? '';
	const made = turn.config.made.get(name);
	if (made) {
		const { text, match } = made.value(expand(turn, made.source));
		if (match) caught(turn, match);
		const value = expand(turn, text);
		turn.variables.set(name, value);
		return value;
	}
	const url = `${request.path}${request.query === '' ? '' : `?${request.query}`}`;
	switch (name) {
		case 'uri':
		case 'document_uri':
			return turn.uri;
		case 'request_uri':
			return url;
		case 'args':
		case 'query_string':
			return turn.args;
		case 'is_args':
			return turn.args === '' ? '' : '?';
		case 'host':
			return header('host').replace(/:\d*$/, '').toLowerCase() || (server.names[0] ?? '');
		case 'hostname':
			return host.hostname;
		case 'remote_addr':
			return turn.client;
		case 'binary_remote_addr':
			return String.fromCharCode(...turn.client.split('.').map(Number));
		case 'realip_remote_addr':
			return request.client;
		case 'remote_port':
		case 'realip_remote_port':
			return String(request.clientPort);
		case 'remote_user':
			return credentials(turn)?.[0] ?? '';
		case 'server_addr':
			return host.ip;
		case 'server_port':
			return String(request.port);
		case 'server_name':
			return server.names[0] ?? '';
		case 'server_protocol':
			return request.version;
		case 'scheme':
			return request.tls ? 'https' : 'http';
		case 'https':
			return request.tls ? 'on' : '';
		case 'request_method':
			return request.method;
		case 'request':
			return request.first ?? `${request.method} ${url} ${request.version}`;
		case 'request_body':
			return request.body;
		case 'request_filename':
			return fileName(turn, turn.uri);
		case 'request_id':
			return hex(md5(utf8(`${host.now} ${request.client} ${request.clientPort} ${turn.stats.requests} ${url}`)));
		case 'request_length':
			return String(request.length ?? 0);
		case 'request_time':
			return millis(turn.took);
		case 'request_completion':
			return turn.status > 0 ? 'OK' : '';
		case 'content_length':
			return header('content-length');
		case 'content_type':
			return header('content-type');
		case 'proxy_add_x_forwarded_for': {
			const before = header('x-forwarded-for');
			return before === '' ? turn.client : `${before}, ${turn.client}`;
		}
		case 'nginx_version':
			return turn.version;
		case 'document_root':
		case 'realpath_root':
			return rootOf(turn);
		case 'pid':
			return String(turn.host.worker ?? WORKER);
		case 'pipe':
			return '.';
		case 'msec':
			return millis(host.epoch * SECOND + at(turn));
		case 'time_local':
			return localTime(turn);
		case 'date_gmt':
		case 'date_local':
			return httpDate(host.epoch, at(turn)).replace(/ (\w+) (\d{4}) /, '-$1-$2 ');
		case 'time_iso8601':
			return `${formatMicroTime(host.epoch + Math.floor(at(turn) / SECOND), 0).slice(0, 19)}+00:00`;
		case 'status':
			return String(turn.status || turn.errStatus || '000').padStart(3, '0');
		case 'body_bytes_sent':
			return String(turn.sent);
		case 'bytes_sent':
			return String(turn.total);
		case 'connection':
			return String(turn.connection || turn.stats.accepted);
		case 'connection_requests':
			return '1';
		case 'connection_time':
			return millis(turn.took);
		case 'connections_active':
		case 'connections_writing':
			return '1';
		case 'connections_reading':
		case 'connections_waiting':
			return '0';
		case 'limit_rate':
			return '0';
		case 'ssl_protocol':
			return request.tls ? 'TLSv1.3' : '';
		case 'ssl_cipher':
			return request.tls ? 'TLS_AES_256_GCM_SHA384' : '';
		case 'ssl_server_name':
			return request.tls ? header('host').replace(/:\d+$/, '') : '';
		case 'ssl_client_verify':
			return request.tls ? 'NONE' : '';
		case 'upstream_addr':
			return upstream(turn, ({ address }) => address);
		case 'upstream_status':
			return upstream(turn, ({ status }) => String(status));
		case 'upstream_response_time':
			return upstream(turn, ({ took }) => millis(took));
		case 'upstream_header_time':
			return upstream(turn, ({ took, length }) => (length > 0 ? millis(took) : '-'));
		case 'upstream_connect_time':
			return upstream(turn, ({ connects, length }) => (length > 0 ? millis(connects) : '-'));
		case 'upstream_response_length':
		case 'upstream_bytes_received':
			return upstream(turn, ({ length }) => String(length));
		case 'upstream_cache_status':
			return turn.cache;
		case 'limit_req_status':
			return '';
	}
	const family = /^(arg|http|cookie|sent_http|upstream_http|upstream_cookie)_(.+)$/.exec(name);
	if (!family) {
		if (turn.config.own.has(name)) complain(turn, 'warn', `using uninitialized "${name}" variable`);
		return '';
	}
	const [, kind, rest = ''] = family;
	const key = rest.replaceAll('_', '-');
	if (kind === 'arg') return argument(turn.args, rest);
	if (kind === 'http') return header(key);
	if (kind === 'cookie') return cookie(turn, rest);
	const list = kind === 'sent_http' ? turn.headers : turn.upstreamHeaders;
	return list
		.filter(([own]) => own.toLowerCase() === key)
		.map(([, value]) => value)
		.join(', ');
}
