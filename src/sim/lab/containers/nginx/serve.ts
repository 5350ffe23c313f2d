/**
 * What nginx answers a request, by its configuration and the files it finds.
 *
 * Source: nginx src/http/ngx_http_core_module.c, ngx_http_request.c, ngx_http_special_response.c,
 * modules/ngx_http_{static,index,autoindex,rewrite,access,stub_status}_module.c @ release-1.23.
 */
import { utf8 } from '../../../wire/index.ts';
import type { Disk } from '../../disk/disk.ts';
import { SECOND } from '../../time.ts';
import { dateLine, httpDate, REASONS, readHttpDate, type WebAnswer, type WebHost, type WebRequest } from '../http.ts';
import { type Config, type Location, nearest, nearestAll, type Server } from './config.ts';
import type { Directive } from './read.ts';

export interface NginxStats {
	accepted: number;
	requests: number;
}

interface Turn {
	readonly config: Config;
	readonly disk: Disk;
	readonly host: WebHost;
	readonly version: string;
	readonly stats: NginxStats;
	readonly request: WebRequest;
	readonly server: Server;
	readonly variables: Map<string, string>;
}

type Blocks = readonly (readonly Directive[])[];

interface Found {
	readonly status: number;
	readonly body?: Uint8Array;
	readonly headers?: readonly string[];
	readonly type?: string;
	readonly complaint?: string;
	/** Of a file: when it changed, and its name. */
	readonly at?: number;
	readonly file?: string;
	readonly location?: string;
	/** Written as another program gave it. */
	readonly passed?: WebAnswer;
	readonly blocks: Blocks;
}

const hexNumber = (n: number): string => n.toString(16);

/** `server_name` that fits: exact, `*.x`, `x.*`, a regex; the default of the port otherwise. */
function serverFor(config: Config, port: number, name: string): Server | undefined {
	const here = config.servers.filter(({ listens }) => listens.some((l) => l.port === port && l.ip !== ''));
	const all = here.length > 0 ? here : config.servers.filter(({ listens }) => listens.some((l) => l.port === port));
	const fits = (test: (own: string) => boolean): Server | undefined => all.find(({ names }) => names.some(test));
	return (
		fits((own) => own === name) ??
		fits((own) => own.startsWith('*.') && name.endsWith(own.slice(1))) ??
		fits((own) => own.startsWith('.') && (name === own.slice(1) || name.endsWith(own))) ??
		fits((own) => own.endsWith('.*') && name.startsWith(own.slice(0, -1))) ??
		fits((own) => own.startsWith('~') && new RegExp(own.slice(1)).test(name)) ??
		all.find(({ listens }) => listens.some((l) => l.port === port && l.first)) ??
		all[0]
	);
}

/** ngx_http_core_find_location(): exact, the longest prefix unless `^~`, then regexes in their order. */
function locationFor(locations: readonly Location[], path: string): Location | undefined {
	const exact = locations.find((l) => l.modifier === '=' && l.path === path);
	if (exact) return exact;
	const prefix = locations
		.filter((l) => !l.pattern && l.modifier !== '=' && !l.path.startsWith('@') && path.startsWith(l.path))
		.sort((a, b) => b.path.length - a.path.length)[0];
	const inner = prefix && locationFor(prefix.inner, path);
	if (prefix?.modifier === '^~') return inner ?? prefix;
	if (inner?.pattern) return inner;
	return locations.find((l) => l.pattern?.test(path)) ?? inner ?? prefix;
}

function expand(turn: Turn, text: string, path: string, blocks: Blocks): string {
	return text.replace(/\$(?:\{(\w+)\}|(\w+))/g, (_, braced?: string, plain?: string) =>
		variable(turn, (braced ?? plain)!, path, blocks),
	);
}

