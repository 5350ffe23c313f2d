/** dd (coreutils src/dd.c @ v9.1: the operands of 8.32, `iseek`, `oseek` and counts of octets by `B`). */
import { mark } from '../found.ts';
import { countOf, type Desk, Leave } from './desk.ts';

/** Octets a second from /dev/zero to /dev/null, about what processors do. */
const MEMORY_SPEED = 8e9;

/** What dd may keep. */
const MOST = 8 * 1024 * 1024;

/** The disk has room, as df shows: it is the simulator that has none. */
const tooLarge = (to = 'standard output'): Leave =>
	new Leave(`dd: '${to}': more than 8 MiB at once is not simulated\n`);

const OPERANDS = 'bs cbs conv count ibs if iflag iseek obs of oflag oseek seek skip status'.split(' ');
const CONVERSIONS =
	'ascii ebcdic ibm block unblock lcase ucase sparse swab noerror nocreat excl notrunc sync fdatasync fsync'.split(' ');
const FLAGS =
	'append direct directory dsync noatime nocache noctty nofollow nonblock sync fullblock count_bytes skip_bytes seek_bytes'.split(
		' ',
	);
/** What only one side has. */
const INPUT_ONLY = ['fullblock'];
const EXCLUSIVE: readonly (readonly [string, string])[] = [
	['block', 'unblock'],
	['lcase', 'ucase'],
	['excl', 'nocreat'],
];

interface Order {
	readonly words: ReadonlyMap<string, string>;
	readonly conv: ReadonlySet<string>;
	readonly iflag: ReadonlySet<string>;
	readonly oflag: ReadonlySet<string>;
	readonly status: string | undefined;
	readonly ibs: number;
	readonly obs: number;
	readonly cbs: number;
	/** Whether what is read is gathered into blocks of its own before it is written. */
	readonly gathers: boolean;
	/** Octets. */
	readonly count: number;
	readonly skip: number;
	readonly seek: number;
}

/** @throws Leave */
function orderOf(desk: Desk): Order {
	const say = (text: string): string => mark(desk.call.state, text);
	const words = new Map<string, string>();
	const set = { conv: new Set<string>(), iflag: new Set<string>(), oflag: new Set<string>() };
	const lists = {
		conv: [CONVERSIONS, 'conversion'],
		iflag: [FLAGS, 'input flag'],
		oflag: [FLAGS.filter((flag) => !INPUT_ONLY.includes(flag)), 'output flag'],
	} as const;
	const numbers = new Map<string, { readonly n: number; readonly octets: boolean }>();
	for (const word of desk.args) {
		if (word === '--help' || word === '--version') {
			desk.options(
				'',
				OPERANDS.map((name) => `${name}=`),
			);
			continue;
		}
		if (word === '--') continue;
		const [, name = '', value = ''] = /^(\w+)=([\s\S]*)$/.exec(word) ?? [];
		if (!OPERANDS.includes(name)) throw desk.usage(`unrecognized operand ${say(word)}`);
		if (name === 'conv' || name === 'iflag' || name === 'oflag') {
			const [known, what] = lists[name];
			for (const part of value.split(',')) {
				if (!known.includes(part)) throw desk.usage(`invalid ${what}: ${say(part)}`);
				set[name].add(part);
			}
		} else if (name === 'status') {
			if (!/^(?:none|noxfer|progress)$/.test(value)) throw desk.usage(`invalid status level: ${say(value)}`);
		} else if (name !== 'if' && name !== 'of') {
			const parts = value.split('x');
			const counts = parts.map((part, i) =>
				part.endsWith('c')
					? countOf(part.slice(0, -1))
					: part.endsWith('w')
						? (countOf(part.slice(0, -1)) ?? Number.NaN) * 2
						: i === parts.length - 1 && /^\d+B$/.test(part)
							? Number(part.slice(0, -1))
							: countOf(part),
			);
			const n = counts.reduce<number>((a, b) => a * (b ?? Number.NaN), 1);
			const size = /bs$/.test(name);
			if (Number.isNaN(n) || (size && n === 0)) throw new Leave(`dd: invalid number: ${say(value)}\n`);
			if (n >= 2 ** 63) throw new Leave(`dd: invalid number: ${say(value)}: Value too large for defined data type\n`);
			const key = name === 'iseek' ? 'skip' : name === 'oseek' ? 'seek' : name;
			numbers.set(key, { n, octets: /(?:^|\d)B$/.test(value) });
		}
		words.set(name, value);
	}
	const tables = ['ascii', 'ebcdic', 'ibm'].filter((name) => set.conv.has(name));
	if (tables.length > 1) throw new Leave('dd: cannot combine any two of {ascii,ebcdic,ibm}\n');
	if (tables.length > 0) throw new Leave(`dd: conv=${tables[0]}: EBCDIC is not simulated\n`);
	const cbs = numbers.get('cbs')?.n ?? 0;
	// Without a length of records there are none to make.
	if (cbs === 0) for (const name of ['block', 'unblock']) set.conv.delete(name);
	for (const [a, b] of EXCLUSIVE)
		if (set.conv.has(a) && set.conv.has(b)) throw new Leave(`dd: cannot combine ${a} and ${b}\n`);
	for (const flags of [set.iflag, set.oflag])
		if (flags.has('direct') && flags.has('nocache')) throw new Leave('dd: cannot combine direct and nocache\n');
	const bs = numbers.get('bs')?.n;
	const ibs = bs ?? numbers.get('ibs')?.n ?? 512;
	const obs = bs ?? numbers.get('obs')?.n ?? 512;
	const octetsOf = (name: string, flagged: boolean, block: number): number | undefined => {
		const found = numbers.get(name);
		return found === undefined ? undefined : found.octets || flagged ? found.n : found.n * block;
	};
	return {
		words,
		...set,
		status: words.get('status'),
		ibs,
		obs,
		cbs,
		gathers: bs === undefined || ['block', 'unblock', 'lcase', 'ucase', 'swab'].some((name) => set.conv.has(name)),
		count: octetsOf('count', set.iflag.has('count_bytes'), ibs) ?? Infinity,
		skip: octetsOf('skip', set.iflag.has('skip_bytes'), ibs) ?? 0,
		seek: octetsOf('seek', set.oflag.has('seek_bytes'), obs) ?? 0,
	};
}

