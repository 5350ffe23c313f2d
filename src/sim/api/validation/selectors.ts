/**
 * Selectors of labels and of nodes.
 *
 * Source: apimachinery pkg/apis/meta/v1/validation/validation.go @ v0.24.0, kubernetes
 * pkg/apis/core/validation/validation.go ValidateNodeSelectorRequirement() @ v1.24.0.
 */
import { type Draft, isRecord, subs, text, texts } from '../json.ts';
import { validateLabels } from '../meta.ts';
import { qualifiedNameErrors } from '../selector.ts';
import { type FieldError, fieldForbidden, invalidValue, required } from '../status.ts';

const requirement = (expression: Draft, field: string, compares: boolean): FieldError[] => {
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
	return [...errors, ...labelName(text(expression, 'key') ?? '', `${field}.key`)];
};

/** ValidateLabelName() */
export const labelName = (name: string, field: string): FieldError[] =>
	qualifiedNameErrors(name).map((why) => invalidValue(field, name, why));

/** ValidateLabelSelector(); of no selector nothing is wrong. */
export const selectorErrors = (selector: unknown, field: string): FieldError[] =>
	isRecord(selector)
		? [
				...validateLabels(selector.matchLabels, `${field}.matchLabels`),
				...subs(selector, 'matchExpressions').flatMap((expression, i) =>
					requirement(expression, `${field}.matchExpressions[${i}]`, false),
				),
			]
		: [];

/** ValidateNodeSelectorTerm() less its fields. */
export const nodeTermErrors = (term: Draft, field: string): FieldError[] =>
	subs(term, 'matchExpressions').flatMap((expression, i) =>
		requirement(expression, `${field}.matchExpressions[${i}]`, true),
	);
