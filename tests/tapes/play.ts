/** Plays a tape in a session and writes down what came, in the tape's own form. */
import { readFileSync } from 'node:fs';
import { furnish, readable, Session, surroundings, tools } from '../../src/cli/index.ts';
import { type Lab, labPreset } from '../../src/sim/lab/index.ts';
import { Screen } from '../../src/widgets/terminal/screen.ts';
import { rename, type Step, type Tape } from './tape.ts';

export interface Played {
	readonly step: Step;
	/** What stood before the cursor. */
	readonly prompt: string;
	/** What a terminal showed of it: progress that wrote over itself is there once. */
	readonly output: string;
}

const LAPTOP = 'learner@laptop:~$ ';

export async function play(tape: Tape, lab: Lab | undefined = labPreset(tape.lab)): Promise<readonly Played[]> {
	if (!lab) throw new Error(`no lab ${tape.lab}`);
	let screen = new Screen();
	const session = new Session({
		lab,
		tools,
		surroundings,
		patience: 30 * 60e6,
		write: (octets) => {
			screen.write(readable(octets));
		},
	});
	const files: Record<string, string> = {};
	for (const file of tape.files) {
		const text = readFileSync(new URL(`../../content/${file.replace('/', '/files/')}`, import.meta.url), 'utf8');
		const name = file.slice(file.lastIndexOf('/') + 1);
		files[`/home/learner/${name}`] = rename(text, tape.names);
	}
	await furnish(session, files);
	const played: Played[] = [];
	for (const step of tape.steps) {
		screen = new Screen();
		const prompt = session.prompt === LAPTOP ? '$ ' : session.prompt;
		for (const line of step.lines) await session.submit(line);
		const { text } = screen;
		played.push({ step, prompt, output: text === '' ? '' : `${text}\n` });
	}
	return played;
}

/** Text to compare: without blanks at line ends, and with what the seed draws left open, if the tape says so. */
export function comparable(text: string, { trim, any }: Tape): string {
	const trimmed = trim ? text.replace(/[ \t]+$/gm, '') : text;
	return any ? trimmed.replace(any, (found) => '*'.repeat(Math.min(3, found.length))) : trimmed;
}
