/** A figure's state as a permalink. */
import type { Situation } from '../exercises/index.ts';
import { traceDigest } from '../sim/trace/index.ts';
import { encodeLink, type Outcome, type Scenario } from '../sim/world/index.ts';

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
