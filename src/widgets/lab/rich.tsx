/** Sentences of the lab's parts, with their code set as code. */
import type { ComponentChildren } from 'preact';
import { rich, type Values } from '../../i18n/rich.ts';
import type { LabWords } from './words.ts';

export function Say({ words, t, v = {} }: { words: LabWords; t: string; v?: Values }): ComponentChildren {
	return rich(t, v, words.language).map((piece) =>
		piece.kind === 'code' ? <code class={piece.text.length > 28 ? undefined : 'nb'}>{piece.text}</code> : piece.text,
	);
}
