/**
 * Programs that run where their files are, and nowhere else: what an administrator types now and then. Which place has
 * which of them is told by `../installed`; nothing here is fetched before one of them is run.
 */
import type { Tool } from '../../tool.ts';
import { DAEMONS, type Run } from './daemons.ts';

const RUNS: Readonly<Record<string, Run>> = { ...DAEMONS };

/** The tool of a program that is there; undefined of one that is not simulated. */
export function toolNamed(name: string): Tool | undefined {
	const run = Object.hasOwn(RUNS, name) ? RUNS[name]! : undefined;
	return run && { name, at: () => true, run };
}
