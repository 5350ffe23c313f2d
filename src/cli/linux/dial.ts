/** One TCP exchange of a client program, with the times it measures. */
import {
	type Client,
	type ConnectOptions,
	connect,
	isLinuxError,
	isLocalAddress,
	listen,
	unlisten,
} from '../../sim/linux/index.ts';
import { parseIp, TCP_ACK, TCP_SYN } from '../../sim/wire/index.ts';
import { localPortAt } from '../local-ports.ts';
import type { Call } from '../tool.ts';
import { apart } from './apart.ts';
import { announce } from './connections.ts';
import { containerNs } from './laptop-containers.ts';
import { laptopIn, type Space } from './space.ts';
import { send } from './traffic.ts';

export interface Dialled {
	readonly client: Client;
	/** Microseconds from the beginning: to the end of connect(), when it succeeded, and to the end of it all. */
	readonly connected: number | undefined;
	readonly took: number;
	readonly errno: string | undefined;
	/** An ICMP error or a reset said so, not the kernel's own look at its routes. */
	readonly told?: boolean;
}

/**
 * What Docker publishes of a container is answered on the laptop by docker-proxy, which connects to the container from its
 * bridge (moby cmd/docker-proxy/tcp_proxy.go @ v20.10).
 */
function published(
	space: Space,
	{ protocol, dst, dport }: ConnectOptions,
): { readonly space: Space; readonly to: Pick<ConnectOptions, 'dst' | 'dport'> } | undefined {
	const { lab } = space;
	// To nowhere in particular is to oneself (ip_route_output_key_hash_rcu()).
	const to = dst || 0x7f000001;
	if (space.name !== 'host' || protocol !== 'tcp' || localPortAt(lab, dst, dport)) return undefined;
	for (const container of lab.docker?.containers() ?? []) {
		if (container.state !== 'running' || container.ip === undefined) continue;
		const port = container.ports.find((p) => p.hostPort === dport && p.protocol === 'tcp');
		if (!port || !isLocalAddress(space.ns(), to)) continue;
		const ip = parseIp(port.hostIp) ?? 0;
		if (ip !== 0 && ip !== to) continue;
		const cluster = lab.clusters().find((c) => c.nodes().some((n) => n.name === container.name));
		// Rules lead there what is for no address of the loopback's; docker-proxy has the rest.
		const byRule = space.net().namespaces.has(cluster ? `node/${container.name}` : containerNs(container));
		if (byRule && to >>> 24 !== 127) return undefined;
		const inside = cluster && cluster !== space.cluster ? laptopIn(lab, cluster) : space;
		if (inside) return { space: inside, to: { dst: container.ip, dport: port.containerPort } };
	}
	return undefined;
}

/** Connects, sends, reads one answer and closes; the lab's time goes on as long as that took. */
export async function dial(
	call: Call,
	space: Space,
	options: ConnectOptions,
): Promise<Dialled | { readonly errno: string }> {
	const refused = apart(space, options.dst);
	if (refused !== undefined) {
		call.err(`${call.name}: ${refused}\n`);
		return { errno: 'EPROTO' };
	}
	const through = published(space, options);
	if (through) {
		const done = await dial(call, through.space, { ...options, ...through.to });
		// The proxy has taken the connection by the time it finds nobody behind it.
		return 'client' in done && done.errno === 'ECONNREFUSED'
			? { ...done, connected: done.took, errno: 'ECONNRESET' }
			: done;
	}
	const { value, began, frames, decisions, error } = send(space, (net, ns) => {
		// A local port somebody else has is EADDRINUSE, as bind() says it.
		if (options.sport !== undefined) {
			const probe = listen(net, ns, {
				protocol: options.protocol,
				port: options.sport,
				respond: () => undefined,
				owner: '',
			});
			if (isLinuxError(probe)) return probe;
			unlisten(net, ns, probe);
		}
		return connect(net, ns, options);
	});
	if (error) {
		call.err(`${call.name}: the simulated network does not come to rest\n`);
		return { errno: 'EPROTO' };
	}
	if (isLinuxError(value)) return { errno: value.code === 'socket.denied' ? 'EPERM' : 'EADDRINUSE' };
	announce(space.lab, { cluster: space.cluster, from: space.name, program: call.name, client: value, decisions });
	const { outcome, local } = value;
	// A program that hands on connects on its side whether anything is sent or not.
	if (space.name === 'host' && value.accepted && local && !options.data?.length)
		localPortAt(space.lab, options.dst, options.dport)?.answer(new Uint8Array(0), local);
	const end = outcome?.at ?? began;
	const answered = frames.find(
		({ direction, frame: { payload } }) =>
			direction === 'rx' &&
			payload.kind === 'ipv4' &&
			payload.payload.kind === 'tcp' &&
			payload.payload.dport === local?.port &&
			payload.payload.flags === (TCP_SYN | TCP_ACK),
	);
	await call.sleep(end - began);
	return {
		client: value,
		connected: answered ? answered.time - began : undefined,
		took: end - began,
		errno: outcome?.errno,
		told: decisions.some((d) => d.why.code === 'socket.icmp-error'),
	};
}
