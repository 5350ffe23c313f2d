/** What a configuration of nginx means: servers, their names and ports, locations, upstreams. */
import type { Disk } from '../../disk/disk.ts';
import { type Directive, Refusal, readConfig } from './read.ts';

export interface Location {
	readonly modifier: '' | '=' | '^~' | '~' | '~*';
	readonly path: string;
	readonly pattern?: RegExp;
	/** Its own directives before those around it. */
	readonly own: readonly Directive[];
	readonly inner: readonly Location[];
	/** Directives of the blocks around it, the nearest first. */
	readonly around: readonly (readonly Directive[])[];
}

export interface Server {
	readonly listens: readonly {
		readonly ip: string;
		readonly port: number;
		readonly first: boolean;
		readonly ssl: boolean;
	}[];
	readonly names: readonly string[];
	readonly own: readonly Directive[];
	readonly locations: readonly Location[];
	readonly around: readonly (readonly Directive[])[];
}

export interface UpstreamServer {
	/** `back:8080` */
	readonly address: string;
	readonly weight: number;
	readonly backup: boolean;
	readonly down: boolean;
	readonly maxFails: number;
	/** Microseconds. */
	readonly failTimeout: number;
}

export interface Upstream {
	readonly servers: readonly UpstreamServer[];
	/** `ip_hash`, `least_conn`; round robin when empty. */
	readonly method: string;
}

/** ngx_http_upstream_server(). @throws Refusal */
function upstreamServer(directive: Directive): UpstreamServer {
	const [address = '', ...words] = directive.args;
	const value = (name: string): string | undefined =>
		words.find((word) => word.startsWith(`${name}=`))?.slice(name.length + 1);
	for (const word of words)
		if (
			!/^(?:weight=[1-9]\d*|max_fails=\d+|max_conns=\d+|fail_timeout=\d+(?:ms|s|m|h)?|backup|down|resolve)$/.test(word)
		)
			throw new Refusal(`invalid parameter "${word}" ${where(directive)}`);
	const [, seconds = '10', unit = 's'] = /^(\d+)(ms|s|m|h)?$/.exec(value('fail_timeout') ?? '') ?? [];
	return {
		address,
		weight: Number(value('weight') ?? 1),
		backup: words.includes('backup'),
		down: words.includes('down'),
		maxFails: Number(value('max_fails') ?? 1),
		failTimeout: Number(seconds) * ({ ms: 1000, s: 1e6, m: 60e6, h: 3600e6 }[unit] ?? 1e6),
	};
}

export interface Config {
	readonly main: readonly Directive[];
	readonly http: readonly Directive[];
	readonly servers: readonly Server[];
	readonly upstreams: ReadonlyMap<string, Upstream>;
	/** Names that were looked up when it was read. */
	readonly hosts: ReadonlySet<string>;
	/** Extension to type. */
	readonly types: ReadonlyMap<string, string>;
	/** Said when it starts, with a level: `[warn]`. */
	readonly warnings: readonly string[];
	/** Directives that have an effect the lab does not give them. */
	readonly ignored: readonly string[];
}

/** Directives the lab gives no effect, though the server's answers would show it. */
const WITHOUT_EFFECT = new Set(
	'auth_basic auth_request fastcgi_pass uwsgi_pass grpc_pass memcached_pass gzip_static if limit_req limit_conn limit_except map mirror mp4 flv js_content proxy_cache ssi sub_filter ssl_certificate geo split_clients slice dav_methods image_filter random_index empty_gif add_before_body add_after_body secure_link'.split(
		' ',
	),
);

const where = ({ file, line }: Directive): string => `in ${file}:${line}`;

function listenOf(directive: Directive): Server['listens'][number] | undefined {
	const [address = '', ...flags] = directive.args;
	if (address.startsWith('unix:')) return undefined;
	const v6 = /^\[(.*)\](?::(\d+))?$/.exec(address);
	const [, host = '', digits = ''] = v6 ?? /^(?:([^:]*?):)?(\d+)$/.exec(address) ?? [undefined, address, '80'];
	const port = Number(digits || '80');
	if (!Number.isInteger(port) || port < 1 || port > 65535)
		throw new Refusal(`invalid port in "${address}" of the "listen" directive ${where(directive)}`);
	for (const flag of flags)
		if (
			!/^(?:default_server|default|ssl|http2|quic|proxy_protocol|deferred|bind|reuseport|ipv6only=(?:on|off)|backlog=\d+|rcvbuf=\w+|sndbuf=\w+|fastopen=\d+|so_keepalive=\S+|setfib=\d+|accept_filter=\w+)$/.test(
				flag,
			)
		)
			throw new Refusal(`invalid parameter "${flag}" ${where(directive)}`);
	const ip = v6 ? '' : host === '' || host === '*' ? '0.0.0.0' : host;
	if (!v6 && !/^[\d.]+$/.test(ip) && ip !== 'localhost')
		throw new Refusal(`host not found in "${address}" of the "listen" directive ${where(directive)}`);
	return { ip, port, first: flags.some((f) => /^default(?:_server)?$/.test(f)), ssl: flags.includes('ssl') };
}

