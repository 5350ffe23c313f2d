/**
 * Volumes of pods and how containers have them. Source: kubernetes pkg/apis/core/validation/validation.go
 * ValidateVolumes(), ValidateVolumeMounts(), ValidateVolumeDevices() @ v1.24.0.
 */
import { type Draft, isRecord, number, sub, subs, text } from '../json.ts';
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
import { quantity } from '../values.ts';
import { claimSpecErrors } from './claims.ts';
import { FILE_FIELDS, fieldRefErrors, resourceRefErrors } from './environment.ts';
import { fileMode, named, noBacksteps, oneOf, ownPath, pathBelow } from './parts.ts';
import { SHARED, SIMPLE } from './volume-sources.ts';

/** By name: whether it is a claim, which may be had as a device. */
export type Volumes = ReadonlyMap<string, boolean>;

const keyToPath = (item: Draft, field: string): FieldError[] => {
	const path = text(item, 'path') ?? '';
	return [
		...(text(item, 'key') ? [] : [required(`${field}.key`)]),
		...(path === '' ? [required(`${field}.path`)] : []),
		...ownPath(path, `${field}.path`),
		...fileMode(item, 'mode', field),
	];
};

const keys = (of: Draft, field: string, name: string): FieldError[] => [
	...(text(of, name) ? [] : [required(`${field}.${name}`)]),
	...fileMode(of, 'defaultMode', field),
	...subs(of, 'items').flatMap((item, i) => keyToPath(item, `${field}.items[${i}]`)),
];

/** Upstream gives these files no index. */
const downwardFile = (file: Draft, field: string): FieldError[] => {
	const path = text(file, 'path') ?? '';
	const errors = [...(path === '' ? [required(`${field}.path`)] : []), ...ownPath(path, `${field}.path`)];
	if (isRecord(file.fieldRef)) {
		errors.push(...fieldRefErrors(file.fieldRef, `${field}.fieldRef`, FILE_FIELDS));
		if (isRecord(file.resourceFieldRef))
			errors.push(invalidValue(field, 'resource', 'fieldRef and resourceFieldRef can not be specified simultaneously'));
	} else if (isRecord(file.resourceFieldRef))
		errors.push(...resourceRefErrors(file.resourceFieldRef, `${field}.resourceFieldRef`, true));
	else errors.push(required(field, 'one of fieldRef and resourceFieldRef is required'));
	return [...errors, ...fileMode(file, 'mode', field)];
};

const MINUTES = 'may not specify a duration less than 10 minutes';

const token = (of: Draft, field: string, projected: string, { minor }: Context): FieldError[] => {
	const seconds = number(of, 'expirationSeconds') ?? 3600;
	const path = text(of, 'path') ?? '';
	return [
		...(seconds < 600 ? [invalidValue(`${field}.expirationSeconds`, seconds, MINUTES)] : []),
		...(seconds > 2 ** 32
			? [invalidValue(`${field}.expirationSeconds`, seconds, 'may not specify a duration larger than 2^32 seconds')]
			: []),
		...(path === '' ? [required(`${projected}.path`)] : minor >= 29 ? ownPath(path, `${projected}.path`) : []),
	];
};

const projected = (of: Draft, field: string, context: Context): FieldError[] => {
	const errors = fileMode(of, 'defaultMode', field);
	const seen = new Set<string>();
	const taken = (path: string, value: unknown): void => {
		if (path === '') return;
		if (seen.has(path)) errors.push(invalidValue(field, value, 'conflicting duplicate paths'));
		seen.add(path);
	};
	for (const [i, source] of subs(of, 'sources').entries()) {
		const here = `${field}.sources[${i}]`;
		let count = 0;
		for (const kind of ['secret', 'configMap']) {
			if (!isRecord(source[kind])) continue;
			count++;
			const name = text(source, kind, 'name') ?? '';
			if (name === '') errors.push(required(`${here}.${kind}.name`));
			for (const [j, item] of subs(source, kind, 'items').entries()) {
				errors.push(...keyToPath(item, `${here}.${kind}.items[${j}]`));
				taken(text(item, 'path') ?? '', name);
			}
		}
		if (isRecord(source.downwardAPI)) {
			count++;
			for (const file of subs(source, 'downwardAPI', 'items')) {
				errors.push(...downwardFile(file, `${here}.downwardAPI`));
				taken(text(file, 'path') ?? '', text(file, 'path'));
			}
		}
		if (isRecord(source.serviceAccountToken)) {
			count++;
			errors.push(...token(source.serviceAccountToken, `${here}.serviceAccountToken`, field, context));
		}
		if (count > 1) errors.push(fieldForbidden(here, 'may not specify more than 1 volume type'));
	}
	return errors;
};

