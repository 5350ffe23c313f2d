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
	/** Container of the runtime it belongs to. */
	readonly container?: string;
}

export interface Draft extends Omit<Process, 'pid' | 'ppid' | 'comm'> {
	readonly key: string;
	readonly parent?: string;
	readonly comm?: string;
}

/** Forks a second there are numbers for, so that two starts rarely meet. */
export const TICK = 10_000;

export const FIRST = 60;

const PID_MAX = 4_194_304;

/** Gives numbers by the time of start since `boot`; who starts in the same tick comes next. */
export function numbered(drafts: readonly Draft[], boot: number): readonly Process[] {
	const used = new Set<number>();
	const pids = new Map<string, number>();
	const sorted = drafts
		.map((draft, i) => ({ draft, i }))
		.sort((a, b) => a.draft.startedAt - b.draft.startedAt || a.i - b.i)
		.map(({ draft }) => draft);
	for (const [i, draft] of sorted.entries()) {
		let pid = i === 0 ? 1 : FIRST + (Math.max(0, Math.floor((draft.startedAt - boot) / TICK)) % (PID_MAX - FIRST));
		while (used.has(pid)) pid++;
		used.add(pid);
		pids.set(draft.key, pid);
	}
	return sorted.map(({ key, parent, comm, ...draft }) => ({
		...draft,
		pid: pids.get(key)!,
		ppid: parent === undefined ? 0 : (pids.get(parent) ?? 1),
		comm: comm ?? commOf(draft.argv[0] ?? ''),
	}));
}

const commOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1).slice(0, 15);
