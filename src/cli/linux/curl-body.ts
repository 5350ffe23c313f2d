/** What curl sends: data, forms and files (src/tool_getparam.c, lib/mime.c @ curl-7_81_0). */
import { utf8 } from '../../sim/wire/index.ts';
import type { Call } from '../tool.ts';
import { textOf } from './http.ts';
import type { Options } from './words.ts';

export interface Body {
	readonly octets: Uint8Array;
	/** `Content-Type:` where curl says one. */
	readonly type?: string;
}

type Fault = { readonly code: number; readonly message: string };

/** `--data-urlencode`: `content`, `=content`, `name=content`, `@file`, `name@file`. */
async function encoded(call: Call, word: string): Promise<string> {
	const at = word.search(/[=@]/);
	if (at < 0) return encodeURIComponent(word);
	const name = word.slice(0, at);
	const rest = word.slice(at + 1);
	const text = word[at] === '=' ? rest : ((rest === '-' ? call.stdin : await call.files.read(rest)) ?? '');
	const value = encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
	return name === '' ? value : `${name}=${value}`;
}

const TYPES: Readonly<Record<string, string>> = {
	gif: 'image/gif',
	jpg: 'image/jpeg',
	jpeg: 'image/jpeg',
	png: 'image/png',
	svg: 'image/svg+xml',
	txt: 'text/plain',
	htm: 'text/html',
	html: 'text/html',
	pdf: 'application/pdf',
	xml: 'application/xml',
};

const joined = (parts: readonly Uint8Array[]): Uint8Array => {
	const out = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
	let at = 0;
	for (const part of parts) {
		out.set(part, at);
		at += part.length;
	}
	return out;
};

/** `-F name=value`, `name=@file;type=…;filename=…`, `name=<file`. */
async function form(call: Call, options: Options): Promise<Body | Fault> {
	const seed = Math.imul(call.lab.now % 0x7fffffff, 0x9e3779b1) >>> 0;
	const boundary = `${'-'.repeat(24)}${seed.toString(16).padStart(8, '0')}${(call.lab.now % 0xffffffff).toString(16).padStart(8, '0')}`;
	const parts: Uint8Array[] = [];
	for (const [word, plain] of [
		...options.all('F').map((text) => [text, false] as const),
		...options.all('form-string').map((text) => [text, true] as const),
	]) {
		const eq = word.indexOf('=');
		if (eq < 0) return { code: 2, message: '' };
		const name = word.slice(0, eq);
		const [value = '', ...settings] = plain ? [word.slice(eq + 1)] : word.slice(eq + 1).split(';');
		const setting = (key: string): string | undefined =>
			settings
				.find((text) => text.trim().startsWith(`${key}=`))
				?.trim()
				.slice(key.length + 1)
				.replace(/^"|"$/g, '');
		let octets = utf8(value);
		let file = setting('filename');
		let type = setting('type');
		if (!plain && /^[@<]/.test(value)) {
			const path = value.slice(1);
			const read = path === '-' ? utf8(call.stdin) : await call.files.readBytes(path);
			if (!read) return { code: 26, message: 'Failed to open/read local data from file/application' };
			octets = read;
			if (value.startsWith('@')) {
				file ??= path.split('/').at(-1)!;
				type ??= TYPES[/\.(\w+)$/.exec(path)?.[1]?.toLowerCase() ?? ''] ?? 'application/octet-stream';
			}
		}
		const head = [
			`--${boundary}`,
			`Content-Disposition: form-data; name="${name}"${file === undefined ? '' : `; filename="${file}"`}`,
			...(type === undefined ? [] : [`Content-Type: ${type}`]),
			'',
			'',
		];
		parts.push(utf8(head.join('\r\n')), octets, utf8('\r\n'));
	}
	parts.push(utf8(`--${boundary}--\r\n`));
	return { octets: joined(parts), type: `multipart/form-data; boundary=${boundary}` };
}

/** The body of a request; undefined where there is none. */
export async function requestBody(call: Call, options: Options): Promise<Body | undefined | Fault> {
	const upload = options.values.get('T');
	if (upload !== undefined) {
		const octets = upload === '-' || upload === '.' ? utf8(call.stdin) : await call.files.readBytes(upload);
		return octets ? { octets } : { code: 26, message: `Can't open '${upload}'!` };
	}
	if (options.values.has('F') || options.values.has('form-string')) return form(call, options);
	const parts: string[] = [];
	for (const name of ['d', 'data-raw', 'data-binary', 'data-urlencode', 'json'])
		for (const value of options.all(name)) {
			if (name === 'data-urlencode') parts.push(await encoded(call, value));
			else if (value.startsWith('@') && name !== 'data-raw') {
				const path = value.slice(1);
				const text = path === '-' ? call.stdin : await call.files.readBytes(path).then((read) => read && textOf(read));
				if (text === undefined)
					call.err(`Warning: Couldn't read data from file "${path}", this makes an empty POST.\n`);
				parts.push(name === 'd' ? (text ?? '').replace(/[\r\n\0]/g, '') : (text ?? ''));
			} else parts.push(value);
		}
	if (parts.length === 0) return undefined;
	return {
		octets: utf8(options.values.has('json') ? parts.join('') : parts.join('&')),
		type: options.values.has('json') ? 'application/json' : 'application/x-www-form-urlencoded',
	};
}
