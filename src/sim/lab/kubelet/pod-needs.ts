/** What a pod needs of the API before its containers can be made. */
import type { ClusterContext } from '../cluster/context.ts';
import { type ConfigMap, type ContainerSpec, one, type Pod, type Volume } from '../cluster/kinds.ts';
import type { Machine } from '../cluster/machine.ts';
import { peoplesContainers } from '../containers/later.ts';
import { minorOf } from '../machine/node-images.ts';

/** Volumes that cannot be mounted now, by name, in the kubelet's words. */
export function missingVolumes(cluster: ClusterContext, machine: Machine, pod: Pod): ReadonlyMap<string, string> {
	const people = peoplesContainers();
	if (people) return people.volumeFaults(cluster, machine, pod);
	const faults = new Map<string, string>();
	const { namespace } = pod.metadata;
	for (const { name, configMap, secret } of (pod.spec.volumes ?? []) as readonly Volume[]) {
		const say = (what: string) => faults.set(name, `MountVolume.SetUp failed for volume "${name}" : ${what} not found`);
		if (configMap && !configMap.optional && !one<ConfigMap>(cluster.api, 'configmaps', namespace, configMap.name))
			say(`configmap "${configMap.name}"`);
		if (secret && !secret.optional && !one(cluster.api, 'secrets', namespace, secret.secretName))
			say(`secret "${secret.secretName}"`);
	}
	return faults;
}

/** Whether a volume is made of objects, and made again when they change (RequiresRemount() of pkg/volume/{configmap,secret,projected}). */
export const isRenewed = ({ spec }: Pod, name: string): boolean =>
	((spec.volumes ?? []) as readonly (Volume & { readonly projected?: unknown; readonly downwardAPI?: unknown })[]).some(
		(volume) =>
			volume.name === name && Boolean(volume.configMap ?? volume.secret ?? volume.projected ?? volume.downwardAPI),
	);

/**
 * What the worker of a pod says when it waited two minutes for volumes (volume_manager.go WaitForAttachAndMount()); from
 * 1.28 on it says that in the journal only.
 */
export function unmountedWords(cluster: ClusterContext, pod: Pod, missing: readonly string[]): string | undefined {
	const minor = minorOf(cluster.api.version);
	if (minor >= 28) return undefined;
	const all = (pod.spec.volumes ?? []).map(({ name }) => name);
	const timedOut = minor >= 27 ? 'context deadline exceeded' : 'timed out waiting for the condition';
	const rest =
		minor >= 26 ? 'unattached volumes=[], failed to process volumes=[]' : `unattached volumes=[${all.join(' ')}]`;
	return `Unable to attach or mount volumes: unmounted volumes=[${missing.join(' ')}], ${rest}: ${timedOut}`;
}

/** Why a container cannot be made of what it asks for: the reason CreateContainerConfigError has it as its message. */
export function configFault(cluster: ClusterContext, pod: Pod, spec: ContainerSpec): string | undefined {
	const people = peoplesContainers();
	if (people) return people.missingEnv(cluster, pod, spec) ?? people.rootRefusal(pod, spec);
	return missingKey(cluster, pod, spec);
}

/** Of the cluster's own pods, which take variables from ConfigMaps only. */
function missingKey(cluster: ClusterContext, pod: Pod, spec: ContainerSpec): string | undefined {
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

/** Secrets a pod names for its registries and that are not there (kubelet_pods.go getPullSecretsForPod()). */
export const missingPullSecrets = (cluster: ClusterContext, pod: Pod): readonly string[] =>
	((pod.spec.imagePullSecrets ?? []) as readonly { readonly name: string }[])
		.map(({ name }) => name)
		.filter((name) => !one(cluster.api, 'secrets', pod.metadata.namespace, name));

/** Names of runtimes that a node's containerd is configured with: runc's, which it begins with, and one of kind's tests. */
const HANDLERS = ['', 'runc', 'test-handler'];

/** Why containerd makes no sandbox: the pod's RuntimeClass names a runtime that it lacks (internal/cri/server/sandbox_run.go). */
export function runtimeFault(cluster: ClusterContext, pod: Pod): string | undefined {
	const { runtimeClassName } = pod.spec;
	if (typeof runtimeClassName !== 'string') return undefined;
	const { handler = '' } =
		one<{ readonly handler?: string }>(cluster.api, 'runtimeclasses', undefined, runtimeClassName) ?? {};
	return HANDLERS.includes(handler)
		? undefined
		: `rpc error: code = Unknown desc = failed to get sandbox runtime: no runtime for "${handler}" is configured`;
}
