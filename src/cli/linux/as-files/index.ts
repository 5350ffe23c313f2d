/**
 * Programs that run where their files are, and nowhere else: what an administrator types now and then. Which place has
 * which of them is told by `../installed`; nothing here is fetched before one of them is run.
 */
import type { Lab } from '../../../sim/lab/index.ts';
import type { Place, Tool } from '../../tool.ts';
import { releaseAt } from '../installed/versions.ts';
import { DAEMONS, type Run } from './daemons.ts';
import { MACHINE } from './machine.ts';
import { REDIS } from './redis.ts';
import { APPLETS, USERS } from './users.ts';

const RUNS: Readonly<Record<string, Run>> = { ...DAEMONS, ...MACHINE, ...REDIS, ...USERS };

/** The tool of a program that is there; undefined of one that is not simulated. */
export function toolNamed(name: string, place: Place, lab: Lab): Tool | undefined {
	const release = releaseAt(place, lab);
	const runs = release === 'alpine' || release === 'busybox' ? { ...RUNS, ...APPLETS } : RUNS;
	const run = Object.hasOwn(runs, name) ? runs[name]! : undefined;
	return run && { name, at: () => true, run };
}
