/** Pods, deployments and services of a scenario file, with the API's own defaults. */
import {
	type ContainerPort,
	type Deployment,
	NODE_PORT_FIRST,
	NODE_PORT_LAST,
	type ObjectMeta,
	type Pod,
	type Protocol,
	type Service,
	type ServicePort,
	type ServiceRequest,
} from '../../src/sim/kube/index.ts';
import type { Field } from './yaml-reader.ts';

const PROTOCOLS = ['TCP', 'UDP', 'SCTP'] as const;

const meta = (namespace: string, name: string, labels: Readonly<Record<string, string>>): ObjectMeta => ({
	name,
	namespace,
	labels,
	uid: `${namespace}/${name}`,
	creationTimestamp: 0,
});

const readNamespace = (field: Field): string => (field.present ? field.name() : 'default');

const readLabels = (field: Field): Record<string, string> =>
	Object.fromEntries(field.entries().map(([key, value]) => [key, value.text()]));

/** `8080` answers TCP and UDP, `53/UDP` one of them, `{name: dns, port: 53, protocol: UDP}` has a name too. */
function readPorts(field: Field): readonly ContainerPort[] {
	if (!field.present)
		return [
			{ containerPort: 8080, protocol: 'TCP' },
			{ containerPort: 8080, protocol: 'UDP' },
		];
	return field.list().flatMap((item): ContainerPort[] => {
		if (item.isMap) {
			const keys = item.map(['name', 'port', 'protocol'], ['port']);
			const protocol = keys.protocol.present ? keys.protocol.word(PROTOCOLS) : 'TCP';
			const name = keys.name.present ? { name: keys.name.name() } : {};
			return [{ ...name, containerPort: keys.port.number(1, 65535), protocol }];
		}
		const [number, protocol, ...rest] = item.text().split('/');
		const known = PROTOCOLS.find((p) => p === protocol?.toUpperCase());
		if (!/^[1-9][0-9]{0,4}$/.test(number!) || Number(number) > 65535 || rest.length > 0 || (protocol && !known))
			item.fail(`a port is written 8080, 8080/TCP or 53/UDP, not "${item.text()}"`);
		const protocols: readonly Protocol[] = known ? [known] : ['TCP', 'UDP'];
		return protocols.map((p) => ({ containerPort: Number(number), protocol: p }));
	});
}

/** A pod and, when the file says so, its address. */
export function readPod(field: Field, nodes: readonly string[]): { readonly pod: Pod; readonly ip?: number } {
	const keys = field.map(
		['name', 'namespace', 'node', 'ip', 'labels', 'ports', 'hostNetwork', 'ready'],
		['name', 'node'],
	);
	const node = keys.node.text();
	if (!nodes.includes(node)) keys.node.fail(`no node "${node}"; there are ${nodes.join(', ')}`);
	if (keys.hostNetwork.present && keys.hostNetwork.flag() && keys.ip.present)
		keys.ip.fail('a pod on the network of its node has no address of its own');
	const ready = keys.ready.present ? keys.ready.flag() : true;
	return {
		pod: {
			kind: 'Pod',
			metadata: meta(readNamespace(keys.namespace), keys.name.name(), readLabels(keys.labels)),
			nodeName: node,
			hostNetwork: keys.hostNetwork.present ? keys.hostNetwork.flag() : false,
			ready,
			serving: ready,
			ports: readPorts(keys.ports),
		},
		...(keys.ip.present ? { ip: keys.ip.ip() } : {}),
	};
}

export function readDeployment(field: Field): Deployment {
	const keys = field.map(['name', 'namespace', 'replicas', 'labels', 'ports', 'nodeSelector'], ['name', 'labels']);
	const labels = readLabels(keys.labels);
	return {
		kind: 'Deployment',
		metadata: meta(readNamespace(keys.namespace), keys.name.name(), labels),
		replicas: keys.replicas.present ? keys.replicas.number(0, 100) : 1,
		selector: labels,
		template: {
			labels,
			ports: readPorts(keys.ports),
			...(keys.nodeSelector.present ? { nodeSelector: readLabels(keys.nodeSelector) } : {}),
		},
	};
}

