/** A permalink as a figure's state. What comes out was checked by `decodeLink`. */
import type { Situation } from '../exercises/index.ts';
import { scenarioById } from '../sim/scenarios/index.ts';
import { decodeLink } from '../sim/world/index.ts';

export type Linked =
	| { readonly situation: Situation; readonly current: boolean; readonly digest?: string }
	| { readonly error: string };

/** The situation a link describes: its settings, and its last connection. */
export function situationOf(text: string, fallback: Situation): Linked {
	const read = decodeLink(text, scenarioById);
	if ('error' in read) {
		const { code, params } = read.error;
		return { error: typeof params.reason === 'string' ? `${code}: ${params.reason}` : code };
	}
	const { link } = read;
	if (link.scenario !== fallback.scenario) return { error: 'bad-link: scenario' };
	const connect = link.actions.findLast((a) => a.kind === 'connect');
	return {
		situation: {
			scenario: link.scenario,
			settings: link.settings,
			probe: connect?.kind === 'connect' ? connect.probe : fallback.probe,
		},
		current: link.current,
		digest: link.digest,
	};
}