const swapped = (text: string): string => text.replace(/([\s\S])([\s\S])/g, '$2$1');

/** Lines as records of one length, and back. @returns also how many lines were cut */
function reshaped(text: string, { conv, cbs }: Order): readonly [string, number] {
	if (conv.has('block')) {
		const lines = text.split('\n');
		if (lines.at(-1) === '') lines.pop();
		return [
			lines.map((line) => line.slice(0, cbs).padEnd(cbs)).join(''),
			lines.filter((line) => line.length > cbs).length,
		];
	}
	if (!conv.has('unblock')) return [text, 0];
	let lines = '';
	for (let at = 0; at < text.length; at += cbs) lines += `${text.slice(at, at + cbs).replace(/ +$/, '')}\n`;
	return [lines, 0];
}

export async function dd(desk: Desk): Promise<void> {
	const order = orderOf(desk);
	const { words, conv, iflag, ibs, obs, count } = order;
	const from = words.get('if');
	const to = words.get('of');
	const name = (path: string): string => (/[^\w@%+=:,./-]/.test(path) ? `'${path}'` : path);
	const opening = (path: string, wrong: string): Leave => new Leave(`dd: failed to open '${path}': ${wrong}\n`);
	await desk.hoard(ibs);
	let text = '';
	/** Octets that go nowhere, and are therefore not made. */
	let unseen = 0;
	if (from === '/dev/zero' || from === '/dev/urandom' || from === '/dev/random') {
		if (to === '/dev/null' && count === Infinity)
			throw new Leave('dd: what never ends into what never fills is not simulated: give it a count\n');
		if (to === '/dev/null') unseen = count;
		else if (count > MOST) throw tooLarge(to);
		if (unseen === 0)
			text =
				from === '/dev/zero'
					? '\0'.repeat(count)
					: Array.from({ length: count }, () => String.fromCharCode(Math.floor(desk.shell.draw() * 256))).join('');
	} else {
		if (from === undefined) text = await desk.standardInput();
		else {
			if (iflag.has('directory') && !(await desk.isDirectory(from))) throw opening(from, 'Not a directory');
			if (iflag.has('nofollow')) {
				const stat = await desk.shell.files.lstat(desk.resolve(from)).catch(() => undefined);
				if (stat?.isSymbolicLink) throw opening(from, 'Too many levels of symbolic links');
			}
			const found = await desk.tryRead(from);
			if ('wrong' in found)
				throw found.wrong === 'Is a directory'
					? new Leave(`dd: error reading '${from}': Is a directory\n0+0 records in\n0+0 records out\n`)
					: opening(from, found.wrong);
			text = found.text;
		}
		if (order.skip > text.length)
			desk.say(`dd: ${from === undefined ? "'standard input'" : name(from)}: cannot skip to specified offset\n`);
		text = text.slice(order.skip);
		if (count !== Infinity) text = text.slice(0, count);
	}
	const read = unseen || text.length;
	const whole = Math.floor(read / ibs);
	const rest = read % ibs;
	if (conv.has('sync') && rest > 0 && unseen === 0)
		text = text.padEnd((whole + 1) * ibs, conv.has('block') || conv.has('unblock') ? ' ' : '\0');
	if (conv.has('swab')) text = swapped(text);
	if (conv.has('ucase')) text = text.replace(/[a-z]/g, (c) => c.toUpperCase());
	if (conv.has('lcase')) text = text.replace(/[A-Z]/g, (c) => c.toLowerCase());
	const [written, cut] = reshaped(text, order);
	text = written;
	if (to === undefined) desk.write(text);
	else if (to !== '/dev/null') await put(desk, order, to, text, opening);
	if (order.status === 'none') return;
	const n = unseen || text.length;
	const block = order.gathers ? obs : ibs;
	desk.say(`${whole}+${rest ? 1 : 0} records in\n${Math.floor(n / block)}+${n % block ? 1 : 0} records out\n`);
	if (cut > 0) desk.say(`${cut} truncated record${cut === 1 ? '' : 's'}\n`);
	if (order.status === 'noxfer') return;
	const sizes =
		n < 1000
			? ''
			: ` (${scaled(n, 1000, ['B', 'kB', 'MB', 'GB'])}${n >= 1024 ? `, ${scaled(n, 1024, ['B', 'KiB', 'MiB', 'GiB'])}` : ''})`;
	if (unseen > 0) {
		const seconds = n / MEMORY_SPEED;
		await desk.sleep(Math.ceil(seconds * 1e6));
		desk.say(
			`${n} bytes${sizes} copied, ${Number(seconds.toPrecision(6))} s, ${scaled(MEMORY_SPEED, 1000, ['B', 'kB', 'MB', 'GB'])}/s\n`,
		);
		return;
	}
	// It takes no time of the lab's; a machine would have taken some hundred microseconds.
	desk.say(
		`${n} byte${n === 1 ? '' : 's'}${sizes} copied, 0.000${100 + (n % 400)} s, ${scaled(n * 2500, 1000, ['B', 'kB', 'MB', 'GB'])}/s\n`,
	);
}

