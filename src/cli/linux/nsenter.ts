/**
 * `nsenter` (util-linux 2.38, and busybox's util-linux/nsenter.c @ 1_35_0): what is run has the files of a process with
 * `-m`, its network with `-n`, and of this place what it does not enter.
 */
import type { Call, Place, Tool } from '../tool.ts';
import { namedNetns } from './devices.ts';
import { hasTool, isBusybox } from './images.ts';
import { tools } from './index.ts';
import { plainContainer } from './laptop-containers.ts';
import { processesAt } from './processes.ts';
import { may } from './rights.ts';
import { type NetnsCall, type Space, spaceAt, spaceOf, withSpace } from './space.ts';
import { getopt, getoptText, whole } from './words.ts';

/** The space of another namespace, seen by the same call. */
export const inNetns = (call: Call, ns: string): Space | undefined => spaceOf(within(call, ns));

const within = (call: Call, netns: string): NetnsCall =>
	Object.defineProperty(Object.create(call) as NetnsCall, 'netns', { value: netns });

/** What a command's first word is called without its folder. */
const nameOf = (command: string): string => command.slice(command.lastIndexOf('/') + 1);

/** Runs a program of this place in another network namespace. */
export async function runInNetns(call: Call, netns: string, argv: readonly string[]): Promise<number> {
	const [command = '', ...args] = argv;
	const name = nameOf(command);
	const tool = tools.find((t) => (t.name === name || t.aliases?.includes(name)) && t.at(call.place, call.lab));
	// Tools of the network keep their folder, too.
	if (tool) {
		const inner = within(call, netns);
		Object.defineProperty(inner, 'args', { value: args });
		Object.defineProperty(inner, 'name', { value: name });
		return tool.run(inner);
	}
	return runThere(call, { ...call.place, netns }, argv, call.who);
}

/** Whether a command is there: among the programs, or as a file. */
const isThere = async (call: Call, place: Place, command: string): Promise<boolean> =>
	call.has(place, command) ||
	(command.includes('/') &&
		(await call
			.filesAt(place)
			.read(command)
			.catch(() => undefined)) !== undefined);

/** What is a shell to type into, when nothing else follows. */
const SHELL = /^(?:\S*\/)?((?:ba|da|a)?sh)((?: (?:-[il]+|--login))*)$/;

async function runThere(call: Call, place: Place, argv: readonly string[], as: Call['who']): Promise<number> {
	const words = argv.length > 0 ? argv : [call.env.get('SHELL') ?? '/bin/sh'];
	const [command = ''] = words;
	if (!(await isThere(call, place, command))) {
		const busybox = call.name === 'nsenter' && isBusybox('nsenter', call.place, call.lab);
		call.err(
			busybox
				? `nsenter: can't execute '${command}': No such file or directory\n`
				: `${call.name}: failed to execute ${command}: No such file or directory\n`,
		);
		return 127;
	}
	const shell = SHELL.exec(words.join(' '));
	return shell ? call.enter(place, shell[1]!, as) : call.runAt(place, words, call.stdin, as);
}

const ROOT = { name: 'root', uid: 0, gid: 0, groups: [0] };

/** Where a process is. */
interface Target {
	/** Whose files it has. */
	readonly place: Place;
	/** Its network namespace. */
	readonly ns: string;
}

/** The process of a number, as it is seen in this place; undefined when nobody has it. */
function targetOf(call: Call, own: string, pid: number): Target | undefined {
	const { place, lab } = call;
	const process = processesAt(lab, place).find((p) => p.pid === pid);
	if (!process) return pid === 1 ? { place, ns: own } : undefined;
	const id = process.container;
	const clusters = place.kind === 'node' || place.kind === 'pod' ? [lab.cluster(place.cluster)] : lab.clusters();
	for (const cluster of clusters) {
		const found = id === undefined ? undefined : cluster?.running().find((c) => c.id === id);
		if (!cluster || !found) continue;
		const { pod, name } = found;
		const inside: Place = {
			kind: 'pod',
			cluster: cluster.name,
			namespace: pod.namespace,
			pod: pod.name,
			container: name,
		};
		return { place: inside, ns: process.ns ?? spaceAt(inside, lab)?.name ?? own };
	}
	if (id !== undefined && plainContainer(lab, id)) {
		const inside: Place = { kind: 'container', id };
		return { place: inside, ns: process.ns ?? spaceAt(inside, lab)?.name ?? own };
	}
	const node = place.kind === 'pod' ? nodeSeenFrom(call) : undefined;
	const ns = process.ns ?? (node === undefined ? own : `node/${node}`);
	if (place.kind === 'pod' && node !== undefined) return { place: { kind: 'node', cluster: place.cluster, node }, ns };
	// Of the processes of all nodes the laptop's kernel shows which one's they are.
	const cluster = lab.clusters().find((c) => c.nodes().some(({ name }) => ns === `node/${name}`));
	if (place.kind === 'laptop' && cluster)
		return { place: { kind: 'node', cluster: cluster.name, node: ns.slice(5) }, ns };
	return { place, ns };
}

