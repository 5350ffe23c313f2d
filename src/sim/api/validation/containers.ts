/**
 * Containers of pods. Source: kubernetes pkg/apis/core/validation/validation.go validateContainers(),
 * validateInitContainers(), validateEphemeralContainers() @ v1.24.0 and @ v1.29.0.
 */
import { type Draft, isEmpty, isRecord, subs, text } from '../json.ts';
import {
	duplicate,
	type FieldError,
	fieldForbidden,
	invalidValue,
	notFoundValue,
	notSupported,
	required,
} from '../status.ts';
import type { Context } from '../strategy.ts';
import { portNameErrors } from '../values.ts';
import { environmentErrors } from './environment.ts';
import { goStruct, named, oneOf, portNumber } from './parts.ts';
import { probeErrors } from './probes.ts';
import { requirementErrors, resizeErrors } from './resources.ts';
import { contextErrors } from './security.ts';
import { mountErrors, type Volumes } from './volumes.ts';

const PROTOCOLS = ['SCTP', 'TCP', 'UDP'];

const portErrors = (container: Draft, field: string): FieldError[] => {
	const errors: FieldError[] = [];
	const names = new Set<string>();
	for (const [i, port] of subs(container, 'ports').entries()) {
		const here = `${field}.ports[${i}]`;
		const name = text(port, 'name');
		if (name) {
			const faults = portNameErrors(name);
			for (const why of faults) errors.push(invalidValue(`${here}.name`, name, why));
			if (faults.length === 0 && names.has(name)) errors.push(duplicate(`${here}.name`, name));
			names.add(name);
		}
		if (!port.containerPort) errors.push(required(`${here}.containerPort`));
		else errors.push(...portNumber(port.containerPort, `${here}.containerPort`));
		if (port.hostPort) errors.push(...portNumber(port.hostPort, `${here}.hostPort`));
		errors.push(...oneOf(`${here}.protocol`, port.protocol, PROTOCOLS));
	}
	return errors;
};

const PULL = ['Always', 'IfNotPresent', 'Never'];
const MESSAGES = ['File', 'FallbackToLogsOnError'];

/** What holds for the containers of a pod, whichever they are. */
export interface Surrounding {
	readonly volumes: Volumes;
	readonly restart: unknown;
	/** Of its host, which is how it is unless somebody says otherwise. */
	readonly users: boolean;
	/** Seconds a pod has to end. */
	readonly grace: number;
	readonly context: Context;
}

const messagePolicy = (container: Draft, field: string, minor: number): FieldError[] => {
	const policy = container.terminationMessagePolicy ?? 'File';
	if (MESSAGES.includes(String(policy))) return [];
	return [
		minor < 25
			? invalidValue(field, policy, "must be 'File' or 'FallbackToLogsOnError'")
			: notSupported(field, policy, MESSAGES),
	];
};

/** validateContainerCommon() */
const common = (container: Draft, field: string, around: Surrounding): FieldError[] => {
	const { context, volumes, users, restart } = around;
	const name = text(container, 'name') ?? '';
	return [
		...(name === '' ? [required(`${field}.name`)] : named(name, `${field}.name`, 'label')),
		...(text(container, 'image') ? [] : [required(`${field}.image`)]),
		...messagePolicy(container, `${field}.terminationMessagePolicy`, context.minor),
		...portErrors(container, field),
		...environmentErrors(container, field, context),
		...mountErrors(container, field, volumes),
		...oneOf(`${field}.imagePullPolicy`, container.imagePullPolicy, PULL),
		...(isRecord(container.resources) ? requirementErrors(container.resources, `${field}.resources`, context) : []),
		...resizeErrors(container, `${field}.resizePolicy`, restart),
		...contextErrors(container, `${field}.securityContext`, users, context),
	];
};

const hostPorts = (containers: readonly Draft[], field: (i: number) => string): FieldError[] => {
	const errors: FieldError[] = [];
	const seen = new Set<string>();
	for (const [i, container] of containers.entries())
		for (const [j, port] of subs(container, 'ports').entries()) {
			if (!port.hostPort) continue;
			const key = `${port.protocol}/${port.hostIP ?? ''}/${port.hostPort}`;
			if (seen.has(key)) errors.push(duplicate(`${field(i)}.ports[${j}].hostPort`, key));
			seen.add(key);
		}
	return errors;
};

