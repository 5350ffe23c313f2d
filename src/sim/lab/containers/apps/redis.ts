/**
 * redis: strings, counters and times to live, over its protocol and over lines that people type.
 *
 * Source: redis src/{networking,t_string,db,expire,server}.c @ 7.0.4.
 */
import { utf8 } from '../../../wire/index.ts';
import { SECOND } from '../../time.ts';
import { type App, type AppStart, iso, wallClock } from './app.ts';

const ok = '+OK\r\n';
const nil = '$-1\r\n';
const bulk = (text: string | undefined): string => (text === undefined ? nil : `$${utf8(text).length}\r\n${text}\r\n`);
const integer = (n: number): string => `:${n}\r\n`;
const error = (text: string): string => `-${text}\r\n`;
const list = (items: readonly string[]): string => `*${items.length}\r\n${items.join('')}`;

/** sdssplitargs(): words of a line, with quotes; undefined of quotes that do not match. */
function wordsOf(line: string): readonly string[] | undefined {
	const out: string[] = [];
	const pattern = /\s*(?:"((?:\\.|[^"\\])*)"|'((?:\\'|[^'])*)'|([^\s"']+))(?=\s|$)/y;
	let at = 0;
	while (line.slice(at).trim() !== '') {
		pattern.lastIndex = at;
		const match = pattern.exec(line);
		if (!match) return undefined;
		at = pattern.lastIndex;
		const [, double, single, plain] = match;
		const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', a: '\x07' };
		out.push(
			double?.replace(/\\(x[0-9a-fA-F]{2}|.)/g, (_, c: string) =>
				c.length === 3 ? String.fromCharCode(Number.parseInt(c.slice(1), 16)) : (escapes[c] ?? c),
			) ??
				single?.replaceAll("\\'", "'") ??
				plain!,
		);
	}
	return out;
}

/** Commands of what came: arrays of bulk strings, and lines. A fault ends the connection. */
function commandsOf(octets: Uint8Array): {
	readonly commands: readonly (readonly string[])[];
	readonly fault?: string;
} {
	// One character for each octet, so that lengths are those of the protocol.
	let text = '';
	for (const octet of octets) text += String.fromCharCode(octet);
	const decode = (raw: string): string => new TextDecoder().decode(Uint8Array.from(raw, (char) => char.charCodeAt(0)));
	const commands: (readonly string[])[] = [];
	let at = 0;
	const line = (): string | undefined => {
		const end = text.indexOf('\n', at);
		if (end < 0) return undefined;
		const said = text.slice(at, end).replace(/\r$/, '');
		at = end + 1;
		return said;
	};
	while (at < text.length) {
		if (text[at] !== '*') {
			const said = line();
			if (said === undefined) return { commands };
			const words = wordsOf(decode(said));
			if (!words) return { commands, fault: 'ERR Protocol error: unbalanced quotes in request' };
			if (words.length > 0) commands.push(words);
			continue;
		}
		const count = Number(line()?.slice(1));
		if (!Number.isInteger(count) || count > 1024 * 1024)
			return { commands, fault: 'ERR Protocol error: invalid multibulk length' };
		const words: string[] = [];
		for (let i = 0; i < count; i++) {
			const head = line();
			if (head === undefined) return { commands };
			if (!head.startsWith('$'))
				return { commands, fault: `ERR Protocol error: expected '$', got '${head[0] ?? ' '}'` };
			const length = Number(head.slice(1));
			if (!Number.isInteger(length) || length < 0)
				return { commands, fault: 'ERR Protocol error: invalid bulk length' };
			words.push(decode(text.slice(at, at + length)));
			at += length + 2;
		}
		if (words.length > 0) commands.push(words);
	}
	return { commands };
}

