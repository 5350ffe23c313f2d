/**
 * Objects that a cluster's components keep for themselves and that only people look at: the API server's flow control,
 * a CSINode of each kubelet, the service range and its addresses. They come when somebody looks, without a write.
 *
 * Source: k8s.io/apiserver pkg/apis/flowcontrol/bootstrap/default.go, kubernetes pkg/volume/csi/nodeinfomanager @ v1.24.0,
 * pkg/controlplane/controller/defaultservicecidr, pkg/registry/core/service/ipallocator @ v1.33.0.
 */
import { minorOf } from '../../kube/index.ts';
import { sub, text } from '../json.ts';
import { newUid } from '../meta.ts';
import type { ApiObject, ApiServer } from '../object.ts';
import type { Store } from '../store.ts';

interface About {
	readonly version: string;
	readonly born: string;
	readonly serviceCidr: string;
}

const FLOW = 'flowcontrol.apiserver.k8s.io';

/** `name shares queues handSize queueLengthLimit lendablePercent`; without queues requests over the limit are rejected. */
const LEVELS = `
catch-all 5 - - - 0
global-default 20 128 6 50 50
leader-election 10 16 4 50 0
node-high 40 64 6 50 25
system 30 64 6 50 33
workload-high 40 128 6 50 50
workload-low 100 128 6 50 90
`;

/** `name level precedence distinguisher subjects rules`; rules: all, probes, or verbs on resources of groups in namespaces. */
const SCHEMAS = `
exempt exempt 1 - group:system:masters all
probes exempt 2 - group:system:unauthenticated,group:system:authenticated probes
system-leader-election leader-election 100 ByUser user:system:kube-controller-manager,user:system:kube-scheduler,account:* leases
endpoint-controller workload-high 150 ByUser user:system:kube-controller-manager,account:endpoint-controller,account:endpointslicemirroring-controller endpoints
workload-leader-election leader-election 200 ByUser account:* leases
system-node-high node-high 400 ByUser group:system:nodes heartbeats
system-nodes system 500 ByUser group:system:nodes all
kube-controller-manager workload-high 800 ByNamespace user:system:kube-controller-manager all
kube-scheduler workload-high 800 ByNamespace user:system:kube-scheduler all
kube-system-service-accounts workload-high 900 ByNamespace account:* all
service-accounts workload-low 9000 ByUser group:system:serviceaccounts all
global-default global-default 9900 ByUser group:system:unauthenticated,group:system:authenticated all
catch-all catch-all 10000 ByUser group:system:unauthenticated,group:system:authenticated all
`;

const rule = (verbs: string, group: string, resources: string, space = '*', clusterScope = false): object => ({
	verbs: verbs.split(','),
	apiGroups: [group],
	resources: resources.split(','),
	...(clusterScope ? { clusterScope } : {}),
	namespaces: [space],
});

const LEASES = 'get,create,update';

function rulesOf(kind: string, minor: number): object {
	switch (kind) {
		case 'probes':
			return { nonResourceRules: [{ verbs: ['get'], nonResourceURLs: ['/healthz', '/readyz', '/livez'] }] };
		case 'leases':
			return {
				resourceRules: [
					...(minor < 24 ? [rule(LEASES, '', 'endpoints,configmaps', 'kube-system')] : []),
					rule(LEASES, 'coordination.k8s.io', 'leases'),
				],
			};
		case 'endpoints':
			return { resourceRules: [rule(LEASES, '', 'endpoints')] };
		case 'heartbeats':
			return {
				resourceRules: [rule('*', '', 'nodes,nodes/status', '*', true), rule('*', 'coordination.k8s.io', 'leases')],
			};
		default:
			return {
				resourceRules: [rule('*', '*', '*', '*', true)],
				nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }],
			};
	}
}

