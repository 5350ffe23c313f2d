/** Where pods may go. Source: kubernetes pkg/apis/core/validation/validation.go validateAffinity(), validateTopologySpreadConstraints(), ValidateTolerations() @ v1.24.0. */
import { type Draft, isRecord, number, sub, subs, text, texts } from '../json.ts';
import { duplicate, type FieldError, fieldForbidden, invalidValue, notSupported, required } from '../status.ts';
import type { Context } from '../strategy.ts';
import { labelValue, named, oneOf } from './parts.ts';
import { labelName, nodeSelectorErrors, nodeTermErrors, selectorErrors } from './selectors.ts';

const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution';
const PREFERRED = 'preferredDuringSchedulingIgnoredDuringExecution';

const weight = (term: Draft, field: string): FieldError[] => {
	const value = number(term, 'weight') ?? 0;
	return value >= 1 && value <= 100 ? [] : [invalidValue(`${field}.weight`, value, 'must be in the range 1-100')];
};

const topologyKey = (term: Draft, field: string): FieldError[] => {
	const key = text(term, 'topologyKey') ?? '';
	return [
		...(key === '' ? [required(`${field}.topologyKey`, 'can not be empty')] : []),
		...labelName(key, `${field}.topologyKey`),
	];
};

const podTerm = (term: Draft, field: string, context: Context): FieldError[] => [
	...selectorErrors(term.labelSelector, `${field}.labelSelector`, context),
	...selectorErrors(term.namespaceSelector, `${field}.namespaceSelector`, context),
	...texts(term, 'namespaces').flatMap((name) => named(name, `${field}.namespace`, 'label')),
	...topologyKey(term, field),
];

const nodeAffinity = (affinity: Draft, field: string): FieldError[] => {
	const errors: FieldError[] = [];
	if (isRecord(affinity[REQUIRED])) errors.push(...nodeSelectorErrors(affinity[REQUIRED], `${field}.${REQUIRED}`));
	for (const [i, term] of subs(affinity, PREFERRED).entries()) {
		const here = `${field}.${PREFERRED}[${i}]`;
		errors.push(...weight(term, here), ...nodeTermErrors(sub(term, 'preference'), `${here}.preference`));
	}
	return errors;
};

const podAffinity = (affinity: Draft, field: string, context: Context): FieldError[] => [
	...subs(affinity, REQUIRED).flatMap((term, i) => podTerm(term, `${field}.${REQUIRED}[${i}]`, context)),
	...subs(affinity, PREFERRED).flatMap((term, i) => {
		const here = `${field}.${PREFERRED}[${i}]`;
		return [...weight(term, here), ...podTerm(sub(term, 'podAffinityTerm'), `${here}.podAffinityTerm`, context)];
	}),
];

/** validateAffinity(), of a pod's spec at its path. */
export const affinityErrors = (spec: Draft, field: string, context: Context): FieldError[] => [
	...nodeAffinity(sub(spec, 'affinity', 'nodeAffinity'), `${field}.affinity.nodeAffinity`),
	...podAffinity(sub(spec, 'affinity', 'podAffinity'), `${field}.affinity.podAffinity`, context),
	...podAffinity(sub(spec, 'affinity', 'podAntiAffinity'), `${field}.affinity.podAntiAffinity`, context),
];

const ACTIONS = ['DoNotSchedule', 'ScheduleAnyway'];
const POLICIES = ['Honor', 'Ignore'];
const POSITIVE = 'must be greater than zero';

const minDomains = (constraint: Draft, field: string, action: string): FieldError[] => {
	const least = number(constraint, 'minDomains');
	if (least === undefined) return [];
	return [
		...(least <= 0 ? [invalidValue(field, least, POSITIVE)] : []),
		...(action === 'DoNotSchedule'
			? []
			: [invalidValue(field, least, `can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ${action}`)]),
	];
};

/** Keys of labels that a pod's own values are taken of. */
const labelKeys = (constraint: Draft, field: string): FieldError[] => {
	const keys = texts(constraint, 'matchLabelKeys');
	const selector = constraint.labelSelector;
	const used = [
		...Object.keys(sub(selector, 'matchLabels')),
		...subs(selector, 'matchExpressions').map(({ key }) => key),
	];
	return [
		...(keys.length > 0 && !isRecord(selector)
			? [fieldForbidden(field, 'must not be specified when labelSelector is not set')]
			: []),
		...keys.flatMap((key, i) => [
			...labelName(key, `${field}[${i}]`),
			...(used.includes(key)
				? [invalidValue(`${field}[${i}]`, key, 'exists in both matchLabelKeys and labelSelector')]
				: []),
		]),
	];
};

