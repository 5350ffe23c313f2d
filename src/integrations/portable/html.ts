import { type DefaultTreeAdapterTypes, parse } from 'parse5';

/** An element of a page and where its parts are in the source, so that the source can be edited in place. */
export interface Element {
	readonly name: string;
	readonly attributes: Readonly<Record<string, string>>;
	/** Text directly inside. */
	readonly text: string;
	readonly start: number;
	readonly end: number;
	/** Just after the start tag's name, where an attribute may be put. */
	readonly afterName: number;
	readonly endOfStartTag: number;
	/** Offsets of each attribute, name and value. */
	readonly at: Readonly<Record<string, { readonly startOffset: number; readonly endOffset: number }>>;
}

/** All elements written in the source, in order; those a parser adds are left out. */
export function elementsOf(html: string): Element[] {
	const elements: Element[] = [];
	const visit = (node: DefaultTreeAdapterTypes.Node): void => {
		if ('tagName' in node && node.sourceCodeLocation) {
			const where = node.sourceCodeLocation;
			const startTag = where.startTag ?? where;
			elements.push({
				name: node.tagName.toLowerCase(),
				attributes: Object.fromEntries(node.attrs.map(({ name, value }) => [name, value])),
				text: node.childNodes.map((child) => ('value' in child ? child.value : '')).join(''),
				start: where.startOffset,
				end: where.endOffset,
				afterName: where.startOffset + 1 + node.tagName.length,
				endOfStartTag: startTag.endOffset,
				at: where.attrs ?? {},
			});
		}
		if ('content' in node) visit(node.content);
		if ('childNodes' in node) for (const child of node.childNodes) visit(child);
	};
	visit(parse(html, { sourceCodeLocationInfo: true }));
	return elements;
}

/** A value as it may stand between double quotes. */
export function quoted(value: string): string {
	return value.replace(/&/g, '&amp;').replace(/"/g, '&quot;');
}
