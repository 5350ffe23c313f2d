/** A request's way through nginx: server, location, rules, who may, and what answers (src/http/ngx_http_core_module.c @ 1.23). */
import { access, limited } from './access.ts';
import { handled, type Inward, inward, isInward, served, tried } from './content.ts';
import { locate } from './locate.ts';
import { isOn, nearest, nearestAll, wordOf } from './nearest.ts';
import { proxied } from './proxy.ts';
import type { Directive } from './read.ts';
import { escapedPath, script } from './script.ts';
import { pageOf } from './special.ts';
import { complain, type Outcome, type Reply, type Turn } from './turn.ts';
import { expand } from './variables.ts';
import { readSize } from './words.ts';

/** r->uri_changes at the beginning. */
export const CHANGES = 11;

/** Statuses after which a connection is not kept. */
const CLOSING = new Set([400, 413, 414, 497, 495, 496, 500, 501]);

const HANDLERS = /^(?:proxy|fastcgi|uwsgi|scgi|grpc|memcached)_pass$|^stub_status$|^empty_gif$/;

/** From the server's own rules on. */
export function serverPhases(turn: Turn): Outcome {
	turn.location = undefined;
	turn.within = false;
	turn.blocks = turn.server.around;
	const done = script(turn, turn.server.own, false);
	if (typeof done === 'object') return done.outcome;
	return locationPhases(turn);
}

/** ngx_http_core_find_config_phase() and what follows. */
function locationPhases(turn: Turn): Outcome {
	for (;;) {
		const found = locate(turn, turn.server.locations);
		const location = found && ('slash' in found ? found.slash : found.location);
		turn.location = location;
		turn.within = false;
		turn.narrowed = false;
		turn.blocks = location ? [location.own, ...location.around] : turn.server.around;
		if (!turn.internal && location?.own.some(({ name }) => name === 'internal')) return 404;
		narrowed(turn);
		const limit = readSize(wordOf(turn.blocks, 'client_max_body_size', '1m')) ?? 0;
		const length = Number(turn.request.headers.get('content-length') ?? 0);
		if (limit > 0 && length > limit) {
			complain(turn, 'error', `client intended to send too large body: ${length} bytes`);
			return 413;
		}
		if (found && 'slash' in found) {
			turn.redirect = `${escapedPath(`${turn.uri}/`)}${turn.args === '' ? '' : `?${turn.args}`}`;
			return 301;
		}
		const next = rewritten(turn);
		if (next === 'again') continue;
		if (next !== undefined) return next;
		return answered(turn);
	}
}

/** limit_except: another block for the methods that it does not name. */
function narrowed(turn: Turn): void {
	const rule = turn.location?.own.find(({ name }) => name === 'limit_except');
	if (!rule || rule.args.includes(turn.method) || (turn.method === 'HEAD' && rule.args.includes('GET'))) return;
	turn.blocks = [rule.block ?? [], ...turn.blocks];
	turn.narrowed = true;
}

function rewritten(turn: Turn): Outcome | 'again' | undefined {
	if (!turn.location) return undefined;
	const done = script(turn, turn.narrowed ? turn.blocks[0]! : turn.location.own, true);
	if (typeof done === 'object') return done.outcome;
	if (done !== 'again') return undefined;
	if (--turn.changes > 0) return 'again';
	complain(turn, 'error', `rewrite or internal redirection cycle while processing "${turn.uri}"`);
	return 500;
}

/** Phases from preaccess to content. */
function answered(turn: Turn): Outcome {
	if (!turn.main) {
		const limit = limited(turn);
		if ('status' in limit) return limit.status;
		turn.took += limit.waits;
		const refused = access(turn, (path) => asked(turn, path).status);
		if (refused !== 0) return refused;
	}
	const own: readonly Directive[] = turn.location?.own ?? turn.server.own;
	const [inner = []] = turn.blocks;
	// No location has the try_files of what is around it, an `if` neither.
	const tries = turn.within ? undefined : own.find(({ name }) => name === 'try_files');
	if (tries) {
		const done = tried(turn, tries);
		if (done !== undefined) return settled(turn, done);
	}
	const handler = inner.find(({ name }) => HANDLERS.test(name)) ?? own.find(({ name }) => HANDLERS.test(name));
	if (handler?.name === 'proxy_pass') return settled(turn, proxied(turn, handler.args[0]!));
	if (handler) {
		const done = handled(turn, handler.name);
		if (done !== undefined) return done;
		complain(
			turn,
			'crit',
			`this lab's nginx speaks HTTP with upstreams, and nothing that "${handler.name}" asks for, while connecting to upstream`,
		);
		return 502;
	}
	return settled(turn, served(turn));
}

