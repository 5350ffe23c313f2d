/** What wget asks for, and what came back. */
import { utf8 } from '../../sim/wire/index.ts';
import type { Call } from '../tool.ts';
import { unchunked } from './curl-reply.ts';
import { dial } from './dial.ts';
import { isTls, textOf, tlsPlain, tlsRecord } from './http.ts';
import type { Space } from './space.ts';
import { ERRNO, type getopt } from './words.ts';

interface Page {
	readonly status: number;
	readonly reason: string;
	readonly head: string;
	readonly body: Uint8Array;
	/** Microseconds. */
	readonly took: number;
}

export type Options = Exclude<ReturnType<typeof getopt>, { fault: unknown }>;

interface Address {
	readonly host: string;
	readonly port: number;
	readonly path: string;
	readonly tls: boolean;
}

export function parse(url: string): Address | undefined {
	const match = /^(?:(https?):\/\/)?([^/:?#\s]+)(?::(\d+))?([/?][^#\s]*)?$/i.exec(url);
	if (!match) return undefined;
	const tls = match[1]?.toLowerCase() === 'https';
	return {
		host: match[2]!,
		port: match[3] ? Number(match[3]) : tls ? 443 : 80,
		path: match[4]?.replace(/^\?/, '/?') ?? '/',
		tls,
	};
}

/** Connects and asks; what went wrong is a word for connect() or the answer. */
export async function fetchPage(
	call: Call,
	space: Space,
	options: Options,
	at: Address,
	ip: number,
	agent: string,
): Promise<Page | { readonly failed: string; readonly read?: boolean }> {
	const { values } = options;
	const file = values.get('post-file');
	const body = file === undefined ? values.get('post-data') : ((await call.files.read(file)) ?? '');
	const standard = at.port === (at.tls ? 443 : 80);
	const head = [
		`${values.has('spider') ? 'HEAD' : body === undefined ? 'GET' : 'POST'} ${at.path} HTTP/1.1`,
		`Host: ${at.host}${standard ? '' : `:${at.port}`}`,
		`User-Agent: ${values.get('U') ?? agent}`,
		...(agent === 'Wget' ? [] : ['Accept: */*', 'Accept-Encoding: identity']),
		...(values.has('referer') ? [`Referer: ${values.get('referer')}`] : []),
		...options.all('header'),
		...(body === undefined
			? []
			: ['Content-Type: application/x-www-form-urlencoded', `Content-Length: ${utf8(body).length}`]),
		agent === 'Wget' ? 'Connection: close' : 'Connection: Keep-Alive',
	];
	const request = utf8(`${head.join('\r\n')}\r\n\r\n${body ?? ''}`);
	const limit = Number(values.get('T') ?? values.get('connect-timeout')) * 1e6;
	const done = await dial(call, space, {
		protocol: 'tcp',
		dst: ip,
		dport: at.port,
		data: at.tls ? tlsRecord(request) : request,
		deadline: limit > 0 ? limit : 900e6,
	});
	if (!('client' in done)) return { failed: ERRNO[done.errno] ?? done.errno };
	const reply = done.client.outcome?.reply ?? new Uint8Array(0);
	if (done.client.outcome?.result !== 'connected' && done.connected === undefined)
		return { failed: ERRNO[done.errno ?? 'ETIMEDOUT']! };
	if (at.tls && !values.has('no-check-certificate')) return { failed: 'certificate', read: true };
	const octets = at.tls && isTls(reply) ? tlsPlain(reply) : reply;
	const text = textOf(octets);
	const status = /^HTTP\/\S+ (\d{3}) ?([^\r\n]*)/.exec(text);
	if (!status) return { failed: octets.length === 0 ? 'empty' : 'garbage', read: true };
	const end = text.indexOf('\r\n\r\n');
	const headText = text.slice(0, end < 0 ? text.length : end + 4);
	return {
		status: Number(status[1]),
		reason: status[2]!,
		head: headText,
		body: /^transfer-encoding:\s*chunked/im.test(headText)
			? unchunked(octets.subarray(utf8(headText).length))
			: octets.subarray(utf8(headText).length),
		took: done.took,
	};
}
