/** One action, one new World. */
import {
	admitService,
	type Deployment,
	get,
	type KubeObject,
	list,
	put,
	remove,
	type Service,
	type Snapshot,
	takenBy,
} from '../kube/index.ts';
import { type Capture, forkNet, type Lookup, type Network } from '../linux/index.ts';
import { type Applied, advance, after, EVENT_BUDGET } from './advance.ts';
import { build, clusterContext, reprogram } from './build.ts';
import { fromKubeError, settle } from './cluster.ts';
import { agentsCut, checkHelm } from './cnis.ts';
import { connect } from './connect.ts';
import { checkObjects } from './objects-check.ts';
import { stateOf } from './rules.ts';
import { bundleOf, MAX_REPLICAS, mergeSettings, printable } from './settings.ts';
import type { Action, Settings, SimError } from './types.ts';
import { guarded, type Moment, type World } from './world.ts';

export interface ApplyOptions {
	/** Whether decisions are recorded; true when absent. */
	readonly records?: boolean;
	/** Told of every frame a device sends or receives. */
	readonly capture?: (capture: Capture) => void;
	/** Told of every lookup in a map or in conntrack. */
	readonly lookup?: (lookup: Lookup) => void;
	/** Events at most; EVENT_BUDGET when absent. */
	readonly budget?: number;
}

/**
 * Applies an action and answers the World after it; `outcome` is there for connections. The World given stays as it
 * is and valid. Never throws; errors are values, `budget` when the network does not come to rest.
 */
export function apply(world: World, action: Action, options: ApplyOptions = {}): Applied {
	return guarded((): Applied => {
		switch (action.kind) {
			case 'connect': {
				const net = forkNet(world.net);
				const outcome = connect(net, world, action.probe, options);
				return 'error' in outcome ? outcome : { world: after(world, action, { net }), outcome };
			}
			case 'advance':
				return advance(world, action, options.budget ?? EVENT_BUDGET);
			case 'set':
				return applySettings(world, action, action.settings);
			case 'scale':
				return scale(world, action);
			case 'apply': {
				const fault = checkObjects(action.objects);
				if (fault) return { error: fault };
				const written = write(world, action.objects);
				return 'error' in written ? written : resettle(world, action, written.snapshot, {});
			}
			case 'delete': {
				const { kind, namespace, name } = action.object;
				if (!get(world.snapshot, kind, namespace, name))
					return unknown('unknown-object', `${kind} ${namespace === '' ? '' : `${namespace}/`}${name}`, []);
				return resettle(world, action, remove(world.snapshot, kind, namespace, name), {});
			}
			default:
				return { error: { code: 'bad-value', params: { name: 'action', value: printable((action as Action).kind) } } };
		}
	});
}

const unknown = (code: SimError['code'], name: string, known: readonly string[]): { readonly error: SimError } => ({
	error: { code, params: { name, known } },
});

/** Whether the world's bundle has agents that ran. */
const hasAgents = (world: World): boolean => bundleOf(world.scenario, world.settings).cilium !== undefined;

/** Switches that make another cluster, not another object in it. */
const REBUILDS: readonly (keyof Settings)[] = ['bundle', 'kubeProxy', 'helm'];

function applySettings(world: World, action: Action, changes: Partial<Settings>): Applied {
	const merged = mergeSettings(world.scenario, world.settings, changes);
	if ('error' in merged) return merged;
	const { settings } = merged;
	const helm = checkHelm(world.scenario, settings);
	if (helm) return { error: helm };
	if (REBUILDS.every((name) => JSON.stringify(settings[name]) === JSON.stringify(world.settings[name])))
		return resettle(world, action, world.snapshot, { settings });
	const left = world.settings.kubeProxy === 'iptables' ? stateOf(world.snapshot) : world.proxyLeft;
	// Agents that cannot start again leave everything in the kernel as it was: programs, maps, pods' devices.
	if (agentsCut(world.scenario, settings) && !agentsCut(world.scenario, world.settings) && hasAgents(world))
		return resettle(world, action, world.snapshot, {
			settings,
			proxyLeft: settings.kubeProxy === 'stale' ? left : undefined,
		});
	const built = build(world.scenario, settings, world.net.now, world.snapshot, left);
	return 'error' in built ? built : { world: after(world, action, { settings, ...built }) };
}

function scale(world: World, action: Extract<Action, { kind: 'scale' }>): Applied {
	const key = action.deployment.includes('/') ? action.deployment : `default/${action.deployment}`;
	const [namespace, name] = key.split('/') as [string, string];
	const deployment = get(world.snapshot, 'Deployment', namespace, name);
	if (!deployment) {
		const known = list(world.snapshot, 'Deployment').map((d) => `${d.metadata.namespace}/${d.metadata.name}`);
		return unknown('unknown-deployment', key, known);
	}
	const { replicas } = action;
	if (world.scenario.subject.deployment === key) return applySettings(world, action, { replicas });
	if (!Number.isInteger(replicas) || replicas < 0 || replicas > MAX_REPLICAS)
		return {
			error: {
				code: 'bad-number',
				params: { name: 'replicas', value: printable(replicas), min: 0, max: MAX_REPLICAS },
			},
		};
	const scaled: Deployment = { ...deployment, replicas };
	return resettle(world, action, put(world.snapshot, [scaled]), {});
}

/** Lets the controllers run over changed objects or settings, and programs the nodes. */
function resettle(
	world: World,
	action: Action,
	snapshot: Snapshot,
	changed: Pick<Partial<Moment>, 'settings' | 'proxyLeft'>,
): Applied {
	const settings = changed.settings ?? world.settings;
	const proxyLeft = 'proxyLeft' in changed ? changed.proxyLeft : world.proxyLeft;
	const { scenario, cni } = world;
	// Pods that replace deleted ones get names of their own.
	const epoch = [...world.actions, action].filter((a) => a.kind === 'delete').length;
	const settled = settle(snapshot, clusterContext(scenario, settings, cni, world.net.now, epoch));
	if ('error' in settled) return settled;
	const net: Network = forkNet(world.net);
	const error = reprogram(net, scenario, settings, cni, world.snapshot, settled.snapshot, proxyLeft);
	return error ? { error } : { world: after(world, action, { settings, net, snapshot: settled.snapshot, proxyLeft }) };
}

/** `kubectl apply`: services get what they do not ask for, and keep what they have. */
function write(world: World, objects: readonly KubeObject[]): { snapshot: Snapshot } | { error: SimError } {
	let { snapshot } = world;
	for (const object of objects) {
		if (object.kind !== 'Service') {
			snapshot = put(snapshot, [object]);
			continue;
		}
		const { namespace, name } = object.metadata;
		const old = get(snapshot, 'Service', namespace, name);
		const others = list(snapshot, 'Service').filter((s) => s !== old);
		const request: Service = object.clusterIP === undefined && old ? { ...object, clusterIP: old.clusterIP } : object;
		const admitted = admitService(request, {
			cidr: world.scenario.cluster.serviceCIDR,
			taken: takenBy(others),
			version: bundleOf(world.scenario, world.settings).kubernetes,
			random: clusterContext(world.scenario, world.settings, world.cni, world.net.now, 0).random,
		});
		if (admitted.error) return { error: fromKubeError(admitted.error) };
		snapshot = put(snapshot, [admitted.value]);
	}
	return { snapshot };
}
