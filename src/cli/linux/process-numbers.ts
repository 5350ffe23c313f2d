import type { GuestProcessView, GuestSignal } from '../../sim/lab/index.ts';

export interface Process {
	readonly pid: number;
	readonly ppid: number;
	readonly user: string;
	/** What `/proc/PID/comm` has: 15 characters. */
	readonly comm: string;
	readonly argv: readonly string[];
	/** Virtual microseconds. */
	readonly startedAt: number;
	/** S sleeps, R runs; with what `ps` adds. */
	readonly state: string;
	/** Threads more than one. */
	readonly threads?: boolean;
	/** Network namespace, where it is not the place's own. */
	readonly ns?: string;
	readonly tty?: string;
	readonly cwd?: string;
	/** Its variables, each with a NUL behind it, where they are its own. */
	readonly environ?: () => string;
	/** A shell that somebody types into. */
	readonly typed?: boolean;
	/** Container of the runtime it belongs to. */
	readonly container?: string;
	/** What a signal does to it; one without has none that could be sent here. */
	readonly signal?: (name: GuestSignal, from: number) => void;
}

export interface Draft extends Omit<Process, 'pid' | 'ppid' | 'comm'> {
	readonly key: string;
	/** Its number in its container's own namespace, where something there said it. */
	readonly own?: number;
	/** Its number, that somebody there knows. */
	readonly known?: number;
	readonly parent?: string;
	readonly comm?: string;
}

/** Forks a second there are numbers for, so that two starts rarely meet. */
export const TICK = 10_000;

export const FIRST = 60;

const PID_MAX = 4_194_304;

/** Of a process that begins so long after its machine did. */
export const nodeAt = (since: number): number => FIRST + (Math.floor(since / TICK) % (PID_MAX - FIRST));

/**
 * In a container that runs for so long few processes have begun, and the fewer the longer nobody does anything there.
 * The numbers before had runc's own steps (nsexec.c), and what an entrypoint's scripts run.
 */
export const insideAt = (since: number, scripted = false): number =>
	(scripted ? 38 : 7) + Math.floor(Math.sqrt(Math.max(0, since) / 1e6));

/** Gives numbers by the time of start since `boot`; who starts in the same tick comes next. `inside`: those of a container. */
export function numbered(drafts: readonly Draft[], boot: number, inside = false): readonly Process[] {
	const used = new Set<number>(drafts.flatMap(({ own, known }) => known ?? (inside ? (own ?? []) : [])));
	const pids = new Map<string, number>();
	const sorted = drafts
		.map((draft, i) => ({ draft, i }))
		.sort((a, b) => a.draft.startedAt - b.draft.startedAt || a.i - b.i)
		.map(({ draft }) => draft);
	for (const [i, draft] of sorted.entries()) {
		let pid =
			i === 0
				? 1
				: inside
					? insideAt(draft.startedAt - boot, sorted[0]!.argv[0] === 'nginx:')
					: nodeAt(Math.max(0, draft.startedAt - boot));
		if (draft.known !== undefined) pid = draft.known;
		else if (inside && draft.own !== undefined) pid = draft.own;
		else while (used.has(pid)) pid++;
		used.add(pid);
		pids.set(draft.key, pid);
	}
	return sorted.map(({ key, parent, comm, own: _, known: _known, ...draft }) => ({
		...draft,
		pid: pids.get(key)!,
		ppid: parent === undefined ? 0 : (pids.get(parent) ?? 1),
		comm: comm ?? commOf(draft.argv[0] ?? ''),
	}));
}

const commOf = (path: string): string =>
	path
		.slice(path.lastIndexOf('/') + 1)
		.split(' ')[0]!
		.slice(0, 15);

/** What a process that a shell began has of its own. */
export const ofView = ({ tty, cwd, environ, looks, entered }: GuestProcessView): Partial<Draft> => ({
	...(looks ? { state: entered ? 'Rs' : 'R' } : {}),
	...(tty === undefined ? {} : { tty }),
	...(cwd === undefined ? {} : { cwd }),
	...(environ === undefined ? {} : { environ }),
});
