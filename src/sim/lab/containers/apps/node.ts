/** What Node's http server writes of an answer whose length it was not told (lib/_http_outgoing.js @ v6.3.1). */
import { utf8 } from '../../../wire/index.ts';
import { dateLine, type WebAnswer, type WebHost, type WebRequest } from '../http.ts';

/** A body in chunks, one for each that was written (RFC 9112 7.1). */
export const chunks = (parts: readonly string[]): string =>
	`${parts.map((part) => `${utf8(part).length.toString(16)}\r\n${part}\r\n`).join('')}0\r\n\r\n`;

export function nodeAnswer(
	host: WebHost,
	request: WebRequest,
	said: {
		readonly headers: readonly string[];
		readonly parts: readonly string[];
		lines?(at: number): readonly string[];
	},
): WebAnswer {
	if (request.first !== undefined)
		// A parser's error closes the socket (lib/_http_server.js, onClientError).
		return { status: 400, reason: '', headers: [], body: new Uint8Array(0), silent: true, quiet: true };
	const word = (request.headers.get('connection') ?? '').toLowerCase();
	const older = request.version === 'HTTP/1.0';
	const keeps = older ? word.includes('keep-alive') : !word.includes('close');
	const body = older ? said.parts.join('') : chunks(said.parts);
	return {
		status: 200,
		reason: 'OK',
		headers: [
			...said.headers,
			dateLine(host),
			`Connection: ${keeps && !older ? 'keep-alive' : 'close'}`,
			...(older ? [] : ['Transfer-Encoding: chunked']),
		],
		body: request.method === 'HEAD' ? new Uint8Array(0) : utf8(body),
		closes: !keeps || older,
		...(said.lines ? { lines: said.lines } : {}),
	};
}
