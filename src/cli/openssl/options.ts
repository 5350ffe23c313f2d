/** Options of openssl's commands (apps/lib/opt.c @ 3.0). */
import { upstreamHas } from './known.ts';

/** Options that take a value; others stand alone. */
const VALUED = new Set(
	'copy_extensions nameopt certopt in out key signkey subj newkey keyout CA CAkey CAserial days set_serial copy_extensions nameopt certopt extfile extensions inform outform checkend CAfile config addext ext extfile reqexts purpose verify_hostname verify_ip untrusted algorithm pkeyopt checkhost checkip checkemail salt passin passout sigopt'.split(
		' ',
	),
);

export interface Options {
	readonly value: (name: string) => string | undefined;
	readonly has: (name: string) => boolean;
	readonly rest: readonly string[];
}

/** Why a command does nothing, as it says so. */
export class Refused extends Error {}

export function read(command: string, words: readonly string[], known: readonly string[]): Options {
	const values = new Map<string, string>();
	const rest: string[] = [];
	for (let i = 0; i < words.length; i++) {
		const word = words[i]!;
		const name = word.replace(/^--?/, '');
		if (!word.startsWith('-') || word === '-') rest.push(word);
		else if (!known.includes(name))
			throw new Refused(
				upstreamHas(command, name)
					? `${command}: the simulator does not have the option ${word}\n`
					: `${command}: Unknown option: ${word}\n${command}: Use -help for summary.\n`,
			);
		else if (VALUED.has(name)) {
			const value = words[++i];
			if (value === undefined)
				throw new Refused(`${command}: Option -${name} needs a value\n${command}: Use -help for summary.\n`);
			// `-addext` may stand more than once.
			values.set(name, name === 'addext' && values.has(name) ? `${values.get(name)}\n${value}` : value);
		} else values.set(name, '');
	}
	return { value: (name) => values.get(name), has: (name) => values.has(name), rest };
}
