/** Lines that were typed: what `!` stands for in a new one (bash(1), "HISTORY EXPANSION"; lib/readline/histexpand.c @ 8.1), and which are kept. */

export type Expanded =
	/** `text` is what runs, `changed` says that the terminal shows it first, `shown` that it is not run. */
	{ readonly text: string; readonly changed: boolean; readonly shown?: boolean } | { readonly error: string };

/** What is not there, in bash's words. */
class NoEvent extends Error {}

const wordsIn = (line: string): string[] =>
	line.match(/(?:"(?:[^"\\]|\\.)*"|'[^']*'|\\.|[^\s"'\\|&;<>()])+|[|&;<>()]+/g) ?? [];

interface Change {
	readonly from: string;
	readonly to: string;
}

/** What was last replaced, of each history. */
const changes = new WeakMap<object, Change>();

/** @param history lines, oldest first */
export function expandHistory(text: string, history: readonly string[]): Expanded {
	if (!text.includes('!') && !text.startsWith('^')) return { text, changed: false };
	try {
		return new Expansion(text, history).run();
	} catch (error) {
		if (error instanceof NoEvent) return { error: `bash: ${error.message}\n` };
		throw error;
	}
}

class Expansion {
	readonly #text: string;
	readonly #history: readonly string[];
	#at = 0;
	#shown = false;
	/** The word that `!?x?` found. */
	#matched = '';

	constructor(text: string, history: readonly string[]) {
		this.#text = text;
		this.#history = history;
	}

