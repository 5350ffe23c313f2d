/** What every part of one figure knows: words, names of places, whether anything listens. */
import type { ComponentChildren } from 'preact';
import { useMemo } from 'preact/hooks';
import { Context, type FigureContext, type Words } from './context.tsx';
import type { Places } from './figure/index.ts';

/** For a figure that cannot be drawn. */
export const NOBODY: Places = { owner: () => undefined, address: () => undefined, name: () => undefined };

interface FrameProps {
	words: Words;
	id: string;
	places: Places;
	still?: boolean;
	brief?: boolean;
	children: ComponentChildren;
}

export function FigureFrame(props: FrameProps) {
	const { words, id, places, still, brief } = props;
	const value: FigureContext = useMemo(() => ({ words, id, places, still, brief }), [words, id, places]);
	return <Context.Provider value={value}>{props.children}</Context.Provider>;
}
