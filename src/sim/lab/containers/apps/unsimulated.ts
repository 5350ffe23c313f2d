/** Programs the lab does not have: their ports are open, as they are in life, and whoever asks there is told. */
import { utf8 } from '../../../wire/index.ts';
import type { Listening } from '../../software/program.ts';
import type { WebServer } from '../web.ts';

/** The lab's own sentence, to whoever asks. */
export const sentence = (what: string): string => `This lab does not simulate ${what}, so there is no answer.\n`;

/** The last part of a repository's name. */
const plainName = (repository: string): string => repository.slice(repository.lastIndexOf('/') + 1);

/** What its log says of it, once. */
export const logSentence = (repository: string): string =>
	`(this lab does not simulate ${plainName(repository)}: its ports are open, and whoever asks there is told so)`;

const REQUEST = /^[A-Z]+ \S+ HTTP\/\d/;

/** Whoever speaks HTTP gets 501, anybody else the sentence; the connection ends. */
export function unsimulated(repository: string, listens: readonly Listening[]): WebServer {
	const said = utf8(sentence(plainName(repository)));
	return {
		listens,
		answer: (request) => ({
			status: 501,
			reason: 'Not Implemented',
			headers: ['Content-Type: text/plain; charset=utf-8', `Content-Length: ${said.length}`, 'Connection: close'],
			body: request.method === 'HEAD' ? new Uint8Array(0) : said,
			closes: true,
			quiet: true,
		}),
		stream({ octets }) {
			const begun = new TextDecoder().decode(octets.subarray(0, 4096));
			return REQUEST.test(begun) ? undefined : { octets: said, took: 0, ends: true, lines: () => [] };
		},
	};
}
