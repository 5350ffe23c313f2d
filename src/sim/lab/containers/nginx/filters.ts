/**
 * What becomes of an answer before it is sent: conditions, headers of one's own, replacements, gzip, ranges.
 *
 * Source: nginx src/http/ngx_http_header_filter_module.c, modules/ngx_http_{not_modified,headers,sub,addition,gzip,range,
 * chunked}_filter_module.c @ release-1.23, in the order they run.
 */
import { utf8 } from '../../../wire/index.ts';
import { decodeUtf8 } from '../../helm-releases.ts';
import { SECOND } from '../../time.ts';
import { httpDate, readHttpDate } from '../http.ts';
import { gzipped } from './gzip.ts';
import { isOn, nearest, nearestAll, wordOf } from './nearest.ts';
import type { Reply, Turn } from './turn.ts';
import { expand } from './variables.ts';
import { readSize, readTime } from './words.ts';

/** An answer on its way through the filters. */
export interface Draft {
	status: number;
	type: string | undefined;
	body: Uint8Array;
	/** Not known beforehand: -1. */
	length: number;
	/** Microseconds of a file's time, while `Last-Modified` is to be said. */
	modified: number | undefined;
	ranges: boolean;
	vary: boolean;
}

const SAFE = new Set([200, 201, 204, 206, 301, 302, 303, 304, 307, 308]);
const etagAt = (turn: Turn): number => turn.headers.findIndex(([name]) => name === 'ETag');

export function draftOf(turn: Turn, reply: Reply): Draft {
	const { status, body, at } = reply;
	if (at !== undefined && !reply.plain && isOn(turn.blocks, 'etag', true)) {
		const seconds = turn.host.epoch + Math.floor(at / SECOND);
		turn.headers.push(['ETag', `"${seconds.toString(16)}-${body.length.toString(16)}"`]);
	}
	return {
		status: turn.errStatus || status,
		type: reply.type,
		body,
		length: reply.unsized ? -1 : body.length,
		modified: at,
		ranges: reply.ranges === true,
		vary: false,
	};
}

function dropEtag(turn: Turn): void {
	const at = etagAt(turn);
	if (at >= 0) turn.headers.splice(at, 1);
}

function weaken(turn: Turn): void {
	const at = etagAt(turn);
	const tag = at < 0 ? undefined : turn.headers[at]![1];
	if (tag !== undefined && !tag.startsWith('W/')) turn.headers[at] = ['ETag', `W/${tag}`];
}

/** The length is not known any more. */
function resized(draft: Draft, body: Uint8Array): void {
	draft.body = body;
	draft.length = -1;
	draft.ranges = false;
}

