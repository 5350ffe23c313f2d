/**
 * First processes of Docker's own containers: commands are run as those of pods are (`GuestHost`), servers of images run
 * for themselves. Each has a log, which outlives its runs, and starts again as its restart policy says.
 *
 * Source: moby daemon/{start,monitor}.go, restartmanager/restartmanager.go @ v20.10.
 */
import {
	type Container,
	dockerEntry,
	dockerHost,
	dockerWrote,
	forgetDocker,
	type GuestProcess,
	type GuestSignal,
	knownDocker,
	type Lab,
	type LogLine,
	programOf,
} from '../../sim/lab/index.ts';
import { processesAt } from '../linux/index.ts';
import { type Call, Interrupted } from '../tool.ts';
import { told } from './event-book.ts';
import { healthOf } from './health.ts';
import { imageConfig } from './image-config.ts';
import { removeAnonymous } from './volume-users.ts';

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
	/** `always`, `on-failure:3`; empty for none. */
	restart: string;
	/** A shell that waits until somebody attaches. */
	readonly waits?: boolean;
	readonly stdin?: string;
}

export interface Process {
	readonly spec: ProgramSpec;
	readonly log: LogLine[];
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

const program = (container: Pick<Container, 'image' | 'base'>, { command, args }: ProgramSpec) =>
	programOf({
		image: container.base ?? container.image,
		...(command ? { command: [...command] } : {}),
		...(args ? { args: [...args] } : {}),
	});

/** Whether its command is run in a shell of the lab. */
export const isGuest = (container: Pick<Container, 'image' | 'base'>, spec: ProgramSpec): boolean =>
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
	const { log } = dockerEntry(lab, container);
	const process: Process = { spec, log, state: 'running', halted: false, restarts: 0, pause: PAUSE };
	bookOf(lab).set(container.id, process);
	return process;
}

/** `docker create`: what will run when it is started. */
export function keep(lab: Lab, container: Container, spec: ProgramSpec, waits: boolean): void {
	Object.assign(hold(lab, container, { ...spec, ...(waits ? { waits } : {}) }), { state: 'over' });
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
	healthOf(lab, container.id);
	run(lab, container, process);
}

/** Programs that are nothing without a cluster. */
const OF_CLUSTERS = /(?:^|\/)(?:kube-|coredns|etcd|cilium|operator|kindnetd|local-path|hubble)/;

/** A server as its image starts it, by the program that pods run too. */
function serve(lab: Lab, container: Container, what: ReturnType<typeof programOf>): void {
	const { id } = container;
	const entry = dockerEntry(lab, container);
	const run = lab.docker.find(id)?.started;
	const { state } = entry;
	entry.healthy = false;
	if (OF_CLUSTERS.test(state.spec.image)) return;
	const { cluster, machine } = dockerHost(lab);
	const still = (): boolean => {
		const now = lab.docker.find(id);
		return now?.state === 'running' && now.started === run;
	};
	let draws = 0;
	const { spec } = state;
	const context = {
		cluster,
		machine,
		pod: state.pod,
		container: spec,
		id,
		restarts: processOf(lab, container)?.restarts ?? 0,
		argv: [...(spec.command ?? what.entrypoint ?? []), ...(spec.args ?? (spec.command ? [] : (what.cmd ?? [])))],
		env: (name: string) => state.env[name],
		log: (text: string) => dockerWrote(lab, id, text),
		logAt: (at: number, text: string) => dockerWrote(lab, id, text, at),
		logLater: (text: () => string) => dockerWrote(lab, id, text()),
		onFiles: () => undefined,
		onTerm: () => undefined,
		guest: () => undefined,
		watch: () => undefined,
		after: (delay: number, act: () => void) =>
			lab.after(delay, () => {
				if (still()) act();
			}),
		between: (from: number, to: number, purpose: string) =>
			from + lab.random(`program ${purpose}`, `${id}\0${run}\0${draws++}`, to - from + 1),
		exit: (code: number) => ended(lab, id, code),
		healthy() {
			entry.healthy = true;
		},
		unhealthy() {
			entry.healthy = false;
		},
	};
	what.start(context as unknown as Parameters<typeof what.start>[0]);
}

