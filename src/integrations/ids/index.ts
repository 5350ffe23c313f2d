/** Section ids are written by hand, ASCII, the same in four languages, and permanent: `## Title [#the-id]`. */
import { defineHastPlugin, defineMdastPlugin } from 'satteri';

const MARK = /\s*\[#([^\]]*)\]\s*$/;
const ID = /^[a-z][a-z0-9-]*$/;

/** Takes `[#the-id]` off the end of a heading and gives it to the element. Curly braces would be an expression in MDX. */
export function markedIds() {
	return defineMdastPlugin({
		name: 'packetwalk:marked-ids',
		heading(node, ctx) {
			const last = node.children.at(-1);
			if (last?.type !== 'text') return;
			const id = MARK.exec(last.value)?.[1];
			if (id === undefined) return;
			ctx.setProperty(last, 'value', last.value.replace(MARK, ''));
			ctx.setProperty(node, 'data', { ...node.data, hProperties: { id } });
		},
	});
}

/** Fails on a heading of a section (h2, h3) that has no id, or one that is not a plain ASCII name, or one used twice. */
export function requiredIds() {
	return () => {
		const seen = new Set<string>();
		return defineHastPlugin({
			name: 'packetwalk:required-ids',
			element: {
				filter: ['h2', 'h3'],
				visit(node, ctx) {
					const title = ctx.textContent(node);
					const id = node.properties?.id;
					if (typeof id !== 'string') throw new Error(`the heading "${title}" has no id: end it with [#some-id]`);
					if (!ID.test(id)) throw new Error(`the heading "${title}" has the id "${id}": only a-z, 0-9 and - are kept`);
					if (seen.has(id)) throw new Error(`two headings have the id "${id}"`);
					seen.add(id);
				},
			},
		});
	};
}
