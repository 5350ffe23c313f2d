/** Volumes, claims and their drivers. Source: kubernetes pkg/printers/internalversion/printers.go @ v1.24.0. */
import { sub, subs, text, texts } from '../json.ts';
import type { ApiObject } from '../object.ts';
import { ageOf, NONE, type Printer, UNSET } from './printer.ts';

const MODES: Readonly<Record<string, string>> = {
	ReadWriteOnce: 'RWO',
	ReadOnlyMany: 'ROX',
	ReadWriteMany: 'RWX',
	ReadWriteOncePod: 'RWOP',
};
const modes = (list: readonly string[]): string => list.map((mode) => MODES[mode] ?? mode).join(',');

const claimSize = (object: ApiObject): string => text(object, 'status', 'capacity', 'storage') ?? '';

/** Annotations of a default class (pkg/apis/storage/util/helpers.go IsDefaultAnnotation()). */
const DEFAULT_CLASS = [
	'storageclass.kubernetes.io/is-default-class',
	'storageclass.beta.kubernetes.io/is-default-class',
];

export const storagePrinters = (minor: number): Readonly<Record<string, Printer>> => ({
	PersistentVolume: {
		columns: `Capacity,Access Modes,Reclaim Policy,Status,Claim,StorageClass,${minor >= 29 ? 'VolumeAttributesClass,' : ''}Reason,Age|VolumeMode`,
		row(object, context) {
			const claim = sub(object, 'spec', 'claimRef');
			const deleting = object.metadata.deletionTimestamp !== undefined;
			return [
				text(object, 'spec', 'capacity', 'storage') ?? '',
				modes(texts(object, 'spec', 'accessModes')),
				text(object, 'spec', 'persistentVolumeReclaimPolicy') ?? '',
				deleting ? 'Terminating' : (text(object, 'status', 'phase') ?? ''),
				text(claim, 'name') ? `${text(claim, 'namespace') ?? ''}/${text(claim, 'name')}` : '',
				text(object, 'spec', 'storageClassName') ?? '',
				...(minor >= 29 ? [text(object, 'spec', 'volumeAttributesClassName') ?? UNSET] : []),
				text(object, 'status', 'reason') ?? '',
				ageOf(object, context),
				text(object, 'spec', 'volumeMode') ?? UNSET,
			];
		},
	},
	PersistentVolumeClaim: {
		columns: `Status,Volume,Capacity,Access Modes,StorageClass,${minor >= 29 ? 'VolumeAttributesClass,' : ''}Age|VolumeMode`,
		row(object, context) {
			const deleting = object.metadata.deletionTimestamp !== undefined;
			const bound = text(object, 'spec', 'volumeName') ?? '';
			return [
				deleting ? 'Terminating' : (text(object, 'status', 'phase') ?? ''),
				bound,
				bound === '' ? '' : claimSize(object),
				bound === '' ? '' : modes(texts(object, 'status', 'accessModes')),
				text(object, 'spec', 'storageClassName') ?? '',
				...(minor >= 29 ? [text(object, 'spec', 'volumeAttributesClassName') ?? UNSET] : []),
				ageOf(object, context),
				text(object, 'spec', 'volumeMode') ?? UNSET,
			];
		},
	},
	VolumeAttachment: {
		columns: 'Attacher,PV,Node,Attached,Age',
		row: (object, context) => [
			text(object, 'spec', 'attacher') ?? '',
			text(object, 'spec', 'source', 'persistentVolumeName') ?? '',
			text(object, 'spec', 'nodeName') ?? '',
			String(sub(object, 'status').attached === true),
			ageOf(object, context),
		],
	},
	StorageClass: {
		columns: 'Provisioner,ReclaimPolicy,VolumeBindingMode,AllowVolumeExpansion,Age',
		name: ({ metadata }) =>
			DEFAULT_CLASS.some((key) => metadata.annotations?.[key] === 'true')
				? `${metadata.name} (default)`
				: metadata.name,
		row: (object, context) => [
			text(object, 'provisioner') ?? '',
			text(object, 'reclaimPolicy') ?? 'Delete',
			text(object, 'volumeBindingMode') ?? 'Immediate',
			String(object.allowVolumeExpansion === true),
			ageOf(object, context),
		],
	},
	CSINode: {
		columns: 'Drivers,Age',
		row: (object, context) => [subs(object, 'spec', 'drivers').length, ageOf(object, context)],
	},
	CSIDriver: {
		columns: 'AttachRequired,PodInfoOnMount,StorageCapacity,TokenRequests,RequiresRepublish,Modes,Age',
		row(object, context) {
			const spec = sub(object, 'spec');
			const tokens = subs(spec, 'tokenRequests').map((item) => text(item, 'audience') ?? '');
			return [
				String(spec.attachRequired !== false),
				String(spec.podInfoOnMount === true),
				String(spec.storageCapacity === true),
				tokens.join(',') || UNSET,
				String(spec.requiresRepublish === true),
				texts(spec, 'volumeLifecycleModes').join(',') || NONE,
				ageOf(object, context),
			];
		},
	},
});
