/** A request at nginx: what it is answered from, what it has become by now, and what is written of it. */
import type { Disk } from '../../disk/disk.ts';
import type { WebHost, WebRequest } from '../http.ts';
import type { Config, Location, Server } from './config.ts';
import type { Directive } from './read.ts';
import type { UpstreamServer } from './upstreams.ts';

export { WORKER } from './worker.ts';

/** What workers keep between requests. */
export interface NginxStats {
	accepted: number;
	requests: number;
	/** Servers of upstreams, as they were found at the start. */
	readonly peers: Map<string, readonly Peer[]>;
	/** limit_req: by zone and key, what is left of a burst and when it was asked last. */
	readonly limits: Map<string, { excess: number; last: number }>;
	/** proxy_cache: by zone and key. */
	readonly cache: Map<string, Cached>;
}

export interface Cached {
	readonly status: number;
	readonly reason: string;
	readonly headers: readonly Header[];
	readonly body: Uint8Array;
	/** Virtual microseconds. */
	readonly made: number;
	readonly until: number;
	uses: number;
}

/** A server of an upstream at one of its addresses. */
export interface Peer extends UpstreamServer {
	readonly ip: string;
	readonly port: number;
	/** As its balancing knows it: `10.0.0.1:80`. */
	readonly name: string;
	current: number;
	effective: number;
	fails: number;
	/** Virtual seconds of the last failure, and of the last look at it. */
	accessed: number;
	checked: number;
}

export type Header = readonly [name: string, value: string];
export type Level = 'debug' | 'info' | 'notice' | 'warn' | 'error' | 'crit' | 'alert' | 'emerg';

export interface Complaint {
	readonly level: Level;
	readonly text: string;
	/** After the request: `, upstream: "…"`. */
	readonly more?: string;
	/** Of a request that asks for another's sake. */
	readonly sub?: string;
	readonly blocks: Blocks;
}

/** An answer of one of an upstream's servers, or its lack. */
export interface Attempt {
	readonly address: string;
	readonly status: number;
	/** Microseconds. */
	readonly took: number;
	readonly connects: number;
	readonly length: number;
}

/** Directives, from the innermost block outwards. */
export type Blocks = readonly (readonly Directive[])[];

/** One request, and whatever answers it. What can be written changes as it goes on (ngx_http_request_t). */
export interface Turn {
	readonly config: Config;
	readonly disk: Disk;
	readonly host: WebHost;
	readonly version: string;
	readonly stats: NginxStats;
	readonly request: WebRequest;
	readonly server: Server;
	readonly variables: Map<string, string>;
	/** Headers of the answer beside those nginx writes itself (headers_out.headers). */
	readonly headers: [name: string, value: string][];
	readonly complaints: Complaint[];
	readonly attempts: Attempt[];
	/** Of the request it is a part of; itself otherwise. */
	readonly main: Turn | undefined;
	method: string;
	uri: string;
	args: string;
	internal: boolean;
	/** Left until a circle is found out. */
	changes: number;
	errorPage: boolean;
	/** 0 where an answer has its own. */
	errStatus: number;
	location: Location | undefined;
	blocks: Blocks;
	/** In an `if` of a location. */
	within: boolean;
	/** In its limit_except, whose rules are its own. */
	narrowed: boolean;
	captures: readonly string[];
	keepalive: boolean;
	/** What it waited for others, microseconds. */
	took: number;
	/** `Location:` that nginx completes. */
	redirect: string | undefined;
	client: string;
	/** $upstream_cache_status. */
	cache: string;
	upstreamHeaders: readonly Header[];
	status: number;
	/** Octets that were sent: of the body, and of all. */
	sent: number;
	total: number;
	/** Number of its connection, once it is logged. */
	connection: number;
}

/** What a handler makes of a request, before filters. */
export interface Reply {
	readonly status: number;
	readonly type?: string | undefined;
	readonly body: Uint8Array;
	/** Of a file: when it changed, microseconds; `ETag` and ranges come with it. */
	readonly at?: number;
	/** Octets that follow are not known beforehand. */
	readonly unsized?: boolean;
	/** Of an upstream: its own words of the status. */
	readonly reason?: string;
	/** Written by nginx itself as a page of an error. */
	readonly special?: boolean;
	/** Without ETag. */
	readonly plain?: boolean;
	readonly ranges?: boolean;
	/** What an upstream says it is, where no body comes with it. */
	readonly length?: number;
}

/** A reply, a status that has a page, or `close` when nothing is said (444). */
export type Outcome = Reply | number | 'close';

export function complain(turn: Turn, level: Level, text: string, more?: string): void {
	const top = turn.main ?? turn;
	top.complaints.push({
		level,
		text,
		blocks: turn.blocks,
		...(more === undefined ? {} : { more }),
		...(turn.main ? { sub: turn.uri } : {}),
	});
}