function variable(turn: Turn, name: string, path: string, blocks: Blocks): string {
	const { request, host, server } = turn;
	const set = turn.variables.get(name);
	if (set !== undefined) return set;
	const header = (key: string): string => request.headers.get(key) ?? '';
	const args = request.query;
	switch (name) {
		case 'uri':
		case 'document_uri':
			return path;
		case 'request_uri':
			return `${request.path}${args === '' ? '' : `?${args}`}`;
		case 'args':
		case 'query_string':
			return args;
		case 'is_args':
			return args === '' ? '' : '?';
		case 'host':
			return header('host').replace(/:\d+$/, '') || (server.names[0] ?? '');
		case 'http_host':
			return header('host');
		case 'hostname':
			return host.hostname;
		case 'remote_addr':
		case 'realip_remote_addr':
			return request.client;
		case 'remote_port':
			return String(request.clientPort);
		case 'server_addr':
			return host.ip;
		case 'server_port':
			return String(request.port);
		case 'server_name':
			return server.names[0] ?? '';
		case 'server_protocol':
			return request.version;
		case 'scheme':
			return 'http';
		case 'request_method':
			return request.method;
		case 'request':
			return `${request.method} ${variable(turn, 'request_uri', path, blocks)} ${request.version}`;
		case 'request_body':
			return request.body;
		case 'proxy_add_x_forwarded_for': {
			const before = header('x-forwarded-for');
			return before === '' ? request.client : `${before}, ${request.client}`;
		}
		case 'nginx_version':
			return turn.version;
		case 'document_root':
			return nearest(blocks, 'root')?.args[0] ?? '/etc/nginx/html';
		case 'pid':
			return '29';
		case 'msec':
			return String(host.epoch + Math.floor(host.now / SECOND));
	}
	if (name.startsWith('arg_')) return new RegExp(`(?:^|&)${name.slice(4)}=([^&]*)`).exec(args)?.[1] ?? '';
	if (name.startsWith('http_')) return header(name.slice(5).replaceAll('_', '-'));
	return '';
}

/** Percent-decoded, dots and double slashes resolved; undefined of what goes above the root. */
function clean(path: string): string | undefined {
	let decoded: string;
	try {
		decoded = decodeURIComponent(path);
	} catch {
		return undefined;
	}
	const parts: string[] = [];
	for (const part of decoded.split('/').slice(1)) {
		if (part === '..') {
			if (parts.length === 0) return undefined;
			parts.pop();
		} else if (part !== '.' && part !== '') parts.push(part);
	}
	return `/${parts.join('/')}${/\/(?:\.{1,2})?$/.test(decoded) && parts.length > 0 ? '/' : ''}`;
}

/** nginx runs its workers as its user; here as whoever runs the container, where that is not root. */
function fileName(turn: Turn, location: Location | undefined, blocks: Blocks, path: string): string {
	const alias = location?.own.find(({ name }) => name === 'alias')?.args[0];
	if (alias !== undefined) {
		const text = expand(turn, alias, path, blocks);
		return location!.pattern ? path.replace(location!.pattern, text) : `${text}${path.slice(location!.path.length)}`;
	}
	const root = expand(turn, nearest(blocks, 'root')?.args[0] ?? 'html', path, blocks);
	return `${root.startsWith('/') ? root.replace(/\/$/, '') : `/etc/nginx/${root}`}${path}`;
}

const errno = (disk: Disk, path: string): string =>
	disk.readFault(path) === 'EACCES' ? '13: Permission denied' : '2: No such file or directory';

function listing(turn: Turn, name: string, path: string): Uint8Array {
	const { disk, host } = turn;
	const row = (entry: string): string => {
		const stat = disk.stat(`${name}${entry}`);
		const shown = stat?.kind === 'directory' ? `${entry}/` : entry;
		const label = shown.length > 50 ? `${shown.slice(0, 47)}..&gt;` : shown;
		const date = httpDate(host.epoch, stat?.at ?? 0).split(' ');
		return `<a href="${encodeURI(shown)}">${label}</a>${' '.repeat(Math.max(0, 51 - shown.length))}${date[1]}-${date[2]}-${date[3]} ${date[4]!.slice(0, 5)}${(stat?.kind === 'directory' ? '-' : String(stat?.size ?? 0)).padStart(20)}`;
	};
	const names = disk.list(name) ?? [];
	const isFolder = (entry: string): boolean => disk.stat(`${name}${entry}`)?.kind === 'directory';
	const shown = names.filter((entry) => !entry.startsWith('.'));
	const sorted = [...shown.filter(isFolder), ...shown.filter((entry) => !isFolder(entry))];
	return utf8(
		`<html>\r\n<head><title>Index of ${path}</title></head>\r\n<body>\r\n<h1>Index of ${path}</h1><hr><pre><a href="../">../</a>\r\n${sorted.map((entry) => `${row(entry)}\r\n`).join('')}</pre><hr></body>\r\n</html>\r\n`,
	);
}

