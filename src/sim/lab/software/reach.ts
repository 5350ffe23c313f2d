/** Whether a process on a node, or in a pod there, gets to the API server by a given name and port. */
import { formatIp, parseIp } from '../../wire/index.ts';
import type { ClusterContext } from '../cluster/context.ts';
import type { Machine } from '../cluster/machine.ts';

const LOOPBACK = 0x7f000001;

/** Undefined when it does; else what `dial tcp` ends with, and after how long. */
export function apiFault(
	cluster: ClusterContext,
	machine: Machine,
	host: string,
	port: number,
): { readonly error: string } | undefined {
	const clusterIP = formatIp(cluster.config.serviceSubnet.address + 1);
	const ip = parseIp(host);
	const dial = `dial tcp ${host}:${port}`;
	if (ip === undefined || ip === LOOPBACK) {
		if (host === 'localhost' || ip === LOOPBACK)
			return machine.role === 'control-plane' && port === 6443
				? down(cluster, dial)
				: { error: `${dial}: connect: connection refused` };
		const named = cluster.docker.containers().find((c) => c.name === host && c.network === 'kind');
		if (!named) return { error: `dial tcp: lookup ${host}: no such host` };
		if (named.ip === undefined) return { error: `dial tcp: lookup ${host}: no such host` };
		return endpointFault(cluster, named.ip, port);
	}
	if (host === clusterIP) {
		if (port !== 443) return { error: `${dial}: i/o timeout` };
		// Rules that were left behind still translate; an agent's service map outlives the agent.
		if (
			machine.proxyRules === 'none' &&
			!machine.agent?.settings.nodePort &&
			machine.agent?.settings.socketLB !== 'full'
		)
			return { error: `${dial}: i/o timeout` };
		return down(cluster, dial);
	}
	return endpointFault(cluster, ip, port);
}

function endpointFault(cluster: ClusterContext, ip: number, port: number): { readonly error: string } | undefined {
	const dial = `dial tcp ${formatIp(ip)}:${port}`;
	const target = [...cluster.machines.values()].find((m) => m.ip === ip);
	if (!target) {
		const inNetwork = (ip & 0xffff0000) >>> 0 === 0xac120000;
		return { error: `${dial}: ${inNetwork ? 'connect: no route to host' : 'i/o timeout'}` };
	}
	if (target.role === 'worker' || port !== 6443) return { error: `${dial}: connect: connection refused` };
	return down(cluster, dial);
}

const down = (cluster: ClusterContext, dial: string): { readonly error: string } | undefined =>
	cluster.reachable() ? undefined : { error: `${dial}: connect: connection refused` };

/** The same for a process in a pod: its node's translation is in its way too (Cilium's own for its pods). */
export function podApiFault(cluster: ClusterContext, machine: Machine): { readonly error: string } | undefined {
	if (machine.cni?.kind === 'cilium' && machine.agent)
		return cluster.reachable() ? undefined : { error: 'i/o timeout' };
	return apiFault(cluster, machine, formatIp(cluster.config.serviceSubnet.address + 1), 443);
}