/** stringmatchlen() of patterns with `*`, `?`, `[…]` and `\`. */
function matches(pattern: string, text: string): boolean {
	const source = pattern.replace(/\\(.)|\[(\^?)((?:\\.|[^\]])*)\]|[*?]|[.+^${}()|[\]\\]/g, (whole, plain, not, set) => {
		if (plain !== undefined) return plain.replace(/[^\w]/g, '\\$&');
		if (set !== undefined) return `[${not}${set.replace(/[[\]^\\]/g, '\\$&')}]`;
		return whole === '*' ? '[^]*' : whole === '?' ? '[^]' : `\\${whole}`;
	});
	return new RegExp(`^(?:${source})$`).test(text);
}

interface Value {
	readonly text: string;
	/** Virtual microseconds at which it is gone. */
	readonly until?: number;
}

/** How many words a command takes, its own among them: exactly, or at least where negative (server.c, arity). */
const ARITY: Readonly<Record<string, number>> = {
	ping: -1,
	echo: 2,
	quit: -1,
	select: 2,
	set: -3,
	setnx: 3,
	setex: 4,
	get: 2,
	getset: 3,
	getdel: 2,
	mget: -2,
	mset: -3,
	append: 3,
	strlen: 2,
	del: -2,
	unlink: -2,
	exists: -2,
	type: 2,
	keys: 2,
	dbsize: 1,
	flushall: -1,
	flushdb: -1,
	incr: 2,
	decr: 2,
	incrby: 3,
	decrby: 3,
	expire: -3,
	ttl: 2,
	pttl: 2,
	persist: 2,
	rename: 3,
};

const NOT_INTEGER = 'ERR value is not an integer or out of range';
const SYNTAX = 'ERR syntax error';