/** allow and deny, in their order. */
function denied({ request }: Turn, blocks: Blocks): boolean {
	for (const block of blocks) {
		const rules = block.filter(({ name }) => name === 'allow' || name === 'deny');
		if (rules.length === 0) continue;
		for (const { name, args } of rules) if (covers(args[0]!, request.client)) return name === 'deny';
		return false;
	}
	return false;
}

function covers(rule: string, client: string): boolean {
	if (rule === 'all') return true;
	const number = (text: string): number => text.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
	const [address = '', length = '32'] = rule.split('/');
	const size = 2 ** (32 - Number(length));
	return Math.floor(number(address) / size) === Math.floor(number(client) / size);
}

/** Runs `set`, `rewrite` and `return` of a block; what they answer, or the path they make. */
function rewritten(
	turn: Turn,
	block: readonly Directive[],
	blocks: Blocks,
	path: string,
): Found | { readonly path: string; readonly again: boolean } {
	let now = path;
	for (const { name, args } of block) {
		if (name === 'set') turn.variables.set(args[0]!.slice(1), expand(turn, args[1]!, now, blocks));
		if (name === 'break') break;
		if (name === 'return') {
			const code = Number(args[0]);
			const text = args[1] === undefined ? undefined : expand(turn, args[1], now, blocks);
			if (!Number.isInteger(code)) return { status: 302, location: expand(turn, args[0]!, now, blocks), blocks };
			if ([301, 302, 303, 307, 308].includes(code)) return { status: code, location: text ?? '', blocks };
			if (text === undefined) return { status: code, blocks };
			return { status: code, body: utf8(text), type: nearest(blocks, 'default_type')?.args[0] ?? 'text/plain', blocks };
		}
		if (name === 'rewrite') {
			const m = new RegExp(args[0]!).exec(now);
			if (!m) continue;
			const groups = (text: string): string => text.replace(/\$(\d)/g, (_, n: string) => m[Number(n)] ?? '');
			const to = expand(turn, groups(args[1]!), now, blocks);
			if (args[2] === 'redirect' || args[2] === 'permanent' || /^https?:/.test(to))
				return { status: args[2] === 'permanent' ? 301 : 302, location: to, blocks };
			now = to.replace(/\?.*/, '');
			if (args[2] === 'break') return { path: now, again: false };
			if (args[2] === 'last') return { path: now, again: true };
		}
	}
	return { path: now, again: now !== path };
}

function proxied(turn: Turn, target: string, location: Location | undefined, blocks: Blocks, path: string): Found {
	const { config, host, request } = turn;
	const url = /^https?:\/\/([^/:]+)(?::(\d+))?(\/.*)?$/.exec(expand(turn, target, path, blocks));
	if (!url) return { status: 500, blocks };
	const [, name = '', digits = '80', uri] = url;
	const servers = config.upstreams.get(name) ?? [`${name}:${digits}`];
	const tail = uri === undefined ? path : `${uri}${location?.pattern ? '' : path.slice(location?.path.length ?? 0)}`;
	const headers = new Map(request.headers);
	headers.set('host', config.upstreams.has(name) ? name : `${name}${digits === '80' ? '' : `:${digits}`}`);
	headers.set('connection', 'close');
	for (const { args } of nearestAll(blocks, 'proxy_set_header')) {
		const value = expand(turn, args[1]!, path, blocks);
		if (value === '') headers.delete(args[0]!.toLowerCase());
		else headers.set(args[0]!.toLowerCase(), value);
	}
	for (let i = 0; i < servers.length; i++) {
		const server = servers[(turn.stats.requests + i) % servers.length]!;
		const [at = '', port = '80'] = server.split(':');
		const answer = host.forward?.(at, Number(port), {
			...request,
			path: tail,
			headers,
			version: 'HTTP/1.0',
			client: host.ip,
		});
		if (answer) return { status: answer.status, passed: answer, blocks };
	}
	const upstream = `http://${servers[0]!.includes(':') ? servers[0] : `${servers[0]}:80`}${tail}`;
	return {
		status: 502,
		complaint: `connect() failed (111: Connection refused) while connecting to upstream|, upstream: "${upstream}"`,
		blocks,
	};
}

