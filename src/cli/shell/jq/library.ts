/** What programs may call (jq 1.6, builtin.c and builtin.jq). */
import { format, plainText } from './formats.ts';
import {
	type Closure,
	type Library,
	type Native,
	type Results,
	run,
	values,
	type Way,
	type World,
	wayOf,
} from './machine.ts';
import { split } from './operators.ts';
import { Parser } from './parse.ts';
import { deleteAll, getPath, type Path, setPath } from './paths.ts';
import { matches, matchWords } from './patterns.ts';
import { oneValue } from './read.ts';
import { brokenDown, readTime, seconds, written } from './times.ts';
import type { Definition } from './tree.ts';
import {
	briefly,
	compare,
	equal,
	isArray,
	isObject,
	JqError,
	sortedKeys,
	textOf,
	truthy,
	typeOf,
	type Value,
} from './values.ts';

/** Defined in jq itself: what follows from the others. */
const DEFINED = `
def map(f): [.[] | f];
def select(f): if f then . else empty end;
def recurse: recurse(.[]?);
def recurse(f; cond): def r: ., (f | select(cond) | r); r;
def values: select(. != null);
def nulls: select(. == null);
def booleans: select(type == "boolean");
def numbers: select(type == "number");
def strings: select(type == "string");
def arrays: select(type == "array");
def objects: select(type == "object");
def iterables: select(type | . == "array" or . == "object");
def scalars: select(type | . != "array" and . != "object");
def map_values(f): .[] |= f;
def to_entries: [keys_unsorted[] as $k | {key: $k, value: .[$k]}];
def from_entries: map({(.key // .k // .name // .Name // .K // .Key | if type == "string" then . else tojson end): (if has("value") then .value else .Value end)}) | add + {} // {};
def with_entries(f): to_entries | map(f) | from_entries;
def del(f): delpaths([path(f)]);
def paths: path(..) | select(length > 0);
def paths(node_filter): . as $dollar | paths | select(. as $p | $dollar | getpath($p) | node_filter);
def leaf_paths: paths(scalars);
def add: reduce .[] as $x (null; . + $x);
def any: reduce .[] as $x (false; . or $x);
def all: reduce .[] as $x (true; . and $x);
def any(f): reduce (.[] | f) as $x (false; . or $x);
def all(f): reduce (.[] | f) as $x (true; . and $x);
def any(g; f): isempty(first(g | f | select(.))) | not;
def all(g; f): isempty(first(g | f | select(. | not)));
def isempty(g): first((g | false), true);
def flatten: _flatten(1e9);
def flatten($x): if $x < 0 then error("flatten depth must not be negative") else _flatten($x) end;
def in(xs): . as $x | xs | has($x);
def inside(xs): . as $x | xs | contains($x);
def combinations: if length == 0 then [] else .[0][] as $x | (.[1:] | combinations) as $w | [$x] + $w end;
def combinations(n): . as $dot | [range(n)] | map($dot) | combinations;
def walk(f): . as $in | if type == "object" then reduce keys_unsorted[] as $key ({}; . + {($key): ($in[$key] | walk(f))}) | f elif type == "array" then map(walk(f)) | f else f end;
def first: .[0];
def last: .[-1];
def nth($n): .[$n];
def last(f): reduce f as $x (null; $x);
def nth($n; f): if $n < 0 then error("Out of bounds negative array index") else last(limit($n + 1; f)) end;
def until(cond; update): def _until: if cond then . else (update | _until) end; _until;
def transpose: if . == [] then [] else . as $in | (map(length) | max) as $max | [range(0; $max) as $j | [range(0; $in | length) as $i | $in[$i][$j]]] end;
def ascii_downcase: explode | map(if 65 <= . and . <= 90 then . + 32 else . end) | implode;
def ascii_upcase: explode | map(if 97 <= . and . <= 122 then . - 32 else . end) | implode;
def todate: strftime("%Y-%m-%dT%H:%M:%SZ");
def fromdateiso8601: strptime("%Y-%m-%dT%H:%M:%SZ") | mktime;
def todateiso8601: strftime("%Y-%m-%dT%H:%M:%SZ");
def fromdate: fromdateiso8601;
def date: todate;
def dateadd(u; n): . + n;
def datesub(u; n): . - n;
def match(re; mode): _match(re; mode) | .[];
def match($val): _words($val) as [$re, $mode] | match($re; $mode);
def test(re; mode): _match(re; mode) | length > 0;
def test($val): _words($val) as [$re, $mode] | test($re; $mode);
def capture(re; mods): match(re; mods) | _captured;
def capture($val): _words($val) as [$re, $mode] | capture($re; $mode);
def _captured: [.captures | .[] | select(.name != null) | {key: .name, value: .string}] | from_entries;
def scan(re): match(re; "g") | if (.captures | length) > 0 then [.captures | .[] | .string] else .string end;
def split($re; flags): . as $s | [foreach ((match($re; flags + "g") | [.offset, .length]), null) as $m ([0, null]; if $m == null then [.[0], $s[.[0]:]] else [$m[0] + $m[1], $s[.[0]:$m[0]]] end; .[1])];
def splits($re): splits($re; null);
def splits($re; flags): split($re; flags) | .[];
def sub(re; str): sub(re; str; "");
def sub($re; str; $flags): . as $in | [match($re; $flags)] | _sub($in; str);
def _sub($in; str): . as $edits | def go($i; $from): if $i == ($edits | length) then $in[$from:] else $edits[$i] as $e | ($e | _captured | str) as $new | if $new | type != "string" then error($new | _told + " cannot be added to a string") else go($i + 1; $e.offset + $e.length) as $rest | $in[$from:$e.offset] + $new + $rest end end; go(0; 0);
def gsub($re; str; $flags): sub($re; str; $flags + "g");
def gsub($re; str): sub($re; str; "g");
def index($i): indices($i) | .[0];
def rindex($i): indices($i) | .[-1:][0];
def join($x): reduce .[] as $i (null; (if . == null then "" else . + $x end) + ($i | if . == null then "" elif type == "boolean" or type == "number" then tojson else . end)) // "";
def finites: select(isinfinite or isnan | not);
def normals: select(isnormal);
def tostream: path(def r: (.[]? | r), .; r) as $p | getpath($p) | reduce path(.[]?) as $q ([$p, .]; [$p + $q]);
def fromstream(f): {x: null, e: false} as $init | foreach f as $i ($init; if .e then $init else . end | if $i | length == 2 then setpath(["e"]; $i[0] | length == 0) | setpath(["x"] + $i[0]; $i[1]) else setpath(["e"]; $i[0] | length == 1) end; if .e then .x else empty end);
def truncate_stream(stream): . as $n | null | stream | . as $input | if (.[0] | length) > $n then setpath([0]; .[0][$n:]) else empty end;
def IN(s): any(s == .; .);
def IN(src; s): any(src == s; .);
def INDEX(stream; idx_expr): reduce stream as $row ({}; .[$row | idx_expr | tostring] |= $row);
def INDEX(idx_expr): INDEX(.[]; idx_expr);
def input_line_number: _line;
def halt_error: halt_error(5);
def unique: unique_by(.);
def bsearch($x): . as $in | (map(. < $x) | index(false)) as $at | (if $at == null then length else $at end) as $i | if $i < length and $in[$i] == $x then $i else -1 - $i end;
`;

