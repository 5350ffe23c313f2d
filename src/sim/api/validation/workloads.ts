/** Workloads and their budgets. Source: kubernetes pkg/apis/{apps,policy}/validation/validation.go @ v1.24.0. */
import { type Draft, isRecord, number, sub } from '../json.ts';
import { type FieldError, fieldForbidden, invalidValue, notSupported, required } from '../status.ts';
import type { Context } from '../strategy.ts';
import { goStruct, NOT_NEGATIVE, notNegative, oneOf } from './parts.ts';
import { selectorErrors } from './selectors.ts';
import { controllerTemplate, daemonTemplate, selectedTemplate } from './templates.ts';

const PERCENT_TEXT =
	"a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')";

/** An intstr.IntOrString; servers before 1.34 print the struct. */
const intOrString = (field: string, value: unknown, why: string): FieldError => {
	const go =
		typeof value === 'string'
			? `Type:1, IntVal:0, StrVal:${JSON.stringify(value)}`
			: `Type:0, IntVal:${String(value)}, StrVal:""`;
	return { ...invalidValue(field, value, why), go: `Invalid value: intstr.IntOrString{${go}}: ${why}` };
};

/** ValidatePositiveIntOrPercent() */
const share = (value: unknown, field: string): FieldError[] => {
	if (typeof value === 'string') return /^\d+%$/.test(value) ? [] : [intOrString(field, value, PERCENT_TEXT)];
	return typeof value === 'number' && value < 0 ? [invalidValue(field, value, NOT_NEGATIVE)] : [];
};

/** IsNotMoreThan100Percent() */
const notMoreThanAll = (value: unknown, field: string): FieldError[] =>
	typeof value === 'string' && /^\d+%$/.test(value) && Number.parseInt(value, 10) > 100
		? [intOrString(field, value, 'must not be greater than 100%')]
		: [];

const amount = (value: unknown): number =>
	typeof value === 'number' ? value : /^\d+%?$/.test(String(value)) ? Number.parseInt(String(value), 10) : 0;

const rollingDeployment = (of: Draft, field: string): FieldError[] => {
	const { maxUnavailable: less, maxSurge: more } = of;
	const at = `${field}.maxUnavailable`;
	return [
		...share(less, at),
		...share(more, `${field}.maxSurge`),
		...(amount(less) === 0 && amount(more) === 0 ? [intOrString(at, less, 'may not be 0 when `maxSurge` is 0')] : []),
		...notMoreThanAll(less, at),
	];
};

const rollingDaemons = (of: Draft, field: string): FieldError[] => {
	const { maxUnavailable: less, maxSurge: more } = of;
	const errors: FieldError[] = [];
	for (const check of [share, notMoreThanAll])
		errors.push(...check(less, `${field}.maxUnavailable`), ...check(more, `${field}.maxSurge`));
	const [gone, extra] = [amount(less) !== 0, amount(more) !== 0];
	if (gone && extra)
		errors.push(intOrString(`${field}.maxSurge`, more, 'may not be set when maxUnavailable is non-zero'));
	if (!gone && !extra) errors.push(required(`${field}.maxUnavailable`, 'cannot be 0 when maxSurge is 0'));
	return errors;
};

/** A strategy of an unknown type: servers before 1.34 print the struct, later ones its fields as JSON. */
const unknownStrategy = (
	of: Draft,
	field: string,
	type: string,
	part: string,
	known: readonly string[],
): FieldError => {
	const { type: said = '', rollingUpdate } = of;
	const pointer = isRecord(rollingUpdate) ? '(the simulator leaves out an address of memory)' : '(nil)';
	const values = `: supported values: ${known.map((one) => JSON.stringify(one)).join(', ')}`;
	const rest = rollingUpdate === undefined ? 'null' : '{(the simulator leaves out what stands here)}';
	return {
		field,
		message: `Unsupported value: {"Type":${JSON.stringify(said)},"RollingUpdate":${rest}}${values}`,
		go: `Unsupported value: apps.${type}{Type:${JSON.stringify(said)}, RollingUpdate:(*apps.${part})${pointer}}${values}`,
	};
};

export const deploymentErrors = (object: Draft, context: Context): FieldError[] => {
	const spec = sub(object, 'spec');
	const errors = [...notNegative(spec, 'spec', 'replicas'), ...selectedTemplate(spec, 'Deployment', context)];
	const strategy = sub(spec, 'strategy');
	if (strategy.type === 'Recreate') {
		if (isRecord(strategy.rollingUpdate))
			errors.push(
				fieldForbidden('spec.strategy.rollingUpdate', "may not be specified when strategy `type` is 'Recreate'"),
			);
	} else if (strategy.type === 'RollingUpdate')
		errors.push(...rollingDeployment(sub(strategy, 'rollingUpdate'), 'spec.strategy.rollingUpdate'));
	else
		errors.push(
			unknownStrategy(strategy, 'spec.strategy', 'DeploymentStrategy', 'RollingUpdateDeployment', [
				'Recreate',
				'RollingUpdate',
			]),
		);
	errors.push(...notNegative(spec, 'spec', 'minReadySeconds', 'revisionHistoryLimit', 'progressDeadlineSeconds'));
	const deadline = number(spec, 'progressDeadlineSeconds');
	if (deadline !== undefined && deadline <= (number(spec, 'minReadySeconds') ?? 0))
		errors.push(invalidValue('spec.progressDeadlineSeconds', deadline, 'must be greater than minReadySeconds'));
	return errors;
};