function subjectOf(word: string): object {
	const [, kind, name = ''] = /^(\w+):(.*)$/.exec(word) ?? [];
	if (kind === 'account') return { kind: 'ServiceAccount', serviceAccount: { namespace: 'kube-system', name } };
	return kind === 'user' ? { kind: 'User', user: { name } } : { kind: 'Group', group: { name } };
}

const lines = (table: string): readonly string[][] =>
	table
		.trim()
		.split('\n')
		.map((line) => line.split(' '));

const UPDATED = { annotations: { 'apf.kubernetes.io/autoupdate-spec': 'true' } };

function flowControl(version: string, minor: number, born: string): readonly Made[] {
	const shares = minor >= 26 ? 'nominalConcurrencyShares' : 'assuredConcurrencyShares';
	const levels = lines(LEVELS).map(([name = '', share, queues, handSize, limit, lendable]): Made => {
		const queuing = { handSize: Number(handSize), queueLengthLimit: Number(limit), queues: Number(queues) };
		return {
			kind: 'PriorityLevelConfiguration',
			metadata: { name, ...UPDATED },
			spec: {
				type: 'Limited',
				limited: {
					[shares]: Number(share),
					...(minor >= 26 ? { lendablePercent: Number(lendable) } : {}),
					limitResponse: queues === '-' ? { type: 'Reject' } : { queuing, type: 'Queue' },
				},
			},
			status: {},
		};
	});
	const exempt: Made = {
		kind: 'PriorityLevelConfiguration',
		metadata: { name: 'exempt', ...UPDATED },
		spec: { type: 'Exempt', ...(minor >= 28 ? { exempt: { lendablePercent: 0, nominalConcurrencyShares: 0 } } : {}) },
		status: {},
	};
	const schemas = lines(SCHEMAS).map(
		([name = '', level, precedence, method, subjects = '', rules = '']): Made => ({
			kind: 'FlowSchema',
			metadata: { name, ...UPDATED },
			spec: {
				...(method === '-' ? {} : { distinguisherMethod: { type: method } }),
				matchingPrecedence: Number(precedence),
				priorityLevelConfiguration: { name: level },
				rules: [{ ...rulesOf(rules, minor), subjects: subjects.split(',').map(subjectOf) }],
			},
			status: {
				conditions: [
					{
						lastTransitionTime: born,
						message: `This FlowSchema references the PriorityLevelConfiguration object named "${level}" and it exists`,
						reason: 'Found',
						status: 'False',
						type: 'Dangling',
					},
				],
			},
		}),
	);
	return [exempt, ...levels, ...schemas].map((made) => ({ apiVersion: `${FLOW}/${version}`, ...made }));
}

interface Made {
	readonly apiVersion?: string;
	readonly kind: string;
	readonly metadata: { readonly name: string; readonly [key: string]: unknown };
	readonly [key: string]: unknown;
}

/** In-tree plugins that had moved to CSI by 1.24, as a kubelet tells of itself (pkg/volume/csi/nodeinfomanager). */
const MIGRATED = (minor: number): string =>
	[
		'kubernetes.io/aws-ebs',
		'kubernetes.io/azure-disk',
		...(minor >= 26 ? ['kubernetes.io/azure-file'] : []),
		'kubernetes.io/cinder',
		'kubernetes.io/gce-pd',
		...(minor >= 27 ? ['kubernetes.io/vsphere-volume'] : []),
		...(minor >= 31 ? ['kubernetes.io/portworx-volume'] : []),
	].join(',');

