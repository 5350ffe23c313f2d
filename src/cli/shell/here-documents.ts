/** Bodies of here-documents before just-bash reads them. */

const OPENS = /(?<![<\d])<<(-?)(?!<)\s*(?:'([^']+)'|"([^"]+)"|(\\?)([\w.-]+))/g;

/**
 * In the body of a here-document no quote means anything (bash(1), "Here Documents"), which just-bash forgets of `$'`:
 * it is written there as what cannot be mistaken. A line with a substitution is left: quotes mean something inside.
 */
export function plainHereDocuments(text: string): string {
	if (!text.includes('<<') || !/\$['"]/.test(text)) return text;
	const open: { readonly tag: string; readonly strip: boolean; readonly quoted: boolean }[] = [];
	return text
		.split('\n')
		.map((line) => {
			const [first] = open;
			if (first) {
				if ((first.strip ? line.replace(/^\t+/, '') : line) === first.tag) open.shift();
				else if (!first.quoted && !/\$\(|`/.test(line)) return line.replace(/(?<!\\)\$(?=['"])/g, '\\$');
				return line;
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
			return line;
		})
		.join('\n');
}
