/** Web servers that answer by their files (`sim/lab/containers`), as programs at a port. */
import type { HttpAccess, WebAnswer, WebNetwork, WebRequest } from '../../sim/lab/index.ts';
import type { Endpoint, Respond } from '../../sim/linux/index.ts';
import { formatIp, utf8 } from '../../sim/wire/index.ts';
import { type HttpRequest, isTls, readRequest, textOf, tlsCertificates, tlsPlain, tlsRecord } from './http.ts';

interface Server {
	readonly listens: readonly { readonly port: number; readonly speaks?: 'tls' | 'dns' }[];
	answer(request: WebRequest): WebAnswer | undefined;
	/** What is done with a connection that is not HTTP's; undefined where HTTP is spoken. */
	stream?(request: {
		readonly octets: Uint8Array;
		readonly client: string;
		readonly clientPort: number;
		readonly port: number;
		readonly network: WebNetwork | undefined;
	}):
		| {
				readonly octets: Uint8Array | undefined;
				readonly took: number;
				readonly ends: boolean;
				lines(at: number, connection: number): readonly string[];
		  }
		| undefined;
}

const requestOf = (
	{ method, path, query, version, headers, head, body }: HttpRequest,
	peer: Endpoint,
	local: Endpoint,
	tls: boolean,
): WebRequest => ({
	method,
	path,
	query,
	version,
	headers,
	body,
	client: formatIp(peer.ip),
	clientPort: peer.port,
	port: local.port,
	local: formatIp(local.ip),
	raw: head
		.split('\r\n')
		.slice(1)
		.filter((line) => line.includes(':'))
		.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]),
	length: utf8(head).length + 4 + utf8(body).length,
	tls,
});

export function answerOctets({ status, reason, headers, body, version = 'HTTP/1.1' }: WebAnswer): Uint8Array {
	const head = utf8(`${version} ${status} ${reason}\r\n${headers.map((line) => `${line}\r\n`).join('')}\r\n`);
	const out = new Uint8Array(head.length + body.length);
	out.set(head);
	out.set(body, head.length);
	return out;
}

export const accessOf = (
	request: HttpRequest,
	peer: Endpoint,
	answer: { readonly status: number; readonly length: number },
): HttpAccess => ({
	client: formatIp(peer.ip),
	method: request.method,
	target: request.query === '' ? request.path : `${request.path}?${request.query}`,
	version: request.version,
	host: request.headers.get('host'),
	referer: request.headers.get('referer'),
	agent: request.headers.get('user-agent'),
	forwarded: request.headers.get('x-forwarded-for'),
	status: answer.status,
	length: request.method === 'HEAD' ? 0 : answer.length,
});

/**
 * What is no request gets what nginx and httpd say to it; `served` is told of each answer, and how much later than the
 * request it leaves: so long the server waited for others. A port of TLS hands on what its records carry.
 */
export function webAnswers(
	server: Server,
	served: (access: HttpAccess, after: number) => void,
	network?: WebNetwork,
): { readonly respond: Respond; readonly took: () => number; readonly ends: () => boolean } {
	let took = 0;
	let ends = false;
	return {
		took: () => took,
		ends: () => ends,
		respond(octets, peer, local) {
			took = 0;
			ends = false;
			const client = formatIp(peer.ip);
			const raw = server.stream?.({ octets, client, clientPort: peer.port, port: local.port, network });
			if (raw) {
				({ took, ends } = raw);
				const lines = (at: number, connection: number): readonly string[] => raw.lines(at, connection);
				served({ client, method: '', target: '', version: '', status: 200, length: 0, lines }, took);
				return raw.octets;
			}
			const tls = isTls(octets) && server.listens.some(({ port, speaks }) => port === local.port && speaks === 'tls');
			const came = tls ? tlsPlain(octets) : octets;
			const request = readRequest(came) ?? NONE;
			const first = request === NONE ? { first: textOf(came).split(/\r?\n/)[0] ?? '' } : {};
			const answer = server.answer({ ...requestOf(request, peer, local, tls), ...first, network });
			if (!answer) return undefined;
			const { complaint, quiet, status, body, lines } = answer;
			took = answer.took ?? 0;
			ends = answer.closes === true || answer.silent === true;
			served(
				{
					...accessOf(request, peer, { status, length: body.length }),
					complaint,
					quiet,
					server: answer.server,
					...(lines ? { lines: (at, connection) => lines(at, connection) } : {}),
				},
				took,
			);
			if (answer.silent) return new Uint8Array(0);
			return tls ? sealed(answer) : answerOctets(answer);
		},
	};
}

/** An answer within TLS, behind the certificates its server shows. */
function sealed(answer: WebAnswer): Uint8Array {
	const record = tlsRecord(answerOctets(answer));
	const blocks = [...(answer.certificates ?? '').matchAll(/-----BEGIN [A-Z ]*CERTIFICATE-----([\s\S]*?)-----END/g)];
	if (blocks.length === 0) return record;
	const first = tlsCertificates(
		blocks.map(([, text]) => Uint8Array.from(atob(text!.replace(/\s/g, '')), (char) => char.charCodeAt(0))),
	);
	const out = new Uint8Array(first.length + record.length);
	out.set(first);
	out.set(record, first.length);
	return out;
}

/** What cannot be read as a request. */
const NONE: HttpRequest = {
	method: 'GET',
	path: '/%',
	query: '',
	version: 'HTTP/1.0',
	headers: new Map(),
	head: '',
	body: '',
};
