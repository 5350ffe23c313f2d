/** `history` (bash builtins/history.def @ 5.2). */
import { expandHistory } from '../history.ts';
import type { Result } from '../just-bash.ts';
import type { Asked } from './index.ts';
import { usageOf } from './options.ts';

const answer = (exitCode: number, stdout = '', stderr = ''): Result => ({
	stdout,
	stderr,
	exitCode,
	stdoutKind: 'text',
});

export async function history({ args, history: lines, readFile, writeFile, state }: Asked): Promise<Result> {
	const [first = '', ...rest] = args;
	const letter = /^-([cdanrwps])/.exec(first)?.[1];
	const wrong = (said: string): Result => answer(1, '', `bash: history: ${said}\n`);
	if (letter === undefined) {
		const words = first === '--' ? rest : args;
		const [count] = words;
		if (words.length > 1) return wrong('too many arguments');
		if (count !== undefined && !/^-?\d+$/.test(count)) return wrong(`${count}: numeric argument required`);
		const from = count === undefined ? 0 : Math.max(0, lines.length - Math.abs(Number(count)));
		return answer(
			0,
			lines
				.slice(from)
				.map((line, i) => `${String(from + i + 1).padStart(5)}  ${line}\n`)
				.join(''),
		);
	}
	const file = rest[0] ?? state.env.get('HISTFILE') ?? `${state.env.get('HOME') ?? ''}/.bash_history`;
	switch (letter) {
		case 'c':
			lines.length = 0;
			return answer(0);
		case 'd': {
			const given = first.length > 2 ? first.slice(2) : rest[0];
			if (given === undefined)
				return answer(2, '', `bash: history: -d: option requires an argument\n${usageOf('history')}`);
			const [, a, b] = /^(-?\d+)(?:-(-?\d+))?$/.exec(given) ?? [];
			if (a === undefined) return wrong(`${given}: history position out of range`);
			const place = (word: string): number => (Number(word) < 0 ? lines.length + Number(word) : Number(word) - 1);
			const [from, to] = [place(a), place(b ?? a)];
			if (from < 0 || to >= lines.length || to < from) return wrong(`${given}: history position out of range`);
			lines.splice(from, to - from + 1);
			return answer(0);
		}
		case 'p': {
			let stdout = '';
			// The line that asks is none of those it sees.
			const before = lines.slice(0, -1);
			for (const word of rest) {
				const meant = expandHistory(word, before);
				if ('error' in meant) return wrong(`${word}: history expansion failed`);
				stdout += `${meant.text}\n`;
			}
			return answer(0, stdout);
		}
		case 's':
			if (rest.length > 0) lines.splice(lines.length - 1, 1, rest.join(' '));
			return answer(0);
		case 'r':
		case 'n': {
			const text = await readFile(file);
			if (text === undefined) return wrong(`${file}: No such file or directory`);
			lines.push(...text.split('\n').filter((line) => line !== ''));
			return answer(0);
		}
		default: {
			const fault = await writeFile(file, lines.map((line) => `${line}\n`).join(''), letter === 'a');
			return fault === undefined ? answer(0) : wrong(`${file}: cannot create: ${fault}`);
		}
	}
}
