/** Filter expressions of libpcap (pcap-filter(7), grammar.y @ 1.10): what of them the lab's frames can answer. */
import { encodeFrame, type Frame, type Ip, parseIp, parseMac } from '../../../sim/wire/index.ts';
import {
	isProtocol,
	LINKS,
	NAMES,
	OPERATORS,
	octetsAt,
	PROTOCOLS,
	portsOf,
	RELATIONS,
	SERVICES,
	TYPES,
} from './filter-names.ts';

export type FrameTest = (frame: Frame) => boolean;

/** Thrown inside; `parseFilter` answers it. */
class Wrong extends Error {}

const SYNTAX = 'syntax error';

/** Reads an expression; the text of libpcap's complaint when it is none. Nothing selects everything. */
export function parseFilter(text: string): { readonly test: FrameTest } | { readonly error: string } {
	const tokens = text
		.replace(/&&/g, ' and ')
		.replace(/\|\|/g, ' or ')
		.replace(/(<<|>>|[<>!=]=|[()[\]!<>=&|+*])/g, ' $1 ')
		.trim()
		.split(/\s+/)
		.filter(Boolean);
	if (tokens.length === 0) return { test: () => true };
	const parser = new Parser(tokens);
	try {
		const test = parser.or();
		if (!parser.done) return { error: SYNTAX };
		return { test };
	} catch (thrown) {
		if (thrown instanceof Wrong) return { error: thrown.message };
		throw thrown;
	}
}

/** Words an id inherits when none stand before it: `port 80 or 443`. */
interface Qualifiers {
	readonly protocol?: string;
	readonly direction?: string;
	readonly type?: string;
}

class Parser {
	readonly #tokens: readonly string[];
	#at = 0;
	#last: Qualifiers = {};

	constructor(tokens: readonly string[]) {
		this.#tokens = tokens;
	}

	get done(): boolean {
		return this.#at >= this.#tokens.length;
	}

