/** Pods and their templates. Source: kubernetes pkg/apis/core/validation/validation.go ValidatePodSpec() @ v1.24.0. */
import { type Draft, isRecord, number, sub, subs, text } from '../json.ts';
import { nameErrors } from '../meta.ts';
import { duplicate, type FieldError, fieldForbidden, invalidValue, required } from '../status.ts';
import type { Context } from '../strategy.ts';
import { containerErrors, goStruct, idErrors, seccompErrors } from './containers.ts';
import { schedulingErrors } from './scheduling.ts';

const PROBES = ['livenessProbe', 'readinessProbe', 'startupProbe'];

/** Init containers run to their end, unless they are sidecars. */
const initErrors = (container: Draft, field: string, { minor }: Context): FieldError[] =>
	container.restartPolicy === 'Always'
		? []
		: ['lifecycle', ...PROBES]
				.filter((key) => isRecord(container[key]))
				.map((key) =>
					minor >= 28
						? fieldForbidden(`${field}.${key}`, 'may not be set for init containers without restartPolicy=Always')
						: goStruct(
								`${field}.${key}`,
								key === 'lifecycle' ? 'core.Lifecycle' : 'core.Probe',
								'must not be set for init containers',
							),
				);

const hostPorts = (spec: Draft, field: string): FieldError[] => {
	const errors: FieldError[] = [];
	const seen = new Set<string>();
	for (const [i, container] of subs(spec, 'containers').entries())
		for (const [j, port] of subs(container, 'ports').entries()) {
			if (!port.hostPort) continue;
			const here = `${field}.containers[${i}].ports[${j}].hostPort`;
			const key = `${port.protocol}/${port.hostIP ?? ''}/${port.hostPort}`;
			if (seen.has(key)) errors.push(duplicate(here, key));
			seen.add(key);
			if (spec.hostNetwork === true && port.hostPort !== port.containerPort)
				errors.push(invalidValue(here, port.hostPort, 'must match `containerPort` when `hostNetwork` is true'));
		}
	return errors;
};

/** Names that a source of a volume does not do without. */
const NAMES: Readonly<Record<string, string>> = {
	configMap: 'name',
	secret: 'secretName',
	persistentVolumeClaim: 'claimName',
	hostPath: 'path',
};

const volumes = (spec: Draft, field: string): FieldError[] => {
	const errors: FieldError[] = [];
	for (const [i, volume] of subs(spec, 'volumes').entries()) {
		const here = `${field}.volumes[${i}]`;
		for (const [source, name] of Object.entries(NAMES))
			if (isRecord(volume[source]) && !text(volume, source, name)) errors.push(required(`${here}.${source}.${name}`));
		const path = text(volume, 'hostPath', 'path') ?? '';
		if (path.split('/').includes('..'))
			errors.push(invalidValue(`${here}.hostPath.path`, path, "must not contain '..'"));
		for (const source of ['configMap', 'secret', 'projected', 'downwardAPI']) {
			const mode = number(volume, source, 'defaultMode') ?? 0;
			if (mode < 0 || mode > 0o777)
				errors.push(
					invalidValue(
						`${here}.${source}.defaultMode`,
						mode,
						'must be a number between 0 and 0777 (octal), both inclusive',
					),
				);
		}
	}
	return errors;
};

/** A pod's spec at a field path. */
export const podErrors = (spec: Draft, field: string, context: Context): FieldError[] => {
	const errors = volumes(spec, field);
	for (const [i, container] of subs(spec, 'containers').entries())
		errors.push(...containerErrors(container, `${field}.containers[${i}]`, context));
	for (const [i, container] of subs(spec, 'initContainers').entries()) {
		const here = `${field}.initContainers[${i}]`;
		errors.push(...containerErrors(container, here, context), ...initErrors(container, here, context));
	}
	errors.push(...hostPorts(spec, field), ...schedulingErrors(spec, field));
	const shared = sub(spec, 'securityContext');
	errors.push(...idErrors(shared, `${field}.securityContext`), ...seccompErrors(shared, `${field}.securityContext`));
	for (const key of ['hostname', 'subdomain']) {
		const name = text(spec, key);
		if (name) errors.push(...nameErrors(name, 'label').map((why) => invalidValue(`${field}.${key}`, name, why)));
	}
	const deadline = number(spec, 'activeDeadlineSeconds');
	if (deadline !== undefined && (deadline < 1 || deadline > 2 ** 31 - 1))
		errors.push(
			invalidValue(`${field}.activeDeadlineSeconds`, deadline, 'must be between 1 and 2147483647, inclusive'),
		);
	return errors;
};
