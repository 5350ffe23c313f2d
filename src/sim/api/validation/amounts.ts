/** LimitRanges and ResourceQuotas. Source: kubernetes pkg/apis/core/validation/validation.go ValidateLimitRange(), ValidateResourceQuotaSpec() @ v1.24.0. */
import { type Draft, sub, subs, text, texts } from '../json.ts';
import { qualifiedNameErrors } from '../selector.ts';
import { duplicate, type FieldError, fieldForbidden, invalidValue, required } from '../status.ts';
import { quantity } from '../values.ts';
import { amountErrors, amountValue, containerResource, isLentTwice, resourceName } from './resources.ts';

/** What may not be above what: the two lists, the one named in the path and the one whose value is printed, their names. */
const ORDER = [
	['min', 'max', 'min', 'min', 'min value', 'max value'],
	['min', 'defaultRequest', 'defaultRequest', 'defaultRequest', 'min value', 'default request value'],
	['defaultRequest', 'max', 'defaultRequest', 'defaultRequest', 'default request value', 'max value'],
	['defaultRequest', 'default', 'defaultRequest', 'defaultRequest', 'default request value', 'default limit value'],
	['min', 'default', 'default', 'min', 'min value', 'default value'],
	['default', 'max', 'default', 'max', 'default value', 'max value'],
] as const;

const compared = (limit: Draft, name: string, here: string): FieldError[] => {
	const errors: FieldError[] = [];
	for (const [low, high, at, printed, lower, upper] of ORDER) {
		const [a, b] = [sub(limit, low)[name], sub(limit, high)[name]];
		if ((quantity(a) ?? 0) > (quantity(b) ?? Number.POSITIVE_INFINITY))
			errors.push(
				amountValue(
					`${here}.${at}[${name}]`,
					sub(limit, printed)[name],
					`${lower} ${String(a)} is greater than ${upper} ${String(b)}`,
				),
			);
	}
	const ratio = sub(limit, 'maxLimitRequestRatio')[name];
	const field = `${here}.maxLimitRequestRatio[${name}]`;
	const times = quantity(ratio);
	if (times === undefined) return errors;
	if (times < 1) errors.push(amountValue(field, ratio, `ratio ${String(ratio)} is less than 1`));
	const [least, most] = [quantity(sub(limit, 'min')[name]), quantity(sub(limit, 'max')[name])];
	if (least !== undefined && most !== undefined && times > most / least)
		errors.push(
			amountValue(field, ratio, `ratio ${String(ratio)} is greater than max/min = ${sixDigits(most / least)}`),
		);
	return errors;
};

/** Go's `%f`. */
const sixDigits = (value: number): string => {
	const whole = Math.floor(value);
	const rest = Math.round((value - whole) * 1e6);
	return `${whole + (rest === 1e6 ? 1 : 0)}.${String(rest % 1e6).padStart(6, '0')}`;
};

const TYPES = ['Pod', 'Container', 'PersistentVolumeClaim'];

const typeErrors = (type: string, field: string): FieldError[] => {
	const faults = qualifiedNameErrors(type).map((why) => invalidValue(field, type, why));
	if (faults.length > 0 || type.includes('/') || TYPES.includes(type)) return faults;
	return [invalidValue(field, type, 'must be a standard limit type or fully qualified')];
};

export const limitRangeErrors = (object: Draft): FieldError[] => {
	const seen = new Set<string>();
	return subs(object, 'spec', 'limits').flatMap((limit, i) => {
		const here = `spec.limits[${i}]`;
		const type = text(limit, 'type') ?? '';
		const errors = typeErrors(type, `${here}.type`);
		if (seen.has(type)) errors.push(duplicate(`${here}.type`, type));
		seen.add(type);
		const named = (list: string): FieldError[] =>
			Object.keys(sub(limit, list)).flatMap((name) =>
				(type === 'Pod' || type === 'Container' ? containerResource : resourceName)(name, `${here}.${list}[${name}]`),
			);
		errors.push(...named('max'), ...named('min'));
		for (const list of ['default', 'defaultRequest'])
			if (type !== 'Pod') errors.push(...named(list));
			else if (Object.keys(sub(limit, list)).length > 0)
				errors.push(fieldForbidden(`${here}.${list}`, "may not be specified when `type` is 'Pod'"));
		if (type === 'PersistentVolumeClaim' && !sub(limit, 'min').storage && !sub(limit, 'max').storage)
			errors.push(
				required(`${here}.limits`, 'either minimum or maximum storage value is required, but neither was provided'),
			);
		errors.push(...named('maxLimitRequestRatio'));
		const lists = ['max', 'min', 'default', 'defaultRequest', 'maxLimitRequestRatio'];
		for (const name of new Set(lists.flatMap((list) => Object.keys(sub(limit, list))))) {
			errors.push(...compared(limit, name, here));
			const [most, least] = [sub(limit, 'default')[name], sub(limit, 'defaultRequest')[name]];
			if (!isLentTwice(name) && most !== undefined && least !== undefined && quantity(most) !== quantity(least))
				errors.push(
					amountValue(
						`${here}.defaultRequest[${name}]`,
						least,
						`default value ${String(most)} must equal to defaultRequest value ${String(least)} in ${name}`,
					),
				);
		}
		return errors;
	});
};

