/** redis-cli: commands one by one, of its command line or its input (redis src/redis-cli.c @ 7.0.4). */
import { imageFacts } from '../../../sim/lab/index.ts';
import { utf8 } from '../../../sim/wire/index.ts';
import type { Call } from '../../tool.ts';
import { dial } from '../dial.ts';
import { textOf } from '../http.ts';
import { imageAt } from '../images.ts';
import { resolve } from '../resolve.ts';
import type { Space } from '../space.ts';
import { withSpace } from '../space.ts';
import type { Run } from './daemons.ts';

type Reply =
	| { readonly kind: 'status' | 'error'; readonly text: string }
	| { readonly kind: 'bulk'; readonly text: string | undefined }
	| { readonly kind: 'integer'; readonly text: string }
	| { readonly kind: 'list'; readonly items: readonly Reply[] };

/** Replies of the protocol, one behind the other. */
function repliesOf(octets: Uint8Array): readonly Reply[] {
	const raw = Array.from(octets, (octet) => String.fromCharCode(octet)).join('');
	const decode = (text: string): string => textOf(Uint8Array.from(text, (char) => char.charCodeAt(0)));
	let at = 0;
	const next = (): Reply | undefined => {
		const end = raw.indexOf('\r\n', at);
		if (end < 0) return undefined;
		const [mark, text] = [raw[at], raw.slice(at + 1, end)];
		at = end + 2;
		if (mark === '+') return { kind: 'status', text: decode(text) };
		if (mark === '-') return { kind: 'error', text: decode(text) };
		if (mark === ':') return { kind: 'integer', text };
		const length = Number(text);
		if (mark === '$') {
			if (length < 0) return { kind: 'bulk', text: undefined };
			at += length + 2;
			return { kind: 'bulk', text: decode(raw.slice(at - length - 2, at - 2)) };
		}
		const items: Reply[] = [];
		for (let i = 0; i < length; i++) {
			const item = next();
			if (item) items.push(item);
		}
		return { kind: 'list', items };
	};
	const out: Reply[] = [];
	for (let reply = next(); reply; reply = next()) out.push(reply);
	return out;
}

/** sdscatrepr(). */
const quoted = (text: string): string =>
	`"${text.replace(/[\\"\n\r\t]/g, (c) => ({ '\\': '\\\\', '"': '\\"', '\n': '\\n', '\r': '\\r', '\t': '\\t' })[c]!)}"`;

/** cliFormatReplyTTY(). */
function onTerminal(reply: Reply, prefix = ''): string {
	switch (reply.kind) {
		case 'status':
			return `${reply.text}\n`;
		case 'error':
			return `(error) ${reply.text}\n`;
		case 'integer':
			return `(integer) ${reply.text}\n`;
		case 'bulk':
			return reply.text === undefined ? '(nil)\n' : `${quoted(reply.text)}\n`;
		default: {
			if (reply.items.length === 0) return '(empty array)\n';
			const width = String(reply.items.length).length;
			const within = `${prefix}${' '.repeat(width + 2)}`;
			return reply.items
				.map((item, i) => `${i === 0 ? '' : prefix}${String(i + 1).padStart(width)}) ${onTerminal(item, within)}`)
				.join('');
		}
	}
}

/** cliFormatReplyRaw(). */
function raw(reply: Reply): string {
	if (reply.kind === 'list') return reply.items.map(raw).join('\n');
	return reply.kind === 'error' ? `${reply.text}\n` : (reply.text ?? '');
}

const encoded = (words: readonly string[]): string =>
	`*${words.length}\r\n${words.map((word) => `$${utf8(word).length}\r\n${word}\r\n`).join('')}`;

const ERRNO: Readonly<Record<string, string>> = {
	ECONNREFUSED: 'Connection refused',
	ETIMEDOUT: 'Connection timed out',
	EHOSTUNREACH: 'No route to host',
	ENETUNREACH: 'Network is unreachable',
	ECONNRESET: 'Connection reset by peer',
};

interface Options {
	readonly host: string;
	readonly port: number;
	readonly db: number;
	readonly format: (reply: Reply) => string;
}

/** Sends a command and prints what comes back. */
async function send(call: Call, space: Space, words: readonly string[], options: Options): Promise<number> {
	const { host, port, db, format } = options;
	const found = await resolve(call, space, host);
	const failed = (why: string): number => {
		call.err(`Could not connect to Redis at ${host}:${port}: ${why}\n`);
		return 1;
	};
	if (!('ip' in found)) return failed('Name or service not known');
	const before = db === 0 ? '' : encoded(['SELECT', String(db)]);
	const done = await dial(call, space, {
		protocol: 'tcp',
		dst: found.ip,
		dport: port,
		data: utf8(`${before}${encoded(words)}`),
		deadline: 130e6,
	});
	if (!('client' in done)) return failed(ERRNO[done.errno] ?? done.errno);
	if (done.connected === undefined) return failed(ERRNO[done.errno ?? 'ETIMEDOUT'] ?? 'Connection timed out');
	const replies = repliesOf(done.client.outcome?.reply ?? new Uint8Array(0));
	const reply = replies.at(-1);
	if (!reply) {
		call.err('Error: Server closed the connection\n');
		return 1;
	}
	call.out(format(reply));
	return 0;
}

const redisCli: Run = (call) =>
	withSpace(call, async (space) => {
		let [host, port, db] = ['127.0.0.1', 6379, 0];
		let plain = !call.tty;
		let at = 0;
		const { args } = call;
		for (; at < args.length && args[at]!.startsWith('-'); at++) {
			const word = args[at]!;
			const value = (): string => args[++at] ?? '';
			if (word === '-h' && at + 1 < args.length) host = value();
			else if (word === '-p') port = Number(value());
			else if (word === '-n') db = Number(value());
			else if (word === '--raw') plain = true;
			else if (word === '--no-raw') plain = false;
			else if (word === '-v' || word === '--version') {
				const image = imageFacts(imageAt(call.place, call.lab) ?? '');
				call.out(`redis-cli ${image.env.REDIS_VERSION ?? '7.0.4'}\n`);
				return 0;
			} else {
				call.err(`redis-cli: the simulator's redis-cli does not have the option ${word}\n`);
				return 1;
			}
		}
		const format = plain ? (reply: Reply): string => `${raw(reply)}\n` : onTerminal;
		const options = { host, port, db, format };
		const words = args.slice(at);
		if (words.length > 0) return send(call, space, words, options);
		if (call.stdin === '') {
			call.err("redis-cli: the simulator's redis-cli has no prompt: give it a command, or commands on its input\n");
			return 1;
		}
		let code = 0;
		for (const line of call.stdin.split('\n')) {
			const typed = [...line.matchAll(/"((?:\\.|[^"])*)"|'([^']*)'|(\S+)/g)].map(([, a, b, c]) => a ?? b ?? c ?? '');
			if (typed.length > 0) code = await send(call, space, typed, options);
		}
		return code;
	});

export const REDIS: Readonly<Record<string, Run>> = { 'redis-cli': redisCli };
