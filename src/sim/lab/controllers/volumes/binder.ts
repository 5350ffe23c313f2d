/**
 * Claims and the volumes that are theirs: finds one, binds both, and lets go.
 *
 * Source: kubernetes pkg/controller/volume/persistentvolume/pv_controller.go, pkg/controller/volume/{pvcprotection,
 * expand/expand_controller.go}, plugin/pkg/admission/storage/{storageclass/setdefault,storageobjectinuseprotection}
 * @ v1.24.0.
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
	isFor,
	matching,
	mismatch,
	type PersistentVolume,
	SELECTED_NODE,
} from './objects.ts';
import { IN_TREE, migrated } from './provisioners.ts';
import { waitsForPod } from './scheduling.ts';

const SOURCE = { component: 'persistentvolume-controller' };
const PROTECTION = 'kubernetes.io/pvc-protection';
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

	/**
	 * A claim has its guard while a pod uses it; since 1.26 one that was made without a class has the default one as soon
	 * as there is one (RetroactiveDefaultStorageClass, pv_controller.go assignDefaultStorageClass()).
	 */
	const admit = (claim: Claim): Claim | undefined => {
		const { metadata, spec } = claim;
		const late = minorOf(api.version) >= 26 ? defaultClass(cluster)?.metadata.name : undefined;
		const storageClassName = spec.storageClassName ?? late;
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

	/** What a claim gets that asks for a volume by its name (syncUnboundClaim(), with spec.volumeName). */
	const bindNamed = (claim: Claim): void => {
		const { volumeName = '' } = claim.spec;
		const volume = one<PersistentVolume>(api, 'persistentvolumes', undefined, volumeName);
		if (!volume) return;
		const taken = volume.spec.claimRef !== undefined;
		const why = taken ? undefined : mismatch(volume, claim);
		const warn = (reason: string, text: string): void => record.record(SOURCE, claim, 'Warning', reason, text);
		if (isFor(volume, claim) || (!taken && why === undefined)) bind(claim, volume);
		else if (taken) warn('FailedBinding', `volume "${volumeName}" already bound to a different claim.`);
		else warn('VolumeMismatch', `Cannot bind to requested volume "${volumeName}": ${why}`);
	};

	/** Which volume is a claim's, or can be. One whose class waits for pods gets only what the scheduler chose for it. */
	const find = (claim: Claim): PersistentVolume | undefined => {
		const volumes = all<PersistentVolume>(api, 'persistentvolumes');
		return volumes.find((v) => isFor(v, claim)) ?? (waitsForPod(cluster, claim) ? undefined : matching(volumes, claim));
	};

	/** A claim that was bound: its volume has gone, or it asks for more than it has. */
	const watchBound = (claim: Claim): void => {
		const { volumeName = '', resources } = claim.spec;
		const volume = one<PersistentVolume>(api, 'persistentvolumes', undefined, volumeName);
		if (!volume) {
			if (claim.status?.phase === 'Lost') return;
			api.updateStatus({ ...claim, status: { phase: 'Lost' } } as never);
			const words = 'Bound claim has lost its PersistentVolume. Data on this volume is lost!';
			record.record(SOURCE, claim, 'Warning', 'ClaimLost', words);
			return;
		}
		if (!isBound(claim)) {
			if (!volume.spec.claimRef || isFor(volume, claim)) bind(claim, volume);
			return;
		}
		const asked = resources?.requests?.storage;
		const has = claim.status?.capacity?.storage;
		if ((quantity(asked) ?? 0) <= (quantity(has) ?? 0) || grown.get(claim.metadata.uid) === asked) return;
		grown.set(claim.metadata.uid, asked);
		const minor = minorOf(api.version);
		record.record(
			{ component: 'volume_expand' },
			claim,
			minor >= 29 ? 'Normal' : 'Warning',
			'ExternalExpanding',
			minor >= 27
				? 'waiting for an external controller to expand this PVC'
				: "Ignoring the PVC: didn't find a plugin capable of expanding the volume; waiting for an external controller to process this PVC.",
		);
	};
	/** What claims asked for when somebody outside was left to give it. */
	const grown = new Map<string, string | undefined>();

	const inUse = (claim: Claim): boolean =>
		all<Pod>(api, 'pods', { namespace: claim.metadata.namespace ?? '' }).some(
			(pod) => pod.spec.nodeName !== undefined && !isDone(pod) && claimNames(pod).includes(claim.metadata.name),
		);

	return {
		name: 'persistentvolume-binder',
		delay: [2 * MILLISECOND, 10 * MILLISECOND],
		keys({ object }) {
			if (object.kind === 'PersistentVolumeClaim') return [keyOf(object)];
			// Pods are of interest to claims that go when no pod uses them.
			if (object.kind === 'Pod')
				return claimNames(object as unknown as Pod)
					.filter((name) => claimOf(cluster, object.metadata.namespace, name)?.metadata.deletionTimestamp !== undefined)
					.map((name) => `${object.metadata.namespace}/${name}`);
			if (object.kind === 'PersistentVolume' || object.kind === 'StorageClass')
				return all<Claim>(api, 'persistentvolumeclaims')
					.filter((claim) => !isBound(claim) || claim.spec.volumeName === object.metadata.name)
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
			// What admission gave it is news of its own.
			if (claim !== found) return undefined;
			if (claim.metadata.annotations?.[BOUND]) {
				watchBound(claim);
				return undefined;
			}
			if (claim.spec.volumeName) {
				bindNamed(claim);
				return isBound(claimOf(cluster, namespace, name) ?? claim) ? undefined : 15 * SECOND;
			}
			const volume = find(claim);
			if (volume) {
				bind(claim, volume);
				return undefined;
			}
			const storageClass = classOf(cluster, claim.spec.storageClassName);
			const selected = claim.metadata.annotations?.[SELECTED_NODE];
			if (waitsForPod(cluster, claim) && selected === undefined) {
				const pods = all<Pod>(api, 'pods', { namespace })
					.filter((pod) => pod.spec.nodeName === undefined && claimNames(pod).includes(name))
					.map((pod) => pod.metadata.name);
				if (pods.length > 0)
					tell(
						claim,
						'WaitForPodScheduled',
						`waiting for pod${pods.length > 1 ? 's' : ''} ${pods.join(',')} to be scheduled`,
					);
				else tell(claim, 'WaitForFirstConsumer', 'waiting for first consumer to be created before binding');
				return 15 * SECOND;
			}
			const failed = (text: string): number => {
				record.record(SOURCE, claim, 'Warning', 'ProvisioningFailed', text);
				return 15 * SECOND;
			};
			if (!storageClass) {
				if (claim.spec.storageClassName)
					return failed(`storageclass.storage.k8s.io "${claim.spec.storageClassName}" not found`);
				tell(claim, 'FailedBinding', 'no persistent volumes available for this claim and no storage class is set');
				return 15 * SECOND;
			}
			const provisioner = migrated(storageClass.provisioner, minorOf(api.version));
			if (IN_TREE.test(provisioner)) return failed(`no volume plugin matched name: ${provisioner}`);
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
