/**
 * ClusterIPs, node ports and pod addresses: who gets which, and who is refused.
 *
 * Source: kubernetes pkg/registry/core/service/ipallocator/bitmap.go and portallocator @ v1.28 (dynamic
 * allocation from the upper band: ServiceIPStaticSubrange, on by default since 1.25;
 * ServiceNodePortStaticSubrange, since 1.28).
 */
import { formatIp, formatPrefix, type Ip, type Prefix, prefixContains } from '../wire/index.ts';
import type { Random } from './chance.ts';
import { type KubeError, type Result, refuse } from './error.ts';
import type { Service, ServicePort } from './objects.ts';

/** `--service-node-port-range`. */
export const NODE_PORT_FIRST = 30000;
export const NODE_PORT_LAST = 32767;

/** The minor of `1.24.0`: 24. */
export const minorOf = (version: string): number => Number(version.split('.')[1] ?? 0);

/** What is taken already. Node ports are keyed `30080/TCP`: TCP and UDP may share a number. */
export interface Taken {
	readonly clusterIPs: ReadonlySet<Ip>;
	readonly nodePorts: ReadonlySet<string>;
}

/** What the given services hold. */
export const takenBy = (services: readonly Service[]): Taken => {
	const clusterIPs = new Set<Ip>();
	const nodePorts = new Set<string>();
	for (const service of services) {
		if (service.clusterIP !== undefined) clusterIPs.add(service.clusterIP);
		for (const port of service.ports) if (port.nodePort !== 0) nodePorts.add(`${port.nodePort}/${port.protocol}`);
	}
	return { clusterIPs, nodePorts };
};

/** Draws a free offset in [from, to): a random start, then the next free one, as the bitmap allocator does. */
const draw = (
	from: number,
	to: number,
	free: (offset: number) => boolean,
	random: Random,
	purpose: string,
	key: string,
): number | undefined => {
	const size = to - from;
	if (size <= 0) return undefined;
	const start = random(purpose, key, size);
	for (let i = 0; i < size; i++) {
		const offset = from + ((start + i) % size);
		if (free(offset)) return offset;
	}
	return undefined;
};

/**
 * A ClusterIP out of `cidr`, network and broadcast address never. From Kubernetes 1.25 the lower band of
 * min(max(16, size/16), 256) addresses is left to those who ask for an address by name, and used only when the
 * upper one is full.
 */
export const allocateClusterIp = (
	cidr: Prefix,
	taken: ReadonlySet<Ip>,
	options: { readonly version: string; readonly random: Random; readonly key: string },
): Result<Ip> => {
	const size = 2 ** (32 - cidr.length);
	const base = cidr.address + 1;
	const count = Math.max(size - 2, 0);
	const band = minorOf(options.version) >= 25 && size >= 16 ? Math.min(Math.max(16, Math.floor(size / 16)), 256) : 0;
	const free = (offset: number): boolean => !taken.has(base + offset);
	const from = Math.min(band, count);
	const found =
		draw(from, count, free, options.random, 'clusterIP', options.key) ??
		draw(0, from, free, options.random, 'clusterIP.lower', options.key);
	return found === undefined
		? refuse('cluster-ip.exhausted', options.key, { cidr: formatPrefix(cidr) })
		: { value: base + found };
};

/** Whether a ClusterIP somebody asks for can be had. */
export const checkClusterIp = (
	cidr: Prefix,
	taken: ReadonlySet<Ip>,
	ip: Ip,
	position: string,
): KubeError | undefined => {
	const size = 2 ** (32 - cidr.length);
	if (!prefixContains(cidr, ip) || ip === cidr.address || ip === cidr.address + size - 1)
		return refuse('cluster-ip.out-of-range', position, { ip: formatIp(ip), cidr: formatPrefix(cidr) }).error;
	return taken.has(ip) ? refuse('cluster-ip.taken', position, { ip: formatIp(ip) }).error : undefined;
};

/** A node port. From Kubernetes 1.28 the first min(max(16, size/32), 128) ports are used last. */
export const allocateNodePort = (
	taken: ReadonlySet<string>,
	protocol: ServicePort['protocol'],
	options: { readonly version: string; readonly random: Random; readonly key: string },
): Result<number> => {
	const count = NODE_PORT_LAST - NODE_PORT_FIRST + 1;
	const band = minorOf(options.version) >= 28 ? Math.min(Math.max(16, Math.floor(count / 32)), 128) : 0;
	const free = (offset: number): boolean => !taken.has(`${NODE_PORT_FIRST + offset}/${protocol}`);
	const found =
		draw(band, count, free, options.random, 'nodePort', options.key) ??
		draw(0, band, free, options.random, 'nodePort.lower', options.key);
	return found === undefined ? refuse('node-port.exhausted', options.key) : { value: NODE_PORT_FIRST + found };
};

