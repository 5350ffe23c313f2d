/** Plays a tape in a session and writes down what came, in the tape's own form. */
import { readFileSync } from 'node:fs';
import { furnish, readable, Session, surroundings, tools } from '../../src/cli/index.ts';
import { LAB_PRESETS, type Lab, labPreset, type Pins } from '../../src/sim/lab/index.ts';
import { formatIp, parseIp } from '../../src/sim/wire/index.ts';
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

/** What the preset pins, by the tape's other names. */
function renamedPins(value: unknown, names: Tape['rename'], key = ''): unknown {
	if (typeof value === 'string') return rename(value, names);
	if (typeof value === 'number') return key === 'nodePorts' ? value : parseIp(rename(formatIp(value), names));
	if (Array.isArray(value)) return value.map((item) => renamedPins(item, names, key));
	return Object.fromEntries(
		Object.entries(value as object).map(([k, item]) => [rename(k, names), renamedPins(item, names, k)]),
	);
}

/** The tape's lab; with other names, and with another network in front of kind's when its address has another name. */
function labOf({ lab, names }: Tape): Lab | undefined {
	const pins = LAB_PRESETS.find(({ id }) => id === lab)?.options.pins;
	return labPreset(lab, {
		...(pins && names.length > 0 ? { pins: renamedPins(pins, names) as Pins } : {}),
		...(names.some(([from]) => from.startsWith('172.18.')) ? { networks: ['spare'] } : {}),
	});
}

export async function play(tape: Tape, lab: Lab | undefined = labOf(tape)): Promise<readonly Played[]> {
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
export function comparable(text: string, { trim, any, drawn, names }: Tape): string {
	const trimmed = trim ? text.replace(/[ \t]+$/gm, '') : text;
	const open = any ? trimmed.replace(any, (found) => '*'.repeat(Math.min(3, found.length))) : trimmed;
	if (!drawn || names.length === 0) return open;
	// Names that are drawn also order the lines.
	return open.replace(drawn, '~').replace(/ +/g, ' ').replace(/ $/gm, '').split('\n').sort().join('\n');
}
