/** What a configuration of nginx means: servers, their names and ports, locations, upstreams. */
import type { Disk } from '../../disk/disk.ts';
import { check, compiled, where } from './check.ts';
import { unheeded } from './heeded.ts';
import { type LogFormat, logFormatsOf } from './log-format.ts';
import { type Made, madeVariables } from './maps.ts';
import { type Directive, readConfig } from './read.ts';
import { Refusal } from './refusal.ts';
import { type Upstream, upstreamsOf } from './upstreams.ts';
import { ownVariables, unknownVariable } from './variable-names.ts';

export type { Upstream, UpstreamServer } from './upstreams.ts';

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

function listenOf(directive: Directive, context: 'http' | 'stream'): Listen | undefined {
	const [address = '', ...flags] = directive.args;
	if (address.startsWith('unix:')) return undefined;
	const v6 = /^\[(.*)\](?::(\d+))?$/.exec(address);
	const [, host = '', digits = ''] = v6 ?? /^(?:([^:]*?):)?(\d+)$/.exec(address) ?? [undefined, address, '80'];
	if (context === 'stream' && digits === '')
		throw new Refusal(`no port in "${address}" of the "listen" directive ${where(directive)}`);
	const ip = v6 ? '' : host === '' || host === '*' ? '0.0.0.0' : host === 'localhost' ? '127.0.0.1' : host;
	return {
		ip,
		port: Number(digits || '80'),
		first: flags.some((f) => /^default(?:_server)?$/.test(f)),
		ssl: flags.includes('ssl'),
		...(flags.includes('udp') ? { udp: true } : {}),
	};
}

function locationOf(
	directive: Directive,
	around: readonly (readonly Directive[])[],
	alias: Location['alias'] | undefined,
): Location {
	const { args, block = [] } = directive;
	let [modifier = '', path] = args;
	if (path === undefined) {
		// `=/path` and `~regex` are one word too.
		const m = /^(\^~|~\*|~|=)(.+)$/.exec(modifier);
		[modifier, path] = m ? [m[1]!, m[2]!] : ['', modifier];
	}
	const pattern = modifier.startsWith('~') ? compiled(path, directive, modifier === '~*' ? 'i' : '') : undefined;
	const outer = [block, ...around];
	const own = block.find(({ name }) => name === 'alias')?.args[0];
	const mapped =
		own !== undefined
			? { text: own, path: pattern ? undefined : path }
			: block.some(({ name }) => name === 'root')
				? undefined
				: alias;
	return {
		modifier: modifier as Location['modifier'],
		path,
		own: block,
		inner: locationsOf(block, outer, {
			path,
			pattern,
			named: path.startsWith('@'),
			exact: modifier === '=',
			alias: mapped,
		}),
		around,
		...(mapped ? { alias: mapped } : {}),
		...(pattern ? { pattern } : {}),
	};
}

interface Outer {
	readonly path: string;
	readonly pattern: RegExp | undefined;
	readonly named: boolean;
	readonly exact: boolean;
	readonly alias: Location['alias'] | undefined;
}

function locationsOf(
	block: readonly Directive[],
	around: readonly (readonly Directive[])[],
	outer?: Outer,
): readonly Location[] {
	const out: Location[] = [];
	for (const directive of block) {
		if (directive.name !== 'location') continue;
		const name = directive.args.at(-1)!;
		if (outer?.exact)
			throw new Refusal(`location "${name}" cannot be inside the exact location "${outer.path}" ${where(directive)}`);
		if (outer?.named)
			throw new Refusal(`location "${name}" cannot be inside the named location "${outer.path}" ${where(directive)}`);
		if (outer && name.startsWith('@'))
			throw new Refusal(`named location "${name}" can be on the server level only ${where(directive)}`);
		const made = locationOf(directive, around, outer?.alias);
		if (outer && !made.pattern && !outer.pattern && !made.path.startsWith(outer.path))
			throw new Refusal(`location "${made.path}" is outside location "${outer.path}" ${where(directive)}`);
		if (!made.pattern && out.some((l) => l.path === made.path && (l.modifier === '=') === (made.modifier === '=')))
			throw new Refusal(`duplicate location "${made.path}" ${where(directive)}`);
		out.push(made);
	}
	return out;
}

/** All directives of a tree, lines of data left out. */
export function* everything(block: readonly Directive[]): Generator<Directive> {
	for (const directive of block) {
		yield directive;
		if (directive.block && !/^(?:map|types|geo|split_clients|charset_map)$/.test(directive.name))
			yield* everything(directive.block);
	}
}