/** IsStandardQuotaResourceName() */
const QUOTA =
	/^((requests\.|limits\.)?(cpu|memory|ephemeral-storage)|requests\.storage|(requests\.)?hugepages-.*|pods|resourcequotas|services(\.nodeports|\.loadbalancers)?|replicationcontrollers|secrets|configmaps|persistentvolumeclaims)$/;

const SCOPES = [
	...['Terminating', 'NotTerminating', 'BestEffort', 'NotBestEffort', 'PriorityClass', 'CrossNamespacePodAffinity'],
];
/** What quotas of a scope may count (IsResourceQuotaScopeValidForResource). */
const COUNTED = /^(pods|(requests\.|limits\.)?(cpu|memory))$/;

const fits = (scope: string, name: string): boolean => {
	if (scope === 'BestEffort') return name === 'pods';
	return !SCOPES.includes(scope) || COUNTED.test(name);
};

const pairs = (scopes: readonly string[]): boolean =>
	['BestEffort', 'Terminating'].some((one) => scopes.includes(one) && scopes.includes(`Not${one}`));

const scopeErrors = (spec: Draft): FieldError[] => {
	const scopes = texts(spec, 'scopes');
	const bad = (why: string): FieldError => ({
		...invalidValue('spec.scopes', scopes, why),
		go: `Invalid value: []core.ResourceQuotaScope{${scopes.map((one) => JSON.stringify(one)).join(', ')}}: ${why}`,
	});
	const errors: FieldError[] = [];
	for (const scope of scopes) {
		if (!SCOPES.includes(scope)) errors.push(bad('unsupported scope'));
		for (const name of Object.keys(sub(spec, 'hard')).sort())
			if (QUOTA.test(name) && !fits(scope, name)) errors.push(bad('unsupported scope applied to resource'));
	}
	if (pairs(scopes)) errors.push(bad('conflicting scopes'));
	return errors;
};

const EXISTS =
	"must be 'Exist' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity";

/** A core.ScopeSelector as a value: servers before 1.34 print the struct, later ones its fields as JSON. */
const unfit = (selector: Draft): FieldError => {
	const why = 'unsupported scope applied to resource';
	const parts = subs(selector, 'matchExpressions').map((one) => ({
		ScopeName: text(one, 'scopeName') ?? '',
		Operator: text(one, 'operator') ?? '',
		Values: Array.isArray(one.values) ? texts(one, 'values') : null,
	}));
	const go = parts.map(({ ScopeName, Operator, Values }) => {
		const values = Values ? `{${Values.map((value) => JSON.stringify(value)).join(', ')}}` : '(nil)';
		return `core.ScopedResourceSelectorRequirement{ScopeName:"${ScopeName}", Operator:"${Operator}", Values:[]string${values}}`;
	});
	return {
		field: 'spec.scopeSelector.matchExpressions',
		message: `Invalid value: ${JSON.stringify({ MatchExpressions: parts })}: ${why}`,
		go: `Invalid value: core.ScopeSelector{MatchExpressions:[]core.ScopedResourceSelectorRequirement{${go.join(', ')}}}: ${why}`,
	};
};

const selectorScopes = (spec: Draft): FieldError[] => {
	const field = 'spec.scopeSelector.matchExpressions';
	return subs(spec, 'scopeSelector', 'matchExpressions').flatMap((one) => {
		const [scope, operator] = [text(one, 'scopeName') ?? '', text(one, 'operator') ?? ''];
		const values = texts(one, 'values');
		const errors: FieldError[] = [];
		if (!SCOPES.includes(scope)) errors.push(invalidValue(`${field}.scopeName`, scope, 'unsupported scope'));
		for (const name of Object.keys(sub(spec, 'hard')).sort())
			if (QUOTA.test(name) && !fits(scope, name)) errors.push(unfit(sub(spec, 'scopeSelector')));
		if (SCOPES.includes(scope) && scope !== 'PriorityClass' && operator !== 'Exists')
			errors.push(invalidValue(`${field}.operator`, operator, EXISTS));
		if (operator === 'In' || operator === 'NotIn') {
			if (values.length === 0)
				errors.push(
					required(
						`${field}.values`,
						"must be at least one value when `operator` is 'In' or 'NotIn' for scope selector",
					),
				);
		} else if (operator === 'Exists' || operator === 'DoesNotExist') {
			if (values.length > 0)
				errors.push(
					invalidValue(
						`${field}.values`,
						values,
						"must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector",
					),
				);
		} else errors.push(invalidValue(`${field}.operator`, operator, 'not a valid selector operator'));
		return errors;
	});
};

export const quotaErrors = (object: Draft): FieldError[] => {
	const spec = sub(object, 'spec');
	const errors = Object.entries(sub(spec, 'hard')).flatMap(([name, value]) => {
		const here = `spec.hard[${name}]`;
		return [
			...resourceName(name, here),
			...(name.includes('/') || QUOTA.test(name)
				? []
				: [invalidValue(here, name, 'must be a standard resource for quota')]),
			...amountErrors(name, value, here),
		];
	});
	return [...errors, ...scopeErrors(spec), ...selectorScopes(spec)];
};
