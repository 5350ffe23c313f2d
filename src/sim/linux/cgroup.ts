/** cgroup socket programs: where socket load balancing happens (net/core/filter.c, sock_addr and sock). */
import { formatIp } from '../wire/index.ts';
import { counted } from './bpf-count.ts';
import type { Network } from './net.ts';
import { note } from './records.ts';
import type { Client, Endpoint, SockAddr } from './socket.ts';
import type { Errno, Namespace } from './types.ts';

/**
 * Runs the programs of one hook; answers the address as they leave it, or the errno when one denied. `cookie` is the
 * socket's; that of the next one when absent.
 */
export const runSockPrograms = (
	net: Network,
	ns: Namespace,
	hook: SockAddr['hook'],
	protocol: number,
	packet: number,
	asked: Endpoint,
	cookie = ns.sockets.nextCookie,
): Endpoint | Errno => {
	if (ns.connectPrograms.length === 0) return asked;
	const address: SockAddr = { net, ns, hook, protocol, cookie, packet, ip: asked.ip, port: asked.port };
	for (const program of ns.connectPrograms) {
		if (program.hook !== hook) continue;
		const verdict = counted(net, ns.name, packet, program.name, () => program.run(address));
		if (verdict === 'allow') continue;
		if (net.recorder)
			note(
				net,
				ns,
				{ packet },
				'cgroup',
				'drop',
				{ code: 'program.denied', program: program.name, peer: `${formatIp(address.ip)}:${address.port}` },
				{ chain: program.name },
			);
		// bpf_set_retval(), from Linux 5.18; a plain refusal is EPERM.
		return verdict === 'deny' ? 'EPERM' : verdict.errno;
	}
	return address.ip === asked.ip && address.port === asked.port ? asked : { ip: address.ip, port: address.port };
};

/** connect(): where the socket goes now. */
export const runConnectPrograms = (
	net: Network,
	ns: Namespace,
	protocol: number,
	packet: number,
	asked: Endpoint,
): Endpoint | Errno => runSockPrograms(net, ns, 'connect4', protocol, packet, asked);

/** A client's socket at one of its later moments: what it is told of its peer, or that it is closed. */
export const runClientPrograms = (
	net: Network,
	ns: Namespace,
	hook: 'getpeername4' | 'recvmsg4' | 'sock_release',
	client: Client,
): void => {
	if (ns.connectPrograms.length === 0 || client.cookie === undefined) return;
	const packet = client.firstReply ?? client.firstPacket;
	runSockPrograms(net, ns, hook, client.protocol, packet, client.remote, client.cookie);
};