/** What is to be called before somebody looks at objects of a resource. */
export function ownObjects(
	api: ApiServer,
	store: Store,
	{ version, born, serviceCidr }: About,
): (plural: string) => void {
	const minor = minorOf(version);
	let seeded = false;
	/** CSINodes and addresses somebody deleted stay away. */
	const given = new Set<string>();
	const put = (plural: string, group: string, made: Made, key: string, created: string, revision: string): void => {
		const table = store.table({ plural, group });
		if (given.has(key) || table.get(undefined, made.metadata.name)) return;
		given.add(key);
		table.set({
			...made,
			metadata: {
				...made.metadata,
				creationTimestamp: created,
				resourceVersion: revision,
				uid: newUid(api.random, `${plural}/own/${key}`),
			},
		} as unknown as ApiObject);
	};
	const flow = (): void => {
		if (seeded) return;
		seeded = true;
		const served = api.find('flowschemas')?.version ?? 'v1';
		for (const [i, made] of flowControl(served, minor, born).entries()) {
			const plural = made.kind === 'FlowSchema' ? 'flowschemas' : 'prioritylevelconfigurations';
			put(plural, FLOW, made, `${made.kind}/${made.metadata.name}`, born, String(20 + i));
		}
	};
	const nodes = (): void => {
		const table = store.table({ plural: 'csinodes', group: 'storage.k8s.io' });
		const there = store.table({ plural: 'nodes', group: '' }).list();
		for (const { metadata } of there)
			put(
				'csinodes',
				'storage.k8s.io',
				{
					apiVersion: 'storage.k8s.io/v1',
					kind: 'CSINode',
					metadata: {
						name: metadata.name,
						annotations: { 'storage.alpha.kubernetes.io/migrated-plugins': MIGRATED(minor) },
						ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name: metadata.name, uid: metadata.uid }],
					},
					spec: { drivers: null },
				},
				metadata.uid,
				metadata.creationTimestamp,
				metadata.resourceVersion,
			);
		for (const object of table.list())
			if (object.metadata.ownerReferences?.length && !there.some((n) => n.metadata.name === object.metadata.name))
				table.remove(object);
	};
	const services = (plural: string): void => {
		const group = 'networking.k8s.io';
		if (plural === 'servicecidrs') {
			const condition = {
				lastTransitionTime: born,
				message: 'Kubernetes Service CIDR is ready',
				reason: '',
				status: 'True',
			};
			const made = {
				apiVersion: `${group}/v1`,
				kind: 'ServiceCIDR',
				metadata: { name: 'kubernetes', finalizers: ['networking.k8s.io/service-cidr-finalizer'] },
				spec: { cidrs: [serviceCidr] },
				status: { conditions: [{ ...condition, type: 'Ready' }] },
			};
			put(plural, group, made, 'servicecidr', born, '12');
			return;
		}
		const table = store.table({ plural, group });
		const addresses = new Map<string, ApiObject>();
		for (const service of store.table({ plural: 'services', group: '' }).list()) {
			const ip = text(service, 'spec', 'clusterIP') ?? '';
			if (/^\d/.test(ip)) addresses.set(ip, service);
		}
		for (const [ip, { metadata }] of addresses) {
			const parentRef = { group: '', name: metadata.name, namespace: metadata.namespace, resource: 'services' };
			const labels = {
				'ipaddress.kubernetes.io/ip-family': 'IPv4',
				'ipaddress.kubernetes.io/managed-by': 'ipallocator.k8s.io',
			};
			const made = { kind: 'IPAddress', metadata: { name: ip, labels }, spec: { parentRef } };
			put(
				plural,
				group,
				{ apiVersion: `${group}/v1`, ...made },
				`${ip} ${metadata.uid}`,
				metadata.creationTimestamp,
				metadata.resourceVersion,
			);
		}
		// An address goes with its Service.
		for (const object of table.list()) {
			const managed = object.metadata.labels?.['ipaddress.kubernetes.io/managed-by'] !== undefined;
			const parent = addresses.get(object.metadata.name)?.metadata;
			const of = sub(object, 'spec', 'parentRef');
			if (managed && (parent?.name !== of.name || parent?.namespace !== of.namespace)) table.remove(object);
		}
	};
	return (plural) => {
		if (plural === 'flowschemas' || plural === 'prioritylevelconfigurations') flow();
		else if (plural === 'csinodes') nodes();
		else if (minor >= 33 && (plural === 'servicecidrs' || plural === 'ipaddresses')) services(plural);
	};
}
