/** What a configuration of nginx means: servers, their names and ports, locations, upstreams. */
import type { Disk } from '../../disk/disk.ts';
import { check, where } from './check.ts';
import { checkFiles, checkListens, checkNames, checkPasses, checkTargets } from './config-faults.ts';
import { unheeded } from './heeded.ts';
import { type LogFormat, logFormatsOf } from './log-format.ts';
import { type Made, madeVariables } from './maps.ts';
import { everything } from './nearest.ts';
import { listenOf, locationsOf } from './places.ts';
import { type Directive, readConfig } from './read.ts';
import { Refusal } from './refusal.ts';
import { type Upstream, upstreamsOf } from './upstreams.ts';
import { ownVariables, unknownVariable } from './variable-names.ts';

export interface Location {
	readonly modifier: '' | '=' | '^~' | '~' | '~*';
	readonly path: string;
	readonly pattern?: RegExp;
	/** Its own directives before those around it. */
	readonly own: readonly Directive[];
	readonly inner: readonly Location[];
	/** Directives of the blocks around it, the nearest first. */
	readonly around: readonly (readonly Directive[])[];
	/** Its `alias`, or that of the location around it, with the path it stands for. */
	readonly alias?: { readonly text: string; readonly path: string | undefined };
}

export interface Listen {
	readonly ip: string;
	readonly port: number;
	readonly first: boolean;
	readonly ssl: boolean;
	readonly udp?: boolean;
}

export interface Server {
	readonly listens: readonly Listen[];
	readonly names: readonly string[];
	readonly own: readonly Directive[];
	readonly locations: readonly Location[];
	readonly around: readonly (readonly Directive[])[];
}

/** A server of `stream`. */
export interface StreamServer {
	readonly listens: readonly Listen[];
	readonly own: readonly Directive[];
	readonly around: readonly (readonly Directive[])[];
}

export interface Config {
	readonly main: readonly Directive[];
	readonly http: readonly Directive[];
	readonly servers: readonly Server[];
	readonly upstreams: ReadonlyMap<string, Upstream>;
	readonly streams: readonly StreamServer[];
	readonly streamUpstreams: ReadonlyMap<string, Upstream>;
	readonly made: ReadonlyMap<string, Made>;
	readonly streamMade: ReadonlyMap<string, Made>;
	readonly formats: ReadonlyMap<string, LogFormat>;
	/** Texts of certificates and keys by the path that names them, as they were when it was read. */
	readonly certificates: ReadonlyMap<string, string>;
	/** Variables of `set`, which may be read before. */
	readonly own: ReadonlySet<string>;
	/** Names that were looked up when it was read. */
	readonly hosts: ReadonlySet<string>;
	/** Extension to type. */
	readonly types: ReadonlyMap<string, string>;
	/** Said when it starts, with a level: `[warn]`. */
	readonly warnings: readonly string[];
	/** Directives that have an effect the lab does not give them. */
	readonly ignored: readonly string[];
}

/** `known`: whether a host's name has an address now; `minor` of nginx's version. @throws Refusal */
export function configOf(
	disk: Disk,
	known: (host: string) => boolean,
	minor = 23,
	file = '/etc/nginx/nginx.conf',
): Config {
	const hosts = new Set<string>();
	const resolves = (host: string): boolean => {
		hosts.add(host);
		return known(host);
	};
	const main = readConfig(disk, file, { minor, check });
	const http = main.find(({ name }) => name === 'http')?.block ?? [];
	const stream = main.find(({ name }) => name === 'stream')?.block ?? [];
	checkPasses(http);
	const formats = logFormatsOf(http);
	checkNames(http, formats);
	const upstreams = upstreamsOf(http);
	const streamUpstreams = upstreamsOf(stream);
	const made = madeVariables(http);
	const streamMade = madeVariables(stream);
	const own = ownVariables(everything(http));
	const servers: Server[] = http
		.filter(({ name }) => name === 'server')
		.map(({ block = [] }) => {
			const around = [block, http];
			const listens = block
				.filter(({ name }) => name === 'listen')
				.map((d) => listenOf(d, 'http'))
				.filter((l) => l !== undefined);
			const names = block.filter(({ name }) => name === 'server_name').flatMap(({ args }) => args);
			return {
				listens: block.some(({ name }) => name === 'listen')
					? listens
					: [{ ip: '0.0.0.0', port: 80, first: false, ssl: false }],
				names: names.length > 0 ? names : [''],
				own: block,
				locations: locationsOf(block, around),
				around,
			};
		});
	const streams: StreamServer[] = stream
		.filter(({ name }) => name === 'server')
		.map((directive) => {
			const { block = [] } = directive;
			const listens = block
				.filter(({ name }) => name === 'listen')
				.map((d) => listenOf(d, 'stream'))
				.filter((l) => l !== undefined);
			if (!block.some(({ name }) => name === 'listen'))
				throw new Refusal(`no "listen" is defined for server ${where(directive)}`);
			if (!block.some(({ name }) => /^(?:proxy_pass|return|pass)$/.test(name)))
				throw new Refusal(`no handler for server ${where(directive)}`);
			return { listens, own: block, around: [block, stream] };
		});
	checkTargets(http, upstreams, resolves, 'http');
	checkTargets(stream, streamUpstreams, resolves, 'stream');
	const strange = unknownVariable(everything(http), own);
	if (strange !== undefined) throw new Refusal(`unknown "${strange}" variable`);
	const certificates = checkFiles(disk, http, minor);
	const warnings = checkListens(servers);
	if (!main.some(({ name }) => name === 'events')) throw new Refusal('no "events" section in configuration');
	const types = new Map<string, string>();
	for (const { name, block = [] } of http)
		if (name === 'types') for (const type of block) for (const ending of type.args) types.set(ending, type.name);
	if (!http.some(({ name }) => name === 'types'))
		for (const [ending, type] of [
			['html', 'text/html'],
			['gif', 'image/gif'],
			['jpg', 'image/jpeg'],
		] as const)
			types.set(ending, type);
	return {
		main,
		http,
		servers,
		upstreams,
		streams,
		streamUpstreams,
		made,
		streamMade,
		certificates,
		formats,
		own: new Set([...everything(http)].filter(({ name }) => name === 'set').map(({ args }) => args[0]!.slice(1))),
		hosts,
		types,
		warnings,
		ignored: unheeded(everything(main)),
	};
}
