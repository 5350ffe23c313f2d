/**
 * nginx's configuration, read as it reads it: words, blocks, includes, and what it complains of, with its line.
 *
 * Source: nginx src/core/ngx_conf_file.c, src/http/ngx_http_core_module.c @ release-1.23.
 */
import type { Disk } from '../../disk/disk.ts';
import { commandsOf, takes, WORDS } from './names.ts';
import { Refusal } from './refusal.ts';
import { readSize, readTime } from './words.ts';

export { Refusal } from './refusal.ts';

export interface Directive {
	readonly name: string;
	readonly args: readonly string[];
	readonly block?: readonly Directive[];
	readonly file: string;
	readonly line: number;
}

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
			at++;
			while (at < text.length && text[at] !== char) {
				if (text[at] === '\n') line++;
				if (text[at] === '\\' && at + 1 < text.length) {
					word += escaped(text[at + 1]!);
					at += 2;
				} else word += text[at++];
			}
			if (at >= text.length) throw new Refusal(`unexpected end of file, expecting ";" or "}" in ${file}:${line}`);
			at++;
			if (at < text.length && !/[\s;{)]/.test(text[at]!))
				throw new Refusal(`unexpected "${text[at]}" in ${file}:${line}`);
			out.push({ text: word, quoted: true, line });
		} else {
			let word = '';
			while (at < text.length && !/[\s;]/.test(text[at]!)) {
				const next = text[at]!;
				// `${name}` is part of a word, and a closing brace within one is too.
				if (next === '{' && !word.endsWith('$')) break;
				if (next === '\\' && at + 1 < text.length) {
					if (text[at + 1] === '\n') line++;
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

/** Letters of the blocks within blocks (names.ts). */
const INSIDE: Readonly<Record<string, Readonly<Record<string, string>>>> = {
	m: { events: 'e', http: 'h', stream: 'H', mail: 'M' },
	h: { server: 's', upstream: 'u' },
	s: { location: 'l', if: 'f' },
	l: { location: 'l', if: 'i', limit_except: 'x' },
	H: { server: 'S', upstream: 'U' },
	M: { server: 'L' },
};

/** What a directive's own words are refused for (ngx_conf_set_*_slot()). */
function valueFault(name: string, kind: string, args: readonly string[], context: string): string | undefined {
	const [word = ''] = args;
	if (kind === 'F')
		return /^(?:on|off)$/i.test(word)
			? undefined
			: `invalid value "${word}" in "${name}" directive, it must be "on" or "off"`;
	if (kind === 'n') return /^\d+$/.test(word) ? undefined : `"${name}" directive invalid number`;
	if (kind === 'z') return readSize(word) === undefined ? `"${name}" directive invalid value` : undefined;
	if (kind === 't') return readTime(word) === undefined ? `"${name}" directive invalid value` : undefined;
	const list = Object.hasOwn(WORDS, name) && !/[HSML]/.test(context) ? WORDS[name]!.split(' ') : undefined;
	return list && !list.includes(word) ? `invalid value "${word}"` : undefined;
}

/** Directives of which one is enough in a block: the slots that say "is duplicate". */
const duplicates = (kind: string, takesWords: string, name: string): boolean =>
	/^[Fnzts]$/.test(kind) ||
	takesWords === 'F' ||
	Object.hasOwn(WORDS, name) ||
	/^(?:root|alias|proxy_pass|worker_processes|user|client_max_body_size|keepalive_timeout|limit_except|auth_basic|auth_basic_user_file|default_type|try_files|expires|resolver|events|http|charset)$/.test(
		name,
	);

/** ngx_conf_handler(). @throws Refusal */
function command(
	name: string,
	args: readonly string[],
	opens: boolean,
	context: string,
	minor: number,
	where: string,
): void {
	const known = commandsOf(name, minor);
	if (!known) throw new Refusal(`unknown directive "${name}" ${where}`);
	const here = known.find(({ contexts }) => contexts === '*' || contexts.includes(context));
	if (!here) throw new Refusal(`"${name}" directive is not allowed here ${where}`);
	if (opens && !here.block) throw new Refusal(`directive "${name}" is not terminated by ";" ${where}`);
	if (!opens && here.block) throw new Refusal(`directive "${name}" has no opening "{" ${where}`);
	if (!takes(here, args.length)) throw new Refusal(`invalid number of arguments in "${name}" directive ${where}`);
	const fault = valueFault(name, here.takes === 'F' ? 'F' : here.kind, args, context);
	if (fault !== undefined) throw new Refusal(`${fault} ${where}`);
}

/** Whether a second one in a block is refused. */
function repeats(name: string, context: string, minor: number): boolean {
	const here = commandsOf(name, minor)?.find(({ contexts }) => contexts.includes(context));
	return here !== undefined && duplicates(here.kind, here.takes, name);
}

export interface Reading {
	/** Minor of nginx's version: some directives came with it. */
	readonly minor: number;
	/** Looks at each directive as it is read. @throws Refusal */
	check?(directive: Directive, context: string): void;
}

/** Reads a file as part of a block. @throws Refusal */
export function readConfig(
	disk: Disk,
	file: string,
	reading: Reading,
	context = 'm',
	from?: Directive,
	/** Names of the block that were there already. */
	before: Set<string> = new Set(),
	data = false,
): readonly Directive[] {
	const { minor, check } = reading;
	const text = disk.read(file);
	if (text === undefined) {
		const why = disk.readFault(file) === 'EACCES' ? '13: Permission denied' : '2: No such file or directory';
		throw new Refusal(`open() "${file}" failed (${why})${from ? ` in ${from.file}:${from.line}` : ''}`);
	}
	const tokens = tokensOf(text, file);
	let at = 0;
	const block = (inside: string, whole: boolean, seen: Set<string>, lines: boolean): Directive[] => {
		const out: Directive[] = [];
		for (;;) {
			const first = tokens[at]!;
			if (at === tokens.length - 1) {
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
			const name = first.text;
			const line = sign.line;
			const where = `in ${file}:${line}`;
			const directive: Directive = { name, args, file, line };
			const included = (): readonly Directive[] => {
				const path = args[0]!.startsWith('/') ? args[0]! : `/etc/nginx/${args[0]}`;
				return matching(disk, path).flatMap((found) =>
					readConfig(disk, found, reading, inside, directive, seen, lines),
				);
			};
			// Lines of `map`, `geo`, `types` and such are no directives.
			if (lines) {
				if (name === 'include' && args.length === 1) out.push(...included());
				else out.push(directive);
				continue;
			}
			command(name, args, sign.text === '{', inside, minor, where);
			if (repeats(name, inside, minor)) {
				if (seen.has(name)) throw new Refusal(`"${name}" directive is duplicate ${where}`);
				seen.add(name);
			}
			const other = { root: 'alias', alias: 'root' }[name];
			if (other !== undefined && seen.has(other))
				throw new Refusal(`"${name}" directive is duplicate, "${other}" directive was specified earlier ${where}`);
			if (sign.text === '{') {
				check?.(directive, inside);
				const listed = /^(?:map|geo|types|split_clients|charset_map)$/.test(name);
				const within = block(INSIDE[inside]?.[name] ?? inside, false, new Set(), listed);
				out.push({ ...directive, block: within });
			} else if (name === 'include') out.push(...included());
			else {
				check?.(directive, inside);
				out.push(directive);
			}
		}
	};
	return block(context, true, before, data);
}
