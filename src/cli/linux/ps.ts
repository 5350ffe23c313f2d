/**
 * ps (procps 3.3.17 ps/output.c, ps/parser.c) and busybox's, pgrep and pidof: the processes of the place.
 *
 * Processor time and memory are not modelled: their columns have a dash, as `ps` writes what it cannot know; busybox has no
 * dash. What people begin has used less than a second of the processor; of daemons with threads nobody can say that.
 */
import type { Call, Tool } from '../tool.ts';
import { hasTool, isBusybox } from './images.ts';
import { lsns } from './lsns.ts';
import type { Process } from './process-numbers.ts';
import { processesOf } from './processes.ts';
import { AUX, COLUMNS, FULL, OTHER_NAMES } from './ps-columns.ts';
import { getopt, getoptText } from './words.ts';

interface Asked {
	columns: { readonly name: string; readonly head?: string }[];
	/** `-e`: everything. */
	all: boolean;
	/** BSD's: others' too (`a`), also without a terminal (`x`); one of its letters alone means one's own on any. */
	bsd: string;
	/** `-a` and `-d`: no leaders of sessions; `-a` with a terminal only. */
	members?: 'a' | 'd';
	users?: readonly string[];
	ttys?: readonly string[];
	sort: readonly { readonly column: string; readonly down: boolean }[];
	forest: boolean | 'room';
	header: boolean;
	pids?: readonly number[];
	names?: readonly string[];
	parents?: readonly number[];
}

/** Without a format: Unix', and with any of BSD's letters BSD's (ps/sortformat.c). */
const PLAIN = ['pid', 'tty', 'time', 'ucmd'];
const BSD = ['pid', 'tty', 'stat', 'bsdtime', 'args'];

const USAGE =
	"Usage:\n ps [options]\n\n Try 'ps --help <simple|list|output|threads|misc|all>'\n  or 'ps --help <s|l|o|t|m|a>'\n for additional help text.\n\nFor more details see ps(1).\n";

/** Reads the three manners of options: BSD's without a dash, Unix', GNU's. */
function readOptions(call: Call): Asked | string {
	const asked: Asked = { columns: [], all: false, bsd: '', sort: [], forest: false, header: true };
	let style: readonly string[] | undefined;
	const format = (spec: string): string | undefined => {
		for (const part of spec.split(/[ ,]+(?![^=]*=)/)) {
			const [name = '', head] = part.split('=', 2) as [string, string | undefined];
			const known = OTHER_NAMES[name] ?? name;
			if (!Object.hasOwn(COLUMNS, known)) return `error: unknown user-defined format specifier "${name}"\n\n${USAGE}`;
			asked.columns.push(head === undefined ? { name: known } : { name: known, head });
		}
		return undefined;
	};
	const sort = (spec: string): string | undefined => {
		const keys = spec.split(',').map((key) => ({
			column: OTHER_NAMES[key.replace(/^[+-]/, '')] ?? key.replace(/^[+-]/, ''),
			down: key.startsWith('-'),
		}));
		if (keys.some(({ column }) => !Object.hasOwn(COLUMNS, column))) return `error: unknown sort specifier\n\n${USAGE}`;
		asked.sort = keys;
		return undefined;
	};
	const numbers = (list: string): readonly number[] => list.split(/[ ,]+/).map(Number);
	const words = [...call.args];
	for (let word = words.shift(); word !== undefined; word = words.shift()) {
		if (word.startsWith('--')) {
			const [name, given] = word.slice(2).split('=', 2) as [string, string | undefined];
			const value = (): string => given ?? words.shift() ?? '';
			if (name === 'forest') asked.forest = true;
			else if (name === 'no-headers' || name === 'no-heading' || name === 'noheaders') asked.header = false;
			else if (name === 'pid') asked.pids = numbers(value());
			else if (name === 'ppid') asked.parents = numbers(value());
			else if (name === 'format') {
				const wrong = format(value());
				if (wrong) return wrong;
			} else if (name === 'sort') {
				const wrong = sort(value());
				if (wrong) return wrong;
			} else if (name === 'user' || name === 'User') asked.users = value().split(',');
			else if (name === 'tty') asked.ttys = value().split(',');
			else if (name === 'help') return '';
			else return `error: unknown gnu long option\n\n${USAGE}`;
			continue;
		}
		const bsd = !word.startsWith('-');
		if (bsd && /^\d+$/.test(word)) {
			asked.pids = [...(asked.pids ?? []), Number(word)];
			continue;
		}
		const letters = word.replace(/^-/, '');
		if (bsd) asked.bsd += letters;
		for (let i = 0; i < letters.length; i++) {
			const letter = letters[i]!;
			const value = (): string => {
				const rest = letters.slice(i + 1);
				i = letters.length;
				return rest !== '' ? rest : (words.shift() ?? '');
			};
			if (letter === 'o' || (bsd && letter === 'O')) {
				const wrong = format(value());
				if (wrong) return wrong;
			} else if (letter === 'p') asked.pids = numbers(value());
			else if (bsd && (letter === 'a' || letter === 'x' || letter === 'g')) continue;
			else if (bsd && letter === 'u') style = AUX;
			else if (bsd && letter === 'f') asked.forest = true;
			else if (bsd && letter === 'w') continue;
			else if (bsd && letter === 'h') asked.header = false;
			else if (!bsd && (letter === 'e' || letter === 'A')) asked.all = true;
			else if (!bsd && (letter === 'a' || letter === 'd')) asked.members = letter;
			else if (!bsd && letter === 'f') style = FULL;
			else if (!bsd && letter === 'F') style = FULL;
			else if (!bsd && letter === 'u') {
				// `ps -aux` means BSD's as long as there is no user x.
				if (letters.slice(i + 1) === 'x') {
					style = AUX;
					asked.bsd += letters.replace('u', '');
					i = letters.length;
				} else asked.users = value().split(',');
			} else if (!bsd && letter === 'U') asked.users = value().split(',');
			else if (!bsd && letter === 't') asked.ttys = value().split(',');
			else if (!bsd && letter === 'H') asked.forest = 'room';
			else if (!bsd && letter === 'w') continue;
			else if (!bsd && letter === 'C') asked.names = value().split(',');
			else return `error: ${bsd ? 'unsupported option (BSD syntax)' : 'unsupported SysV option'}\n\n${USAGE}`;
		}
	}
	if (asked.columns.length === 0)
		asked.columns = (style ?? (asked.bsd === '' ? PLAIN : BSD)).map((name) =>
			style === FULL && name === 'user' ? { name, head: 'UID' } : { name },
		);
	return asked;
}

