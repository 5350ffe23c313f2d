/** A request at nginx: what it is answered from, and what was found for it. */
import type { Disk } from '../../disk/disk.ts';
import type { WebAnswer, WebHost, WebRequest } from '../http.ts';
import type { Config, Server, UpstreamServer } from './config.ts';
import type { Directive } from './read.ts';

/** The first worker's process id, as after the entrypoint's scripts. */
export const WORKER = 29;

export interface NginxStats {
	accepted: number;
	requests: number;
	/** Servers of upstreams, as they were found at the start. */
	readonly peers: Map<string, readonly Peer[]>;
}

/** A server of an upstream at one of its addresses. */
export interface Peer extends UpstreamServer {
	readonly ip: string;
	readonly port: number;
	current: number;
	fails: number;
	/** Virtual microseconds. */
	failedAt: number;
}

/** One request, and whatever answers it. */
export interface Turn {
	readonly config: Config;
	readonly disk: Disk;
	readonly host: WebHost;
	readonly version: string;
	readonly stats: NginxStats;
	readonly request: WebRequest;
	readonly server: Server;
	readonly variables: Map<string, string>;
}

/** Directives, from the innermost block outwards. */
export type Blocks = readonly (readonly Directive[])[];

/** What a request comes to, before it has its headers. */
export interface Found {
	readonly status: number;
	readonly body?: Uint8Array;
	readonly headers?: readonly string[];
	readonly type?: string;
	/** Lines of the error log; what follows `|` comes behind the request. */
	readonly complaint?: string | undefined;
	/** What it waited for others, microseconds. */
	readonly took?: number;
	/** Of a file: when it changed, and its name. */
	readonly at?: number;
	readonly file?: string;
	readonly location?: string;
	/** Written as another program gave it. */
	readonly passed?: WebAnswer;
	readonly blocks: Blocks;
}
