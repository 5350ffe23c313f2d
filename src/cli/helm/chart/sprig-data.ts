/** Numbers, lists, tables, JSON, paths, URLs, versions. Source: Masterminds/sprig @ v3.2.2. */
import { CallError, type Data, type Functions, GoStruct, goType, isTable } from '../../gotemplate/index.ts';
import { compareVersions, parseVersion, satisfies } from './semver.ts';
import { deepEqual, empty, listOf, plain, strval, table, texts, toFloat, toInt } from './sprig-values.ts';

type Loose = (...args: Data[]) => Data;
const fn = (types: string, call: Loose): Functions[string] => ({ types, call });

/** Under their own name and under that which answers errors. */
const must = (name: string, of: Functions[string]): Functions => ({
	[name]: of,
	[`must${name[0]!.toUpperCase()}${name.slice(1)}`]: of,
});

const sum = (args: readonly Data[], start: bigint, by: (a: bigint, b: bigint) => bigint): bigint =>
	args.reduce<bigint>((at, arg) => by(at, toInt(arg)), start);

const larger = (a: bigint, b: bigint): bigint => {
	if (b > a) return b;
	return a;
};

const smaller = (a: bigint, b: bigint): bigint => {
	if (b < a) return b;
	return a;
};

const divided = (a: bigint, b: bigint): bigint => {
	if (b === 0n) throw new CallError('runtime error: integer divide by zero');
	return a / b;
};

const floats = (args: readonly Data[], by: (a: number, b: number) => number): number => {
	const out = args.slice(1).reduce<number>((at, arg) => by(at, toFloat(arg)), toFloat(args[0]));
	return Number(out.toPrecision(15));
};

function until(from: bigint, to: bigint, step: bigint): readonly Data[] {
	const out: bigint[] = [];
	if (to < from ? step >= 0n : step <= 0n) return out;
	for (let at = from; to < from ? at > to : at < to; at += step) {
		out.push(at);
		if (out.length > 100_000) throw new CallError('the simulator makes lists of a hundred thousand at most');
	}
	return out;
}

function seq(args: readonly Data[]): string {
	const numbers = args as readonly bigint[];
	const show = (list: readonly Data[]): string => list.map(String).join(' ');
	if (numbers.length === 1)
		return show(until(1n, numbers[0]! + (numbers[0]! < 1n ? -1n : 1n), numbers[0]! < 1n ? -1n : 1n));
	const [from = 0n, second = 0n, third] = numbers;
	if (numbers.length === 2) {
		const step = second < from ? -1n : 1n;
		return show(until(from, second + step, step));
	}
	if (numbers.length !== 3 || third === undefined) return '';
	if (third < from && second > 0n) return '';
	return show(until(from, third + (third < from ? -1n : 1n), second));
}

/** mergo.Merge: what the first has stays, unless it is empty; with `over` what the others have counts. */
function merge(into: { [key: string]: Data }, from: Data, over: boolean): void {
	if (!isTable(from)) return;
	for (const [key, value] of Object.entries(from)) {
		const have = Object.hasOwn(into, key) ? into[key] : undefined;
		if (isTable(have) && isTable(value)) merge(have as { [key: string]: Data }, value, over);
		else if (over ? !empty(value) || !Object.hasOwn(into, key) : empty(have)) put(into, key, value);
	}
}

const put = (into: object, key: string, value: Data): void => {
	Object.defineProperty(into, key, { value, enumerable: true, configurable: true, writable: true });
};

const merged =
	(over: boolean): Loose =>
	(first, ...others) => {
		for (const other of others) merge(first as { [key: string]: Data }, other, over);
		return first;
	};

const deepCopy = (value: Data): Data =>
	Array.isArray(value)
		? value.map(deepCopy)
		: isTable(value)
			? table(Object.entries(value).map(([key, item]) => [key, deepCopy(item)] as const))
			: value;

