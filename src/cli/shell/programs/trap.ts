/**
 * The builtin `trap` (bash(1)). What is told for EXIT runs when its shell is left, what is told for INT after Ctrl-C
 * ended a line or a script, which ends nevertheless; what runs inside a line is in `trap-runs.ts`.
 */
import { Output } from '../call.ts';
import type { Result } from '../just-bash.ts';
import { SubshellTraps, trapsOf } from '../traps.ts';
import type { OwnProgram } from './index.ts';
import { signalTable } from './job-control.ts';
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
	return Object.hasOwn(SIGNALS, name) || name === 'ERR' || name === 'RETURN' ? name : undefined;
};

const shown = (name: string): string => (Object.hasOwn(SIGNALS, name) && name !== 'EXIT' ? `SIG${name}` : name);

export const trap: OwnProgram = {
	name: 'trap',
	async run(call) {
		const output = new Output(call.routes);
		const traps = trapsOf(call.state);
		const words = [...call.args];
		if (words[0] === '-l') {
			output.out({ text: signalTable(), binary: false });
			return output.result(0);
		}
		const usage = (text: string): Result => {
			output.err({ text: `${text}trap: usage: trap [-lp] [[arg] signal_spec ...]\n`, binary: false });
			return output.result(2);
		};
		if (/^-[^-p]/.test(words[0] ?? '')) return usage(`bash: trap: ${words[0]}: invalid option\n`);
		const list = words[0] === '-p';
		if (list || words[0] === '--') words.shift();
		if (words.length === 0 || list) {
			const shownTraps = traps instanceof SubshellTraps && traps.size === 0 ? traps.outer : traps;
			const wanted = words.map(nameOf);
			for (const name of [...Object.keys(SIGNALS), 'ERR', 'RETURN']) {
				const text = shownTraps.get(name);
				if (text !== undefined && (wanted.length === 0 || wanted.includes(name)))
					output.out({ text: `trap -- ${quotedAlways(text)} ${shown(name)}\n`, binary: false });
			}
			return output.result(0);
		}
		if (words.length === 1 && nameOf(words[0]!) === undefined && words[0] !== '') return usage('');
		// One word alone is a signal that goes back to what it was.
		const action = words.length === 1 ? '-' : words.shift()!;
		let code = 0;
		for (const word of words) {
			const name = nameOf(word);
			if (name === undefined) {
				const known = /^DEBUG$/i.test(word);
				const why = known ? 'this terminal has no such trap' : 'invalid signal specification';
				output.err({ text: `bash: trap: ${word}: ${why}\n`, binary: false });
				code = 1;
			} else if (action === '-') traps.delete(name);
			else traps.set(name, action);
		}
		return output.result(code);
	},
};
