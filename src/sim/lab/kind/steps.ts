/** From nodes that run to a cluster that works: kind's actions, and kubeadm's within them. */
import { asManager } from '../../api/index.ts';
import { formatIp } from '../../wire/index.ts';
import { installCoreDns, installKubeProxy } from '../bootstrap/addons.ts';
import {
	createApiServerLease,
	createKubeadmObjects,
	createKubernetesService,
	publishApiServers,
} from '../bootstrap/control-plane.ts';
import { installKindnet, installStorage } from '../bootstrap/kind-addons.ts';
import { createStaticPods } from '../bootstrap/static-pods.ts';
import type { ClusterState } from '../cluster/cluster.ts';
import { isReady, type Node, one } from '../cluster/kinds.ts';
import type { Machine } from '../cluster/machine.ts';
import { MILLISECOND, SECOND } from '../time.ts';
import type { Making } from './create.ts';
import { controlPlaneTaints } from './kubeadm-patches.ts';

type Action = (next: () => void) => void;

/** Runs kind's actions one after the other. */
export function bootSteps(making: Making): void {
	const { timeline, config, machines, begin, cancelled } = making;
	const all = [...machines.values()];
	const controlPlanes = all.filter((m) => m.role === 'control-plane');
	const workers = all.filter((m) => m.role === 'worker');
	const first = controlPlanes[0]!;
	let cluster: ClusterState | undefined;

	const between = (from: number, to: number, what: string): number =>
		timeline.between(from, to, `kind ${what}`, config.name);
	const later = (delay: number, act: () => void): void => {
		timeline.after(delay, () => {
			if (!cancelled()) act();
		});
	};
	/** A step that takes a while, with something at its end. */
	const timed =
		(text: string, from: number, to: number, act: () => void = () => {}): Action =>
		(next) => {
			const end = begin(text);
			later(between(from, to, text), () => {
				act();
				end();
				next();
			});
		};

	const startControlPlane: Action = (next) => {
		const end = begin('Starting control-plane 🕹️');
		// kubeadm init: certificates, manifests, and the kubelet starts the static pods.
		later(between(7 * SECOND, 10 * SECOND, 'api server'), () => {
			cluster = making.up();
			const { context } = cluster;
			createKubernetesService(context, [formatIp(first.ip!)]);
			later(between(500 * MILLISECOND, 1500 * MILLISECOND, 'first node'), () => {
				register(cluster!, first);
				createStaticPods(context, first);
				createKubeadmObjects(context, first);
				createApiServerLease(context, first);
				later(between(4 * SECOND, 6 * SECOND, 'addons'), () => {
					if (controlPlanes.length + workers.length > 1) taint(cluster!, first);
					installCoreDns(context);
					if (config.kubeProxyMode !== 'none') installKubeProxy(context);
					later(between(1 * SECOND, 2 * SECOND, 'init end'), () => {
						end();
						next();
					});
				});
			});
		});
	};

	const join =
		(text: string, joining: readonly Machine[]): Action =>
		(next) => {
			const end = begin(text);
			const order = joinOrder(joining);
			const base = between(10 * SECOND, 14 * SECOND, `${text} join`);
			let last = 0;
			for (const [i, machine] of order.entries()) {
				// Workers join at the same time, one some hundred milliseconds after the other.
				const at = base + i * between(250 * MILLISECOND, 700 * MILLISECOND, `join ${machine.name}`);
				last = Math.max(last, at);
				later(at, () => {
					if (!machine.running) return;
					register(cluster!, machine);
					if (machine.role === 'control-plane') {
						createStaticPods(cluster!.context, machine);
						createApiServerLease(cluster!.context, machine);
						taint(cluster!, machine);
						publishApiServers(
							cluster!.context,
							controlPlanes.filter((m) => one(cluster!.api, 'nodes', undefined, m.name)).map((m) => formatIp(m.ip!)),
						);
					}
				});
			}
			later(last + between(9 * SECOND, 12 * SECOND, `${text} end`), () => {
				end();
				next();
			});
		};

	const joinOrder = (joining: readonly Machine[]): readonly Machine[] => {
		const pinned = making.pins.joinOrder ?? [];
		const place = (m: Machine): number => {
			const at = pinned.indexOf(m.name);
			return at >= 0 ? at : 1000 + timeline.random('join order', m.name, 2 ** 20);
		};
		return [...joining].sort((a, b) => place(a) - place(b));
	};

	const waitReady: Action = (next) => {
		const started = timeline.now;
		const end = begin(`Waiting ≤ ${goDuration(making.wait)} for control-plane = Ready ⏳`);
		const look = (): void => {
			const ready = controlPlanes.every((m) => isReady(one<Node>(cluster!.api, 'nodes', undefined, m.name) ?? {}));
			if (!ready && timeline.now < started + making.wait) {
				later(500 * MILLISECOND, look);
				return;
			}
			// A cluster that is not ready in time is made all the same.
			if (ready) end(true, ` • Ready after ${goDuration(timeline.now - started)} 💚`);
			else end(false, ' • WARNING: Timed out waiting for Ready ⚠️');
			next();
		};
		look();
	};

	const actions: Action[] = [
		...(controlPlanes.length > 1 ? [timed('Configuring the external load balancer ⚖️', SECOND, 2 * SECOND)] : []),
		timed('Writing configuration 📜', 2 * SECOND, 4 * SECOND),
		startControlPlane,
		...(config.disableDefaultCNI
			? []
			: [timed('Installing CNI 🔌', SECOND, 2 * SECOND, () => installKindnet(cluster!.context))]),
		timed('Installing StorageClass 💾', SECOND, 2 * SECOND, () => installStorage(cluster!.context)),
		...(controlPlanes.length > 1 ? [join('Joining more control-plane nodes 🎮', controlPlanes.slice(1))] : []),
		...(workers.length > 0 ? [join('Joining worker nodes 🚜', workers)] : []),
		...(making.wait > 0 ? [waitReady] : []),
	];
	const next = (i: number): void => {
		if (cancelled()) return;
		const action = actions[i];
		if (action) action(() => next(i + 1));
		else making.done();
	};
	next(0);
}

/** A kubelet comes up and registers its node. */
function register(cluster: ClusterState, machine: Machine): void {
	cluster.startKubelet(machine);
	cluster.context.api.create(
		{
			apiVersion: 'coordination.k8s.io/v1',
			kind: 'Lease',
			metadata: { name: machine.name, namespace: 'kube-node-lease' },
			spec: { holderIdentity: machine.name, leaseDurationSeconds: 40 },
		},
		{ fieldManager: 'kubelet' },
	);
}

function taint({ context }: ClusterState, machine: Machine): void {
	const api = asManager(context.api, 'kubeadm');
	const node = one<Node>(api, 'nodes', undefined, machine.name);
	if (!node) return;
	api.update({
		...(node as object),
		spec: { ...node.spec, taints: [...controlPlaneTaints(machine.image), ...(node.spec?.taints ?? [])] },
	});
}

/** `1m0s`. */
const goDuration = (micros: number): string => {
	const seconds = Math.round(micros / SECOND);
	const rest = `${seconds % 60}s`;
	return seconds < 60
		? rest
		: seconds < 3600
			? `${Math.floor(seconds / 60)}m${rest}`
			: `${Math.floor(seconds / 3600)}h${Math.floor(seconds / 60) % 60}m${rest}`;
};
