/** proxy_cache: answers that are kept, and for how long (src/http/ngx_http_file_cache.c, ngx_http_upstream.c @ 1.23). */

import { SECOND } from '../../time.ts';
import { readHttpDate, type WebAnswer } from '../http.ts';
import { nearest, nearestAll, wordOf } from './nearest.ts';
import type { Cached, Header, Turn } from './turn.ts';
import { expand } from './variables.ts';
import { readTime } from './words.ts';

const truthy = (turn: Turn, directive: string): boolean =>
	nearestAll(turn.blocks, directive).some(({ args }) =>
		args.some((word) => {
			const value = expand(turn, word);
			return value !== '' && value !== '0';
		}),
	);

interface Entry {
	readonly key: string;
	readonly known: Cached | undefined;
}

function entryOf(turn: Turn, base: string): Entry | undefined {
	const zone = expand(turn, wordOf(turn.blocks, 'proxy_cache', 'off'));
	if (zone === 'off' || zone === '') return undefined;
	const methods = nearest(turn.blocks, 'proxy_cache_methods')?.args ?? [];
	if (!['GET', 'HEAD', ...methods].includes(turn.method)) return undefined;
	const text = nearest(turn.blocks, 'proxy_cache_key')?.args[0];
	const url = `${turn.request.path}${turn.request.query === '' ? '' : `?${turn.request.query}`}`;
	const key = `${zone}\0${text === undefined ? `${base}${url}` : expand(turn, text)}`;
	return { key, known: turn.stats.cache.get(key) };
}

/** What is kept for a request; undefined when its upstream is to be asked. */
export function kept(turn: Turn, base: string): WebAnswer | undefined {
	const entry = entryOf(turn, base);
	if (!entry) return undefined;
	turn.variables.set('\0cache', entry.key);
	if (truthy(turn, 'proxy_cache_bypass')) {
		turn.cache = 'BYPASS';
		return undefined;
	}
	const { known } = entry;
	if (!known || known.uses < Number(wordOf(turn.blocks, 'proxy_cache_min_uses', '1'))) {
		turn.cache = 'MISS';
		return undefined;
	}
	if (turn.host.now >= known.until) {
		turn.cache = 'EXPIRED';
		return undefined;
	}
	turn.cache = 'HIT';
	return {
		status: known.status,
		reason: known.reason,
		headers: known.headers.map(([name, value]) => `${name}: ${value}`),
		body: turn.method === 'HEAD' ? new Uint8Array(0) : known.body,
	};
}

/** For how long an answer may be kept, microseconds; 0 where it may not. */
function validFor(turn: Turn, { status, headers }: WebAnswer): number {
	const ignored = nearest(turn.blocks, 'proxy_ignore_headers')?.args.map((word) => word.toLowerCase()) ?? [];
	const header = (name: string): string | undefined =>
		ignored.includes(name)
			? undefined
			: headers.find((line) => line.toLowerCase().startsWith(`${name}:`))?.replace(/^[^:]*:\s*/, '');
	const own = header('x-accel-expires');
	if (own !== undefined && /^\d+$/.test(own)) return Number(own) * SECOND;
	if (header('set-cookie') !== undefined || header('vary') === '*') return 0;
	const control = header('cache-control') ?? '';
	if (/no-cache|no-store|private/i.test(control)) return 0;
	const age = /s-maxage=(\d+)/i.exec(control)?.[1] ?? /max-age=(\d+)/i.exec(control)?.[1];
	if (age !== undefined) return Number(age) * SECOND;
	const date = header('expires');
	if (date !== undefined) {
		const at = readHttpDate(date);
		return at === undefined ? 0 : Math.max(0, (at - turn.host.epoch) * SECOND - turn.host.now);
	}
	for (const { args } of nearestAll(turn.blocks, 'proxy_cache_valid')) {
		const codes = args.slice(0, -1);
		const fits =
			codes.length === 0 ? [200, 301, 302].includes(status) : codes.includes('any') || codes.includes(String(status));
		if (fits) return readTime(args.at(-1)!) ?? 0;
	}
	return 0;
}

/** Keeps an answer where proxy_cache says so. */
export function keep(turn: Turn, answer: WebAnswer): void {
	const key = turn.variables.get('\0cache');
	if (key === undefined || truthy(turn, 'proxy_no_cache') || turn.method === 'HEAD') return;
	const valid = validFor(turn, answer);
	if (valid <= 0) return;
	const before = turn.stats.cache.get(key);
	const headers = answer.headers.map((line): Header => {
		const colon = line.indexOf(':');
		return [line.slice(0, colon), line.slice(colon + 1).trim()];
	});
	turn.stats.cache.set(key, {
		status: answer.status,
		reason: answer.reason,
		headers,
		body: answer.body,
		made: turn.host.now,
		until: turn.host.now + turn.took + valid,
		uses: (before?.uses ?? 0) + 1,
	});
}
