/** Whether what somebody wants to apply has the shape of a Kubernetes object. Meaning is checked by the API server. */
import type { KubeObject, NetworkPolicy } from '../kube/index.ts';
import { printable } from './settings.ts';
import type { SimError } from './types.ts';

type Test = (value: unknown) => boolean;

const text: Test = (v) => typeof v === 'string' && v.length <= 1000;
const flag: Test = (v) => typeof v === 'boolean';
const whole =
	(min: number, max: number): Test =>
	(v) =>
		Number.isInteger(v) && (v as number) >= min && (v as number) <= max;
const ip = whole(0, 0xffffffff);
const port = whole(1, 65535);
const count = whole(0, Number.MAX_SAFE_INTEGER);
const one =
	(...known: readonly unknown[]): Test =>
	(v) =>
		known.includes(v);
const either =
	(...tests: readonly Test[]): Test =>
	(v) =>
		tests.some((t) => t(v));
const absent: Test = (v) => v === undefined;
const list =
	(test: Test): Test =>
	(v) =>
		Array.isArray(v) && v.length <= 10_000 && v.every(test);
const isRecord = (v: unknown): v is Record<string, unknown> => typeof v === 'object' && v !== null && !Array.isArray(v);
const labels: Test = (v) => isRecord(v) && Object.values(v).every(text);
const shape =
	(fields: Readonly<Record<string, Test>>): Test =>
	(v) =>
		isRecord(v) && Object.keys(fields).every((name) => fields[name]!(v[name]));

/** RFC 1123 subdomain: names of objects become names of namespaces and devices. */
const objectName: Test = (v) => typeof v === 'string' && /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/.test(v);

const metadata: Readonly<Record<string, Test>> = {
	name: objectName,
	namespace: either(one(''), objectName),
	labels,
	annotations: either(absent, labels),
	uid: text,
	creationTimestamp: count,
	deletionTimestamp: either(absent, count),
	owner: either(absent, text),
};

const protocol = one('TCP', 'UDP', 'SCTP');
const policy = one('Cluster', 'Local');
const prefix = shape({ address: ip, length: whole(0, 32) });
const containerPorts = list(
	shape({
		name: either(absent, text),
		containerPort: port,
		protocol,
		hostPort: either(absent, port),
		hostIP: either(absent, ip),
	}),
);
const selector = either(absent, labels);

/** Kinds that a scenario may bring; network policies come from the lab's API server, which has checked them, and its agents. */
type Brought = Exclude<KubeObject['kind'], NetworkPolicy['kind'] | 'AgentOptions'>;

const SPECS: Readonly<Record<Brought, Readonly<Record<string, Test>>>> = {
	Node: {
		podCIDR: prefix,
		internalIP: ip,
		ready: flag,
		unschedulable: flag,
		taints: list(shape({ key: text, effect: one('NoSchedule', 'PreferNoSchedule', 'NoExecute') })),
	},
	Pod: {
		nodeName: either(absent, text),
		hostNetwork: flag,
		podIP: either(absent, ip),
		ready: flag,
		serving: flag,
		ports: containerPorts,
		nodeSelector: selector,
	},
	Deployment: {
		replicas: whole(0, 100),
		selector: labels,
		template: shape({ labels, ports: containerPorts, nodeSelector: selector }),
	},
	Service: {
		type: one('ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName'),
		clusterIP: either(absent, ip),
		ports: list(shape({ name: text, protocol, port, targetPort: either(port, text), nodePort: either(one(0), port) })),
		selector: labels,
		externalIPs: list(ip),
		loadBalancerIngress: list(ip),
		loadBalancerSourceRanges: list(prefix),
		externalTrafficPolicy: policy,
		internalTrafficPolicy: policy,
		sessionAffinity: one('None', 'ClientIP'),
		sessionAffinityTimeout: whole(1, 86400),
		healthCheckNodePort: whole(0, 65535),
	},
	EndpointSlice: {
		service: text,
		ports: list(shape({ name: text, port, protocol })),
		endpoints: list(shape({ ip, nodeName: text, ready: flag, serving: flag, terminating: flag, podName: text })),
	},
	CiliumEgressGatewayPolicy: {
		selectors: list(shape({ podSelector: selector, namespaceSelector: selector, nodeSelector: selector })),
		destinationCIDRs: list(prefix),
		excludedCIDRs: list(prefix),
		egressGateway: shape({ nodeSelector: labels, interface: either(absent, text), egressIP: either(absent, ip) }),
	},
};

/** `bad-object` with the field in `where` (`objects[0].metadata.name`), or undefined when all is well. */
export function checkObjects(objects: unknown): SimError | undefined {
	if (!Array.isArray(objects)) return bad('a list of objects is expected', 'objects');
	for (const [i, object] of objects.entries()) {
		const at = `objects[${i}]`;
		if (!isRecord(object)) return bad('an object is expected', at);
		const kind = object.kind as Brought;
		if (!Object.hasOwn(SPECS, printable(kind))) return bad(`unknown kind ${printable(kind)}`, `${at}.kind`);
		const wrong = faultIn(metadata, object.metadata, `${at}.metadata`) ?? faultIn(SPECS[kind], object, at);
		if (wrong !== undefined) return bad('missing or of the wrong form', wrong);
	}
	return undefined;
}

/** The path of the first field that fails its test. */
function faultIn(fields: Readonly<Record<string, Test>>, value: unknown, at: string): string | undefined {
	if (!isRecord(value)) return at;
	const name = Object.keys(fields).find((field) => !fields[field]!(value[field]));
	return name === undefined ? undefined : `${at}.${name}`;
}

const bad = (reason: string, where: string): SimError => ({ code: 'bad-object', params: { reason }, where });
