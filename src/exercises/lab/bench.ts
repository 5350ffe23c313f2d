/** Beginning a lab for an exercise: the preset, the files, and what was done before. */
import { furnish, readable, Session, surroundings, tools } from '../../cli/index.ts';
import { type Lab, openPreset } from '../../sim/lab/index.ts';
import type { Bench, FileTexts, LabStart } from './types.ts';

/** Virtual time that one line may wait: half an hour. */
const PATIENCE = 30 * 60e6;

/** The learner's home. */
const HOME = '/home/learner';

/**
 * A lab as the exercise has it at first, with a shell that nobody sees.
 * @throws Error when the preset or a file is not there: a mistake of the course.
 */
export async function openBench(start: LabStart, files: FileTexts = {}): Promise<Bench> {
	const lab = await labOf(start);
	let written = '';
	const session = new Session({
		lab,
		tools,
		surroundings,
		patience: PATIENCE,
		tty: false,
		quiet: true,
		write: (octets) => {
			written += readable(octets);
		},
	});
	await setUp(session, start, files);
	return {
		lab,
		session,
		async run(line) {
			written = '';
			await session.submit(line);
			const text = written.replace(/\n$/, '');
			return text === '' ? [] : text.split('\n');
		},
	};
}

/** The preset's lab. @throws Error when there is none of that name */
export async function labOf(start: LabStart): Promise<Lab> {
	const lab = await openPreset(start.preset);
	if (!lab) throw new Error(`no lab ${start.preset}`);
	return lab;
}

/** Brings a new session to where the exercise begins; nothing of it is shown or remembered. */
export async function setUp(session: Session, start: LabStart, files: FileTexts): Promise<void> {
	await furnish(session);
	for (const name of start.files ?? []) {
		const text = files[name];
		if (text === undefined) throw new Error(`no file ${name}`);
		await session.writeFile({ kind: 'laptop' }, `${HOME}/${name}`, text);
	}
	for (const line of start.before ?? []) await session.prepare(line);
}
