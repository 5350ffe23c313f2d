/** `upstream` blocks: servers, weights and the way one of them is chosen (src/http/ngx_http_upstream.c @ 1.23). */
import { SECOND } from '../../time.ts';
import { where } from './check.ts';
import type { Directive } from './read.ts';
import { Refusal } from './refusal.ts';
import { readTime } from './words.ts';

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
	/** `ip_hash`, `least_conn`, `hash`, `random`; round robin when empty. */
	readonly method: string;
	readonly args: readonly string[];
}

/** ngx_http_upstream_server(). @throws Refusal */
function upstreamServer(directive: Directive, method: string): UpstreamServer {
	const [address = '', ...words] = directive.args;
	const value = (name: string): string | undefined =>
		words.find((word) => word.startsWith(`${name}=`))?.slice(name.length + 1);
	for (const word of words) {
		const fails = /^fail_timeout=(.*)$/.exec(word);
		if (
			fails
				? readTime(fails[1]!) === undefined
				: !/^(?:weight=[1-9]\d*|max_fails=\d+|max_conns=\d+|backup|down|resolve)$/.test(word)
		)
			throw new Refusal(`invalid parameter "${word}" ${where(directive)}`);
		if (word === 'backup' && /^(?:ip_hash|hash|random)$/.test(method))
			throw new Refusal(`balancing method does not support parameter "${word}" ${where(directive)}`);
	}
	return {
		address,
		weight: Number(value('weight') ?? 1),
		backup: words.includes('backup'),
		down: words.includes('down'),
		maxFails: Number(value('max_fails') ?? 1),
		failTimeout: readTime(value('fail_timeout') ?? '') ?? 10 * SECOND,
	};
}

/** @throws Refusal */
export function upstreamsOf(http: readonly Directive[]): ReadonlyMap<string, Upstream> {
	const out = new Map<string, Upstream>();
	for (const directive of http) {
		if (directive.name !== 'upstream') continue;
		const [name = ''] = directive.args;
		const block = directive.block ?? [];
		if (out.has(name)) throw new Refusal(`duplicate upstream "${name}" ${where(directive)}`);
		const lines = block.filter((d) => d.name === 'server');
		const method = block.find((d) => /^(?:ip_hash|least_conn|random|hash)$/.test(d.name));
		if (lines.length === 0) throw new Refusal(`no servers are inside upstream ${where(directive)}`);
		const made = lines.map((line) =>
			// What balances is known to lines that follow it.
			upstreamServer(line, method && block.indexOf(method) < block.indexOf(line) ? method.name : ''),
		);
		if (made.every(({ backup }) => backup)) throw new Refusal(`no servers in upstream "${name}" ${where(directive)}`);
		out.set(name, {
			servers: made,
			method: method?.name ?? '',
			args: method?.args ?? [],
		});
	}
	return out;
}
