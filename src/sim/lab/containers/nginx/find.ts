/**
 * From a request to what answers it: server, location, rules, a file or another program.
 *
 * Source: nginx src/http/ngx_http_core_module.c, modules/ngx_http_{static,index,rewrite,access,stub_status,proxy}_module.c
 * @ release-1.23.
 */
import { utf8 } from '../../../wire/index.ts';
import { type Config, type Location, nearest, type Server } from './config.ts';
import { errno, fileName, listing } from './files.ts';
import { proxied } from './proxy.ts';
import type { Directive } from './read.ts';
import type { Blocks, Found, Turn } from './turn.ts';
import { expand } from './variables.ts';

/** `server_name` that fits: exact, `*.x`, `x.*`, a regex; the default of the port otherwise. */
export function serverFor(config: Config, port: number, name: string): Server | undefined {
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

const status = ({ stats }: Turn): string =>
	`Active connections: 1 \nserver accepts handled requests\n ${stats.accepted} ${stats.accepted} ${stats.requests} \nReading: 0 Writing: 1 Waiting: 0 \n`;

/** What a path comes to. */
export function find(turn: Turn, path: string, depth = 0): Found {
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