export const redis: App = (start) => {
	const { host } = start;
	const databases = new Map<number, Map<string, Value>>();
	/** Which database a connection has chosen. */
	const chosen = new Map<string, number>();

	function run(connection: string, words: readonly string[]): string | 'quit' {
		const [name = '', ...args] = words;
		const command = name.toLowerCase();
		const arity = Object.hasOwn(ARITY, command) ? ARITY[command]! : undefined;
		if (arity === undefined) return error(`ERR the simulator's redis does not have '${name.slice(0, 128)}'`);
		if (arity > 0 ? words.length !== arity : words.length < -arity)
			return error(`ERR wrong number of arguments for '${command}' command`);
		const index = chosen.get(connection) ?? 0;
		const db = databases.get(index) ?? new Map<string, Value>();
		databases.set(index, db);
		for (const [key, { until }] of db) if (until !== undefined && until <= host.now) db.delete(key);
		const text = (key: string): string | undefined => db.get(key)?.text;
		const put = (key: string, value: string, until = db.get(key)?.until): void => {
			db.set(key, { text: value, ...(until === undefined ? {} : { until }) });
		};
		const add = (key: string, by: number): string => {
			const now = text(key) ?? '0';
			if (!/^-?\d{1,18}$/.test(now) || !Number.isSafeInteger(by)) return error(NOT_INTEGER);
			const sum = Number(now) + by;
			put(key, String(sum));
			return integer(sum);
		};
		const [key = '', value = ''] = args;
		switch (command) {
			case 'ping':
				if (args.length > 1) return error("ERR wrong number of arguments for 'ping' command");
				return args.length === 1 ? bulk(key) : '+PONG\r\n';
			case 'echo':
				return bulk(key);
			case 'quit':
				return 'quit';
			case 'select':
				if (!/^\d+$/.test(key)) return error('ERR invalid DB index');
				if (Number(key) > 15) return error('ERR DB index is out of range');
				chosen.set(connection, Number(key));
				return ok;
			case 'set':
				return set(db, args);
			case 'setnx':
				if (db.has(key)) return integer(0);
				db.set(key, { text: value });
				return integer(1);
			case 'setex':
				if (!/^-?\d+$/.test(value)) return error(NOT_INTEGER);
				if (Number(value) <= 0) return error("ERR invalid expire time in 'setex' command");
				db.set(key, { text: args[2]!, until: host.now + Number(value) * SECOND });
				return ok;
			case 'get':
				return bulk(text(key));
			case 'getset': {
				const old = bulk(text(key));
				db.set(key, { text: value });
				return old;
			}
			case 'getdel': {
				const old = bulk(text(key));
				db.delete(key);
				return old;
			}
			case 'mget':
				return list(args.map((k) => bulk(text(k))));
			case 'mset':
				if (args.length % 2 === 1) return error("ERR wrong number of arguments for 'mset' command");
				for (let i = 0; i < args.length; i += 2) db.set(args[i]!, { text: args[i + 1]! });
				return ok;
			case 'append':
				put(key, `${text(key) ?? ''}${value}`);
				return integer(utf8(text(key)!).length);
			case 'strlen':
				return integer(utf8(text(key) ?? '').length);
			case 'del':
			case 'unlink':
				return integer(args.filter((k) => db.delete(k)).length);
			case 'exists':
				return integer(args.filter((k) => db.has(k)).length);
			case 'type':
				return `+${db.has(key) ? 'string' : 'none'}\r\n`;
			case 'keys':
				return list([...db.keys()].filter((k) => matches(key, k)).map(bulk));
			case 'dbsize':
				return integer(db.size);
			case 'flushall':
				databases.clear();
				return ok;
			case 'flushdb':
				db.clear();
				return ok;
			case 'incr':
				return add(key, 1);
			case 'decr':
				return add(key, -1);
			case 'incrby':
			case 'decrby':
				if (!/^-?\d+$/.test(value)) return error(NOT_INTEGER);
				return add(key, command === 'incrby' ? Number(value) : -Number(value));
			case 'expire':
				if (!/^-?\d+$/.test(value)) return error(NOT_INTEGER);
				if (args.length > 2) return error(`ERR Unsupported option ${args[2]}`);
				if (!db.has(key)) return integer(0);
				if (Number(value) <= 0) db.delete(key);
				else put(key, text(key)!, host.now + Number(value) * SECOND);
				return integer(1);
			case 'ttl':
			case 'pttl': {
				const known = db.get(key);
				if (!known) return integer(-2);
				if (known.until === undefined) return integer(-1);
				const left = (known.until - host.now) / (command === 'ttl' ? SECOND : 1000);
				return integer(command === 'ttl' ? Math.floor(left + 0.5) : Math.floor(left));
			}
			case 'persist': {
				const known = db.get(key);
				if (known?.until === undefined) return integer(0);
				db.set(key, { text: known.text });
				return integer(1);
			}
			default: {
				const known = db.get(key);
				if (!known) return error('ERR no such key');
				db.delete(key);
				db.set(value, known);
				return ok;
			}
		}
	}

	/** `SET key value [NX|XX] [GET] [EX s|PX ms|KEEPTTL]`. */
	function set(db: Map<string, Value>, [key = '', text = '', ...options]: readonly string[]): string {
		let when: 'NX' | 'XX' | undefined;
		let until: number | undefined;
		let keeps = false;
		let gets = false;
		for (let i = 0; i < options.length; i++) {
			const word = options[i]!.toUpperCase();
			if ((word === 'NX' || word === 'XX') && (when ?? word) === word) when = word;
			else if (word === 'GET') gets = true;
			else if (word === 'KEEPTTL' && until === undefined) keeps = true;
			else if ((word === 'EX' || word === 'PX') && until === undefined && !keeps && i + 1 < options.length) {
				const span = options[++i]!;
				if (!/^-?\d+$/.test(span)) return error(NOT_INTEGER);
				if (Number(span) <= 0) return error("ERR invalid expire time in 'set' command");
				until = host.now + Number(span) * (word === 'EX' ? SECOND : 1000);
			} else return error(SYNTAX);
		}
		const old = db.get(key);
		const said = gets ? bulk(old?.text) : undefined;
		if ((when === 'NX' && old) || (when === 'XX' && !old)) return said ?? nil;
		const lasts = keeps ? old?.until : until;
		db.set(key, { text, ...(lasts === undefined ? {} : { until: lasts }) });
		return said ?? ok;
	}

	return {
		lines: begins(start),
		web: {
			listens: [{ port: optionsOf(start).port, protocol: 'TCP' }],
			answer: () => undefined,
			stream({ octets, client, clientPort }) {
				const { commands, fault } = commandsOf(octets);
				let out = '';
				for (const words of commands) {
					// What a browser would send is taken for an attack: nothing of it is answered (securityWarningCommand()).
					if (/^(?:host:|post)$/i.test(words[0]!))
						return { octets: new Uint8Array(0), took: 0, ends: true, lines: (at) => [attack(at, client, clientPort)] };
					const said = run(`${client}:${clientPort}`, words);
					if (said === 'quit') return { octets: utf8(`${out}${ok}`), took: 0, ends: true, lines: () => [] };
					out += said;
				}
				if (fault !== undefined) out += error(fault);
				return {
					octets: out === '' ? undefined : utf8(out),
					took: 0,
					ends: fault !== undefined,
					lines: () => [],
				};
			},
		},
	};
};

