/** Namespaces, nodes, configuration, access, storage, extensions. Source: kubernetes pkg/apis and pkg/registry @ v1.24.0. */
import { acceptedCrd, defaultCrd } from '../crd.ts';
import { customChecks, limitChecks, peoplesMistakes, webhookCalls } from '../for-people.ts';
import { type Draft, equal, fill, isRecord, sub, subs, text, texts, within } from '../json.ts';
import type { ApiObject } from '../object.ts';
import { DIFFERENCE, type FieldError, fieldForbidden, invalidValue, notSupported, required } from '../status.ts';
import type { Strategy } from '../strategy.ts';
import { quantity } from '../values.ts';
import { signingRequest } from './signing.ts';

const namespace: Strategy = {
	status: true,
	name: 'label',
	initialStatus: () => ({ phase: 'Active' }),
	defaults(object) {
		if (object.status === undefined) within(object, 'spec').finalizers = ['kubernetes'];
		// The label every namespace has since 1.21.
		const meta = within(object, 'metadata');
		meta.labels = { ...sub(meta, 'labels'), 'kubernetes.io/metadata.name': meta.name };
	},
	validateCreate: (object) => limitChecks()?.securityLabelFaults(object) ?? [],
	// Labels that were wrong before may stay.
	validateUpdate(object, old) {
		const faults = limitChecks()?.securityLabelFaults(object) ?? [];
		return equal(faults, limitChecks()?.securityLabelFaults(old) ?? []) ? [] : faults;
	},
};

const node: Strategy = {
	defaults(object) {
		within(object, 'spec');
		const status = object.status;
		if (isRecord(status) && isRecord(status.capacity)) fill(status, 'allocatable', { ...status.capacity });
	},
	keep(object, old) {
		// Nodes have a status subresource, but the kubelet gives status when it registers.
		if (old.status === undefined) delete object.status;
		else object.status = old.status;
	},
	validateUpdate(object, old) {
		const before = text(old, 'spec', 'podCIDR');
		const after = text(object, 'spec', 'podCIDR');
		if (before && after !== before)
			return [fieldForbidden('spec.podCIDRs', 'node updates may not change podCIDR except from "" to valid')];
		return [];
	},
};

const frozen = (object: Draft, old: unknown, ...fields: readonly string[]): FieldError[] => {
	if (sub({ old }, 'old').immutable !== true) return [];
	const changed = fields.filter((field) => !equal(object[field], sub({ old }, 'old')[field]));
	return [
		...(object.immutable === true ? [] : [fieldForbidden('immutable', 'field is immutable when `immutable` is set')]),
		...changed.map((field) => fieldForbidden(field, 'field is immutable when `immutable` is set')),
	];
};

/** pkg/apis/core/validation/validation.go ValidateConfigMapUpdate(), ValidateSecretUpdate() @ v1.24.0. */
const configMap: Strategy = {
	changesFirst: true,
	validateUpdate: (object, old) => frozen(object, old, 'data', 'binaryData'),
};

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** UTF-8, then base64, as Go's []byte is written. */
export const base64 = (value: string | Uint8Array): string => {
	const bytes: number[] = typeof value === 'string' ? [] : [...value];
	for (const c of typeof value === 'string' ? value : '') {
		const code = c.codePointAt(0)!;
		if (code < 0x80) bytes.push(code);
		else if (code < 0x800) bytes.push(0xc0 | (code >> 6), 0x80 | (code & 63));
		else if (code < 0x10000) bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
		else bytes.push(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 63), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
	}
	let out = '';
	for (let i = 0; i < bytes.length; i += 3) {
		const [a, b, c] = [bytes[i]!, bytes[i + 1], bytes[i + 2]];
		out += BASE64[a >> 2]! + BASE64[((a & 3) << 4) | ((b ?? 0) >> 4)]!;
		out += b === undefined ? '=' : BASE64[((b & 15) << 2) | ((c ?? 0) >> 6)]!;
		out += c === undefined ? '=' : BASE64[c & 63]!;
	}
	return out;
};

const secret: Strategy = {
	defaults(object) {
		fill(object, 'type', 'Opaque');
		const plain = sub(object, 'stringData');
		if (Object.keys(plain).length > 0) {
			const data = within(object, 'data');
			for (const key in plain) data[key] = base64(String(plain[key]));
		}
		delete object.stringData;
	},
	changesFirst: true,
	validateUpdate: (object, old) => [
		...(object.type === old.type ? [] : [invalidValue('type', object.type, 'field is immutable')]),
		...frozen(object, old, 'data'),
	],
};

const role: Strategy = {
	name: 'path',
	// Nothing is written of most fields that are not set; of these, that there are none.
	defaults(object) {
		object.rules ??= null;
	},
};

