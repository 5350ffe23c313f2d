/** What a pod needs of the API before its containers can be made. */
import type { ClusterContext } from '../cluster/context.ts';
import { type ConfigMap, type ContainerSpec, one, type Pod, type Volume } from '../cluster/kinds.ts';

/** The first volume whose source is missing, in the kubelet's words. */
export function missingVolume(cluster: ClusterContext, pod: Pod): string | undefined {
	const look = (volume: Volume, name: string): string | undefined => {
		const { namespace } = pod.metadata;
		const { configMap, secret } = volume;
		if (configMap && !configMap.optional && !one<ConfigMap>(cluster.api, 'configmaps', namespace, configMap.name))
			return `MountVolume.SetUp failed for volume "${name}" : configmap "${configMap.name}" not found`;
		if (secret && !secret.optional && !one(cluster.api, 'secrets', namespace, secret.secretName))
			return `MountVolume.SetUp failed for volume "${name}" : secret "${secret.secretName}" not found`;
		return undefined;
	};
	for (const volume of pod.spec.volumes ?? []) {
		const fault = look(volume, volume.name);
		if (fault) return fault;
	}
	return undefined;
}

/** A ConfigMap or Secret an environment variable is taken from and that is not there. */
export function missingEnv(cluster: ClusterContext, pod: Pod, spec: ContainerSpec): string | undefined {
	for (const { valueFrom } of spec.env ?? []) {
		const ref = (valueFrom as { configMapKeyRef?: { name: string; key: string; optional?: boolean } } | undefined)
			?.configMapKeyRef;
		if (!ref || ref.optional) continue;
		const map = one<ConfigMap>(cluster.api, 'configmaps', pod.metadata.namespace, ref.name);
		if (!map) return `configmap "${ref.name}" not found`;
		if (map.data?.[ref.key] === undefined)
			return `couldn't find key ${ref.key} in ConfigMap ${pod.metadata.namespace}/${ref.name}`;
	}
	return undefined;
}