	#peek(ahead = 0): string | undefined {
		return this.#tokens[this.#at + ahead];
	}

	#take(): string {
		const token = this.#tokens[this.#at++];
		if (token === undefined) throw new Wrong(SYNTAX);
		return token;
	}

	or(): FrameTest {
		// `and` and `or` have the same precedence in libpcap, and go from left to right.
		let left = this.#not();
		for (;;) {
			const word = this.#peek();
			if (word !== 'or' && word !== 'and') return left;
			this.#at++;
			const first = left;
			const second = this.#not();
			left = word === 'or' ? (f) => first(f) || second(f) : (f) => first(f) && second(f);
		}
	}

	#not(): FrameTest {
		if (this.#peek() === 'not' || this.#peek() === '!') {
			this.#at++;
			const inner = this.#not();
			return (f) => !inner(f);
		}
		if (this.#peek() === '(') {
			const after = this.#at;
			try {
				this.#at++;
				const inner = this.or();
				if (this.#take() !== ')') throw new Wrong(SYNTAX);
				if (!RELATIONS.has(this.#peek() ?? '') && !OPERATORS.has(this.#peek() ?? '')) return inner;
			} catch (thrown) {
				if (!(thrown instanceof Wrong)) throw thrown;
			}
			// A bracket of arithmetic.
			this.#at = after;
			return this.#relation();
		}
		return this.#primitive();
	}

	#primitive(): FrameTest {
		const word = this.#peek() ?? '';
		if (
			this.#peek(1) === '[' ||
			(/^(?:0x[0-9a-f]+|\d+)$/i.test(word) &&
				(RELATIONS.has(this.#peek(1) ?? '') || OPERATORS.has(this.#peek(1) ?? ''))) ||
			word === 'len'
		)
			return this.#relation();
		if (word === 'greater' || word === 'less') {
			this.#at++;
			const size = this.#number(this.#take());
			return (f) => (word === 'greater' ? encodeFrame(f).length >= size : encodeFrame(f).length <= size);
		}
		if (word === 'vlan' || word === 'mpls' || word === 'pppoes') {
			this.#at++;
			if (/^\d+$/.test(this.#peek() ?? '')) this.#at++;
			// No link here has any.
			return () => false;
		}
		let protocol: string | undefined;
		let direction: string | undefined;
		let type: string | undefined;
		let given = false;
		if (LINKS.includes(word) || Object.hasOwn(PROTOCOLS, word)) {
			protocol = this.#take();
			given = true;
		}
		if (this.#peek() === 'broadcast' || this.#peek() === 'multicast') {
			const kind = this.#take();
			return (f) => {
				const group = Math.floor(f.dst / 2 ** 40) & 1;
				return kind === 'broadcast' ? f.dst === 0xffffffffffff : group === 1;
			};
		}
		if (this.#peek() === 'src' || this.#peek() === 'dst') {
			direction = this.#take();
			given = true;
			if ((this.#peek() === 'or' || this.#peek() === 'and') && (this.#peek(1) === 'src' || this.#peek(1) === 'dst')) {
				direction = this.#take() === 'or' ? 'either' : 'both';
				this.#at++;
			}
		}
		if (TYPES.includes(this.#peek() ?? '')) {
			type = this.#take();
			given = true;
		}
		const next = this.#peek();
		const ends = next === undefined || next === ')' || next === 'and' || next === 'or';
		if (
			given &&
			protocol !== undefined &&
			direction === undefined &&
			type === undefined &&
			(ends || next === '!' || next === 'not')
		) {
			if (!ends) throw new Wrong(SYNTAX);
			const name = protocol;
			this.#last = {};
			return (f) => isProtocol(f, name);
		}
		if (ends) throw new Wrong(SYNTAX);
		const q: Qualifiers = given
			? {
					...(protocol === undefined ? {} : { protocol }),
					...(direction === undefined ? {} : { direction }),
					...(type === undefined ? {} : { type }),
				}
			: this.#last;
		if (!given && Object.keys(q).length === 0) throw new Wrong(SYNTAX);
		this.#last = q;
		return this.#id(q, this.#take());
	}

	#id({ protocol, direction, type }: Qualifiers, id: string): FrameTest {
		const both = (src: boolean, dst: boolean): boolean =>
			direction === 'src' ? src : direction === 'dst' ? dst : direction === 'both' ? src && dst : src || dst;
		const right = (f: Frame): boolean => protocol === undefined || protocol === 'ether' || isProtocol(f, protocol);
		if (type === 'port' || type === 'portrange') {
			if (protocol !== undefined && !['tcp', 'udp', 'sctp', 'ip'].includes(protocol))
				throw new Wrong(`illegal qualifier of 'port'`);
			const [low, high] = type === 'port' ? [this.#port(id), this.#port(id)] : this.#range(id);
			return (f) => {
				const ports = portsOf(f);
				const fits = (n: number): boolean => n >= low && n <= high;
				return right(f) && ports !== undefined && both(fits(ports[0]), fits(ports[1]));
			};
		}
		if (type === 'proto') {
			const number = PROTOCOLS[id.replace(/^\\/, '')] ?? this.#number(id);
			return (f) => f.payload.kind === 'ipv4' && f.payload.protocol === number;
		}
		if (protocol === 'ether') {
			const mac = parseMac(id);
			if (mac === undefined) throw new Wrong(`unknown ether host '${id}'`);
			return (f) => both(f.src === mac, f.dst === mac);
		}
		const slash = /^([\d.]+)\/(\d+)$/.exec(id);
		let mask = 0xffffffff;
		let address: Ip | undefined = parseIp(id);
		if (slash || type === 'net' || /^\d+(?:\.\d+){0,2}$/.test(id)) {
			if (this.#peek() === 'mask') {
				this.#at++;
				mask = parseIp(this.#take()) ?? 0xffffffff;
			}
			const parts = (slash?.[1] ?? id).split('.');
			if (parts.length > 4 || parts.some((p) => !/^\d+$/.test(p) || Number(p) > 255))
				throw new Wrong(type === 'net' ? `unknown network '${id}'` : SYNTAX);
			address = [...parts, '0', '0', '0', '0'].slice(0, 4).reduce((sum, p) => sum * 256 + Number(p), 0);
			const length = slash ? Number(slash[2]) : mask === 0xffffffff ? parts.length * 8 : undefined;
			if (length !== undefined) {
				if (length > 32) throw new Wrong(`mask length must be <= 32`);
				mask = length === 0 ? 0 : (0xffffffff << (32 - length)) >>> 0;
			}
			if ((address & ~mask) >>> 0 !== 0) throw new Wrong(`non-network bits set in "${id}"`);
		}
		if (address === undefined) throw new Wrong(`unknown host '${id}'`);
		const wanted = address;
		const same = (ip: Ip): boolean => ((ip ^ wanted) & mask) === 0;
		return (f) => {
			if (!right(f)) return false;
			const { payload } = f;
			return payload.kind === 'arp'
				? both(same(payload.senderIp), same(payload.targetIp))
				: both(same(payload.src), same(payload.dst));
		};
	}

	#port(text: string): number {
		const named = SERVICES[text];
		if (named !== undefined) return named;
		if (!/^\d+$/.test(text)) throw new Wrong(`unknown port '${text}'`);
		const port = Number(text);
		if (port > 65_535) throw new Wrong(`illegal port number ${text} > 65535`);
		return port;
	}

	#range(text: string): readonly [number, number] {
		const [low, high] = text.split('-');
		if (high === undefined) return [this.#port(low!), this.#port(low!)];
		const pair = [this.#port(low!), this.#port(high)] as const;
		return pair[0] <= pair[1] ? pair : [pair[1], pair[0]];
	}

	#number(text: string): number {
		if (!/^(?:0x[0-9a-f]+|\d+)$/i.test(text)) throw new Wrong(SYNTAX);
		return Number(text);
	}

	#relation(): FrameTest {
		const left = this.#sum();
		const op = this.#take();
		if (!RELATIONS.has(op)) throw new Wrong(SYNTAX);
		const right = this.#sum();
		return (f) => {
			const a = left(f);
			const b = right(f);
			if (a === undefined || b === undefined) return false;
			return op === '=' || op === '=='
				? a === b
				: op === '!='
					? a !== b
					: op === '>'
						? a > b
						: op === '<'
							? a < b
							: op === '>='
								? a >= b
								: a <= b;
		};
	}

	#sum(): (f: Frame) => number | undefined {
		let left = this.#value();
		for (;;) {
			const op = this.#peek() ?? '';
			if (!OPERATORS.has(op)) return left;
			this.#at++;
			const first = left;
			const second = this.#value();
			left = (f) => {
				const a = first(f);
				const b = second(f);
				if (a === undefined || b === undefined) return undefined;
				return (
					(op === '&'
						? a & b
						: op === '|'
							? a | b
							: op === '+'
								? a + b
								: op === '*'
									? a * b
									: op === '<<'
										? a << b
										: a >>> b) >>> 0
				);
			};
		}
	}

	#value(): (f: Frame) => number | undefined {
		const word = this.#take();
		if (word === '(') {
			const inner = this.#sum();
			if (this.#take() !== ')') throw new Wrong(SYNTAX);
			return inner;
		}
		if (word === 'len') return (f) => encodeFrame(f).length;
		if (this.#peek() === '[') {
			this.#at++;
			let index = this.#take();
			while (this.#peek() !== ']') index += this.#take();
			this.#at++;
			const [start = '', size = '1'] = index.split(':');
			const offset = NAMES[start] ?? this.#number(start);
			const octets = this.#number(size);
			if (octets !== 1 && octets !== 2 && octets !== 4) throw new Wrong('data size must be 1, 2, or 4');
			if (word !== 'ether' && word !== 'ip' && word !== 'arp' && !Object.hasOwn(PROTOCOLS, word))
				throw new Wrong(SYNTAX);
			return (f) => octetsAt(f, word, offset, octets);
		}
		const named = NAMES[word];
		if (named !== undefined) return () => named;
		const number = this.#number(word);
		return () => number;
	}
}
