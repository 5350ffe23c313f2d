/** Requests as nginx writes them to its upstreams, and answers as it reads them (ngx_http_proxy_module.c, ngx_http_upstream.c @ 1.23). */
import { utf8 } from '../../../wire/index.ts';
import { decodeUtf8 } from '../../helm-releases.ts';
import type { WebAnswer } from '../http.ts';
import { nearest, nearestAll, wordOf } from './nearest.ts';
import type { Header, Turn } from './turn.ts';
import { expand } from './variables.ts';

/** The request as it goes out: what proxy_set_header says, nginx's own, the body's length, the client's rest. */
export function written(turn: Turn, target: string, tls: boolean): Uint8Array {
	const { request, blocks } = turn;
	const out: Header[] = [];
	const set = new Set<string>();
	for (const { args } of nearestAll(blocks, 'proxy_set_header')) {
		set.add(args[0]!.toLowerCase());
		const value = expand(turn, args[1]!);
		if (value !== '') out.push([args[0]!, value]);
	}
	if (!set.has('host')) out.push(['Host', turn.variables.get('proxy_host') ?? '']);
	if (!set.has('connection')) out.push(['Connection', 'close']);
	const ownBody = nearest(blocks, 'proxy_set_body');
	const passes = wordOf(blocks, 'proxy_pass_request_body', 'on') !== 'off';
	const body = utf8(ownBody ? expand(turn, ownBody.args[0]!) : passes ? request.body : '');
	if ((body.length > 0 || request.headers.has('content-length')) && !set.has('content-length'))
		out.push(['Content-Length', String(body.length)]);
	if (wordOf(blocks, 'proxy_pass_request_headers', 'on') !== 'off')
		for (const [name, value] of request.raw ?? [...request.headers]) {
			const low = name.toLowerCase();
			if (
				set.has(low) ||
				/^(?:host|connection|content-length|transfer-encoding|te|keep-alive|expect|upgrade)$/.test(low)
			)
				continue;
			out.push([name, value]);
		}
	const method = wordOf(blocks, 'proxy_method', turn.method);
	const version = wordOf(blocks, 'proxy_http_version', '1.0');
	const head = utf8(
		`${expand(turn, method)} ${target} HTTP/${version}\r\n${out.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`,
	);
	const whole = new Uint8Array(head.length + body.length);
	whole.set(head);
	whole.set(body, head.length);
	if (!tls) return whole;
	// A record of application data, in clear (cli/linux/http.ts).
	const record = new Uint8Array(whole.length + 5);
	record.set([23, 3, 3, (whole.length >>> 8) & 0xff, whole.length & 0xff]);
	record.set(whole, 5);
	return record;
}

/** What came back; undefined of what is no answer. */
export function readAnswer(octets: Uint8Array, method = 'GET'): WebAnswer | undefined {
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
		body: method === 'HEAD' ? new Uint8Array(0) : body,
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

/** Not passed on: ngx_http_proxy_hide_headers, and what belongs to one connection. */
const HIDDEN =
	/^(?:date|server|x-pad|x-accel-expires|x-accel-limit-rate|x-accel-buffering|x-accel-charset|connection|keep-alive|transfer-encoding|upgrade)$/;

/** Headers of an answer that go on to the client. @param own what begins a Location of the upstream's own: `http://back` */
export function passedHeaders(turn: Turn, answer: WebAnswer, target: string, own: string): readonly Header[] {
	const { blocks } = turn;
	const shown = new Set(nearestAll(blocks, 'proxy_pass_header').map(({ args }) => args[0]!.toLowerCase()));
	const hidden = new Set(nearestAll(blocks, 'proxy_hide_header').map(({ args }) => args[0]!.toLowerCase()));
	const all = answer.headers.map((line): Header => {
		const colon = line.indexOf(':');
		return [line.slice(0, colon), line.slice(colon + 1).trim()];
	});
	turn.upstreamHeaders = all;
	return all
		.filter(([name]) => {
			const low = name.toLowerCase();
			return shown.has(low) || (!HIDDEN.test(low) && !hidden.has(low));
		})
		.map(([name, value]): Header => {
			const low = name.toLowerCase();
			if (low === 'location') return [name, redirected(turn, value, target, own)];
			if (low === 'set-cookie') return [name, cookied(turn, value)];
			return [name, value];
		});
}

/** proxy_redirect (ngx_http_proxy_rewrite_redirect()). */
function redirected(turn: Turn, value: string, target: string, own: string): string {
	const rules = nearestAll(turn.blocks, 'proxy_redirect');
	const words = rules.length > 0 ? rules.map(({ args }) => args) : [['default']];
	for (const [from = '', to = ''] of words) {
		if (from === 'off') return value;
		if (from === 'default') {
			if (target.includes('$')) continue;
			const uri = /^https?:\/\/[^/]+(\/.*)?$/.exec(target)?.[1];
			const begins = `${own}${uri ?? '/'}`;
			const place = uri === undefined ? '/' : turn.location?.pattern ? '/' : (turn.location?.path ?? '/');
			if (value.startsWith(begins)) return completed(turn, `${place}${value.slice(begins.length)}`);
			continue;
		}
		if (from.startsWith('~')) continue;
		const begins = expand(turn, from);
		if (value.startsWith(begins)) return completed(turn, `${expand(turn, to)}${value.slice(begins.length)}`);
	}
	return value;
}

/** A path of one's own gets its server's name later: it stands in the place that nginx completes. */
function completed(turn: Turn, value: string): string {
	turn.redirect = value.startsWith('/') ? value : undefined;
	return value;
}

/** proxy_cookie_path, proxy_cookie_domain. */
function cookied(turn: Turn, value: string): string {
	const change = (attribute: string, directive: string, text: string): string => {
		for (const { args } of nearestAll(turn.blocks, directive)) {
			const [from = '', to = ''] = args;
			if (from === 'off') return text;
			const pattern = new RegExp(`(;\\s*${attribute}=)([^;]*)`, 'i');
			const [, , now] = pattern.exec(text) ?? [];
			if (now === undefined) return text;
			const begins = expand(turn, from);
			if (attribute === 'domain' ? now.toLowerCase() === begins.toLowerCase() : now.startsWith(begins))
				return text.replace(pattern, `$1${expand(turn, to)}${now.slice(begins.length)}`);
		}
		return text;
	};
	return change('domain', 'proxy_cookie_domain', change('path', 'proxy_cookie_path', value));
}