const binding: Strategy = {
	name: 'path',
	defaults(object) {
		const ref = object.roleRef;
		if (isRecord(ref)) fill(ref, 'apiGroup', 'rbac.authorization.k8s.io');
		for (const subject of subs(object, 'subjects'))
			fill(subject, 'apiGroup', subject.kind === 'ServiceAccount' ? '' : 'rbac.authorization.k8s.io');
		for (const subject of subs(object, 'subjects')) if (subject.apiGroup === '') delete subject.apiGroup;
	},
	validateUpdate: (object, old) =>
		equal(object.roleRef, old.roleRef) ? [] : [invalidValue('roleRef', object.roleRef, 'cannot change roleRef')],
};

const definition: Strategy = {
	counts: true,
	status: true,
	defaults(object, { minor, warn }) {
		defaultCrd(object);
		if (text(object, 'spec', 'group') !== 'cilium.io') webhookCalls()?.tellDefinition(object, minor, warn);
	},
	initialStatus: (object, context) => acceptedCrd(object, context.timestamp),
	validate(object) {
		const spec = sub(object, 'spec');
		const plural = text(spec, 'names', 'plural') ?? '';
		const group = text(spec, 'group') ?? '';
		const name = text(object, 'metadata', 'name') ?? '';
		const errors: FieldError[] = [];
		if (name !== `${plural}.${group}`)
			errors.push(invalidValue('metadata.name', name, 'must be spec.names.plural+"."+spec.group'));
		if (group === '') errors.push(required('spec.group'));
		if (plural === '') errors.push(required('spec.names.plural'));
		if (!text(spec, 'names', 'kind')) errors.push(required('spec.names.kind'));
		if (!['Cluster', 'Namespaced'].includes(String(spec.scope)))
			errors.push(notSupported('spec.scope', spec.scope ?? '', ['Cluster', 'Namespaced']));
		const versions = subs(spec, 'versions');
		for (const [i, version] of versions.entries())
			if (!isRecord(sub(version, 'schema').openAPIV3Schema))
				errors.push(required(`spec.versions[${i}].schema.openAPIV3Schema`, 'schemas are required'));
		if (versions.filter((version) => version.storage === true).length !== 1)
			errors.push(invalidValue('spec.versions', versions, 'must have exactly one version marked as storage version'));
		if (group !== 'cilium.io') errors.push(...(customChecks()?.definitionErrors(object) ?? []));
		return errors;
	},
};

const storageClass: Strategy = {
	defaults(object) {
		fill(object, 'reclaimPolicy', 'Delete');
		fill(object, 'volumeBindingMode', 'Immediate');
	},
	// pkg/apis/storage/validation ValidateStorageClassUpdate() @ v1.24.0.
	validateUpdate: (object, old) => [
		...['parameters', 'provisioner', 'reclaimPolicy']
			.filter((field) => !equal(object[field] ?? {}, old[field] ?? {}))
			.map((field) => fieldForbidden(field, `updates to ${field} are forbidden.`)),
		...(equal(object.volumeBindingMode, old.volumeBindingMode)
			? []
			: [invalidValue('volumeBindingMode', object.volumeBindingMode, 'field is immutable')]),
	],
};

const DEFAULT_CLASS = [
	'storageclass.kubernetes.io/is-default-class',
	'storageclass.beta.kubernetes.io/is-default-class',
];

const guardedBy = (object: Draft, finalizer: string): void => {
	const meta = within(object, 'metadata');
	const finalizers = texts(meta, 'finalizers');
	if (!finalizers.includes(finalizer)) meta.finalizers = [...finalizers, finalizer];
};

const claim: Strategy = {
	status: true,
	initialStatus: () => ({ phase: 'Pending' }),
	defaults: (object) => fill(within(object, 'spec'), 'volumeMode', 'Filesystem'),
	// The plugins DefaultStorageClass, of several the newest, and StorageObjectInUseProtection.
	admission(object, { list }) {
		const [newest] = list('storageclasses')
			.filter(({ metadata: { annotations = {} } }) => DEFAULT_CLASS.some((key) => annotations[key] === 'true'))
			.sort(({ metadata: a }, { metadata: b }) => (a.creationTimestamp < b.creationTimestamp ? 1 : -1));
		if (newest) fill(within(object, 'spec'), 'storageClassName', newest.metadata.name);
		guardedBy(object, 'kubernetes.io/pvc-protection');
	},
	validateUpdate(object, old, { minor }) {
		const bound = text(old, 'status', 'phase') === 'Bound';
		const wants = storageOf(old);
		// A volume's name is filled in while the claim is bound, and a class where there was none.
		const rest = (spec: Draft): Draft => {
			const { resources, volumeName, volumeAttributesClassName, storageClassName, ...kept } = spec;
			return {
				...kept,
				...(text(old, 'spec', 'storageClassName') === undefined ? {} : { storageClassName }),
				...(text(old, 'spec', 'volumeName') ? { volumeName } : {}),
				...(minor >= 31 ? {} : { volumeAttributesClassName }),
				...(bound ? {} : { resources }),
			};
		};
		if (!equal(rest(sub(object, 'spec')), rest(sub(old, 'spec'))))
			return [
				fieldForbidden(
					'spec',
					`spec is immutable after creation except resources.requests${minor >= 31 ? ' and volumeAttributesClassName' : ''} for bound claims${DIFFERENCE}`,
				),
			];
		return (quantity(storageOf(object)) ?? 0) < (quantity(wants) ?? 0)
			? [
					fieldForbidden(
						'spec.resources.requests.storage',
						minor >= 32 ? 'field can not be less than status.capacity' : 'field can not be less than previous value',
					),
				]
			: [];
	},
	// The plugin PersistentVolumeClaimResize.
	admitUpdate(object, old, context) {
		if ((quantity(storageOf(object)) ?? 0) <= (quantity(storageOf(old)) ?? 0)) return undefined;
		const name = text(old, 'spec', 'storageClassName');
		const expands = name ? context.get('storageclasses', undefined, name)?.allowVolumeExpansion === true : false;
		return expands
			? undefined
			: 'only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize';
	},
};

