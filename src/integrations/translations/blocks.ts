/**
 * A lesson's MDX cut into the blocks a translator works on: what must be the same in four languages can then be
 * compared, and each block remembers which English it renders.
 */
import { createHash } from 'node:crypto';

export interface Block {
	/** `<section id>/<n>`: stable while blocks of other sections change. The head of the file is `head/<n>`. */
	readonly key: string;
	readonly kind: 'heading' | 'component' | 'code' | 'text' | 'meta';
	/** 1-based line the block begins at. */
	readonly line: number;
	readonly text: string;
	/** What must be equal: the heading's id, the component's tag, the code's language. */
	readonly shape: string;
	/** What must be present, in whatever order: inline code, links, components, numbers. */
	readonly facts: readonly string[];
}

/** Cuts MDX source into blocks: front matter by key, then paragraphs and fences between blank lines. */
export function blocksOf(source: string): readonly Block[] {
	const lines = source.replace(/\r\n/g, '\n').split('\n');
	const blocks: Block[] = [];
	let section = 'head';
	let n = 0;
	let i = 0;
	const push = (kind: Block['kind'], from: number, text: string, shape: string) => {
		blocks.push({ key: `${section}/${n++}`, kind, line: from + 1, text, shape, facts: factsOf(kind, text) });
	};
	if (lines[0] === '---') {
		for (i = 1; i < lines.length && lines[i] !== '---'; i++) {
			const line = lines[i]!;
			push('meta', i, line, /^\s*(- |\w+:)/.exec(line)?.[1] ?? '');
		}
		i++;
	}
	while (i < lines.length) {
		const line = lines[i]!;
		if (line.trim() === '') {
			i++;
			continue;
		}
		const from = i;
		const fence = /^```(\S*)/.exec(line);
		if (fence) {
			for (i++; i < lines.length && !lines[i]!.startsWith('```'); i++);
			i++;
			push('code', from, lines.slice(from, i).join('\n'), fence[1]!);
			continue;
		}
		while (i < lines.length && lines[i]!.trim() !== '' && !lines[i]!.startsWith('```')) i++;
		const text = lines.slice(from, i).join('\n');
		const heading = /^(#+) .*\[#([^\]]+)\]\s*$/.exec(text);
		if (heading) {
			section = heading[2]!;
			n = 0;
			push('heading', from, text, `${heading[1]} ${section}`);
		} else if (/^<[A-Z]/.test(text)) {
			push('component', from, text, /^<[^>]*>/.exec(text)![0]);
		} else {
			push('text', from, text, listShape(text));
		}
	}
	return blocks;
}

/** A paragraph has no shape; a list has as many items in every language. */
function listShape(text: string): string {
	const items = text.split('\n').filter((line) => /^\s*([-*]|\d+\.) /.test(line)).length;
	return items ? `list of ${items}` : '';
}

/** Inline code, link targets, components and numbers of a block, sorted. Code blocks are compared whole, below. */
function factsOf(kind: Block['kind'], text: string): readonly string[] {
	if (kind === 'code') return codeFacts(text);
	const facts: string[] = [];
	const rest = text
		.replace(/`[^`]+`/g, (code) => put(facts, code))
		.replace(/<[^>]+>/g, (tag) => put(facts, tag))
		.replace(/\]\(([^)]+)\)/g, (_, url: string) => put(facts, url));
	for (const number of rest.match(/\d+(?:\.\d+)*/g) ?? []) facts.push(number);
	return facts.sort();
}

/** Code is the same in every language, except a diagram's words: there only the arrows and who has them count. */
function codeFacts(text: string): readonly string[] {
	if (!text.startsWith('```mermaid')) return [text];
	return text
		.split('\n')
		.map((line) => line.replace(/^(accTitle|accDescr).*$/, '$1').replace(/( as |: ?).*$/, ''))
		.map((line) => line.trim());
}

function put(facts: string[], fact: string): string {
	facts.push(fact);
	return ' ';
}

/** Twelve hex digits of the English block, white space normalised: what a translation was made from. */
export function hashOf(block: Block): string {
	return createHash('sha256').update(block.text.replace(/\s+/g, ' ').trim()).digest('hex').slice(0, 12);
}