/** ngx_http_not_modified_header_filter(); 412 where a condition does not hold. */
export function notModified(turn: Turn, draft: Draft): 412 | undefined {
	const { request, host, blocks } = turn;
	if (draft.status !== 200) return undefined;
	const tag = etagAt(turn) < 0 ? undefined : turn.headers[etagAt(turn)]![1];
	const seconds = draft.modified === undefined ? undefined : host.epoch + Math.floor(draft.modified / SECOND);
	const header = (name: string): string | undefined => request.headers.get(name);
	const matches = (list: string, weak: boolean): boolean =>
		list === '*' ||
		(tag !== undefined &&
			list.split(/\s*,\s*/).some((own) => (weak ? own.replace(/^W\//, '') === tag.replace(/^W\//, '') : own === tag)));
	const unmodified = header('if-unmodified-since');
	if (unmodified !== undefined && seconds !== undefined && seconds > (readHttpDate(unmodified) ?? -1)) return 412;
	const match = header('if-match');
	if (match !== undefined && !matches(match, false)) return 412;
	const since = header('if-modified-since');
	const none = header('if-none-match');
	if (since === undefined && none === undefined) return undefined;
	if (since !== undefined) {
		const way = wordOf(blocks, 'if_modified_since', 'exact');
		const asked = readHttpDate(since);
		if (seconds === undefined || way === 'off' || asked === undefined) return undefined;
		if (asked !== seconds && (way === 'exact' || asked < seconds)) return undefined;
	}
	if (none !== undefined && !matches(none, true)) return undefined;
	draft.status = 304;
	draft.type = undefined;
	draft.body = new Uint8Array(0);
	draft.length = -1;
	draft.ranges = false;
	return undefined;
}

/** `expires`, with its Cache-Control (ngx_http_set_expires()). */
function expires(turn: Turn, draft: Draft): void {
	const words = nearest(turn.blocks, 'expires')?.args;
	const text = words === undefined ? 'off' : expand(turn, words.at(-1)!);
	if (text === 'off' || text === '') return;
	const [date, control] = expiry(turn, draft, text, words?.[0] === 'modified');
	turn.headers.push(['Expires', date], ['Cache-Control', control]);
}

function expiry(turn: Turn, draft: Draft, text: string, fromFile: boolean): readonly [date: string, control: string] {
	const { host } = turn;
	if (text === 'epoch') return ['Thu, 01 Jan 1970 00:00:01 GMT', 'no-cache'];
	if (text === 'max') return ['Thu, 31 Dec 2037 23:55:55 GMT', 'max-age=315360000'];
	const negative = text.startsWith('-');
	if (text.startsWith('@')) {
		const day = readTime(text.slice(1)) ?? 0;
		const today = (host.epoch * SECOND + host.now) % (86_400 * SECOND);
		const until = Math.floor(((day - today + 86_400 * SECOND) % (86_400 * SECOND)) / SECOND);
		return [httpDate(host.epoch, host.now + until * SECOND), `max-age=${until}`];
	}
	const seconds = Math.floor((readTime(text.replace(/^[+-]/, '')) ?? 0) / SECOND) * (negative ? -1 : 1);
	const from = fromFile && draft.modified !== undefined ? draft.modified : host.now;
	const left = from === host.now ? seconds : Math.floor((from + seconds * SECOND - host.now) / SECOND);
	return [httpDate(host.epoch, from + seconds * SECOND), left < 0 || negative ? 'no-cache' : `max-age=${left}`];
}

/** ngx_http_headers_filter(). */
export function ownHeaders(turn: Turn, draft: Draft): void {
	const safe = SAFE.has(draft.status);
	if (safe) expires(turn, draft);
	for (const { args } of nearestAll(turn.blocks, 'add_header')) {
		if (!safe && args[2] !== 'always') continue;
		const value = expand(turn, args[1]!);
		const [name = ''] = args;
		if (name.toLowerCase() === 'last-modified') {
			draft.modified = undefined;
			if (value !== '') turn.headers.push(['Last-Modified', value]);
		} else if (name.toLowerCase() === 'etag') {
			dropEtag(turn);
			if (value !== '') turn.headers.push(['ETag', value]);
		} else if (value !== '') turn.headers.push([name, value]);
	}
}

const plainType = (type: string | undefined): string => (type ?? '').split(';')[0]!.trim();

/** Whether a filter is for a type: text/html, and those its directive names. */
function concerns(turn: Turn, draft: Draft, directive: string): boolean {
	const type = plainType(draft.type);
	const words = nearest(turn.blocks, directive)?.args ?? [];
	return type !== '' && (type === 'text/html' || words.includes('*') || words.includes(type));
}

/** sub_filter: texts in the body, without regard to case. */
export function substituted(turn: Turn, draft: Draft): void {
	const rules = nearestAll(turn.blocks, 'sub_filter');
	if (rules.length === 0 || draft.length === 0 || !concerns(turn, draft, 'sub_filter_types')) return;
	if (turn.headers.some(([name]) => name.toLowerCase() === 'content-encoding')) return;
	const once = isOn(turn.blocks, 'sub_filter_once', true);
	const pairs = rules.map(({ args }) => [expand(turn, args[0]!), args[1]!] as const).filter(([from]) => from !== '');
	const done = new Set<number>();
	let text = decodeUtf8([...draft.body]);
	let out = '';
	for (let at = 0; at < text.length; ) {
		const low = text.slice(at, at + 200).toLowerCase();
		const i = pairs.findIndex(([from], n) => !done.has(n) && low.startsWith(from.toLowerCase()));
		if (i < 0) {
			out += text[at++];
			continue;
		}
		out += expand(turn, pairs[i]![1]);
		at += pairs[i]![0].length;
		if (once) done.add(i);
	}
	text = out;
	resized(draft, utf8(text));
	if (isOn(turn.blocks, 'sub_filter_last_modified')) weaken(turn);
	else {
		draft.modified = undefined;
		dropEtag(turn);
	}
}

/** add_before_body and add_after_body. @param ask the body of another path */
export function surrounded(turn: Turn, draft: Draft, ask: (path: string) => Uint8Array): void {
	const before = wordOf(turn.blocks, 'add_before_body');
	const after = wordOf(turn.blocks, 'add_after_body');
	if (draft.status !== 200 || (before === '' && after === '') || !concerns(turn, draft, 'addition_types')) return;
	const parts = [before === '' ? undefined : ask(before), draft.body, after === '' ? undefined : ask(after)];
	const all = parts.flatMap((part) => (part ? [...part] : []));
	resized(draft, Uint8Array.from(all));
	weaken(turn);
}

/** ngx_http_gzip_filter_module.c, ngx_http_gzip_ok(). */
export function compressed(turn: Turn, draft: Draft): void {
	const { blocks, request } = turn;
	if (!isOn(blocks, 'gzip') || ![200, 403, 404].includes(draft.status)) return;
	if (turn.headers.some(([name]) => name.toLowerCase() === 'content-encoding')) return;
	const least = readSize(wordOf(blocks, 'gzip_min_length', '20')) ?? 20;
	if ((draft.length !== -1 && draft.length < least) || !concerns(turn, draft, 'gzip_types')) return;
	if (turn.method === 'HEAD' && draft.length === 0) return;
	draft.vary = isOn(blocks, 'gzip_vary');
	const accepts = (request.headers.get('accept-encoding') ?? '')
		.split(/\s*,\s*/)
		.some((word) => /^(?:gzip|\*)(?:\s*;\s*q=(?!0(?:\.0*)?$).*)?$/i.test(word));
	const version = wordOf(blocks, 'gzip_http_version', '1.1');
	const through = request.headers.has('via') && wordOf(blocks, 'gzip_proxied', 'off') === 'off';
	if (!accepts || request.version < `HTTP/${version}` || through) return;
	turn.headers.push(['Content-Encoding', 'gzip']);
	resized(draft, gzipped(draft.body));
	weaken(turn);
}

interface Range {
	readonly from: number;
	/** The first that is no more of it. */
	readonly to: number;
}

/** ngx_http_range_parse(): undefined of what is none, empty of what cannot be satisfied. */
function rangesOf(text: string, length: number, most: number): readonly Range[] | undefined {
	if (!/^bytes=/i.test(text)) return undefined;
	const out: Range[] = [];
	for (const word of text.slice(6).split(',')) {
		const [, first, last] = /^\s*(\d*)\s*-\s*(\d*)\s*$/.exec(word) ?? [];
		if (first === undefined || (first === '' && last === '')) return [];
		const suffix = first === '';
		const from = suffix ? Math.max(0, length - Number(last)) : Number(first);
		const to = suffix || last === '' ? length : Math.min(length, Number(last) + 1);
		if (!suffix && last !== '' && Number(last) < Number(first)) return [];
		if (from >= length || from >= to) continue;
		if (out.length >= most) return undefined;
		out.push({ from, to });
	}
	const sum = out.reduce((total, { from, to }) => total + to - from, 0);
	return out.length > 0 && sum > length ? undefined : out;
}

/** ngx_http_range_header_filter(): part of the body, several parts, or 416. */
export function ranged(turn: Turn, draft: Draft): 416 | undefined {
	const { request, host } = turn;
	const most = Number(wordOf(turn.blocks, 'max_ranges', '2147483647'));
	if (request.version < 'HTTP/1.0' || draft.status !== 200 || draft.length < 0 || !draft.ranges || most === 0)
		return undefined;
	const whole = (): undefined => {
		turn.headers.push(['Accept-Ranges', 'bytes']);
		return undefined;
	};
	const text = request.headers.get('range');
	if (text === undefined) return whole();
	const condition = request.headers.get('if-range');
	if (condition !== undefined) {
		const tag = etagAt(turn) < 0 ? undefined : turn.headers[etagAt(turn)]![1];
		const time = readHttpDate(condition);
		const seconds = draft.modified === undefined ? undefined : host.epoch + Math.floor(draft.modified / SECOND);
		if (condition.startsWith('"') ? condition !== tag : time === undefined || time !== seconds) return whole();
	}
	const total = draft.body.length;
	const parts = rangesOf(text, total, most);
	if (parts === undefined) return whole();
	if (parts.length === 0) {
		turn.headers.push(['Content-Range', `bytes */${total}`]);
		return 416;
	}
	draft.status = 206;
	const [only] = parts;
	if (parts.length === 1) {
		turn.headers.push(['Content-Range', `bytes ${only!.from}-${only!.to - 1}/${total}`]);
		draft.body = draft.body.slice(only!.from, only!.to);
		draft.length = draft.body.length;
		return undefined;
	}
	// ngx_next_temp_number(), twenty digits.
	const boundary = String(turn.stats.requests).padStart(20, '0');
	const type = draft.type;
	const pieces = parts.flatMap(({ from, to }, i) => [
		utf8(
			`${i === 0 ? '\r\n' : '\r\n'}--${boundary}\r\n${type === undefined ? '' : `Content-Type: ${type}\r\n`}Content-Range: bytes ${from}-${to - 1}/${total}\r\n\r\n`,
		),
		draft.body.slice(from, to),
	]);
	pieces.push(utf8(`\r\n--${boundary}--\r\n`));
	draft.body = Uint8Array.from(pieces.flatMap((piece) => [...piece]));
	draft.length = draft.body.length;
	draft.type = `multipart/byteranges; boundary=${boundary}`;
	return undefined;
}

/** Of a body whose length nobody knew: in chunks, or until the connection ends (ngx_http_chunked_filter_module.c). */
export function chunked(turn: Turn, draft: Draft): boolean {
	if ([204, 304].includes(draft.status) || turn.method === 'HEAD' || draft.length >= 0) return false;
	if (turn.request.version === 'HTTP/1.1' && isOn(turn.blocks, 'chunked_transfer_encoding', true)) {
		const { body } = draft;
		const head = utf8(body.length === 0 ? '' : `${body.length.toString(16)}\r\n`);
		const tail = utf8(body.length === 0 ? '0\r\n\r\n' : '\r\n0\r\n\r\n');
		draft.body = Uint8Array.from([...head, ...body, ...tail]);
		return true;
	}
	turn.keepalive = false;
	return false;
}