interface PodSpec {
	readonly hostPID?: boolean;
	readonly nodeName?: string;
}

/** The node whose processes a container sees: of a pod with `hostPID`. */
function nodeSeenFrom({ place, lab }: Call): string | undefined {
	if (place.kind !== 'pod') return undefined;
	const api = lab.cluster(place.cluster)?.api;
	const pods = api?.find('pods');
	const spec = pods && (api?.get(pods, place.namespace, place.pod)?.spec as PodSpec | undefined);
	return spec?.hostPID ? spec.nodeName : undefined;
}

/** Runs something with what is entered of a process. `on` tells which namespaces that are. */
function runIn(
	call: Call,
	own: string,
	target: Target,
	argv: readonly string[],
	on: (kind: string) => boolean,
): Promise<number> | number {
	const ns = on('n') ? target.ns : own;
	const asksName = /^(?:hostname|uname)$/.test(nameOf(argv[0] ?? ''));
	// A pod has its name where it has its network, and the lab tells a place's name with its files.
	if (asksName && on('m') !== on('u') && target.ns !== own) {
		call.err(
			`nsenter: the simulator tells the name of a place with its files only: nsenter -t PID -m -u ${argv.join(' ')}\n`,
		);
		return 1;
	}
	if (!on('m'))
		return argv.length > 0 ? runInNetns(call, ns, argv) : runThere(call, { ...call.place, netns: ns }, argv, call.who);
	const { netns: _, ...place } = target.place;
	return runThere(call, ns === target.ns ? (place as Place) : { ...(place as Place), netns: ns }, argv, ROOT);
}

/** Namespaces in the order in which they are entered: util-linux's, and busybox's, which has no `-C` and `-T`. */
const KINDS = ['user', 'cgroup', 'ipc', 'uts', 'net', 'pid', 'mnt', 'time'] as const;
const LETTERS = { user: 'U', cgroup: 'C', ipc: 'i', uts: 'u', net: 'n', pid: 'p', mnt: 'm', time: 'T' } as const;

const NAMES: readonly string[] = 'ipc=>i uts=>u pid=>p mount=>m user=>U target=>t no-fork=>F'.split(' ');
const UTIL_LINUX = {
	short: 't:anmuipCUrwFTS:G:',
	long: [...NAMES, 'net=>n', 'all=>a', 'cgroup=>C', 'time=>T', 'setuid=>S', 'setgid=>G', 'root=>r', 'wd=>w'],
	posix: true,
};
const BUSYBOX = {
	short: 't:nmuipUrwFS:G:',
	long: [...NAMES, 'network=>n', 'setuid=>S', 'setgid=>G', 'root=>r', 'wd=>w'],
	posix: true,
};

const BUSYBOX_USAGE = `BusyBox v1.35.0 multi-call binary.

Usage: nsenter [OPTIONS] [PROG ARGS]

	-t PID		Target process to get namespaces from
	-m[FILE]	Enter mount namespace
	-u[FILE]	Enter UTS namespace (hostname etc)
	-i[FILE]	Enter System V IPC namespace
	-n[FILE]	Enter network namespace
	-p[FILE]	Enter pid namespace
	-U[FILE]	Enter user namespace
	-S UID		Set uid in entered namespace
	-G GID		Set gid in entered namespace
	--preserve-credentials	Don't touch uids or gids
	-r[DIR]		Set root directory
	-w[DIR]		Set working directory
	-F		Don't fork before exec'ing PROG
`;

