/** What volumes of pods and PersistentVolumes are made of. Source: kubernetes pkg/apis/core/validation/validation.go @ v1.24.0. */
import { type Draft, isRecord, number, sub, text, texts } from '../json.ts';
import { type FieldError, invalidValue, required, tooLong } from '../status.ts';
import { named, noBacksteps, oneOf, pathBelow } from './parts.ts';

export type SourceCheck = (of: Draft, field: string) => FieldError[];

const filled =
	(...keys: readonly string[]): SourceCheck =>
	(of, field) =>
		keys.filter((key) => !text(of, key)).map((key) => required(`${field}.${key}`));

const HOST_TYPES = [
	'',
	'BlockDevice',
	'CharDevice',
	'Directory',
	'DirectoryOrCreate',
	'File',
	'FileOrCreate',
	'Socket',
];

const hostPath: SourceCheck = (of, field) => {
	const path = text(of, 'path') ?? '';
	if (path === '') return [required(`${field}.path`)];
	return [...noBacksteps(path, `${field}.path`), ...oneOf(`${field}.type`, of.type, HOST_TYPES)];
};

const nfs: SourceCheck = (of, field) => {
	const path = text(of, 'path') ?? '';
	return [
		...filled('server', 'path')(of, field),
		...(path.startsWith('/') ? [] : [invalidValue(`${field}.path`, path, 'must be an absolute path')]),
	];
};

const partition: SourceCheck = (of, field) => {
	const value = number(of, 'partition') ?? 0;
	return value >= 0 && value <= 255
		? []
		: [invalidValue(`${field}.partition`, value, 'must be between 1 and 255, inclusive')];
};

const iscsi: SourceCheck = (of, field) => {
	const errors = filled('targetPortal', 'iqn')(of, field);
	const iqn = text(of, 'iqn') ?? '';
	if (iqn !== '' && !/^(iqn|eui|naa)/.test(iqn))
		errors.push(invalidValue(`${field}.iqn`, iqn, 'must be valid format starting with iqn, eui, or naa'));
	const lun = number(of, 'lun') ?? 0;
	if (lun < 0 || lun > 255) errors.push(invalidValue(`${field}.lun`, lun, 'must be between 0 and 255, inclusive'));
	if ((of.chapAuthDiscovery === true || of.chapAuthSession === true) && !isRecord(of.secretRef))
		errors.push(required(`${field}.secretRef`));
	return errors;
};

/** ValidateCSIDriverName() */
export const driverName = (name: string, field: string): FieldError[] => [
	...(name === '' ? [required(field)] : []),
	...(name.length > 63 ? [tooLong(field, 63)] : []),
	...named(name.toLowerCase(), field).map(({ message }) => ({
		field,
		message: message.replace(JSON.stringify(name.toLowerCase()), JSON.stringify(name)),
	})),
];

/** Those of which both have the same. */
export const SHARED: Readonly<Record<string, SourceCheck>> = {
	hostPath,
	nfs,
	iscsi,
	gcePersistentDisk: (of, field) => [
		...filled('pdName')(of, field.replace(/gcePersistentDisk$/, 'persistentDisk')),
		...partition(of, field.replace(/gcePersistentDisk$/, 'persistentDisk')),
	],
	awsElasticBlockStore: (of, field) => [...filled('volumeID')(of, field), ...partition(of, field)],
	glusterfs: filled('endpoints', 'path'),
	cinder: filled('volumeID'),
	azureFile: filled('secretName', 'shareName'),
	azureDisk: filled('diskName', 'diskURI'),
	vsphereVolume: filled('volumePath'),
	photonPersistentDisk: filled('pdID'),
	portworxVolume: filled('volumeID'),
	scaleIO: filled('gateway', 'system', 'volumeName'),
	storageos: filled('volumeName'),
	flexVolume: filled('driver'),
	rbd: (of, field) => [
		...(texts(of, 'monitors').length === 0 ? [required(`${field}.monitors`)] : []),
		...filled('image')(of, field),
	],
	cephfs: (of, field) => (texts(of, 'monitors').length === 0 ? [required(`${field}.monitors`)] : []),
	fc: (of, field) =>
		texts(of, 'targetWWNs').length + texts(of, 'wwids').length > 0
			? []
			: [required(`${field}.targetWWNs`, 'must specify either targetWWNs or wwids, but not both')],
};

/** Those of pods only that need nothing else of the pod. */
export const SIMPLE: Readonly<Record<string, SourceCheck>> = {
	gitRepo: (of, field) => [
		...filled('repository')(of, field),
		...pathBelow(text(of, 'directory') ?? '', `${field}.directory`),
	],
	persistentVolumeClaim: filled('claimName'),
	csi: (of, field) => {
		const errors = driverName(text(of, 'driver') ?? '', `${field}.driver`);
		if (isRecord(of.nodePublishSecretRef) && !text(of, 'nodePublishSecretRef', 'name'))
			errors.push(required(`${field}.nodePublishSecretRef.name`));
		return errors;
	},
};

/** Those of PersistentVolumes only. */
export const OF_VOLUMES: Readonly<Record<string, SourceCheck>> = {
	local: (of, field) => {
		const path = text(of, 'path') ?? '';
		return path === '' ? [required(`${field}.path`)] : noBacksteps(path, `${field}.path`);
	},
	csi: (of, field) => {
		const errors = driverName(text(of, 'driver') ?? '', `${field}.driver`);
		if (!text(of, 'volumeHandle')) errors.push(required(`${field}.volumeHandle`));
		for (const key of [
			'controllerPublishSecretRef',
			'controllerExpandSecretRef',
			'nodePublishSecretRef',
			'nodeExpandSecretRef',
		])
			if (isRecord(of[key])) {
				const ref = sub(of, key);
				for (const [part, rule] of [
					['name', 'subdomain'],
					['namespace', 'label'],
				] as const) {
					const value = text(ref, part) ?? '';
					const here = `${field}.${key}.${part}`;
					errors.push(...(value === '' ? [required(here)] : named(value, here, rule)));
				}
			}
		return errors;
	},
};
