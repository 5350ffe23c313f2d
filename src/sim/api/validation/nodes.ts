/** Nodes and leases. Source: kubernetes pkg/apis/core/validation/validation.go ValidateNode(), pkg/apis/coordination/validation/validation.go @ v1.24.0. */
import { type Draft, number, sub, subs, text } from '../json.ts';
import { type FieldError, invalidValue, notSupported, required } from '../status.ts';
import { labelValue } from './parts.ts';
import { EFFECTS } from './scheduling.ts';
import { labelName } from './selectors.ts';

/** A core.Taint as a value: servers before 1.34 print the struct, later ones its fields as JSON. */
const twice = ({ key = '', value = '', effect = '' }: Draft, field: string): FieldError => {
	const [a, b, c] = [key, value, effect].map((one) => JSON.stringify(one));
	const why = 'taints must be unique by key and effect pair';
	return {
		field,
		message: `Duplicate value: {"Key":${a},"Value":${b},"Effect":${c},"TimeAdded":null}: ${why}`,
		go: `Duplicate value: core.Taint{Key:${a}, Value:${b}, Effect:${c}, TimeAdded:<nil>}: ${why}`,
	};
};

/** validateNodeTaints(): upstream looks for them in the metadata. */
export const nodeErrors = (object: Draft): FieldError[] => {
	const errors: FieldError[] = [];
	const seen = new Set<string>();
	for (const [i, taint] of subs(object, 'spec', 'taints').entries()) {
		const here = `metadata.taints[${i}]`;
		const effect = text(taint, 'effect') ?? '';
		errors.push(...labelName(text(taint, 'key') ?? '', `${here}.key`));
		errors.push(...labelValue(text(taint, 'value') ?? '', `${here}.value`));
		if (effect === '') errors.push(required(`${here}.effect`));
		else if (!EFFECTS.includes(effect)) errors.push(notSupported(`${here}.effect`, effect, EFFECTS));
		const key = `${String(taint.key)}:${effect}`;
		if (seen.has(key)) errors.push(twice(taint, here));
		seen.add(key);
	}
	return errors;
};

/** ValidateLeaseSpec() */
export const leaseErrors = (object: Draft): FieldError[] => {
	const spec = sub(object, 'spec');
	const [seconds, times] = [number(spec, 'leaseDurationSeconds'), number(spec, 'leaseTransitions')];
	return [
		...(seconds !== undefined && seconds <= 0
			? [invalidValue('spec.leaseDurationSeconds', seconds, 'must be greater than 0')]
			: []),
		...(times !== undefined && times < 0
			? [invalidValue('spec.leaseTransitions', times, 'must be greater than or equal to 0')]
			: []),
	];
};
