/** Containers. Source: kubernetes pkg/apis/core/validation/validation.go validateContainers() @ v1.24.0. */
import { type Draft, isRecord, number, sub, subs, text, texts } from '../json.ts';
import { qualifiedNameErrors } from '../selector.ts';
import { type FieldError, fieldForbidden, invalidValue, notSupported, required } from '../status.ts';
import { portNameErrors, quantity } from '../strategies/pod-validate.ts';
import type { Context } from '../strategy.ts';

/** A Go struct in a message: all its fields, those that are not set too, and addresses of memory. */
export const goStruct = (field: string, type: string, why: string): FieldError => ({
	field,
	message: `Invalid value: ${type}{(the simulator leaves out what stands here)}: ${why}`,
});

const HANDLERS = ['exec', 'httpGet', 'tcpSocket', 'grpc'];

const handler = (of: unknown, field: string): FieldError[] => {
	if (!isRecord(of)) return [];
	const [first, ...more] = HANDLERS.filter((key) => isRecord(of[key]));
	const errors = more.map((key) => fieldForbidden(`${field}.${key}`, 'may not specify more than 1 handler type'));
	if (first === 'exec' && texts(of, 'exec', 'command').length === 0) errors.push(required(`${field}.exec.command`));
	if (first !== 'httpGet' && first !== 'tcpSocket') return errors;
	const port = sub(of, first).port;
	if (typeof port === 'string')
		errors.push(...portNameErrors(port).map((why) => invalidValue(`${field}.${first}.port`, port, why)));
	const scheme = sub(of, first).scheme;
	if (scheme !== undefined && scheme !== 'HTTP' && scheme !== 'HTTPS')
		errors.push(notSupported(`${field}.${first}.scheme`, scheme, ['HTTP', 'HTTPS']));
	return errors;
};

const probes = (container: Draft, field: string): FieldError[] => {
	const errors: FieldError[] = [];
	for (const name of ['livenessProbe', 'readinessProbe', 'startupProbe']) {
		errors.push(...handler(container[name], `${field}.${name}`));
		const threshold = number(container, name, 'successThreshold') ?? 1;
		if (name !== 'readinessProbe' && threshold > 1)
			errors.push(invalidValue(`${field}.${name}.successThreshold`, threshold, 'must be 1'));
	}
	for (const name of ['postStart', 'preStop']) {
		const hook = sub(container, 'lifecycle')[name];
		const here = `${field}.lifecycle.${name}`;
		if (isRecord(hook) && ![...HANDLERS, 'sleep'].some((key) => isRecord(hook[key])))
			errors.push(required(here, 'must specify a handler type'));
		errors.push(...handler(hook, here));
	}
	return errors;
};

const mounts = (container: Draft, field: string): FieldError[] => {
	const errors: FieldError[] = [];
	const seen = new Set<string>();
	for (const [i, mount] of subs(container, 'volumeMounts').entries()) {
		const path = text(mount, 'mountPath') ?? '';
		if (seen.has(path)) errors.push(invalidValue(`${field}.volumeMounts[${i}].mountPath`, path, 'must be unique'));
		seen.add(path);
		for (const key of ['subPath', 'subPathExpr']) {
			const sub = text(mount, key) ?? '';
			// The path of the error has no index upstream.
			const here = `${field}.volumeMounts.${key}`;
			if (sub.startsWith('/')) errors.push(invalidValue(here, sub, 'must be a relative path'));
			if (sub.split('/').includes('..')) errors.push(invalidValue(here, sub, "must not contain '..'"));
		}
	}
	return errors;
};

/** What a container may ask for by a name without a domain (pkg/apis/core/helper IsStandardContainerResourceName). */
const RESOURCE = /^(cpu|memory|ephemeral-storage|hugepages-.+)$/;
/** All names of resources without a domain (IsStandardResourceName). */
const STANDARD =
	/^(((requests\.|limits\.)?(cpu|memory|ephemeral-storage))|(requests\.)?(storage|hugepages-.+)|pods|resourcequotas|services(\.nodeports|\.loadbalancers)?|replicationcontrollers|secrets|configmaps|persistentvolumeclaims)$/;

/** validateResourceName(): a name without a domain is one of the known. */
export const resourceName = (name: string, field: string): FieldError[] => {
	const wrong = qualifiedNameErrors(name).map((why) => invalidValue(field, name, why));
	if (wrong.length > 0 || name.includes('/') || STANDARD.test(name)) return wrong;
	return [invalidValue(field, name, 'must be a standard resource type or fully qualified')];
};

export const notBelowZero = (value: unknown, field: string): FieldError[] =>
	(quantity(value) ?? 0) < 0 ? [invalidValue(field, String(value), 'must be greater than or equal to 0')] : [];

