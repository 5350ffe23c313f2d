/** LimitRanges and ResourceQuotas. Source: kubernetes pkg/apis/core/validation/validation.go ValidateLimitRange(), ValidateResourceQuotaSpec() @ v1.24.0. */
import { type Draft, sub, subs } from '../json.ts';
import { type FieldError, fieldForbidden, invalidValue } from '../status.ts';
import { quantity } from '../strategies/pod-validate.ts';
import { notBelowZero, resourceName } from './containers.ts';

/** Servers before 1.34 print the struct. */
const amount = (field: string, value: unknown, why: string): FieldError => ({
	...invalidValue(field, String(value), why),
	go: `Invalid value: resource.Quantity{(the simulator leaves out what stands here)}: ${why}`,
});

/** What may not be above what: the two lists, the one named in the path and the one whose value is printed, their names. */
const ORDER = [
	['min', 'max', 'min', 'min', 'min value', 'max value'],
	['min', 'defaultRequest', 'defaultRequest', 'defaultRequest', 'min value', 'default request value'],
	['defaultRequest', 'max', 'defaultRequest', 'defaultRequest', 'default request value', 'max value'],
	['defaultRequest', 'default', 'defaultRequest', 'defaultRequest', 'default request value', 'default limit value'],
	['min', 'default', 'default', 'min', 'min value', 'default value'],
	['default', 'max', 'default', 'max', 'default value', 'max value'],
] as const;

export const limitRangeErrors = (object: Draft): FieldError[] =>
	subs(object, 'spec', 'limits').flatMap((limit, i) => {
		const here = `spec.limits[${i}]`;
		const errors: FieldError[] = [];
		if (limit.type === 'Pod')
			for (const key of ['default', 'defaultRequest'])
				if (Object.keys(sub(limit, key)).length > 0)
					errors.push(fieldForbidden(`${here}.${key}`, "may not be specified when `type` is 'Pod'"));
		const names = new Set(['min', 'max', 'default', 'defaultRequest'].flatMap((key) => Object.keys(sub(limit, key))));
		for (const name of names)
			for (const [low, high, at, printed, lower, upper] of ORDER) {
				const [a, b] = [sub(limit, low)[name], sub(limit, high)[name]];
				if ((quantity(a) ?? 0) > (quantity(b) ?? Number.POSITIVE_INFINITY))
					errors.push(
						amount(
							`${here}.${at}[${name}]`,
							sub(limit, printed)[name],
							`${lower} ${String(a)} is greater than ${upper} ${String(b)}`,
						),
					);
			}
		return errors;
	});

/** IsStandardQuotaResourceName() */
const QUOTA =
	/^((requests\.|limits\.)?(cpu|memory|ephemeral-storage)|requests\.storage|(requests\.)?hugepages-.+|pods|resourcequotas|services(\.nodeports|\.loadbalancers)?|replicationcontrollers|secrets|configmaps|persistentvolumeclaims)$/;

export const quotaErrors = (object: Draft): FieldError[] =>
	Object.entries(sub(object, 'spec', 'hard')).flatMap(([name, value]) => {
		const here = `spec.hard[${name}]`;
		return [
			...resourceName(name, here),
			...(name.includes('/') || QUOTA.test(name)
				? []
				: [invalidValue(here, name, 'must be a standard resource for quota')]),
			...notBelowZero(value, here),
		];
	});
