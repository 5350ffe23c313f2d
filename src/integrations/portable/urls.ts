import { posix } from 'node:path';

/** What the build wrote, by path from the site's root with `/` between folders. */
export interface Site {
	has(file: string): boolean;
}

/** Where a link leads: a file of the site, somewhere else (left alone), or nowhere. */
export type Target =
	| { readonly kind: 'file'; readonly file: string; readonly tail: string; readonly fragment: string }
	| { readonly kind: 'elsewhere' }
	| { readonly kind: 'broken' };

/** Resolves a URL written in `from`. Directory URLs find their `index.html`. */
export function resolve(from: string, url: string, site: Site): Target {
	if (/^(?:[a-z][a-z0-9+.-]*:|\/\/)/i.test(url)) return { kind: 'elsewhere' };
	const [, path = '', tail = ''] = /^([^?#]*)(.*)$/s.exec(url)!;
	const fragment = tail.includes('#') ? safeDecode(tail.slice(tail.indexOf('#') + 1)) : '';
	if (path === '') return { kind: 'file', file: from, tail, fragment };
	const decoded = safeDecode(path);
	const joined = decoded.startsWith('/') ? decoded.slice(1) : posix.join(posix.dirname(from), decoded);
	const plain = posix.normalize(joined || '.').replace(/^\.\/?$/, '');
	const bare = plain.replace(/\/$/, '');
	const file = [plain, bare ? `${bare}/index.html` : 'index.html', `${bare}.html`].find((name) => site.has(name));
	return file === undefined ? { kind: 'broken' } : { kind: 'file', file, tail, fragment };
}

/** The shortest relative URL from one file to another; `base` is put in front of absolute paths where relative ones cannot work. */
export function relative(from: string, file: string, base?: string): string {
	if (base !== undefined) return encodeURI(base + file);
	return encodeURI(posix.relative(posix.dirname(from), file));
}

/** `../../` for a page two folders down, `./` for one at the root. */
export function rootOf(file: string): string {
	return '../'.repeat(file.split('/').length - 1) || './';
}

function safeDecode(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}