const resources = (container: Draft, field: string): FieldError[] => {
	const errors: FieldError[] = [];
	const limits = sub(container, 'resources', 'limits');
	for (const list of ['limits', 'requests'])
		for (const [name, value] of Object.entries(sub(container, 'resources', list))) {
			const here = `${field}.resources.${list}[${name}]`;
			errors.push(...resourceName(name, here));
			if (!name.includes('/') && !RESOURCE.test(name))
				errors.push(invalidValue(here, name, 'must be a standard resource for containers'));
			errors.push(...notBelowZero(value, here));
			// Devices and huge pages are not lent twice.
			const whole = name.startsWith('hugepages-') || (name.includes('/') && !/^(.*\.)?kubernetes\.io\//.test(name));
			if (!whole || list === 'limits') continue;
			if (limits[name] === undefined)
				errors.push(required(`${field}.resources.limits`, 'Limit must be set for non overcommitable resources'));
			else if ((quantity(value) ?? 0) < (quantity(limits[name]) ?? 0))
				errors.push(invalidValue(`${field}.resources.requests`, String(value), `must be equal to ${name} limit`));
		}
	return errors;
};

const SOURCES = ['fieldRef', 'resourceFieldRef', 'configMapKeyRef', 'secretKeyRef'];
const FIELDS =
	/^(metadata\.(annotations|labels|name|namespace|uid)|spec\.(nodeName|restartPolicy|serviceAccountName|schedulerName|host)|status\.(phase|hostIPs?|podIPs?)|metadata\.(annotations|labels)\[.*\])$/;

const fieldPath = (path: string, field: string, { minor }: Context): FieldError[] => {
	if (!FIELDS.test(path))
		return [invalidValue(`${field}.fieldPath`, path, `error converting fieldPath: field label not supported: ${path}`)];
	const known = [
		...['metadata.name', 'metadata.namespace', 'metadata.uid', 'spec.nodeName', 'spec.serviceAccountName'],
		// PodHostIPs, on by default from 1.29.
		...['status.hostIP', ...(minor >= 29 ? ['status.hostIPs'] : []), 'status.podIP', 'status.podIPs'],
	];
	return path.includes('[') || known.includes(path) ? [] : [notSupported(`${field}.fieldPath`, path, known)];
};

const environment = (container: Draft, field: string, context: Context): FieldError[] => {
	const errors: FieldError[] = [];
	for (const [i, variable] of subs(container, 'env').entries()) {
		if (!isRecord(variable.valueFrom)) continue;
		const here = `${field}.env[${i}].valueFrom`;
		const from = variable.valueFrom;
		const given = SOURCES.filter((source) => isRecord(from[source]));
		const path = text(from, 'fieldRef', 'fieldPath');
		if (path) errors.push(...fieldPath(path, `${here}.fieldRef`, context));
		if (given.length === 0)
			errors.push(
				invalidValue(
					here,
					'',
					'must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`',
				),
			);
		else if (variable.value) errors.push(invalidValue(here, '', 'may not be specified when `value` is not empty'));
		else if (given.length > 1)
			errors.push(invalidValue(here, '', 'may not have more than one field specified at a time'));
	}
	for (const [i, from] of subs(container, 'envFrom').entries()) {
		const given = ['configMapRef', 'secretRef'].filter((source) => isRecord(from[source]));
		for (const source of given)
			if (!sub(from, source).name) errors.push(required(`${field}.envFrom[${i}].${source}.name`));
		if (given.length === 0)
			errors.push(invalidValue(`${field}.envFrom`, '', 'must specify one of: `configMapRef` or `secretRef`'));
		else if (given.length > 1)
			errors.push(invalidValue(`${field}.envFrom`, '', 'may not have more than one field specified at a time'));
	}
	return errors;
};

const ID_TEXT = 'must be between 0 and 2147483647, inclusive';

/** Numbers of users and groups. */
export const idErrors = (context: Draft, field: string): FieldError[] =>
	['runAsUser', 'runAsGroup', 'fsGroup']
		.map((key) => [key, number(context, key) ?? 0] as const)
		.filter(([, id]) => id < 0 || id > 2 ** 31 - 1)
		.map(([key, id]) => invalidValue(`${field}.${key}`, id, ID_TEXT));

const PROFILES = ['Localhost', 'RuntimeDefault', 'Unconfined'];

/** validateSeccompProfileField() */
export const seccompErrors = (context: Draft, field: string): FieldError[] => {
	const profile = context.seccompProfile;
	if (!isRecord(profile)) return [];
	const here = `${field}.seccompProfile`;
	const type = text(profile, 'type') ?? '';
	if (type === '') return [required(`${here}.type`, 'type is required when seccompProfile is set')];
	if (!PROFILES.includes(type)) return [notSupported(`${here}.type`, type, PROFILES)];
	return type === 'Localhost' && profile.localhostProfile === undefined
		? [required(`${here}.localhostProfile`, 'must be set when seccomp type is Localhost')]
		: [];
};

const security = (container: Draft, field: string): FieldError[] => {
	const context = sub(container, 'securityContext');
	const errors = [...idErrors(context, field), ...seccompErrors(context, field)];
	if (context.allowPrivilegeEscalation !== false) return errors;
	const why = 'cannot set `allowPrivilegeEscalation` to false and';
	if (context.privileged === true)
		errors.push(goStruct(field, 'core.SecurityContext', `${why} \`privileged\` to true`));
	if (texts(context, 'capabilities', 'add').includes('CAP_SYS_ADMIN'))
		errors.push(goStruct(field, 'core.SecurityContext', `${why} \`capabilities.Add\` CAP_SYS_ADMIN`));
	return errors;
};

/** One container at a field path. */
export const containerErrors = (container: Draft, field: string, context: Context): FieldError[] => [
	...environment(container, field, context),
	...mounts(container, field),
	...probes(container, field),
	...resources(container, field),
	...security(container, `${field}.securityContext`),
];
