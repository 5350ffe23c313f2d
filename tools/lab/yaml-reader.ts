/** A YAML document read field by field, strictly: every complaint is one line with the path, the line and the column. */
import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import { parseInterface, parseIp, parsePrefix } from '../../src/sim/wire/index.ts';
import { fail, orList, UsageError } from './args.ts';

/** Most octets a scenario file may have. */
export const MAX_FILE = 4_000_000;

/** Up to 15 octets, no blank, slash or colon (dev_valid_name), no `%` (a pattern to `ip link`); ASCII, as everywhere. */
const isDeviceName = (text: string): boolean =>
	/^[!-~]{1,15}$/.test(text) && !/[/:%]/.test(text) && text !== '.' && text !== '..';

/** A place in the document: a value and how it is called. */
export class Field {
	readonly path: string;
	readonly #node: Node | null | undefined;
	/** Where to point when the value itself is absent or empty. */
	readonly #at: Node | null | undefined;
	readonly #lines: LineCounter;
	readonly #source: string;

	constructor(
		path: string,
		node: Node | null | undefined,
		at: Node | null | undefined,
		lines: LineCounter,
		source: string,
	) {
		this.path = path;
		this.#node = node;
		this.#at = at;
		this.#lines = lines;
		this.#source = source;
	}

	get present(): boolean {
		const node = this.#node;
		return node !== null && node !== undefined && !(isScalar(node) && node.value === null);
	}

	/** `nodes[0].podCIDR, line 4:12`. */
	get where(): string {
		const start = (this.#node ?? this.#at)?.range?.[0] ?? 0;
		const { line, col } = this.#lines.linePos(start);
		return `${this.path === '' ? 'file' : this.path}, line ${line}:${col}`;
	}

	fail(what: string): never {
		return fail(what, this.where);
	}

	/** As `fail`, pointing into a block of text (`key: |`): line and column count from 1 inside the text. */
	failInText(what: string, line: number, column: number): never {
		const node = this.#node;
		const start = node?.range?.[0] ?? 0;
		if (!isScalar(node) || node.type !== 'BLOCK_LITERAL') return this.fail(what);
		const at = this.#lines.linePos(start);
		// The block's indentation is that of its first line.
		const indent = /^[^\n]*\n( *)/.exec(this.#source.slice(start))?.[1]?.length ?? 0;
		return fail(what, `${this.path}, line ${at.line + line}:${column + indent}`);
	}

	#name(): string {
		return this.path.replace(/^.*\./, '').replace(/\[\d+\]$/, '') || 'the file';
	}

	/** What stands there, for a complaint. */
	#shown(): string {
		const node = this.#node;
		if (isMap(node)) return 'a mapping';
		if (isSeq(node)) return 'a list';
		if (isAlias(node)) return 'an alias (write it out)';
		return isScalar(node) && node.value !== null ? `"${String(node.value).slice(0, 60)}"` : 'nothing';
	}