/** proxy_pass, with or without a slash behind its host, where none may be (ngx_http_proxy_pass()). */
function passChecked(directive: Directive, location: readonly string[] | undefined): void {
	const target = directive.args[0]!;
	const url = /^https?:\/\/[^/]+(\/.*)?$/.exec(target);
	if (!url) throw new Refusal(`invalid URL prefix ${where(directive)}`);
	const pattern = location && (/^~\*?$/.test(location[0]!) || /^(?:~|@)/.test(location[0]!));
	if (url[1] !== undefined && !target.includes('$') && pattern)
		throw new Refusal(
			`"proxy_pass" cannot have URI part in location given by regular expression, or inside named location, or inside "if" statement, or inside "limit_except" block ${where(directive)}`,
		);
}

/** Hosts of the servers behind, and what is wrong with where requests go. @throws Refusal */
function checkTargets(
	block: readonly Directive[],
	upstreams: ReadonlyMap<string, Upstream>,
	resolves: (host: string) => boolean,
	kind: 'http' | 'stream',
): void {
	for (const directive of everything(block)) {
		const { name, args } = directive;
		if (name === 'upstream')
			for (const server of directive.block?.filter((d) => d.name === 'server') ?? []) {
				const host = (server.args[0] ?? '').replace(/:\d+$/, '');
				if (kind === 'stream' && !/:\d+$|^unix:/.test(server.args[0] ?? ''))
					throw new Refusal(`no port in upstream "${server.args[0]}" ${where(server)}`);
				if (!host.startsWith('unix') && !resolves(host))
					throw new Refusal(`host not found in upstream "${server.args[0]}" ${where(server)}`);
			}
		if (name !== 'proxy_pass' || args[0]!.includes('$')) continue;
		const url = /^(?:(https?):\/\/)?(\[[^\]]+\]|[^/:]+)(?::(\d+))?/.exec(args[0]!);
		const host = url?.[2] ?? '';
		if (upstreams.has(host) || host === 'unix') continue;
		if (kind === 'stream' && url?.[3] === undefined)
			throw new Refusal(`no port in upstream "${args[0]}" ${where(directive)}`);
		if (!resolves(host))
			throw new Refusal(
				`host not found in upstream "${host}${kind === 'stream' ? `:${url?.[3]}` : ''}" ${where(directive)}`,
			);
	}
}

/** A location's own proxy_pass, and those of its `if`s. */
function checkPasses(block: readonly Directive[], location?: readonly string[]): void {
	for (const directive of block) {
		if (directive.name === 'proxy_pass') passChecked(directive, location);
		if (directive.name === 'location') checkPasses(directive.block ?? [], directive.args);
		else if (directive.name === 'if' || directive.name === 'limit_except') checkPasses(directive.block ?? [], ['~']);
		else if (directive.name === 'server') checkPasses(directive.block ?? []);
	}
}

/** Certificates and keys (ngx_ssl_certificate()). @throws Refusal */
function checkFiles(disk: Disk, http: readonly Directive[], minor: number): ReadonlyMap<string, string> {
	const texts = new Map<string, string>();
	const said = (path: string): string =>
		minor >= 25
			? `SSL: error:80000002:system library::No such file or directory:calling fopen(${path}, r) error:10000080:BIO routines::no such file`
			: `SSL: error:02001002:system library:fopen:No such file or directory:fopen('${path}','r') error:2006D080:BIO routines:BIO_new_file:no such file`;
	for (const { name, args } of everything(http)) {
		if (name !== 'ssl_certificate' && name !== 'ssl_certificate_key') continue;
		if (args[0]!.includes('$')) continue;
		const path = args[0]!.startsWith('/') ? args[0]! : `/etc/nginx/${args[0]}`;
		const text = disk.read(path);
		if (text !== undefined) texts.set(args[0]!, text);
		const what = name.endsWith('key') ? 'cannot load certificate key' : 'cannot load certificate';
		if (text === undefined) throw new Refusal(`${what} "${path}": BIO_new_file() failed (${said(path)})`);
		if (!text.includes('-----BEGIN '))
			throw new Refusal(
				name.endsWith('key')
					? `${what} "${path}": PEM_read_bio_PrivateKey() failed (SSL: error:0909006C:PEM routines:get_name:no start line:Expecting: ANY PRIVATE KEY)`
					: `${what} "${path}": PEM_read_bio_X509_AUX() failed (SSL: error:0909006C:PEM routines:get_name:no start line:Expecting: TRUSTED CERTIFICATE)`,
			);
	}
	for (const { name, block = [] } of http) {
		if (name !== 'server') continue;
		const listen = block.find((d) => d.name === 'listen' && d.args.includes('ssl'));
		const has = (word: string): boolean => [...block, ...http].some((d) => d.name === word);
		if (listen && !has('ssl_certificate') && !has('ssl_reject_handshake'))
			throw new Refusal(`no "ssl_certificate" is defined for the "listen ... ssl" directive ${where(listen)}`);
		const on = block.find((d) => d.name === 'ssl' && d.args[0] === 'on');
		if (on && !has('ssl_certificate'))
			throw new Refusal(`no "ssl_certificate" is defined for the "ssl" directive ${where(on)}`);
		if (listen && !has('ssl_certificate_key') && has('ssl_certificate')) {
			const certificate = [...block, ...http].find((d) => d.name === 'ssl_certificate')!;
			throw new Refusal(`no "ssl_certificate_key" is defined for certificate "${certificate.args[0]}"`);
		}
	}
	return texts;
}

