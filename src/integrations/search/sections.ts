import { parse, type DefaultTreeAdapterTypes as Tree } from 'parse5';

/** A paragraph, list item, cell or line of code. */
export interface Block {
	text: string;
	/** Heading level inside a section (a heading without an id), else 0. */
	level: number;
	/** Pagefind's weight: 1 for prose. */
	weight: number;
}

export interface PageSection {
	anchor: string;
	heading: string;
	/** 1 for the page itself, 2 to 4 for its headings, 5 for a glossary term. */
	level: number;
	blocks: Block[];
}

export interface PageText {
	/** Primary subtag of the page's language. */
	language: string;
	title: string;
	sections: PageSection[];
}

/** Pagefind's weight of an exercise's words. */
const EXERCISE = 0.4;

type Node = Tree.ChildNode | Tree.Document;
type Element = Tree.Element;

const SKIP = new Set(['script', 'style', 'template', 'nav', 'footer', 'svg', 'button', 'select', 'input', 'noscript']);
const INLINE = new Set(
	'a abbr b bdi bdo cite code data del dfn em i ins kbd mark output q s samp small span strong sub sup time u var wbr'.split(
		' ',
	),
);

const isElement = (node: Node): node is Element => 'tagName' in node;
const attribute = (element: Element, name: string): string | undefined =>
	element.attrs.find((candidate) => candidate.name === name)?.value;
const children = (node: Node): Tree.ChildNode[] => ('childNodes' in node ? node.childNodes : []);

function find(node: Node, test: (element: Element) => boolean): Element | undefined {
	if (isElement(node) && test(node)) return node;
	for (const child of children(node)) {
		const found = find(child, test);
		if (found) return found;
	}
	return undefined;
}

const isHidden = (element: Element): boolean =>
	SKIP.has(element.tagName) ||
	attribute(element, 'aria-hidden') === 'true' ||
	attribute(element, 'hidden') !== undefined ||
	attribute(element, 'data-pagefind-ignore') !== undefined;

const tidy = (text: string): string => text.replace(/[\s\u00A0\u202F]+/g, ' ').trim();

/** The text of an element without what is hidden; blocks inside it are separated by spaces. */
function textOf(node: Node): string {
	if ('value' in node) return node.value;
	if (isElement(node) && isHidden(node)) return '';
	const text = children(node).map(textOf).join('');
	return isElement(node) && !INLINE.has(node.tagName) ? ` ${text} ` : text;
}

/**
 * The searchable text of a built page, section by section: a heading (h1 to h4) with an id, or the first heading in
 * an element with an id, opens one; so does a glossary's `dt`. Undefined for a page without `data-pagefind-body`.
 */
export function pageText(html: string): PageText | undefined {
	const document = parse(html);
	const root = find(document, (element) => element.tagName === 'html');
	const body = find(document, (element) => attribute(element, 'data-pagefind-body') !== undefined);
	if (!root || !body) return undefined;

	const top: PageSection = { anchor: '', heading: '', level: 1, blocks: [] };
	const sections = [top];
	let current = top;
	let line = '';
	const flush = (level: number, weight: number): void => {
		const text = tidy(line);
		line = '';
		if (text !== '') current.blocks.push({ text, level, weight });
	};
	const open = (anchor: string, heading: string, level: number): void => {
		current = { anchor, heading, level, blocks: [] };
		sections.push(current);
	};

	/**
	 * `container`: id of the nearest element around that has one and has not named a section yet; undefined inside an
	 * exercise, which belongs to the section it stands in and is never the best answer to a question.
	 */
	const walk = (node: Node, weight: number, container: { id?: string } | undefined): void => {
		if ('value' in node) line += node.value;
		if (!isElement(node) || isHidden(node)) return;
		const isExercise =
			attribute(node, 'data-exercise') !== undefined || attribute(node, 'data-lab-exercise') !== undefined;
		const own = isExercise ? EXERCISE : Number(attribute(node, 'data-pagefind-weight') ?? weight);
		if (node.tagName === 'br') line += ' ';
		if (INLINE.has(node.tagName)) {
			for (const child of children(node)) walk(child, own, container);
			return;
		}
		flush(0, weight);
		const heading = /^h([1-6])$/.exec(node.tagName);
		const level = heading ? Number(heading[1]) : node.tagName === 'dt' ? 5 : 0;
		if (level > 0) {
			const text = tidy(textOf(node));
			const id = container && (attribute(node, 'id') ?? container.id);
			if (level === 1 && top.heading === '') top.heading = text;
			else if (id !== undefined) open(id, text, level);
			else if (text !== '') current.blocks.push({ text, level: Math.min(level, 4), weight: own });
			if (container) container.id = undefined;
			return;
		}
		const id = attribute(node, 'id');
		const named = id !== undefined && node !== body ? { id } : container;
		const inner = isExercise ? undefined : container && named;
		const before = current;
		for (const child of children(node)) walk(child, own, inner);
		flush(0, own);
		// What follows a list of terms belongs to the section the list stands in.
		if (node.tagName === 'dl') current = before;
	};
	walk(body, 1, {});
	const language = (attribute(root, 'lang') ?? '').split('-')[0]!.toLowerCase();
	const title = top.heading || tidy(textOf(find(document, (element) => element.tagName === 'title') ?? document));
	top.heading = title;
	return { language, title, sections };
}
