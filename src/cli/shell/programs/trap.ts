/**
 * The builtin `trap` (bash(1)). What is told for EXIT runs when its shell is left, what is told for INT after Ctrl-C
 * ended a line or a script, which ends nevertheless. Nothing here sends the other signals. Subshells run no traps of
 * their own.
 */
import { Output } from '../call.ts';
import { trapsOf } from '../traps.ts';
import type { OwnProgram } from './index.ts';
import { quotedAlways } from './nested.ts';

/** Numbers of Linux's signals on x86 (signal(7)). */
const SIGNALS: Readonly<Record<string, number>> = {
	EXIT: 0,
	HUP: 1,
	INT: 2,
	QUIT: 3,
	KILL: 9,
	USR1: 10,
	USR2: 12,
	PIPE: 13,
	ALRM: 14,
	TERM: 15,
	CHLD: 17,
	CONT: 18,
	STOP: 19,
	TSTP: 20,
	WINCH: 28,
};

const nameOf = (word: string): string | undefined => {
	if (/^\d+$/.test(word)) return Object.keys(SIGNALS).find((name) => SIGNALS[name] === Number(word));
	const name = word.toUpperCase().replace(/^SIG/, '');
	return Object.hasOwn(SIGNALS, name) ? name : undefined;
};

const shown = (name: string): string => (name === 'EXIT' ? name : `SIG${name}`);

export const trap: OwnProgram = {
	name: 'trap',
	async run(call) {
		const output = new Output(call.routes);
		const traps = trapsOf(call.state);
		const words = [...call.args];
		const list = words[0] === '-p';
		if (list || words[0] === '--') words.shift();
		if (words.length === 0 || list) {
			const wanted = words.map(nameOf);
			for (const name of Object.keys(SIGNALS)) {
				const text = traps.get(name);
				if (text !== undefined && (wanted.length === 0 || wanted.includes(name)))
					output.out({ text: `trap -- ${quotedAlways(text)} ${shown(name)}\n`, binary: false });
			}
			return output.result(0);
		}
		// One word alone is a signal that goes back to what it was.
		const action = words.length === 1 ? '-' : words.shift()!;
		let code = 0;
		for (const word of words) {
			const name = nameOf(word);
			if (name === undefined) {
				const known = /^(?:ERR|DEBUG|RETURN)$/i.test(word);
				const why = known ? 'this terminal has no such trap' : 'invalid signal specification';
				output.err({ text: `bash: trap: ${word}: ${why}\n`, binary: false });
				code = 1;
			} else if (action === '-') traps.delete(name);
			else traps.set(name, action);
		}
		return output.result(code);
	},
};
