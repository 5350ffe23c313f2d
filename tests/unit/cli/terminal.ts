/** A terminal on a lab that has begun, with all programs and the files that a lab makes. */
import { furnish, readable, Session, surroundings, tools } from '../../../src/cli/index.ts';
import { type Lab, labPreset } from '../../../src/sim/lab/index.ts';

export interface Terminal {
	readonly lab: Lab;
	readonly session: Session;
	/** Types lines one after another, and answers what they wrote, both streams. */
	run(lines: string): Promise<string>;
	/** Seconds of the lab that lines take. */
	seconds(lines: string): Promise<number>;
	/** Writes a file of the laptop; `path` begins at the learner's home where it is not absolute. */
	file(path: string, text: string): Promise<void>;
	/** Exit code of the line before. */
	code(): number;
}

/** `patience`: how long a line may wait for the lab, in its microseconds; a session's own when absent. */
export async function terminal(preset = 'kind-basic', options: { readonly patience?: number } = {}): Promise<Terminal> {
	const lab = labPreset(preset)!;
	let written = '';
	const session = new Session({
		...options,
		lab,
		tools,
		surroundings,
		write: (octets) => {
			written += readable(octets);
		},
	});
	await furnish(session);
	const run = async (lines: string): Promise<string> => {
		written = '';
		for (const line of lines.split('\n')) await session.submit(line);
		return written;
	};
	return {
		lab,
		session,
		run,
		async seconds(lines) {
			const before = lab.now;
			await run(lines);
			return (lab.now - before) / 1e6;
		},
		file: (path, text) =>
			session.writeFile({ kind: 'laptop' }, path.startsWith('/') ? path : `/home/learner/${path}`, text),
		code: () => session.shell.lastCode,
	};
}
