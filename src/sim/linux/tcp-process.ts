/**
 * The processes at the two ends of a TCP connection: a client that asks and closes, a server that answers.
 * They run a little after the kernel, as processes do, so that acknowledgements leave before answers.
 */
import { EMPTY, formatIp } from '../wire/index.ts';
import { runClientPrograms } from './cgroup.ts';
import type { Network } from './net.ts';
import { note } from './records.ts';
import type { Client, ClientOutcome } from './socket.ts';
import type { TcpEndpoint } from './tcp-endpoint.ts';
import { closeEndpoint, dropEndpoint, pushData } from './tcp-output.ts';
import type { Errno, Namespace } from './types.ts';

/** Time a woken process takes to run, microseconds. */
const WAKE_UP = 50;

/** Whoever has nothing to say waits that long for the other to speak first, microseconds. */
const FIRST_WORD = 4000;

const join = (a: Uint8Array, b: Uint8Array): Uint8Array => {
	if (a.length === 0) return b;
	const out = new Uint8Array(a.length + b.length);
	out.set(a);
	out.set(b, a.length);
	return out;
};

/** What an errno means to whoever asked whether the service answers. */
export const resultOf = (errno: Errno): ClientOutcome['result'] =>
	errno === 'ECONNREFUSED' || errno === 'ECONNRESET' ? 'refused' : errno === 'ETIMEDOUT' ? 'timeout' : 'unreachable';

/** Settles a client's outcome, once. */
export const settle = (
	net: Network,
	ns: Namespace,
	client: Client,
	result: ClientOutcome['result'],
	errno: Errno | undefined,
	reply: Uint8Array = EMPTY,
): void => {
	if (client.outcome) return;
	client.outcome = { result, ...(errno && { errno }), reply, at: net.now };
	net.cancel(net.deadlines.get(client));
	net.deadlines.delete(client);
	for (const [packet, other] of net.clients) if (other === client) net.clients.delete(packet);
	runClientPrograms(net, ns, 'sock_release', client);
	if (!net.recorder) return;
	const peer = `${formatIp(client.asked.ip)}:${client.asked.port}`;
	note(
		net,
		ns,
		{ packet: client.firstReply ?? client.firstPacket },
		'socket',
		result === 'connected' ? 'accept' : 'error',
		result === 'connected'
			? { code: 'socket.connected', peer }
			: result === 'timeout'
				? { code: 'socket.timed-out', peer }
				: { code: 'socket.failed', peer, errno: errno ?? '' },
		{ table: 'sockets' },
	);
};

/** connect() returned: the client sends its request, or closes when it has none. */
export const clientConnected = (net: Network, ns: Namespace, ep: TcpEndpoint): void => {
	const { client } = ep;
	if (!client) return;
	net.schedule(net.now + WAKE_UP, () => {
		if (ep.state !== 'ESTABLISHED' && ep.state !== 'CLOSE_WAIT') return;
		runClientPrograms(net, ns, 'getpeername4', client);
		if (ep.request && ep.request.length > 0) {
			ep.sendBuffer = ep.request;
			ep.request = undefined;
			pushData(net, ns, ep);
		} else if (client.hears) {
			net.schedule(net.now + FIRST_WORD, () => {
				if (!client.outcome && !client.accepted?.greets) leave();
			});
		} else leave();
	});
	const leave = (): void => {
		settle(net, ns, client, 'connected', undefined);
		closeEndpoint(net, ns, ep);
	};
};

/** accept() returned, seen from the server: who is there. */
export const serverAccepted = (net: Network, ns: Namespace, ep: TcpEndpoint, packet: number): void => {
	const { listener } = ep;
	if (!listener) return;
	if (ep.client)
		ep.client.accepted = {
			ns: ns.name,
			owner: listener.owner,
			peer: { ip: ep.remoteIp, port: ep.remotePort },
			local: { ip: ep.localIp, port: ep.localPort },
			...(listener.greets ? { greets: true } : {}),
		};
	if (listener.greets) net.schedule(net.now + FIRST_WORD / 2, () => greet(net, ns, ep));
	if (net.recorder)
		note(
			net,
			ns,
			{ packet },
			'socket',
			'deliver',
			{
				code: 'socket.accepted',
				owner: listener.owner,
				peer: `${formatIp(ep.remoteIp)}:${ep.remotePort}`,
				port: ep.localPort,
			},
			{ table: 'sockets' },
		);
};

/** A server that speaks first does, unless the other end did. */
const greet = (net: Network, ns: Namespace, ep: TcpEndpoint): void => {
	if (ep.asked || ep.received.length > 0 || ep.state !== 'ESTABLISHED') return;
	const words = ep.listener?.greets?.({ ip: ep.remoteIp, port: ep.remotePort });
	if (words === undefined) return;
	ep.sendBuffer = join(ep.sendBuffer, words);
	pushData(net, ns, ep);
	if (ep.listener?.closes === 'server') closeEndpoint(net, ns, ep);
};

/** Data came. `pushed` ends a message: the sender had no more to say. */
export const dataArrived = (net: Network, ns: Namespace, ep: TcpEndpoint, data: Uint8Array, pushed: boolean): void => {
	ep.received = join(ep.received, data);
	if (!pushed) return;
	net.schedule(net.now + WAKE_UP, () => {
		const message = ep.received;
		if (message.length === 0) return;
		const { listener } = ep;
		if (listener) {
			ep.received = EMPTY;
			ep.asked = true;
			const answer = listener.respond(
				message,
				{ ip: ep.remoteIp, port: ep.remotePort },
				{ ip: ep.localIp, port: ep.localPort },
			);
			if (answer === undefined) return;
			const send = (): void => {
				if (ep.state !== 'ESTABLISHED' && ep.state !== 'CLOSE_WAIT') return;
				ep.sendBuffer = join(ep.sendBuffer, answer);
				pushData(net, ns, ep);
				if (listener.closes === 'server' || listener.ends?.()) closeEndpoint(net, ns, ep);
			};
			const took = listener.took?.() ?? 0;
			if (took > 0) net.schedule(net.now + took, send);
			else send();
		} else if (ep.client) {
			settle(net, ns, ep.client, 'connected', undefined, message);
			closeEndpoint(net, ns, ep);
		}
	});
};

/** The other end has no more to say: every program here closes then. */
export const peerClosed = (net: Network, ns: Namespace, ep: TcpEndpoint): void => {
	net.schedule(net.now + WAKE_UP, () => {
		if (!ep.listener && ep.client) settle(net, ns, ep.client, 'connected', undefined, ep.received);
		closeEndpoint(net, ns, ep);
	});
};

/** The connection is over, with an error: RST, ICMP, or nobody answered for too long. */
export const tcpAborted = (net: Network, ns: Namespace, ep: TcpEndpoint, errno: Errno): void => {
	const { client, listener } = ep;
	dropEndpoint(net, ns, ep);
	if (client && !listener) settle(net, ns, client, resultOf(errno), errno, ep.received);
};

/** The client's patience is over. */
export const gaveUp = (net: Network, ns: Namespace, ep: TcpEndpoint): void => {
	const { client } = ep;
	if (!client || client.outcome) return;
	if (ep.state === 'SYN_SENT') {
		dropEndpoint(net, ns, ep);
		settle(net, ns, client, 'timeout', undefined);
	} else {
		settle(net, ns, client, 'connected', undefined, ep.received);
		closeEndpoint(net, ns, ep);
	}
};