const status = ({ stats }: Turn): string =>
	`Active connections: 1 \nserver accepts handled requests\n ${stats.accepted} ${stats.accepted} ${stats.requests} \nReading: 0 Writing: 1 Waiting: 0 \n`;

function find(turn: Turn, path: string, depth = 0): Found {
	const { server, disk, request } = turn;
	const outer = server.around;
	if (depth > 10)
		return {
			status: 500,
			complaint: `rewrite or internal redirection cycle while processing "${path}"`,
			blocks: outer,
		};
	if (depth === 0) {
		const first = rewritten(turn, server.own, outer, path);
		if ('status' in first) return first;
		if (first.path !== path) return find(turn, first.path, 1);
	}
	const location = locationFor(server.locations, path);
	const blocks: Blocks = location ? [location.own, ...location.around] : outer;
	if (location?.own.some(({ name }) => name === 'internal') && depth === 0) return { status: 404, blocks };
	const turned = location ? rewritten(turn, location.own, blocks, path) : { path, again: false };
	if ('status' in turned) return turned;
	if (turned.again) return find(turn, turned.path, depth + 1);
	const at = turned.path;
	if (denied(turn, blocks)) return { status: 403, complaint: 'access forbidden by rule', blocks };
	const own = location?.own ?? server.own;
	const proxy = own.find(({ name }) => name === 'proxy_pass');
	const tries = own.find(({ name }) => name === 'try_files') ?? server.own.find(({ name }) => name === 'try_files');
	if (own.some(({ name }) => name === 'stub_status'))
		return { status: 200, body: utf8(status(turn)), type: 'text/plain', blocks };
	if (tries) {
		const last = tries.args.at(-1)!;
		for (const word of tries.args.slice(0, -1)) {
			const wanted = expand(turn, word, at, blocks);
			const stat = disk.stat(fileName(turn, location, blocks, wanted.replace(/\/$/, '') || '/'));
			if (stat?.kind === (wanted.endsWith('/') ? 'directory' : 'file'))
				return serve(turn, location, blocks, wanted, depth);
		}
		if (last.startsWith('=')) return { status: Number(last.slice(1)), blocks };
		if (last.startsWith('@')) {
			const named = server.locations.find((l) => l.path === last);
			const pass = named?.own.find(({ name }) => name === 'proxy_pass');
			if (!named) return { status: 500, complaint: `could not find named location "${last}"`, blocks };
			if (pass) return proxied(turn, pass.args[0]!, undefined, [named.own, ...named.around], at);
			const answer = rewritten(turn, named.own, [named.own, ...named.around], at);
			return 'status' in answer ? answer : serve(turn, named, [named.own, ...named.around], at, depth);
		}
		const [next = ''] = expand(turn, last, at, blocks).split('?');
		return find(turn, next, depth + 1);
	}
	if (proxy) return proxied(turn, proxy.args[0]!, location, blocks, at);
	if (request.method !== 'GET' && request.method !== 'HEAD') {
		const name = fileName(turn, location, blocks, at);
		if (at.endsWith('/') || disk.stat(name)) return { status: 405, blocks };
	}
	return serve(turn, location, blocks, at, depth);
}

