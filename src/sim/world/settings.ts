/** A learner's switches, checked: whatever comes in from a link, a flag or a widget leaves as Settings or an error. */
import type { Scenario } from './scenario.ts';
import type { Bundle, Settings, SimError } from './types.ts';

/** Most pods a learner may ask for. */
export const MAX_REPLICAS = 100;

const CHOICES = {
	kubeProxy: ['iptables', 'none', 'stale'],
	externalTrafficPolicy: ['Cluster', 'Local'],
	internalTrafficPolicy: ['Cluster', 'Local'],
	sessionAffinity: ['None', 'ClientIP'],
	protocol: ['TCP', 'UDP'],
} as const;

/** Names of the switches, sorted. */
export const SETTING_NAMES: readonly (keyof Settings)[] = [
	'bundle',
	'externalTrafficPolicy',
	'helm',
	'internalTrafficPolicy',
	'kubeProxy',
	'podOn',
	'protocol',
	'replicas',
	'sessionAffinity',
];

/** The part of the scenario that settings choose. */
export const bundleOf = (scenario: Scenario, settings: Settings): Bundle =>
	scenario.bundles.find((b) => b.id === settings.bundle)!;

/**
 * The settings a World of this scenario has when `changes` are laid over `base`.
 *
 * `changes` may be anything (it comes from links and flags). `podOn: null` gives the choice back to the scheduler.
 * Errors name the field in `where`: `bad-value`, `bad-number`, `unknown-bundle`, `unknown-node`. Helm keys are
 * checked where the chart's version is known (`helm.ts`).
 */
export function mergeSettings(
	scenario: Scenario,
	base: Settings,
	changes: unknown,
): { settings: Settings } | { error: SimError } {
	if (typeof changes !== 'object' || changes === null || Array.isArray(changes))
		return { error: badValue('settings', changes, SETTING_NAMES) };
	const merged: Record<string, unknown> = { ...base };
	for (const [name, value] of Object.entries(changes)) {
		const error = checkField(scenario, name, value);
		if (error) return { error };
		if (value === undefined || value === null) delete merged.podOn;
		else merged[name] = name === 'helm' ? { ...(value as object) } : value;
	}
	return { settings: merged as unknown as Settings };
}

function checkField(scenario: Scenario, name: string, value: unknown): SimError | undefined {
	const text = typeof value === 'string' ? value : '';
	switch (name) {
		case 'bundle': {
			const known = scenario.bundles.map((b) => b.id);
			return known.includes(text) ? undefined : unknown('unknown-bundle', name, value, known);
		}
		case 'podOn': {
			if (value === undefined || value === null) return undefined;
			const known = scenario.cluster.nodes.map((n) => n.name);
			return known.includes(text) ? undefined : unknown('unknown-node', name, value, known);
		}
		case 'replicas':
			return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= MAX_REPLICAS
				? undefined
				: {
						code: 'bad-number',
						params: { name, value: printable(value), min: 0, max: MAX_REPLICAS },
						where: name,
					};
		case 'helm':
			return isTextMap(value) ? undefined : badValue(name, value, []);
		default: {
			if (!Object.hasOwn(CHOICES, name)) return badValue(name, value, SETTING_NAMES);
			const known: readonly string[] = CHOICES[name as keyof typeof CHOICES];
			return known.includes(text) ? undefined : badValue(name, value, known);
		}
	}
}

const isTextMap = (value: unknown): boolean =>
	typeof value === 'object' &&
	value !== null &&
	!Array.isArray(value) &&
	Object.keys(value).length <= 200 &&
	Object.entries(value).every(([k, v]) => typeof v === 'string' && k.length <= 200 && v.length <= 1000);

const unknown = (code: SimError['code'], where: string, value: unknown, known: readonly string[]): SimError => ({
	code,
	params: { name: printable(value), known },
	where,
});

const badValue = (where: string, value: unknown, known: readonly string[]): SimError => ({
	code: 'bad-value',
	params: { name: where, value: printable(value), known },
	where,
});

/** A value as an error may show it: short, and never an object's insides. */
export const printable = (value: unknown): string => {
	if (typeof value === 'string') return value.length > 80 ? `${value.slice(0, 77)}...` : value;
	if (typeof value === 'number' || typeof value === 'boolean') return String(value);
	return value === null || value === undefined ? 'nothing' : Array.isArray(value) ? 'a list' : 'an object';
};