	/** A mapping with these keys and no other; the required ones must be there. */
	map<K extends string>(known: readonly K[], required: readonly K[] = []): { readonly [P in K]: Field } {
		const node = this.#node;
		if (!isMap(node)) return this.fail(`${this.#name()} must be a mapping, not ${this.#shown()}`);
		const found: Partial<Record<K, Field>> = {};
		for (const pair of node.items) {
			const key = pair.key as Node;
			const name = isScalar(key) ? String(key.value) : '';
			const field = new Field(join(this.path, name), pair.value as Node | null, key, this.#lines, this.#source);
			if (!known.includes(name as K))
				new Field(field.path, key, key, this.#lines, this.#source).fail(
					`unknown key "${name}"; known are ${known.join(', ')}`,
				);
			found[name as K] = field;
		}
		for (const name of known)
			found[name] ??= new Field(join(this.path, name), undefined, node, this.#lines, this.#source);
		for (const name of required) if (!found[name]!.present) found[name]!.fail(`${name} is missing`);
		return found as { readonly [P in K]: Field };
	}

	/** A mapping with free keys. */
	entries(): readonly (readonly [string, Field])[] {
		if (!this.present) return [];
		const node = this.#node;
		if (!isMap(node)) return this.fail(`${this.#name()} must be a mapping, not ${this.#shown()}`);
		return node.items.map((pair) => {
			const key = pair.key as Node;
			const name = isScalar(key) ? String(key.value) : '';
			if (name === '' || name === '__proto__') this.fail(`a key of ${this.#name()} must be a word`);
			return [
				name,
				new Field(join(this.path, name), pair.value as Node | null, key, this.#lines, this.#source),
			] as const;
		});
	}

	/** A list; absent is empty. */
	list(): readonly Field[] {
		if (!this.present) return [];
		const node = this.#node;
		if (!isSeq(node)) return this.fail(`${this.#name()} must be a list, not ${this.#shown()}`);
		return node.items.map((item, i) => new Field(`${this.path}[${i}]`, item as Node, node, this.#lines, this.#source));
	}

	get isList(): boolean {
		return isSeq(this.#node);
	}

	get isMap(): boolean {
		return isMap(this.#node);
	}

	/** Text. Numbers are taken as written (`1.24` stays `1.24`). */
	text(): string {
		const node = this.#node;
		if (!isScalar(node) || node.value === null || typeof node.value === 'boolean')
			return this.fail(`${this.#name()} must be text, not ${this.#shown()}`);
		return typeof node.value === 'string' ? node.value : (node.source ?? String(node.value));
	}

	word<W extends string>(known: readonly W[]): W {
		const text = this.text();
		const found = known.find((w) => w === text);
		return found ?? this.fail(`${this.#name()} must be ${orList(known)}, not "${text}"`);
	}

	/** A name as Kubernetes takes it (RFC 1123 label or subdomain). */
	name(): string {
		const text = this.text();
		return /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/.test(text)
			? text
			: this.fail(`${this.#name()} must be lower-case letters, digits, "-" and ".", not "${text}"`);
	}

	/** The name of a device; `text` where the field says more than that. */
	device(text = this.text()): string {
		return isDeviceName(text)
			? text
			: this.fail(`"${text}" cannot be the name of a device: 1 to 15 of the characters ! to ~, but no "/", ":" or "%"`);
	}

	number(min: number, max: number): number {
		const node = this.#node;
		const value = isScalar(node) && typeof node.value === 'number' ? node.value : Number.NaN;
		return Number.isInteger(value) && value >= min && value <= max
			? value
			: this.fail(`${this.#name()} must be a whole number from ${min} to ${max}, not ${this.#shown()}`);
	}

	flag(): boolean {
		const node = this.#node;
		return isScalar(node) && typeof node.value === 'boolean'
			? node.value
			: this.fail(`${this.#name()} must be true or false, not ${this.#shown()}`);
	}

	ip(): number {
		const text = this.text();
		return parseIp(text) ?? this.fail(`${this.#name()} must be an IPv4 address, not "${text}"`);
	}

	/** `10.0.0.0/8`; host bits are an error here, because nobody means them. */
	prefix(): { address: number; length: number } {
		const text = this.text();
		const whole = parseInterface(text);
		const clean = parsePrefix(text);
		if (!whole || !clean) return this.fail(`${this.#name()} must be a prefix such as 10.244.1.0/24, not "${text}"`);
		if (whole.address !== clean.address) return this.fail(`"${text}" has bits set beyond its prefix length`);
		return clean;
	}

	/** `172.18.0.2/16`: an address with the length of its network. */
	interface(): { address: number; length: number } {
		const text = this.text();
		return parseInterface(text) ?? this.fail(`an address is written 172.18.0.2/16, not "${text}"`);
	}
}

const join = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`);

/** Where the parser's own words are for programmers. */
const YAML_WORDS: Readonly<Record<string, string>> = {
	MULTIPLE_DOCS: 'there is more than one document',
	RESOURCE_EXHAUSTION: 'it is nested too deeply',
};

/** The root of a document. Throws UsageError on text that is no YAML. */
export function readYaml(text: string, file: string): Field {
	if (text.length > MAX_FILE) fail(`the file is larger than ${MAX_FILE} characters`, file);
	const lines = new LineCounter();
	const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, prettyErrors: false });
	const error = document.errors[0] ?? document.warnings[0];
	if (error) {
		const { line, col } = lines.linePos(error.pos[0]);
		const what = YAML_WORDS[error.code] ?? error.message.split('\n')[0];
		throw new UsageError(`not YAML: ${what} (${file}, line ${line}:${col})`);
	}
	return new Field('', document.contents as Node | null, document.contents as Node | null, lines, text);
}