/** A file, a directory's index, or a list of it. */
function serve(turn: Turn, location: Location | undefined, blocks: Blocks, path: string, depth: number): Found {
	const { disk, request } = turn;
	const name = fileName(turn, location, blocks, path);
	if (path.endsWith('/')) {
		const index = nearest(blocks, 'index')?.args ?? ['index.html'];
		for (const word of index) {
			const wanted = expand(turn, word, path, blocks);
			if (wanted.startsWith('/')) return find(turn, wanted, depth + 1);
			if (disk.stat(`${name}${wanted}`)?.kind === 'file') return find(turn, `${path}${wanted}`, depth + 1);
		}
		const folder = disk.stat(name);
		if (folder?.kind !== 'directory') {
			// With more than one index the first that is missing shows that the directory is.
			return { status: 404, complaint: `"${name}${index[0]}" is not found (${errno(disk, name)})`, blocks };
		}
		if (nearest(blocks, 'autoindex')?.args[0] === 'on')
			return disk.list(name)
				? { status: 200, body: listing(turn, name, path), type: 'text/html', blocks }
				: { status: 403, complaint: `opendir() "${name}" failed (13: Permission denied)`, blocks };
		return { status: 403, complaint: `directory index of "${name}" is forbidden`, blocks };
	}
	const stat = disk.stat(name);
	if (stat?.kind === 'directory') {
		const to = `${path}/${request.query === '' ? '' : `?${request.query}`}`;
		return { status: 301, location: to, blocks };
	}
	const body = disk.readOctets(name);
	if (!stat || !body) {
		const why = errno(disk, name);
		return { status: why.startsWith('13') ? 403 : 404, complaint: `open() "${name}" failed (${why})`, blocks };
	}
	if (request.method !== 'GET' && request.method !== 'HEAD') return { status: 405, blocks };
	return { status: 200, body, at: stat.at, file: name, blocks };
}

/** Type by the ending of a path. */
function typeOf({ config }: Turn, path: string, blocks: Blocks): string {
	const ending = /\.([^./]+)$/.exec(path)?.[1]?.toLowerCase();
	const charset = nearest(blocks, 'charset')?.args[0];
	const type =
		(ending === undefined ? undefined : config.types.get(ending)) ??
		nearest(blocks, 'default_type')?.args[0] ??
		'text/plain';
	return charset !== undefined && charset !== 'off' && /^text\/|javascript|rss/.test(type)
		? `${type}; charset=${charset}`
		: type;
}

const page = (code: number, version: string): Uint8Array => {
	const title = `${code} ${code === 302 ? 'Found' : code === 416 ? REASONS[416] : (REASONS[code] ?? '')}`;
	return utf8(
		`<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n<hr><center>${version}</center>\r\n</body>\r\n</html>\r\n`,
	);
};

