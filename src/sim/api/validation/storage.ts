/** Claims, volumes and classes. Source: kubernetes pkg/apis/{core,storage}/validation/validation.go @ v1.24.0. */
import { type Draft, isRecord, sub, subs, text, texts } from '../json.ts';
import { type FieldError, fieldForbidden, invalidValue, notSupported, required } from '../status.ts';
import type { Context } from '../strategy.ts';
import { accessModes, claimSpecErrors, className, positive, volumeMode } from './claims.ts';
import { oneOf } from './parts.ts';
import { labelName, nodeSelectorErrors } from './selectors.ts';
import { OF_VOLUMES, SHARED } from './volume-sources.ts';

export const claimErrors = (object: Draft, context: Context): FieldError[] =>
	claimSpecErrors(sub(object, 'spec'), 'spec', context);

/** In the order in which they are looked at. */
export const VOLUME_SOURCES =
	'hostPath gcePersistentDisk awsElasticBlockStore glusterfs flocker nfs rbd quobyte cephfs iscsi cinder fc flexVolume azureFile vsphereVolume photonPersistentDisk portworxVolume azureDisk scaleIO local storageos csi'.split(
		' ',
	);

const nodes = (spec: Draft): FieldError[] => {
	if (!isRecord(spec.nodeAffinity)) return [];
	const { required: terms } = spec.nodeAffinity;
	return isRecord(terms)
		? nodeSelectorErrors(terms, 'spec.nodeAffinity.required')
		: [required('spec.nodeAffinity.required', 'must specify required node constraints')];
};

const source = (spec: Draft): FieldError[] => {
	const [first, ...more] = VOLUME_SOURCES.filter((kind) => isRecord(spec[kind]));
	if (first === undefined) return [required('spec', 'must specify a volume type')];
	const errors = (OF_VOLUMES[first] ?? SHARED[first])?.(spec[first] as Draft, `spec.${first}`) ?? [];
	if (first === 'local' && !isRecord(spec.nodeAffinity))
		errors.push(required('spec.nodeAffinity', 'Local volume requires node affinity'));
	return [
		...errors,
		...more.map((kind) =>
			fieldForbidden(`spec.${kind === 'cephfs' ? 'cephFS' : kind}`, 'may not specify more than 1 volume type'),
		),
	];
};

const RECLAIM = ['Delete', 'Recycle', 'Retain'];

/** ValidatePersistentVolumeSpec() */
export const volumeErrors = (object: Draft, context: Context): FieldError[] => {
	const spec = sub(object, 'spec');
	const errors: FieldError[] = texts(spec, 'accessModes').length > 0 ? [] : [required('spec.accessModes')];
	errors.push(...accessModes(spec, 'spec.accessModes', context));
	const capacity = sub(spec, 'capacity');
	const sizes = Object.entries(capacity);
	if (sizes.length === 0) errors.push(required('spec.capacity'));
	if (capacity.storage === undefined || sizes.length > 1) errors.push(unsizable(capacity));
	for (const [name, value] of sizes) errors.push(...positive(value, `spec.capacity[${name}]`));
	const { persistentVolumeReclaimPolicy: policy } = spec;
	errors.push(...oneOf('spec.persistentVolumeReclaimPolicy', policy, RECLAIM), ...nodes(spec), ...source(spec));
	if (policy === 'Recycle' && /^\/+\.?$/.test(text(spec, 'hostPath', 'path') ?? ''))
		errors.push(
			fieldForbidden('spec.persistentVolumeReclaimPolicy', "may not be 'recycle' for a hostPath mount of '/'"),
		);
	return [...errors, ...className(spec, 'spec'), ...volumeMode(spec, 'spec')];
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

/** ValidateStorageClass() */
export const classErrors = (object: Draft): FieldError[] => {
	const errors = text(object, 'provisioner') ? [] : [required('provisioner')];
	for (const key of Object.keys(sub(object, 'parameters')))
		if (key === '') errors.push(invalidValue('parameters', key, 'field can not be empty.'));
	errors.push(
		...oneOf('reclaimPolicy', object.reclaimPolicy, ['Delete', 'Retain']),
		...oneOf('volumeBindingMode', object.volumeBindingMode, ['Immediate', 'WaitForFirstConsumer']),
	);
	for (const [i, term] of subs(object, 'allowedTopologies').entries())
		for (const [j, one] of subs(term, 'matchLabelExpressions').entries()) {
			const here = `allowedTopologies[${i}].matchLabelExpressions[${j}]`;
			if (texts(one, 'values').length === 0) errors.push(required(`${here}.values`));
			errors.push(...labelName(text(one, 'key') ?? '', `${here}.key`));
		}
	return errors;
};