const storageOf = (claim: Draft | ApiObject): unknown => sub(claim, 'spec', 'resources', 'requests').storage;

const volume: Strategy = {
	status: true,
	initialStatus: () => ({ phase: 'Pending' }),
	defaults(object) {
		const spec = within(object, 'spec');
		fill(spec, 'persistentVolumeReclaimPolicy', 'Retain');
		fill(spec, 'volumeMode', 'Filesystem');
	},
	validateUpdate: (object, old) => peoplesMistakes()?.volumeUpdateErrors(object, old) ?? [],
	// The plugin StorageObjectInUseProtection.
	admission: (object) => guardedBy(object, 'kubernetes.io/pv-protection'),
};

const webhooks: Strategy = {
	counts: true,
	defaults: (object, context) => webhookCalls()?.defaultHooks(object, context),
	validate: (object) => webhookCalls()?.hookErrors(object) ?? [],
};

export const clusterStrategies: Readonly<Record<string, Strategy>> = {
	Namespace: namespace,
	Node: node,
	ConfigMap: configMap,
	Secret: secret,
	ClusterRole: role,
	Role: role,
	ClusterRoleBinding: binding,
	RoleBinding: binding,
	CustomResourceDefinition: definition,
	StorageClass: storageClass,
	PersistentVolumeClaim: claim,
	PersistentVolume: volume,
	Lease: {},
	ServiceAccount: {},
	CertificateSigningRequest: signingRequest,
	PriorityClass: {
		counts: true,
		defaults: (object) => fill(object, 'preemptionPolicy', 'PreemptLowerPriority'),
		validate: (object) => limitChecks()?.priorityClassErrors(object) ?? [],
		validateUpdate: (object, old) => limitChecks()?.priorityClassChanges(object, old) ?? [],
		admit: (object, context) => limitChecks()?.secondDefault(object, context),
		admitUpdate: (object, _, context) => limitChecks()?.secondDefault(object, context),
	},
	RuntimeClass: {
		validate: (object) => limitChecks()?.runtimeClassErrors(object) ?? [],
		validateUpdate: (object, old) => limitChecks()?.runtimeClassChanges(object, old) ?? [],
	},
	ResourceQuota: {
		status: true,
		initialStatus: () => ({}),
		validateUpdate: (object, old) => peoplesMistakes()?.quotaUpdateErrors(object, old) ?? [],
	},
	LimitRange: { defaults: (object) => limitChecks()?.defaultRange(object) },
	APIService: {
		status: true,
		initialStatus: () => ({}),
		name: 'path',
		defaults: (object) => {
			const { service } = sub(object, 'spec');
			if (isRecord(service)) fill(service, 'port', 443);
		},
		validate: (object) => customChecks()?.apiServiceErrors(object) ?? [],
	},
	FlowSchema: { counts: true, status: true, initialStatus: () => ({}) },
	PriorityLevelConfiguration: { counts: true, status: true, initialStatus: () => ({}) },
	MutatingWebhookConfiguration: webhooks,
	ValidatingWebhookConfiguration: webhooks,
	ValidatingAdmissionPolicy: {
		counts: true,
		status: true,
		initialStatus: () => ({}),
		defaults: (object, context) => webhookCalls()?.defaultPolicy(object, context),
		validate: (object) => webhookCalls()?.policyErrors(object) ?? [],
	},
	ValidatingAdmissionPolicyBinding: {
		counts: true,
		defaults: (object, context) => webhookCalls()?.defaultPolicy(object, context),
		validate: (object) => webhookCalls()?.bindingErrors(object) ?? [],
	},
};