const ephemeral = (of: Draft, field: string, context: Context): FieldError[] => {
	const here = `${field}.volumeClaimTemplate`;
	if (!isRecord(of.volumeClaimTemplate)) return [required(here)];
	const meta = sub(of, 'volumeClaimTemplate', 'metadata');
	return [
		...Object.keys(meta)
			.filter((key) => !['annotations', 'labels', 'creationTimestamp'].includes(key))
			.map((key) => fieldForbidden(`${here}.metadata.${key}`, 'cannot be set')),
		...claimSpecErrors(sub(of, 'volumeClaimTemplate', 'spec'), `${here}.spec`, context),
	];
};

/** In the order in which they are looked at: validateVolumeSource(). */
const SOURCES =
	'emptyDir hostPath gitRepo gcePersistentDisk awsElasticBlockStore secret nfs iscsi glusterfs flocker persistentVolumeClaim rbd cinder cephfs quobyte downwardAPI fc flexVolume configMap azureFile vsphereVolume photonPersistentDisk portworxVolume azureDisk storageos projected scaleIO csi ephemeral image'.split(
		' ',
	);
/** Upstream's own spellings in two of its paths. */
const TOLD: Readonly<Record<string, string>> = { cephfs: 'cephFS', downwardAPI: 'downwarAPI' };

const source = (kind: string, of: Draft, field: string, context: Context): FieldError[] => {
	switch (kind) {
		case 'emptyDir':
			return (quantity(of.sizeLimit ?? '0') ?? 0) < 0
				? [fieldForbidden(`${field}.sizeLimit`, 'SizeLimit field must be a valid resource quantity')]
				: [];
		case 'secret':
			return keys(of, field, 'secretName');
		case 'configMap':
			return keys(of, field, 'name');
		case 'downwardAPI':
			return [...fileMode(of, 'defaultMode', field), ...subs(of, 'items').flatMap((file) => downwardFile(file, field))];
		case 'projected':
			return projected(of, field, context);
		case 'ephemeral':
			return ephemeral(of, field, context);
		case 'image':
			return text(of, 'reference') ? [] : [required(`${field}.reference`)];
		default:
			return (SIMPLE[kind] ?? SHARED[kind])?.(of, field) ?? [];
	}
};

/** Names of PersistentVolumeClaims that ephemeral volumes make are their pod's and theirs. */
const madeClaim = (pod: string, name: string, field: string): FieldError[] => {
	if (pod === '' || name === '') return [];
	const claim = `${pod}-${name}`;
	return named(claim, field).map((error) => ({
		field,
		message: error.message.replace(`Invalid value: "${claim}": `, `Invalid value: "${name}": PVC name "${claim}": `),
	}));
};

/** All volumes of a pod's spec, and those in which nothing is wrong: only they can be mounted. */
export const volumeErrors = (
	spec: Draft,
	field: string,
	pod: string,
	context: Context,
): { readonly errors: readonly FieldError[]; readonly volumes: Map<string, boolean> } => {
	const errors: FieldError[] = [];
	const volumes = new Map<string, boolean>();
	const made = subs(spec, 'volumes')
		.filter((volume) => isRecord(volume.ephemeral))
		.map((volume) => `${pod}-${String(volume.name)}`);
	for (const [i, volume] of subs(spec, 'volumes').entries()) {
		const here = `${field}[${i}]`;
		const name = text(volume, 'name') ?? '';
		const [first, ...more] = SOURCES.filter((kind) => isRecord(volume[kind]));
		const faults =
			first === undefined
				? [required(here, 'must specify a volume type')]
				: source(first, volume[first] as Draft, `${here}.${first}`, context);
		for (const kind of more)
			faults.push(fieldForbidden(`${here}.${TOLD[kind] ?? kind}`, 'may not specify more than 1 volume type'));
		if (first === 'ephemeral') faults.push(...madeClaim(pod, name, `${here}.name`));
		faults.push(...(name === '' ? [required(`${here}.name`)] : named(name, `${here}.name`, 'label')));
		if (volumes.has(name)) faults.push(duplicate(`${here}.name`, name));
		if (faults.length === 0) volumes.set(name, first === 'persistentVolumeClaim' || first === 'ephemeral');
		errors.push(...faults);
		const claim = text(volume, 'persistentVolumeClaim', 'claimName') ?? '';
		if (pod !== '' && made.includes(claim))
			errors.push(
				invalidValue(
					`${here}.persistentVolumeClaim.claimName`,
					claim,
					'must not reference a PVC that gets created for an ephemeral volume',
				),
			);
	}
	return { errors, volumes };
};

