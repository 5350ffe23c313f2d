/**
 * Emphasis next to Chinese and Korean text. CommonMark finds the end of `**bold。**text` only where a space or
 * punctuation follows, and these scripts have no spaces there; what it left as asterisks becomes bold here.
 */
import type { Paragraph, PhrasingContent } from 'mdast';
import { defineMdastPlugin } from 'satteri';

export function cjkEmphasis() {
	return defineMdastPlugin({
		name: 'packetwalk:cjk-emphasis',
		paragraph(node, ctx) {
			const children = pairAsterisks(node.children as PhrasingContent[]);
			if (children) ctx.replaceNode(node, { type: 'paragraph', children } as Paragraph);
		},
	});
}

/** The same nodes with what stands between two `**` in strong; undefined when there is nothing to pair. */
export function pairAsterisks(nodes: readonly PhrasingContent[]): PhrasingContent[] | undefined {
	const marks = nodes.reduce((sum, node) => sum + (node.type === 'text' ? node.value.split('**').length - 1 : 0), 0);
	if (marks < 2) return undefined;
	const out: PhrasingContent[] = [];
	let inside: PhrasingContent[] | undefined;
	let left = marks - (marks % 2);
	for (const node of nodes) {
		if (node.type !== 'text') {
			(inside ?? out).push(node);
			continue;
		}
		const pieces = node.value.split('**');
		for (const [index, piece] of pieces.entries()) {
			if (index > 0 && left > 0) {
				left--;
				if (inside) {
					out.push({ type: 'strong', children: inside });
					inside = undefined;
				} else {
					inside = [];
				}
			} else if (index > 0) {
				(inside ?? out).push({ type: 'text', value: '**' });
			}
			if (piece) (inside ?? out).push({ type: 'text', value: piece });
		}
	}
	return out;
}
