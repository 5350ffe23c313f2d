/** Comparing the languages of one page with its English. */
import { type Block, blocksOf, hashOf } from './blocks.ts';

/** Per language, per block key: the hash of the English block that the translation renders. */
export type Stamps = Readonly<Record<string, Readonly<Record<string, string>>>>;

export interface Drift {
	readonly language: string;
	/** 1-based line in the translation, or in the English file when the translation lacks the block. */
	readonly line: number;
	readonly key: string;
	readonly problem: 'missing' | 'extra' | 'shape' | 'facts' | 'unstamped' | 'stale';
	readonly detail: string;
}

/** Where a translation is not the English page any more, in page order. */
export function driftOf(english: string, translation: string, language: string, stamps: Stamps): readonly Drift[] {
	const originals = blocksOf(english);
	const blocks = blocksOf(translation);
	const drifts: Drift[] = [];
	for (let i = 0; i < Math.max(originals.length, blocks.length); i++) {
		const original = originals[i];
		const block = blocks[i];
		const drift = original ? compare(original, block, language, stamps) : extra(block!, language);
		if (drift) drifts.push(drift);
		// After a block too many or too few, everything that follows would be reported too.
		if (drift && ['missing', 'extra', 'shape'].includes(drift.problem)) break;
	}
	return drifts;
}

function extra(block: Block, language: string): Drift {
	return { language, line: block.line, key: block.key, problem: 'extra', detail: block.text.slice(0, 60) };
}

function compare(original: Block, block: Block | undefined, language: string, stamps: Stamps): Drift | undefined {
	const { key } = original;
	if (!block) return { language, line: original.line, key, problem: 'missing', detail: original.text.slice(0, 60) };
	const here = { language, line: block.line, key };
	if (block.kind !== original.kind || block.shape !== original.shape) {
		return { ...here, problem: 'shape', detail: `${original.kind} ${original.shape} | ${block.kind} ${block.shape}` };
	}
	const lost = without(original.facts, block.facts);
	const added = without(block.facts, original.facts);
	if (lost.length || added.length) {
		return {
			...here,
			problem: 'facts',
			detail: `not here: ${lost.join(' ') || '–'}; only here: ${added.join(' ') || '–'}`,
		};
	}
	const stamp = stamps[language]?.[key];
	if (stamp === undefined) return { ...here, problem: 'unstamped', detail: 'never stamped' };
	if (stamp !== hashOf(original))
		return { ...here, problem: 'stale', detail: `renders ${stamp}, English is ${hashOf(original)}` };
	return undefined;
}

function without(a: readonly string[], b: readonly string[]): string[] {
	const left = [...b];
	return a.filter((item) => {
		const at = left.indexOf(item);
		if (at < 0) return true;
		left.splice(at, 1);
		return false;
	});
}

/** The stamps of a translation that was just made, or read again, against the English as it stands. */
export function stampsOf(english: string): Readonly<Record<string, string>> {
	return Object.fromEntries(blocksOf(english).map((block) => [block.key, hashOf(block)]));
}
