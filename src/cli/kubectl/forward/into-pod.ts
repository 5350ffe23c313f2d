/**
 * The far end of a forwarded port: containerd enters the pod's network namespace and connects to localhost there. No
 * Service is asked and no packet leaves the pod.
 *
 * Source: containerd pkg/cri/server/sandbox_portforward_linux.go @ v1.6.4; kubernetes
 * pkg/kubelet/cri/streaming/portforward/httpstream.go @ v1.24.0.
 */
import type { ApiObject } from '../../../sim/api/index.ts';
import type { Cluster, Lab } from '../../../sim/lab/index.ts';
import { connect, isLinuxError } from '../../../sim/linux/index.ts';
import { sandboxesOn } from '../../linux/cri.ts';
import { netnsName } from '../../linux/devices.ts';
import { spaceAt } from '../../linux/space.ts';
import { send } from '../../linux/traffic.ts';
import { text } from '../print/index.ts';

const LOCALHOST = 0x7f000001;
/** How long a program in the pod may think, microseconds. */
const PATIENCE = 150e6;

export interface Target {
	readonly lab: Lab;
	readonly cluster: Cluster;
	readonly pod: ApiObject;
	/** Id of the sandbox that was asked for when the forwarding began. */
	readonly sandbox: string;
	readonly port: number;
}

/** Octets that came back, none at all, or what the kubelet tells of why not. */
export type Reached = { readonly reply: Uint8Array } | { readonly error: string };

/** Id of a pod's sandbox at containerd; undefined when there is none (any more). */
export function sandboxOf(lab: Lab, cluster: Cluster, pod: ApiObject): string | undefined {
	const machine = cluster.nodes().find((node) => node.name === text(pod, 'spec', 'nodeName'));
	return machine && sandboxesOn(lab, cluster, machine).find((item) => item.uid === pod.metadata.uid)?.id;
}

/** Hands octets to whoever listens on a port of the pod, and takes the answer. */
export function intoPod(target: Target, octets: Uint8Array): Reached {
	const { lab, cluster, pod, port, sandbox: id } = target;
	const { namespace = '', name } = pod.metadata;
	const failed = (why: string): Reached => ({ error: `error forwarding port ${port} to pod ${id}, uid : ${why}` });
	const space = spaceAt({ kind: 'pod', cluster: cluster.name, namespace, pod: name, container: '' }, lab);
	if (!space || sandboxOf(lab, cluster, pod) !== id)
		return failed(`failed to find sandbox "${id}" in store: not found`);
	const hosted = space.name.startsWith('node/');
	const inside = (why: string): Reached =>
		failed(
			`failed to execute portforward in network namespace "${hosted ? 'host' : `/var/run/netns/${netnsName(space.name)}`}": ${why}`,
		);
	const { value } = send(space, (net, ns) =>
		connect(net, ns, { protocol: 'tcp', dst: LOCALHOST, dport: port, data: octets, deadline: PATIENCE }),
	);
	const outcome = isLinuxError(value) ? undefined : value.outcome;
	if (outcome?.errno === 'ECONNRESET' && outcome.result === 'connected')
		return inside(
			`read tcp4 127.0.0.1:${isLinuxError(value) ? 0 : value.local?.port}->127.0.0.1:${port}: read: connection reset by peer`,
		);
	if (outcome?.result !== 'connected')
		return inside(
			`failed to connect to localhost:${port} inside namespace "${id}", IPv4: dial tcp4 127.0.0.1:${port}: connect: ${outcome?.errno === 'ECONNREFUSED' ? 'connection refused' : 'connection timed out'} IPv6 dial tcp6 [::1]:${port}: connect: connection refused `,
		);
	return { reply: outcome.reply };
}
