/** What a script of `script.ts` does: what it writes, how long it sleeps, and what it ends with. */
import type { Command, Piece, Step, Word } from './script.ts';

export interface ScriptHost {
	/** A variable of the container. */
	env(name: string): string | undefined;
	/** RFC 3339, now. */
	now(): string;
	write(text: string): void;
}

/** Commands that are known here. */
const KNOWN = new Set([
	'echo',
	'printf',
	'date',
	'sleep',
	'exit',
	'true',
	':',
	'false',
	'hostname',
	'seq',
	'test',
	'[',
	'expr',
	'export',
]);
const ASSIGNMENT = /^([A-Za-z_]\w*)=/;

/** Shorter sleeps in a loop without end would fill the lab's queue. */
const SHORTEST = 0.5;
/** What a loop without a sleep may do. */
const ROUNDS = 10_000;

const firstText = ([piece]: Word): string => (piece?.kind === 'text' ? piece.text : '');

/** Whether all of it is known, and whether each endless loop sleeps. */
export function understood(list: readonly Step[]): boolean {
	const word = (w: Word): boolean => w.every((p) => p.kind !== 'command' || understood(p.list));
	const known = (command: Command): boolean => {
		switch (command.kind) {
			case 'simple': {
				const name = command.words.find((w) => !ASSIGNMENT.test(firstText(w)));
				const fits = name === undefined || (name.length === 1 && KNOWN.has(firstText(name)));
				return fits && command.words.every(word);
			}
			case 'loop':
				return understood(command.test) && understood(command.body) && (sleeps(command.body) || counts(command.test));
			case 'for':
				return command.words.every(word) && understood(command.body);
			case 'if':
				return command.arms.every((a) => understood(a.test) && understood(a.body)) && understood(command.otherwise);
		}
	};
	return list.every(({ command }) => known(command));
}

const simples = (list: readonly Step[]): Extract<Command, { kind: 'simple' }>[] =>
	list.flatMap(({ command }) => {
		if (command.kind === 'simple') return [command];
		return command.kind === 'if' ? [] : simples(command.body);
	});

const sleeps = (list: readonly Step[]): boolean =>
	simples(list).some(({ words }) => {
		if (firstText(words[0] ?? []) !== 'sleep') return false;
		const span = words[1]?.[0];
		return span?.kind !== 'text' || sleepSeconds(span.text) >= SHORTEST;
	});

/** A loop that compares ends by itself, or is stopped after `ROUNDS`. */
const counts = (test: readonly Step[]): boolean =>
	simples(test).some(
		({ words }) => ['[', 'test'].includes(firstText(words[0] ?? [])) && words.flat().some((p) => p.kind === 'variable'),
	);

/** Seconds of `sleep`, in the units it takes. */
export const sleepSeconds = (text: string | undefined): number => {
	const m = /^(\d+(?:\.\d+)?|inf(?:inity)?)([smhd]?)$/.exec(text ?? '');
	if (!m) return 0;
	if (m[1]!.startsWith('inf')) return Number.POSITIVE_INFINITY;
	return Number(m[1]) * { '': 1, s: 1, m: 60, h: 3600, d: 86_400 }[m[2] as '' | 's' | 'm' | 'h' | 'd'];
};