const SERVICE_KEYS = [
	'name',
	'namespace',
	'type',
	'clusterIP',
	'selector',
	'ports',
	'externalIPs',
	'loadBalancerIPs',
	'loadBalancerSourceRanges',
	'externalTrafficPolicy',
	'internalTrafficPolicy',
	'sessionAffinity',
	'sessionAffinityTimeout',
	'healthCheckNodePort',
] as const;

/** A service; one without `clusterIP` is given one when the World is made (`None` is headless). */
export function readService(field: Field): ServiceRequest {
	const keys = field.map(SERVICE_KEYS, ['name', 'ports']);
	const ports = keys.ports.list().map(readServicePort);
	if (ports.length === 0) keys.ports.fail('a service needs a port');
	if (ports.length > 1 && ports.some((p) => p.name === '')) keys.ports.fail('every port of several needs a name');
	const type = keys.type.present
		? keys.type.word(['ClusterIP', 'NodePort', 'LoadBalancer'] as const)
		: defaultType(ports);
	for (const [i, port] of ports.entries()) {
		const field = keys.ports.list()[i]!;
		const before = ports.slice(0, i);
		if (before.some((p) => p.name === port.name)) field.fail(`there is another port "${port.name}"`);
		if (before.some((p) => p.port === port.port && p.protocol === port.protocol))
			field.fail(`there is another port ${port.port}/${port.protocol}`);
		if (type === 'ClusterIP' && port.nodePort !== 0) field.fail('a service of type ClusterIP has no nodePort');
	}
	const policy = (value: Field) => (value.present ? value.word(['Cluster', 'Local'] as const) : 'Cluster');
	const headless = keys.clusterIP.present && keys.clusterIP.text() === 'None';
	return {
		kind: 'Service',
		metadata: meta(readNamespace(keys.namespace), keys.name.name(), {}),
		type,
		...(keys.clusterIP.present ? { clusterIP: headless ? 'None' : keys.clusterIP.ip() } : {}),
		ports,
		selector: readLabels(keys.selector),
		externalIPs: keys.externalIPs.list().map((f) => f.ip()),
		loadBalancerIngress: keys.loadBalancerIPs.list().map((f) => f.ip()),
		loadBalancerSourceRanges: keys.loadBalancerSourceRanges.list().map((f) => f.prefix()),
		externalTrafficPolicy: policy(keys.externalTrafficPolicy),
		internalTrafficPolicy: policy(keys.internalTrafficPolicy),
		sessionAffinity: keys.sessionAffinity.present ? keys.sessionAffinity.word(['None', 'ClientIP'] as const) : 'None',
		sessionAffinityTimeout: keys.sessionAffinityTimeout.present ? keys.sessionAffinityTimeout.number(1, 86400) : 10800,
		healthCheckNodePort: keys.healthCheckNodePort.present ? keys.healthCheckNodePort.number(0, 65535) : 0,
	};
}

const defaultType = (ports: readonly ServicePort[]): Service['type'] =>
	ports.some((p) => p.nodePort !== 0) ? 'NodePort' : 'ClusterIP';

function readServicePort(field: Field): ServicePort {
	const keys = field.map(['name', 'protocol', 'port', 'targetPort', 'nodePort'], ['port']);
	const port = keys.port.number(1, 65535);
	const named = keys.targetPort.present && !/^\d+$/.test(keys.targetPort.text());
	return {
		name: keys.name.present ? keys.name.name() : '',
		protocol: keys.protocol.present ? keys.protocol.word(PROTOCOLS) : 'TCP',
		port,
		targetPort: !keys.targetPort.present ? port : named ? keys.targetPort.name() : keys.targetPort.number(1, 65535),
		nodePort: keys.nodePort.present ? keys.nodePort.number(NODE_PORT_FIRST, NODE_PORT_LAST) : 0,
	};
}