/** An answer, with all its headers in nginx's order; undefined when no server listens on the port. */
export function nginxAnswer(
	config: Config,
	disk: Disk,
	host: WebHost,
	version: string,
	stats: NginxStats,
	request: WebRequest,
): WebAnswer | undefined {
	const given = (request.headers.get('host') ?? '').replace(/:\d+$/, '').toLowerCase();
	const server = serverFor(config, request.port, given);
	if (!server) return undefined;
	stats.accepted++;
	stats.requests++;
	const turn: Turn = { config, disk, host, version, stats, request, server, variables: new Map() };
	const path = clean(request.path);
	const bad = path === undefined || (request.version === 'HTTP/1.1' && !request.headers.has('host'));
	let found: Found = bad ? { status: 400, blocks: server.around } : find(turn, path);
	const shown = nearest(found.blocks, 'server_tokens')?.args[0] === 'off' ? 'nginx' : `nginx/${version}`;
	let file = path ?? '';
	let code = found.status;
	// error_page: a page of one's own, by an internal redirect.
	if (found.status >= 300 && found.status !== 304 && found.body === undefined && !found.passed) {
		const rule = nearestAll(found.blocks, 'error_page').find(({ args }) =>
			args.slice(0, -1).includes(String(found.status)),
		);
		if (rule) {
			const target = rule.args.at(-1)!;
			const change = rule.args.find((word) => word.startsWith('='));
			const { complaint } = found;
			if (target.startsWith('/') && !bad) {
				const next = find(
					{ ...turn, request: { ...request, method: request.method === 'HEAD' ? 'HEAD' : 'GET' } },
					target,
					1,
				);
				if (next.status < 300) {
					found = { ...next, complaint: complaint ?? next.complaint };
					file = target;
					code = change === undefined ? code : Number(change.slice(1)) || next.status;
				}
			} else if (/^https?:/.test(target)) {
				found = { status: 302, location: target, blocks: found.blocks, complaint };
				code = 302;
			}
		}
	}
	if (found.passed) {
		const kept = found.passed.headers.filter((line) => !/^(?:server|date|connection|x-accel-.*):/i.test(line));
		return {
			status: code,
			reason: found.passed.reason,
			headers: [
				`Server: ${shown}`,
				dateLine(host),
				...kept,
				'Connection: keep-alive',
				...added(turn, found, code, file),
			],
			body: found.passed.body,
			...quietness(found),
		};
	}
	const isFile = found.at !== undefined;
	let body = found.body ?? (code === 204 ? new Uint8Array(0) : page(code, shown));
	const headers = [`Server: ${shown}`, dateLine(host)];
	const type = found.type ?? (isFile ? typeOf(turn, found.file ?? file, found.blocks) : 'text/html');
	const about: string[] = [];
	if (isFile) {
		const seconds = host.epoch + Math.floor(found.at! / SECOND);
		const modified = httpDate(host.epoch, found.at!);
		const etag = `"${hexNumber(seconds)}-${hexNumber(body.length)}"`;
		const since = readHttpDate(request.headers.get('if-modified-since') ?? '');
		const known = request.headers.get('if-none-match');
		if (code === 200 && (known === undefined ? since === seconds : known.includes(etag))) {
			return {
				status: 304,
				reason: REASONS[304]!,
				headers: [...headers, `Last-Modified: ${modified}`, 'Connection: keep-alive', `ETag: ${etag}`],
				body: new Uint8Array(0),
				...quietness(found),
			};
		}
		about.push(`Last-Modified: ${modified}`, 'Connection: keep-alive', `ETag: ${etag}`);
		const range = code === 200 ? rangeOf(request.headers.get('range'), body.length) : undefined;
		if (range) {
			const whole = body.length;
			body = body.slice(range[0], range[1] + 1);
			code = 206;
			about.push(`Content-Range: bytes ${range[0]}-${range[1]}/${whole}`);
		} else if (code === 200) about.push('Accept-Ranges: bytes');
	} else about.push(keeps(code) ? 'Connection: keep-alive' : 'Connection: close');
	if (found.location !== undefined) {
		const hostName = request.headers.get('host')?.replace(/:\d+$/, '') || server.names[0] || host.hostname;
		const absolute = /^\w+:\/\//.test(found.location);
		const plain = nearest(found.blocks, 'absolute_redirect')?.args[0] === 'off';
		const port =
			request.port === 80 || nearest(found.blocks, 'port_in_redirect')?.args[0] === 'off' ? '' : `:${request.port}`;
		about.unshift(
			`Location: ${absolute || plain || !found.location.startsWith('/') ? found.location : `http://${hostName}${port}${found.location}`}`,
		);
		about.push(about.splice(0, 1)[0]!);
	}
	const reason = REASONS[code] ?? '';
	const bodiless = code === 204;
	return {
		status: code,
		reason,
		headers: [
			...headers,
			...(bodiless ? [] : [`Content-Type: ${type}`, `Content-Length: ${body.length}`]),
			...about,
			...added(turn, found, code, file),
		],
		body: request.method === 'HEAD' ? new Uint8Array(0) : body,
		...quietness(found),
	};
}

const keeps = (code: number): boolean => ![400, 413, 414, 497, 500, 501].includes(code);

/** add_header: with `always`, or of these statuses only. */
function added(turn: Turn, found: Found, code: number, path: string): readonly string[] {
	return nearestAll(found.blocks, 'add_header')
		.filter(({ args }) => args[2] === 'always' || [200, 201, 204, 206, 301, 302, 303, 304, 307, 308].includes(code))
		.map(({ args }) => `${args[0]}: ${expand(turn, args[1]!, path, found.blocks)}`);
}

function quietness({ blocks, complaint }: Found): Pick<WebAnswer, 'complaint' | 'quiet'> {
	const off = nearest(blocks, 'access_log')?.args[0] === 'off';
	const silent =
		complaint !== undefined &&
		nearest(blocks, 'log_not_found')?.args[0] === 'off' &&
		/failed \(2|is not found/.test(complaint);
	return { ...(complaint === undefined || silent ? {} : { complaint }), ...(off ? { quiet: true } : {}) };
}

function rangeOf(header: string | undefined, length: number): readonly [number, number] | undefined {
	const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
	if (from === '' && to === '') return undefined;
	const first = from === '' ? Math.max(0, length - Number(to)) : Number(from);
	const last = from === '' || to === '' ? length - 1 : Math.min(Number(to), length - 1);
	return first <= last ? [first, last] : undefined;
}
