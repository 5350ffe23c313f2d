/** Claims, volumes and classes. Source: kubernetes pkg/apis/{core,storage}/validation/validation.go @ v1.24.0. */
import { type Draft, isRecord, sub, text, texts } from '../json.ts';
import { nameErrors } from '../meta.ts';
import { type FieldError, fieldForbidden, invalidValue, notSupported, required } from '../status.ts';
import { quantity } from '../strategies/pod-validate.ts';
import type { Context } from '../strategy.ts';

const ONE_POD = 'ReadWriteOncePod';

const accessModes = (spec: Draft, { minor }: Context): FieldError[] => {
	const field = 'spec.accessModes';
	const modes = texts(spec, 'accessModes');
	// ReadWriteOncePod, on by default from 1.27.
	const known = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', ...(minor >= 27 ? [ONE_POD] : [])];
	const errors = modes.filter((mode) => !known.includes(mode)).map((mode) => notSupported(field, mode, known));
	if (minor >= 27 && modes.includes(ONE_POD) && modes.some((mode) => mode !== ONE_POD && known.includes(mode)))
		errors.push(fieldForbidden(field, 'may not use ReadWriteOncePod with other access modes'));
	return errors;
};

const className = (spec: Draft): FieldError[] => {
	const name = text(spec, 'storageClassName');
	return name ? nameErrors(name).map((why) => invalidValue('spec.storageClassName', name, why)) : [];
};

const oneOf = (field: string, value: unknown, known: readonly string[]): FieldError[] =>
	value === undefined || known.includes(String(value)) ? [] : [notSupported(field, value, known)];

const volumeMode = (spec: Draft): FieldError[] => oneOf('spec.volumeMode', spec.volumeMode, ['Block', 'Filesystem']);

const positive = (field: string, value: unknown): FieldError[] =>
	(quantity(value) ?? 1) > 0 ? [] : [invalidValue(field, String(value), 'must be greater than zero')];

/** ValidatePersistentVolumeClaimSpec() */
export const claimErrors = (object: Draft, context: Context): FieldError[] => {
	const spec = sub(object, 'spec');
	const { storage } = sub(spec, 'resources', 'requests');
	const field = 'spec.resources[storage]';
	return [
		...accessModes(spec, context),
		...(storage === undefined ? [required(field)] : positive(field, storage)),
		...className(spec),
		...volumeMode(spec),
	];
};

/** In the order in which they are looked at. */
const SOURCES =
	'hostPath gcePersistentDisk awsElasticBlockStore glusterfs flocker nfs rbd quobyte cephfs iscsi cinder fc flexVolume azureFile vsphereVolume photonPersistentDisk portworxVolume azureDisk scaleIO local storageos csi'.split(
		' ',
	);

/** ValidatePersistentVolumeSpec() */
export const volumeErrors = (object: Draft, context: Context): FieldError[] => {
	const spec = sub(object, 'spec');
	const errors: FieldError[] = texts(spec, 'accessModes').length > 0 ? [] : [required('spec.accessModes')];
	errors.push(...accessModes(spec, context));
	const capacity = sub(spec, 'capacity');
	const sizes = Object.entries(capacity);
	if (sizes.length === 0) errors.push(required('spec.capacity'));
	if (capacity.storage === undefined || sizes.length > 1) errors.push(unsizable(capacity));
	for (const [name, value] of sizes) errors.push(...positive(`spec.capacity[${name}]`, value));
	errors.push(
		...oneOf('spec.persistentVolumeReclaimPolicy', spec.persistentVolumeReclaimPolicy, ['Delete', 'Recycle', 'Retain']),
	);
	const sources = SOURCES.filter((source) => isRecord(spec[source]));
	for (const source of sources.slice(1))
		errors.push(fieldForbidden(`spec.${source}`, 'may not specify more than 1 volume type'));
	if (sources[0] === 'hostPath') errors.push(...hostPath(spec));
	if (sources[0] === 'nfs') errors.push(...networkShare(spec));
	if (sources[0] === 'local') {
		if (!text(spec, 'local', 'path')) errors.push(required('spec.local.path'));
		if (!isRecord(sub(spec, 'nodeAffinity').required))
			errors.push(required('spec.nodeAffinity', 'Local volume requires node affinity'));
	}
	if (sources.length === 0) errors.push(required('spec', 'must specify a volume type'));
	return [...errors, ...className(spec), ...volumeMode(spec)];
};

/** A capacity of something else than storage; servers before 1.34 print Go's notation of it. */
const unsizable = (capacity: Draft): FieldError => {
	const supported = ': supported values: "storage"';
	const said = notSupported('spec.capacity', capacity, ['storage']);
	const go =
		Object.keys(capacity).length === 0
			? 'core.ResourceList(nil)'
			: 'core.ResourceList{(the simulator leaves out what stands here)}';
	return { ...said, go: `Unsupported value: ${go}${supported}` };
};

const hostPath = (spec: Draft): FieldError[] => {
	const path = text(spec, 'hostPath', 'path') ?? '';
	if (path === '') return [required('spec.hostPath.path')];
	return path.split('/').includes('..') ? [invalidValue('spec.hostPath.path', path, "must not contain '..'")] : [];
};

const networkShare = (spec: Draft): FieldError[] => {
	const path = text(spec, 'nfs', 'path') ?? '';
	return [
		...(text(spec, 'nfs', 'server') ? [] : [required('spec.nfs.server')]),
		...(path === '' ? [required('spec.nfs.path')] : []),
		...(path.startsWith('/') ? [] : [invalidValue('spec.nfs.path', path, 'must be an absolute path')]),
	];
};

/** ValidateStorageClass() */
export const classErrors = (object: Draft): FieldError[] => [
	...oneOf('reclaimPolicy', object.reclaimPolicy, ['Delete', 'Retain']),
	...oneOf('volumeBindingMode', object.volumeBindingMode, ['Immediate', 'WaitForFirstConsumer']),
];
