/** Plays a tape in a session and writes down what came, in the tape's own form. */
import { readFileSync } from 'node:fs';
import { furnish, readable, Session, surroundings, tools } from '../../src/cli/index.ts';
import { type Lab, labPreset } from '../../src/sim/lab/index.ts';
import { Screen } from '../../src/widgets/terminal/screen.ts';
import { correspond, labElsewhere, translator } from './elsewhere.ts';
import type { Step, Tape } from './tape.ts';

export interface Played {
	readonly step: Step;
	/** What stood before the cursor. */
	readonly prompt: string;
	/** What a terminal showed of it: progress that wrote over itself is there once. */
	readonly output: string;
}

const LAPTOP = 'learner@laptop:~$ ';

/** Somebody at a terminal. */
class Typist {
	readonly lab: Lab;
	readonly #session: Session;
	#screen = new Screen();

	constructor(lab: Lab) {
		this.lab = lab;
		this.#session = new Session({
			lab,
			tools,
			surroundings,
			patience: 30 * 60e6,
			write: (octets) => {
				this.#screen.write(readable(octets));
			},
		});
	}

	/** Files of lessons, as somebody else may have changed them. */
	async furnish(files: readonly string[], change: (text: string) => string = (text) => text): Promise<void> {
		const found: Record<string, string> = {};
		for (const file of files) {
			const text = readFileSync(new URL(`../../content/${file.replace('/', '/files/')}`, import.meta.url), 'utf8');
			found[`/home/learner/${file.slice(file.lastIndexOf('/') + 1)}`] = change(text);
		}
		await furnish(this.#session, found);
	}

	async type(lines: readonly string[]): Promise<Omit<Played, 'step'>> {
		const prompt = this.#session.prompt === LAPTOP ? '$ ' : this.#session.prompt;
		for (const line of lines) await this.#session.submit(line);
		const { text } = this.#screen;
		// What a job writes from now on comes with the next line.
		this.#screen = new Screen();
		return { prompt, output: text === '' ? '' : `${text}\n` };
	}
}

function opened(tape: Tape, lab: Lab | undefined): Typist {
	if (!lab) throw new Error(`no lab ${tape.lab}`);
	return new Typist(lab);
}

export async function play(tape: Tape, lab: Lab | undefined = labPreset(tape.lab)): Promise<readonly Played[]> {
	const typist = opened(tape, lab);
	await typist.furnish(tape.files);
	const played: Played[] = [];
	for (const step of tape.steps) played.push({ step, ...(await typist.type(step.lines)) });
	return played;
}

export interface PlayedTwice extends Played {
	/** The step as it has to come in the other lab. */
	readonly expected: Step;
}

/** Types the tape into two labs at once, and answers what came in the other one. */
export async function playElsewhere(tape: Tape): Promise<readonly PlayedTwice[]> {
	const here = opened(tape, labPreset(tape.lab));
	const there = opened(tape, labElsewhere(tape));
	const { rename: names } = tape;
	let pairs = correspond(here.lab, there.lab, names);
	await here.furnish(tape.files);
	await there.furnish(tape.files, translator(new Map(), names));
	const played: PlayedTwice[] = [];
	for (const step of tape.steps) {
		const before = translator(pairs, names);
		const lines = step.lines.map(before);
		await here.type(step.lines);
		const came = await there.type(lines);
		pairs = correspond(here.lab, there.lab, names, pairs);
		const after = translator(pairs, names);
		const expected = { ...step, lines, prompt: before(step.prompt), output: after(step.output) };
		played.push({ step, ...came, expected });
	}
	return played;
}

/** Text to compare: without blanks at line ends, and with what the seed draws left open, if the tape says so. */
export function comparable(text: string, { trim, any }: Tape): string {
	const trimmed = trim ? text.replace(/[ \t]+$/gm, '') : text;
	return any ? trimmed.replace(any, (found) => '*'.repeat(Math.min(3, found.length))) : trimmed;
}

/** Ages, dates and times of the day: another seed has others. */
const TIMES =
	/\b(\d+[smhd])+\b|\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z| \+0000 UTC)?|\b\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d \+0000|\b(\w{3} )+ ?\d+ \d\d:\d\d:\d\d (UTC )?\d{4}/g;

/**
 * The same for another lab, where what is drawn has other lengths and names order the lines: ages and what the tape says
 * is drawn are left open, blanks count as one, lines come in any order, and one that is all drawn may be missing.
 */
export function comparableElsewhere(text: string, tape: Tape, { lines }: Step): string {
	const { chosen, choice } = tape;
	const own = chosen && choice && lines.some((line) => line.search(chosen) >= 0) ? text.replace(choice, '~') : text;
	const open = comparable(own, tape).replace(TIMES, '~');
	return (tape.drawn ? open.replace(tape.drawn, '~') : open)
		.replace(/[ -]{2,}/g, ' ')
		.replace(/ +$/gm, '')
		.split('\n')
		.filter((line) => line !== '~')
		.sort()
		.join('\n');
}
