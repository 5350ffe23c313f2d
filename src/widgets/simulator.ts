/**
 * What a situation needs beyond the first load, and whether it is here: Cilium, the fragments that its tunnels and
 * options may make of a datagram, and the words for its reasons.
 */
import { useEffect, useState } from 'preact/hooks';
import type { Situation } from '../exercises/index.ts';
import { scenarioById } from '../sim/scenarios/index.ts';
import { loadFragments } from '../sim/wire/index.ts';
import { hasCilium, loadCilium } from '../sim/world/index.ts';
import type { Words } from './context.tsx';
import { addCiliumWords } from './words.ts';

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

/** True when they can all be run and told; draws again when that has become so. */
export function useReady(situations: readonly Situation[], words: Words): boolean {
	const [, redraw] = useState(0);
	const ready = situations.every((s) => isReady(s, words));
	useEffect(() => {
		if (ready) return;
		let gone = false;
		makeReady(situations, words).then(
			() => gone || redraw((n) => n + 1),
			(error: unknown) => console.error(error),
		);
		return () => {
			gone = true;
		};
	}, [ready]);
	return ready;
}
