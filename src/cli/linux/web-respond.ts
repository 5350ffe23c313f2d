/** Web servers that answer by their files (`sim/lab/containers`), as programs at a port. */
import type { HttpAccess, WebAnswer, WebNetwork, WebRequest } from '../../sim/lab/index.ts';
import type { Endpoint, Respond } from '../../sim/linux/index.ts';
import { formatIp, utf8 } from '../../sim/wire/index.ts';
import { type HttpRequest, readRequest } from './http.ts';

interface Server {
	answer(request: WebRequest): WebAnswer | undefined;
}

const requestOf = (
	{ method, path, query, version, headers, body }: HttpRequest,
	peer: Endpoint,
	port: number,
): WebRequest => ({
	method,
	path,
	query,
	version,
	headers,
	body,
	client: formatIp(peer.ip),
	clientPort: peer.port,
	port,
});

export function answerOctets({ status, reason, headers, body }: WebAnswer): Uint8Array {
	const head = utf8(
		`HTTP/1.1 ${status}${reason === '' ? '' : ` ${reason}`}\r\n${headers.map((line) => `${line}\r\n`).join('')}\r\n`,
	);
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
 * request it leaves: so long the server waited for others.
 */
export function webAnswers(
	server: Server,
	served: (access: HttpAccess, after: number) => void,
	network?: WebNetwork,
): { readonly respond: Respond; readonly took: () => number } {
	let took = 0;
	return {
		took: () => took,
		respond(octets, peer, local) {
			took = 0;
			const request = readRequest(octets) ?? {
				method: 'GET',
				path: '/%',
				query: '',
				version: 'HTTP/1.0',
				headers: new Map(),
				head: '',
				body: '',
			};
			const answer = server.answer({ ...requestOf(request, peer, local.port), network });
			if (!answer) return undefined;
			const { complaint, quiet, status, body } = answer;
			took = answer.took ?? 0;
			served(
				{ ...accessOf(request, peer, { status, length: body.length }), complaint, quiet, server: answer.server },
				took,
			);
			return answerOctets(answer);
		},
	};
}
