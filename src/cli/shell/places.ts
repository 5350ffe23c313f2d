/** What a place is like before anybody did anything in it: its name, who one is there, which variables are set. */
import type { CalledOut } from '../../sim/api/index.ts';
import type { GuestCall, GuestRequest, GuestSignal, Lab } from '../../sim/lab/index.ts';
import type { Person, Place, Tool } from '../tool.ts';
import { COMMANDS } from './commands.ts';
import type { Result } from './just-bash.ts';

export interface PlaceFacts {
	readonly user: string;
	readonly hostname: string;
	readonly home: string;
	/** Where a shell starts. */
	readonly cwd: string;
	/** Exported variables besides HOME, PATH, HOSTNAME and such. */
	readonly env: Readonly<Record<string, string>>;
	/** Whose `sh` it is: busybox's ash, or dash where absent. */
	readonly sh?: 'ash' | 'dash';
	/** It is older than 1.28: its shell starts what a `-c` script ends with. */
	readonly forks?: boolean;
	/** Numbers of who one is, where it is not root or the workstation's user. */
	readonly ids?: { readonly uid: number; readonly gid: number; readonly groups: readonly number[] };
	/** A container's: its variables are what the runtime sets, and nobody logged in. */
	readonly container?: boolean;
	/** Whether bash is installed; it is when absent. */
	readonly bash?: boolean;
	/** Commands of the shell's own that are installed there; all when absent. */
	readonly commands?: readonly string[];
}

/** A file whose text comes from the lab when it is read; of a name that ends with `/`, a directory. */
export interface MadeFile {
	(): string | Uint8Array;
	/** 644 when absent, 755 of a directory. */
	readonly mode?: number;
	/** Whose it is; root's when absent. */
	readonly owner?: string;
	readonly group?: string;
	/** A symbolic link, and where it leads. */
	readonly link?: string;
	/** Somebody took it away: what others would make here is not there. */
	readonly gone?: boolean;
	/** Milliseconds since 1970; now when absent. */
	readonly mtime?: number;
	/**
	 * What is written here or below: nothing can be, or all of it is the lab's, told by `changed` and asked for again.
	 * Of the learner's own when absent.
	 */
	readonly writes?: 'refused' | 'told';
}

/** A program as a file: whether the simulator has it or not. */
export interface ProgramFile {
	/** Octets; absent of a link. */
	readonly size?: number;
	/** 755 when absent. */
	readonly mode?: number;
	/** A symbolic link, and where it leads: of a folder too (`/bin` to `usr/bin`). */
	readonly link?: string;
	/** Names of the same file; 1 when absent. */
	readonly links?: number;
}

/** What others know of places: variables of a pod, files that the lab makes. All are asked again as time goes by. */
export interface Surroundings {
	facts?(place: Place, lab: Lab): Partial<PlaceFacts> | undefined;
	/** Files whose text comes from the lab when they are read, by absolute path. A learner who writes one owns it from then on. */
	files?(place: Place, lab: Lab): Readonly<Record<string, MadeFile>>;
	/** Files below /proc that tell of its processes, in the same way; asked when somebody looks there. */
	ofProcesses?(place: Place, lab: Lab): Readonly<Record<string, MadeFile>>;
	/** Programs by path, all that are there; undefined where nobody knows, or until `prepare`. */
	programs?(place: Place, lab: Lab): ReadonlyMap<string, ProgramFile> | undefined;
	/** What runs where it is installed, fetched when it is first run. */
	asFile?(place: Place, lab: Lab, name: string): Promise<Tool | undefined>;
	/** What a program there answers to `--version`, or of an option it has not; undefined where it says that itself. */
	versionOf?(place: Place, lab: Lab, name: string, args: readonly string[]): Promise<Omit<Result, 'env'> | undefined>;
	/** Turns what a program says is wrong into the words of the one that is installed there. */
	wordsOf?(place: Place, lab: Lab): Promise<((name: string, text: string) => string) | undefined>;
	/** Fetches what `files` needs in such a place; until then `files` answers what it can. */
	prepare?(place: Place): Promise<unknown>;
	/** The learner wrote a file, or took one away: `text` is undefined then. @throws Error when there is no room */
	changed?(
		place: Place,
		lab: Lab,
		path: string,
		text: string | undefined,
		entry?: FileChange,
		as?: Person,
	): Promise<void>;
	/** Why something cannot be done to a path: `EACCES`, `EROFS`. `as` is who asks, where that is not who is there anyway. */
	fault?(place: Place, lab: Lab, path: string, what: FileDeed, as?: Person): string | undefined;
	/** Sends a signal to a process that `ps` shows there; answers what kill(2) says is wrong, or a sentence. */
	signal?(
		place: Place,
		lab: Lab,
		pid: number,
		name: GuestSignal | 'ASK',
		user: string,
		from: number,
	): Promise<string | undefined>;
	/** Number of a process that begins there, where others count in the same row. */
	number?(place: Place, lab: Lab): number | undefined;
	/** A program there has so many octets of memory now; what the kernel does about it. */
	memory?(place: Place, lab: Lab, name: string, bytes: number): Promise<'fits' | 'killed' | 'gone'>;
	/** Connects from a node, as its kubelet does. */
	request?(
		lab: Lab,
		request: GuestRequest,
		sleep: (time: number) => Promise<void>,
	): Promise<{ readonly text: string } | { readonly errno: string }>;
	/** Connects from a node at once, as its API server does; undefined before that was fetched. */
	call?(lab: Lab, call: GuestCall): CalledOut | undefined;
	/** Somebody says when a file was written last, in milliseconds since 1970. */
	dated?(place: Place, lab: Lab, path: string, time: number): void;
	/** Gives a file to somebody: the numbers that are given. */
	chown?(
		place: Place,
		lab: Lab,
		path: string,
		uid: number | undefined,
		gid: number | undefined,
		as?: Person,
	): string | undefined;
}

