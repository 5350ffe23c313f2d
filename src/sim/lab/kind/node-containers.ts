/** Containers of a cluster's nodes: names, ports, labels, and the command line kind runs for them. */
import type { DockerHost } from '../machine/docker.ts';
import { isAddress, joinPort } from '../machine/published.ts';
import type { Container } from '../types.ts';
import type { KindConfig, KindNode } from './config.ts';

export const CLUSTER_LABEL = 'io.x-k8s.kind.cluster';
export const ROLE_LABEL = 'io.x-k8s.kind.role';
const HAPROXY = 'kindest/haproxy:v20220207-ca68f7d4';

type RunSpec = Parameters<DockerHost['run']>[0];

export interface PlannedNode {
	readonly name: string;
	/** Absent for the load balancer. */
	readonly node?: KindNode;
	readonly spec: RunSpec;
	/** An address kind itself listens on, to find a free port there, and that no resolver knows. */
	readonly unknownHost?: string;
}

/** GetFreePort @ kind v0.14.0 listens at the address a mapping names, when it leaves the port to kind. */
const unknownHost = (mappings: readonly { readonly listenAddress: string; readonly hostPort: number }[]) => {
	const found = mappings.find(
		(m) => m.hostPort === 0 && !isAddress(m.listenAddress) && m.listenAddress !== 'localhost',
	);
	return found && { unknownHost: found.listenAddress };
};

/** `control-plane`, `worker`, `worker2`: names by role and order. */
function namesOf(config: KindConfig): readonly { readonly name: string; readonly node: KindNode }[] {
	const counts = new Map<string, number>();
	return config.nodes.map((node) => {
		const n = (counts.get(node.role) ?? 0) + 1;
		counts.set(node.role, n);
		return { name: `${config.name}-${node.role}${n === 1 ? '' : n}`, node };
	});
}

/** All containers; several control planes get a load balancer in front (planCreation). */
export function planNodes(config: KindConfig, docker: DockerHost, apiPort: number): readonly PlannedNode[] {
	const api = { hostIp: config.apiServerAddress, hostPort: apiPort, containerPort: 6443, protocol: 'tcp' } as const;
	const apiMapping = { listenAddress: config.apiServerAddress, hostPort: config.apiServerPort };
	const balanced = config.nodes.filter((n) => n.role === 'control-plane').length > 1;
	const planned: PlannedNode[] = namesOf(config).map(({ name, node }) => {
		const ports: Container['ports'][number][] = node.extraPortMappings.map((p) => ({
			hostIp: p.listenAddress,
			hostPort: p.hostPort > 0 ? p.hostPort : docker.freePort(`${name}\0${p.containerPort}`),
			containerPort: p.containerPort,
			protocol: p.protocol.toLowerCase() as 'tcp' | 'udp' | 'sctp',
		}));
		if (node.role === 'control-plane')
			ports.push(balanced ? { ...api, hostIp: '127.0.0.1', hostPort: docker.freePort(name) } : api);
		const mine = [...node.extraPortMappings, ...(node.role === 'control-plane' && !balanced ? [apiMapping] : [])];
		return { name, node, spec: specOf(config, name, node.role, node.image, ports), ...unknownHost(mine) };
	});
	if (!balanced) return planned;
	const name = `${config.name}-external-load-balancer`;
	const spec = specOf(config, name, 'external-load-balancer', HAPROXY, [api]);
	const haproxy = { ...spec, command: 'haproxy -W -db -f /usr/local/etc/haproxy/haproxy.cfg' };
	return [...planned, { name, spec: haproxy, ...unknownHost([apiMapping]) }];
}

const specOf = (config: KindConfig, name: string, role: string, image: string, ports: Container['ports']) => ({
	name,
	image,
	command: '/usr/local/bin/entrypoint /sbin/init',
	labels: { [CLUSTER_LABEL]: config.name, [ROLE_LABEL]: role },
	network: 'kind',
	ports,
});

/** The command line kind ran, as it stands in its error (provision.go runArgsForNode, commonArgs). */
export const dockerRun = (config: KindConfig, spec: RunSpec): string =>
	[
		'docker run --name',
		spec.name,
		'--hostname',
		spec.name,
		'--label',
		`${ROLE_LABEL}=${spec.labels[ROLE_LABEL]}`,
		'--privileged --security-opt seccomp=unconfined --security-opt apparmor=unconfined --tmpfs /tmp --tmpfs /run --volume /var --volume /lib/modules:/lib/modules:ro --detach --tty --label',
		`${CLUSTER_LABEL}=${config.name}`,
		'--net kind --restart=on-failure:1 --init=false',
		...spec.ports.map(
			(p) => `--publish=${joinPort(p.hostIp, p.hostPort)}:${p.containerPort}/${p.protocol.toUpperCase()}`,
		),
		...(spec.labels[ROLE_LABEL] === 'control-plane' ? ['-e KUBECONFIG=/etc/kubernetes/admin.conf'] : []),
		spec.image,
	].join(' ');

/**
 * What `docker run` says of a published address that is none, before it asks anybody: kind checks no address itself
 * (validate.go), and Docker resolves no names.
 */
export function refusedAddress(spec: RunSpec): string | undefined {
	const port = spec.ports.find((p) => !isAddress(p.hostIp));
	return port && `docker: Invalid ip address: ${port.hostIp}.\nSee 'docker run --help'.`;
}