let defined: ReadonlyMap<string, Definition> | undefined;

const number = (value: Value): number => {
	if (typeof value !== 'number') throw new JqError(`${briefly(value)} number required`);
	return value;
};
const list = (value: Value, what: string): readonly Value[] => {
	if (!isArray(value)) throw new JqError(`${briefly(value)} cannot be ${what}, as it is not an array`);
	return value;
};
const text = (value: Value, what: string): string => {
	if (typeof value !== 'string') throw new JqError(what);
	return value;
};

function has(value: Value, key: Value): Value {
	if (isObject(value) && typeof key === 'string') return value.has(key);
	if (isArray(value) && typeof key === 'number') return key >= 0 && key < value.length;
	throw new JqError(
		`Cannot check whether ${typeOf(value)} has a ${typeOf(key) === 'string' ? 'string' : typeOf(key)} key`,
	);
}

function contains(a: Value, b: Value): boolean {
	if (isObject(a) && isObject(b)) return [...b].every(([key, value]) => a.has(key) && contains(a.get(key)!, value));
	if (isArray(a) && isArray(b)) return b.every((one) => a.some((other) => contains(other, one)));
	if (typeof a === 'string' && typeof b === 'string') return a.includes(b);
	return equal(a, b);
}

function indices(value: Value, wanted: Value): Value {
	if (value === null) return null;
	if (typeof value === 'string' && typeof wanted === 'string') {
		const found: number[] = [];
		if (wanted !== '') for (let at = value.indexOf(wanted); at >= 0; at = value.indexOf(wanted, at + 1)) found.push(at);
		return found.length > 0 ? found : wanted === '' ? null : found;
	}
	if (isArray(value) && isArray(wanted)) return getPath(value, [wanted]);
	if (isArray(value)) return value.flatMap((one, i) => (equal(one, wanted) ? [i] : []));
	return getPath(value, [wanted]);
}

