/**
 * What `cilium status` finds out: deployments, their pods, the pods of the cluster, images.
 *
 * Source: cilium-cli status/{k8s,status}.go @ v0.12.2, v0.14.4.
 */
import type { ApiObject } from '../../../sim/api/index.ts';
import type { Client } from '../../kube/index.ts';
import { kubeletAway } from '../../kubectl/kubelet-port.ts';

export interface PodState {
	readonly kind: 'DaemonSet' | 'Deployment';
	readonly name: string;
	readonly desired: number;
	readonly ready: number;
	readonly available: number;
	readonly unavailable: number;
}

export interface Finding {
	readonly deployment: string;
	readonly pod: string;
	readonly message: string;
	readonly level: 'error' | 'warning';
}

export interface StatusReport {
	readonly states: readonly PodState[];
	/** Pods of each deployment by phase. */
	readonly phases: ReadonlyMap<string, ReadonlyMap<string, number>>;
	/** Images of each deployment, with how many pods run them. */
	readonly images: ReadonlyMap<string, ReadonlyMap<string, number>>;
	readonly managed: number;
	readonly clusterPods: number;
	readonly findings: readonly Finding[];
	/** Deployments that are not there and need not be. */
	readonly disabled: ReadonlySet<string>;
}

const AGENT = 'cilium';
const OPERATOR = 'cilium-operator';
const RELAY = 'hubble-relay';
const UI = 'hubble-ui';
const MESH = 'clustermesh-apiserver';
const ENVOY = 'cilium-envoy';

/** Label of the pods behind each. */
const SELECTORS: Readonly<Record<string, string>> = {
	[AGENT]: 'k8s-app=cilium',
	[OPERATOR]: 'io.cilium/app=operator',
	[RELAY]: 'k8s-app=hubble-relay',
	[UI]: 'k8s-app=hubble-ui',
	[MESH]: 'k8s-app=clustermesh-apiserver',
	[ENVOY]: 'k8s-app=cilium-envoy',
};

const count = (value: unknown): number => (typeof value === 'number' ? value : 0);

function daemonSet({ metadata, status = {} }: ApiObject): PodState {
	return {
		kind: 'DaemonSet',
		name: metadata.name,
		desired: count(status.desiredNumberScheduled),
		ready: count(status.numberReady),
		available: count(status.numberAvailable),
		unavailable: count(status.numberUnavailable),
	};
}

function deployment({ metadata, spec, status = {} }: ApiObject): PodState {
	return {
		kind: 'Deployment',
		name: metadata.name,
		desired: typeof spec?.replicas === 'number' ? spec.replicas : 1,
		ready: count(status.readyReplicas),
		available: count(status.availableReplicas),
		unavailable: count(status.unavailableReplicas),
	};
}

const add = (into: Map<string, Map<string, number>>, name: string, key: string): void => {
	const of = into.get(name) ?? new Map<string, number>();
	into.set(name, of.set(key, (of.get(key) ?? 0) + 1));
};

/** Looks at everything once. `namespace` is where Cilium is looked for. */
export function inspectStatus({ api, cluster }: Pick<Client, 'api' | 'cluster'>, namespace: string): StatusReport {
	const resource = (name: string) => api.find(name)!;
	const states: PodState[] = [];
	const phases = new Map<string, Map<string, number>>();
	const images = new Map<string, Map<string, number>>();
	const findings: Finding[] = [];
	const disabled = new Set<string>();
	const look = (name: string, kind: 'DaemonSet' | 'Deployment', needed: boolean): void => {
		const plural = kind === 'DaemonSet' ? 'daemonsets' : 'deployments';
		const object = api.get(resource(plural), namespace, name);
		if (!object) {
			disabled.add(name);
			if (needed)
				findings.push({ deployment: name, pod: name, message: `${plural}.apps "${name}" not found`, level: 'error' });
			return;
		}
		const state = kind === 'DaemonSet' ? daemonSet(object) : deployment(object);
		states.push(state);
		const error = (message: string): void =>
			void findings.push({ deployment: name, pod: name, message, level: 'error' });
		if (state.desired === 0) error(`${kind} ${name} has no pods desired`);
		const missing = state.desired - state.ready;
		if (missing > 0) error(`${missing} pods of ${kind} ${name} are not ready`);
		for (const pod of api.list(resource('pods'), { namespace, labelSelector: SELECTORS[name]! })) {
			const phase = String(pod.status?.phase ?? 'Unknown');
			add(phases, name, phase);
			if (phase === 'Pending')
				findings.push({ deployment: name, pod: pod.metadata.name, message: 'pod is pending', level: 'warning' });
			for (const container of (pod.spec?.containers ?? []) as readonly { readonly image: string }[])
				add(images, name, container.image);
			if (
				name === AGENT &&
				phase === 'Running' &&
				!cluster.agents().some((agent) => agent.pod === pod.metadata.name && agent.state === 'ready')
			) {
				// What comes of "cilium status" in its container (k8s.Client.ExecInPod @ cilium-cli v0.12.2).
				const away = kubeletAway({ cluster }, String(pod.spec?.nodeName));
				const why = away
					? `error dialing backend: ${away.why}`
					: (waiting(pod) ?? 'command terminated with exit code 1');
				findings.push({
					deployment: name,
					pod: pod.metadata.name,
					message: `unable to retrieve cilium status: ${why}`,
					level: 'error',
				});
			}
		}
	};
	look(AGENT, 'DaemonSet', true);
	look(ENVOY, 'DaemonSet', false);
	look(OPERATOR, 'Deployment', true);
	look(RELAY, 'Deployment', false);
	look(UI, 'Deployment', false);
	look(MESH, 'Deployment', false);
	const pods = api
		.list(resource('pods'))
		.filter(
			(pod) => pod.spec?.hostNetwork !== true && pod.status?.phase !== 'Succeeded' && pod.status?.phase !== 'Failed',
		);
	const endpoints = api.find('ciliumendpoints');
	const managed = endpoints
		? pods.filter((pod) => api.get(endpoints, pod.metadata.namespace, pod.metadata.name)).length
		: 0;
	return {
		states: states.sort((a, b) => (a.name < b.name ? -1 : 1)),
		phases,
		images,
		managed,
		clusterPods: pods.length,
		findings,
		disabled,
	};
}

/** Why the agent's container does not run: `CrashLoopBackOff`. */
function waiting(pod: ApiObject): string | undefined {
	const statuses = (pod.status?.containerStatuses ?? []) as readonly {
		readonly name: string;
		readonly state?: { readonly waiting?: { readonly reason?: string; readonly message?: string } };
	}[];
	const state = statuses.find((status) => status.name === 'cilium-agent')?.state?.waiting;
	return (
		state &&
		`container cilium-agent is in ${state.reason}, exited with code 1: ${state.message ?? ''}`.replace(/: $/, '')
	);
}

/** Whether everything that is there is well. */
export const isHealthy = (report: StatusReport): boolean => report.findings.length === 0;
