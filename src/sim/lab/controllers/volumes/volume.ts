/**
 * Volumes: available, bound, or released when their claim went; then kept, or deleted by whoever can.
 *
 * Source: kubernetes pkg/controller/volume/persistentvolume/pv_controller.go (reclaimVolume(), findDeletablePlugin()),
 * pkg/volume/hostpath/host_path.go, pkg/controller/volume/pvprotection/pv_protection_controller.go @ v1.24.0.
 */
import type { ClusterContext } from '../../cluster/context.ts';
import { all, one, removeOne } from '../../cluster/kinds.ts';
import type { Controller } from '../loop.ts';
import { claimOf, type PersistentVolume } from './objects.ts';

const SOURCE = { component: 'persistentvolume-controller' };
const PROTECTION = 'kubernetes.io/pv-protection';

export function volumeController(cluster: ClusterContext): Controller {
	const { api, record } = cluster;
	const read = (name: string): PersistentVolume | undefined =>
		one<PersistentVolume>(api, 'persistentvolumes', undefined, name);

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
			const volume = read(name);
			if (!volume) return undefined;
			const { claimRef } = volume.spec;
			const claim = claimRef && claimOf(cluster, claimRef.namespace, claimRef.name ?? '');
			const released = claimRef?.uid !== undefined && claim?.metadata.uid !== claimRef.uid;
			if (released) {
				if (volume.status?.phase !== 'Failed') setPhase(volume, 'Released');
				reclaim(volume);
			} else setPhase(volume, claim && claim.spec.volumeName === name ? 'Bound' : 'Available');
			guard(name);
			return undefined;
		},
	};

	function setPhase(volume: PersistentVolume, phase: string, message?: string): void {
		if (volume.status?.phase !== phase) api.updateStatus({ ...volume, status: { phase, message } } as never);
	}

	/** What becomes of a volume whose claim has gone. Left out: policy Recycle, which says so. */
	function reclaim(volume: PersistentVolume): void {
		const { name, annotations = {}, deletionTimestamp } = volume.metadata;
		const { persistentVolumeReclaimPolicy: policy } = volume.spec;
		if (deletionTimestamp !== undefined) return;
		if (policy === 'Recycle')
			fail(volume, 'VolumeFailedRecycle', 'this lab does not simulate the recycling of volumes');
		if (policy !== 'Delete') return;
		// Somebody outside made it, and deletes it.
		const by = annotations['pv.kubernetes.io/provisioned-by'];
		if (by && !by.startsWith('kubernetes.io/')) return;
		const why = undeletable(volume);
		if (why === undefined) removeOne(api, 'persistentvolumes', undefined, name);
		else fail(volume, 'VolumeFailedDelete', why);
	}

	function fail({ metadata: { name } }: PersistentVolume, reason: string, message: string): void {
		const volume = read(name);
		if (!volume || volume.status?.phase === 'Failed') return;
		setPhase(volume, 'Failed', message);
		record.record(SOURCE, volume, 'Warning', reason, message);
	}

	/** A volume stays while a claim has it. */
	function guard(name: string): void {
		const volume = read(name);
		if (!volume) return;
		const { deletionTimestamp, finalizers: had = [] } = volume.metadata;
		const without = had.filter((f) => f !== PROTECTION);
		const ends = deletionTimestamp !== undefined && volume.status?.phase !== 'Bound';
		const finalizers = ends ? without : deletionTimestamp === undefined ? [...without, PROTECTION] : had;
		if (finalizers.length === had.length) return;
		api.update({ ...volume, metadata: { ...volume.metadata, finalizers } } as never);
	}
}

/**
 * Why the control plane cannot delete what a volume stands for. A directory below /tmp it can: it removes its own, which
 * is not the node's.
 */
function undeletable({ metadata: { name }, spec }: PersistentVolume): string | undefined {
	const { path } = (spec.hostPath ?? {}) as { readonly path?: string };
	if (path !== undefined)
		return /\/tmp\/.+/.test(path) ? undefined : `host_path deleter only supports /tmp/.+ but received provided ${path}`;
	const known = spec.nfs !== undefined || spec.local !== undefined;
	return `error getting deleter volume plugin for volume "${name}": no ${known ? 'deletable ' : ''}volume plugin matched`;
}
