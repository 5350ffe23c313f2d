/**
 * What a situation needs beyond the first load, and whether it is here: Cilium, the fragments that its tunnels and
 * options may make of a datagram, the words for its reasons; and for two situations, what lays them side by side.
 */
import { useEffect, useState } from 'preact/hooks';
import type { Situation } from '../exercises/index.ts';
import { scenarioById } from '../sim/scenarios/index.ts';
import { loadFragments } from '../sim/wire/index.ts';
import { hasCilium, loadCilium } from '../sim/world/index.ts';
import type { Words } from './context.tsx';
import { addCiliumWords } from './words.ts';

let sideBySide: typeof import('./comparing.ts') | undefined;

/** What compares two figures; undefined until `loadComparing` has fetched it. */
export const comparing = (): typeof sideBySide => sideBySide;

export async function loadComparing(): Promise<void> {
	sideBySide ??= await import('./comparing.ts');
}

/** One situation, or two to be compared. */
export type Compared = readonly [Situation, Situation?];

function isReadyToShow(compared: Compared, words: Words): boolean {
	return compared.every((s) => !s || isReady(s, words)) && (!compared[1] || sideBySide !== undefined);
}

/** Resolves when they can be run, told and drawn. */
export async function makeReadyToShow(compared: Compared, words: Words): Promise<void> {
	const situations = compared.filter((s) => s !== undefined);
	await Promise.all([makeReady(situations, words), compared[1] && loadComparing()]);
}

/** Whether the situation can be run and told now. */
function isReady(situation: Situation, words: Words): boolean {
	const scenario = scenarioById(situation.scenario);
	const id = situation.settings.bundle ?? scenario?.start.bundle;
	if (scenario?.bundles.find((b) => b.id === id)?.cni !== 'cilium') return true;
	return hasCilium() && 'cilium.service' in words.why;
}

/** Resolves when they can all be run and told. */
export async function makeReady(situations: readonly Situation[], words: Words): Promise<void> {
	if (situations.every((s) => isReady(s, words))) return;
	await addCiliumWords(words, Promise.all([loadFragments(), loadCilium()]));
}

/** True when they can be run, told and drawn; draws again when that has become so. */
export function useReady(compared: Compared, words: Words): boolean {
	const [, redraw] = useState(0);
	const ready = isReadyToShow(compared, words);
	useEffect(() => {
		if (ready) return;
		let gone = false;
		makeReadyToShow(compared, words).then(
			() => gone || redraw((n) => n + 1),
			(error: unknown) => console.error(error),
		);
		return () => {
			gone = true;
		};
	}, [ready]);
	return ready;
}
