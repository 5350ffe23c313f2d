/**
 * First processes of Docker's own containers: commands are run as those of pods are (`GuestHost`), servers of images run
 * for themselves. Each has a log, which outlives its runs, and starts again as its restart policy says.
 *
 * Source: moby daemon/{start,monitor}.go, restartmanager/restartmanager.go @ v20.10.
 */
import { type Container, type GuestProcess, type GuestSignal, type Lab, programOf } from '../../sim/lab/index.ts';
import { type Call, Interrupted } from '../tool.ts';

/** `--rm`, which Docker keeps in HostConfig.AutoRemove. */
export const REMOVE = '\0rm';

const MILLISECOND = 1000;
/** Before the first restart, and the longest pause; a run of ten seconds forgets them. */
const PAUSE = 100 * MILLISECOND;
const LONGEST = 60_000 * MILLISECOND;
const LONG_RUN = 10_000 * MILLISECOND;

/** What runs in a container, and how. */
export interface ProgramSpec {
	/** All of the command line. */
	readonly argv: readonly string[];
	/** `--entrypoint`, and the words behind the image. */
	readonly command?: readonly string[];
	readonly args?: readonly string[];
	/** `NAME=value` */
	readonly env: readonly string[];
	/** `always`, `on-failure:3`; empty for none. */
	readonly restart: string;
	/** A shell that waits until somebody attaches. */
	readonly waits?: boolean;
	readonly stdin?: string;
}

export interface DockerLine {
	/** Virtual microseconds. */
	readonly at: number;
	readonly text: string;
}

interface Process {
	readonly spec: ProgramSpec;
	readonly log: DockerLine[];
	state: 'starting' | 'running' | 'over';
	/** How its last run ended. */
	code?: number;
	/** Why the runtime could not start it. */
	fault?: string;
	/** Of a command that somebody's shell runs. */
	guest?: GuestProcess | undefined;
	/** Somebody asked for its end: it does not start again. */
	halted: boolean;
	restarts: number;
	pause: number;
	told?: ((text: string, stream: 'out' | 'err') => void) | undefined;
}

/** By container; of a lab, as undoing makes another one. */
const books = new WeakMap<Lab, Map<string, Process>>();

function bookOf(lab: Lab): Map<string, Process> {
	let book = books.get(lab);
	if (!book) {
		book = new Map();
		books.set(lab, book);
	}
	return book;
}

export const processOf = (lab: Lab, container: Pick<Container, 'id'>): Process | undefined =>
	bookOf(lab).get(container.id);

const program = (container: Pick<Container, 'image'>, { command, args }: ProgramSpec) =>
	programOf({
		image: container.image,
		...(command ? { command: [...command] } : {}),
		...(args ? { args: [...args] } : {}),
	});

/** Whether its command is run in a shell of the lab. */
export const isGuest = (container: Pick<Container, 'image'>, spec: ProgramSpec): boolean =>
	program(container, spec).guest === true;

const runc = (what: string): string =>
	`failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: ${what}: unknown`;

export const notFound = (name: string): string =>
	runc(
		name.includes('/')
			? `exec: ${JSON.stringify(name)}: stat ${name}: no such file or directory`
			: `exec: ${JSON.stringify(name)}: executable file not found in $PATH`,
	);

/** A container whose process somebody's terminal is. */
export function hold(lab: Lab, container: Container, spec: ProgramSpec): Process {
	const process: Process = { spec, log: [], state: 'running', halted: false, restarts: 0, pause: PAUSE };
	bookOf(lab).set(container.id, process);
	return process;
}

/** Starts the process of a container that Docker has started. */
export function begin(lab: Lab, container: Container, spec: ProgramSpec): Process {
	const process = hold(lab, container, spec);
	run(lab, container, process);
	return process;
}

/** `docker start`: once more, with the same command line and the same log. */
export function beginAgain(lab: Lab, container: Container): void {
	const process = processOf(lab, container);
	if (!process || container.state !== 'running') return;
	process.halted = false;
	run(lab, container, process);
}

