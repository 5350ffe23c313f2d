/**
 * Claims and the volumes that are theirs: finds one, binds both, and lets go.
 *
 * Source: kubernetes pkg/controller/volume/persistentvolume/pv_controller.go, pkg/controller/volume/{pvcprotection,
 * pvprotection}, plugin/pkg/admission/storage/{storageclass/setdefault,storageobjectinuseprotection} @ v1.24.0.
 */
import { quantity } from '../../../api/index.ts';
import type { ClusterContext } from '../../cluster/context.ts';
import { all, isDone, keyOf, one, type Pod, same, splitKey } from '../../cluster/kinds.ts';
import { minorOf } from '../../machine/node-images.ts';
import { MILLISECOND, SECOND } from '../../time.ts';
import type { Controller } from '../loop.ts';
import {
	type Claim,
	claimNames,
	claimOf,
	classOf,
	defaultClass,
	isBound,
	type PersistentVolume,
	SELECTED_NODE,
	satisfies,
} from './objects.ts';
import { waitsForPod } from './scheduling.ts';

const SOURCE = { component: 'persistentvolume-controller' };
const PROTECTION = 'kubernetes.io/pvc-protection';
const VOLUME_PROTECTION = 'kubernetes.io/pv-protection';
const BOUND = 'pv.kubernetes.io/bind-completed';
const BY_CONTROLLER = 'pv.kubernetes.io/bound-by-controller';

export function claimController(cluster: ClusterContext): Controller {
	const { api, record } = cluster;
	const update = (claim: Claim, change: Partial<Claim>): Claim | undefined => {
		const written = api.update({ ...claim, ...change } as never);
		return written.error ? undefined : (written.value as unknown as Claim);
	};
	const tell = (claim: Claim, reason: string, message: string): void =>
		record.record(SOURCE, claim, 'Normal', reason, message);

	/** What admission gives a claim: the default class, and a guard while a pod uses it. */
	const admit = (claim: Claim): Claim | undefined => {
		const { metadata, spec } = claim;
		const storageClassName = spec.storageClassName ?? defaultClass(cluster)?.metadata.name;
		const finalizers = metadata.finalizers?.includes(PROTECTION)
			? metadata.finalizers
			: [...(metadata.finalizers ?? []), PROTECTION];
		if (storageClassName === spec.storageClassName && finalizers === metadata.finalizers) return claim;
		return update(claim, {
			metadata: { ...metadata, finalizers },
			spec: storageClassName === undefined ? spec : { ...spec, storageClassName },
		});
	};

	const bind = (claim: Claim, volume: PersistentVolume): void => {
		const { name, namespace, uid, resourceVersion } = claim.metadata;
		const claimRef = {
			apiVersion: 'v1',
			kind: 'PersistentVolumeClaim',
			name,
			namespace: namespace ?? '',
			uid,
			resourceVersion: resourceVersion ?? '',
		};
		if (volume.spec.claimRef?.uid !== uid) {
			const annotations = { ...volume.metadata.annotations, [BY_CONTROLLER]: 'yes' };
			api.update({
				...volume,
				metadata: { ...volume.metadata, annotations },
				spec: { ...volume.spec, claimRef },
			} as never);
		}
		phase(volume.metadata.name, 'Bound');
		const annotations = { ...claim.metadata.annotations, [BOUND]: 'yes', [BY_CONTROLLER]: 'yes' };
		const now = update(claim, {
			metadata: { ...claim.metadata, annotations },
			spec: { ...claim.spec, volumeName: volume.metadata.name },
		});
		if (!now) return;
		const { accessModes = [], capacity = {} } = volume.spec;
		api.updateStatus({ ...now, status: { accessModes, capacity, phase: 'Bound' } } as never);
	};

	const phase = (name: string, to: string): void => {
		const volume = one<PersistentVolume>(api, 'persistentvolumes', undefined, name);
		if (volume && volume.status?.phase !== to)
			api.updateStatus({ ...volume, status: { ...volume.status, phase: to } } as never);
	};

	/** The smallest volume nobody has, or one made for this claim. */
	const find = (claim: Claim): PersistentVolume | undefined => {
		const size = (v: PersistentVolume): number => quantity(v.spec.capacity?.storage) ?? 0;
		const volumes = all<PersistentVolume>(api, 'persistentvolumes');
		const { namespace, name, uid } = claim.metadata;
		// One that a claim of this name had before is no longer to be had (pv_controller_base.go, IsVolumeBoundToClaim()).
		const own = volumes.find(
			({ spec: { claimRef } }) =>
				claimRef?.name === name && claimRef?.namespace === namespace && (claimRef?.uid ?? uid) === uid,
		);
		if (own) return own;
		const { volumeName } = claim.spec;
		return volumes
			.filter(
				(v) => v.spec.claimRef === undefined && (volumeName ? v.metadata.name === volumeName : satisfies(v, claim)),
			)
			.sort((a, b) => size(a) - size(b))[0];
	};

	const inUse = (claim: Claim): boolean =>
		all<Pod>(api, 'pods', { namespace: claim.metadata.namespace ?? '' }).some(
			(pod) => pod.spec.nodeName !== undefined && !isDone(pod) && claimNames(pod).includes(claim.metadata.name),
		);

	return {
		name: 'persistentvolume-binder',
		delay: [2 * MILLISECOND, 10 * MILLISECOND],
		keys({ object }) {
			if (object.kind === 'PersistentVolumeClaim') return [keyOf(object)];
			if (object.kind === 'Pod')
				return claimNames(object as unknown as Pod).map((name) => `${object.metadata.namespace}/${name}`);
			if (object.kind === 'PersistentVolume' || object.kind === 'StorageClass')
				return all<Claim>(api, 'persistentvolumeclaims')
					.filter((claim) => !isBound(claim))
					.map(keyOf);
			return [];
		},
		reconcile(key) {
			const [namespace, name] = splitKey(key);
			const found = claimOf(cluster, namespace, name);
			if (!found) return undefined;
			if (found.metadata.deletionTimestamp !== undefined) {
				const { finalizers = [] } = found.metadata;
				if (finalizers.includes(PROTECTION) && !inUse(found))
					update(found, {
						metadata: { ...found.metadata, finalizers: finalizers.filter((f) => f !== PROTECTION) },
					});
				return undefined;
			}
			const claim = admit(found);
			if (!claim || isBound(claim)) return undefined;
			const volume = find(claim);
			if (volume) {
				bind(claim, volume);
				return undefined;
			}
			const storageClass = classOf(cluster, claim.spec.storageClassName);
			const selected = claim.metadata.annotations?.[SELECTED_NODE];
			if (waitsForPod(cluster, claim) && selected === undefined) {
				tell(claim, 'WaitForFirstConsumer', 'waiting for first consumer to be created before binding');
				return 15 * SECOND;
			}
			if (!storageClass) {
				const text =
					claim.spec.storageClassName === undefined || claim.spec.storageClassName === ''
						? 'no persistent volumes available for this claim and no storage class is set'
						: `storageclass.storage.k8s.io "${claim.spec.storageClassName}" not found`;
				if (text.startsWith('no ')) tell(claim, 'FailedBinding', text);
				else record.record(SOURCE, claim, 'Warning', 'ProvisioningFailed', text);
				return 15 * SECOND;
			}
			const { provisioner } = storageClass;
			const annotations = {
				...claim.metadata.annotations,
				'volume.beta.kubernetes.io/storage-provisioner': provisioner,
				'volume.kubernetes.io/storage-provisioner': provisioner,
			};
			if (!same(annotations, claim.metadata.annotations))
				update(claim, { metadata: { ...claim.metadata, annotations } });
			tell(
				claim,
				'ExternalProvisioning',
				minorOf(api.version) >= 28
					? `Waiting for a volume to be created either by the external provisioner '${provisioner}' or manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered.`
					: `waiting for a volume to be created, either by external provisioner "${provisioner}" or manually created by system administrator`,
			);
			return 15 * SECOND;
		},
	};
}

