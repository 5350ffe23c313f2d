/** A `mermaid` fence becomes a picture at build time: no script in the page, both colour schemes, and words beside it. */
import { createHash } from 'node:crypto';
import { defineMdastPlugin } from 'satteri';
import { drawDiagram } from './render.ts';

export { drawDiagram };

const TITLE = /^\s*accTitle:\s*(.+)$/m;
const DESCRIPTION = /^\s*accDescr:\s*(.+)$/m;

/**
 * Replaces each fence by `<Diagram svg title description/>`. The fence's `accTitle` and `accDescr` lines are its words,
 * in the page's language; without both the build fails.
 */
export function diagrams() {
	return () => {
		let number = 0;
		return defineMdastPlugin({
			name: 'packetwalk:diagrams',
			async code(node, ctx) {
				if (node.lang !== 'mermaid') return;
				const title = TITLE.exec(node.value)?.[1]?.trim();
				const description = DESCRIPTION.exec(node.value)?.[1]?.trim();
				const where = `diagram ${++number} of ${ctx.fileURL?.pathname ?? 'a page'}`;
				if (!title || !description) throw new Error(`${where} needs an accTitle and an accDescr line`);
				const id = `d${createHash('sha256').update(node.value).digest('hex').slice(0, 6)}`;
				let svg: string;
				try {
					svg = await drawDiagram(node.value, id);
				} catch (error) {
					throw new Error(`${where}: ${error instanceof Error ? error.message : error}`);
				}
				const attributes = Object.entries({ id, svg, title, description }).map(([name, value]) => ({
					type: 'mdxJsxAttribute' as const,
					name,
					value,
				}));
				ctx.replaceNode(node, { type: 'mdxJsxFlowElement', name: 'Diagram', attributes, children: [] });
			},
		});
	};
}
