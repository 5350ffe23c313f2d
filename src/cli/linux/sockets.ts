/** Sockets of a namespace: what listens, and connections. */

import type { RunningContainer } from '../../sim/lab/index.ts';
import { formatIp, IPPROTO_TCP, type Ip, parseIp } from '../../sim/wire/index.ts';
import { podsOf } from '../../sim/world/index.ts';
import { localPorts } from '../local-ports.ts';
import { type Bound, boundAddresses, commandLine, imageName, listeningAt } from './bindings.ts';
import { heldConnections } from './held-connections.ts';
import { EMBEDDED_DNS, hasEmbeddedDns, networkNsOf, plainContainers, portsOf } from './laptop-containers.ts';
import { nodeProcesses, programName } from './node-servers.ts';
import { type ProcessRef, programsIn } from './processes.ts';
import type { Space } from './space.ts';

export interface SocketProcess {
	readonly name: string;
	readonly pid: number;
	readonly fd: number;
}

export interface SocketRow {
	readonly protocol: 'tcp' | 'udp';
	/** The kernel's name: LISTEN, ESTABLISHED, TIME_WAIT …; of UDP UNCONN or ESTABLISHED. */
	readonly state: string;
	readonly local: { readonly ip: Ip; readonly port: number };
	readonly remote: { readonly ip: Ip; readonly port: number };
	/** Of a socket of IPv6: one that takes IPv4 too, one that does not, or a connection of IPv4's over one. */
	readonly v6?: 'dual' | 'only' | 'mapped';
	/** Addresses of IPv6 proper, as text: `local` and `remote` have its ports only. */
	readonly text?: { readonly local: string; readonly remote: string };
	/** The connections a listener lets wait. */
	readonly backlog: number;
	/** Who has it open, the newest first. */
	readonly processes: readonly SocketProcess[];
	/** Of TIME_WAIT: microseconds left. */
	readonly left?: number;
	/** What a TCP connection knows of its peer and its path. */
	readonly tcp?: { readonly mss: number; readonly cwnd: number; readonly timestamps: boolean; readonly scales: string };
}

/** The address of one end as netlink's and /proc's readers write it; `wild` is what they have for a socket that takes both families. */
export function hostOf(row: SocketRow, end: 'local' | 'remote', wild: string): string {
	if (row.text) return row.text[end];
	if (row.v6 === 'dual') return wild;
	if (row.v6 === 'only') return '::';
	return row.v6 === 'mapped' ? `::ffff:${formatIp(row[end].ip)}` : formatIp(row[end].ip);
}

/** Go's and nginx's listen() with somaxconn, which is 4096 from Linux 5.4 on. */
const BACKLOG = 4096;

const NOBODY = { ip: 0, port: 0 };

