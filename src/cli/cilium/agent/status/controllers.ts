/**
 * Controllers of an agent that is well: what it does again and again, or did once when it started.
 *
 * Names as `cilium status --verbose` lists them in 1.12.0 and 1.18.0; intervals: daemon/cmd/{daemon,health,kube-heartbeat}.go,
 * pkg/endpoint/{endpoint,policy}.go, pkg/fqdn, pkg/maps @ v1.12.1, v1.18.3. Versions between have their neighbours' names.
 * Nothing fails here: the lab keeps no failures of controllers.
 */
import type { Agent } from '../context.ts';
import { endpointsOf } from '../context.ts';

export interface Controller {
	readonly name: string;
	/** Virtual microseconds; undefined when it never ran to its end. */
	readonly lastSuccess: number | undefined;
	/** How often it ran to its end. */
	readonly runs: number;
}

const SECOND = 1_000_000;

/** Seconds between runs; 0 for what runs once, -1 for what waits for something that has not come. */
interface Rule {
	readonly name: string;
	readonly every: number;
	readonly from?: number;
	readonly to?: number;
}

const OF_AGENT: readonly Rule[] = [
	{ name: 'ct-map-pressure', every: 30, from: 15 },
	{ name: 'daemon-validate-config', every: 60, from: 15 },
	{ name: 'dns-garbage-collector-job', every: 60, to: 17 },
	{ name: 'endpoint-gc', every: 300 },
	{ name: 'endpoint-periodic-regeneration', every: 120, from: 16 },
	{ name: 'ipcache-inject-labels', every: 0, to: 13 },
	{ name: 'ipcache-inject-labels', every: 60, from: 14 },
	{ name: 'k8s-heartbeat', every: 30 },
	{ name: 'link-cache', every: 15, to: 17 },
	{ name: 'metricsmap-bpf-prom-sync', every: 5, to: 14 },
	{ name: 'proxy-ports-checkpoint', every: 0, from: 16 },
	{ name: 'sync-endpoints-and-host-ips', every: 60, to: 15 },
	{ name: 'sync-lb-maps-with-k8s-services', every: 0, to: 17 },
	{ name: 'sync-utime', every: 60, from: 14 },
	{ name: 'template-dir-watcher', every: -1, to: 15 },
	{ name: 'write-cni-file', every: 0, from: 14 },
];

export function controllersOf(agent: Agent): readonly Controller[] {
	const { lab, state, minor } = agent;
	const lastOf = (began: number, every: number): number | undefined => {
		if (every < 0) return undefined;
		const past = Math.max(0, lab.now - began);
		return began + (every === 0 ? 0 : Math.floor(past / (every * SECOND)) * every * SECOND);
	};
	const runsOf = (began: number, every: number): number =>
		every < 0 ? 0 : every === 0 ? 1 : 1 + Math.floor(Math.max(0, lab.now - began) / (every * SECOND));
	const out: Controller[] = [];
	const add = (name: string, every: number, began = state.startedAt): void =>
		void out.push({ name, lastSuccess: lastOf(began, every), runs: runsOf(began, every) });
	for (const { name, every, from = 0, to = 99 } of OF_AGENT) if (minor >= from && minor <= to) add(name, every);
	if (state.config['enable-endpoint-health-checking'] !== 'false') add('cilium-health-ep', 60);
	if (minor <= 15) add(`sync-node-with-ciliumnode (${state.node})`, 0);
	for (const { id, kind, namespace, pod } of endpointsOf(agent)) {
		const born = startOf(agent, namespace, pod);
		const began = Math.max(state.startedAt, born ?? 0);
		add(`endpoint-${id}-regeneration-recovery`, -1);
		if (minor <= 15) add(`resolve-identity-${id}`, 300, began);
		else if (kind === 'health') add(`resolve-identity-${id}`, 300, began);
		else add(kind === 'host' ? 'resolve-labels-/' : `resolve-labels-${namespace}/${pod}`, 0, began);
		add(`sync-policymap-${id}`, minor <= 14 ? 60 : 900, began);
		if (minor <= 12 || kind !== 'host') add(`sync-to-k8s-ciliumendpoint (${id})`, 10, began);
		if (minor >= 16 && born !== undefined && born < state.startedAt) {
			add(`restoring-ep-identity (${id})`, 0, began);
			add(`waiting-initial-global-identities-ep (${id})`, 0, began);
		}
	}
	return out.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** When the first container of a pod started that runs now. */
export function startOf({ cluster }: Agent, namespace: string, pod: string): number | undefined {
	const times = cluster
		.running()
		.filter((container) => container.pod.name === pod && container.pod.namespace === namespace)
		.map(({ startedAt }) => startedAt);
	return times.length > 0 ? Math.min(...times) : undefined;
}