const sorted = (values: readonly Value[]): Value[] => [...values].sort(compare);

/** What is gone through. @throws JqError */
function members(value: Value): Value[] {
	if (isArray(value)) return [...value];
	if (isObject(value)) return [...value.values()];
	throw new JqError(`Cannot iterate over ${briefly(value)}`);
}

/** Values by what a filter says of each; equal ones stay in their order. */
function keyed(value: Value, f: Closure): (readonly [Value, Value])[] {
	return members(value)
		.map((item) => [[...values(f, item)] as Value, item] as const)
		.sort(([a], [b]) => compare(a, b));
}

function groups(value: Value, f: Closure): Value[][] {
	const all: Value[][] = [];
	let last: Value | undefined;
	for (const [key, item] of keyed(value, f)) {
		if (last !== undefined && equal(last, key)) all.at(-1)!.push(item);
		else all.push([item]);
		last = key;
	}
	return all;
}

function extreme(value: Value, f: Closure | undefined, sign: 1 | -1): Value {
	const items = members(value);
	let best: readonly [Value, Value] | undefined;
	for (const item of items) {
		const key: Value = f ? [...values(f, item)] : item;
		const order = best ? compare(key, best[0]) * sign : -1;
		if (order < 0 || (order === 0 && sign === -1)) best = [key, item];
	}
	return best?.[1] ?? null;
}

const flat = (value: Value, depth: number): Value[] =>
	[...(isArray(value) ? value : isObject(value) ? value.values() : list(value, 'flattened'))].flatMap((item) =>
		isArray(item) && depth > 0 ? flat(item, depth - 1) : [item],
	);

const octetsOf = (value: string): number => new TextEncoder().encode(value).length;

function toNumber(value: Value): Value {
	if (typeof value === 'number') return value;
	if (typeof value !== 'string') throw new JqError(`${briefly(value)} cannot be parsed as a number`);
	return parsed(value);
}

function parsed(value: string): Value {
	try {
		return oneValue(value) ?? null;
	} catch (error) {
		throw new JqError(`${(error as Error).message} (while parsing '${value}')`);
	}
}

type Plain = (value: Value, ...args: Value[]) => Value;
const math =
	(f: (x: number) => number): Plain =>
	(value) =>
		f(number(value));
const trimmed = (value: Value, part: Value, front: boolean): Value => {
	if (typeof value !== 'string' || typeof part !== 'string' || part === '') return value;
	if (front) return value.startsWith(part) ? value.slice(part.length) : value;
	return value.endsWith(part) ? value.slice(0, -part.length) : value;
};

