/** Listening on the laptop: which addresses and ports a program of the learner gets. */
import type { Cluster, Lab } from '../../../sim/lab/index.ts';
import { IPPROTO_TCP, type Ip, parseIp } from '../../../sim/wire/index.ts';
import { spaceAt } from '../../linux/space.ts';
import { localPorts } from '../../local-ports.ts';

const LOCALHOST: Ip = 0x7f000001;
/** net.ipv4.ip_unprivileged_port_start */
const UNPRIVILEGED = 1024;
/** net.ipv4.ip_local_port_range */
const EPHEMERAL = [32_768, 60_999] as const;

const overlap = (a: Ip, b: Ip): boolean => a === 0 || b === 0 || a === b;

/** An address to listen at. */
export interface ListenAddress {
	/** As text: `127.0.0.1`, `::1`. */
	readonly host: string;
	/** Undefined of IPv6. */
	readonly ip: Ip | undefined;
	/** One of localhost's: one of them is enough. */
	readonly local: boolean;
}

/** `127.0.0.1:80`, `[::1]:80` */
export const hostPort = ({ host }: ListenAddress, port: number): string =>
	host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;

/** Whether anything listens there: a program of the laptop, or Docker for one of its containers. */
function isTaken(lab: Lab, { host, ip }: ListenAddress, port: number): boolean {
	if (ip === undefined) return localPorts(lab).some((item) => item.port === port && item.host === host);
	const listening =
		spaceAt({ kind: 'laptop' }, lab)
			?.ns()
			.sockets.listeners.get(IPPROTO_TCP * 65_536 + port) ?? [];
	const published = lab.docker.containers().flatMap(({ state, ports }) => (state === 'running' ? ports : []));
	return (
		listening.some((item) => overlap(item.ip, ip)) ||
		localPorts(lab).some((item) => item.port === port && item.ip !== undefined && overlap(item.ip, ip)) ||
		published.some(
			(item) => item.hostPort === port && item.protocol === 'tcp' && overlap(parseIp(item.hostIp) ?? 0, ip),
		)
	);
}

/** A port nobody has. */
export function freePort(lab: Lab, at: ListenAddress): number {
	const [first, last] = EPHEMERAL;
	for (let i = 0; ; i++) {
		const port = first + lab.random('port', `${lab.now} ${at.host} ${i}`, last - first + 1);
		if (!isTaken(lab, at, port)) return port;
	}
}

/** What bind() says, in Go's words; undefined when the port is there to be had. */
export function bindError(lab: Lab, at: ListenAddress, port: number): string | undefined {
	const { ip, host } = at;
	const devices = [...(spaceAt({ kind: 'laptop' }, lab)?.ns().devices.values() ?? [])];
	const own =
		ip === undefined
			? host === '::1' || host === '::'
			: ip === 0 ||
				ip >>> 24 === LOCALHOST >>> 24 ||
				devices.some((device) => device.addresses.some((address) => address.ip === ip));
	if (port < UNPRIVILEGED) return 'bind: permission denied';
	if (!own) return 'bind: cannot assign requested address';
	return isTaken(lab, at, port) ? 'bind: address already in use' : undefined;
}

/** Whether who holds a connection to a cluster's API server still has it. */
export const isConnected = (lab: Lab, cluster: Cluster): boolean =>
	cluster.reachable && lab.cluster(cluster.name) === cluster;