function settled(turn: Turn, outcome: Outcome | Inward | { readonly named: string }): Outcome {
	if (typeof outcome !== 'object') return outcome;
	if ('named' in outcome) return namedLocation(turn, outcome.named);
	return isInward(outcome) ? internalRedirect(turn, outcome) : outcome;
}

/** ngx_http_internal_redirect(). */
function internalRedirect(turn: Turn, { to, args }: Inward): Outcome {
	if (--turn.changes <= 0) {
		complain(turn, 'error', `rewrite or internal redirection cycle while internally redirecting to "${to}"`);
		return 500;
	}
	turn.uri = to;
	turn.args = args;
	turn.internal = true;
	return serverPhases(turn);
}

/** ngx_http_named_location(). */
function namedLocation(turn: Turn, name: string): Outcome {
	if (--turn.changes <= 0) {
		complain(turn, 'error', `rewrite or internal redirection cycle while redirect to named location "${name}"`);
		return 500;
	}
	const location = turn.server.locations.find(({ path }) => path === name);
	if (!location) {
		complain(turn, 'error', `could not find named location "${name}"`);
		return 500;
	}
	turn.internal = true;
	turn.location = location;
	turn.within = false;
	turn.narrowed = false;
	turn.blocks = [location.own, ...location.around];
	const next = rewritten(turn);
	if (next === 'again') return locationPhases(turn);
	return next ?? answered(turn);
}

/** Another request for this one's sake (ngx_http_subrequest()). */
export function asked(turn: Turn, path: string): { readonly status: number; readonly body: Uint8Array } {
	const { to, args } = inward(path, '');
	const sub: Turn = {
		...turn,
		main: turn.main ?? turn,
		headers: [],
		attempts: [],
		variables: turn.variables,
		method: 'GET',
		uri: to,
		args,
		internal: true,
		changes: CHANGES,
		errorPage: false,
		errStatus: 0,
	};
	const reply = finalized(sub, serverPhases(sub));
	turn.took = sub.took;
	return reply === 'close'
		? { status: 444, body: new Uint8Array(0) }
		: { status: sub.errStatus || reply.status, body: reply.body };
}

/** What a status comes to: pages of one's own, nginx's, or none (ngx_http_special_response_handler()). */
export function finalized(turn: Turn, outcome: Outcome): Reply | 'close' {
	let now = outcome;
	for (;;) {
		if (typeof now !== 'number') return now;
		if (now === 444) return 'close';
		if (now < 300 && now !== 201 && now !== 204) return { status: now, body: new Uint8Array(0) };
		const next = special(turn, now);
		if (typeof next === 'object' && 'status' in next) return next;
		now = next;
	}
}

function special(turn: Turn, error: number): Outcome {
	turn.errStatus = error;
	if (CLOSING.has(error)) turn.keepalive = false;
	const pages = nearestAll(turn.blocks, 'error_page');
	if (!turn.errorPage && pages.length > 0 && turn.changes !== 0) {
		if (!isOn(turn.blocks, 'recursive_error_pages')) turn.errorPage = true;
		const rule = pages.find(({ args }) => args.slice(0, -1).includes(String(error)));
		if (rule) return errorPage(turn, rule);
	}
	if (error >= 494 && error <= 497) turn.errStatus = 400;
	const body = pageOf(turn, error);
	return { status: error, body: body ?? new Uint8Array(0), special: true, ...(body ? { type: 'text/html' } : {}) };
}

/** ngx_http_send_error_page(). */
function errorPage(turn: Turn, { args }: Directive): Outcome {
	const change = args.slice(0, -1).find((word) => word.startsWith('='));
	if (change !== undefined) turn.errStatus = Number(change.slice(1)) || 0;
	const uri = expand(turn, args.at(-1)!);
	if (uri.startsWith('/')) {
		if (turn.method !== 'HEAD') turn.method = 'GET';
		turn.redirect = undefined;
		const text = inward(uri, '');
		return internalRedirect(turn, text);
	}
	if (uri.startsWith('@')) {
		turn.redirect = undefined;
		return namedLocation(turn, uri);
	}
	turn.redirect = uri;
	if (![301, 302, 303, 307, 308].includes(turn.errStatus) || change === undefined) turn.errStatus = 302;
	const body = pageOf(turn, turn.errStatus);
	return { status: turn.errStatus, body: body ?? new Uint8Array(0), special: true, type: 'text/html' };
}

/** Whether a client's connection may stay (ngx_http_update_location_config()). */
export const mayStay = ({ blocks }: Turn): boolean =>
	!/^0(?:s|ms)?$/.test(nearest(blocks, 'keepalive_timeout')?.args[0] ?? '75s');
