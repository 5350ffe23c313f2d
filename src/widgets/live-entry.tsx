/** Brings one figure to life in place of its static content. Loaded when it is first used, or near and idle. */
import { render } from 'preact';
import type { Control } from '../content/index.ts';
import { isLanguage } from '../i18n/index.ts';
import { plain } from '../i18n/rich.ts';
import { scenarioById } from '../sim/scenarios/index.ts';
import { readParam, shareableUrl, writeParam } from '../state/index.ts';
import { type Island, LiveWalk, type LiveWalkProps } from './live-walk.tsx';
import { turn } from './switches.ts';
import { loadWords } from './words.ts';

export interface Seen {
	readonly chosen?: number;
	readonly view?: 'picture' | 'text';
	/** A switch the reader turned before the figure lived. */
	readonly turned?: { readonly control: string; readonly value: string };
}

/** Draws the live figure into `element`, which holds its static content. */
export async function mountWalk(element: HTMLElement, island: Island, look: () => Seen): Promise<void> {
	const { lang } = element.dataset;
	const words = await loadWords(isLanguage(lang) ? lang : 'en');
	// Read last: the reader may have gone on while this was fetched.
	const seen = look();
	const scenario = scenarioById(island.situation.scenario)!;
	const link = readParam(island.id);
	let start: LiveWalkProps['start'] = { chosen: seen.chosen, view: seen.view };
	if (seen.turned) {
		const { control, value } = seen.turned;
		start = { view: seen.view, situation: turn(scenario, island.situation, control as Control, value) };
	} else if (link !== undefined) {
		const { situationOf } = await import('./link.ts');
		const read = situationOf(link, island.situation);
		const text = words.text.switches;
		if ('error' in read) start = { notice: plain(text.badLink, { code: read.error }, words.language) };
		else start = { situation: read.situation, notice: read.current ? undefined : text.otherVersion };
	}
	render(
		<LiveWalk
			island={island}
			words={words}
			start={start}
			onState={(state) => writeParam(island.id, state)}
			addressOf={(state) => shareableUrl(state === undefined ? {} : { [island.id]: state }, island.id)}
		/>,
		element,
	);
	element.dataset.live = 'on';
}
