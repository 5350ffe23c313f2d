/** `map`, `geo` and `split_clients`: variables that are made of others (src/http/modules/ngx_http_{map,geo,split_clients}_module.c). */
import { utf8 } from '../../../wire/index.ts';
import { compiled, where } from './check.ts';
import { murmur2 } from './digests.ts';
import type { Directive } from './read.ts';
import { Refusal } from './refusal.ts';
import { addressOf, covers } from './words.ts';

/** A variable of such a block. */
export interface Made {
	/** Text whose value it goes by: `$uri`. */
	readonly source: string;
	/** Text it comes to, with what a pattern caught. */
	value(of: string): { readonly text: string; readonly match?: RegExpExecArray };
}

function mapOf({ args, block = [] }: Directive): Made {
	const hostnames = block.some(({ name, args: words }) => name === 'hostnames' && words.length === 0);
	const exact = new Map<string, string>();
	const tails: [string, string][] = [];
	const heads: [string, string][] = [];
	const patterns: [RegExp, string][] = [];
	let otherwise = '';
	for (const line of block) {
		const { name, args: words } = line;
		if (words.length === 0 && (name === 'hostnames' || name === 'volatile')) continue;
		if (words.length !== 1) throw new Refusal(`invalid number of the map parameters ${where(line)}`);
		const [value = ''] = words;
		if (name === 'default') otherwise = value;
		else if (name.startsWith('~'))
			patterns.push([compiled(name.replace(/^~\*?/, ''), line, name.startsWith('~*') ? 'i' : ''), value]);
		else if (hostnames && /^\*?\./.test(name)) tails.push([name.replace(/^\*/, '').toLowerCase(), value]);
		else if (hostnames && name.endsWith('.*')) heads.push([name.slice(0, -1).toLowerCase(), value]);
		else {
			const key = name.replace(/^\\/, '').toLowerCase();
			if (exact.has(key)) throw new Refusal(`conflicting parameter "${name}" ${where(line)}`);
			exact.set(key, value);
		}
	}
	return {
		source: args[0] ?? '',
		value(of) {
			const key = of.toLowerCase();
			const plain =
				exact.get(key) ??
				tails
					.filter(([tail]) => key.endsWith(tail) || key === tail.slice(1))
					.sort(([a], [b]) => b.length - a.length)[0]?.[1] ??
				heads.filter(([head]) => key.startsWith(head)).sort(([a], [b]) => b.length - a.length)[0]?.[1];
			if (plain !== undefined) return { text: plain };
			for (const [pattern, text] of patterns) {
				const match = pattern.exec(of);
				if (match) return { text, match };
			}
			return { text: otherwise };
		},
	};
}

function geoOf({ args, block = [] }: Directive): Made {
	const ranges = block.some(({ name }) => name === 'ranges');
	let otherwise = '';
	const rules: { readonly rule: string; readonly size: number; readonly value: string }[] = [];
	for (const line of block) {
		const { name, args: words } = line;
		const [value = ''] = words;
		if (name === 'ranges' || name === 'proxy' || name === 'proxy_recursive') continue;
		if (name === 'delete') {
			const at = rules.findIndex(({ rule }) => rule === value);
			if (at >= 0) rules.splice(at, 1);
		} else if (name === 'default') otherwise = value;
		else {
			if (words.length !== 1) throw new Refusal(`invalid number of the geo parameters ${where(line)}`);
			const fits = ranges
				? /^\d+\.\d+\.\d+\.\d+(?:-\d+\.\d+\.\d+\.\d+)?$/.test(name)
				: /^\d+\.\d+\.\d+\.\d+(?:\/(?:\d|[12]\d|3[0-2]))?$|:/.test(name);
			if (!fits) throw new Refusal(`invalid ${ranges ? 'range' : 'network'} "${name}" ${where(line)}`);
			rules.push({ rule: name, size: Number(name.split('/')[1] ?? 32), value });
		}
	}
	const within = (rule: string, ip: string): boolean => {
		const [from = '', to = from] = rule.split('-');
		return addressOf(ip) >= addressOf(from) && addressOf(ip) <= addressOf(to);
	};
	return {
		source: args.length === 2 ? args[0]! : '$remote_addr',
		value(of) {
			if (!/^\d+\.\d+\.\d+\.\d+$/.test(of)) return { text: otherwise };
			const found = rules
				.filter(({ rule }) => (ranges ? within(rule, of) : covers(rule, of)))
				.sort((a, b) => b.size - a.size)[0];
			return { text: found?.value ?? otherwise };
		},
	};
}

function splitOf(directive: Directive): Made {
	const { args, block = [] } = directive;
	let sum = 0;
	const parts = block.map((line) => {
		const { name, args: words } = line;
		if (name === '*') return { limit: undefined, value: words[0] ?? '' };
		const [, percent] = /^(\d+(?:\.\d{1,2})?)%$/.exec(name) ?? [];
		if (percent === undefined || Number(percent) === 0)
			throw new Refusal(`invalid percent value "${name}" ${where(line)}`);
		sum += Math.round(Number(percent) * 100);
		if (sum > 10_000) throw new Refusal(`percent total is greater than 100% ${where(line)}`);
		return { limit: Math.floor((sum * 0xffffffff) / 10_000), value: words[0] ?? '' };
	});
	return {
		source: args[0] ?? '',
		value(of) {
			const hash = murmur2(utf8(of));
			return { text: parts.find(({ limit }) => limit === undefined || hash < limit)?.value ?? '' };
		},
	};
}

/** Variables by name, without the dollar. @throws Refusal */
export function madeVariables(block: readonly Directive[]): ReadonlyMap<string, Made> {
	const out = new Map<string, Made>();
	for (const directive of block) {
		const name = (directive.args.at(-1) ?? '').slice(1);
		if (directive.name === 'map') out.set(name, mapOf(directive));
		if (directive.name === 'geo') out.set(name, geoOf(directive));
		if (directive.name === 'split_clients') out.set(name, splitOf(directive));
	}
	return out;
}
