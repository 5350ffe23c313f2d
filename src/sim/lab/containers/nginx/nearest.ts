/** Directives as they are looked for: all of a tree, and the nearest of a name, from a block outwards. */
import type { Directive } from './read.ts';

/** All directives of a tree, lines of data left out. */
export function* everything(block: readonly Directive[]): Generator<Directive> {
	for (const directive of block) {
		yield directive;
		if (directive.block && !/^(?:map|types|geo|split_clients|charset_map)$/.test(directive.name))
			yield* everything(directive.block);
	}
}

/** The nearest of a directive, from a block outwards. */
export function nearest(blocks: readonly (readonly Directive[])[], name: string): Directive | undefined {
	for (const block of blocks) {
		const found = block.findLast((directive) => directive.name === name);
		if (found) return found;
	}
	return undefined;
}

/** Its first word, or what stands for it. */
export const wordOf = (blocks: readonly (readonly Directive[])[], name: string, otherwise = ''): string =>
	nearest(blocks, name)?.args[0] ?? otherwise;

/** Whether it is `on`. */
export const isOn = (blocks: readonly (readonly Directive[])[], name: string, otherwise = false): boolean => {
	const found = nearest(blocks, name);
	return found ? found.args[0]!.toLowerCase() === 'on' : otherwise;
};

/** All of a directive at the nearest level that has any. */
export function nearestAll(blocks: readonly (readonly Directive[])[], name: string): readonly Directive[] {
	for (const block of blocks) {
		const found = block.filter((directive) => directive.name === name);
		if (found.length > 0) return found;
	}
	return [];
}