export const containersErrors = (spec: Draft, field: string, around: Surrounding): FieldError[] => {
	const containers = subs(spec, 'containers');
	if (containers.length === 0) return [required(field)];
	const errors: FieldError[] = [];
	const names = new Set<unknown>();
	for (const [i, container] of containers.entries()) {
		const here = `${field}[${i}]`;
		errors.push(...common(container, here, around));
		if (names.has(container.name)) errors.push(duplicate(`${here}.name`, container.name));
		names.add(container.name);
		errors.push(...probeErrors(container, here, around.grace, around.context));
		if (container.restartPolicy !== undefined && around.context.minor >= 29)
			errors.push(fieldForbidden(`${here}.restartPolicy`, 'may not be set for non-init containers'));
	}
	return [...errors, ...hostPorts(containers, (i) => `${field}[${i}]`)];
};

const PROBES = ['lifecycle', 'livenessProbe', 'readinessProbe', 'startupProbe'];

/** Init containers run to their end, unless they are sidecars. */
const untilTheEnd = (container: Draft, field: string, { minor }: Context): FieldError[] =>
	PROBES.filter((key) => isRecord(container[key])).map((key) =>
		minor >= 28
			? fieldForbidden(`${field}.${key}`, 'may not be set for init containers without restartPolicy=Always')
			: goStruct(
					`${field}.${key}`,
					key === 'lifecycle' ? 'core.Lifecycle' : 'core.Probe',
					'must not be set for init containers',
				),
	);

export const initErrors = (spec: Draft, field: string, around: Surrounding): FieldError[] => {
	const { context, grace } = around;
	const errors: FieldError[] = [];
	const names = new Set(subs(spec, 'containers').map(({ name }) => name));
	for (const [i, container] of subs(spec, 'initContainers').entries()) {
		const here = `${field}[${i}]`;
		errors.push(...common(container, here, around));
		errors.push(...oneOf(`${here}.restartPolicy`, container.restartPolicy, ['Always']));
		if (names.has(container.name)) errors.push(duplicate(`${here}.name`, container.name));
		else if (container.name) names.add(container.name);
		// They run one after the other; the path has the index of the first.
		errors.push(...hostPorts([container], () => `${field}[0]`));
		if (container.restartPolicy === 'Always') errors.push(...probeErrors(container, here, grace, context));
		else errors.push(...untilTheEnd(container, here, context));
	}
	return errors;
};

/** Fields of a container that would outlive or change the pod. */
const DISALLOWED = [
	'ports',
	'resources',
	'resizePolicy',
	'restartPolicy',
	'livenessProbe',
	'readinessProbe',
	'startupProbe',
	'lifecycle',
];

export const ephemeralErrors = (spec: Draft, field: string, around: Surrounding): FieldError[] => {
	const errors: FieldError[] = [];
	const targets = new Set([...subs(spec, 'containers'), ...subs(spec, 'initContainers')].map(({ name }) => name));
	const names = new Set(targets);
	for (const [i, container] of subs(spec, 'ephemeralContainers').entries()) {
		const here = `${field}[${i}]`;
		errors.push(...common(container, here, around), ...imageErrors(container, here));
		if (names.has(container.name)) errors.push(duplicate(`${here}.name`, container.name));
		names.add(container.name);
		const target = text(container, 'targetContainerName') ?? '';
		if (target !== '' && !targets.has(target)) errors.push(notFoundValue(`${here}.targetContainerName`, target));
		const words = 'cannot be set for an Ephemeral Container';
		for (const key of DISALLOWED) if (!isEmpty(container[key])) errors.push(fieldForbidden(`${here}.${key}`, words));
		for (const [j, mount] of subs(container, 'volumeMounts').entries())
			for (const key of ['subPath', 'subPathExpr'])
				if (mount[key]) errors.push(fieldForbidden(`${here}.volumeMounts[${j}].${key}`, words));
	}
	return errors;
};

/** validateContainersOnlyForPod(): templates may have such images. */
export const imageErrors = (container: Draft, field: string): FieldError[] => {
	const image = text(container, 'image') ?? '';
	return image === image.trim()
		? []
		: [invalidValue(`${field}.image`, image, 'must not have leading or trailing whitespace')];
};
