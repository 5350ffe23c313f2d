/** A figure's state as a permalink, and back. What comes back was checked by `decodeLink`. */
import type { Situation } from '../exercises/index.ts';
import { scenarioById } from '../sim/scenarios/index.ts';
import { traceDigest } from '../sim/trace/index.ts';
import { decodeLink, encodeLink, type Outcome, type Scenario } from '../sim/world/index.ts';

/** Digits of the digest that are kept: enough to tell that a result changed, which nobody has a reason to forge. */
const DIGITS = 16;

/** What came of it, as links remember it. */
export function digestOfOutcome(outcome: Outcome): string {
	return traceDigest(outcome.trace).slice(0, DIGITS);
}

/** Text for the fragment; undefined when the state does not fit into one. */
export function linkOf(scenario: Scenario, situation: Situation, outcome: Outcome): string | undefined {
	const made = encodeLink(scenario, {
		settings: situation.settings,
		actions: [{ kind: 'connect', probe: situation.probe }],
		digest: digestOfOutcome(outcome),
	});
	return 'text' in made ? made.text : undefined;
}

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
