/** Clusters of the lesson: how they are made, and what may be said of one. */
import type { Cluster, Lab } from '../../src/sim/lab/index.ts';

export const CILIUM = '1.12.1';

/** The three ways to install, by the name of their files. */
export const MODES = ['proxy', 'replacement', 'host-routing'] as const;
export type Mode = (typeof MODES)[number];

/** The kind configuration a mode is for. */
export const configOf = (mode: Mode): string => (mode === 'proxy' ? 'kind-config.yaml' : 'kind-config-noproxy.yaml');

/** `helm install` or `helm upgrade` with a file of values, as the handout writes it. */
export const helm = (verb: 'install' | 'upgrade', rest: string): string =>
	`helm ${verb} --namespace kube-system --repo https://helm.cilium.io cilium cilium --version ${CILIUM} ${rest}`;

/** Lines that bring a cluster from nothing to ready in a mode. */
export const upTo = (mode: Mode): readonly string[] => [
	`kind create cluster --config=${configOf(mode)}`,
	helm('install', `--values ${mode}-values.yaml`),
	'kubectl -n kube-system rollout status daemonset/cilium',
	'kubectl wait --for=condition=Ready nodes --all --timeout=120s',
];

/** Agents read their configuration when they start. */
export const RESTART = [
	'kubectl -n kube-system rollout restart daemonset/cilium',
	'kubectl -n kube-system rollout status daemonset/cilium',
];

type Tree = Readonly<Record<string, unknown>>;
const at = (value: unknown, ...path: readonly string[]): unknown =>
	path.reduce<unknown>((tree, key) => (tree as Tree | undefined)?.[key], value);

/** The cluster that is meant when there are several: the one with the most agents, then with the most nodes. */
function clusterOf(lab: Lab): Cluster | undefined {
	const size = (cluster: Cluster): number => cluster.agents().length * 1000 + cluster.nodes().length;
	return lab.clusters().reduce<Cluster | undefined>((a, b) => (a && size(a) > size(b) ? a : b), undefined);
}

/** That cluster's API objects of a kind. */
function listOf(lab: Lab, resource: string): readonly unknown[] {
	const cluster = clusterOf(lab);
	const kind = cluster?.api.find(resource);
	return cluster && kind ? cluster.api.list(kind) : [];
}

const nameOf = (object: unknown): string => String(at(object, 'metadata', 'name'));

/** Nodes of the cluster; undefined while there is none. */
export const nodeCount = (lab: Lab): number => listOf(lab, 'nodes').length;

/** Nodes whose condition Ready is true. */
export function readyNodes(lab: Lab): number {
	return listOf(lab, 'nodes').filter((node) =>
		(at(node, 'status', 'conditions') as readonly Tree[] | undefined)?.some(
			(c) => c.type === 'Ready' && c.status === 'True',
		),
	).length;
}

export const hasDaemonSet = (lab: Lab, name: string): boolean =>
	listOf(lab, 'daemonsets').some((set) => nameOf(set) === name);

/** Value of a key of cilium-config; undefined when it is not there. */
export function configValue(lab: Lab, key: string): string | undefined {
	const map = listOf(lab, 'configmaps').find((m) => nameOf(m) === 'cilium-config');
	return at(map, 'data', key) as string | undefined;
}

/** Agents that are ready and run with this value. */
export function agentsWith(lab: Lab, key: string, value: string): number {
	const agents = clusterOf(lab)?.agents() ?? [];
	return agents.filter((a) => a.state === 'ready' && a.config[key] === value).length;
}

/** Agents that have finished their start. */
export const readyAgents = (lab: Lab): number =>
	(clusterOf(lab)?.agents() ?? []).filter((a) => a.state === 'ready').length;

/** Which of the three ways the cluster is; undefined for anything between. */
export function modeOf(lab: Lab): Mode | undefined {
	const agents = clusterOf(lab)?.agents() ?? [];
	if (agents.length === 0) return undefined;
	const all = (holds: (agent: (typeof agents)[number]) => boolean) => agents.every(holds);
	const proxy = hasDaemonSet(lab, 'kube-proxy');
	if (proxy) return all((a) => !a.settings.nodePort) ? 'proxy' : undefined;
	if (!all((a) => a.settings.nodePort)) return undefined;
	if (all((a) => a.settings.hostRouting === 'bpf')) return 'host-routing';
	return all((a) => a.settings.hostRouting === 'legacy') ? 'replacement' : undefined;
}

/** TCP ports of the machine that lead to this port of a container, as `127.0.0.1:80`. */
export function publishedAt(lab: Lab, container: string, port: number): readonly string[] {
	const found = lab.docker.containers().find((c) => c.name === container && c.state === 'running');
	return (found?.ports ?? [])
		.filter((p) => p.containerPort === port && p.protocol === 'tcp')
		.map((p) => `${p.hostIp}:${p.hostPort}`);
}

/** A kind configuration with so many nodes. */
export function kindConfig(name: string, planes: number, workers: number, more = ''): string {
	const roles = [...Array(planes).fill('control-plane'), ...Array(workers).fill('worker')];
	return [
		'kind: Cluster',
		'apiVersion: kind.x-k8s.io/v1alpha4',
		`name: ${name}`,
		'nodes:',
		...roles.map((role) => `  - role: ${role}`),
		...(more ? [more] : []),
		'',
	].join('\n');
}

/** Makes a cluster of that configuration, from standard input. */
export const createFrom = (config: string): string => `kind create cluster --config=- <<'EOF'\n${config}EOF`;
