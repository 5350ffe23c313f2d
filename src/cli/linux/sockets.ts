/** Sockets of a namespace: what listens, and connections. */
import { IPPROTO_TCP, type Ip, parseIp } from '../../sim/wire/index.ts';
import { podsOf } from '../../sim/world/index.ts';
import { localPorts } from '../local-ports.ts';
import { networkNsOf, plainContainers, portsOf } from './laptop-containers.ts';
import { nodeProcesses, programName } from './node-servers.ts';
import { pidsIn } from './processes.ts';
import type { Space } from './space.ts';

export interface SocketRow {
	readonly protocol: 'tcp' | 'udp';
	/** The kernel's name: LISTEN, ESTABLISHED, TIME_WAIT …; of UDP UNCONN or ESTABLISHED. */
	readonly state: string;
	readonly local: { readonly ip: Ip; readonly port: number };
	readonly remote: { readonly ip: Ip; readonly port: number };
	/** Addresses of a socket of IPv6, as text: `local` and `remote` have its ports only. */
	readonly v6?: { readonly local: string; readonly remote: string };
	/** The connections a listener lets wait. */
	readonly backlog: number;
	readonly process?: { readonly name: string; readonly pid: number; readonly fd: number };
	/** Of TIME_WAIT: microseconds left. */
	readonly left?: number;
}

/** Go's and nginx's listen() with somaxconn, which is 4096 from Linux 5.4 on. */
const BACKLOG = 4096;

const NOBODY = { ip: 0, port: 0 };

/** All sockets, listeners first as the kernel dumps them. */
export function socketsOf(space: Space): readonly SocketRow[] {
	const { cluster } = space;
	const net = space.net();
	const ns = space.ns();
	const out: SocketRow[] = [];
	const images = new Map((cluster?.running() ?? []).map((c) => [c.pod.name, c] as const));
	const named = new Set(cluster ? podsOf(cluster.world()).map((p) => p.metadata.name) : []);
	const pids = pidsIn(space);
	const processOf = (owner: string): NonNullable<SocketRow['process']> => {
		const running = images.get(owner);
		return {
			name: programName(named.has(owner) ? owner.replace(/-[^-]*$/, '') : owner, running?.image),
			pid: pids(running ? owner : programName(owner, undefined), running?.id),
			fd: 3,
		};
	};
	for (const list of ns.sockets.listeners.values())
		for (const { protocol, ip, port, owner } of list)
			out.push({
				protocol: protocol === IPPROTO_TCP ? 'tcp' : 'udp',
				state: protocol === IPPROTO_TCP ? 'LISTEN' : 'UNCONN',
				local: { ip, port },
				remote: NOBODY,
				backlog: protocol === IPPROTO_TCP ? BACKLOG : 0,
				process: processOf(owner),
			});
	if (cluster && space.name.startsWith('node/'))
		for (const { name, protocol, ip, port } of nodeProcesses(cluster, space.name.slice(5))) {
			// Some of them are ports of pods on the host network.
			if (out.some((r) => r.protocol === protocol && r.local.port === port)) continue;
			out.push({
				protocol,
				state: protocol === 'tcp' ? 'LISTEN' : 'UNCONN',
				local: { ip, port },
				remote: NOBODY,
				backlog: protocol === 'tcp' ? BACKLOG : 0,
				process: processOf(name),
			});
		}
	if (space.name === 'host')
		for (const { ip = 0, port, owner, host } of localPorts(space.lab))
			out.push({
				protocol: 'tcp',
				state: 'LISTEN',
				local: { ip, port },
				remote: NOBODY,
				...(host.includes(':') ? { v6: { local: host, remote: '::' } } : {}),
				backlog: BACKLOG,
				process: processOf(owner),
			});
	if (space.name === 'host')
		for (const { state, ports } of space.lab.docker?.containers() ?? [])
			for (const { hostIp, hostPort, protocol } of state === 'running' ? ports : [])
				if (protocol !== 'sctp')
					out.push({
						protocol,
						state: protocol === 'tcp' ? 'LISTEN' : 'UNCONN',
						local: { ip: parseIp(hostIp) ?? 0, port: hostPort },
						remote: NOBODY,
						backlog: protocol === 'tcp' ? BACKLOG : 0,
						process: {
							name: 'docker-proxy',
							pid: pids('docker-proxy', undefined, (p) => p.argv.includes(String(hostPort))),
							fd: 4,
						},
					});
	for (const container of plainContainers(space.lab)) {
		if (networkNsOf(space.lab, container) !== space.name) continue;
		for (const { port, protocol } of portsOf(container))
			out.push({
				protocol: protocol === 'TCP' ? 'tcp' : 'udp',
				state: protocol === 'TCP' ? 'LISTEN' : 'UNCONN',
				local: { ip: 0, port },
				remote: NOBODY,
				backlog: protocol === 'TCP' ? BACKLOG : 0,
				process: { name: programName(container.name, container.image), pid: 1, fd: 3 },
			});
	}
	for (const remotes of ns.sockets.tcp.values())
		for (const end of remotes.values()) {
			if (end.state === 'TIME_WAIT' && end.expires <= net.now) continue;
			if (end.state === 'CLOSE') continue;
			out.push({
				protocol: 'tcp',
				state: end.state,
				local: { ip: end.localIp, port: end.localPort },
				remote: { ip: end.remoteIp, port: end.remotePort },
				backlog: 0,
				...(end.state === 'TIME_WAIT'
					? { left: end.expires - net.now }
					: end.listener
						? { process: processOf(end.listener.owner) }
						: {}),
			});
		}
	for (const remotes of ns.sockets.udp.values())
		for (const { local, remote } of remotes.values())
			out.push({ protocol: 'udp', state: remote.port ? 'ESTABLISHED' : 'UNCONN', local, remote, backlog: 0 });
	return out;
}
