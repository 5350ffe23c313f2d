/**
 * Security contexts of pods and containers. Source: kubernetes pkg/apis/core/validation/validation.go
 * ValidatePodSecurityContext(), ValidateSecurityContext() @ v1.24.0, ValidateAppArmorProfileField() @ v1.31.0.
 */
import { type Draft, isRecord, number, sub, subs, text, texts } from '../json.ts';
import { duplicate, type FieldError, fieldForbidden, invalidValue, notSupported, required } from '../status.ts';
import type { Context } from '../strategy.ts';
import { goStruct, oneOf, pathBelow } from './parts.ts';

const ID_TEXT = 'must be between 0 and 2147483647, inclusive';

const ids = (of: Draft, field: string, ...keys: readonly string[]): FieldError[] =>
	keys
		.map((key) => [key, number(of, key) ?? 0] as const)
		.filter(([, id]) => id < 0 || id > 2 ** 31 - 1)
		.map(([key, id]) => invalidValue(`${field}.${key}`, id, ID_TEXT));

const PROFILES = ['Localhost', 'RuntimeDefault', 'Unconfined'];

/** validateSeccompProfileField() */
const seccomp = (of: Draft, field: string): FieldError[] => {
	const profile = of.seccompProfile;
	if (!isRecord(profile)) return [];
	const here = `${field}.seccompProfile`;
	const type = text(profile, 'type') ?? '';
	const local = text(profile, 'localhostProfile');
	const errors: FieldError[] = [];
	if (type === '') errors.push(required(`${here}.type`, 'type is required when seccompProfile is set'));
	else if (!PROFILES.includes(type)) errors.push(notSupported(`${here}.type`, type, PROFILES));
	if (type === 'Localhost')
		errors.push(
			...(local === undefined
				? [required(`${here}.localhostProfile`, 'must be set when seccomp type is Localhost')]
				: pathBelow(local, `${here}.localhostProfile`)),
		);
	else if (local !== undefined)
		errors.push(
			goStruct(`${here}.localhostProfile`, 'core.SeccompProfile', 'can only be set when seccomp type is Localhost'),
		);
	return errors;
};

const appArmor = (of: Draft, field: string): FieldError[] => {
	const profile = of.appArmorProfile;
	if (!isRecord(profile)) return [];
	const here = `${field}.appArmorProfile`;
	const type = text(profile, 'type') ?? '';
	const local = text(profile, 'localhostProfile');
	if (type === '') return [required(`${here}.type`, 'type is required when appArmorProfile is set')];
	if (!PROFILES.includes(type)) return [notSupported(`${here}.type`, type, PROFILES)];
	const at = `${here}.localhostProfile`;
	if (type !== 'Localhost')
		return local === undefined ? [] : [invalidValue(at, local, 'can only be set when AppArmor type is Localhost')];
	if (!local) return [required(at, 'must be set when AppArmor type is Localhost')];
	return local.trim() === local ? [] : [invalidValue(at, local, 'must not be padded with whitespace')];
};

/** Of a container, at the path of its context; `users` is whether its pod has users of its host. */
export const contextErrors = (container: Draft, field: string, users: boolean, { minor }: Context): FieldError[] => {
	const context = sub(container, 'securityContext');
	const errors = ids(context, field, 'runAsUser', 'runAsGroup');
	const mount = text(context, 'procMount');
	errors.push(...oneOf(`${field}.procMount`, mount, ['Default', 'Unmasked']));
	if (mount === 'Unmasked' && users && minor >= 29)
		errors.push(invalidValue(`${field}.procMount`, mount, '`hostUsers` must be false to use `Unmasked`'));
	errors.push(...seccomp(context, field));
	if (context.allowPrivilegeEscalation === false) {
		const why = 'cannot set `allowPrivilegeEscalation` to false and';
		if (context.privileged === true)
			errors.push(goStruct(field, 'core.SecurityContext', `${why} \`privileged\` to true`));
		if (texts(context, 'capabilities', 'add').includes('CAP_SYS_ADMIN'))
			errors.push(goStruct(field, 'core.SecurityContext', `${why} \`capabilities.Add\` CAP_SYS_ADMIN`));
	}
	return [...errors, ...appArmor(context, field)];
};

const SYSCTL = '[a-z0-9]([-_a-z0-9]*[a-z0-9])?';
const SYSCTLS = `^(${SYSCTL}[\\./])*${SYSCTL}$`;

/** Which namespace a parameter of the kernel is of (component-helpers node/util/sysctl). */
const sharedWith = (name: string): string | undefined => {
	if (/^(net\.)/.test(name)) return 'hostNetwork';
	return /^(kernel\.(sem|shm|msg)|fs\.mqueue\.)/.test(name) ? 'hostIPC' : undefined;
};

const sysctls = (spec: Draft, field: string, { minor }: Context): FieldError[] => {
	const errors: FieldError[] = [];
	const seen = new Set<string>();
	for (const [i, item] of subs(spec, 'securityContext', 'sysctls').entries()) {
		const here = `${field}[${i}].name`;
		const name = text(item, 'name') ?? '';
		if (name === '') errors.push(required(here));
		else if (name.length > 253 || !new RegExp(SYSCTLS).test(name))
			errors.push(invalidValue(here, name, `must have at most 253 characters and match regex ${SYSCTLS}`));
		else if (seen.has(name)) errors.push(duplicate(here, name));
		const shared = sharedWith(name.replaceAll('/', '.'));
		if (minor >= 31 && shared !== undefined && spec[shared] === true)
			errors.push(invalidValue(here, name, `may not be specified when '${shared}' is true`));
		seen.add(name);
	}
	return errors;
};

/** Of a pod's spec at its path. */
export const podContextErrors = (spec: Draft, field: string, context: Context): FieldError[] => {
	const here = `${field}.securityContext`;
	const shared = sub(spec, 'securityContext');
	const errors = ids(shared, here, 'fsGroup', 'runAsUser', 'runAsGroup');
	const groups = Array.isArray(shared.supplementalGroups) ? shared.supplementalGroups : [];
	for (const [i, id] of groups.entries())
		if (Number(id) < 0 || Number(id) > 2 ** 31 - 1)
			errors.push(invalidValue(`${here}.supplementalGroups[${i}]`, id, ID_TEXT));
	if (spec.shareProcessNamespace === true && spec.hostPID === true)
		errors.push(
			invalidValue(`${here}.shareProcessNamespace`, true, 'ShareProcessNamespace and HostPID cannot both be enabled'),
		);
	errors.push(...sysctls(spec, `${here}.sysctls`, context));
	errors.push(...oneOf(`${here}.fsGroupChangePolicy`, shared.fsGroupChangePolicy, ['Always', 'OnRootMismatch']));
	errors.push(...seccomp(shared, here), ...appArmor(shared, here));
	return [
		...errors,
		...oneOf(`${here}.supplementalGroupsPolicy`, shared.supplementalGroupsPolicy, ['Merge', 'Strict']),
	];
};

/** validateHostUsers() @ v1.30.0: users of one's own go with no other namespace of the host. */
export const hostUserErrors = (spec: Draft, field: string): FieldError[] =>
	spec.hostUsers === false
		? [
				['hostNetwork', 'hostNetwork'],
				['hostPID', 'HostPID'],
				['hostIPC', 'HostIPC'],
			]
				.filter(([key]) => spec[key!] === true)
				.map(([, told]) => fieldForbidden(`${field}.${told}`, 'when `pod.Spec.HostUsers` is false'))
		: [];
