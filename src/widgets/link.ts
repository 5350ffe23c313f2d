/** A figure's state as a permalink, and back. What comes back was checked by `decodeLink`. */
import type { Situation } from '../exercises/index.ts';
import { scenarioById } from '../sim/scenarios/index.ts';
import { decodeLink, encodeLink, type Scenario } from '../sim/world/index.ts';

/** Text for the fragment; undefined when the state does not fit into one. */
export function linkOf(scenario: Scenario, situation: Situation): string | undefined {
	const made = encodeLink(scenario, {
		settings: situation.settings,
		actions: [{ kind: 'connect', probe: situation.probe }],
	});
	return 'text' in made ? made.text : undefined;
}

export type Linked = { readonly situation: Situation; readonly current: boolean } | { readonly error: string };

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
	};
}