function run(lab: Lab, container: Container, process: Process): void {
	const { spec } = process;
	const { id } = container;
	const place = { kind: 'container', id } as const;
	const entry = dockerEntry(lab, container);
	entry.told = (text) => process.told?.(text, 'out');
	entry.oom = () => told(lab, 'oom', container);
	entry.over = (code) => ended(lab, id, code);
	entry.state.web = undefined;
	delete process.fault;
	process.state = 'running';
	process.guest = undefined;
	const what = program(container, spec);
	if (!what.guest) {
		serve(lab, container, what);
		return;
	}
	if (spec.waits) return;
	process.state = 'starting';
	lab.guests.renew(place);
	process.guest = lab.guests.start({
		place,
		id,
		argv: spec.argv,
		messagePath: '',
		...(spec.stdin === undefined ? {} : { stdin: spec.stdin }),
		log(text) {
			entry.log.push({ at: lab.now, text });
		},
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
	const entry = knownDocker(lab, id);
	if (entry) Object.assign(entry, { healthy: false }).state.web = undefined;
	lab.docker.ended(id, code);
	told(lab, 'die', container, { exitCode: String(code) });
	lab.guests.over?.({ kind: 'container', id });
	if (Object.hasOwn(container.labels, REMOVE)) {
		removeAnonymous(lab, container);
		lab.docker.remove(id, true);
		told(lab, 'destroy', container);
		forgetDocker(lab, id);
		return;
	}
	if (!process || process.halted || !wantsMore(process, code)) return;
	process.pause = lab.now - (container.started ?? 0) > LONG_RUN ? PAUSE : process.pause;
	const { pause } = process;
	lab.docker.change(id, { restarting: true });
	process.pause = Math.min(pause * 2, LONGEST);
	lab.after(pause, () => {
		if (lab.docker.find(id)?.state !== 'exited') return;
		lab.docker.change(id, { restarting: false });
		if (process.halted) return;
		process.restarts++;
		if (lab.docker.start(id)) return;
		told(lab, 'start', container);
		healthOf(lab, id);
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

/** What ends it: `--stop-signal`, its image's, or SIGTERM. httpd's SIGWINCH and such are SIGTERM to its server here. */
export function stopSignal(lab: Lab, container: Container): GuestSignal {
	const own =
		knownDocker(lab, container.id)?.settings.stopSignal ?? imageConfig(container.base ?? container.image).signal;
	return signalCalled(own ?? 'TERM') ?? 'TERM';
}

const SIGNALS: Readonly<Record<string, GuestSignal>> = {
	1: 'HUP',
	2: 'INT',
	3: 'QUIT',
	9: 'KILL',
	10: 'USR1',
	12: 'USR2',
	15: 'TERM',
};

/** The number of a signal. */
export const numberOf = (name: GuestSignal): string =>
	Object.keys(SIGNALS).find((number) => SIGNALS[number] === name) ?? '15';

/** One that programs here can hear, by number or name. */
export function signalCalled(text: string): GuestSignal | undefined {
	const asked = text.toUpperCase().replace(/^SIG/, '');
	return SIGNALS[asked] ?? (Object.values(SIGNALS).includes(asked as GuestSignal) ? (asked as GuestSignal) : undefined);
}

/** Whether Linux has it (moby pkg/signal). */
export const isSignal = (text: string): boolean =>
	/^(?:SIG)?(?:HUP|INT|QUIT|ILL|TRAP|ABRT|IOT|BUS|FPE|KILL|USR1|SEGV|USR2|PIPE|ALRM|TERM|STKFLT|CHLD|CLD|CONT|STOP|TSTP|TTIN|TTOU|URG|XCPU|XFSZ|VTALRM|PROF|WINCH|IO|POLL|PWR|SYS|UNUSED|RTMIN(?:\+\d+)?|RTMAX(?:-\d+)?)$/i.test(
		text,
	) ||
	(/^\d+$/.test(text) && Number(text) >= 1 && Number(text) <= 64);

/** A signal for the first process; false when it has none that could hear it. */
export function signal(lab: Lab, container: Container, name: GuestSignal): boolean {
	const process = processOf(lab, container);
	if (name === 'KILL') {
		process?.guest?.signal('KILL');
		ended(lab, container.id, 137);
		return true;
	}
	if (process?.guest) {
		process.guest.signal(name);
		return true;
	}
	const first = processesAt(lab, { kind: 'container', id: container.id })[0];
	if (process?.spec.waits || !first?.signal) return false;
	first.signal(name, 0);
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
