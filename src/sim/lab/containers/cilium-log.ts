/**
 * What agents say of endpoints and policies, hubble-relay and Envoy of themselves.
 *
 * Source: cilium daemon/cmd/{endpoint,policy}.go, pkg/endpoint/{log,endpoint,bpf,policy,events}.go,
 * pkg/k8s/watchers/{cilium_network_policy,network_policy}.go @ v1.12.1, v1.14.0; pkg/policy/k8s @ v1.16.15;
 * pkg/endpoint/api, pkg/policy/cell/policy_importer.go @ v1.17.5, v1.18.3; pkg/allocator/allocator.go @ v1.12.1.
 */
import { lxcName, selectsLabels } from '../../cilium/index.ts';
import type { PolicyRule } from '../../kube/index.ts';
import { hex, sha256 } from '../../trace/index.ts';
import { formatIp, type Ip } from '../../wire/index.ts';
import { minorOf } from '../machine/node-images.ts';
import { ciliumPolicy, kubePolicy } from '../projection/policies.ts';
import { versionOfImage } from '../software/cilium/agent-config.ts';
import type { EndpointEvent, PolicyEvent, ToldEndpoint, ToldPolicy } from '../software/cilium/agent-log.ts';
import type { Policy } from '../software/cilium/policy-revision.ts';
import { type Fields, lineOf, type Moment, type Part } from '../software/cilium/say.ts';
import type { ProgramContext } from '../software/program.ts';

