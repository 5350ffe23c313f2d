/**
 * Tables of lessons. A table is as wide as its longest words, and scrolls on its own where that is wider than the page;
 * names of machines in it may break at their dots, and nowhere within a word.
 */
import type { Element, ElementContent } from 'hast';
import { defineHastPlugin } from 'satteri';

/** `networking.podSubnet` with a place to break after the dot; undefined for a text that has none. */
export function breakable(text: string): ElementContent[] | undefined {
	// Not within numbers: an address or a version stays in one piece.
	const pieces = text.split(/(?<=[\p{L}\]]\.)(?=[\p{L}])/u);
	if (pieces.length < 2) return undefined;
	return pieces.flatMap((value, i): ElementContent[] => [
		...(i > 0 ? [{ type: 'element', tagName: 'wbr', properties: {}, children: [] } as Element] : []),
		{ type: 'text', value },
	]);
}

export function scrollingTables() {
	return defineHastPlugin({
		name: 'packetwalk:scrolling-tables',
		element: {
			filter: ['table'],
			visit(table, ctx) {
				const visit = (node: Readonly<Element>): void => {
					for (const child of node.children) {
						if (child.type !== 'element') continue;
						if (child.tagName !== 'code') visit(child);
						else
							for (const text of child.children) {
								const pieces = text.type === 'text' ? breakable(text.value) : undefined;
								if (pieces) ctx.replaceNode(text, pieces);
							}
					}
				};
				visit(table);
				ctx.wrapNode(table, {
					type: 'element',
					tagName: 'div',
					properties: { className: ['table-scroll'] },
					children: [],
				});
			},
		},
	});
}
