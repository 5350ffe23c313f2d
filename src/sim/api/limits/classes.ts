/**
 * Classes of pods: PriorityClasses and RuntimeClasses, and what admission makes of a pod that names one.
 *
 * Source: kubernetes pkg/apis/{scheduling,node}/validation/validation.go, plugin/pkg/admission/{priority,
 * runtimeclass}/admission.go @ v1.24.0.
 */
import { type Draft, equal, isRecord, number, sub, subs, text } from '../json.ts';
import { nameErrors } from '../meta.ts';
import type { ApiObject } from '../object.ts';
import { type FieldError, fieldForbidden, invalidValue, notSupported, required } from '../status.ts';
import type { Context } from '../strategy.ts';

/** Of people's classes. */
const HIGHEST = 1_000_000_000;
const SYSTEM_PRIORITIES: Readonly<Record<string, number>> = {
	'system-cluster-critical': 2_000_000_000,
	'system-node-critical': 2_000_001_000,
};
const POLICIES = ['Never', 'PreemptLowerPriority'];

const systemFault = (name: string, object: Draft): string | undefined => {
	const value = SYSTEM_PRIORITIES[name];
	if (value === undefined) return `${name} is not a known system priority class`;
	if (number(object, 'value') !== value) return `value of ${name} PriorityClass must be ${value}`;
	return object.globalDefault === true ? `globalDefault of ${name} PriorityClass must be false` : undefined;
};

export const priorityClassErrors = (object: Draft): FieldError[] => {
	const name = text(object, 'metadata', 'name') ?? '';
	const errors: FieldError[] = [];
	if (name.startsWith('system-')) {
		const fault = systemFault(name, object);
		if (fault !== undefined)
			errors.push(
				fieldForbidden(
					'metadata.name',
					`priority class names with 'system-' prefix are reserved for system use only. error: ${fault}`,
				),
			);
	} else if ((number(object, 'value') ?? 0) > HIGHEST)
		errors.push(fieldForbidden('value', `maximum allowed value of a user defined priority is ${HIGHEST}`));
	const policy = text(object, 'preemptionPolicy');
	if (policy !== undefined && !POLICIES.includes(policy))
		errors.push(notSupported('preemptionPolicy', policy, POLICIES));
	return errors;
};

export const priorityClassChanges = (object: Draft, old: ApiObject): FieldError[] => [
	...((object.value ?? 0) === (old.value ?? 0) ? [] : [fieldForbidden('value', 'may not be changed in an update.')]),
	...(object.preemptionPolicy === old.preemptionPolicy
		? []
		: [invalidValue('preemptionPolicy', object.preemptionPolicy, 'field is immutable')]),
];

/** The class of pods that name none: of several the one with the least value. */
const defaultClass = ({ list }: Pick<Context, 'list'>): ApiObject | undefined =>
	list('priorityclasses')
		.filter((one) => one.globalDefault === true)
		.sort((a, b) => (number(a, 'value') ?? 0) - (number(b, 'value') ?? 0))[0];

/** There may be one default. */
export const secondDefault = (object: Draft, context: Pick<Context, 'list'>): string | undefined => {
	const other = object.globalDefault === true ? defaultClass(context) : undefined;
	return other === undefined || other.metadata.name === text(object, 'metadata', 'name')
		? undefined
		: `PriorityClass ${other.metadata.name} is already marked as default. Only one default can exist`;
};

/** Gives a pod that names no class the default one. */
export const usePriorityDefault = (spec: Draft, context: Pick<Context, 'list'>): void => {
	if (text(spec, 'priorityClassName')) return;
	const found = defaultClass(context);
	if (found !== undefined) spec.priorityClassName = found.metadata.name;
};

export const runtimeClassErrors = (object: Draft): FieldError[] => {
	const handler = text(object, 'handler') ?? '';
	if (handler === '') return [required('handler')];
	return nameErrors(handler, 'label').map((why) => invalidValue('handler', handler, why));
};

export const runtimeClassChanges = (object: Draft, old: ApiObject): FieldError[] =>
	object.handler === old.handler ? [] : [invalidValue('handler', object.handler, 'field is immutable')];

/** Why a pod may not be as it says, by the RuntimeClass it names. */
export const runtimeRefusal = (pod: Draft, { get }: Pick<Context, 'get'>): string | undefined => {
	const spec = sub(pod, 'spec');
	const name = text(spec, 'runtimeClassName');
	const found = name === undefined ? undefined : get('runtimeclasses', undefined, name);
	if (name !== undefined && found === undefined) return `pod rejected: RuntimeClass ${JSON.stringify(name)} not found`;
	const fixed = sub(found, 'overhead').podFixed;
	if (spec.overhead !== undefined && !isRecord(fixed))
		return 'pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead';
	if (isRecord(fixed) && spec.overhead !== undefined && !equal(fixed, spec.overhead))
		return "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead";
	const own = sub(spec, 'nodeSelector');
	for (const [key, value] of Object.entries(sub(found, 'scheduling', 'nodeSelector')))
		if (own[key] !== undefined && own[key] !== value)
			return `conflict: runtimeClass.scheduling.nodeSelector[${key}] = ${value}; pod.spec.nodeSelector[${key}] = ${own[key]}`;
	return undefined;
};

/** What the RuntimeClass of a pod asks for it: overhead, nodes, tolerations. Writes into it. */
export const useRuntimeClass = (spec: Draft, { get }: Pick<Context, 'get'>): void => {
	const name = text(spec, 'runtimeClassName');
	const found = name === undefined ? undefined : get('runtimeclasses', undefined, name);
	if (found === undefined) return;
	const fixed = sub(found, 'overhead').podFixed;
	if (isRecord(fixed)) spec.overhead = { ...fixed };
	const selector = sub(found, 'scheduling', 'nodeSelector');
	if (Object.keys(selector).length > 0) spec.nodeSelector = { ...sub(spec, 'nodeSelector'), ...selector };
	const own = subs(spec, 'tolerations');
	const more = subs(found, 'scheduling', 'tolerations').filter((one) => !own.some((other) => equal(one, other)));
	if (more.length > 0) spec.tolerations = [...own, ...more.map((one) => ({ ...one }))];
};
