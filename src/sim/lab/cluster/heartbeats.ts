/**
 * What kubelets and API servers write again and again without any news: leases every ten seconds, conditions every five minutes. Nobody
 * is told and nothing is stored; who reads one sees when it would have been written (pkg/kubelet/kubelet_node_status.go,
 * nodeStatusReportFrequency; component-helpers apimachinery/lease @ v1.24.0).
 */
import {
	type ApiObject,
	type ApiServer,
	formatMicroTime,
	formatTime,
	parseTime,
	type Resource,
} from '../../api/index.ts';
import { SECOND } from '../time.ts';
import type { ClusterContext } from './context.ts';
import type { Condition } from './kinds.ts';
import { hasKubelet, type Machine } from './machine.ts';

const LEASE = 10 * SECOND;
const REPORT_SECONDS = 300;
/** Conditions the kubelet does not write. */
const OTHERS = new Set(['NetworkUnavailable']);

const has = (machine: Machine | undefined): boolean => machine !== undefined && hasKubelet(machine);

/** The API server as people see it. */
export function withHeartbeats(api: ApiServer, { timeline, machines, components }: ClusterContext): ApiServer {
	const running = (name: string): boolean => has(machines.get(name));

	const lease = (object: ApiObject): ApiObject => {
		const { name, namespace } = object.metadata;
		const renewed = (at: number): ApiObject => ({
			...object,
			spec: { ...object.spec, renewTime: formatMicroTime(timeline.epoch + Math.floor(at / SECOND), at % SECOND) },
		});
		if (namespace === 'kube-system' && (name === 'kube-controller-manager' || name === 'kube-scheduler'))
			return components.leads(name) ? renewed(components.renewed(name)) : object;
		const host = /^(?:kube-)?apiserver-/.test(name) && object.metadata.labels?.['kubernetes.io/hostname'];
		const machine = machines.get(host || name);
		if (!(host && namespace === 'kube-system') && namespace !== 'kube-node-lease') return object;
		if (!machine) return object;
		const until = hasKubelet(machine) ? timeline.now : machine.stoppedAt;
		const phase = timeline.random('lease', name, LEASE);
		return renewed(Math.max(0, until - ((until + LEASE - phase) % LEASE)));
	};
	const node = (object: ApiObject): ApiObject => {
		const conditions = object.status?.conditions as unknown as readonly Condition[] | undefined;
		if (!conditions || !running(object.metadata.name)) return object;
		const later = conditions.map((condition) => {
			const written = parseTime(String(condition.lastHeartbeatTime ?? ''));
			if (written === undefined || OTHERS.has(condition.type) || condition.status === 'Unknown') return condition;
			const reports = Math.floor((api.now() - written) / REPORT_SECONDS);
			return reports <= 0
				? condition
				: { ...condition, lastHeartbeatTime: formatTime(written + reports * REPORT_SECONDS) };
		});
		return { ...object, status: { ...object.status, conditions: later as never } };
	};
	const seen = (resource: Resource, object: ApiObject): ApiObject =>
		resource.kind === 'Lease'
			? lease(object)
			: resource.kind === 'Node' && resource.group === ''
				? node(object)
				: object;

	return {
		...api,
		get revision() {
			return api.revision;
		},
		get(resource, namespace, name) {
			const object = api.get(resource, namespace, name);
			return object && seen(resource, object);
		},
		list(resource, options) {
			const objects = api.list(resource, options);
			return resource.kind === 'Lease' || resource.kind === 'Node' ? objects.map((o) => seen(resource, o)) : objects;
		},
	};
}