/** `$((…))` of whole numbers. */
function sum(text: string, value: (name: string) => string): number {
	const parts = text.match(/\d+|[A-Za-z_]\w*|[-+*/%()<>]|==|!=/g) ?? [];
	let at = 0;
	const atom = (): number => {
		const part = parts[at++];
		if (part === '-') return -atom();
		if (part === '(') {
			const inner = added();
			at++;
			return inner;
		}
		return Number(part !== undefined && /^\d/.test(part) ? part : value(part ?? '')) || 0;
	};
	const multiplied = (): number => {
		let left = atom();
		while (parts[at] === '*' || parts[at] === '/' || parts[at] === '%') {
			const sign = parts[at++];
			const right = atom();
			left = sign === '*' ? left * right : right === 0 ? 0 : sign === '/' ? Math.trunc(left / right) : left % right;
		}
		return left;
	};
	const added = (): number => {
		let left = multiplied();
		while (parts[at] === '+' || parts[at] === '-')
			left = parts[at++] === '+' ? left + multiplied() : left - multiplied();
		return left;
	};
	return added();
}

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Days from 1970-01-01 (days_from_civil of Howard Hinnant's date algorithms). */
function daysOf(year: number, month: number, day: number): number {
	const y = month <= 2 ? year - 1 : year;
	const era = Math.floor(y / 400);
	const ofEra = y - era * 400;
	const ofYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
	return era * 146_097 + ofEra * 365 + Math.floor(ofEra / 4) - Math.floor(ofEra / 100) + ofYear - 719_468;
}

/** `date`, in UTC; letters not known stay as they are. */
function dateText(stamp: string, format: string): string {
	const [year, month, day, hour, minute, second] = (stamp.match(/\d+/g) ?? []) as [
		string,
		string,
		string,
		string,
		string,
		string,
	];
	const days = daysOf(Number(year), Number(month), Number(day));
	const parts: Readonly<Record<string, string>> = {
		Y: year,
		m: month,
		d: day,
		H: hour,
		M: minute,
		S: second,
		e: String(Number(day)).padStart(2),
		F: `${year}-${month}-${day}`,
		T: `${hour}:${minute}:${second}`,
		R: `${hour}:${minute}`,
		Z: 'UTC',
		z: '+0000',
		n: '\n',
		'%': '%',
		a: DAYS[(days + 4) % 7]!,
		b: MONTHS[Number(month) - 1]!,
		s: String(days * 86_400 + Number(hour) * 3600 + Number(minute) * 60 + Number(second)),
	};
	return format.replace(/%(.)/g, (whole, letter: string) => parts[letter] ?? whole);
}

const escapes = (text: string): string =>
	text.replace(/\\([nt\\])/g, (_, letter: string) => ({ n: '\n', t: '\t', '\\': '\\' })[letter]!);

/** `printf` with `%s`, `%d`, `%0Nd`, `%%`; the format again while there are words. */
function printf(format: string, words: readonly string[]): string {
	let left = [...words];
	let out = '';
	do {
		const before = left.length;
		out += escapes(format).replace(/%(0?)(\d*)([sd%])/g, (_, zero: string, width: string, letter: string) => {
			if (letter === '%') return '%';
			const value = left[0] ?? (letter === 'd' ? '0' : '');
			left = left.slice(1);
			return value.padStart(Number(width), zero === '0' ? '0' : ' ');
		});
		if (left.length === before) break;
	} while (left.length > 0);
	return out;
}

function test(words: readonly string[]): boolean {
	if (words[0] === '!') return !test(words.slice(1));
	const [left = '', sign, right = ''] = words;
	if (words.length === 2) return left === '-n' ? sign !== '' : left === '-z' && sign === '';
	if (words.length < 3) return left !== '';
	const [a, b] = [Number(left), Number(right)];
	const answers: Readonly<Record<string, boolean>> = {
		'=': left === right,
		'==': left === right,
		'!=': left !== right,
		'-eq': a === b,
		'-ne': a !== b,
		'-lt': a < b,
		'-le': a <= b,
		'-gt': a > b,
		'-ge': a >= b,
	};
	return answers[sign!] ?? false;
}

/** Runs it; gives the seconds of each sleep, and at the end the exit code. */
export function* runScript(script: readonly Step[], host: ScriptHost): Generator<number, number> {
	const variables = new Map<string, string>();
	let status = 0;
	let ended = false;
	let rounds = 0;
	const variable = (name: string): string =>
		name === '?' ? String(status) : (variables.get(name) ?? host.env(name) ?? '');

	const filled = (piece: Piece): string => {
		if (piece.kind === 'text') return piece.text;
		if (piece.kind === 'command') return captured(piece.list);
		return piece.kind === 'variable' ? variable(piece.text) : String(sum(piece.text, variable));
	};

	/** A word's values: what is not quoted falls apart at blanks. */
	const expand = (word: Word): string[] => {
		const out: string[] = [];
		let open = false;
		const add = (text: string): void => {
			if (open) out[out.length - 1] += text;
			else out.push(text);
			open = true;
		};
		for (const piece of word) {
			if (piece.kind === 'text') {
				add(piece.text);
				continue;
			}
			const value = filled(piece);
			if (piece.quoted) add(value);
			else {
				value.split(/\s+/).forEach((part, i) => {
					if (i > 0) open = false;
					if (part !== '') add(part);
				});
			}
		}
		return out;
	};
	const captured = (list: readonly Step[]): string => {
		let text = '';
		const write = (more: string): void => {
			text += more;
		};
		const inner = runScript(list, { env: variable, now: host.now, write });
		for (let step = inner.next(); !step.done; step = inner.next());
		return text.replace(/\n+$/, '');
	};

	function* simple({ words, silent }: Extract<Command, { kind: 'simple' }>): Generator<number, number> {
		const write = silent ? () => undefined : host.write;
		let at = 0;
		for (; at < words.length && ASSIGNMENT.test(firstText(words[at]!)); at++) assign(expand(words[at]!).join(' '));
		const [name, ...args] = words.slice(at).flatMap(expand);
		switch (name) {
			case undefined:
			case 'true':
			case ':':
				return 0;
			case 'false':
				return 1;
			case 'export':
				for (const arg of args) if (arg.includes('=')) assign(arg);
				return 0;
			case 'echo': {
				const flags = /^-[neE]+$/.test(args[0] ?? '') ? args.shift()! : '';
				const text = args.join(' ');
				write((flags.includes('e') ? escapes(text) : text) + (flags.includes('n') ? '' : '\n'));
				return 0;
			}
			case 'printf':
				write(printf(args[0] ?? '', args.slice(1)));
				return 0;
			case 'date': {
				const format = args.find((a) => a.startsWith('+'));
				write(`${dateText(host.now(), format?.slice(1) ?? '%a %b %e %T UTC %Y')}\n`);
				return 0;
			}
			case 'hostname':
				write(`${variable('HOSTNAME')}\n`);
				return 0;
			case 'seq': {
				const [from, to] = args.length > 1 ? [Number(args[0]), Number(args.at(-1))] : [1, Number(args[0])];
				for (let i = from; i <= to && i < from + ROUNDS; i++) write(`${i}\n`);
				return 0;
			}
			case 'expr':
				write(`${sum(args.join(' '), variable)}\n`);
				return 0;
			case 'sleep': {
				const seconds = args.reduce((all, arg) => all + sleepSeconds(arg), 0);
				if (seconds > 0) yield seconds;
				return 0;
			}
			case 'test':
				return test(args) ? 0 : 1;
			case '[':
				return test(args.slice(0, -1)) ? 0 : 1;
			default:
				ended = true;
				return name === 'exit' ? (args[0] === undefined ? status : Number(args[0]) & 255) : 127;
		}
	}
	const assign = (text: string): void => {
		const at = text.indexOf('=');
		variables.set(text.slice(0, at), text.slice(at + 1));
	};

	function* command(of: Command): Generator<number, void> {
		if (of.kind === 'simple') status = yield* simple(of);
		else if (of.kind === 'if') {
			for (const arm of of.arms) {
				yield* run(arm.test);
				if (ended) return;
				if (status === 0) return yield* run(arm.body);
			}
			status = 0;
			yield* run(of.otherwise);
		} else if (of.kind === 'for') {
			for (const value of of.words.flatMap(expand)) {
				variables.set(of.name, value);
				yield* run(of.body);
				if (ended) return;
			}
		} else {
			for (;;) {
				yield* run(of.test);
				if (ended || (status === 0) === of.until) break;
				yield* run(of.body);
				if (ended) return;
				// A loop that does not come to an end burns its processor; the lab does not.
				if (++rounds % ROUNDS === 0) yield Number.POSITIVE_INFINITY;
			}
			if (!ended) status = 0;
		}
	}
	function* run(list: readonly Step[]): Generator<number, void> {
		for (const { when, command: next } of list) {
			if (when !== 'always' && (status === 0) !== (when === 'success')) continue;
			yield* command(next);
			if (ended) return;
		}
	}
	yield* run(script);
	return status;
}
