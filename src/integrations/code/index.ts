/** Code blocks coloured by classes: the one strict CSP allows no `style` attribute. */
import type { ShikiTransformer } from 'shiki';

/** Node of the tree Shiki builds, as far as it matters here. */
interface Node {
	type: string;
	properties?: Record<string, unknown>;
	children?: Node[];
}

/** `color:var(--astro-code-token-keyword)` becomes `class="tk-keyword"`; other styles go. */
export function codeClasses(): ShikiTransformer {
	return {
		name: 'packetwalk:code-classes',
		root(root) {
			restyle(root as unknown as Node);
		},
	};
}

function restyle(node: Node): void {
	const properties = node.properties;
	if (properties && typeof properties.style === 'string') {
		const token = /color:\s*var\(--astro-code-(?:token-)?([a-z-]+)\)/.exec(properties.style)?.[1];
		// `foreground` is what text is anyway, and the block's own colours are the stylesheet's.
		if (token && token !== 'foreground' && token !== 'background') properties.class = `tk-${token}`;
		delete properties.style;
	}
	for (const child of node.children ?? []) restyle(child);
}
