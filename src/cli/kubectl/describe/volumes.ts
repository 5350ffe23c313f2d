/** Volumes, and what is behind a persistent one. Source: describe.go `describeVolumes` @ kubectl v0.24.0. */
import { canonical, type Fields, has, isMap, number, sub, subs, text } from '../print/index.ts';
import { type Description, NONE, UNSET } from './description.ts';

type Lines = readonly (readonly [label: string, value: unknown])[];

/** What a source is, in kubectl's words, and its lines. */
type Source = (source: Fields) => readonly [type: string, lines: Lines];

const flag = (value: unknown): boolean => value === true;

const emptyDir: Source = (source) => [
	"EmptyDir (a temporary directory that shares a pod's lifetime)",
	[
		['Medium', text(source, 'medium')],
		['SizeLimit', text(source, 'sizeLimit') ? canonical(text(source, 'sizeLimit')) : UNSET],
	],
];

const SOURCES: Readonly<Record<string, Source>> = {
	hostPath: (source) => [
		'HostPath (bare host directory volume)',
		[
			['Path', text(source, 'path')],
			['HostPathType', has(source, 'type') ? text(source, 'type') : NONE],
		],
	],
	emptyDir,
	secret: (source) => [
		'Secret (a volume populated by a Secret)',
		[
			['SecretName', text(source, 'secretName')],
			['Optional', flag(source.optional)],
		],
	],
	configMap: (source) => [
		'ConfigMap (a volume populated by a ConfigMap)',
		[
			['Name', text(source, 'name')],
			['Optional', flag(source.optional)],
		],
	],
	nfs: (source) => [
		'NFS (an NFS mount that lasts the lifetime of a pod)',
		[
			['Server', text(source, 'server')],
			['Path', text(source, 'path')],
			['ReadOnly', flag(source.readOnly)],
		],
	],
	persistentVolumeClaim: (source) => [
		'PersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)',
		[
			['ClaimName', text(source, 'claimName')],
			['ReadOnly', flag(source.readOnly)],
		],
	],
	local: (source) => [
		'LocalVolume (a persistent volume backed by local storage on a node)',
		[['Path', text(source, 'path')]],
	],
};

function describeProjected(d: Description, source: Fields): void {
	d.line(2, 'Type', 'Projected (a volume that contains injected data from multiple sources)');
	// Upstream prints where the flag lies in memory when there is one; its value is what is meant.
	const optional = (value: unknown): string => (value === undefined ? '<nil>' : String(value));
	for (const item of subs(source, 'sources')) {
		if (has(item, 'secret')) {
			d.line(2, 'SecretName', text(item, 'secret', 'name'));
			d.line(2, 'SecretOptionalName', optional(sub(item, 'secret').optional));
		} else if (has(item, 'downwardAPI')) d.line(2, 'DownwardAPI', 'true');
		else if (has(item, 'configMap')) {
			d.line(2, 'ConfigMapName', text(item, 'configMap', 'name'));
			d.line(2, 'ConfigMapOptional', optional(sub(item, 'configMap').optional));
		} else if (has(item, 'serviceAccountToken'))
			d.line(2, 'TokenExpirationSeconds', number(item, 'serviceAccountToken', 'expirationSeconds'));
	}
}

function describeDownward(d: Description, source: Fields): void {
	d.line(2, 'Type', 'DownwardAPI (a volume populated by information about the pod)');
	d.put(2, 'Items:\n');
	for (const item of subs(source, 'items')) {
		if (has(item, 'fieldRef')) d.put(3, `${text(item, 'fieldRef', 'fieldPath')} -> ${text(item, 'path')}\n`);
		if (has(item, 'resourceFieldRef'))
			d.put(3, `${text(item, 'resourceFieldRef', 'resource')} -> ${text(item, 'path')}\n`);
	}
}

function describeCsi(d: Description, source: Fields): void {
	d.line(2, 'Type', 'CSI (a Container Storage Interface (CSI) volume source)');
	d.line(2, 'Driver', text(source, 'driver'));
	d.line(2, 'FSType', text(source, 'fsType'));
	if (has(source, 'volumeHandle')) d.line(2, 'VolumeHandle', text(source, 'volumeHandle'));
	d.line(2, 'ReadOnly', flag(source.readOnly));
	d.labels('VolumeAttributes', source.volumeAttributes, '    ');
}

/** With the claim that is made for it (printPersistentVolumeClaim(), not a full one). */
function describeEphemeral(d: Description, source: Fields): void {
	d.line(
		2,
		'Type',
		'EphemeralVolume (an inline specification for a volume that gets created and deleted with the pod)',
	);
	const template = sub(source, 'volumeClaimTemplate');
	const annotations = sub(template, 'metadata', 'annotations');
	d.line(2, 'StorageClass', text(template, 'spec', 'storageClassName'));
	d.line(2, 'Volume', text(template, 'spec', 'volumeName'));
	d.labels('Labels', sub(template, 'metadata', 'labels'), '    ');
	const lines = Object.keys(annotations)
		.sort()
		.map((key) => `${key}: ${text(annotations, key)}`);
	d.list('Annotations', lines, '    ');
	d.line(2, 'Capacity', '');
	d.line(2, 'Access Modes', '');
	d.optional(2, 'VolumeMode', text(template, 'spec', 'volumeMode'));
}

/** One source with its lines: of a pod's volume, or of a PersistentVolume's spec. */
export function describeSource(d: Description, volume: Fields): void {
	const kind = Object.keys(volume).find((key) => isMap(volume[key]) && (Object.hasOwn(SOURCES, key) || OTHERS[key]));
	if (kind === undefined) {
		d.put(1, '<unknown>\n');
		return;
	}
	const source = sub(volume, kind);
	const other = OTHERS[kind];
	if (other) {
		other(d, source);
		return;
	}
	const [type, lines] = SOURCES[kind]!(source);
	d.line(2, 'Type', type);
	for (const [label, value] of lines) d.line(2, label, value);
}

const OTHERS: Readonly<Record<string, ((d: Description, source: Fields) => void) | undefined>> = {
	projected: describeProjected,
	downwardAPI: describeDownward,
	csi: describeCsi,
	ephemeral: describeEphemeral,
};

/** `space` is before the label in a template. */
export function describeVolumes(d: Description, volumes: readonly Fields[], space: string): void {
	if (volumes.length === 0) {
		d.put(0, `${space}Volumes:\t${NONE}\n`);
		return;
	}
	d.put(0, `${space}Volumes:\n`);
	for (const volume of volumes) {
		d.put(1, `${space === '' ? '' : ' '}${text(volume, 'name')}:\n`);
		describeSource(d, volume);
	}
}

/** `RWO,ROX`, each once, in this order (pkg/util/storage GetAccessModesAsString). */
export function modesText(modes: readonly string[]): string {
	const short: Readonly<Record<string, string>> = {
		ReadWriteOnce: 'RWO',
		ReadOnlyMany: 'ROX',
		ReadWriteMany: 'RWX',
		ReadWriteOncePod: 'RWOP',
	};
	return Object.keys(short)
		.filter((mode) => modes.includes(mode))
		.map((mode) => short[mode])
		.join(',');
}
