/** Where pods may go. Source: kubernetes pkg/apis/core/validation/validation.go validateAffinity(), validateTopologySpreadConstraints(), ValidateTolerations() @ v1.24.0. */
import { type Draft, isRecord, number, sub, subs, text } from '../json.ts';
import { type FieldError, invalidValue, notSupported, required } from '../status.ts';
import { labelName, nodeTermErrors, selectorErrors } from './selectors.ts';

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

const podTerm = (term: Draft, field: string): FieldError[] => [
	...selectorErrors(term.labelSelector, `${field}.labelSelector`),
	...selectorErrors(term.namespaceSelector, `${field}.namespaceSelector`),
	...topologyKey(term, field),
];

const nodeAffinity = (affinity: Draft, field: string): FieldError[] => {
	const errors: FieldError[] = [];
	if (isRecord(affinity[REQUIRED])) {
		const terms = subs(affinity, REQUIRED, 'nodeSelectorTerms');
		const here = `${field}.${REQUIRED}.nodeSelectorTerms`;
		if (terms.length === 0) errors.push(required(here, 'must have at least one node selector term'));
		errors.push(...terms.flatMap((term, i) => nodeTermErrors(term, `${here}[${i}]`)));
	}
	for (const [i, term] of subs(affinity, PREFERRED).entries()) {
		const here = `${field}.${PREFERRED}[${i}]`;
		errors.push(...weight(term, here), ...nodeTermErrors(sub(term, 'preference'), `${here}.preference`));
	}
	return errors;
};

const podAffinity = (affinity: Draft, field: string): FieldError[] => [
	...subs(affinity, REQUIRED).flatMap((term, i) => podTerm(term, `${field}.${REQUIRED}[${i}]`)),
	...subs(affinity, PREFERRED).flatMap((term, i) => {
		const here = `${field}.${PREFERRED}[${i}]`;
		return [...weight(term, here), ...podTerm(sub(term, 'podAffinityTerm'), `${here}.podAffinityTerm`)];
	}),
];

const ACTIONS = ['DoNotSchedule', 'ScheduleAnyway'];

const spread = (constraint: Draft, field: string): FieldError[] => {
	const errors: FieldError[] = [];
	const skew = number(constraint, 'maxSkew') ?? 0;
	if (skew <= 0) errors.push(invalidValue(`${field}.maxSkew`, skew, 'must be greater than zero'));
	if (!text(constraint, 'topologyKey')) errors.push(required(`${field}.topologyKey`, 'can not be empty'));
	const action = text(constraint, 'whenUnsatisfiable') ?? '';
	if (!ACTIONS.includes(action)) errors.push(notSupported(`${field}.whenUnsatisfiable`, action, ACTIONS));
	return errors;
};

const EFFECTS = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];
const OPERATORS = ['Equal', 'Exists'];

const toleration = (item: Draft, field: string): FieldError[] => {
	const errors: FieldError[] = [];
	const { key, operator, effect } = item;
	if (key) errors.push(...labelName(String(key), `${field}.key`));
	if (operator && !OPERATORS.includes(String(operator)))
		errors.push(notSupported(`${field}.operator`, operator, OPERATORS));
	if (effect && !EFFECTS.includes(String(effect))) errors.push(notSupported(`${field}.effect`, effect, EFFECTS));
	return errors;
};

/** Of a pod's spec at a field path. */
export const schedulingErrors = (spec: Draft, field: string): FieldError[] => [
	...nodeAffinity(sub(spec, 'affinity', 'nodeAffinity'), `${field}.affinity.nodeAffinity`),
	...podAffinity(sub(spec, 'affinity', 'podAffinity'), `${field}.affinity.podAffinity`),
	...podAffinity(sub(spec, 'affinity', 'podAntiAffinity'), `${field}.affinity.podAntiAffinity`),
	...subs(spec, 'tolerations').flatMap((item, i) => toleration(item, `${field}.tolerations[${i}]`)),
	...subs(spec, 'topologySpreadConstraints').flatMap((item, i) =>
		spread(item, `${field}.topologySpreadConstraints[${i}]`),
	),
];