/** Writes where it was asked to; `oflag=append` writes behind what is there. */
async function put(
	desk: Desk,
	{ conv, oflag, seek, obs }: Order,
	to: string,
	text: string,
	opening: (path: string, wrong: string) => Leave,
): Promise<void> {
	const there = await desk.shell.files.exists(desk.resolve(to));
	if (conv.has('nocreat') && !there) throw opening(to, 'No such file or directory');
	if (conv.has('excl') && there) throw opening(to, 'File exists');
	if (oflag.has('directory'))
		throw opening(to, there && !(await desk.isDirectory(to)) ? 'Not a directory' : 'Invalid argument');
	if (oflag.has('nofollow')) {
		const stat = await desk.shell.files.lstat(desk.resolve(to)).catch(() => undefined);
		if (stat?.isSymbolicLink) throw opening(to, 'Too many levels of symbolic links');
	}
	const keeps = conv.has('notrunc');
	// Less than a block to seek, and the file is emptied as it is opened.
	const found = seek >= obs || keeps ? await desk.tryRead(to) : undefined;
	const old = found && 'text' in found ? found.text : '';
	if (seek + text.length > MOST) throw tooLarge(to);
	const before = keeps && oflag.has('append') ? old : old.slice(0, seek).padEnd(seek, '\0');
	const after = keeps ? old.slice(before.length + text.length) : '';
	const wrong = await desk.trySave(to, before + text + after);
	if (wrong !== undefined) throw opening(to, wrong);
}

function scaled(n: number, step: number, units: readonly string[]): string {
	let value = n;
	let unit = 0;
	while (value >= step && unit < units.length - 1) {
		value /= step;
		unit++;
	}
	const text = value < 10 && unit > 0 ? (Math.round(value * 10) / 10).toFixed(1) : String(Math.round(value));
	return `${text} ${units[unit]}`;
}
