/** What came back, as curl reads it. */
import { utf8 } from '../../sim/wire/index.ts';
import type { Call } from '../tool.ts';
import type { Url } from './curl-url.ts';
import { textOf } from './http.ts';
import type { Options } from './words.ts';

export interface Exchange {
	code: number;
	message?: string;
	/** What `-w` prints. */
	readonly facts: Map<string, string | number>;
	body?: Uint8Array;
	head?: string;
}

export function readReply(
	call: Call,
	options: Options,
	url: Url,
	octets: Uint8Array,
	at: {
		method: string;
		facts: Exchange['facts'];
		fail(code: number, message: string): Exchange;
		verbose(text: string): void;
		total(): void;
	},
): Exchange {
	const { facts, fail, verbose } = at;
	const text = textOf(octets);
	const status = /^HTTP\/(\d(?:\.\d)?) (\d{3})/.exec(text);
	if (!status) return fail(1, 'Received HTTP/0.9 when not allowed');
	const end = text.indexOf('\r\n\r\n');
	const head = text.slice(0, end < 0 ? text.length : end + 4);
	let body = octets.subarray(utf8(head).length);
	const headOnly = at.method === 'HEAD';
	if (/^transfer-encoding:\s*chunked/im.test(head) && !headOnly) body = unchunked(body);
	verbose('* Mark bundle as not supporting multiuse');
	if (status[1] === '1.0') verbose('* HTTP 1.0, assume close after body');
	for (const line of head.replace(/\r\n$/, '').split('\r\n')) verbose(`< ${line}`);
	if (!call.tty && body.length > 0) verbose(`{ [${body.length} bytes data]`);
	facts.set('http_code', status[2]!);
	facts.set('response_code', status[2]!);
	facts.set('http_version', status[1]!.replace('1.0', '1'));
	facts.set('size_header', utf8(head).length);
	facts.set('num_headers', head.trim().split('\r\n').length - 1);
	facts.set('redirect_url', /^location:\s*(.*)$/im.exec(head)?.[1]?.trim() ?? '');
	facts.set('size_download', headOnly ? 0 : body.length);
	facts.set('content_type', /^content-type:\s*(.*)$/im.exec(head)?.[1]?.trim() ?? '');
	if (options.values.has('fail-with-body') && Number(status[2]) >= 400)
		return { ...fail(22, `The requested URL returned error: ${status[2]}`), head, body };
	if (options.values.has('f') && Number(status[2]) >= 400) {
		verbose(`* The requested URL returned error: ${status[2]}`);
		verbose('* Closing connection 0');
		return fail(22, `The requested URL returned error: ${status[2]}`);
	}
	verbose(
		status[1] === '1.0' || /^connection:\s*close/im.test(head)
			? '* Closing connection 0'
			: `* Connection #0 to host ${url.host} left intact`,
	);
	const length = /^content-length:\s*(\d+)/im.exec(head)?.[1];
	if (length !== undefined && body.length < Number(length) && !headOnly && !['204', '304'].includes(status[2]!))
		return { ...fail(18, `transfer closed with ${Number(length) - body.length} bytes remaining to read`), head, body };
	at.total();
	facts.set('exitcode', 0);
	facts.set('errormsg', '');
	return { code: 0, facts, head, body };
}

/** Chunks put together (RFC 9112 7.1). */
export function unchunked(octets: Uint8Array): Uint8Array {
	const out: number[] = [];
	for (let at = 0; at < octets.length; ) {
		let end = at;
		while (end < octets.length && octets[end] !== 10) end++;
		const size = Number.parseInt(String.fromCharCode(...octets.subarray(at, end)), 16);
		if (!(size > 0)) break;
		for (let i = end + 1; i < end + 1 + size && i < octets.length; i++) out.push(octets[i]!);
		at = end + 1 + size + 2;
	}
	return Uint8Array.from(out);
}
