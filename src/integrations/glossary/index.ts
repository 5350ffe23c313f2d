/**
 * The first use of a glossary's term in each section becomes a link to its entry. That is all it is on paper, without a
 * script, and for a reader who follows it; `src/site/term-help.ts` shows the entry's sentence beside it.
 */
import type { Element, ElementContent, Parents, Text } from 'hast';
import { defineHastPlugin } from 'satteri';
import { type Entry, type Finder, finderOf } from './forms.ts';

export { type Entry, finderOf };

/** Where a term is no link: what is one already, names of machines, titles. */
const APART = new Set(['a', 'code', 'pre', 'h1', 'h2', 'h3', 'h4', 'th', 'figure', 'summary', 'button']);

/** A link to a term's entry. */
function linkTo(id: string, text: string, language: string): Element {
	return {
		type: 'element',
		tagName: 'a',
		properties: { className: ['term'], href: `/${language}/glossary/#${id}` },
		children: [{ type: 'text', value: text }],
	};
}

/** The text with the first use of each term that is not in `used` as a link; adds to `used`. */
export function linkTerms(text: string, find: Finder, language: string, used: Set<string>): ElementContent[] {
	const out: ElementContent[] = [];
	let at = 0;
	for (const { id, start, end } of find(text)) {
		if (used.has(id)) continue;
		used.add(id);
		if (start > at) out.push({ type: 'text', value: text.slice(at, start) });
		out.push(linkTo(id, text.slice(start, end), language));
		at = end;
	}
	if (out.length > 0 && at < text.length) out.push({ type: 'text', value: text.slice(at) });
	return out;
}

/** Links terms in pages named `<language>.mdx`. */
export function glossaryLinks(glossary: readonly Entry[]) {
	const finders = new Map<string, Finder>();
	return () =>
		defineHastPlugin({
			name: 'packetwalk:glossary-links',
			before(root, ctx) {
				const language = /\/([a-z]{2})\.mdx$/.exec(ctx.fileURL?.pathname ?? '')?.[1];
				if (!language) return;
				const find = finders.get(language) ?? finderOf(glossary, language);
				finders.set(language, find);
				const used = new Set<string>();
				const visit = (node: Readonly<Parents>): void => {
					for (const child of node.children) {
						if (child.type === 'text') {
							const linked = linkTerms(child.value, find, language, used);
							if (linked.length > 0) ctx.replaceNode(child as Text, linked);
						} else if (child.type === 'element' && APART.has(child.tagName)) {
							if (child.tagName === 'h2') used.clear();
						} else if ('children' in child) {
							visit(child as Readonly<Parents>);
						}
					}
				};
				visit(root);
			},
		});
}
