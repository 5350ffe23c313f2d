/** What all shells of a session share: the lab and its clock, the tools, and the files of each place. */
import type { Cluster, GuestCall, GuestRequest, GuestSignal, Lab } from '../../sim/lab/index.ts';
import type { Person, Place, Tool } from '../tool.ts';
import type { CallOutput, LineRun } from './call.ts';
import { AT_ONCE, Clock, type Pace } from './clock.ts';
import { COMMANDS } from './commands.ts';
import { LabFiles } from './files.ts';
import { guestHostOf } from './guest-host.ts';
import { type Identity, personNamed } from './identity.ts';
import type { Command } from './life.ts';
import { Breath } from './limits.ts';
import type { LogEntry } from './log.ts';
import { OpenFiles } from './open-files.ts';
import { factsOf, type PlaceFacts, type ProgramFile, placeKey, type Surroundings } from './places.ts';
import { isThere, type OwnProgram, programs } from './programs/index.ts';
import { BUILTINS, HIDDEN } from './programs/names.ts';
import { quoted } from './programs/nested.ts';
import type { Session } from './session.ts';
import { Shell } from './shell.ts';
import { terminalIn } from './terminals.ts';
import { type Visit, Visits } from './visits.ts';

/** Who entered another network sees that one below /proc. What is written in a place is the lab's, except on the laptop. */
const filesKey = (place: Place): string =>
	place.kind === 'laptop' || place.netns === undefined ? placeKey(place) : `${placeKey(place)} ${place.netns}`;

/** Folders that a PATH has. */
const IN_PATH = /^(?:\/usr)?(?:\/local)?\/s?bin\/[^/]+$|^\/usr\/local\/(?:apache2|go)\/bin\//;
/** Programs that Debian has for its administrator. */
const IN_SBIN: ReadonlySet<string> = new Set(['nginx']);
export interface SessionOptions {
	readonly lab: Lab;
	readonly tools: readonly Tool[];
	readonly surroundings?: readonly Surroundings[];
	/** At once when absent. */
	readonly pace?: Pace;
	/** Virtual microseconds that one line may wait before it is interrupted; without end when absent. */
	readonly patience?: number;
	/** The cluster that kubectl and helm mean on the laptop; the newest one when absent or undefined. */
	readonly cluster?: (place: Place, env: ReadonlyMap<string, string>, files: LabFiles) => Cluster | undefined;
}

/** What all shells of a session share. */
export class SessionCore {
	readonly lab: Lab;
	readonly clock: Clock;
	readonly patience: number | undefined;
	/** Terminals over the lab. */
	readonly sessions = new Set<Session>();
	/** What was done in them. */
	readonly log: LogEntry[] = [];
	/** Of all shells together: none takes the page's time for itself. */
	readonly breath = new Breath();
	/** Who is in containers from outside. */
	readonly visits = new Visits();
	/** A log is told: nobody types. */
	telling = false;
	/** Grows whenever something may have changed. */
	turn = 0;
	/** Lines and jobs under way, and those inside them. */
	runs = 0;
	/** Files that something writes into. */
	readonly open: OpenFiles;
	readonly #options: SessionOptions;
	readonly #tools = new Map<string, Tool>();
	readonly #files = new Map<string, LabFiles>();
	readonly #beside = new Map<string, Command[]>();
	readonly #children = new WeakMap<LineRun, Set<LineRun>>();
	readonly #namesOf = new WeakMap<object, ReadonlySet<string>>();
	readonly #filesOf = new Map<
		string,
		{
			readonly installed: ReadonlyMap<string, ProgramFile> | undefined;
			readonly key: string;
			readonly files: ReadonlyMap<string, ProgramFile>;
		}
	>();
	#pid = 1000;
	readonly #pids = new Map<string, number>();
	#draws = 0;