/** validateTopologySpreadConstraints() */
export const spreadErrors = (spec: Draft, field: string, context: Context): FieldError[] => {
	const all = subs(spec, 'topologySpreadConstraints');
	return all.flatMap((constraint, i) => {
		const here = `${field}.topologySpreadConstraints[${i}]`;
		const errors: FieldError[] = [];
		const skew = number(constraint, 'maxSkew') ?? 0;
		if (skew <= 0) errors.push(invalidValue(`${here}.maxSkew`, skew, POSITIVE));
		const key = text(constraint, 'topologyKey') ?? '';
		if (key === '') errors.push(required(`${here}.topologyKey`, 'can not be empty'));
		const action = text(constraint, 'whenUnsatisfiable') ?? '';
		if (!ACTIONS.includes(action)) errors.push(notSupported(`${here}.whenUnsatisfiable`, action, ACTIONS));
		if (all.slice(i + 1).some((other) => other.topologyKey === key && other.whenUnsatisfiable === action))
			errors.push(duplicate(`${here}.{topologyKey, whenUnsatisfiable}`, `{${key}, ${action}}`));
		errors.push(...minDomains(constraint, `${here}.minDomains`, action));
		for (const policy of ['nodeAffinityPolicy', 'nodeTaintsPolicy'])
			errors.push(...oneOf(`${here}.${policy}`, constraint[policy], POLICIES));
		errors.push(...labelKeys(constraint, `${here}.matchLabelKeys`));
		if (context.minor >= 27) errors.push(...selectorErrors(constraint.labelSelector, `${here}.labelSelector`, context));
		return errors;
	});
};

export const EFFECTS = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];
const OPERATORS = ['Equal', 'Exists'];

/** A core.Toleration as a value: servers before 1.34 print the struct, later ones its fields as JSON. */
const whole = (item: Draft, field: string, why: string): FieldError => {
	const { key = '', operator = '', value = '', effect = '', tolerationSeconds: seconds } = item;
	const said = [key, operator, value, effect].map((one) => JSON.stringify(one));
	const names = ['Key', 'Operator', 'Value', 'Effect'];
	const pointer = seconds === undefined ? '(*int64)(nil)' : '(*int64)(the simulator leaves out an address of memory)';
	return {
		field,
		message: `Invalid value: {${names.map((name, i) => `"${name}":${said[i]}`).join(',')},"TolerationSeconds":${String(seconds ?? null)}}: ${why}`,
		go: `Invalid value: core.Toleration{${names.map((name, i) => `${name}:${said[i]}`).join(', ')}, TolerationSeconds:${pointer}}: ${why}`,
	};
};

/** ValidateTolerations() */
export const tolerationErrors = (spec: Draft, field: string): FieldError[] =>
	subs(spec, 'tolerations').flatMap((item, i) => {
		const here = `${field}.tolerations[${i}]`;
		const errors: FieldError[] = [];
		const operator = text(item, 'operator') ?? '';
		const effect = text(item, 'effect') ?? '';
		if (item.key) errors.push(...labelName(String(item.key), `${here}.key`));
		else if (operator !== 'Exists')
			errors.push(
				invalidValue(
					`${here}.operator`,
					operator,
					'operator must be Exists when `key` is empty, which means "match all values and all keys"',
				),
			);
		if (item.tolerationSeconds !== undefined && effect !== 'NoExecute')
			errors.push(invalidValue(`${here}.effect`, effect, "effect must be 'NoExecute' when `tolerationSeconds` is set"));
		if (operator === 'Exists') {
			if (item.value) errors.push(whole(item, `${here}.operator`, "value must be empty when `operator` is 'Exists'"));
		} else if (operator === '' || operator === 'Equal')
			errors.push(...labelValue(text(item, 'value') ?? '', `${here}.operator`));
		else errors.push(notSupported(`${here}.operator`, operator, OPERATORS));
		if (effect !== '' && !EFFECTS.includes(effect)) errors.push(notSupported(`${here}.effect`, effect, EFFECTS));
		return errors;
	});
