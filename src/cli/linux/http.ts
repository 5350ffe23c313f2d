/** HTTP as far as a learner's curl meets it: requests read, answers written, and what the course's images say. */
import type { Respond } from '../../sim/linux/index.ts';
import { utf8 } from '../../sim/wire/index.ts';

export interface HttpRequest {
	readonly method: string;
	readonly path: string;
	readonly query: string;
	readonly version: string;
	readonly headers: ReadonlyMap<string, string>;
	/** As it came, first line and headers. */
	readonly head: string;
	readonly body: string;
}

export interface Answer {
	readonly status: number;
	readonly type: string;
	readonly body: string;
	/** More headers, after the first. */
	readonly headers?: readonly string[];
	/** `Server:` */
	readonly server?: string;
}

const REASONS: Readonly<Record<number, string>> = {
	200: 'OK',
	201: 'Created',
	301: 'Moved Permanently',
	400: 'Bad Request',
	401: 'Unauthorized',
	403: 'Forbidden',
	404: 'Not Found',
	405: 'Method Not Allowed',
	409: 'Conflict',
	415: 'Unsupported Media Type',
	422: 'Unprocessable Entity',
	500: 'Internal Server Error',
	501: 'Not Implemented',
	502: 'Bad Gateway',
	503: 'Service Unavailable',
};

/** Text of octets; one character for each that is no UTF-8. */
export const textOf = (octets: Uint8Array): string => new TextDecoder().decode(octets);

export function readRequest(octets: Uint8Array): HttpRequest | undefined {
	const text = textOf(octets);
	const end = text.indexOf('\r\n\r\n');
	const head = end < 0 ? text : text.slice(0, end);
	const match = /^([A-Z]+) (\S+) (HTTP\/\d(?:\.\d)?)/.exec(head);
	if (!match) return undefined;
	const headers = new Map<string, string>();
	for (const line of head.split('\r\n').slice(1)) {
		const colon = line.indexOf(':');
		if (colon > 0) headers.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim());
	}
	const target = match[2]!.replace(/^https?:\/\/[^/]*/, '') || '/';
	const question = target.indexOf('?');
	return {
		method: match[1]!,
		path: question < 0 ? target : target.slice(0, question),
		query: question < 0 ? '' : target.slice(question + 1),
		version: match[3]!,
		headers,
		head,
		body: end < 0 ? '' : text.slice(end + 4),
	};
}

/** An answer as octets. HEAD gets no body. */
export function http(answer: Answer, request?: HttpRequest): Uint8Array {
	const body = utf8(answer.body);
	const lines = [
		`HTTP/1.1 ${answer.status} ${REASONS[answer.status] ?? ''}`,
		...(answer.server ? [`Server: ${answer.server}`] : []),
		`Content-Type: ${answer.type}`,
		`Content-Length: ${body.length}`,
		...(answer.headers ?? []),
		'',
		'',
	];
	return utf8(lines.join('\r\n') + (request?.method === 'HEAD' ? '' : answer.body));
}

/**
 * TLS without its cipher: the request and the answer each travel as one record of application data (RFC 8446 5.1), in
 * clear, and no handshake is exchanged. Plain HTTP gets what Go's server says to it.
 */
const APPLICATION_DATA = 23;

export function tlsRecord(octets: Uint8Array): Uint8Array {
	const out = new Uint8Array(octets.length + 5);
	out.set([APPLICATION_DATA, 3, 3, (octets.length >>> 8) & 0xff, octets.length & 0xff]);
	out.set(octets, 5);
	return out;
}

const HANDSHAKE = 22;

/** A record with the certificates a server shows, its own first (RFC 5246 7.4.2). */
export function tlsCertificates(chain: readonly Uint8Array[]): Uint8Array {
	const three = (n: number): readonly number[] => [(n >>> 16) & 255, (n >>> 8) & 255, n & 255];
	const list = chain.flatMap((certificate) => [...three(certificate.length), ...certificate]);
	const message = [11, ...three(list.length + 3), ...three(list.length), ...list];
	return Uint8Array.from([HANDSHAKE, 3, 3, (message.length >>> 8) & 255, message.length & 255, ...message]);
}

/** What such a record shows, and what follows it. */
function opened(octets: Uint8Array): { readonly chain: readonly Uint8Array[]; readonly rest: Uint8Array } {
	if (octets[0] !== HANDSHAKE || octets[1] !== 3) return { chain: [], rest: octets };
	const end = 5 + ((octets[3]! << 8) | octets[4]!);
	const chain: Uint8Array[] = [];
	for (let at = 5 + 7; at + 3 < end; ) {
		const length = (octets[at]! << 16) | (octets[at + 1]! << 8) | octets[at + 2]!;
		chain.push(octets.subarray(at + 3, at + 3 + length));
		at += 3 + length;
	}
	return { chain, rest: octets.subarray(end) };
}

/** Certificates that came with an answer; none of servers of which the lab knows none. */
export const shownCertificates = (octets: Uint8Array): readonly Uint8Array[] => opened(octets).chain;

export const isTls = (octets: Uint8Array): boolean =>
	(octets[0] === APPLICATION_DATA || octets[0] === HANDSHAKE) && octets[1] === 3;
export const tlsPlain = (octets: Uint8Array): Uint8Array => opened(octets).rest.subarray(5);

export const tlsAround =
	(respond: Respond): Respond =>
	(octets, peer, local) => {
		if (!isTls(octets))
			return utf8('HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n');
		const answer = respond(tlsPlain(octets), peer, local);
		return answer && tlsRecord(answer);
	};

const plain = (body: string, status = 200): Answer => ({ status, type: 'text/plain; charset=utf-8', body });

/** cilium/starwars (the deathstar of Cilium's policy guide): its API answers two requests and names its methods. */
const DEATHSTAR: Readonly<Record<string, string>> = {
	'GET /v1/': `{"name":"Death Star","hostname":"","model":"DS-1 Orbital Battle Station","manufacturer":"Imperial Department of Military Research, Sienar Fleet Systems","cost_in_credits":"1000000000000","length":"120000","crew":"342953","passengers":"843342","cargo_capacity":"1000000000000","hyperdrive_rating":"4.0","starship_class":"Deep Space Mobile Battlestation","api":["GET   /v1","GET   /v1/healthz","POST  /v1/request-landing","PUT   /v1/cargobay","GET   /v1/hyper-matter-reactor/status","PUT   /v1/exhaust-port"]}\n`,
	'POST /v1/request-landing': 'Ship landed\n',
	'PUT /v1/exhaust-port':
		'Panic: deathstar exploded\n\ngoroutine 1 [running]:\nmain.HandleGarbage(0x2080c3f50, 0x2, 0x4, 0x425c0, 0x5, 0xa)\n',
};

/** What an image's program says; undefined of those whose words are not here. */
export function appAnswer(image: string, request: HttpRequest): Answer | undefined {
	const name = image.replace(/[:@][^/]*$/, '');
	const { method, path } = request;
	if (/starwars$/.test(name)) {
		const body = DEATHSTAR[`${method} ${path.replace(/^\/v1$/, '/v1/')}`];
		return body === undefined ? plain('404 page not found\n', 404) : plain(body);
	}
	return undefined;
}