const attack = (at: number, client: string, port: number): string =>
	redisLine(
		at,
		'#',
		`Possible SECURITY ATTACK detected. It looks like somebody is sending POST or Host: commands to Redis. This is likely due to an attacker attempting to use Cross Protocol Scripting to compromise your Redis instance. Connection from ${client}:${port} aborted.`,
	);

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

/** `redis-server [FILE] [--NAME VALUE …]` (config.c @ 7.0): the port, and what is asked for and has no part here. */
function optionsOf({ argv }: AppStart): {
	readonly port: number;
	readonly told: boolean;
	readonly others: readonly string[];
} {
	const words = argv.slice(argv.findLastIndex((word) => /(?:redis-server|entrypoint\.sh)$/.test(word)) + 1);
	const at = words.indexOf('--port');
	const port = at < 0 ? Number.NaN : Number(words[at + 1]);
	const others = words.filter(
		(word, i) => (word.startsWith('--') && word !== '--port') || (i === 0 && !word.startsWith('-')),
	);
	return { port: Number.isInteger(port) ? port : 6379, told: words.length > 0, others };
}

/** What it says when it starts. */
function begins(start: AppStart): readonly string[] {
	const { host, version } = start;
	const { port, told, others } = optionsOf(start);
	const at = wallClock(host);
	return [
		redisLine(at, '#', 'oO0OoO0OoO0Oo Redis is starting oO0OoO0OoO0Oo', 'C'),
		redisLine(at, '#', `Redis version=${version}, bits=64, commit=00000000, modified=0, pid=1, just started`, 'C'),
		redisLine(
			at,
			'#',
			told
				? 'Configuration loaded'
				: 'Warning: no config file specified, using the default config. In order to specify a config file use redis-server /path/to/redis.conf',
			'C',
		),
		redisLine(at, '*', 'monotonic clock: POSIX clock_gettime'),
		redisLine(at, '*', `Running mode=standalone, port=${port}.`),
		redisLine(at, '#', 'Server initialized'),
		redisLine(at, '*', 'Ready to accept connections'),
		...(others.length > 0 ? [`(of its options this lab's redis heeds --port alone, not ${others.join(', ')})`] : []),
	];
}

/** serverLogRaw(): `1:M 31 Aug 2022 10:00:05.123 # text`. */
export function redisLine(at: number, mark: string, text: string, role = 'M'): string {
	const [year, month, day] = iso(at).slice(0, 10).split('-');
	return `1:${role} ${day} ${MONTHS[Number(month) - 1]} ${year} ${iso(at).slice(11, 23)} ${mark} ${text}`;
}