/** Whether the place has all of these users, though nothing of theirs may run. */
async function knownUsers(call: Call, names: readonly string[]): Promise<boolean> {
	const lines = ((await call.files.read('/etc/passwd')) ?? '').split('\n');
	return names.every((name) => /^\d+$/.test(name) || lines.some((line) => line.startsWith(`${name}:`)));
}

/** Which processes are meant (ps/select.c): lists and `-a` add to each other, BSD's letters make the default wider. */
function selector(call: Call, asked: Asked, all: readonly Process[]): (process: Process) => boolean {
	const self = all.findLast((p) => p.state.startsWith('R'));
	const ofUser = ({ user }: Process): boolean =>
		asked.users!.some(
			(name) => name === user || (/^\d+$/.test(name) && COLUMNS.uid!.value({ ...self!, user }, call) === name),
		);
	const lists: ((p: Process) => boolean)[] = [];
	if (asked.pids) lists.push((p) => asked.pids!.includes(p.pid));
	if (asked.parents) lists.push((p) => asked.parents!.includes(p.ppid));
	if (asked.names) lists.push((p) => asked.names!.includes(p.comm));
	if (asked.users) lists.push(ofUser);
	if (asked.ttys) lists.push((p) => asked.ttys!.some((tty) => tty.replace(/^\/dev\//, '') === (p.tty ?? '?')));
	if (asked.members) lists.push((p) => !p.state.includes('s') && (asked.members === 'd' || p.tty !== undefined));
	if (asked.all) return () => true;
	const others = asked.bsd.includes('a');
	const without = asked.bsd.includes('x');
	if (lists.length > 0 && !others && !without) return (p) => lists.some((one) => one(p));
	// One's own, on one's own terminal or as oneself on none.
	if (asked.bsd === '') return (p) => p.user === self?.user && p.tty === self?.tty;
	return (p) => lists.some((one) => one(p)) || ((others || p.user === self?.user) && (without || p.tty !== undefined));
}

/** By what `--sort` says; what is not modelled orders nothing. */
function sorted(list: readonly Process[], { sort }: Asked, call: Call): readonly Process[] {
	const compare = (a: Process, b: Process): number => {
		for (const { column, down } of sort) {
			const time = ['bsdstart', 'stime', 'lstart'].includes(column);
			const [left, right] = [a, b].map((p) => (time ? String(p.startedAt) : COLUMNS[column]!.value(p, call))) as [
				string,
				string,
			];
			const numbers = /^-?\d+$/.test(left) && /^-?\d+$/.test(right);
			const order = numbers ? Number(left) - Number(right) : left < right ? -1 : Number(left > right);
			if (order !== 0) return down ? -order : order;
		}
		return 0;
	};
	return sort.length === 0 ? list : [...list].sort(compare);
}

/** Children below their parents, with what stands before them: branches, or with `-H` room only (src/ps/display.c @ v3.3.17). */
function forest(list: readonly Process[], branches: boolean): readonly { process: Process; before: string }[] {
	const out: { process: Process; before: string }[] = [];
	const put = (process: Process, above: string, before: string): void => {
		out.push({ process, before });
		const children = list.filter((child) => child.ppid === process.pid && child !== process);
		for (const [i, child] of children.entries())
			if (branches) put(child, `${above}${i < children.length - 1 ? ' |  ' : '    '}`, `${above} \\_ `);
			else put(child, '', `${before}  `);
	};
	for (const process of list) if (!list.some((p) => p.pid === process.ppid && p !== process)) put(process, '', '');
	return out;
}

async function run(call: Call): Promise<number> {
	if (isBusybox('ps', call.place, call.lab)) return busybox(call);
	const asked = readOptions(call);
	if (typeof asked === 'string') {
		(asked === '' ? call.out : call.err)(asked === '' ? USAGE : asked);
		return asked === '' ? 0 : 1;
	}
	const all = processesOf(call);
	const unknown = asked.users?.some(
		(name) => !/^\d+$/.test(name) && name !== 'root' && !all.some((p) => p.user === name),
	);
	if (unknown && !(await knownUsers(call, asked.users!))) {
		call.err(`error: user name does not exist\n\n${USAGE}`);
		return 1;
	}
	const list = sorted(all.filter(selector(call, asked, all)), asked, call);
	const rows = asked.forest ? forest(list, asked.forest !== 'room') : list.map((process) => ({ process, before: '' }));
	const columns = asked.columns.map(({ name, head }) => ({
		...COLUMNS[name]!,
		...(head === undefined ? {} : { head }),
	}));
	const line = (cells: readonly string[]): string => {
		let out = '';
		for (const [i, { width, left }] of columns.entries()) {
			const wide = Math.max(width, columns[i]!.head.length);
			const last = i === columns.length - 1;
			out += `${i > 0 ? ' ' : ''}${left ? (last ? cells[i]! : cells[i]!.padEnd(wide)) : cells[i]!.padStart(wide)}`;
		}
		return `${out}\n`;
	};
	if (asked.header && columns.some(({ head }) => head !== '')) call.out(line(columns.map(({ head }) => head)));
	for (const { process, before } of rows)
		call.out(
			line(
				asked.columns.map(({ name }, i) => {
					const value = columns[i]!.value(process, call);
					const command = ['args', 'cmd', 'comm', 'ucmd'].includes(name);
					return command ? before + value : value;
				}),
			),
		);
	return list.length > 0 ? 0 : 1;
}

/**
 * Columns of busybox's ps (procps/ps.c out_spec @ 1_35_0): their width, title and text, by the first six letters of their
 * name. Its time has whole seconds, and programs of such images used none yet. What is not modelled is left out.
 */
const BUSYBOX: Readonly<
	Record<string, readonly [width: number, title: string, text: (p: Process, call: Call) => string]>
> = {
	user: [8, 'USER', (p) => p.user],
	ruser: [8, 'RUSER', (p) => p.user],
	comm: [16, 'COMMAND', (p) => p.comm],
	args: [998, 'COMMAND', (p) => p.argv.join(' ')],
	pid: [5, 'PID', (p) => String(p.pid)],
	ppid: [5, 'PPID', (p) => String(p.ppid)],
	etime: [
		7,
		'ELAPSED',
		({ startedAt }, { lab }) => {
			const seconds = Math.max(0, Math.floor((lab.now - startedAt) / 1e6));
			return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`.padStart(7);
		},
	],
	time: [5, 'TIME', () => ' 0:00'],
};
const RIGHT = new Set(['pid', 'ppid']);

/** `PID USER TIME COMMAND`, or the columns of `-o`; the last one is not filled up. */
function busybox(call: Call): number {
	const asked = call.args.flatMap((word, i) => {
		const list = word === '-o' ? call.args[i + 1] : /^-[A-Za-n]*o(.+)$/.exec(word)?.[1];
		return list?.split(',') ?? [];
	});
	const columns: (readonly [width: number, title: string, text: (p: Process) => string])[] = [];
	for (const word of asked.length > 0 ? asked : ['pid', 'user', 'time', 'args']) {
		const [name = '', title] = word.split(/=(.*)/s);
		const column = BUSYBOX[name.slice(0, 6)];
		if (!column) {
			const all = 'user,group,comm,args,pid,ppid,pgid,etime,nice,rgroup,ruser,time,tty,vsz,sid,stat,rss';
			call.err(
				all.split(',').includes(name)
					? `ps: the simulator's busybox has no column ${name}\n`
					: `ps: bad -o argument '${name}', supported arguments: ${all}\n`,
			);
			return 1;
		}
		const [width, own, text] = column;
		const room = title ? title.length : width;
		const shown = (p: Process): string => (RIGHT.has(name) ? text(p, call).padStart(room) : text(p, call));
		columns.push([room, title ?? own, shown]);
	}
	const line = (cells: readonly string[]): string =>
		`${cells.map((cell, i) => (i === cells.length - 1 ? cell : cell.padEnd(columns[i]![0]))).join(' ')}\n`;
	if (columns.some(([, title]) => title !== '')) call.out(line(columns.map(([, title]) => title)));
	for (const p of processesOf(call)) call.out(line(columns.map(([, , text]) => text(p))));
	return 0;
}

const ps: Tool = { name: 'ps', at: hasTool('ps'), run };

/** Processes that `pgrep` and `pkill` mean by their words; the code where they mean none that could be. */
export function matching(call: Call, tool: string, words: readonly string[]): readonly Process[] | number {
	const parsed = getopt(words, {
		short: 'aflxcnoivP:u:d:',
		long: [
			'list-full=>a',
			'full=>f',
			'list-name=>l',
			'exact=>x',
			'count=>c',
			'newest=>n',
			'oldest=>o',
			'parent=>P',
			'ignore-case=>i',
		],
	});
	if ('fault' in parsed) {
		call.err(
			`${getoptText(tool, parsed.fault)}\nUsage:\n ${tool} [options] <pattern>\n\nFor more details see ${tool}(1).\n`,
		);
		return 2;
	}
	const { values, args } = parsed;
	const [pattern] = args;
	if (pattern === undefined && !values.has('P')) {
		call.err(`${tool}: no matching criteria specified\nTry \`${tool} --help' for more information.\n`);
		return 2;
	}
	const test = regular(pattern ?? '', values.has('i'), values.has('x'));
	if (!test) {
		call.err(`${tool}: regex error: Invalid regular expression\n`);
		return 2;
	}
	const parents = values.get('P')?.split(',').map(Number);
	const line = [call.name, ...call.args].join(' ');
	// It does not find itself.
	let found = processesOf(call)
		.filter(({ argv }) => argv.join(' ') !== line)
		.filter((p) => !parents || parents.includes(p.ppid))
		.filter((p) => test(values.has('f') ? p.argv.join(' ') : p.comm) !== values.has('v'));
	if (values.has('n')) found = found.slice(-1);
	if (values.has('o')) found = found.slice(0, 1);
	return found;
}

const pgrep: Tool = {
	name: 'pgrep',
	at: hasTool('pgrep'),
	async run(call) {
		const found = matching(call, 'pgrep', call.args);
		if (typeof found === 'number') return found;
		const flags = call.args.filter((word) => /^-[a-z]/.test(word)).join('');
		if (flags.includes('c') || call.args.includes('--count')) call.out(`${found.length}\n`);
		else
			for (const p of found)
				call.out(
					`${p.pid}${/a/.test(flags) || call.args.includes('--list-full') ? ` ${p.argv.join(' ')}` : /l/.test(flags) || call.args.includes('--list-name') ? ` ${p.comm}` : ''}\n`,
				);
		return found.length > 0 ? 0 : 1;
	},
};

/** A pattern as far as process names need one: text with `^`, `$`, `.`, `*`, `|` and sets. */
function regular(pattern: string, fold: boolean, whole: boolean): ((text: string) => boolean) | undefined {
	// A group that repeats could take for ever; names need none.
	if (pattern.length > 200 || /\)[*+{?]/.test(pattern)) return undefined;
	try {
		const regex = new RegExp(whole ? `^(?:${pattern})$` : pattern, fold ? 'i' : '');
		return (value) => regex.test(value);
	} catch {
		return undefined;
	}
}

const pidof: Tool = {
	name: 'pidof',
	at: hasTool('pidof'),
	async run(call) {
		const names = call.args.filter((word) => !word.startsWith('-'));
		const found = processesOf(call)
			.slice(0, -1)
			.filter((p) => names.some((name) => commandName(p) === name.slice(name.lastIndexOf('/') + 1)))
			.reverse();
		const shown = call.args.includes('-s') ? found.slice(0, 1) : found;
		if (shown.length > 0) call.out(`${shown.map((p) => p.pid).join(' ')}\n`);
		return shown.length > 0 ? 0 : 1;
	},
};

const commandName = ({ argv, comm }: Process): string => {
	const first = argv[0] ?? comm;
	return first.slice(first.lastIndexOf('/') + 1).replace(/:$/, '');
};

export const processTools: readonly Tool[] = [ps, pgrep, pidof, lsns];