/** `--mount=/proc/1/ns/mnt` and the like are the namespaces of that process. */
const PROC_FILE = /^(?:-[muipnUCT]|--(?:mount|uts|ipc|pid|net|network|user|cgroup|time)=)\/proc\/(\d+)\/ns\/\w+$/;

export const nsenter: Tool = {
	name: 'nsenter',
	at: hasTool('nsenter'),
	run: (call) =>
		withSpace(call, async (space) => {
			const busybox = isBusybox('nsenter', call.place, call.lab);
			const fail = (text: string): number => {
				call.err(`nsenter: ${text}\n`);
				return 1;
			};
			let fromFile: number | undefined;
			let net: string | undefined;
			const words: string[] = [];
			let inside = false;
			for (const [i, word] of call.args.entries()) {
				// What follows the program's name is the program's.
				if (
					!inside &&
					(word === '--' ||
						!(word.startsWith('-') || /^(?:-\w*[tSG]|--target|--setuid|--setgid)$/.test(call.args[i - 1] ?? '')))
				)
					inside = true;
				const file = inside ? null : PROC_FILE.exec(word);
				if (file) {
					fromFile = Number(file[1]);
					words.push(/^--/.test(word) ? word.slice(0, word.indexOf('=')) : word.slice(0, 2));
				} else if (!inside && /^(?:--net(?:work)?=|-n\/)/.test(word)) net = word.replace(/^--net(?:work)?=|^-n/, '');
				else words.push(word);
			}
			const parsed = getopt(words, busybox ? BUSYBOX : UTIL_LINUX);
			if ('fault' in parsed) {
				const { option } = parsed.fault;
				call.err(
					busybox
						? `nsenter: unrecognized option: ${option.replace(/^-+/, '')}\n${BUSYBOX_USAGE}`
						: `${getoptText('nsenter', parsed.fault)}Try 'nsenter --help' for more information.\n`,
				);
				return 1;
			}
			const { values, args } = parsed;
			for (const letter of ['S', 'G', 'T', 'w']) if (values.has(letter)) return fail(`the simulator has no -${letter}`);
			const on = (kind: string): boolean => values.has('a') || values.has(kind);
			const entered = KINDS.filter((kind) => on(LETTERS[kind]));
			if (net !== undefined) {
				const name = net.slice(net.lastIndexOf('/') + 1);
				const ns = namedNetns(space).find((n) => n.name === name)?.ns;
				if (ns === undefined)
					return fail(`${busybox ? "can't" : 'cannot'} open ${busybox ? `'${net}'` : net}: No such file or directory`);
				if (entered.length > 0) return fail('the simulator enters a named network namespace alone');
				return runIn(call, space.name, { place: call.place, ns }, args, (kind) => kind === 'n');
			}
			const given = values.get('t');
			if (given === undefined && fromFile === undefined) {
				if (busybox && entered.length > 0) {
					call.err(BUSYBOX_USAGE);
					return 1;
				}
				if (values.has('a')) return fail('no target PID specified for --all');
				if (entered.length > 0) return fail(`neither filename nor target pid supplied for ns/${entered[0]}`);
			}
			const pid = given === undefined ? fromFile : whole(given, 1, 0x7fffffff);
			if (given !== undefined && pid === undefined)
				return fail(busybox ? `invalid number '${given}'` : `failed to parse pid: '${given}'`);
			if (pid === undefined || entered.length === 0)
				return runInNetns(call, space.name, args.length > 0 ? args : ['/bin/sh']);
			const [first] = entered;
			if (!may(call, 'SYS_ADMIN')) {
				if (call.place.kind === 'laptop') return fail(`cannot open /proc/${pid}/ns/${first}: Permission denied`);
				return fail(
					busybox
						? `setns(): can't reassociate to namespace '${first}': Operation not permitted`
						: `reassociate to namespace 'ns/${first}' failed: Operation not permitted`,
				);
			}
			const target = targetOf(call, space.name, pid);
			if (!target) {
				const path = `/proc/${pid}/ns/${first}`;
				return fail(
					busybox
						? `can't open '${path}': No such file or directory`
						: `cannot open ${path}: No such file or directory`,
				);
			}
			return runIn(call, space.name, target, args, on);
		}),
};