/** A UUID of version 4 that belongs to a text. */
function uuidOf({ cluster }: ProgramContext, text: string): string {
	const digits = cluster.timeline.hex(32, 'uuid', text);
	const variant = '89ab'[Number.parseInt(digits[16]!, 16) & 3];
	return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-${variant}${digits.slice(17, 20)}-${digits.slice(20)}`;
}

const minorIn = (context: ProgramContext): number => minorOf(versionOfImage(context.container.image));

/** containerd's number of a pod's sandbox, as `crictl pods` has it. */
const sandboxId = ({ uid }: ToldEndpoint): string => hex(sha256(new TextEncoder().encode(`sandbox ${uid} 0`)));

/** The fields of an endpoint's own logger. */
function ownFields(minor: number, e: ToldEndpoint): Fields {
	const pod = `${e.namespace}/${e.pod}`;
	const identity: Fields = e.identity === undefined ? {} : { identity: e.identity };
	// slog has them in the order of a map without any.
	return {
		desiredPolicyRevision: e.desired,
		ipv6: '',
		ipv4: formatIp(e.ip),
		endpointID: e.id,
		...(minor >= 15 && { ciliumEndpointName: pod }),
		k8sPodName: pod,
		...(minor >= 15 && { containerInterface: '' }),
		containerID: sandboxId(e).slice(0, 10),
		datapathPolicyRevision: e.revision,
		...identity,
	};
}

/** `&{10.0.1.5 <uuid>  }` as Go writes a pointer to a struct, with names for slog (`%+v`). */
const goStruct = (minor: number, fields: readonly (readonly [string, string])[]): string =>
	`&{${fields.map(([name, value]) => (minor >= 18 ? `${name}:${value}` : value)).join(' ')}}`;

function createFields(context: ProgramContext, minor: number, e: ToldEndpoint): Fields {
	const pool = (name: string): readonly (readonly [string, string])[] => (minor >= 14 ? [[name, '']] : []);
	const addressing = goStruct(minor, [
		['IPV4', formatIp(e.ip)],
		['IPV4ExpirationUUID', uuidOf(context, `ip ${e.uid} ${e.id}`)],
		...pool('IPV4PoolName').map(([name]): readonly [string, string] => [name, 'default']),
		['IPV6', ''],
		['IPV6ExpirationUUID', ''],
		...pool('IPV6PoolName'),
	]);
	const { config } = context.machine.agent ?? { config: {} as Readonly<Record<string, string>> };
	const routes = config['enable-endpoint-routes'] === 'true';
	const datapath = goStruct(minor, [
		['DisableSipVerification', 'false'],
		['ExternalIpam', 'false'],
		['InstallEndpointRoute', String(routes)],
		['RequireArpPassthrough', 'false'],
		['RequireEgressProg', String(routes)],
		['RequireRouting', routes ? `0xc00${context.cluster.timeline.hex(7, 'pointer', e.uid)}` : '<nil>'],
	]);
	return {
		addressing,
		containerID: sandboxId(e),
		...(minor >= 15 && { containerInterface: 'eth0' }),
		datapathConfiguration: datapath,
		interface: lxcName(`pod/${e.namespace}/${e.pod}`),
		k8sPodName: `${e.namespace}/${e.pod}`,
		...(minor >= 16 && { k8sUID: e.uid }),
		labels: '[]',
		'sync-build': 'true',
	};
}

/** A node whose agent serves Hubble. */
export interface RelayPeer {
	readonly name: string;
	readonly ip: Ip;
	readonly tls: boolean;
	readonly gone: boolean;
}

/** What hubble-relay says when it starts; `health`: from 1.15 it has a server for that. */
export function relayStart(context: ProgramContext, moment: Moment, cluster: string): readonly string[] {
	const minor = minorIn(context);
	const pointer = (of: string): string => `0xc000${context.cluster.timeline.hex(6, 'pointer', `${context.id} ${of}`)}`;
	const options = [
		'peerTarget:hubble-peer.kube-system.svc.cluster.local.:443',
		...(minor <= 15 ? ['dialTimeout:30000000000'] : []),
		'retryTimeout:30000000000',
		'listenAddress::4245',
		...(minor >= 15 ? ['healthListenAddress::4222'] : []),
		'metricsListenAddress:',
		`log:${pointer('log')}`,
		'serverTLSConfig:<nil>',
		'insecureServer:true',
		`clientTLSConfig:${pointer('tls')}`,
		`clusterName:${cluster}`,
		'insecureClient:false',
		`observerOptions:[${pointer('one')} ${pointer('two')}]`,
		'grpcMetrics:<nil>',
		'grpcUnaryInterceptors:[]',
		'grpcStreamInterceptors:[]',
	].join(' ');
	const line = (message: string, fields: Fields): string => lineOf(context, moment, 'info', 'relay', message, fields);
	return [
		...(minor >= 15 ? [line('Starting gRPC health server...', { [minor >= 18 ? 'address' : 'addr']: ':4222' })] : []),
		line('Starting gRPC server...', { options: `{${options}}` }),
	];
}

/** What it says of a node that comes or goes (pkg/hubble/relay/pool/manager.go @ v1.12.1, v1.18.3). */
export function relayPeer(
	context: ProgramContext,
	moment: Moment,
	peer: RelayPeer,
	cluster: string,
): readonly string[] {
	const address = `${formatIp(peer.ip)}:4244`;
	const name = cluster === 'default' ? peer.name : `${cluster}/${peer.name}`;
	const server = `${peer.name.replaceAll('.', '-')}.${cluster.replaceAll('.', '-')}.hubble-grpc.cilium.io`;
	const notice = [
		`name:"${name}"`,
		`address:"${address}"`,
		`type:PEER_${peer.gone ? 'DELETED' : 'ADDED'}`,
		...(peer.tls ? [`tls:{server_name:"${server}"}`] : []),
	].join(' ');
	const slog = minorIn(context) >= 18;
	const of = { address, [slog ? 'tls' : 'hubble-tls']: String(peer.tls), peer: name };
	const line = (message: string, fields: Fields): string => lineOf(context, moment, 'info', 'relay', message, fields);
	const key = slog ? 'changeNotification' : 'change notification';
	return [
		line('Received peer change notification', { [key]: notice }),
		...(peer.gone ? ['Disconnecting', 'Disconnected'] : ['Connecting', 'Connected']).map((text) => line(text, of)),
	];
}

/** What an agent says of an endpoint. */
export function endpointLine(context: ProgramContext, moment: Moment, event: EndpointEvent, e: ToldEndpoint): string {
	const minor = minorIn(context);
	const line = (part: Part, message: string, fields: Fields): string =>
		lineOf(context, moment, 'info', part, message, fields);
	const own = ownFields(minor, e);
	const identityLabels = e.labels.join(',');
	const of = { containerID: sandboxId(e), endpointID: e.id, k8sPodName: e.pod, k8sNamespace: e.namespace };
	switch (event) {
		case 'create':
			return line('endpointApi', 'Create endpoint request', createFields(context, minor, e));
		case 'new':
			return line('endpoint', 'New endpoint', own);
		case 'resolve':
			return line('endpoint', 'Resolving identity labels (blocking)', { ...own, identityLabels });
		case 'key': {
			const key = e.labels.map((label) => `${label};`).join('');
			return line('allocator', e.known ? 'Reusing existing global key' : 'Allocated new global key', { key });
		}
		case 'identity':
			return line('endpoint', 'Identity of endpoint changed', {
				...ownFields(minor, { ...e, identity: e.before }),
				...(minor >= 18
					? { 'new-identity': e.identity!, 'old-identity': e.before ?? 'no identity' }
					: { identity: e.identity!, oldIdentity: e.before ?? 'no identity' }),
				identityLabels,
			});
		case 'wait':
			return line('endpoint', 'Waiting for endpoint to be generated', own);
		case 'program':
			return line('endpoint', `${minor <= 15 ? 'Rewrote' : 'Reloaded'} endpoint BPF program`, own);
		case 'created': {
			const subsys: Fields = minor >= 18 ? { subsys: 'endpoint-api' } : {};
			return line(minor >= 18 ? 'agent' : 'daemon', 'Successful endpoint creation', { ...own, ...subsys });
		}
		case 'delete':
			return minor <= 14
				? line('endpointApi', 'Delete endpoint request', { containerID: sandboxId(e).slice(0, 10) })
				: line('endpointApi', minor <= 15 ? 'Delete endpoint request' : 'Delete endpoint by containerID request', of);
		case 'release':
			return line('allocator', 'Releasing key', { key: `[${e.labels.join(' ')}]` });
		case 'removed':
			return line('endpoint', 'Removed endpoint', own);
	}
}

function rulesOf(policy: Policy): readonly PolicyRule[] {
	const { kind } = policy;
	const made =
		kind === 'NetworkPolicy'
			? kubePolicy(policy as never)
			: ciliumPolicy(kind as 'CiliumNetworkPolicy', policy as never, []);
	return made.rules;
}

/** Identities that its rules, old and new ones, are about. */
function subjects({ object, old, identities }: ToldPolicy): readonly number[] {
	const rules = [object, old].flatMap((policy) => (policy ? rulesOf(policy) : []));
	return identities
		.filter(({ 'security-labels': labels = {} }) => {
			const own = new Map(Object.entries(labels));
			return rules.some((rule) => selectsLabels(rule.endpointSelector, own));
		})
		.map(({ metadata }) => Number(metadata.name))
		.sort((a, b) => a - b);
}

/** What an agent says of a policy that came, changed or went. */
export function policyLine(context: ProgramContext, moment: Moment, event: PolicyEvent, policy: ToldPolicy): string {
	const minor = minorIn(context);
	const line = (part: Part, message: string, fields: Fields): string =>
		lineOf(context, moment, 'info', part, message, fields);
	const { object, old, revision } = policy;
	const { kind, metadata } = (object ?? old)!;
	const { name, namespace, uid } = metadata;
	const kubernetes = kind === 'NetworkPolicy';
	const watcher: Part = minor >= 16 ? 'policyWatcher' : 'watcher';
	const own: Fields = kubernetes
		? { k8sNetworkPolicyName: name, k8sApiVersion: '' }
		: { ciliumNetworkPolicyName: name, k8sApiVersion: '', k8sNamespace: namespace ?? '' };
	const short = kubernetes ? 'netpol' : kind === 'CiliumNetworkPolicy' ? 'cnp' : 'ccnp';
	const repository: Fields = {
		resource: `${short}/${namespace ?? ''}/${name}`,
		policyRevision: revision,
		deletedRules: old ? rulesOf(old).length : 0,
		identity: `[${subjects(policy).slice(0, 100).join(' ')}]`,
	};
	switch (event) {
		case 'refused':
			return lineOf(context, moment, 'warning', watcher, 'Unable to add CiliumNetworkPolicy', {
				...own,
				error: policy.error ?? '',
			});
		case 'processing':
			return minor <= 16
				? line('daemon', 'Policy imported via API, recalculating...', {
						policyAddRequest: uuidOf(context, `policy ${uid} ${revision}`),
						policyRevision: revision,
					})
				: line('policy', 'Processing policy updates', { count: 1 });
		case 'imported':
			return line('policy', 'Upserted policy to repository', repository);
		case 'added':
			return line(watcher, kubernetes ? 'NetworkPolicy successfully added' : 'Imported CiliumNetworkPolicy', own);
		case 'removed':
			return line('policy', 'Deleted policy from repository', repository);
		case 'deleted':
			return kubernetes
				? line(watcher, 'NetworkPolicy successfully removed', {
						k8sNetworkPolicyName: name,
						k8sNamespace: namespace ?? '',
						k8sApiVersion: '',
						labels: JSON.stringify([
							{ key: 'io.cilium.k8s.policy.derived-from', value: 'NetworkPolicy', source: 'k8s' },
							{ key: 'io.cilium.k8s.policy.name', value: name, source: 'k8s' },
							{ key: 'io.cilium.k8s.policy.namespace', value: namespace ?? '', source: 'k8s' },
							{ key: 'io.cilium.k8s.policy.uid', value: uid, source: 'k8s' },
						]),
					})
				: line(watcher, 'Deleted CiliumNetworkPolicy', own);
	}
}
