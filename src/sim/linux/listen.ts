/** Servers: apart from those who send (`process.ts`), as machines listen before the first packet. */
import { IPPROTO_TCP, IPPROTO_UDP, type Ip } from '../wire/index.ts';
import { runSockPrograms } from './cgroup.ts';
import { type LinuxError, linuxError } from './error.ts';
import type { Network } from './net.ts';
import { addListener, type Listener, type Respond, removeListener } from './socket.ts';

export interface ListenOptions {
	readonly protocol: 'tcp' | 'udp';
	/** Absent (or 0): every address of the namespace. */
	readonly ip?: Ip;
	readonly port: number;
	/** See `Respond`: a pure function of request and peer. */
	readonly respond: Respond;
	readonly owner: string;
	/** `client` when absent. */
	readonly closes?: 'client' | 'server';
	readonly transparent?: boolean;
	/** See `Listener`. */
	readonly greets?: Listener['greets'];
}

/** Starts a server in the namespace `ns`. `socket.in-use` is EADDRINUSE, `socket.denied` EPERM of a cgroup program. */
export const listen = (net: Network, ns: string, options: ListenOptions): Listener | LinuxError => {
	const space = net.namespaces.get(ns);
	if (!space) return linuxError('ns.unknown', { ns });
	const listener: Listener = {
		protocol: options.protocol === 'tcp' ? IPPROTO_TCP : IPPROTO_UDP,
		ip: options.ip ?? 0,
		port: options.port,
		respond: options.respond,
		owner: options.owner,
		closes: options.closes ?? 'client',
		transparent: options.transparent ?? false,
		...(options.greets ? { greets: options.greets } : {}),
	};
	const bound = { ip: listener.ip, port: listener.port };
	if (
		space.connectPrograms.length > 0 &&
		typeof runSockPrograms(net, space, 'post_bind4', listener.protocol, 0, bound) === 'string'
	)
		return linuxError('socket.denied', { ns, port: options.port });
	return addListener(space.sockets, listener) ? listener : linuxError('socket.in-use', { ns, port: options.port });
};

/** Stops a server: new connections are refused, those it accepted go on. */
export const unlisten = (net: Network, ns: string, listener: Listener): LinuxError | undefined => {
	const space = net.namespaces.get(ns);
	if (!space) return linuxError('ns.unknown', { ns });
	removeListener(space.sockets, listener);
	return undefined;
};
