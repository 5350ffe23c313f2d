/** Bodies of here-documents before just-bash reads them. */

const OPENS = /(?<![<\d])<<(-?)(?!<)\s*(?:'([^']+)'|"([^"]+)"|(\\?)([\w.-]+))/g;

/** What just-bash reads in a body as if it stood in a command: `$'`, patterns, `\.` and its like, home directories. */
const MISREAD = /\$['"]|\[|\\[*?[\](){}.^+]|(?:^|=)~|[?*+@!]\(/m;

/**
 * A parameter that nobody sets: it stands before a `~`, which is a home only where a word begins, and before the bracket
 * of what would else be a pattern, `+(`.
 */
const NOTHING = `\${__no_home__-}`;

/** Behind a substitution that begins at `from`; the end of the text when it is not closed. */
function behind(text: string, from: number): number {
	const backquote = text[from] === '`';
	const close = text[from + 1] === '{' ? '}' : ')';
	let depth = 0;
	for (let i = backquote ? from + 1 : from + 2; i < text.length; i++) {
		const char = text[i]!;
		if (char === '\\') i++;
		else if (backquote) {
			if (char === '`') return i + 1;
		} else if (char === "'" && close === ')') {
			const end = text.indexOf("'", i + 1);
			if (end > 0) i = end;
		} else if (char === '$' && /[({]/.test(text[i + 1] ?? '')) i = behind(text, i) - 1;
		else if (char === '(' && close === ')') depth++;
		else if (char === close && depth-- === 0) return i + 1;
	}
	return text.length;
}

/** A body, written so that just-bash makes of it what bash makes of the given one. */
function plainBody(text: string): string {
	let plain = '';
	for (let i = 0; i < text.length; ) {
		const char = text[i]!;
		const next = text[i + 1] ?? '';
		if (char === '`' || (char === '$' && (next === '(' || next === '{'))) {
			const end = behind(text, i);
			plain += text.slice(i, end);
			i = end;
		} else if (char === '\\') {
			// Only `\$`, `` \` ``, `\\` and `\newline` lose their backslash here.
			plain += /[*?[\](){}.^+]/.test(next) ? `\\\\${next === '[' ? '\\[' : next}` : char + next;
			i += 2;
		} else {
			if (char === '[') plain += '\\[';
			else if (char === '$' && (next === "'" || next === '"')) plain += '\\$';
			else if (char === '(' && /[?*+@!]$/.test(text.slice(0, i))) plain += `${NOTHING}(`;
			else if (char === '~' && /^\t*$|=$/.test(text.slice(0, i))) plain += `${NOTHING}~`;
			else plain += char;
			i++;
		}
	}
	return plain;
}

/** In the body of a here-document no quote, pattern or `~` means anything outside of substitutions (bash(1)). */
export function plainHereDocuments(text: string): string {
	if (!text.includes('<<') || !MISREAD.test(text)) return text;
	const open: { readonly tag: string; readonly strip: boolean; readonly quoted: boolean }[] = [];
	const written: string[] = [];
	let body: string[] = [];
	const close = () => {
		if (body.length > 0) written.push(plainBody(body.join('\n')));
		body = [];
	};
	for (const line of text.split('\n')) {
		const [first] = open;
		if (first) {
			if ((first.strip ? line.replace(/^\t+/, '') : line) === first.tag) {
				open.shift();
				close();
				written.push(line);
			} else if (first.quoted) written.push(line);
			else body.push(line);
			continue;
		}
		for (const match of line.matchAll(OPENS)) {
			const before = line.slice(0, match.index);
			if ((before.match(/'/g) ?? []).length % 2 || (before.match(/(?<!\\)"/g) ?? []).length % 2) continue;
			if (/\(\([^)]*$/.test(before) || /(?:^|\s)#/.test(before)) continue;
			const [, dash, single, double, slash, plain] = match;
			open.push({
				tag: single ?? double ?? plain!,
				strip: dash === '-',
				quoted: single !== undefined || double !== undefined || slash === '\\',
			});
		}
		written.push(line);
	}
	close();
	return written.join('\n');
}
