/** One TCP exchange of a client program, with the times it measures. */
import { type Client, type ConnectOptions, connect, isLinuxError, listen, unlisten } from '../../sim/linux/index.ts';
import { TCP_ACK, TCP_SYN } from '../../sim/wire/index.ts';
import { localPortAt } from '../local-ports.ts';
import type { Call } from '../tool.ts';
import { announce } from './connections.ts';
import type { Space } from './space.ts';
import { send } from './traffic.ts';

export interface Dialled {
	readonly client: Client;
	/** Microseconds from the beginning: to the end of connect(), when it succeeded, and to the end of it all. */
	readonly connected: number | undefined;
	readonly took: number;
	readonly errno: string | undefined;
}

/** Connects, sends, reads one answer and closes; the lab's time goes on as long as that took. */
export async function dial(
	call: Call,
	space: Space,
	options: ConnectOptions,
): Promise<Dialled | { readonly errno: string }> {
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
	};
}