	run(): Expanded {
		const quick = /^\^([^^\n]+)\^([^^\n]*)\^?([^\n]*)$/.exec(this.#text);
		if (quick) {
			const last = this.#history.at(-1);
			const said = `:s^${quick[1]}^${quick[2]}`;
			if (!last?.includes(quick[1]!)) throw new NoEvent(`${said}: substitution failed`);
			changes.set(this.#history, { from: quick[1]!, to: quick[2]! });
			return { text: last.replace(quick[1]!, () => quick[2]!) + quick[3]!, changed: true };
		}
		const text = this.#text;
		let out = '';
		let changed = false;
		let quoted = false;
		while (this.#at < text.length) {
			const char = text[this.#at]!;
			const rest = text.slice(this.#at);
			if (char === '\\') {
				out += text.slice(this.#at, this.#at + 2);
				this.#at += 2;
			} else if (char === "'" && !quoted) {
				const end = text.indexOf("'", this.#at + 1);
				const whole = end < 0 ? rest : text.slice(this.#at, end + 1);
				out += whole;
				this.#at += whole.length;
			} else if (char !== '!' || /^!(?:[\s=(]|$|")/.test(rest) || /[$[{]/.test(text[this.#at - 1] ?? '')) {
				// Not before a blank, `=` or `(`, nor where it closes a word of its own: `[ ! -f x ]`, `"hi!"`, `$!`, `[!a]`.
				if (char === '"') quoted = !quoted;
				out += char;
				this.#at++;
			} else {
				out += this.#designated(out);
				changed = true;
			}
		}
		return { text: out, changed, ...(this.#shown ? { shown: true } : {}) };
	}

	/** An event, its words, and what is done to them. */
	#designated(before: string): string {
		const begin = this.#at;
		const line = this.#event(before);
		const text = this.#modified(this.#words(line, begin), line);
		return text;
	}

	#event(before: string): string {
		const history = this.#history;
		const rest = this.#text.slice(this.#at);
		const taken = (pattern: RegExp): RegExpExecArray | null => {
			const found = pattern.exec(rest);
			if (found) this.#at += found[0].length;
			return found;
		};
		let line: string | undefined;
		let said = /^!!?/.exec(rest)![0];
		const [number, part, begin] = [/^!(-?\d+)/, /^!\?([^?\n]+)\??/, /^!([^\s:^$*"'`();|&<>]+)/].map((one) =>
			one.exec(rest),
		);
		if (taken(/^!!/)) line = history.at(-1);
		else if (taken(/^!#/)) return before;
		else if (number) {
			said = taken(/^!(-?\d+)/)![0];
			const n = Number(number[1]);
			line = n < 0 ? history.at(n) : history[n - 1];
		} else if (part) {
			said = taken(/^!\?([^?\n]+)\??/)![0];
			line = history.findLast((one) => one.includes(part[1]!));
			this.#matched = line === undefined ? '' : (wordsIn(line).find((word) => word.includes(part[1]!)) ?? '');
		} else if (/^![$^*:%-]/.test(rest)) {
			this.#at++;
			line = history.at(-1);
			said = /^!\S*/.exec(rest)![0];
		} else if (begin) {
			said = begin[0];
			this.#at += said.length;
			line = history.findLast((one) => one.startsWith(begin[1]!));
		}
		if (line === undefined) throw new NoEvent(`${said}: event not found`);
		return line;
	}

	#words(line: string, begin: number): string {
		const rest = this.#text.slice(this.#at);
		const found = /^:?([$^*%])|^:(\d+)(?:(-(?:(\d+)|([$]))?)|([*]))?|^:?-(\d+|[$])?/.exec(rest);
		if (!found || found[0] === '') return line;
		if (/^-/.test(rest) && this.#at > begin + 1) return line;
		this.#at += found[0].length;
		const words = wordsIn(line);
		const last = words.length - 1;
		const [, sign, first, range, to, , star, end] = found;
		if (sign === '$') return words.at(-1) ?? '';
		if (sign === '^') return this.#slice(words, 1, 1, found[0]);
		if (sign === '%') return this.#matched;
		if (sign === '*') return words.slice(1).join(' ');
		if (first === undefined)
			return this.#slice(words, 0, end === undefined ? last - 1 : end === '$' ? last : Number(end), found[0]);
		const from = Number(first);
		if (star) return from > last + 1 ? this.#slice(words, from, from, found[0]) : words.slice(from).join(' ');
		if (range === undefined) return this.#slice(words, from, from, found[0]);
		return this.#slice(words, from, range === '-' ? last - 1 : to === undefined ? last : Number(to), found[0]);
	}

	#slice(words: readonly string[], from: number, to: number, said: string): string {
		if (from >= words.length || to >= words.length || to < from - 1) throw new NoEvent(`${said}: bad word specifier`);
		return words.slice(from, to + 1).join(' ');
	}

	#modified(text: string, line: string): string {
		let now = text;
		for (;;) {
			const rest = this.#text.slice(this.#at);
			const plain = /^:([htrepqx])/.exec(rest);
			const again = /^:([ga]?)&/.exec(rest);
			const change = /^:([gaG]?)s(.)/.exec(rest);
			if (plain) {
				this.#at += 2;
				now = this.#plain(plain[1]!, now);
			} else if (change || again) {
				const every = /[ga]/.test((change ?? again)![1]!);
				let said = again?.[0] ?? '';
				let one = changes.get(this.#history);
				if (change) {
					const mark = change[2]!.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
					const whole = new RegExp(
						`^:[gaG]?s${mark}((?:\\\\.|(?!${mark}).)*)(?:${mark}((?:\\\\.|(?!${mark}).)*)${mark}?)?`,
					).exec(rest)!;
					said = whole[0];
					const from = whole[1] || one?.from || '';
					one = { from, to: (whole[2] ?? '').replace(/\\?&/g, (amp) => (amp === '&' ? from : '&')) };
				}
				this.#at += said.length;
				if (!one || one.from === '' || !now.includes(one.from)) throw new NoEvent(`${said}: substitution failed`);
				const { from, to } = one;
				now = every ? now.replaceAll(from, () => to) : now.replace(from, () => to);
				changes.set(this.#history, one);
			} else if (/^:[a-zA-Z&]/.test(rest)) {
				void line;
				throw new NoEvent(`${rest.slice(0, 2)}: unrecognized history modifier`);
			} else return now;
		}
	}

	#plain(letter: string, text: string): string {
		const slash = text.lastIndexOf('/');
		const dot = text.lastIndexOf('.');
		switch (letter) {
			case 'h':
				return slash < 0 ? text : text.slice(0, slash);
			case 't':
				return text.slice(slash + 1);
			case 'r':
				return dot > slash ? text.slice(0, dot) : text;
			case 'e':
				return dot > slash ? text.slice(dot) : '';
			case 'p':
				this.#shown = true;
				return text;
			case 'q':
				return `'${text.replaceAll("'", "'\\''")}'`;
			default:
				return wordsIn(text)
					.map((word) => `'${word.replaceAll("'", "'\\''")}'`)
					.join(' ');
		}
	}
}

/** Keeps a line as `HISTCONTROL`, `HISTIGNORE` and `HISTSIZE` have it. @param matches whether a pattern is one of a text */
export function remember(
	history: string[],
	line: string,
	env: ReadonlyMap<string, string>,
	matches: (pattern: string, text: string) => boolean,
): void {
	const control = (env.get('HISTCONTROL') ?? '').split(':');
	const asked = (name: string): boolean =>
		control.includes(name) || (name !== 'erasedups' && control.includes('ignoreboth'));
	if (asked('ignorespace') && /^[ \t]/.test(line)) return;
	const last = history.at(-1);
	if (asked('ignoredups') && line === last) return;
	const patterns = (env.get('HISTIGNORE') ?? '').split(':').filter((pattern) => pattern !== '');
	if (patterns.some((pattern) => matches(pattern === '&' ? (last ?? '') : pattern, line))) return;
	if (asked('erasedups')) for (let i = history.length - 1; i >= 0; i--) if (history[i] === line) history.splice(i, 1);
	history.push(line);
	const most = env.get('HISTSIZE');
	if (most !== undefined && /^\d+$/.test(most) && history.length > Number(most))
		history.splice(0, history.length - Number(most));
}

/** Whether a text is one of a pattern of `HISTIGNORE`: `*`, `?` and sets. */
export function isOf(pattern: string, text: string): boolean {
	const source = pattern
		.replace(/[.+^${}()|\\]/g, '\\$&')
		.replaceAll('*', '.*')
		.replaceAll('?', '.')
		.replaceAll('[!', '[^');
	try {
		return new RegExp(`^${source}$`, 's').test(text);
	} catch {
		return pattern === text;
	}
}
