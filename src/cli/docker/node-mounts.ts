/**
 * What containers have mounted: of kind's nodes what kind asks Docker for, a volume without a name at /var, the laptop's
 * modules and memory (kind pkg/cluster/internal/providers/docker/provision.go runArgsForNode() @ v0.14.0).
 */
import {
	type Container,
	type DockerMount,
	type DockerVolume,
	directory,
	knownDocker,
	type Lab,
	usage as octetsIn,
	volumesOfDocker,
} from '../../sim/lab/index.ts';
import { hex, sha256 } from '../../sim/trace/index.ts';
import { utf8 } from '../../sim/wire/index.ts';

const ROLE = 'io.x-k8s.kind.role';
const CLUSTER = 'io.x-k8s.kind.cluster';

/** Whether it is a node of kind's; a load balancer before several control planes is none. */
const isNode = ({ labels }: Container): boolean =>
	Object.hasOwn(labels, ROLE) && labels[ROLE] !== 'external-load-balancer';

const volumeName = ({ id }: Container): string => hex(sha256(utf8(`${id} /var`)));

/** Mounts of a container, in the order they were asked for. */
export function mountsOf(lab: Lab, container: Container): readonly DockerMount[] {
	if (!isNode(container)) return knownDocker(lab, container.id)?.settings.mounts ?? [];
	const node = directory(container.created, 0o755);
	const name = volumeName(container);
	const memory = (target: string): DockerMount => ({ type: 'tmpfs', source: '', target, readOnly: false, node });
	return [
		{ type: 'volume', name, source: `/var/lib/docker/volumes/${name}/_data`, target: '/var', readOnly: false, node },
		{ type: 'bind', source: '/lib/modules', target: '/lib/modules', readOnly: true, node },
		memory('/run'),
		memory('/tmp'),
	];
}

/** All of Docker's volumes by name, nodes' among them. */
export function allVolumes(lab: Lab): ReadonlyMap<string, DockerVolume> {
	const all = new Map(volumesOfDocker(lab));
	for (const container of lab.docker.containers().filter(isNode)) {
		const name = volumeName(container);
		const { created } = container;
		all.set(name, { name, created, anonymous: true, labels: {}, node: directory(created, 0o755) });
	}
	return all;
}

/** Octets in a volume: in that of a node, the images its containerd has, as crictl tells of them. */
export function volumeSize(lab: Lab, { name, node }: DockerVolume): number {
	const owner = lab.docker.containers().find((c) => isNode(c) && volumeName(c) === name);
	if (!owner) return octetsIn(node);
	const machine = lab
		.cluster(owner.labels[CLUSTER]!)
		?.nodes()
		.find((one) => one.name === owner.name);
	return [...(machine?.images ?? [])].reduce((sum, { size }) => sum + size, 0);
}