	constructor(options: SessionOptions) {
		this.#options = options;
		this.lab = options.lab;
		this.patience = options.patience;
		this.clock = new Clock(options.lab, options.pace ?? AT_ONCE);
		this.open = new OpenFiles(() => this.lab.now);
		this.clock.before = this.open;
		this.lab.guests?.attach(guestHostOf(this));
		for (const tool of options.tools) {
			for (const name of [tool.name, ...(tool.aliases ?? [])]) this.#tools.set(name, tool);
		}
	}

	facts(place: Place): PlaceFacts {
		const facts = factsOf(place, this.lab, this.#options.surroundings ?? []);
		const names = place.kind === 'laptop' ? undefined : this.#names(place);
		return names ? { ...facts, commands: COMMANDS.filter((name) => names.has(name)) } : facts;
	}

	/** The files of a place; they stay as long as the session. */
	files(place: Place): LabFiles {
		const key = filesKey(place);
		let files = this.#files.get(key);
		if (!files) {
			files = new LabFiles({
				...(place.kind === 'laptop' ? { home: this.facts(place).home } : {}),
				now: () => this.lab.epoch * 1000 + Math.floor(this.lab.now / 1000),
				turn: () => this.turn,
				open: this.open,
				made: () =>
					Object.assign(
						{ '/etc/hostname': () => `${this.facts(place).hostname}\n` },
						...(this.#options.surroundings ?? []).map((s) => s.files?.(place, this.lab) ?? {}),
					),
				ofProcesses: () =>
					Object.assign({}, ...(this.#options.surroundings ?? []).map((s) => s.ofProcesses?.(place, this.lab) ?? {})),
				prepare: async () => {
					for (const s of this.#options.surroundings ?? []) await s.prepare?.(place);
				},
				programs: () => this.#programFiles(place),
				changed: async (path, text, entry, as) => {
					for (const s of this.#options.surroundings ?? []) await s.changed?.(place, this.lab, path, text, entry, as);
				},
				dated: (path, time) => {
					for (const s of this.#options.surroundings ?? []) s.dated?.(place, this.lab, path, time);
				},
				chown: (path, uid, gid, as) => {
					for (const s of this.#options.surroundings ?? []) {
						const fault = s.chown?.(place, this.lab, path, uid, gid, as);
						if (fault !== undefined) return fault;
					}
					return undefined;
				},
				fault: (path, what, as) => {
					for (const s of this.#options.surroundings ?? []) {
						const fault = s.fault?.(place, this.lab, path, what, as);
						if (fault !== undefined) return fault;
					}
					return undefined;
				},
			});
			this.#files.set(key, files);
		}
		return files;
	}

	/** Sends a signal to a process of a place, as the user and the process that kills; answers what is wrong. */
	async signal(
		place: Place,
		pid: number,
		name: GuestSignal | 'ASK',
		user: string,
		from: number,
	): Promise<string | undefined> {
		for (const s of this.#options.surroundings ?? [])
			if (s.signal) return s.signal(place, this.lab, pid, name, user, from);
		return 'No such process';
	}

	/** What the kernel does about so much memory of a program. */
	async memory(place: Place, name: string, bytes: number): Promise<'fits' | 'killed' | 'gone'> {
		for (const s of this.#options.surroundings ?? []) if (s.memory) return s.memory(place, this.lab, name, bytes);
		return 'fits';
	}

	/** A kubelet's connection, where somebody knows of a network. */
	async request(
		request: GuestRequest,
		sleep: (time: number) => Promise<void>,
	): ReturnType<NonNullable<Surroundings['request']>> {
		for (const s of this.#options.surroundings ?? []) if (s.request) return s.request(this.lab, request, sleep);
		return { errno: 'ENETUNREACH' };
	}

	/** An API server's connection, where somebody knows of a network. */
	call(call: GuestCall): ReturnType<NonNullable<Surroundings['call']>> {
		for (const s of this.#options.surroundings ?? []) if (s.call) return s.call(this.lab, call);
		return undefined;
	}

	/** The files of a container that begins: whoever is in it has these. */
	renew(place: Place): void {
		this.turn++;
		this.#files.get(filesKey(place))?.renew();
	}

	tool(name: string, place: Place): Tool | undefined {
		const tool = this.#tools.get(name);
		return tool?.at(place, this.lab) ? tool : undefined;
	}

	/** Programs that somebody knows a place to have, by path; undefined where nobody knows. */
	installed(place: Place): ReadonlyMap<string, ProgramFile> | undefined {
		for (const s of this.#options.surroundings ?? []) {
			const known = s.programs?.(place, this.lab);
			if (known) return known;
		}
		return undefined;
	}

	/** Who knows what runs of the programs that are known as files, and how they speak. */
	get knower(): Surroundings | undefined {
		return this.#options.surroundings?.find((s) => s.asFile);
	}

	/** Whether one of the shell's own programs is in a place: built into it, or by what is installed. */
	isThere(program: OwnProgram, place: Place, facts = this.facts(place)): boolean {
		if (!isThere(program, place, facts)) return false;
		if (place.kind === 'laptop' || BUILTINS.has(program.name) || program.name.startsWith(HIDDEN)) return true;
		const installed = this.#names(place);
		return installed === undefined || installed.has(program.name);
	}

	/** Names of what is installed. */
	#names(place: Place): ReadonlySet<string> | undefined {
		const installed = this.installed(place);
		if (!installed) return undefined;
		let names = this.#namesOf.get(installed);
		if (!names) {
			names = new Set(
				[...installed.keys()].filter((path) => IN_PATH.test(path)).map((p) => p.slice(p.lastIndexOf('/') + 1)),
			);
			this.#namesOf.set(installed, names);
		}
		return names;
	}

	/** Programs that run. */
	#simulated(place: Place): string[] {
		const tools = [...this.#tools].filter(([, tool]) => tool.at(place, this.lab)).map(([name]) => name);
		const facts = this.facts(place);
		const own = [...programs().values()].filter((program) => this.isThere(program, place, facts));
		return [...tools, ...own.map(({ name }) => name).filter((name) => !name.startsWith(HIDDEN))];
	}

	/** What stands in /usr/bin and its like. */
	#programFiles(place: Place): ReadonlyMap<string, ProgramFile> {
		const installed = this.installed(place);
		const known = this.#names(place);
		const all = [...this.#simulated(place), ...(this.facts(place).commands ?? COMMANDS)];
		const more = all.filter((name) => !BUILTINS.has(name) && !known?.has(name) && (!known || place.kind === 'laptop'));
		const key = more.join(' ');
		const last = this.#filesOf.get(placeKey(place));
		if (last && last.installed === installed && last.key === key) return last.files;
		const files = new Map(installed);
		// Nobody knows how large they are: what is a program has some tens of kilobytes.
		for (const name of more)
			files.set(`/usr/${IN_SBIN.has(name) ? 'sbin' : 'bin'}/${name}`, { size: 30_784 + 64 * name.length ** 2 });
		this.#filesOf.set(placeKey(place), { installed, key, files });
		return files;
	}

	names(place: Place): readonly string[] {
		return [
			...new Set([
				...this.#simulated(place),
				...(this.facts(place).commands ?? COMMANDS),
				...(this.#names(place) ?? []),
			]),
		];
	}

	has(place: Place, command: string): boolean {
		const name = /^(?:\/usr)?(?:\/local)?\/s?bin\/([^/]+)$/.exec(command)?.[1] ?? command;
		return this.names(place).includes(name);
	}

	cluster(place: Place, env: ReadonlyMap<string, string>): Cluster | undefined {
		if (place.kind === 'node' || place.kind === 'pod') return this.lab.cluster(place.cluster);
		const { cluster } = this.#options;
		return cluster ? cluster(place, env, this.files(place)) : this.lab.clusters().at(-1);
	}

	/** Number of a process that begins. A container has its own: few, and those that its runtime used came before. */
	nextPid(place: Place): number {
		for (const s of this.#options.surroundings ?? []) {
			const number = s.number?.(place, this.lab);
			if (number !== undefined) return number;
		}
		if (place.kind === 'pod' || place.kind === 'container') {
			const key = placeKey(place);
			const last = this.#pids.get(key) ?? 6 + Math.floor(Math.sqrt(this.lab.now / 1e6));
			this.#pids.set(key, last + 1);
			return last + 1;
		}
		this.#pid += 1 + this.lab.random('shell', `pid ${this.#pid}`, 7);
		return this.#pid;
	}

	/** Commands under way in a place, of shells that somebody types into. */
	beside(place: Place): Command[] {
		const key = placeKey(place);
		const known = this.#beside.get(key) ?? [];
		this.#beside.set(key, known);
		return known;
	}

	/** A draw for `$RANDOM`. */
	draw(): number {
		return this.lab.random('shell', `RANDOM ${this.#draws++}`, 32_768);
	}

	childrenOf(run: LineRun): Set<LineRun> {
		let children = this.#children.get(run);
		if (!children) {
			children = new Set();
			this.#children.set(run, children);
		}
		return children;
	}

	/** Somebody with the home and the shell that the place knows of them. */
	async #identity(place: Place, as: Person): Promise<Identity> {
		if ('home' in as) return as as Identity;
		const known = await personNamed(this.files(place), String(as.uid));
		return { home: known?.home ?? '/', shell: known?.shell ?? '/bin/sh', ...as };
	}

	/** Runs a command line in another place, to its end. */
	async runAt(place: Place, command: readonly string[], stdin: string, from: CallOutput, as?: Person): Promise<number> {
		const shell = new Shell(this, place, {
			interactive: false,
			visit: this.visits.enter(place),
			// It is no process: what it runs is.
			pid: 0,
			...(as ? { as: await this.#identity(place, as) } : {}),
		});
		return this.#visit(shell, command.map(quoted).join(' '), from, stdin);
	}

	/** A shell in a place: to type into when somebody does, else for the script on standard input. */
	async enter(
		place: Place,
		name: string,
		stdin: string,
		from: CallOutput,
		how: {
			readonly as?: Person | undefined;
			readonly env?: Readonly<Record<string, string>>;
			readonly cwd?: string;
		} = {},
	): Promise<number> {
		const as = how.as && (await this.#identity(place, how.as));
		const options = { name, ...(as ? { as } : {}), ...(how.env ? { env: how.env } : {}) };
		const made = (interactive: boolean, visit: Visit | undefined): Shell => {
			const shell = new Shell(this, place, { ...options, interactive, visit });
			if (how.cwd !== undefined) {
				shell.state.cwd = how.cwd;
				shell.state.env.set('PWD', how.cwd);
			}
			return shell;
		};
		const { screen } = from.run;
		if (stdin === '' && from.run.interactive && screen) {
			const visit = this.visits.enter(place, true);
			const shell = made(true, visit);
			const tty = from.tty ? terminalIn(place, screen.tab) : undefined;
			if (visit) visit.commands.push(this.visits.typed(visit, [name], this.lab.now, shell.state.virtualPid, tty));
			const left = screen.open(shell);
			this.clock.end();
			return left.finally(() => this.visits.leave(place, visit));
		}
		return this.#visit(made(false, this.visits.enter(place)), stdin, from, '');
	}

	/** Runs a text in a shell that is nobody else's; the code of what ran, or of how its container's end ended it. */
	async #visit(shell: Shell, text: string, from: CallOutput, stdin: string): Promise<number> {
		const { place, visit } = shell;
		const over = shell.run(text, {
			routes: from.routes,
			tty: from.tty,
			parent: from.run,
			...(stdin ? { stdin } : {}),
		});
		if (visit) visit.line = shell.lastStarted;
		if (shell.lastStarted && from.detached) shell.lastStarted.detached = true;
		// With the terminal of somebody who types it may open a shell: `kubectl exec -it POD -- nsenter -t 1 -a`.
		if (shell.lastStarted && from.tty && from.run.interactive && stdin === '') shell.lastStarted.interactive = true;
		try {
			const code = await over;
			return visit?.code ?? shell.left ?? code;
		} finally {
			this.visits.leave(place, visit);
		}
	}
}