export type FileDeed = 'read' | 'write' | 'remove' | 'mode';

/** What stands at a path after a change; absent when nothing does. */
export interface FileChange {
	readonly kind: 'file' | 'directory' | 'link';
	readonly octets?: Uint8Array;
	readonly target?: string;
	readonly mode: number;
}

/** A place as the key of a map. */
export const placeKey = (place: Place): string =>
	place.kind === 'laptop'
		? 'laptop'
		: place.kind === 'node'
			? `node/${place.cluster}/${place.node}`
			: place.kind === 'container'
				? `container/${place.id}`
				: `pod/${place.cluster}/${place.namespace}/${place.pod}/${place.container}`;

const ROOT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Commands that come with a workstation and not with a node's or an image's few packages. */
const ONLY_LAPTOP = new Set(['envsubst', 'hexdump', 'jq', 'tree', 'xxd']);

/** What of them kind's image has (images/base/Dockerfile @ v0.14.0, v0.24.0). */
const ON_NODES = new Set(['jq']);

/** What kind gives a node, and its image (kind provision.go runArgsForNode(), images/base/Dockerfile @ v0.14.0). */
function nodeEnv(place: Extract<Place, { kind: 'node' }>, lab: Lab): Readonly<Record<string, string>> {
	const node = lab
		.cluster(place.cluster)
		?.nodes()
		.find(({ name }) => name === place.node);
	return {
		...(node?.role === 'control-plane' ? { KUBECONFIG: '/etc/kubernetes/admin.conf' } : {}),
		container: 'docker',
	};
}

export function factsOf(place: Place, lab: Lab, others: readonly Surroundings[]): PlaceFacts {
	const laptop = place.kind === 'laptop';
	const hostname = laptop
		? 'laptop'
		: place.kind === 'node'
			? place.node
			: place.kind === 'container'
				? place.id.slice(0, 12)
				: place.pod;
	let facts: PlaceFacts = laptop
		? { user: 'learner', hostname, home: '/home/learner', cwd: '/home/learner', env: { LANG: 'C.UTF-8' } }
		: {
				user: 'root',
				hostname,
				home: '/root',
				cwd: '/',
				env: place.kind === 'node' ? nodeEnv(place, lab) : {},
				...(place.kind === 'container' || place.kind === 'node' ? { container: true } : {}),
				commands: COMMANDS.filter((name) => !ONLY_LAPTOP.has(name) || (place.kind === 'node' && ON_NODES.has(name))),
			};
	for (const { facts: more } of others) {
		const known = more?.(place, lab);
		if (known) facts = { ...facts, ...known, env: { ...facts.env, ...known.env } };
	}
	return facts;
}

/** Variables of a new shell. */
export function envOf(facts: PlaceFacts): Record<string, string> {
	const { container } = facts;
	return {
		...(container ? {} : { HOME: facts.home }),
		...(container ? {} : { USER: facts.user, SHELL: '/bin/bash', TERM: 'xterm-256color' }),
		...(container ? {} : { HOSTNAME: facts.hostname }),
		PATH: facts.user === 'root' ? ROOT_PATH : '/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin',
		...(container ? { HOSTNAME: facts.hostname } : {}),
		...facts.env,
		// runc adds it when nobody gave one.
		...(container ? { HOME: facts.env.HOME ?? facts.home } : {}),
	};
}

/**
 * `learner@laptop:~/lab$ `, as Debian's bashrc has it; root's ends with `#`. `sh` is no bash: dash writes `# ` (dash(1),
 * PS1), busybox's ash `/ # ` (shell/ash.c @ 1_35_0, with FEATURE_EDITING_FANCY_PROMPT).
 */
export function promptText(facts: PlaceFacts, cwd: string, shell = 'bash'): string {
	const inHome = cwd === facts.home || cwd.startsWith(`${facts.home}/`);
	const where = inHome ? `~${cwd.slice(facts.home.length)}` : cwd;
	const mark = facts.user === 'root' ? '#' : '$';
	if (shell !== 'sh') return `${facts.user}@${facts.hostname}:${where}${mark} `;
	return facts.sh === 'ash' ? `${where} ${mark} ` : `${mark} `;
}
