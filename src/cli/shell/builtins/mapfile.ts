/** What `mapfile` is not given, and what it calls (bash builtins/mapfile.def @ 5.2). The array is just-bash's. */
import type { Result } from '../just-bash.ts';
import type { Asked } from './index.ts';

/** Lines between two calls when nobody says. */
const QUANTUM = 5000;

export async function mapfile({ name, args, state, other, run }: Asked): Promise<Result | undefined> {
	const words: string[] = [];
	let callback: string | undefined;
	let quantum = QUANTUM;
	let origin = 0;
	let array = 'MAPFILE';
	/** A value stands at its letter, where just-bash does not look for it. */
	let apart = false;
	const wrong = (said: string): Result => ({ stdout: '', stderr: `bash: ${name}: ${said}\n`, exitCode: 1 });
	const counts: Readonly<Record<string, string>> = {
		n: 'invalid line count',
		s: 'invalid line count',
		O: 'invalid array origin',
		c: 'invalid callback quantum',
		u: 'invalid file descriptor specification',
	};
	for (let i = 0; i < args.length; i++) {
		const word = args[i]!;
		const [, flags = '', letter, joined] = /^-(t*)([CcOnsud])?(.*)$/s.exec(word) ?? [];
		if (!word.startsWith('-') || word === '-' || word === '--') {
			array = args[word === '--' ? i + 1 : i] ?? array;
			words.push(...args.slice(i));
			break;
		}
		if (letter === undefined) {
			words.push(word);
			continue;
		}
		const value = joined || (args[++i] ?? '');
		if (counts[letter] && (!/^\d+$/.test(value) || (letter === 'c' && Number(value) === 0)))
			return wrong(`${value}: ${counts[letter]}`);
		if (letter === 'u' && Number(value) > 2 && !descriptors(state).has(Number(value)))
			return wrong(`${value}: invalid file descriptor: Bad file descriptor`);
		if (letter === 'O') origin = Number(value);
		if (letter === 'C') callback = value;
		else if (letter === 'c') quantum = Number(value);
		else words.push(`-${letter}`, value);
		if (flags !== '') words.push('-t');
		if (joined !== '' || flags !== '') apart = true;
	}
	if (!/^[A-Za-z_]\w*$/.test(array)) return wrong(`\`${array}': not a valid identifier`);
	if (callback === undefined) return apart ? await other(words) : undefined;
	const result = await other(words);
	if (result.exitCode !== 0) return result;
	const elements = [...(state.arrays?.get(array)?.elements ?? [])].filter(([key]) => Number(key) >= origin);
	let [stdout, stderr] = [result.stdout, result.stderr];
	for (let i = quantum - 1; i < elements.length; i += quantum) {
		const [key, line] = elements[i]!;
		const told = await run('eval', [`${callback} ${key} '${line.replaceAll("'", "'\\''")}'`]);
		stdout += told.stdout;
		stderr += told.stderr;
	}
	return { ...result, stdout, stderr };
}

const descriptors = (state: object): ReadonlyMap<number, unknown> =>
	(state as { fileDescriptors?: ReadonlyMap<number, unknown> }).fileDescriptors ?? new Map();