function run(lab: Lab, container: Container, process: Process): void {
	const { spec } = process;
	const { id } = container;
	const place = { kind: 'container', id } as const;
	const write = (text: string): void => {
		process.log.push({ at: lab.now, text });
	};
	delete process.fault;
	process.state = 'running';
	process.guest = undefined;
	const what = program(container, spec);
	if (!what.guest) {
		if (!what.alone) return;
		const context = {
			argv: spec.argv,
			log(text: string) {
				write(text);
				process.told?.(`${text}\n`, 'out');
			},
			after: (delay: number, act: () => void) => lab.after(delay, act),
			exit: (code: number) => ended(lab, id, code),
		};
		what.start(context as unknown as Parameters<typeof what.start>[0]);
		return;
	}
	if (spec.waits) return;
	process.state = 'starting';
	const entry = /(?:^|\/)(?:docker-)?entrypoint\.sh$/.test(spec.argv[0] ?? '');
	lab.guests.renew(place);
	process.guest = lab.guests.start({
		place,
		id,
		argv: spec.env.length === 0 || entry ? spec.argv : ['env', ...spec.env, ...spec.argv],
		messagePath: '',
		...(spec.stdin === undefined ? {} : { stdin: spec.stdin }),
		log: write,
		output: (text, stream) => process.told?.(text, stream),
		started() {
			process.state = 'running';
		},
		failed(message) {
			process.fault = runc(message);
			process.halted = true;
			ended(lab, id, 127);
		},
		exited: (code) => ended(lab, id, code),
	});
}

/** Its first process is over. */
export function ended(lab: Lab, id: string, code: number): void {
	const process = bookOf(lab).get(id);
	const container = lab.docker.find(id);
	if (process) Object.assign(process, { state: 'over', code });
	if (container?.state !== 'running') return;
	lab.docker.ended(id, code);
	lab.guests.over?.({ kind: 'container', id });
	if (Object.hasOwn(container.labels, REMOVE)) {
		lab.docker.remove(id, true);
		return;
	}
	if (!process || process.halted || !wantsMore(process, code)) return;
	process.pause = lab.now - (container.started ?? 0) > LONG_RUN ? PAUSE : process.pause;
	const { pause } = process;
	process.pause = Math.min(pause * 2, LONGEST);
	lab.after(pause, () => {
		if (process.halted || lab.docker.find(id)?.state !== 'exited') return;
		process.restarts++;
		if (lab.docker.start(id)) return;
		run(lab, lab.docker.find(id)!, process);
	});
}

function wantsMore({ spec, restarts }: Process, code: number): boolean {
	const [, policy, most] = /^(always|unless-stopped|on-failure)(?::(\d+))?$/.exec(spec.restart) ?? [];
	if (policy === undefined) return false;
	return (
		policy !== 'on-failure' || (code !== 0 && (most === undefined || Number(most) === 0 || restarts < Number(most)))
	);
}

/** A signal for the first process; false when it has none that could hear it. */
export function signal(lab: Lab, container: Container, name: GuestSignal): boolean {
	const process = processOf(lab, container);
	if (name === 'KILL') {
		process?.guest?.signal('KILL');
		ended(lab, container.id, 137);
		return true;
	}
	if (!process?.guest) return false;
	process.guest.signal(name);
	return true;
}

/** Shows what a process writes until it ends, and what it wrote before if asked to; answers how it ended. */
export async function watch(call: Call, container: Container, process: Process, all = true): Promise<number> {
	const { lab } = call;
	const pieces: (readonly [text: string, stream: 'out' | 'err'])[] = [];
	if (all) for (const { text } of process.log) pieces.push([`${text}\n`, 'out']);
	process.told = (text, stream) => pieces.push([text, stream]);
	const show = (): void => {
		for (const [text, stream] of pieces.splice(0)) (stream === 'out' ? call.out : call.err)(text);
	};
	const over = (): boolean => process.state === 'over' || lab.docker.find(container.id)?.state !== 'running';
	try {
		while (!(await call.until(() => pieces.length > 0 || over(), Number.MAX_SAFE_INTEGER)) || !over()) show();
		show();
		return process.code ?? lab.docker.find(container.id)?.exitCode ?? 0;
	} catch (stopped) {
		if (stopped instanceof Interrupted && !over()) {
			process.halted = true;
			process.guest?.signal('KILL');
			ended(lab, container.id, 130);
		}
		throw stopped;
	} finally {
		process.told = undefined;
	}
}
