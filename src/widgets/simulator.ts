/** What of the simulator a situation needs, and whether it is here: the browser fetches Cilium when it is asked for. */
import { useEffect, useState } from 'preact/hooks';
import type { Situation } from '../exercises/index.ts';
import { scenarioById } from '../sim/scenarios/index.ts';
import { hasCilium, loadCilium } from '../sim/world/index.ts';

/** Whether the situation can be run now. */
export function isReady(situation: Situation): boolean {
	const scenario = scenarioById(situation.scenario);
	const id = situation.settings.bundle ?? scenario?.start.bundle;
	return hasCilium() || scenario?.bundles.find((b) => b.id === id)?.cni !== 'cilium';
}

/** Resolves when they can all be run. */
export async function makeReady(situations: readonly Situation[]): Promise<void> {
	if (!situations.every(isReady)) await loadCilium();
}

/** True when they can all be run; draws again when that has become so. */
export function useReady(situations: readonly Situation[]): boolean {
	const [, redraw] = useState(0);
	const ready = situations.every(isReady);
	useEffect(() => {
		if (ready) return;
		let gone = false;
		loadCilium().then(
			() => gone || redraw((n) => n + 1),
			(error: unknown) => console.error(error),
		);
		return () => {
			gone = true;
		};
	}, [ready]);
	return ready;
}