const escaped = (text: string): string =>
	text.replace(/[<>&\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);

export const toJson = (value: Data): string => escaped(JSON.stringify(plain(value)));

function fromJson(text: Data): Data {
	try {
		return JSON.parse(String(text)) as Data;
	} catch {
		return undefined;
	}
}

function dig(args: readonly Data[]): Data {
	if (args.length < 3) throw new CallError('dig needs at least three arguments');
	let at = args.at(-1);
	for (const key of args.slice(0, -2)) {
		if (!isTable(at))
			throw new CallError(`interface conversion: interface {} is ${goType(at)}, not map[string]interface {}`);
		if (!Object.hasOwn(at, String(key))) return args.at(-2);
		at = at[String(key)];
	}
	return at;
}

const kind = (value: Data): string => {
	if (value === undefined || value === null) return 'invalid';
	if (typeof value === 'bigint') return 'int';
	if (typeof value === 'number') return 'float64';
	if (typeof value === 'boolean') return 'bool';
	if (Array.isArray(value)) return 'slice';
	return typeof value === 'string' ? 'string' : value instanceof GoStruct ? 'struct' : 'map';
};

function clean(path: string): string {
	const out: string[] = [];
	for (const part of path.split('/')) {
		if (part === '' || part === '.') continue;
		if (part === '..' && out.length > 0 && out.at(-1) !== '..') out.pop();
		else if (part !== '..' || !path.startsWith('/')) out.push(part);
	}
	return (path.startsWith('/') ? '/' : '') + out.join('/') || '.';
}

const base = (path: string): string => (path === '' ? '.' : path.replace(/\/+$/, '').split('/').at(-1) || '/');
const dir = (path: string): string => clean(path.slice(0, path.lastIndexOf('/') + 1) || '.');
const ext = (path: string): string => /\.[^./]*$/.exec(path)?.[0] ?? '';

function urlParse(text: string): Data {
	const match =
		/^(?:([A-Za-z][A-Za-z0-9+.-]*):)?(?:\/\/(?:([^@/?#]*)@)?([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/.exec(text);
	const [, scheme = '', userinfo = '', host = '', path = '', query = '', fragment = ''] = match ?? [];
	const opaque = scheme !== '' && host === '' && !path.startsWith('/') ? path : '';
	return {
		scheme,
		host,
		hostname: host.replace(/:\d+$/, ''),
		path: opaque ? '' : path,
		query,
		opaque,
		fragment,
		userinfo,
	};
}

function urlJoin(parts: Data): string {
	const { scheme, userinfo, host, path, query, fragment, opaque } = parts as Readonly<Record<string, string>>;
	if (opaque) return `${scheme}:${opaque}`;
	const authority = host ? `//${userinfo ? `${userinfo}@` : ''}${host}` : '';
	return `${scheme ? `${scheme}:` : ''}${authority}${path ?? ''}${query ? `?${query}` : ''}${fragment ? `#${fragment}` : ''}`;
}

const version = (text: string): Data => {
	const found = parseVersion(text);
	if (!found) throw new CallError('Invalid Semantic Version');
	const { major, minor, patch, pre, build } = found;
	const plainText = `${major}.${minor}.${patch}${pre ? `-${pre}` : ''}${build ? `+${build}` : ''}`;
	return new GoStruct(
		'*semver.Version',
		{
			Major: BigInt(major),
			Minor: BigInt(minor),
			Patch: BigInt(patch),
			Prerelease: pre,
			Metadata: build,
			Original: text,
		},
		{
			String: () => plainText,
			Compare: (other: Data) => {
				const against = other instanceof GoStruct ? parseVersion(String(other.fields.Original)) : undefined;
				return BigInt(against ? compareVersions(found, against) : 0);
			},
		},
	);
};

function sliceable(list: Data): readonly Data[] {
	if (Array.isArray(list)) return list;
	throw new CallError(`list should be type of slice or array but ${kind(list)}`);
}

const PATHS: Functions = {
	base: fn('s', (path) => base(String(path))),
	dir: fn('s', (path) => dir(String(path))),
	clean: fn('s', (path) => clean(String(path))),
	ext: fn('s', (path) => ext(String(path))),
	isAbs: fn('s', (path) => String(path).startsWith('/')),
};

export const DATA: Functions = {
	...PATHS,
	...Object.fromEntries(Object.entries(PATHS).map(([name, of]) => [`os${name[0]!.toUpperCase()}${name.slice(1)}`, of])),
	int: fn('a', toInt),
	int64: fn('a', toInt),
	float64: fn('a', toFloat),
	toDecimal: fn('a', (value) => (/^[0-7]+$/.test(strval(value)) ? BigInt(Number.parseInt(strval(value), 8)) : 0n)),
	add1: fn('a', (value) => toInt(value) + 1n),
	add: fn('a*', (...args) => sum(args, 0n, (a, b) => a + b)),
	sub: fn('aa', (a, b) => toInt(a) - toInt(b)),
	div: fn('aa', (a, b) => divided(toInt(a), toInt(b))),
	mod: fn('aa', (a, b) => {
		divided(1n, toInt(b));
		return toInt(a) % toInt(b);
	}),
	mul: fn('aa*', (...args) => sum(args, 1n, (a, b) => a * b)),
	add1f: fn('a', (value) => floats([value, 1], (a, b) => a + b)),
	addf: fn('a*', (...args) => floats([0, ...args], (a, b) => a + b)),
	subf: fn('aa*', (...args) => floats(args, (a, b) => a - b)),
	divf: fn('aa*', (...args) => floats(args, (a, b) => a / b)),
	mulf: fn('aa*', (...args) => floats(args, (a, b) => a * b)),
	max: fn('aa*', (first, ...rest) => sum(rest, toInt(first), larger)),
	biggest: fn('aa*', (first, ...rest) => sum(rest, toInt(first), larger)),
	min: fn('aa*', (first, ...rest) => sum(rest, toInt(first), smaller)),
	maxf: fn('aa*', (...args) => floats(args, Math.max)),
	minf: fn('aa*', (...args) => floats(args, Math.min)),
	ceil: fn('a', (value) => Math.ceil(toFloat(value))),
	floor: fn('a', (value) => Math.floor(toFloat(value))),
	round: fn('aif*', (value, places, on = 0.5) => {
		const power = 10 ** Number(places);
		const digit = power * toFloat(value);
		return (digit - Math.trunc(digit) >= Number(on) ? Math.ceil(digit) : Math.floor(digit)) / power;
	}),
	until: fn('i', (count) => until(0n, count as bigint, (count as bigint) < 0n ? -1n : 1n)),
	untilStep: fn('iii', (from, to, step) => until(from as bigint, to as bigint, step as bigint)),
	seq: fn('i*', (...args) => seq(args)),
	default: fn('aa*', (otherwise, ...given) => (given.length === 0 || empty(given[0]) ? otherwise : given[0])),
	empty: fn('a', empty),
	coalesce: fn('a*', (...args) => args.find((arg) => !empty(arg))),
	all: fn('a*', (...args) => args.every((arg) => !empty(arg))),
	any: fn('a*', (...args) => args.some((arg) => !empty(arg))),
	ternary: fn('aab', (yes, no, which) => (which ? yes : no)),
	deepEqual: fn('aa', deepEqual),
	typeOf: fn('a', goType),
	typeIs: fn('sa', (name, value) => goType(value) === name),
	typeIsLike: fn('sa', (name, value) => goType(value) === name || `*${String(name)}` === goType(value)),
	kindOf: fn('a', kind),
	kindIs: fn('sa', (name, value) => kind(value) === name),
	...must('deepCopy', fn('a', deepCopy)),
	toPrettyJson: fn('a', (value) => escaped(JSON.stringify(plain(value), undefined, 2))),
	mustToPrettyJson: fn('a', (value) => escaped(JSON.stringify(plain(value), undefined, 2))),
	toRawJson: fn('a', (value) => JSON.stringify(plain(value))),
	mustToRawJson: fn('a', (value) => JSON.stringify(plain(value))),
	mustToJson: fn('a', toJson),
	mustFromJson: fn('s', (text) => {
		const value = fromJson(text);
		if (value === undefined) throw new CallError('invalid character in JSON');
		return value;
	}),
	tuple: fn('a*', (...args) => args),
	list: fn('a*', (...args) => args),
	dict: fn('a*', (...args) =>
		table(
			args.flatMap((arg, i) => (i % 2 === 0 ? [[strval(arg), i + 1 < args.length ? args[i + 1] : ''] as const] : [])),
		),
	),
	get: fn('ms', (from, key) =>
		Object.hasOwn(from as object, String(key)) ? (from as Record<string, Data>)[String(key)] : '',
	),
	set: fn('msa', (into, key, value) => {
		put(into as object, String(key), value);
		return into;
	}),
	unset: fn('ms', (from, key) => {
		delete (from as Record<string, Data>)[String(key)];
		return from;
	}),
	hasKey: fn('ms', (from, key) => Object.hasOwn(from as object, String(key))),
	pluck: fn('sm*', (key, ...all) =>
		all.flatMap((from) =>
			Object.hasOwn(from as object, String(key)) ? [(from as Record<string, Data>)[String(key)]] : [],
		),
	),
	// Go's maps have no order: here it is that of the names.
	keys: fn('m*', (...all) => all.flatMap((from) => Object.keys(from as object).sort())),
	values: fn('m', (from) =>
		Object.keys(from as object)
			.sort()
			.map((key) => (from as Record<string, Data>)[key]),
	),
	pick: fn('ms*', (from, ...keys) => table(Object.entries(from as object).filter(([key]) => keys.includes(key)))),
	omit: fn('ms*', (from, ...keys) => table(Object.entries(from as object).filter(([key]) => !keys.includes(key)))),
	...must('merge', fn('mm*', merged(false))),
	...must('mergeOverwrite', fn('mm*', merged(true))),
	dig: fn('a*', (...args) => dig(args)),
	append: fn('aa', (list, value) => [...listOf('push on', list), value]),
	push: fn('aa', (list, value) => [...listOf('push on', list), value]),
	mustAppend: fn('aa', (list, value) => [...listOf('push on', list), value]),
	mustPush: fn('aa', (list, value) => [...listOf('push on', list), value]),
	...must(
		'prepend',
		fn('aa', (list, value) => [value, ...listOf('prepend on', list)]),
	),
	...must(
		'first',
		fn('a', (list) => listOf('find first on', list)[0]),
	),
	...must(
		'rest',
		fn('a', (list) => listOf('find rest on', list).slice(1)),
	),
	...must(
		'last',
		fn('a', (list) => listOf('find last on', list).at(-1)),
	),
	...must(
		'initial',
		fn('a', (list) => listOf('find initial on', list).slice(0, -1)),
	),
	...must(
		'reverse',
		fn('a', (list) => [...listOf('find reverse on', list)].reverse()),
	),
	...must(
		'compact',
		fn('a', (list) => listOf('compact on', list).filter((item) => !empty(item))),
	),
	...must(
		'uniq',
		fn('a', (list) =>
			listOf('find uniq on', list).filter((item, i, all) => all.findIndex((other) => deepEqual(item, other)) === i),
		),
	),
	...must(
		'without',
		fn('aa*', (list, ...gone) =>
			listOf('find without on', list).filter((item) => !gone.some((one) => deepEqual(item, one))),
		),
	),
	...must(
		'has',
		fn('aa', (value, list) =>
			list === undefined || list === null ? false : listOf('find has on', list).some((item) => deepEqual(item, value)),
		),
	),
	...must(
		'slice',
		fn('aa*', (list, from = 0n, to = undefined) =>
			sliceable(list).slice(Number(toInt(from)), to === undefined ? undefined : Number(toInt(to))),
		),
	),
	concat: fn('a*', (...lists) => lists.flatMap((list) => listOf('concat', list))),
	...must(
		'chunk',
		fn('ia', (size, list) => {
			const all = listOf('chunk', list);
			const n = Math.max(1, Number(size));
			return Array.from({ length: Math.ceil(all.length / n) }, (_, i) => all.slice(i * n, (i + 1) * n));
		}),
	),
	semver: fn('s', (text) => version(String(text))),
	semverCompare: fn('ss', (constraint, text) => {
		const found = parseVersion(String(text));
		const answer = satisfies(String(constraint), found);
		if (answer === undefined) throw new CallError(`improper constraint: ${String(constraint)}`);
		if (!found) throw new CallError('Invalid Semantic Version');
		return answer;
	}),
	urlParse: fn('s', (text) => urlParse(String(text))),
	urlJoin: fn('m', urlJoin),
	hello: fn('', () => 'Hello!'),
	toStrings: fn('a', texts),
};
