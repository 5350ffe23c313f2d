/** Claims of volumes that live as long as their pod (pkg/controller/volume/ephemeral/controller.go @ v1.24.0). */
import type { ClusterContext } from '../../cluster/context.ts';
import { all, keyOf, one, ownerRef, type Pod, splitKey } from '../../cluster/kinds.ts';
import { SECOND } from '../../time.ts';
import type { Controller } from '../loop.ts';
import { claimNameOf, claimNames, claimOf, notOfPod } from './objects.ts';

export function ephemeralVolumeController(cluster: ClusterContext): Controller {
	const { api, record } = cluster;
	const isOurs = (pod: Pod): boolean =>
		pod.metadata.deletionTimestamp === undefined && (pod.spec.volumes ?? []).some((v) => v.ephemeral);

	/** Makes what is not there; answers what is wrong. */
	const make = (pod: Pod, volume: NonNullable<Pod['spec']['volumes']>[number]): string | undefined => {
		const name = claimNameOf(pod, volume) ?? '';
		const { namespace } = pod.metadata;
		const claim = claimOf(cluster, namespace, name);
		if (claim) return notOfPod(pod, claim);
		const { metadata = {}, spec } = volume.ephemeral?.volumeClaimTemplate ?? {};
		const { labels, annotations } = metadata as { readonly labels?: object; readonly annotations?: object };
		const made = api.create({
			apiVersion: 'v1',
			kind: 'PersistentVolumeClaim',
			metadata: { name, namespace, labels, annotations, ownerReferences: [ownerRef(pod)] },
			spec,
		} as never);
		return made.error && `create PVC ${name}: ${made.error.message}`;
	};

	return {
		name: 'ephemeral-volume',
		keys({ type, object }) {
			if (object.kind === 'Pod') return type === 'ADDED' && isOurs(object as unknown as Pod) ? [keyOf(object)] : [];
			if (object.kind !== 'PersistentVolumeClaim' || type !== 'DELETED') return [];
			const { namespace = '', name } = object.metadata;
			return all<Pod>(api, 'pods', { namespace })
				.filter((pod) => isOurs(pod) && claimNames(pod).includes(name))
				.map(keyOf);
		},
		reconcile(key) {
			const [namespace, name] = splitKey(key);
			const pod = one<Pod>(api, 'pods', namespace, name);
			if (!pod || !isOurs(pod)) return undefined;
			for (const volume of pod.spec.volumes ?? []) {
				const fault = volume.ephemeral && make(pod, volume);
				if (!fault) continue;
				const message = `ephemeral volume ${volume.name}: ${fault}`;
				record.record({ component: 'ephemeral_volume' }, pod, 'Warning', 'FailedBinding', message);
				return 5 * SECOND;
			}
			return undefined;
		},
	};
}
