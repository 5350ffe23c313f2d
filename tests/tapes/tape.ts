/**
 * Tapes: what a terminal showed, as plain text. A tape is replayed on a lab and has to come out the same.
 *
 * ```text
 * # Clusters come and go. Lines that begin with # before the first command are notes.
 * # lab: empty
 * # trim: right
 * $ kind get clusters
 * No kind clusters found.
 * $ docker exec -it basic-worker bash
 * root@basic-worker:/# exit
 * exit
 * ```
 *
 * Notes with a colon say how it is played: `lab` is the preset; `trim: right` when blanks at line ends were lost on the
 * way (people's transcripts lose them); `files` names files of a lesson; `any` is a pattern of what may be anything that
 * fits it (a word that the lab draws). `rename` gives other names, as `basic=other`, for a second run in another lab
 * (see elsewhere.ts): commands, files and expected text have them, and a literal in a tool does not survive it. `drawn` is
 * a pattern of what chance makes otherwise there and no object of the lab tells. `chosen` is a pattern of commands that choose
 * one of several (`ds/cilium`) or number them, and `choice` a pattern of what is another's in their output.
 * `$ ` stands for the laptop's prompt; other prompts are written as they are. `> ` continues a line.
 */
export type Names = readonly (readonly [string, string])[];

export interface Tape {
	readonly lab: string;
	readonly trim: boolean;
	/** What fits it is compared only as fitting it. */
	readonly any: RegExp | undefined;
	/** The same, for the run elsewhere. */
	readonly drawn: RegExp | undefined;
	readonly chosen: RegExp | undefined;
	readonly choice: RegExp | undefined;
	/** `lesson/file`. */
	readonly files: readonly string[];
	readonly rename: Names;
	readonly steps: readonly Step[];
}

export interface Step {
	/** As it stands in the tape: `$ ` or a whole prompt. */
	readonly prompt: string;
	/** With its continuation lines. */
	readonly lines: readonly string[];
	readonly output: string;
	/** 1-based, of the command. */
	readonly at: number;
}

const PROMPT = /^(\$ |[~/]\S* # |[\w.-]+@[\w.-]+:[^\s$#]*[$#] )(.*)$/;

/** @throws Error with the line, for a tape that cannot be played */
export function readTape(text: string): Tape {
	const notes = new Map<string, string>();
	const steps: { prompt: string; lines: string[]; output: string; at: number }[] = [];
	const all = text.replace(/\n$/, '').split('\n');
	for (const [i, line] of all.entries()) {
		const last = steps.at(-1);
		const command = PROMPT.exec(line) ?? (line === '$' ? [line, '$ ', ''] : null);
		if (command) steps.push({ prompt: command[1]!, lines: [command[2]!], output: '', at: i + 1 });
		else if (last && last.output === '' && line.startsWith('> ')) last.lines.push(line.slice(2));
		else if (last) last.output += `${line}\n`;
		else if (line.startsWith('#')) {
			const note = /^#\s*(\w+):\s*(.*)$/.exec(line);
			if (note) notes.set(note[1]!, note[2]!);
		} else if (line !== '') throw new Error(`line ${i + 1}: output before the first command`);
	}
	const rename = list(notes.get('rename')).map((pair) => {
		const [from, to] = pair.split('=');
		if (!from || !to) throw new Error(`rename ${pair}: is not a=b`);
		return [from, to] as const;
	});
	const pattern = (note: string) => (notes.has(note) ? new RegExp(notes.get(note)!, 'gm') : undefined);
	return {
		lab: notes.get('lab') ?? 'empty',
		trim: notes.get('trim') === 'right',
		any: pattern('any'),
		drawn: pattern('drawn'),
		chosen: pattern('chosen'),
		choice: pattern('choice'),
		files: list(notes.get('files')),
		rename,
		steps,
	};
}

const list = (text: string | undefined): string[] => (text ? text.split(/[\s,]+/).filter(Boolean) : []);

export const rename = (text: string, names: Names): string =>
	names.reduce((all, [from, to]) => all.replaceAll(from, to), text);
