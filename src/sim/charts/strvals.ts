/**
 * `--set`: one line that becomes a tree of values.
 *
 * Grammar, of helm pkg/strvals/parser.go @ v3.14.0: pairs `path=value` with commas between them; a path has keys with
 * dots and list indexes `[0]`; a value is a scalar or a list `{a,b}`; a backslash takes the meaning from a dot, a
 * comma, a bracket or an equals sign. `true`, `false`, `null` and whole numbers without a leading zero have their type
 * unless `--set-string` was used.
 */
import type { Json } from '../api/index.ts';
import type { Values } from './values.ts';

/** Text of helm's own, after `failed parsing --set data: `. */
export interface SetError {
	readonly error: string;
}

/** helm refuses longer lists: an index must not eat the memory. */
const MAX_INDEX = 65536;
/** Deeper keys are refused (MaxNestedNameLevel). */
const MAX_DEPTH = 30;

type Tree = { [key: string]: Node };
type Node = Json | Tree | Node[];

class Fault extends Error {}

const isTree = (node: Node | undefined): node is Tree =>
	typeof node === 'object' && node !== null && !Array.isArray(node);

const copied = (node: Node): Node =>
	Array.isArray(node)
		? node.map(copied)
		: isTree(node)
			? Object.fromEntries(Object.entries(node).map(([key, item]) => [key, copied(item)]))
			: node;

/** What Go says, recovered, of a value below a path that is no table or no list. */
const conversion = (node: Node, wanted: string): string => {
	const types = { string: 'string', boolean: 'bool', bigint: 'int64', number: 'float64' } as const;
	const is = node === null ? 'nil' : Array.isArray(node) ? '[]interface {}' : types[typeof node as keyof typeof types];
	return `unable to parse key: interface conversion: interface {} is ${is ?? 'map[string]interface {}'}, not ${wanted}`;
};

/** A value with its type, as `--set` reads it. */
function typedScalar(text: string): Json {
	if (text === 'true') return true;
	if (text === 'false') return false;
	if (text === 'null') return null;
	if (text === '0') return 0;
	if (text.length > 0 && text[0] !== '0' && /^-?\d+$/.test(text) && Number.isSafeInteger(Number(text)))
		return Number(text);
	return text;
}

class Reader {
	at = 0;
	readonly text: string;
	readonly scalar: (text: string) => Json;

	constructor(text: string, scalar: (text: string) => Json) {
		this.text = text;
		this.scalar = scalar;
	}

	/** Runes up to one of `stops`; answers them with the stop met (undefined at the end). */
	until(stops: string): { runes: string; stop: string | undefined } {
		let runes = '';
		while (this.at < this.text.length) {
			const c = this.text[this.at++]!;
			if (c === '\\') runes += this.text[this.at++] ?? '';
			else if (stops.includes(c)) return { runes, stop: c };
			else runes += c;
		}
		return { runes, stop: undefined };
	}

	/** The value after `=`. */
	value(): Json {
		if (this.text[this.at] === '{') {
			this.at++;
			const list: Json[] = [];
			for (;;) {
				const { runes, stop } = this.until(',}');
				if (stop === undefined) throw new Fault("list must terminate with '}'");
				if (!(runes === '' && stop === '}' && list.length === 0)) list.push(this.scalar(runes));
				if (stop === '}') {
					if (this.text[this.at] === ',') this.at++;
					return list;
				}
			}
		}
		return this.scalar(this.until(',').runes);
	}

	index(): number {
		const { runes, stop } = this.until(']');
		if (stop === undefined || !/^-?\d+$/.test(runes))
			throw new Fault(`error parsing index: strconv.Atoi: parsing "${runes}": invalid syntax`);
		const index = Number(runes);
		if (index < 0) throw new Fault(`negative ${index} index not allowed`);
		if (index > MAX_INDEX) throw new Fault(`index of ${index} is greater than maximum supported index of ${MAX_INDEX}`);
		return index;
	}

	/** One key of a table, with what follows it. */
	key(into: Tree, depth: number): void {
		if (depth > MAX_DEPTH)
			throw new Fault(`value name nested level is greater than maximum supported nested level of ${MAX_DEPTH}`);
		const { runes: name, stop } = this.until('=[,.');
		if (stop === undefined) {
			if (name === '') return;
			throw new Fault(`key "${name}" has no value`);
		}
		if (stop === ',') {
			into[name] = '';
			throw new Fault(`key "${name}" has no value (cannot end with ,)`);
		}
		if (stop === '=') into[name] = this.value();
		else if (stop === '.') {
			const below = into[name];
			if (below !== undefined && !isTree(below)) throw new Fault(conversion(below, 'map[string]interface {}'));
			const table: Tree = below ?? {};
			into[name] = table;
			const before = this.at;
			this.key(table, depth + 1);
			if (this.at === before) throw new Fault(`key map "${name}" has no value`);
		} else {
			const index = this.index();
			const below = into[name];
			if (below !== undefined && !Array.isArray(below)) throw new Fault(conversion(below, '[]interface {}'));
			const list: Node[] = below ?? [];
			into[name] = list;
			this.item(list, index, depth);
		}
	}

	/** What follows `name[0]`. */
	item(list: Node[], index: number, depth: number): void {
		while (list.length <= index) list.push(null);
		const next = this.text[this.at++];
		if (next === '=') list[index] = this.value();
		else if (next === '[') {
			const below = list[index] ?? [];
			if (!Array.isArray(below)) throw new Fault(conversion(below, '[]interface {}'));
			list[index] = below;
			this.item(below, this.index(), depth + 1);
		} else if (next === '.') {
			const below = list[index];
			const table: Tree = isTree(below) ? below : {};
			list[index] = table;
			this.key(table, depth + 1);
		} else throw new Fault(`parsing index: unexpected data at end of array index`);
	}
}

/** Names a table must not have as keys of its own here. */
const UNSAFE = /(?:^|[.,[])__proto__(?:[.=[]|$)/;

/**
 * Reads one `--set` (or `--set-string`) argument, into a copy of the values before it where these are given: items of
 * lists go on with what they have (ParseInto). `scalar` reads a value of another kind, as of `--set-file`.
 */
export function parseSet(
	text: string,
	options: { readonly strings?: boolean; readonly into?: Values; readonly scalar?: (text: string) => Json } = {},
): { readonly values: Values } | SetError {
	if (UNSAFE.test(text)) return { error: 'key "__proto__" is not allowed' };
	const reader = new Reader(text, options.scalar ?? (options.strings ? (value) => value : typedScalar));
	const out = copied((options.into ?? {}) as Node) as Tree;
	try {
		while (reader.at < text.length) reader.key(out, 1);
	} catch (fault) {
		if (fault instanceof Fault) return { error: fault.message };
		throw fault;
	}
	return { values: out as Values };
}

/** A value of `--set` as its templates have it: whole numbers are Go's whole numbers, which those of files are not. */
export const wholeScalar = (text: string): Json => {
	const value = typedScalar(text);
	return typeof value === 'number' ? (BigInt(value) as unknown as Json) : value;
};