/** Whether a node port somebody asks for can be had. */
export const checkNodePort = (
	taken: ReadonlySet<string>,
	protocol: ServicePort['protocol'],
	port: number,
	position: string,
): KubeError | undefined => {
	if (port < NODE_PORT_FIRST || port > NODE_PORT_LAST)
		return refuse('node-port.out-of-range', position, { port }).error;
	return taken.has(`${port}/${protocol}`) ? refuse('node-port.taken', position, { port, protocol }).error : undefined;
};

/** A Service as somebody applies it: no ClusterIP means "give me one", `None` is headless; nodePort 0 likewise. */
export type ServiceRequest = Omit<Service, 'clusterIP'> & { readonly clusterIP?: Ip | 'None' };

const NEEDS_NODE_PORT = new Set<Service['type']>(['NodePort', 'LoadBalancer']);

/**
 * A Service with its ClusterIP, node ports and health-check port allocated, or why not. What the service holds
 * itself (on update) must not be in `taken`.
 */
export const admitService = (
	request: ServiceRequest,
	options: { readonly cidr: Prefix; readonly taken: Taken; readonly version: string; readonly random: Random },
): Result<Service> => {
	const { clusterIP: asked, ...rest } = request;
	const name = `${request.metadata.namespace}/${request.metadata.name}`;
	const position = `Service ${name}`;
	let clusterIP: Ip | undefined;
	if (request.type !== 'ExternalName' && asked !== 'None') {
		if (asked !== undefined) {
			const error = checkClusterIp(options.cidr, options.taken.clusterIPs, asked, position);
			if (error) return { error };
			clusterIP = asked;
		} else {
			const got = allocateClusterIp(options.cidr, options.taken.clusterIPs, { ...options, key: position });
			if (got.error) return got;
			clusterIP = got.value;
		}
	}
	const nodePorts = new Set(options.taken.nodePorts);
	const ports: ServicePort[] = [];
	for (const port of request.ports) {
		if (!NEEDS_NODE_PORT.has(request.type)) {
			ports.push({ ...port, nodePort: 0 });
			continue;
		}
		let nodePort = port.nodePort;
		if (nodePort !== 0) {
			const error = checkNodePort(nodePorts, port.protocol, nodePort, position);
			if (error) return { error };
		} else {
			const key = `${position}:${port.name}/${port.protocol}`;
			const got = allocateNodePort(nodePorts, port.protocol, { ...options, key });
			if (got.error) return got;
			nodePort = got.value;
		}
		nodePorts.add(`${nodePort}/${port.protocol}`);
		ports.push({ ...port, nodePort });
	}
	let healthCheckNodePort = 0;
	if (request.type === 'LoadBalancer' && request.externalTrafficPolicy === 'Local') {
		healthCheckNodePort = request.healthCheckNodePort;
		if (healthCheckNodePort === 0) {
			const got = allocateNodePort(nodePorts, 'TCP', { ...options, key: `${position}:health` });
			if (got.error) return got;
			healthCheckNodePort = got.value;
		}
	}
	return { value: { ...rest, ...(clusterIP === undefined ? {} : { clusterIP }), ports, healthCheckNodePort } };
};

/**
 * A pod address out of a node's pod CIDR; `.0`, `.1` (the gateway) and broadcast never. Without `random` the
 * lowest free one, as the host-local IPAM plugin hands them out on a fresh node; with it, any.
 */
export const allocatePodIp = (podCIDR: Prefix, taken: ReadonlySet<Ip>, key: string, random?: Random): Result<Ip> => {
	const count = 2 ** (32 - podCIDR.length);
	const free = (offset: number): boolean => !taken.has(podCIDR.address + offset);
	const found = draw(2, count - 1, free, random ?? (() => 0), 'podIP', key);
	return found === undefined
		? refuse('pod-ip.exhausted', key, { cidr: formatPrefix(podCIDR) })
		: { value: podCIDR.address + found };
};