/** All sockets, listeners first as the kernel dumps them. */
export function socketsOf(space: Space): readonly SocketRow[] {
	const { cluster, lab } = space;
	const net = space.net();
	const ns = space.ns();
	const out: SocketRow[] = [];
	const programs = programsIn(space);
	const containers = new Map<string, RunningContainer[]>();
	for (const c of cluster?.running() ?? []) containers.set(c.pod.name, [...(containers.get(c.pod.name) ?? []), c]);
	const runningAt = (pod: string, port: number): RunningContainer | undefined =>
		listeningAt(containers.get(pod) ?? [], port);
	const named = new Set(cluster ? podsOf(cluster.world()).map((p) => p.metadata.name) : []);
	const own = cluster?.nodes().find((n) => `node/${n.name}` === space.name)?.ip ?? 0;
	/** Descriptors by process: each socket has its own. */
	const descriptors = new Map<number, number>();
	const opened = (refs: readonly ProcessRef[]): readonly SocketProcess[] => {
		const first = refs[0];
		if (!first) return [];
		const last = descriptors.get(first.pid);
		// Behind the first socket Go opens its poller and the pipe that wakes it.
		const fd = last === undefined ? 3 : last === 3 ? 6 : last + 1;
		descriptors.set(first.pid, fd);
		return [...refs].reverse().map(({ name, pid }) => ({ name, pid, fd }));
	};
	const ownerOf = (owner: string, port: number): readonly ProcessRef[] => {
		const running = runningAt(owner, port);
		const name = programName(named.has(owner) ? owner.replace(/-[^-]*$/, '') : owner, running?.image);
		return programs(running ? owner : name, running?.id, name);
	};
	const listener = (
		protocol: 'tcp' | 'udp',
		{ ip, v6 }: Bound,
		port: number,
		refs: readonly ProcessRef[],
		text?: SocketRow['text'],
	): void => {
		const tcp = protocol === 'tcp';
		out.push({
			protocol,
			state: tcp ? 'LISTEN' : 'UNCONN',
			local: { ip, port },
			remote: NOBODY,
			...(v6 ? { v6 } : {}),
			...(text ? { text } : {}),
			backlog: tcp ? BACKLOG : 0,
			processes: opened(refs),
		});
	};
	for (const list of ns.sockets.listeners.values())
		for (const { protocol, ip, port, owner } of list) {
			const running = runningAt(owner, port);
			// What no longer runs listens no longer, whatever the API has heard of it.
			if (!running && containers.size > 0 && named.has(owner)) continue;
			const bounds =
				ip === 0 && cluster && running
					? boundAddresses(imageName(running.image), port, commandLine(cluster, running), own)
					: [{ ip }];
			const refs = ownerOf(owner, port);
			for (const bound of bounds) listener(protocol === IPPROTO_TCP ? 'tcp' : 'udp', bound, port, refs);
		}
	if (cluster && own !== 0)
		for (const { name, protocol, ip, port, dual } of nodeProcesses(cluster, space.name.slice(5)))
			listener(
				protocol,
				{ ip, ...(dual ? { v6: 'dual' } : {}) },
				port,
				name === '' ? [] : programs(name, undefined, name),
			);
	// The kernel's own sockets of tunnels, one of each family.
	for (const { tunnel, up } of ns.devices.values())
		if (tunnel && up) {
			listener('udp', { ip: 0 }, tunnel.port, []);
			listener('udp', { ip: 0, v6: 'only' }, tunnel.port, []);
		}
	if (space.name === 'host') {
		for (const { ip = 0, port, owner, host } of localPorts(lab)) {
			const six = host.includes(':');
			listener(
				'tcp',
				{ ip, ...(six ? { v6: 'only' } : {}) },
				port,
				programs(owner, undefined, owner),
				six ? { local: host, remote: '::' } : undefined,
			);
		}
		for (const { state, ports } of lab.docker?.containers() ?? [])
			for (const { hostIp, hostPort, protocol } of state === 'running' ? ports : [])
				if (protocol !== 'sctp')
					listener(
						protocol,
						{ ip: parseIp(hostIp) ?? 0 },
						hostPort,
						programs('docker-proxy', undefined, 'docker-proxy', (p) => p.argv.includes(String(hostPort))),
					);
	}
	for (const container of plainContainers(lab)) {
		if (networkNsOf(lab, container) !== space.name) continue;
		const name = programName(container.name, container.image);
		const refs = [{ name, pid: 1, argv: container.command.split(' ') }];
		for (const { port, protocol } of portsOf(lab, container))
			for (const bound of boundAddresses(name, port, refs[0]!.argv, 0))
				listener(protocol === 'TCP' ? 'tcp' : 'udp', bound, port, refs);
		if (hasEmbeddedDns(container))
			for (const protocol of ['tcp', 'udp'] as const) listener(protocol, { ip: EMBEDDED_DNS }, 53, []);
	}
	for (const { client, server, to, from } of heldConnections(space)) {
		const held = { protocol: 'tcp', state: 'ESTABLISHED', backlog: 0 } as const;
		if (client.ns === space.name)
			out.push({
				...held,
				local: { ip: client.ip, port: client.port },
				remote: to,
				processes: opened(programs(client.program, client.container, client.program)),
			});
		if (server.ns === space.name)
			out.push({
				...held,
				v6: out.some((r) => r.state === 'LISTEN' && r.v6 === 'dual' && r.local.port === server.port)
					? 'mapped'
					: undefined,
				local: { ip: server.ip, port: server.port },
				remote: from,
				processes: opened(ownerOf(server.program, server.port)),
			} as SocketRow);
	}
	for (const remotes of ns.sockets.tcp.values())
		for (const end of remotes.values()) {
			if (end.state === 'TIME_WAIT' && end.expires <= net.now) continue;
			if (end.state === 'CLOSE') continue;
			const mapped =
				end.listener !== undefined &&
				out.some((r) => r.state === 'LISTEN' && r.v6 === 'dual' && r.local.port === end.localPort);
			out.push({
				protocol: 'tcp',
				state: end.state,
				local: { ip: end.localIp, port: end.localPort },
				remote: { ip: end.remoteIp, port: end.remotePort },
				...(mapped ? { v6: 'mapped' as const } : {}),
				backlog: 0,
				processes: end.state !== 'TIME_WAIT' && end.listener ? opened(ownerOf(end.listener.owner, end.localPort)) : [],
				...(end.state === 'TIME_WAIT' ? { left: end.expires - net.now } : {}),
				tcp: {
					mss: end.mss - (end.timestamps ? 12 : 0),
					cwnd: end.cwnd,
					timestamps: end.timestamps,
					scales: end.rcvScale || end.sndScale ? `${end.sndScale},${end.rcvScale}` : '',
				},
			});
		}
	for (const remotes of ns.sockets.udp.values())
		for (const { local, remote } of remotes.values())
			out.push({
				protocol: 'udp',
				state: remote.port ? 'ESTABLISHED' : 'UNCONN',
				local,
				remote,
				backlog: 0,
				processes: [],
			});
	return out;
}
