/** `!!`, `!-2`, `!7`, `!kub`, `!?x?`, `!$`, `!*`, `!^` and `^a^b^` in a line that was typed (bash(1), "HISTORY EXPANSION"). */

export type Expanded =
	/** `text` is what runs; `changed` says that the terminal shows it first. */
	{ readonly text: string; readonly changed: boolean } | { readonly error: string };

const EVENT = /^!(?:!|(-?\d+)|\?([^?\n]+)\??|([^\s!$^*:="'`()\\;|&<>]+))/;

const wordsIn = (line: string): string[] => line.match(/(?:"(?:[^"\\]|\\.)*"|'[^']*'|\\.|[^\s"'\\])+/g) ?? [];

/** @param history lines, oldest first */
export function expandHistory(text: string, history: readonly string[]): Expanded {
	if (!text.includes('!') && !text.startsWith('^')) return { text, changed: false };
	const last = history.at(-1);
	const quick = /^\^([^^\n]+)\^([^^\n]*)\^?$/.exec(text);
	if (quick) {
		if (last === undefined || !last.includes(quick[1]!)) return { error: `bash: ${text}: substitution failed\n` };
		return { text: last.replace(quick[1]!, () => quick[2]!), changed: true };
	}
	let out = '';
	let changed = false;
	let quoted = false;
	for (let i = 0; i < text.length; ) {
		const char = text[i]!;
		const rest = text.slice(i);
		if (char === '\\') {
			out += text.slice(i, i + 2);
			i += 2;
			continue;
		}
		if (char === '"') quoted = !quoted;
		if (char === "'" && !quoted) {
			const end = text.indexOf("'", i + 1);
			const whole = end < 0 ? rest : text.slice(i, end + 1);
			out += whole;
			i += whole.length;
			continue;
		}
		// Not before a blank, `=` or `(`, nor where it closes a word of its own: `[ ! -f x ]`, `"hi!"`, `$!`, `[!a]`.
		if (char !== '!' || /^!(?:[\s=(]|$|")/.test(rest) || /[$[{]/.test(text[i - 1] ?? '')) {
			out += char;
			i++;
			continue;
		}
		const found = chosen(rest, history);
		if ('error' in found) return found;
		out += found.text;
		changed = true;
		i += found.length;
	}
	return { text: out, changed };
}

function chosen(
	rest: string,
	history: readonly string[],
): { readonly text: string; readonly length: number } | { readonly error: string } {
	const last = history.at(-1);
	const short = /^!([$^*])/.exec(rest);
	const match = short ? undefined : EVENT.exec(rest);
	const word = /^\S+/.exec(rest)?.[0] ?? rest;
	if (!short && !match) return { text: '!', length: 1 };
	let line = last;
	let length = short ? 1 : match![0].length;
	if (match?.[1] !== undefined)
		line = Number(match[1]) < 0 ? history.at(Number(match[1])) : history[Number(match[1]) - 1];
	else if (match?.[2] !== undefined) line = history.findLast((one) => one.includes(match[2]!));
	else if (match?.[3] !== undefined) line = history.findLast((one) => one.startsWith(match[3]!));
	if (line === undefined) return { error: `bash: ${short ? word : match![0]}: event not found\n` };
	const words = wordsIn(line);
	const part = /^:?([$^*])|^:(\d+)(?:-(\d+|\$))?/.exec(rest.slice(length));
	if (!part) return { text: line, length };
	length += part[0].length;
	if (part[1] === '$') return { text: words.at(-1) ?? '', length };
	if (part[1] === '^') return { text: words[1] ?? '', length };
	if (part[1] === '*') return { text: words.slice(1).join(' '), length };
	const from = Number(part[2]);
	const to = part[3] === undefined ? from : part[3] === '$' ? words.length - 1 : Number(part[3]);
	if (from >= words.length)
		return { error: `bash: ${rest.slice(length - part[0].length, length)}: bad word specifier\n` };
	return { text: words.slice(from, to + 1).join(' '), length };
}