const PROPAGATIONS = ['Bidirectional', 'HostToContainer', 'None'];
const READ_ONLY = ['Disabled', 'Enabled', 'IfPossible'];

/** validateMountRecursiveReadOnly() @ v1.30.0 */
const recursive = (mount: Draft, field: string): FieldError[] => {
	const value = text(mount, 'recursiveReadOnly');
	if (value === undefined || value === 'Disabled') return [];
	if (!READ_ONLY.includes(value)) return [notSupported(field, value, READ_ONLY)];
	return [
		...(mount.readOnly === true ? [] : [fieldForbidden(field, 'may only be specified when readOnly is true')]),
		...(mount.mountPropagation === undefined || mount.mountPropagation === 'None'
			? []
			: [fieldForbidden(field, 'may only be specified when mountPropagation is None or not specified')]),
	];
};

/** Mounts and devices of a container. Paths without an index are upstream's. */
export const mountErrors = (container: Draft, field: string, volumes: Volumes): FieldError[] => {
	const errors: FieldError[] = [];
	const [mounts, devices] = [subs(container, 'volumeMounts'), subs(container, 'volumeDevices')];
	const at = `${field}.volumeMounts`;
	const paths = new Set<string>();
	for (const [i, mount] of mounts.entries()) {
		const here = `${at}[${i}]`;
		const [name, path] = [text(mount, 'name') ?? '', text(mount, 'mountPath') ?? ''];
		if (name === '') errors.push(required(`${here}.name`));
		if (!volumes.has(name)) errors.push(notFoundValue(`${here}.name`, name));
		if (path === '') errors.push(required(`${here}.mountPath`));
		if (paths.has(path)) errors.push(invalidValue(`${here}.mountPath`, path, 'must be unique'));
		paths.add(path);
		if (devices.some((device) => device.name === name))
			errors.push(invalidValue(`${here}.name`, name, 'must not already exist in volumeDevices'));
		if (devices.some((device) => device.devicePath === path))
			errors.push(invalidValue(`${here}.mountPath`, path, 'must not already exist as a path in volumeDevices'));
		const [part, expression] = [text(mount, 'subPath') ?? '', text(mount, 'subPathExpr') ?? ''];
		if (part !== '') errors.push(...pathBelow(part, `${at}.subPath`));
		if (part !== '' && expression !== '')
			errors.push(invalidValue(`${here}.subPathExpr`, expression, 'subPathExpr and subPath are mutually exclusive'));
		if (expression !== '') errors.push(...pathBelow(expression, `${at}.subPathExpr`));
		errors.push(...oneOf(`${at}.mountPropagation`, mount.mountPropagation, PROPAGATIONS));
		if (mount.mountPropagation === 'Bidirectional' && sub(container, 'securityContext').privileged !== true)
			errors.push(
				fieldForbidden(
					`${at}.mountPropagation`,
					'Bidirectional mount propagation is available only to privileged containers',
				),
			);
		errors.push(...recursive(mount, `${at}.recursiveReadOnly`));
	}
	for (const [i, device] of devices.entries()) {
		const here = `${field}.volumeDevices[${i}]`;
		const [name, path] = [text(device, 'name') ?? '', text(device, 'devicePath') ?? ''];
		if (name === '') errors.push(required(`${here}.name`));
		if (devices.slice(0, i).some((other) => name !== '' && other.name === name))
			errors.push(invalidValue(`${here}.name`, name, 'must be unique'));
		if (volumes.get(name) === false)
			errors.push(
				invalidValue(
					`${here}.name`,
					name,
					'can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode',
				),
			);
		if (!volumes.has(name)) errors.push(notFoundValue(`${here}.name`, name));
		if (path === '') errors.push(required(`${here}.devicePath`));
		if (devices.slice(0, i).some((other) => other.devicePath === path))
			errors.push(invalidValue(`${here}.devicePath`, path, 'must be unique'));
		if (noBacksteps(path, '').length > 0)
			errors.push(invalidValue(`${here}.devicePath`, path, "can not contain backsteps ('..')"));
		if (mounts.some((mount) => mount.name === name))
			errors.push(invalidValue(`${here}.name`, name, 'must not already exist in volumeMounts'));
		if (mounts.some((mount) => mount.mountPath === path))
			errors.push(invalidValue(`${here}.devicePath`, path, 'must not already exist as a path in volumeMounts'));
	}
	return errors;
};
