/**
 * Selectors of labels and of nodes.
 *
 * Source: apimachinery pkg/apis/meta/v1/validation/validation.go @ v0.24.0, kubernetes
 * pkg/apis/core/validation/validation.go ValidateNodeSelectorRequirement() @ v1.24.0.
 */
import { type Draft, isRecord, subs, text, texts } from '../json.ts';
import { validateLabels } from '../meta.ts';
import { labelValueErrors, qualifiedNameErrors } from '../selector.ts';
import { type FieldError, fieldForbidden, invalidValue, required } from '../status.ts';
import type { Context } from '../strategy.ts';
import { named } from './parts.ts';

const requirement = (expression: Draft, field: string, compares: boolean, checked = false): FieldError[] => {
	const errors: FieldError[] = [];
	const operator = text(expression, 'operator') ?? '';
	const values = texts(expression, 'values');
	if (operator === 'In' || operator === 'NotIn') {
		if (values.length === 0)
			errors.push(required(`${field}.values`, "must be specified when `operator` is 'In' or 'NotIn'"));
	} else if (operator === 'Exists' || operator === 'DoesNotExist') {
		if (values.length > 0)
			errors.push(
				fieldForbidden(`${field}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"),
			);
	} else if (compares && (operator === 'Gt' || operator === 'Lt')) {
		if (values.length !== 1)
			errors.push(required(`${field}.values`, "must be specified single value when `operator` is 'Lt' or 'Gt'"));
	} else errors.push(invalidValue(`${field}.operator`, operator, 'not a valid selector operator'));
	errors.push(...labelName(text(expression, 'key') ?? '', `${field}.key`));
	if (checked)
		for (const [i, value] of values.entries())
			errors.push(...labelValueErrors(value).map((why) => invalidValue(`${field}.values[${i}]`, value, why)));
	return errors;
};

/** ValidateLabelName() */
export const labelName = (name: string, field: string): FieldError[] =>
	qualifiedNameErrors(name).map((why) => invalidValue(field, name, why));

/** ValidateLabelSelector(); of no selector nothing is wrong. Values of expressions are looked at from 1.27 on. */
export const selectorErrors = (selector: unknown, field: string, { minor }: Context): FieldError[] =>
	isRecord(selector)
		? [
				...validateLabels(selector.matchLabels, `${field}.matchLabels`),
				...subs(selector, 'matchExpressions').flatMap((expression, i) =>
					requirement(expression, `${field}.matchExpressions[${i}]`, false, minor >= 27),
				),
			]
		: [];

/** ValidateNodeFieldSelectorRequirement(): the one field of a node is its name. */
const fieldRequirement = (expression: Draft, field: string): FieldError[] => {
	const errors: FieldError[] = [];
	const [operator, key] = [text(expression, 'operator') ?? '', text(expression, 'key') ?? ''];
	const values = texts(expression, 'values');
	if (operator !== 'In' && operator !== 'NotIn')
		errors.push(invalidValue(`${field}.operator`, operator, 'not a valid selector operator'));
	else if (values.length !== 1)
		errors.push(
			required(`${field}.values`, "must be only one value when `operator` is 'In' or 'NotIn' for node field selector"),
		);
	if (key !== 'metadata.name') errors.push(invalidValue(`${field}.key`, key, 'not a valid field selector key'));
	else errors.push(...values.flatMap((value, i) => named(value, `${field}.values[${i}]`)));
	return errors;
};

/** ValidateNodeSelectorTerm() */
export const nodeTermErrors = (term: Draft, field: string): FieldError[] => [
	...subs(term, 'matchExpressions').flatMap((expression, i) =>
		requirement(expression, `${field}.matchExpressions[${i}]`, true),
	),
	...subs(term, 'matchFields').flatMap((expression, i) => fieldRequirement(expression, `${field}.matchFields[${i}]`)),
];

/** ValidateNodeSelector() */
export const nodeSelectorErrors = (selector: Draft, field: string): FieldError[] => {
	const terms = subs(selector, 'nodeSelectorTerms');
	const here = `${field}.nodeSelectorTerms`;
	if (terms.length === 0) return [required(here, 'must have at least one node selector term')];
	return terms.flatMap((term, i) => nodeTermErrors(term, `${here}[${i}]`));
};
