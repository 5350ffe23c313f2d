/** Outputs that come of typing commands in a lab: `<Out of="id"/>` whose lines a shell in a preset printed. */
import type { Bench, FileTexts, LabStart } from '../exercises/index.ts';
import { openBench } from '../exercises/lab/index.ts';
import type { OutputSpec } from './types.ts';

export interface Typed {
	/** What was done before. A lab is begun once for each start, and outputs of one start share it. */
	readonly start: LabStart;
	/** What stands above the output, and is run. */
	readonly command: string;
	/** What is run in its place. */
	readonly run?: string;
	/** Lines of it that are shown. */
	readonly pick?: (lines: readonly string[]) => readonly string[];
}

const benches = new Map<string, Promise<Bench>>();
/** Until when a lab is busy. */
const turns = new Map<string, Promise<unknown>>();
const printed = new Map<string, Promise<readonly string[]>>();

/**
 * The output of a command in a lab. Pages in four languages ask for the same: it is run once. A command that changes
 * something needs a start of its own, since the order in which a page's outputs are asked for is not said.
 */
export function typed({ start, command, run = command, pick }: Typed): OutputSpec {
	return {
		command,
		async lines(files) {
			const key = JSON.stringify([start, run]);
			let lines = printed.get(key);
			if (!lines) {
				lines = inTurn(start, files, run);
				printed.set(key, lines);
			}
			const all = (await lines).map((line) => line.trimEnd());
			return pick ? pick(all) : all;
		},
	};
}

async function inTurn(start: LabStart, files: FileTexts, line: string): Promise<readonly string[]> {
	const key = JSON.stringify(start);
	const bench = benches.get(key) ?? openBench(start, files);
	benches.set(key, bench);
	const mine = Promise.all([bench, turns.get(key)]).then(([{ run }]) => run(line));
	turns.set(key, mine);
	return mine;
}
