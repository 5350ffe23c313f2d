/** Whether a command goes on in the next line: an open quote, `do` without `done`, a here-document, a trailing `|`. */
import { unreadable } from './limits.ts';
import type { Shell } from './shell.ts';

const WANTS_MORE = /unexpected EOF|got EOF|unexpected end of file|unterminated here-document/i;

export function unfinished(text: string, shell: Pick<Shell, 'parse'>): boolean {
	if (text.trim() === '' || unreadable(text) !== undefined) return false;
	if (hangingBackslash(text) || openHereDocument(text)) return true;
	if (/(?:\||&&|\|\|)[ \t]*$/.test(text) && !/#[^'"]*$/.test(text)) return true;
	try {
		shell.parse(text);
		return false;
	} catch (error) {
		const { message, token } = error as Error & { readonly token?: { readonly type: string } };
		return token?.type === 'EOF' || WANTS_MORE.test(message);
	}
}

/** An odd number of backslashes at the end, outside of a comment. */
function hangingBackslash(text: string): boolean {
	const last = text.slice(text.lastIndexOf('\n') + 1);
	const slashes = /(\\*)$/.exec(last)![1]!.length;
	return slashes % 2 === 1 && !/(?:^|\s)#/.test(last);
}

/** A `<<TAG` whose tag has not come. */
function openHereDocument(text: string): boolean {
	const tags: { tag: string; strip: boolean }[] = [];
	for (const line of text.split('\n')) {
		const open = tags[0];
		if (open) {
			if ((open.strip ? line.replace(/^\t+/, '') : line) === open.tag) tags.shift();
			continue;
		}
		for (const match of line.matchAll(/(?<!<)<<(-?)(?!<)\s*(?:'([^']+)'|"([^"]+)"|\\?([\w.-]+))/g)) {
			// Inside quotes or arithmetic it is none.
			const before = line.slice(0, match.index);
			if ((before.match(/'/g) ?? []).length % 2 || (before.match(/(?<!\\)"/g) ?? []).length % 2) continue;
			if (/\(\([^)]*$/.test(before) || /(?:^|\s)#/.test(before)) continue;
			tags.push({ tag: match[2] ?? match[3] ?? match[4]!, strip: match[1] === '-' });
		}
	}
	return tags.length > 0;
}