/** Functions of values: each combination of what their arguments give. */
const PLAIN: Readonly<Record<string, Plain>> = {
	'not/0': (value) => !truthy(value),
	'length/0': (value) => {
		if (value === null) return 0;
		if (typeof value === 'boolean') throw new JqError(`${briefly(value)} has no length`);
		if (typeof value === 'number') return Math.abs(value);
		return typeof value === 'string' ? [...value].length : isArray(value) ? value.length : value.size;
	},
	'utf8bytelength/0': (value) => octetsOf(text(value, `${briefly(value)} only strings have UTF-8 byte length`)),
	'keys/0': (value) => {
		if (isArray(value)) return value.map((_, i) => i);
		if (isObject(value)) return sortedKeys(value);
		throw new JqError(`${briefly(value)} has no keys`);
	},
	'keys_unsorted/0': (value) => {
		if (isArray(value)) return value.map((_, i) => i);
		if (isObject(value)) return [...value.keys()];
		throw new JqError(`${briefly(value)} has no keys`);
	},
	'has/1': has,
	'contains/1': (a, b) => {
		if (typeOf(a) !== typeOf(b))
			throw new JqError(`${briefly(a)} and ${briefly(b)} cannot have their containment checked`);
		return contains(a, b);
	},
	'type/0': typeOf,
	'tostring/0': plainText,
	'tojson/0': (value) => textOf(value),
	'fromjson/0': (value) => parsed(text(value, `${briefly(value)} only strings can be parsed`)),
	'tonumber/0': toNumber,
	'format/1': (value, name) => format(text(name, `${briefly(name)} is not a valid format`), value),
	'sort/0': (value) => {
		if (!isArray(value)) throw new JqError(`${briefly(value)} cannot be sorted, as it is not an array`);
		return sorted(value);
	},
	'reverse/0': (value) =>
		value === null
			? []
			: typeof value === 'string'
				? [...value].reverse().join('')
				: [...list(value, 'reversed')].reverse(),
	'min/0': (value) => extreme(value, undefined, 1),
	'max/0': (value) => extreme(value, undefined, -1),
	'_flatten/1': (value, depth) => flat(value, number(depth)),
	'explode/0': (value) => [...text(value, 'explode input must be a string')].map((char) => char.codePointAt(0)!),
	'implode/0': (value) => {
		if (!isArray(value)) throw new JqError('implode input must be an array');
		return String.fromCodePoint(...value.map(number));
	},
	'split/1': (value, by) =>
		split(
			text(value, 'split input and separator must be strings'),
			text(by, 'split input and separator must be strings'),
		),
	'startswith/1': (value, part) =>
		text(value, 'startswith() requires string inputs').startsWith(text(part, 'startswith() requires string inputs')),
	'endswith/1': (value, part) =>
		text(value, 'endswith() requires string inputs').endsWith(text(part, 'endswith() requires string inputs')),
	'ltrimstr/1': (value, part) => trimmed(value, part, true),
	'rtrimstr/1': (value, part) => trimmed(value, part, false),
	'indices/1': indices,
	'setpath/2': (value, path, to) => {
		if (!isArray(path)) throw new JqError('Path must be specified as an array');
		return setPath(value, path, to);
	},
	'delpaths/1': (value, paths) => {
		if (!isArray(paths)) throw new JqError('Paths must be specified as an array');
		return deleteAll(value, paths as readonly Path[]);
	},
	'_match/2': (value, pattern, flags) => matches(value, pattern, flags),
	'_words/1': (_, pattern) => matchWords(pattern),
	'_told/0': (value) => briefly(value),
	'infinite/0': () => Number.POSITIVE_INFINITY,
	'nan/0': () => Number.NaN,
	'null/0': () => null,
	'true/0': () => true,
	'false/0': () => false,
	'isinfinite/0': (value) => value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY,
	'isnan/0': (value) => Number.isNaN(number(value)),
	'isnormal/0': (value) => Number.isFinite(number(value)) && Math.abs(number(value)) >= 2.2250738585072014e-308,
	'gmtime/0': (value) => brokenDown(value, 'gmtime'),
	'localtime/0': (value) => brokenDown(value, 'localtime'),
	'mktime/0': seconds,
	'strftime/1': (value, pattern) => written(value, pattern),
	'strflocaltime/1': (value, pattern) => written(value, pattern, 'strflocaltime'),
	'strptime/1': readTime,
	'pow/2': (_, base, power) => number(base) ** number(power),
	'atan2/2': (_, y, x) => Math.atan2(number(y), number(x)),
	'fmin/2': (_, a, b) => Math.min(number(a), number(b)),
	'fmax/2': (_, a, b) => Math.max(number(a), number(b)),
	'fmod/2': (_, a, b) => number(a) % number(b),
	...Object.fromEntries(
		(
			[
				'floor',
				'ceil',
				'sqrt',
				'trunc',
				'log',
				'log2',
				'log10',
				'exp',
				'sin',
				'cos',
				'tan',
				'asin',
				'acos',
				'atan',
				'cbrt',
			] as const
		).map((name) => [`${name}/0`, math(Math[name])]),
	),
	'fabs/0': math(Math.abs),
	'exp10/0': math((x) => 10 ** x),
	'exp2/0': math((x) => 2 ** x),
	'round/0': math((x) => Math.sign(x) * Math.round(Math.abs(x))),
	'get_search_list/0': () => ['~/.jq', '$ORIGIN/../lib/jq', '$ORIGIN/lib'],
};

