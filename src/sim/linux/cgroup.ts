/** cgroup socket-address programs: where socket load balancing happens (net/core/filter.c, sock_addr). */
import { formatIp } from '../wire/index.ts';
import type { Network } from './net.ts';
import { note } from './records.ts';
import type { Endpoint, SockAddr } from './socket.ts';
import type { Namespace } from './types.ts';

/** Runs the programs of one hook; answers where the socket goes now, or undefined when one denied (EPERM). */
export const runConnectPrograms = (
	net: Network,
	ns: Namespace,
	protocol: number,
	packet: number,
	asked: Endpoint,
	hook: SockAddr['hook'] = 'connect4',
): Endpoint | undefined => {
	if (ns.connectPrograms.length === 0) return asked;
	const address: SockAddr = {
		net,
		ns,
		hook,
		protocol,
		cookie: ns.sockets.nextCookie,
		packet,
		ip: asked.ip,
		port: asked.port,
	};
	for (const program of ns.connectPrograms) {
		if (program.hook !== hook) continue;
		if (program.run(address) === 'allow') continue;
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
		return undefined;
	}
	return address.ip === asked.ip && address.port === asked.port ? asked : { ip: address.ip, port: address.port };
};