/** @throws Refusal of a pattern that is none */
function compiled(source: string, directive: Directive, flags = ''): RegExp {
	try {
		return new RegExp(source, flags);
	} catch {
		throw new Refusal(`pcre2_compile() failed: error in "${source}" ${where(directive)}`);
	}
}

function locationOf(directive: Directive, around: readonly (readonly Directive[])[]): Location {
	const { args, block = [] } = directive;
	let [modifier = '', path] = args;
	if (path === undefined) {
		// `=/path` and `~regex` are one word too.
		const m = /^(\^~|~\*|~|=)(.+)$/.exec(modifier);
		[modifier, path] = m ? [m[1]!, m[2]!] : ['', modifier];
	}
	if (!['', '=', '^~', '~', '~*'].includes(modifier))
		throw new Refusal(`invalid location modifier "${modifier}" ${where(directive)}`);
	const pattern = modifier.startsWith('~') ? compiled(path, directive, modifier === '~*' ? 'i' : '') : undefined;
	const outer = [block, ...around];
	return {
		modifier: modifier as Location['modifier'],
		path,
		own: block,
		inner: locationsOf(block, outer),
		around,
		...(pattern ? { pattern } : {}),
	};
}

function locationsOf(block: readonly Directive[], around: readonly (readonly Directive[])[]): readonly Location[] {
	const out: Location[] = [];
	for (const directive of block) {
		if (directive.name !== 'location') continue;
		const made = locationOf(directive, around);
		if (!made.pattern && out.some((l) => l.path === made.path && (l.modifier === '=') === (made.modifier === '=')))
			throw new Refusal(`duplicate location "${made.path}" ${where(directive)}`);
		out.push(made);
	}
	return out;
}

/** Words in which `$name` has a value. */
const VARIABLES = new Set(
	'arg_ args binary_remote_addr body_bytes_sent bytes_sent connection connection_requests content_length content_type document_root document_uri host hostname http_ https is_args limit_rate msec nginx_version pid pipe proxy_host proxy_port proxy_add_x_forwarded_for proxy_protocol_addr query_string realpath_root remote_addr remote_port remote_user request request_body request_completion request_filename request_id request_length request_method request_time request_uri scheme sent_http_ server_addr server_name server_port server_protocol status time_iso8601 time_local upstream_addr upstream_cache_status upstream_connect_time upstream_response_time upstream_status upstream_http_ uri uid_got cookie_ ssl_protocol ssl_cipher http_upgrade connection_time realip_remote_addr'.split(
		' ',
	),
);

function checkVariables(directive: Directive, own: ReadonlySet<string>): void {
	if (/^(?:location|if|log_format|rewrite|server_name|sub_filter|map)$/.test(directive.name)) return;
	for (const word of directive.args)
		for (const [, braced, plain] of word.matchAll(/\$(?:\{(\w+)\}|(\w+))/g)) {
			const name = (braced ?? plain)!;
			const family = /^(?:arg|http|cookie|sent_http|upstream_http)_/.exec(name)?.[0];
			if (!VARIABLES.has(family ?? name) && !own.has(name) && !/^\d+$/.test(name))
				throw new Refusal(`unknown "${name}" variable`);
		}
}

/** All directives of a tree. */
function* everything(block: readonly Directive[]): Generator<Directive> {
	for (const directive of block) {
		yield directive;
		if (directive.block && !/^(?:map|types|geo|split_clients)$/.test(directive.name))
			yield* everything(directive.block);
	}
}

