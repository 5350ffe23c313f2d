/** Where servers listen, and their locations (ngx_http_core_listen(), ngx_http_core_location() @ 1.23). */
import { compiled, where } from './check.ts';
import type { Listen, Location } from './config.ts';
import type { Directive } from './read.ts';
import { Refusal } from './refusal.ts';

/** What a server listens on; undefined of sockets of Unix. @throws Refusal */
export function listenOf(directive: Directive, context: 'http' | 'stream'): Listen | undefined {
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

/** Locations of a block, those inside of them included. @throws Refusal */
export function locationsOf(
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
