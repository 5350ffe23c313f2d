/** `date` of coreutils 8.32, by the lab's clock; zones are UTC unless TZ says otherwise, as on nodes and in images. */
import { type Desk, type Given, Leave, parts } from '../coreutils/desk.ts';
import { mark } from '../found.ts';
import { identityOf, personOf } from '../identity.ts';
import { formatInstant, type Instant, instantOf } from './format.ts';
import { parseDate } from './parse.ts';
import { zoneOf } from './zone.ts';

const ISO: Readonly<Record<string, string>> = {
	hours: '%Y-%m-%dT%H%:z',
	minutes: '%Y-%m-%dT%H:%M%:z',
	date: '%Y-%m-%d',
	seconds: '%Y-%m-%dT%H:%M:%S%:z',
	ns: '%Y-%m-%dT%H:%M:%S,%N%:z',
};
const RFC: Readonly<Record<string, string>> = {
	date: '%Y-%m-%d',
	seconds: '%Y-%m-%d %H:%M:%S%:z',
	ns: '%Y-%m-%d %H:%M:%S.%N%:z',
};

const LONG = [
	'date=>d',
	'debug',
	'file=>f',
	'help',
	'iso-8601?>I',
	'reference=>r',
	'resolution',
	'rfc-3339=',
	'rfc-email>R',
	'rfc-822>R',
	'rfc-2822>R',
	'set=>s',
	'uct>u',
	'utc>u',
	'universal>u',
];

/** The format that the options ask for. @throws Leave */
function asked(desk: Desk, given: Given, q: (word: string) => string): string | undefined {
	const one = (table: Readonly<Record<string, string>>, value: string, option: string): string => {
		const names = Object.keys(table).filter((name) => name.startsWith(value));
		if (names.length === 1 || names.includes(value)) return table[names.includes(value) ? value : names[0]!]!;
		const list = Object.keys(table)
			.map((name) => `  - ${q(name)}\n`)
			.join('');
		throw new Leave(
			`date: invalid argument ${q(value)} for ${q(option)}\nValid arguments are:\n${list}Try 'date --help' for more information.\n`,
		);
	};
	const formats = given.all.flatMap(([name, value]) => {
		if (name === 'R') return ['%a, %d %b %Y %H:%M:%S %z'];
		if (name === 'I') return [one(ISO, value || 'date', '--iso-8601')];
		if (name === 'rfc-3339') return [one(RFC, value, '--rfc-3339')];
		return [];
	});
	const [first, ...others] = given.operands;
	const plus = first?.startsWith('+') ? [first.slice(1)] : [];
	const extra = plus.length > 0 ? others[0] : first;
	if (extra !== undefined && (plus.length > 0 || others.length > 0))
		throw desk.usage(`extra operand ${q(others[0] ?? extra)}`);
	if (formats.length + plus.length > 1) throw new Leave('date: multiple output formats specified\n');
	return plus[0] ?? formats[0];
}

/** @throws Leave */
export async function date(desk: Desk): Promise<void> {
	const { state } = desk.call;
	const { core, files, place } = desk.shell;
	const q = (word: string): string => mark(state, word);
	// `-I` has its value in the same word only.
	desk.args.splice(0, desk.args.length, ...desk.args.map((word) => word.replace(/^-I(.+)$/, '--iso-8601=$1')));
	const given = desk.options('d:f:Ir:Rs:u', LONG);
	if (given.has('help'))
		throw new Leave(
			'\u0000Usage: date [OPTION]... [+FORMAT]\n  or:  date [-u|--utc|--universal] [MMDDhhmm[[CC]YY][.ss]]\nDisplay date and time in the given FORMAT.\n',
			0,
		);
	const format = asked(desk, given, q) ?? '%a %b %e %H:%M:%S %Z %Y';
	if (given.has('resolution'))
		return desk.write(
			`${format.includes('%a') ? '0.000000001' : formatInstant(format, { seconds: 0, nanos: 1 }, zoneOf('', false))}\n`,
		);
	const now = instantOf(core.lab.epoch * 1e6 + core.lab.now);
	const zone = zoneOf(given.has('u') ? undefined : state.env.get('TZ'), place.kind === 'laptop');
	const print = (at: Instant): void => {
		desk.write(`${new TextDecoder('latin1').decode(new TextEncoder().encode(formatInstant(format, at, zone)))}\n`);
	};
	if (['d', 'f', 'r', 'set', 's'].filter((name) => given.has(name)).length > 1)
		throw desk.usage('the options to specify dates for printing are mutually exclusive');
	const file = given.value('f');
	if (file !== undefined) {
		const read = await desk.tryRead(file);
		if ('wrong' in read) return desk.fault(`${file}: ${read.wrong}`);
		for (const line of parts(read.text)) {
			const at = parseDate(line, now, zone);
			if (at) print(at);
			else desk.fault(`invalid date ${q(line)}`);
		}
		return;
	}
	const reference = given.value('r');
	if (reference !== undefined) {
		const path = desk.resolve(reference);
		if (!(await files.exists(path))) return desk.fault(`${reference}: No such file or directory`);
		return print(instantOf((await files.stat(path)).mtime.getTime() * 1000));
	}
	const text = given.value('s') ?? given.value('d');
	const at = text === undefined ? now : parseDate(text, now, zone);
	if (!at) return desk.fault(`invalid date ${q(text ?? '')}`);
	const [operand] = given.operands;
	if (operand !== undefined && !operand.startsWith('+') && !/^\d{8}(?:\d\d){0,2}(?:\.\d\d)?$/.test(operand))
		return desk.fault(`invalid date ${q(operand)}`);
	if (given.has('s') || (operand !== undefined && !operand.startsWith('+'))) {
		const { uid } = identityOf(desk.call.state) ?? personOf(desk.shell.facts);
		// Root of the machine may, and of a node, which is privileged; containers have no CAP_SYS_TIME of their own.
		if (uid === 0 && (place.kind === 'laptop' || place.kind === 'node'))
			return desk.fault('the simulator sets no clock: its time goes on by itself');
		desk.fault('cannot set date: Operation not permitted');
	}
	print(at);
}
