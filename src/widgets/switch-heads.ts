/** What two situations that are compared are called. */
import type { Control } from '../content/index.ts';
import type { Situation } from '../exercises/index.ts';
import type { FigureText } from '../i18n/figure/index.ts';
import type { Scenario } from '../sim/world/index.ts';
import { switchesOf } from './switches.ts';

/**
 * What tells a situation from its neighbour: for the heads of a comparison. One difference is named by its value;
 * of several, each says what it is a value of.
 */
export function describe(
	scenario: Scenario,
	a: Situation,
	b: Situation,
	controls: readonly Control[],
	text: FigureText,
): string[] {
	const left = switchesOf(scenario, a, controls, text);
	const right = switchesOf(scenario, b, controls, text);
	const all = left.filter((s, i) => s.value !== right[i]?.value);
	// Who balances says whether kube-proxy runs.
	const differing = all.some((s) => s.control === 'mode') ? all.filter((s) => s.control !== 'kubeProxy') : all;
	// No switch tells them apart: then Helm's values do.
	if (differing.length === 0) {
		const mine = a.settings.helm ?? {};
		const other = b.settings.helm ?? {};
		const keys = Object.keys({ ...mine, ...other }).filter((key) => mine[key] !== other[key]);
		return keys.map((key) =>
			mine[key] === undefined ? `${key}${text.record.colon}${text.switches.unset}` : `${key}=${mine[key]}`,
		);
	}
	return differing.flatMap((s) => {
		const choice = s.choices.find((c) => c.value === s.value);
		const name = choice?.plain?.v ? `${choice.name}, ${choice.plain.v.cni}` : (choice?.name ?? s.value);
		if (name === '') return [];
		return [differing.length > 1 ? `${s.label}${text.record.colon}${name}` : name];
	});
}

/** Controls in which two situations can differ, whatever a figure offers: for the heads of a comparison. */
export const ALL_CONTROLS: readonly Control[] = [
	'mode',
	'externalTrafficPolicy',
	'internalTrafficPolicy',
	'sessionAffinity',
	'kubeProxy',
	'bundle',
	'entry',
	'from',
	'podOn',
	'replicas',
	'protocol',
];
