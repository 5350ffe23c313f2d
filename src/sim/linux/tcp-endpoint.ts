/** One end of a TCP connection, as data: struct tcp_sock as far as the course goes. */
import type { Ip } from '../wire/index.ts';
import type { Client, Listener } from './socket.ts';
import type { Timer } from './types.ts';

export type TcpEndpointState =
	| 'SYN_SENT'
	| 'SYN_RECV'
	| 'ESTABLISHED'
	| 'FIN_WAIT1'
	| 'FIN_WAIT2'
	| 'CLOSING'
	| 'TIME_WAIT'
	| 'CLOSE_WAIT'
	| 'LAST_ACK'
	| 'CLOSE';

/** What was sent and not acknowledged: sent again as it was. */
export interface Unacked {
	readonly seq: number;
	readonly flags: number;
	readonly data: Uint8Array;
}

/** Sequence numbers are 32-bit, compared modulo 2^32. */
export interface TcpEndpoint {
	readonly cookie: number;
	readonly localIp: Ip;
	readonly localPort: number;
	readonly remoteIp: Ip;
	readonly remotePort: number;
	state: TcpEndpointState;
	sndUna: number;
	sndNxt: number;
	/** Peer's window, scaled. */
	sndWnd: number;
	sndScale: number;
	rcvNxt: number;
	/** Right edge we told the peer: rcv_wup + rcv_wnd. */
	rcvEdge: number;
	/** Ours, 0 when the peer did not offer scaling. */
	rcvScale: number;
	/** Largest segment we may send, octets of data with no options. */
	mss: number;
	timestamps: boolean;
	tsOffset: number;
	tsRecent: number;
	/** inet_id: identification of the next packet. */
	ipId: number;
	/** Waits for the window. */
	sendBuffer: Uint8Array;
	/** Segments the congestion window allows (initially 10). */
	cwnd: number;
	finQueued: boolean;
	unacked: Unacked[];
	/** How often the first of `unacked` was sent again. */
	retries: number;
	timer: Timer | undefined;
	/** Octets received since the program last read. */
	received: Uint8Array;
	/** TIME_WAIT only: when it ends, microseconds. */
	expires: number;
	/** The server at this end, when it is one. */
	readonly listener?: Listener;
	/** The client at this end; at a server's end the one at the other end, if the simulation knows it. */
	client?: Client;
	/** SO_MARK. */
	readonly mark: number;
	/** Client only: what to send when connected. */
	request?: Uint8Array;
	/** Server only: the other end has said something. */
	asked?: true;
}
