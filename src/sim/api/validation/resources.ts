/**
 * What containers ask for. Source: kubernetes pkg/apis/core/validation/validation.go ValidateResourceRequirements(),
 * pkg/apis/core/helper/helpers.go @ v1.24.0.
 */
import { type Draft, isRecord, sub } from '../json.ts';
import { qualifiedNameErrors } from '../selector.ts';
import { type FieldError, fieldForbidden, invalidValue, required } from '../status.ts';
import type { Context } from '../strategy.ts';
import { quantity } from '../values.ts';
import { NOT_NEGATIVE } from './parts.ts';

/** What a container may ask for by a name without a domain (IsStandardContainerResourceName). */
const CONTAINER = /^(cpu|memory|ephemeral-storage|hugepages-.*)$/;
/** All names of resources without a domain (IsStandardResourceName). */
const STANDARD =
	/^(((requests\.|limits\.)?(cpu|memory|ephemeral-storage))|(requests\.)?(storage|hugepages-.*)|pods|resourcequotas|services(\.nodeports|\.loadbalancers)?|replicationcontrollers|secrets|configmaps|persistentvolumeclaims)$/;
/** Counted in whole pieces (IsIntegerResourceName). */
const WHOLE =
	/^(pods|resourcequotas|services(\.nodeports|\.loadbalancers)?|replicationcontrollers|secrets|configmaps|persistentvolumeclaims)$/;

const isNative = (name: string): boolean => !name.includes('/') || name.includes('kubernetes.io/');

/** IsExtendedResourceName(): a device's. */
export const isExtended = (name: string): boolean =>
	!isNative(name) && !name.startsWith('requests.') && qualifiedNameErrors(`requests.${name}`).length === 0;

/** Devices and huge pages are not lent twice (IsOvercommitAllowed). */
export const isLentTwice = (name: string): boolean => isNative(name) && !name.startsWith('hugepages-');

/** validateResourceName(): a name without a domain is one of the known. */
export const resourceName = (name: string, field: string): FieldError[] => {
	const wrong = qualifiedNameErrors(name).map((why) => invalidValue(field, name, why));
	if (wrong.length > 0 || name.includes('/') || STANDARD.test(name)) return wrong;
	return [invalidValue(field, name, 'must be a standard resource type or fully qualified')];
};

/** validateContainerResourceName() */
export const containerResource = (name: string, field: string): FieldError[] => {
	const errors = resourceName(name, field);
	if (!name.includes('/')) {
		if (!CONTAINER.test(name)) errors.push(invalidValue(field, name, 'must be a standard resource for containers'));
	} else if (!isNative(name) && !isExtended(name))
		errors.push(invalidValue(field, name, "doesn't follow extended resource name standard"));
	return errors;
};

/** A resource.Quantity as a value: servers before 1.34 print the struct. */
export const amountValue = (field: string, value: unknown, why: string): FieldError => ({
	...invalidValue(field, String(value), why),
	go: `Invalid value: resource.Quantity{(the simulator leaves out what stands here)}: ${why}`,
});

/** ValidateResourceQuantityValue() */
export const amountErrors = (name: string, value: unknown, field: string): FieldError[] => {
	const amount = quantity(value) ?? 0;
	return [
		...(amount < 0 ? [invalidValue(field, String(value), NOT_NEGATIVE)] : []),
		...((WHOLE.test(name) || isExtended(name)) && !Number.isInteger(amount)
			? [amountValue(field, value, 'must be an integer')]
			: []),
	];
};

const pages = (name: string, value: unknown, field: string): FieldError[] => {
	const size = quantity(name.slice('hugepages-'.length)) ?? 0;
	const amount = quantity(value) ?? 0;
	return size > 0 && amount >= 0 && amount % size === 0
		? []
		: [invalidValue(field, String(value), `${String(value)} is not positive integer multiple of ${name}`)];
};

/** `resources` of a container, or a pod's overhead as its limits. From 1.27 on a message tells the limit. */
export const requirementErrors = (of: Draft, field: string, { minor }: Context): FieldError[] => {
	const errors: FieldError[] = [];
	const [limits, requests] = [sub(of, 'limits'), sub(of, 'requests')];
	const than = (name: string): string => `${name} limit${minor >= 27 ? ` of ${String(limits[name])}` : ''}`;
	for (const [list, amounts] of [
		['limits', limits],
		['requests', requests],
	] as const)
		for (const [name, value] of Object.entries(amounts)) {
			const here = `${field}.${list}[${name}]`;
			errors.push(...containerResource(name, here), ...amountErrors(name, value, here));
			if (list === 'requests') {
				const [asked, limit] = [quantity(value) ?? 0, quantity(limits[name])];
				if (limit === undefined) {
					if (!isLentTwice(name))
						errors.push(required(`${field}.limits`, 'Limit must be set for non overcommitable resources'));
				} else if (asked !== limit && !isLentTwice(name))
					errors.push(invalidValue(`${field}.requests`, String(value), `must be equal to ${than(name)}`));
				else if (asked > limit)
					errors.push(invalidValue(`${field}.requests`, String(value), `must be less than or equal to ${than(name)}`));
			}
			if (name.startsWith('hugepages-')) errors.push(...pages(name, value, here));
		}
	const names = [...Object.keys(limits), ...Object.keys(requests)];
	if (names.some((name) => name.startsWith('hugepages-')) && !names.includes('cpu') && !names.includes('memory'))
		errors.push(fieldForbidden(field, 'HugePages require cpu or memory'));
	return errors;
};

const RESIZED = ['cpu', 'memory'];
const RESIZES = ['NotRequired', 'RestartContainer'];

/** validateResizePolicy() @ v1.33.0 */
export const resizeErrors = (container: Draft, field: string, restart: unknown): FieldError[] => {
	const list = Array.isArray(container.resizePolicy) ? container.resizePolicy.filter(isRecord) : [];
	const errors: FieldError[] = [];
	for (const { resourceName: name, restartPolicy: policy } of list) {
		if (!RESIZED.includes(String(name)))
			errors.push(
				name
					? { field, message: `Unsupported value: "${String(name)}": supported values: "cpu", "memory"` }
					: required(field),
			);
		if (!RESIZES.includes(String(policy)))
			errors.push(
				policy
					? {
							field,
							message: `Unsupported value: "${String(policy)}": supported values: "NotRequired", "RestartContainer"`,
						}
					: required(field),
			);
		if (restart === 'Never' && policy !== 'NotRequired')
			errors.push(invalidValue(field, policy ?? '', "must be 'NotRequired' when `restartPolicy` is 'Never'"));
	}
	return errors;
};