export const replicaSetErrors = (object: Draft, context: Context): FieldError[] => {
	const spec = sub(object, 'spec');
	return [
		...notNegative(spec, 'spec', 'replicas', 'minReadySeconds'),
		...selectedTemplate(spec, 'ReplicaSet', context),
	];
};

export const controllerErrors = (object: Draft, context: Context): FieldError[] => {
	const spec = sub(object, 'spec');
	return [
		...notNegative(spec, 'spec', 'minReadySeconds'),
		...(isRecord(spec.selector) && Object.keys(spec.selector).length > 0 ? [] : [required('spec.selector')]),
		...notNegative(spec, 'spec', 'replicas'),
		...controllerTemplate(spec, context),
	];
};

export const daemonSetErrors = (object: Draft, context: Context): FieldError[] => {
	const spec = sub(object, 'spec');
	const errors = daemonTemplate(spec, context);
	const strategy = sub(spec, 'updateStrategy');
	if (strategy.type === 'RollingUpdate')
		errors.push(...rollingDaemons(sub(strategy, 'rollingUpdate'), 'spec.updateStrategy.rollingUpdate'));
	else if (strategy.type !== 'OnDelete')
		errors.push(
			unknownStrategy(strategy, 'spec.updateStrategy', 'DaemonSetUpdateStrategy', 'RollingUpdateDaemonSet', [
				'RollingUpdate',
				'OnDelete',
			]),
		);
	return [...errors, ...notNegative(spec, 'spec', 'minReadySeconds', 'revisionHistoryLimit')];
};

const KEPT = ['Retain', 'Delete'];

export const statefulSetErrors = (object: Draft, context: Context): FieldError[] => {
	const spec = sub(object, 'spec');
	const errors: FieldError[] = [];
	const { podManagementPolicy: policy } = spec;
	if (policy !== 'OrderedReady' && policy !== 'Parallel')
		errors.push(invalidValue('spec.podManagementPolicy', policy, "must be 'OrderedReady' or 'Parallel'"));
	const strategy = sub(spec, 'updateStrategy');
	const rolling = 'spec.updateStrategy.rollingUpdate';
	if (strategy.type === 'OnDelete') {
		if (isRecord(strategy.rollingUpdate))
			errors.push(
				goStruct(rolling, 'apps.RollingUpdateStatefulSetStrategy', "only allowed for updateStrategy 'RollingUpdate'"),
			);
	} else if (strategy.type === 'RollingUpdate')
		errors.push(...notNegative(sub(strategy, 'rollingUpdate'), rolling, 'partition'));
	else
		errors.push(
			goStruct('spec.updateStrategy', 'apps.StatefulSetUpdateStrategy', "must be 'RollingUpdate' or 'OnDelete'"),
		);
	const kept = 'spec.persistentVolumeClaimRetentionPolicy';
	for (const key of ['whenDeleted', 'whenScaled'])
		errors.push(...oneOf(`${kept}.${key}`, sub(spec, 'persistentVolumeClaimRetentionPolicy')[key], KEPT));
	return [
		...errors,
		...notNegative(spec, 'spec', 'replicas', 'minReadySeconds'),
		...notNegative(sub(spec, 'ordinals'), 'spec.ordinals', 'start'),
		...selectedTemplate(spec, 'StatefulSet', context),
	];
};

/** ValidatePodDisruptionBudgetSpec() */
export const budgetErrors = (object: Draft, context: Context): FieldError[] => {
	const spec = sub(object, 'spec');
	const errors: FieldError[] = [];
	if (spec.minAvailable !== undefined && spec.maxUnavailable !== undefined)
		errors.push(
			goStruct('spec', 'policy.PodDisruptionBudgetSpec', 'minAvailable and maxUnavailable cannot be both set'),
		);
	for (const key of ['minAvailable', 'maxUnavailable'])
		errors.push(...share(spec[key], `spec.${key}`), ...notMoreThanAll(spec[key], `spec.${key}`));
	errors.push(...selectorErrors(spec.selector, 'spec.selector', context));
	const policy = spec.unhealthyPodEvictionPolicy;
	const known = ['AlwaysAllow', 'IfHealthyBudget'];
	if (policy !== undefined && !known.includes(String(policy)))
		errors.push(notSupported('spec.unhealthyPodEvictionPolicy', policy, known));
	return errors;
};