/** Volumes: available, bound, or released when their claim went. */
export function volumeController(cluster: ClusterContext): Controller {
	const { api } = cluster;
	return {
		name: 'persistentvolume',
		keys({ object }) {
			if (object.kind === 'PersistentVolume') return [object.metadata.name];
			return object.kind === 'PersistentVolumeClaim'
				? all<PersistentVolume>(api, 'persistentvolumes')
						.filter(({ spec: { claimRef } }) => claimRef?.name === object.metadata.name)
						.map((v) => v.metadata.name)
				: [];
		},
		reconcile(name) {
			const volume = one<PersistentVolume>(api, 'persistentvolumes', undefined, name);
			if (!volume) return undefined;
			const { claimRef } = volume.spec;
			const claim = claimRef && claimOf(cluster, claimRef.namespace, claimRef.name ?? '');
			const released = claimRef?.uid !== undefined && claim?.metadata.uid !== claimRef.uid;
			const phase = released ? 'Released' : claim && claim.spec.volumeName === name ? 'Bound' : 'Available';
			if (volume.status?.phase !== phase) api.updateStatus({ ...volume, status: { ...volume.status, phase } } as never);
			guard(name);
			return undefined;
		},
	};

	/** A volume stays while a claim has it (pkg/controller/volume/pvprotection/pv_protection_controller.go @ v1.24.0). */
	function guard(name: string): void {
		const volume = one<PersistentVolume>(api, 'persistentvolumes', undefined, name);
		if (!volume) return;
		const { deletionTimestamp, finalizers: had = [] } = volume.metadata;
		const without = had.filter((f) => f !== VOLUME_PROTECTION);
		const ends = deletionTimestamp !== undefined && volume.status?.phase !== 'Bound';
		const finalizers = ends ? without : deletionTimestamp === undefined ? [...without, VOLUME_PROTECTION] : had;
		if (finalizers.length === had.length) return;
		api.update({ ...volume, metadata: { ...volume.metadata, finalizers } } as never);
	}
}