/** `known`: whether a host's name has an address now. @throws Refusal */
export function configOf(disk: Disk, known: (host: string) => boolean, file = '/etc/nginx/nginx.conf'): Config {
	const hosts = new Set<string>();
	const resolves = (host: string): boolean => {
		hosts.add(host);
		return known(host);
	};
	const main = readConfig(disk, file);
	if (!main.some(({ name }) => name === 'events')) throw new Refusal('no "events" section in configuration');
	const http = main.find(({ name }) => name === 'http')?.block ?? [];
	const upstreams = new Map<string, Upstream>();
	for (const { name, args, block = [] } of http)
		if (name === 'upstream')
			upstreams.set(args[0]!, {
				servers: block.filter((d) => d.name === 'server').map(upstreamServer),
				method: block.find((d) => /^(?:ip_hash|least_conn|random|hash)$/.test(d.name))?.name ?? '',
			});
	const own = new Set<string>();
	for (const directive of everything(main)) {
		if (directive.name === 'set') own.add(directive.args[0]!.slice(1));
		if (directive.name === 'map' || directive.name === 'geo') own.add((directive.args.at(-1) ?? '').slice(1));
		if (directive.name === 'auth_request_set') own.add(directive.args[0]!.slice(1));
	}
	const warnings: string[] = [];
	for (const directive of everything(http)) {
		checkVariables(directive, own);
		const { name, args } = directive;
		const target = name === 'proxy_pass' ? args[0]! : undefined;
		if (target !== undefined && !target.includes('$')) {
			const url = /^(https?):\/\/(\[[^\]]+\]|[^/:]+)(?::(\d+))?/.exec(target);
			if (!url) throw new Refusal(`invalid URL prefix ${where(directive)}`);
			if (!upstreams.has(url[2]!) && !resolves(url[2]!))
				throw new Refusal(`host not found in upstream "${url[2]}" ${where(directive)}`);
		}
		if (name === 'rewrite') compiled(args[0]!, directive);
		if (name === 'server_name') for (const own of args) if (own.startsWith('~')) compiled(own.slice(1), directive);
		if (name === 'upstream') {
			const servers = directive.block?.filter((d) => d.name === 'server') ?? [];
			if (servers.length === 0) throw new Refusal(`no servers are inside upstream ${where(directive)}`);
			for (const server of servers) {
				const host = (server.args[0] ?? '').replace(/:\d+$/, '');
				if (!host.startsWith('unix') && !resolves(host))
					throw new Refusal(`host not found in upstream "${server.args[0]}" ${where(server)}`);
			}
		}
		if (name === 'ssl_certificate' || name === 'ssl_certificate_key') {
			const path = args[0]!.startsWith('/') ? args[0]! : `/etc/nginx/${args[0]}`;
			if (disk.read(path) === undefined)
				throw new Refusal(
					`cannot load certificate${name.endsWith('key') ? ' key' : ''} "${path}": BIO_new_file() failed (SSL: error:02001002:system library:fopen:No such file or directory:fopen('${path}','r') error:2006D080:BIO routines:BIO_new_file:no such file)`,
				);
		}
	}
	const types = new Map<string, string>();
	for (const { name, block = [] } of http)
		if (name === 'types') for (const type of block) for (const ending of type.args) types.set(ending, type.name);
	const servers: Server[] = http
		.filter(({ name }) => name === 'server')
		.map(({ block = [] }) => {
			const around = [block, http];
			const listens = block
				.filter(({ name }) => name === 'listen')
				.map(listenOf)
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
	const seen = new Map<string, string>();
	const firsts = new Set<string>();
	for (const [i, { listens, names, own: block }] of servers.entries())
		for (const { ip, port, first } of listens.filter((l) => l.ip !== '')) {
			const at = `${ip}:${port}`;
			const listen = block.find((d) => d.name === 'listen');
			if (listens.filter((l) => l.ip === ip && l.port === port).length > 1)
				throw new Refusal(`a duplicate listen ${at} ${listen ? where(listen) : ''}`);
			if (first && firsts.has(at))
				throw new Refusal(`a duplicate default server for ${at} ${listen ? where(listen) : ''}`);
			if (first) firsts.add(at);
			for (const name of names) {
				if (seen.has(`${at} ${name}`)) warnings.push(`[warn] 1#1: conflicting server name "${name}" on ${at}, ignored`);
				else seen.set(`${at} ${name}`, String(i));
			}
		}
	const ignored = [
		...new Set([...everything(http)].map(({ name }) => name).filter((name) => WITHOUT_EFFECT.has(name))),
	];
	return { main, http, servers, upstreams, hosts, types, warnings, ignored };
}

/** The nearest of a directive, from a block outwards. */
export function nearest(blocks: readonly (readonly Directive[])[], name: string): Directive | undefined {
	for (const block of blocks) {
		const found = block.findLast((directive) => directive.name === name);
		if (found) return found;
	}
	return undefined;
}

/** All of a directive at the nearest level that has any. */
export function nearestAll(blocks: readonly (readonly Directive[])[], name: string): readonly Directive[] {
	for (const block of blocks) {
		const found = block.filter((directive) => directive.name === name);
		if (found.length > 0) return found;
	}
	return [];
}
