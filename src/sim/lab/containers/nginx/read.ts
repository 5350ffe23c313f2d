/**
 * nginx's configuration, read as it reads it: words, blocks, includes, and what it complains of, with its line.
 *
 * Source: nginx src/core/ngx_conf_file.c, src/http/ngx_http_core_module.c @ release-1.23.
 */
import type { Disk } from '../../disk/disk.ts';
import { BLOCKS, COUNTS, ONLY, PLAIN } from './names.ts';

export interface Directive {
	readonly name: string;
	readonly args: readonly string[];
	readonly block?: readonly Directive[];
	readonly file: string;
	readonly line: number;
}

/** What nginx refuses to start with, without `[emerg] 1#1: `. */
export class Refusal extends Error {}

interface Token {
	readonly text: string;
	readonly quoted: boolean;
	readonly line: number;
}

/** What a backslash and a letter stand for (ngx_conf_read_token). */
const escaped = (letter: string): string =>
	({ n: '\n', t: '\t', r: '\r', '"': '"', "'": "'", '\\': '\\' })[letter] ?? `\\${letter}`;

function tokensOf(text: string, file: string): readonly Token[] {
	const out: Token[] = [];
	let line = 1;
	let at = 0;
	while (at < text.length) {
		const char = text[at]!;
		if (char === '\n') line++;
		if (/\s/.test(char)) at++;
		else if (char === '#') while (at < text.length && text[at] !== '\n') at++;
		else if (';{}'.includes(char)) {
			out.push({ text: char, quoted: false, line });
			at++;
		} else if (char === '"' || char === "'") {
			let word = '';
			const begun = line;
			at++;
			while (at < text.length && text[at] !== char) {
				if (text[at] === '\n') line++;
				if (text[at] === '\\' && at + 1 < text.length) {
					word += escaped(text[at + 1]!);
					at += 2;
				} else word += text[at++];
			}
			if (at >= text.length) throw new Refusal(`unexpected end of file, expecting "${char}" in ${file}:${begun}`);
			at++;
			if (at < text.length && !/[\s;{)]/.test(text[at]!))
				throw new Refusal(`unexpected "${text[at]}" in ${file}:${line}`);
			out.push({ text: word, quoted: true, line });
		} else {
			let word = '';
			let braces = 0;
			while (at < text.length && !/[\s;]/.test(text[at]!)) {
				const next = text[at]!;
				// `${name}` is part of a word.
				if (next === '{') {
					if (word.endsWith('$')) braces++;
					else break;
				}
				if (next === '}' && braces === 0) break;
				if (next === '}') braces--;
				if (next === '\\' && at + 1 < text.length) {
					word += escaped(text[at + 1]!);
					at += 2;
					continue;
				}
				word += text[at++];
			}
			out.push({ text: word, quoted: false, line });
		}
	}
	out.push({ text: '', quoted: false, line });
	return out;
}

/** Paths that a pattern of `include` names, sorted. */
function matching(disk: Disk, pattern: string): readonly string[] {
	if (!/[*?[]/.test(pattern)) return [pattern];
	const slash = pattern.lastIndexOf('/');
	const folder = pattern.slice(0, slash);
	const rule = new RegExp(
		`^${pattern
			.slice(slash + 1)
			.replace(/[.+^${}()|\\]/g, '\\$&')
			.replaceAll('*', '.*')
			.replaceAll('?', '.')}$`,
	);
	return (disk.list(folder) ?? [])
		.filter((name) => rule.test(name) && !name.startsWith('.') && disk.stat(`${folder}/${name}`)?.kind === 'file')
		.map((name) => `${folder}/${name}`);
}

const known = (name: string): boolean =>
	Object.hasOwn(BLOCKS, name) || Object.hasOwn(ONLY, name) || PLAIN.has(name) || name === 'error_log';

function placed(directive: Token, name: string, context: string, file: string): void {
	const where = `in ${file}:${directive.line}`;
	if (!known(name)) throw new Refusal(`unknown directive "${name}" ${where}`);
	const allowed = BLOCKS[name] ?? ONLY[name] ?? ['http', 'server', 'location', 'if', 'limit_except'];
	const free = name === 'include' || ((name === 'error_log' || name === 'access_log') && context !== 'events');
	if (!free && !allowed.includes(context) && !(context === 'mail' || context === 'stream'))
		throw new Refusal(`"${name}" directive is not allowed here ${where}`);
}

/** Reads a file as part of a block. @throws Refusal */
export function readConfig(disk: Disk, file: string, context = 'main', from?: Directive): readonly Directive[] {
	const text = disk.read(file);
	if (text === undefined) {
		const why = disk.readFault(file) === 'EACCES' ? '13: Permission denied' : '2: No such file or directory';
		throw new Refusal(`open() "${file}" failed (${why})${from ? ` in ${from.file}:${from.line}` : ''}`);
	}
	const tokens = tokensOf(text, file);
	let at = 0;
	const block = (inside: string, whole: boolean): Directive[] => {
		const out: Directive[] = [];
		for (;;) {
			const first = tokens[at]!;
			const end = at === tokens.length - 1;
			if (end) {
				if (!whole) throw new Refusal(`unexpected end of file, expecting "}" in ${file}:${first.line}`);
				return out;
			}
			if (first.text === '}' && !first.quoted) {
				if (whole) throw new Refusal(`unexpected "}" in ${file}:${first.line}`);
				at++;
				return out;
			}
			if (!first.quoted && (first.text === ';' || first.text === '{'))
				throw new Refusal(`unexpected "${first.text}" in ${file}:${first.line}`);
			at++;
			const args: string[] = [];
			while (at < tokens.length - 1 && (tokens[at]!.quoted || !/^[;{}]$/.test(tokens[at]!.text)))
				args.push(tokens[at++]!.text);
			const sign = tokens[at]!;
			if (at === tokens.length - 1)
				throw new Refusal(`unexpected end of file, expecting ";" or "}" in ${file}:${sign.line}`);
			if (sign.text === '}') throw new Refusal(`unexpected "}" in ${file}:${sign.line}`);
			at++;
			// Lines of `map`, `geo`, `types` and such are no directives.
			const data = /^(?:map|geo|types|split_clients|charset_map)$/.test(inside);
			const name = first.text;
			const line = sign.line;
			if (data) {
				out.push({ name, args, file, line });
				continue;
			}
			placed({ ...first, line }, name, inside, file);
			if (name === 'server' && inside === 'upstream') {
				out.push({ name, args, file, line });
				continue;
			}
			const [least, most] = COUNTS[name] ?? (Object.hasOwn(BLOCKS, name) ? [0, 99] : [1, 99]);
			if (args.length < least || args.length > most)
				throw new Refusal(`invalid number of arguments in "${name}" directive in ${file}:${line}`);
			if (sign.text === '{') {
				if (!Object.hasOwn(BLOCKS, name))
					throw new Refusal(`directive "${name}" is not terminated by ";" in ${file}:${line}`);
				out.push({ name, args, file, line, block: block(name, false) });
				continue;
			}
			if (Object.hasOwn(BLOCKS, name)) throw new Refusal(`directive "${name}" has no opening "{" in ${file}:${line}`);
			const directive = { name, args, file, line };
			if (name === 'include') {
				const path = args[0]!.startsWith('/') ? args[0]! : `/etc/nginx/${args[0]}`;
				for (const found of matching(disk, path)) out.push(...readConfig(disk, found, inside, directive));
			} else out.push(directive);
		}
	};
	return block(context, true);
}
