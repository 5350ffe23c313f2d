/**
 * A World that follows an API server kept elsewhere (`src/sim/lab`): objects come as they have settled there, so no
 * controller runs here, and what the kernels remember of connections stays.
 */
import { type KubeObject, put, remove } from '../kube/index.ts';
import { forkNet } from '../linux/index.ts';
import { reprogram } from './build.ts';
import { stateOf } from './rules.ts';
import type { Settings, SimError } from './types.ts';
import { guarded, type World } from './world.ts';

export interface ObjectChange {
	/** Created or replaced. Pods are bound and have their addresses, services all they are given. */
	readonly put: readonly KubeObject[];
	readonly remove: readonly { readonly kind: KubeObject['kind']; readonly namespace: string; readonly name: string }[];
	/** Whether kube-proxy runs from now on. When it goes (`stale`), its rules stay as they are before this change. */
	readonly kubeProxy?: Settings['kubeProxy'];
}

/** The World after the change. Actions and history stay as they are. Never throws. */
export function syncWorld(
	world: World,
	change: ObjectChange,
): { readonly world: World } | { readonly error: SimError } {
	return guarded(() => {
		let { snapshot } = world;
		for (const { kind, namespace, name } of change.remove) snapshot = remove(snapshot, kind, namespace, name);
		snapshot = put(snapshot, change.put);
		const kubeProxy = change.kubeProxy ?? world.settings.kubeProxy;
		const settings: Settings =
			kubeProxy === world.settings.kubeProxy ? world.settings : { ...world.settings, kubeProxy };
		const known = world.settings.kubeProxy === 'iptables' ? stateOf(world.snapshot) : world.proxyLeft;
		const proxyLeft = kubeProxy === 'stale' ? known : undefined;
		const net = forkNet(world.net);
		const error = reprogram(net, world.scenario, settings, world.cni, world.snapshot, snapshot, proxyLeft);
		return error ? { error } : { world: { ...world, settings, snapshot, net, proxyLeft } };
	});
}