/** Zones that limits and caches name, and formats of logs. @throws Refusal */
function checkNames(http: readonly Directive[], formats: ReadonlyMap<string, LogFormat>): void {
	const zone = (words: readonly string[], key: string): string | undefined =>
		words.map((word) => new RegExp(`^${key}=([^:]+)`).exec(word)?.[1]).find((name) => name !== undefined);
	const zones = (name: string, key: string): readonly (string | undefined)[] =>
		http.filter((d) => d.name === name).map((d) => zone(d.args, key));
	const rates = zones('limit_req_zone', 'zone');
	const counts = zones('limit_conn_zone', 'zone');
	const caches = zones('proxy_cache_path', 'keys_zone');
	for (const directive of everything(http)) {
		const { name, args } = directive;
		if (name === 'limit_req' && !rates.includes(zone(args, 'zone')))
			throw new Refusal(`zero size shared memory zone "${zone(args, 'zone')}"`);
		if (name === 'limit_conn' && !counts.includes(args[0]))
			throw new Refusal(`zero size shared memory zone "${args[0]}"`);
		if (name === 'proxy_cache' && args[0] !== 'off' && !args[0]!.includes('$') && !caches.includes(args[0]))
			throw new Refusal(`"proxy_cache" zone "${args[0]}" is unknown`);
		if (
			name === 'access_log' &&
			args[1] !== undefined &&
			!/^(?:buffer|flush|gzip|if)(?:=|$)/.test(args[1]) &&
			!formats.has(args[1])
		)
			throw new Refusal(`unknown log format "${args[1]}" ${where(directive)}`);
	}
}

/** Addresses, ports and names of servers, as ngx_http_add_listen() and ngx_http_server_names() see them. */
function checkListens(servers: readonly Server[]): readonly string[] {
	const warnings: string[] = [];
	const seen = new Set<string>();
	const firsts = new Set<string>();
	for (const { listens, names, own } of servers)
		for (const { ip, port, first } of listens.filter((l) => l.ip !== '')) {
			const at = `${ip}:${port}`;
			const listen = own.findLast((d) => d.name === 'listen' && d.args[0]!.endsWith(String(port)));
			if (listens.filter((l) => l.ip === ip && l.port === port).length > 1)
				throw new Refusal(`a duplicate listen ${at} ${listen ? where(listen) : ''}`);
			if (first && firsts.has(at))
				throw new Refusal(`a duplicate default server for ${at} ${listen ? where(listen) : ''}`);
			if (first) firsts.add(at);
			for (const name of names) {
				if (seen.has(`${at} ${name}`)) warnings.push(`[warn] 1#1: conflicting server name "${name}" on ${at}, ignored`);
				seen.add(`${at} ${name}`);
			}
		}
	return warnings;
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

/** The nearest of a directive, from a block outwards. */
export function nearest(blocks: readonly (readonly Directive[])[], name: string): Directive | undefined {
	for (const block of blocks) {
		const found = block.findLast((directive) => directive.name === name);
		if (found) return found;
	}
	return undefined;
}

/** Its first word, or what stands for it. */
export const wordOf = (blocks: readonly (readonly Directive[])[], name: string, otherwise = ''): string =>
	nearest(blocks, name)?.args[0] ?? otherwise;

/** Whether it is `on`. */
export const isOn = (blocks: readonly (readonly Directive[])[], name: string, otherwise = false): boolean => {
	const found = nearest(blocks, name);
	return found ? found.args[0]!.toLowerCase() === 'on' : otherwise;
};

/** All of a directive at the nearest level that has any. */
export function nearestAll(blocks: readonly (readonly Directive[])[], name: string): readonly Directive[] {
	for (const block of blocks) {
		const found = block.filter((directive) => directive.name === name);
		if (found.length > 0) return found;
	}
	return [];
}
