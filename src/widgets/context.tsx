/** What every part of a figure needs: the reader's words, and who owns which address. */
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { FigureText } from '../i18n/figure/index.ts';
import type { Language } from '../i18n/index.ts';
import type { WhyWords } from '../i18n/why/index.ts';
import type { Places } from './figure/index.ts';

export interface Words {
	readonly language: Language;
	readonly text: FigureText;
	readonly why: WhyWords;
}

export interface FigureContext {
	readonly words: Words;
	readonly places: Places;
	/** Prefix of every id in this figure: the figure's own id. */
	readonly id: string;
	/** Drawn at build: what only a script could do is left out. */
	readonly still?: boolean;
	/** Drawn at build, with one reason per hop: the steps of a hop come with the live figure. */
	readonly brief?: boolean;
}

export const Context = createContext<FigureContext | undefined>(undefined);

export function useFigure(): FigureContext {
	const context = useContext(Context);
	if (!context) throw new Error('a part of a figure outside a figure');
	return context;
}
