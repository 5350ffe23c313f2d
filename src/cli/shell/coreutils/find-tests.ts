/** What `find` asks of a file: patterns of names, sizes, modes and ages (findutils find/parser.c @ 4.8). */

import type { About } from './about.ts';
import type { Desk } from './desk.ts';
import { Leave } from './desk.ts';

/** A file that `find` came to. */
export interface Found {
	/** As it is shown. */
	readonly name: string;
	/** What it was told to begin at. */
	readonly start: string;
	readonly depth: number;
	readonly file: About;
}

export type Test = (found: Found) => Promise<boolean> | boolean;

export const refuse = (what: string): Leave => new Leave(`find: ${what}\n`);

/** A pattern of the shell's as fnmatch(3) has it: `*` goes over slashes, too. */
export function glob(pattern: string, anyCase: boolean): (text: string) => boolean {
	const fold = (text: string): string => (anyCase ? text.toLowerCase() : text);
	const p = [...fold(pattern)];
	const star = undefined;
	const kinds: (undefined | string | ((c: string) => boolean))[] = [];
	for (let i = 0; i < p.length; i++) {
		const c = p[i]!;
		if (c === '*') kinds.push(star);
		else if (c === '?') kinds.push(() => true);
		else if (c === '\\' && i + 1 < p.length) kinds.push(p[++i]!);
		else if (c === '[') {
			const end = p.indexOf(']', i + (p[i + 1] === '!' || p[i + 1] === '^' ? 3 : 2));
			if (end < 0) {
				kinds.push(c);
				continue;
			}
			const not = p[i + 1] === '!' || p[i + 1] === '^';
			const set = p.slice(i + (not ? 2 : 1), end);
			i = end;
			kinds.push((one) => {
				let inside = false;
				for (let k = 0; k < set.length; k++) {
					if (set[k + 1] === '-' && k + 2 < set.length) {
						inside ||= one >= set[k]! && one <= set[k + 2]!;
						k += 2;
					} else inside ||= one === set[k];
				}
				return inside !== not;
			});
		} else kinds.push(c);
	}
	return (word) => {
		const text = [...fold(word)];
		let t = 0;
		let k = 0;
		let mark = -1;
		let from = 0;
		while (t < text.length) {
			const kind = kinds[k];
			if (k < kinds.length && kind === star) {
				mark = k++;
				from = t;
			} else if (kind !== undefined && (typeof kind === 'function' ? kind(text[t]!) : kind === text[t])) {
				k++;
				t++;
			} else if (mark >= 0) {
				k = mark + 1;
				t = ++from;
			} else return false;
		}
		while (k < kinds.length && kinds[k] === star) k++;
		return k === kinds.length;
	};
}

/** `+5`, `-5` and `5`: more, less, as much. */
export function amount(word: string, name: string): (value: number) => boolean {
	const match = /^([+-]?)(\d+(?:\.\d+)?)$/.exec(word);
	if (!match) throw refuse(`invalid argument \`${word}' to \`${name}'`);
	const number = Number(match[2]);
	return (value) => (match[1] === '+' ? value > number : match[1] === '-' ? value < number : value === number);
}

const UNITS: Readonly<Record<string, number>> = { b: 512, c: 1, w: 2, k: 1024, M: 1_048_576, G: 1_073_741_824 };

export function sizeTest(word: string): Test {
	const match = /^([+-]?\d+)([bcwkMG]?)$/.exec(word);
	if (!match) throw refuse(`Invalid argument \`${word}' to -size`);
	const unit = UNITS[match[2] || 'b']!;
	const holds = amount(match[1]!, '-size');
	return ({ file }) => holds(Math.ceil(file.size / unit));
}

/** `644`, `-644` (all of them), `/111` (any), and symbols as chmod(1) has them. */
export function permTest(word: string): Test {
	const how = /^[-/]/.exec(word)?.[0] ?? '';
	const text = word.slice(how.length);
	let mode = 0;
	if (/^[0-7]+$/.test(text)) mode = Number.parseInt(text, 8);
	else
		for (const part of text.split(',')) {
			const match = /^([ugoa]*)[+=]([rwxst]+)$/.exec(part);
			if (!match) throw refuse(`invalid mode \`${word}'`);
			const who = match[1] === '' || match[1]!.includes('a') ? 'ugo' : match[1]!;
			for (const one of who)
				for (const bit of match[2]!) {
					const value = { r: 4, w: 2, x: 1 }[bit];
					if (value !== undefined) mode |= value << { u: 6, g: 3, o: 0 }[one as 'u']!;
					else mode |= bit === 't' ? 0o1000 : one === 'u' ? 0o4000 : one === 'g' ? 0o2000 : 0;
				}
		}
	return ({ file }) =>
		how === '-'
			? (file.mode & mode) === mode
			: how === '/'
				? mode === 0 || (file.mode & mode) !== 0
				: file.mode === mode;
}

/** `-mtime`, `-mmin` and their kind: whole days, or minutes, begun since. */
export function ageTest(desk: Desk, word: string, name: string, unit: number): Test {
	const holds = amount(word, name);
	const now = desk.shell.now() * 1000;
	return ({ file }) => {
		const age = (now - file.at) / unit;
		return holds(unit === 60_000 && /^[+-]/.test(word) ? age : unit === 60_000 ? Math.ceil(age) : Math.floor(age));
	};
}