const apart = (way: Way): Way => (way === undefined ? undefined : null);

function* combined(args: readonly Closure[], value: Value, at = args.length - 1): Generator<Value[]> {
	if (at < 0) {
		yield [];
		return;
	}
	for (const last of values(args[at]!, value))
		for (const before of combined(args, value, at - 1)) yield [...before, last];
}

/** Says that the program ends now. */
export class Halt extends Error {
	readonly code: number;
	readonly value: Value | undefined;

	constructor(code: number, value?: Value) {
		super('halt');
		this.code = code;
		this.value = value;
	}
}

/** Functions of filters, and of what is outside. */
const NATIVE: Readonly<Record<string, Native>> = {
	*'empty/0'() {},
	// biome-ignore lint/correctness/useYield: it has no result
	*'error/0'(_, __, value) {
		throw new JqError(value);
	},
	// biome-ignore lint/correctness/useYield: it has no result
	*'error/1'(_, [message], value): Results {
		for (const what of values(message!, value)) throw new JqError(what);
	},
	*'path/1'(_, [f], value, way) {
		for (const [result, path] of run(f!, value, [])) yield [[...wayOf(path, result, 'with result ')!], apart(way)];
	},
	*'getpath/1'(_, [path], value, way) {
		for (const keys of values(path!, value)) {
			if (!isArray(keys)) throw new JqError('Path must be specified as an array');
			const from = wayOf(way, value, 'near attempt to access element of ');
			yield [getPath(value, keys), from && [...from, ...keys]];
		}
	},
	*'recurse/1'(_, [f], value, way): Results {
		const left: Results[] = [];
		yield [value, way];
		left.push(run(f!, value, way));
		while (left.length > 0) {
			const next = left.at(-1)!.next();
			if (next.done) left.pop();
			else {
				yield next.value;
				left.push(run(f!, ...next.value));
			}
		}
	},
	*'repeat/1'(_, [f], value, way): Results {
		// As 1.6 does: of the same value again and again.
		for (;;) yield* run(f!, value, way);
	},
	*'while/2'(_, [test, update], value, way): Results {
		let now: (readonly [Value, Way])[] = [[value, way]];
		while (now.length > 0) {
			const [first, ...rest] = now as [readonly [Value, Way], ...(readonly [Value, Way])[]];
			now = rest;
			for (const meant of values(test!, first[0])) {
				if (!truthy(meant)) continue;
				yield first;
				now = [...run(update!, first[0], first[1]), ...now];
			}
		}
	},
	*'limit/2'(_, [count, f], value, way) {
		for (const most of values(count!, value)) {
			let left = number(most);
			if (left === 0) left = 1;
			for (const out of run(f!, value, way)) {
				yield out;
				if (--left === 0) break;
			}
		}
	},
	*'first/1'(_, [f], value, way) {
		for (const out of run(f!, value, way)) {
			yield out;
			return;
		}
	},
	*'range/1'(_, [to], value, way) {
		for (const end of values(to!, value)) for (let i = 0; i < number(end); i++) yield [i, apart(way)];
	},
	*'range/2'(_, [from, to], value, way) {
		for (const end of values(to!, value))
			for (const start of values(from!, value)) for (let i = number(start); i < number(end); i++) yield [i, apart(way)];
	},
	*'range/3'(_, [from, to, by], value, way) {
		for (const each of values(by!, value))
			for (const end of values(to!, value))
				for (const start of values(from!, value)) {
					const [a, b, c] = [number(start), number(end), number(each)];
					if (c > 0) for (let i = a; i < b; i += c) yield [i, apart(way)];
					else if (c < 0) for (let i = a; i > b; i += c) yield [i, apart(way)];
					else if (a < b) yield [a, apart(way)];
				}
	},
	*'sort_by/1'(_, [f], value, way) {
		yield [keyed(value, f!).map(([, item]) => item), apart(way)];
	},
	*'group_by/1'(_, [f], value, way) {
		yield [groups(value, f!), apart(way)];
	},
	*'unique_by/1'(_, [f], value, way) {
		yield [groups(value, f!).map(([first]) => first!), apart(way)];
	},
	*'min_by/1'(_, [f], value, way) {
		yield [extreme(value, f, 1), apart(way)];
	},
	*'max_by/1'(_, [f], value, way) {
		yield [extreme(value, f, -1), apart(way)];
	},
	*'env/0'(world, _, __, way) {
		yield [new Map(world.env), apart(way)];
	},
	*'now/0'(world, _, __, way) {
		yield [world.now(), apart(way)];
	},
	*'input/0'(world, _, __, way) {
		yield [world.input(), apart(way)];
	},
	*'inputs/0'(world, _, __, way) {
		for (;;) {
			let value: Value;
			try {
				value = world.input();
			} catch (error) {
				if (error instanceof JqError && error.value === 'break') return;
				throw error;
			}
			yield [value, apart(way)];
		}
	},
	*'input_filename/0'(world, _, __, way) {
		yield [world.file(), apart(way)];
	},
	*'_line/0'(world, _, __, way) {
		yield [world.line(), apart(way)];
	},
	*'debug/0'(world, _, value, way) {
		world.debug(`["DEBUG:",${textOf(value)}]\n`);
		yield [value, way];
	},
	*'stderr/0'(world, _, value, way) {
		world.debug(textOf(value));
		yield [value, way];
	},
	// biome-ignore lint/correctness/useYield: it has no result
	*'halt/0'() {
		throw new Halt(0);
	},
	// biome-ignore lint/correctness/useYield: it has no result
	*'halt_error/1'(_, [code], value): Results {
		for (const number of values(code!, value)) throw new Halt(typeof number === 'number' ? number : 5, value);
	},
	*'builtins/0'(_, __, ___, way) {
		yield [names(), apart(way)];
	},
};

function definitions(): ReadonlyMap<string, Definition> {
	defined ??= new Map(new Parser(DEFINED).definitions().map((def) => [`${def.name}/${def.params.length}`, def]));
	return defined;
}

const names = (): string[] =>
	[...new Set([...definitions().keys(), ...Object.keys(PLAIN), ...Object.keys(NATIVE)])].filter(
		(full) => !full.startsWith('_'),
	);

const plainNative = (f: Plain): Native =>
	function* (_: World, args, value, way) {
		for (const given of combined(args, value)) yield [f(value, ...given), apart(way)];
	};

export const library: Library = {
	native(name, arity) {
		const full = `${name}/${arity}`;
		if (Object.hasOwn(NATIVE, full)) return NATIVE[full];
		return Object.hasOwn(PLAIN, full) ? plainNative(PLAIN[full]!) : undefined;
	},
	defined: (name, arity) => definitions().get(`${name}/${arity}`),
};
