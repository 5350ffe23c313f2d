/**
 * The table that the API server answers `kubectl get` with, as JSON.
 *
 * Source: kubernetes pkg/printers/internalversion/printers.go (AddHandlers), apimachinery pkg/apis/meta/v1/types.go
 * (Table, PartialObjectMetadata) @ v1.24.0. Kinds whose columns are not described below have empty descriptions.
 */
import type { ApiObject, ApiServer, Resource } from '../../sim/api/index.ts';
import { withManagedFields } from '../../sim/api/managed/index.ts';
import { minorOf } from './releases.ts';

/** metav1.ObjectMeta's own words for `name` and `creationTimestamp`. */
const nameText = (minor: number): string =>
	`Name must be unique within a namespace. Is required when creating resources, although some resources may allow a client to request the generation of an appropriate name automatically. Name is primarily intended for creation idempotence and configuration definition. Cannot be updated. More info: ${minor < 27 ? 'http://kubernetes.io/docs/user-guide/identifiers#names' : 'https://kubernetes.io/docs/concepts/overview/working-with-objects/names#names'}`;

const AGE =
	'CreationTimestamp is a timestamp representing the server time when this object was created. It is not guaranteed to be set in happens-before order across separate operations. Clients may not set this value. It is represented in RFC3339 form and is in UTC.\n\nPopulated by the system. Read-only. Null for lists. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata';

const CONTAINERS = 'Names of each container in the template.';
const IMAGES = 'Images referenced by each container in the template.';

const WORDS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
	Pod: {
		Ready: 'The aggregate readiness state of this pod for accepting traffic.',
		Status: 'The aggregate status of the containers in this pod.',
		Restarts:
			'The number of times the containers in this pod have been restarted and when the last container in this pod has restarted.',
		IP: 'IP address allocated to the pod. Routable at least within the cluster. Empty if not yet allocated.',
		Node: 'NodeName is a request to schedule this pod onto a specific node. If it is non-empty, the scheduler simply schedules this pod onto that node, assuming that it fits resource requirements.',
		'Nominated Node':
			'nominatedNodeName is set only when this pod preempts other pods on the node, but it cannot be scheduled right away as preemption victims receive their graceful termination periods. This field does not guarantee that the pod will be scheduled on this node. Scheduler may decide to place the pod elsewhere if other nodes become available sooner. Scheduler may also decide to give the resources on this node to a higher priority pod that is created after preemption. As a result, this field may be different than PodSpec.nodeName when the pod is scheduled.',
		'Readiness Gates':
			'If specified, all readiness gates will be evaluated for pod readiness. A pod is ready when all its containers are ready AND all conditions specified in the readiness gates have status equal to "True" More info: https://git.k8s.io/enhancements/keps/sig-network/580-pod-readiness-gates',
	},
	Deployment: {
		Ready: 'Number of the pod with ready state',
		'Up-to-date':
			'Total number of non-terminated pods targeted by this deployment that have the desired template spec.',
		Available: 'Total number of available pods (ready for at least minReadySeconds) targeted by this deployment.',
		Containers: CONTAINERS,
		Images: IMAGES,
		Selector:
			'Label selector for pods. Existing ReplicaSets whose pods are selected by this will be the ones affected by this deployment.',
	},
	Namespace: { Status: 'The status of the namespace' },
	Node: {
		Status: 'The status of the node',
		Roles: 'The roles of the node',
		Version: 'Kubelet Version reported by the node.',
		'OS-Image': 'OS Image reported by the node from /etc/os-release (e.g. Debian GNU/Linux 7 (wheezy)).',
		'Kernel-Version': "Kernel Version reported by the node from 'uname -r' (e.g. 3.16.0-0.bpo.4-amd64).",
		'Container-Runtime':
			'ContainerRuntime Version reported by the node through runtime remote API (e.g. containerd://1.4.2).',
	},
};

/** Columns that hold numbers. */
const INTEGERS = new Set(
	'Desired Current Available Up-to-date Data Secrets Active Count MinPods MaxPods Replicas Revision Webhooks Validations MatchingPrecedence Queues HandSize QueueLengthLimit Value'.split(
		' ',
	),
);

/** What of `Ready` is a number and not `1/1`. */
const COUNTED = new Set(['DaemonSet', 'ReplicaSet', 'ReplicationController']);

/** metav1.Table; `listed` for an answer to a list. */
export function tableAnswer(
	api: ApiServer,
	resource: Resource,
	objects: readonly ApiObject[],
	listed: boolean,
): Readonly<Record<string, unknown>> {
	const minor = minorOf(api.version);
	const table = api.table(resource, objects);
	const columns = table.columns.map(({ name, priority }, i) => {
		const custom = resource.custom ? resource.columns?.find((one) => one.name === name) : undefined;
		const integer = INTEGERS.has(name) || (name === 'Ready' && COUNTED.has(resource.kind));
		return {
			name,
			type: custom?.type ?? (integer ? 'integer' : 'string'),
			format: i === 0 && name === 'Name' ? 'name' : '',
			description:
				name === 'Name'
					? nameText(minor)
					: name === 'Age'
						? AGE
						: custom
							? `Custom resource definition column (in JSONPath format): ${custom.jsonPath}`
							: (WORDS[resource.kind]?.[name] ?? ''),
			priority,
		};
	});
	const rows = table.rows.map((row, i) => ({
		cells: row.map((cell, at) => {
			const { type } = columns[at]!;
			return ['integer', 'number'].includes(type) && /^-?\d+(?:\.\d+)?$/.test(cell) ? Number(cell) : cell;
		}),
		object: {
			kind: 'PartialObjectMetadata',
			apiVersion: 'meta.k8s.io/v1',
			metadata: withManagedFields(api, resource, objects[i]!).metadata,
		},
	}));
	const version = listed ? String(api.revision) : objects[0]?.metadata.resourceVersion;
	return {
		kind: 'Table',
		apiVersion: 'meta.k8s.io/v1',
		metadata: { resourceVersion: version },
		columnDefinitions: columns,
		rows,
	};
}
