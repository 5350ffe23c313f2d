/** Brings one figure to life in place of its static content. Loaded when it is first used, or near and idle. */
import { render } from 'preact';
import type { Control } from '../content/index.ts';
import { runSituation, type Situation } from '../exercises/index.ts';
import { isLanguage } from '../i18n/index.ts';
import { plain } from '../i18n/rich.ts';
import { scenarioById } from '../sim/scenarios/index.ts';
import type { Outcome } from '../sim/world/index.ts';
import { readParam, shareableUrl, writeParam } from '../state/index.ts';
import type { Words } from './context.tsx';
import { type Island, type LinkState, LiveWalk, type LiveWalkProps } from './live-walk.tsx';
import { makeReady, makeReadyToShow } from './simulator.ts';
import { turn } from './switch-turn.ts';
import type { Cell } from './walk-compare.tsx';
import { loadFirstWords } from './words.ts';

export interface Seen {
	readonly chosen?: Cell;
	readonly view?: 'picture' | 'text';
	/** A switch the reader turned before the figure lived. */
	readonly turned?: { readonly control: string; readonly value: string };
}

/** Draws the live figure into `element`, which holds its static content. */
export async function mountWalk(element: HTMLElement, island: Island, look: () => Seen): Promise<void> {
	const { lang } = element.dataset;
	const words = await loadFirstWords(isLanguage(lang) ? lang : 'en');
	// Read last: the reader may have gone on while this was fetched.
	const seen = look();
	const scenario = scenarioById(island.situation.scenario)!;
	const asked = (): LinkState => ({ own: readParam(island.id), compare: readParam(compareKey(island.id)) });
	const same = (a: LinkState, b: LinkState) => a.own === b.own && a.compare === b.compare;
	let known = asked();
	let draw = 0;
	const show = async (start: NonNullable<LiveWalkProps['start']>) => {
		const compare = start.compare === undefined ? island.compare : (start.compare ?? undefined);
		await makeReadyToShow([start.situation ?? island.situation, compare], words);
		render(
			<LiveWalk
				key={draw++}
				island={island}
				words={words}
				start={start}
				onState={(state) => {
					known = state;
					writeParam(island.id, state.own);
					writeParam(compareKey(island.id), state.compare);
				}}
				addressOf={(state) => shareableUrl(paramsOf(island.id, state), island.id)}
			/>,
			element,
		);
	};
	if (seen.turned) {
		const { control, value } = seen.turned;
		const situation = turn(scenario, island.situation, control as Control, value);
		await show({ view: seen.view, situation });
	} else if (known.own !== undefined || known.compare !== undefined) {
		await show(await followed(island, words, known));
	} else {
		await makeReadyToShow([island.situation, island.compare], words);
		const { chosen, view } = look();
		await show({ chosen, view });
	}
	element.dataset.live = 'on';
	// A link to another state of this page, followed or typed while it is open.
	window.addEventListener('hashchange', async () => {
		const now = asked();
		if (same(now, known)) return;
		await show(await followed(island, words, now));
	});
}

/** Key of the fragment for the other side of a comparison. */
function compareKey(id: string): string {
	return `${id}-b`;
}

function paramsOf(id: string, state: LinkState): Record<string, string> {
	const params: Record<string, string> = {};
	if (state.own !== undefined) params[id] = state.own;
	if (state.compare !== undefined) params[compareKey(id)] = state.compare;
	return params;
}

/** What a link asks for. What cannot be read is said, and the page's own state is shown. */
async function followed(
	island: Island,
	words: Words,
	{ own, compare }: LinkState,
): Promise<NonNullable<LiveWalkProps['start']>> {
	const [{ digestOfOutcome }, { situationOf }] = await Promise.all([import('./link.ts'), import('./link-read.ts')]);
	const text = words.text.switches;
	const read = own === undefined ? undefined : situationOf(own, island.situation);
	const other = compare === undefined || compare === 'none' ? undefined : situationOf(compare, island.situation);
	for (const side of [read, other]) {
		if (side && 'error' in side) return { notice: plain(text.badLink, { code: side.error }, words.language) };
	}
	await makeReady(
		[read, other].flatMap((side) => (side && 'situation' in side ? [side.situation] : [])),
		words,
	);
	let notice: string | undefined;
	for (const side of [read, other]) {
		if (!side || 'error' in side) continue;
		if (!side.current) notice = text.otherVersion;
		else if (side.digest !== undefined && resultOf(side.situation, digestOfOutcome) !== side.digest) {
			notice ??= text.otherResult;
		}
	}
	return {
		notice,
		...(read && 'situation' in read ? { situation: read.situation } : {}),
		...(compare === 'none' ? { compare: null } : other && 'situation' in other ? { compare: other.situation } : {}),
	};
}

/** Digest of what comes of it now; empty when it comes to nothing. */
function resultOf(situation: Situation, digest: (outcome: Outcome) => string): string {
	try {
		return digest(runSituation(situation).outcome);
	} catch {
		return '';
	}
}
