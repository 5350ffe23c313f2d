/** Which server and which location a request is for (src/http/ngx_http_request.c, ngx_http_core_module.c @ 1.23). */
import type { Config, Location, Server } from './config.ts';
import { isOn } from './nearest.ts';
import type { Turn } from './turn.ts';
import { caught } from './variables.ts';
import { regex } from './words.ts';

/** `server_name` that fits: exact, the longest `*.x`, the longest `x.*`, the first regex; the port's default otherwise. */
export function serverFor(
	config: Config,
	ip: string,
	port: number,
	name: string,
): { readonly server: Server; readonly match?: RegExpExecArray } | undefined {
	const listening = (wanted: (own: string) => boolean): readonly Server[] =>
		config.servers.filter(({ listens }) => listens.some((l) => l.port === port && wanted(l.ip)));
	// An address of its own goes before the wildcard's.
	const own = listening((at) => at === ip);
	const any = own.length > 0 ? own : listening((at) => at === '0.0.0.0');
	const all = any.length > 0 ? any : listening(() => true);
	const longest = (fits: (own: string) => boolean): Server | undefined =>
		all
			.flatMap((server) => server.names.filter(fits).map((text) => ({ server, text })))
			.sort((a, b) => b.text.length - a.text.length)[0]?.server;
	const plain =
		all.find(({ names }) => names.some((own) => own.toLowerCase() === name && own !== '')) ??
		all.find(({ names }) => names.some((own) => own.startsWith('.') && name === own.slice(1).toLowerCase())) ??
		longest((own) => /^\*?\./.test(own) && name.endsWith(own.replace(/^\*/, '').toLowerCase())) ??
		longest((own) => own.endsWith('.*') && name.startsWith(own.slice(0, -1).toLowerCase()));
	if (plain) return { server: plain };
	for (const server of all)
		for (const text of server.names) {
			const match = text.startsWith('~') ? regex(text.slice(1), 'i').exec(name) : null;
			if (match) return { server, match };
		}
	const first = all.find(({ listens }) => listens.some((l) => l.port === port && l.first)) ?? all[0];
	return first && { server: first };
}

/** Found, or the path with a slash behind that it is sent to. */
type Located = { readonly location: Location; readonly exact: boolean } | { readonly slash: Location };

/** ngx_http_core_find_location(): exact, the longest prefix unless `^~`, then regexes in their order. */
export function locate(turn: Turn, locations: readonly Location[]): Located | undefined {
	const { uri } = turn;
	const exact = locations.find((l) => l.modifier === '=' && l.path === uri);
	if (exact) return { location: exact, exact: true };
	const prefix = locations
		.filter((l) => !l.pattern && l.modifier !== '=' && !l.path.startsWith('@') && uri.startsWith(l.path))
		.sort((a, b) => b.path.length - a.path.length)[0];
	const slash = locations.find(
		(l) =>
			!l.pattern &&
			l.path === `${uri}/` &&
			l.own.some(({ name }) => /^(?:proxy|fastcgi|uwsgi|scgi|grpc|memcached)_pass$/.test(name)),
	);
	if (slash) return { slash };
	const inner = prefix && locate(turn, prefix.inner);
	if (inner && ('slash' in inner || inner.exact)) return inner;
	if (prefix?.modifier !== '^~')
		for (const location of locations) {
			const match = location.pattern?.exec(uri);
			if (!match) continue;
			caught(turn, match);
			return locate(turn, location.inner) ?? { location, exact: false };
		}
	return inner ?? (prefix && { location: prefix, exact: false });
}

/** `Location:` for a path of this server's own, as it completes it (ngx_http_header_filter()). */
export function absolute(turn: Turn, path: string): string {
	const { request, server, blocks, host } = turn;
	if (!path.startsWith('/') || !isOn(blocks, 'absolute_redirect', true)) return path;
	const given = (request.headers.get('host') ?? '').replace(/:\d*$/, '').toLowerCase();
	const name = isOn(blocks, 'server_name_in_redirect') ? (server.names[0] ?? '') : given || host.ip;
	const plain = request.port === (request.tls ? 443 : 80) || !isOn(blocks, 'port_in_redirect', true);
	return `${request.tls ? 'https' : 'http'}://${name}${plain ? '' : `:${request.port}`}${path}`;
}
