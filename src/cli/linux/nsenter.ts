/** `nsenter` (util-linux 2.38): a program of this place in the network of a process elsewhere on the node, or one of its container. */
import type { Call, Place, Tool } from '../tool.ts';
import { namedNetns } from './devices.ts';
import { hasTool } from './images.ts';
import { tools } from './index.ts';
import { processesAt } from './processes.ts';
import { may } from './rights.ts';
import { type NetnsCall, type Space, spaceOf, withSpace } from './space.ts';
import { getopt, getoptText, whole } from './words.ts';

/** The space of another namespace, seen by the same call. */
export const inNetns = (call: Call, ns: string): Space | undefined => spaceOf(within(call, ns));

const within = (call: Call, netns: string): NetnsCall =>
	Object.defineProperty(Object.create(call) as NetnsCall, 'netns', { value: netns });

/** Runs one of the network tools in a namespace; other programs would need a shell there. */
export async function runInNetns(call: Call, netns: string, argv: readonly string[]): Promise<number> {
	const [command = '', ...args] = argv;
	const name = command.slice(command.lastIndexOf('/') + 1);
	const tool = tools.find((t) => (t.name === name || t.aliases?.includes(name)) && t.at(call.place, call.lab));
	if (!tool) {
		const shell = call.has(call.place, command);
		call.err(
			shell
				? `${call.name}: the simulator enters a namespace with the network tools only, not with ${name}\n`
				: `${call.name}: failed to execute ${command}: No such file or directory\n`,
		);
		return shell ? 1 : 127;
	}
	const inner = within(call, netns);
	Object.defineProperty(inner, 'args', { value: args });
	Object.defineProperty(inner, 'name', { value: name });
	return tool.run(inner);
}

/** Namespace of a process that `ps` shows in a place: of a container's pod, or the place's own. */
const namespaceOfPid = (call: Call, own: string, pid: number): string | undefined => {
	const found = processesAt(call.lab, call.place).find((p) => p.pid === pid);
	return found && (found.ns ?? own);
};

const ROOT = { name: 'root', uid: 0, gid: 0, groups: [0] };

/** The container of a pod that a node's process is in. */
function containerOf(call: Call, pid: number | undefined): Place | undefined {
	const { place, lab } = call;
	if (place.kind !== 'node' || pid === undefined) return undefined;
	const id = processesAt(lab, place).find((process) => process.pid === pid)?.container;
	const found =
		id === undefined
			? undefined
			: lab
					.cluster(place.cluster)
					?.running()
					.find((c) => c.id === id);
	return found && { kind: 'pod', cluster: place.cluster, ...found.pod, pod: found.pod.name, container: found.name };
}

/** Runs what needs more of a container than its network; undefined of what does not. `on` tells which namespaces are entered. */
async function inContainer(
	call: Call,
	place: Place,
	argv: readonly string[],
	on: (kind: string) => boolean,
): Promise<number | undefined> {
	const [command = 'sh'] = argv;
	const name = command.slice(command.lastIndexOf('/') + 1);
	const asksName = /^(?:hostname|uname)$/.test(name);
	const ofNetwork = tools.some((tool) => tool.name === name || tool.aliases?.includes(name));
	// Without its files, the program is the node's: of the network alone that is simulated, and of the name where it is the node's.
	if (!on('m')) {
		if (!asksName || !on('u')) return undefined;
		call.err(`nsenter: the simulator tells a container's name with its files only: nsenter -t PID -a ${name}\n`);
		return 1;
	}
	if (!call.has(place, name)) {
		call.err(`nsenter: failed to execute ${command}: No such file or directory\n`);
		return 127;
	}
	const lacks = asksName ? !on('u') : ofNetwork && !on('n');
	if (lacks) {
		call.err(`nsenter: the simulator runs ${name} with all of a container only: nsenter -t PID -a ${argv.join(' ')}\n`);
		return 1;
	}
	if (argv.length === 0) return call.enter(place, 'sh', ROOT);
	return call.runAt(place, argv, call.stdin, ROOT);
}

export const nsenter: Tool = {
	name: 'nsenter',
	at: hasTool('nsenter'),
	run: (call) =>
		withSpace(call, async (space) => {
			const net = call.args.find((word) => word.startsWith('--net=') || word.startsWith('-n/'));
			const parsed = getopt(
				call.args.filter((word) => word !== net),
				{
					short: 't:anmuipCUrFT',
					long: ['target=>t', 'all=>a', 'net=>n', 'mount=>m', 'uts=>u', 'ipc=>i', 'pid=>p', 'user=>U'],
					posix: true,
				},
			);
			if ('fault' in parsed) {
				call.err(`${getoptText('nsenter', parsed.fault)}Try 'nsenter --help' for more information.\n`);
				return 1;
			}
			const { values, args } = parsed;
			if (net === undefined && values.get('t') === undefined) {
				call.err('nsenter: no target PID specified for --net\n');
				return 1;
			}
			let target: string | undefined;
			if (net !== undefined) {
				const path = net.replace(/^--net=|^-n/, '');
				const name = path.slice(path.lastIndexOf('/') + 1);
				target =
					namedNetns(space).find((n) => n.name === name)?.ns ??
					(/\/proc\/1\/ns\/net$/.test(path) ? space.name : undefined);
				if (target === undefined) {
					call.err(`nsenter: cannot open ${path}: No such file or directory\n`);
					return 1;
				}
			} else {
				const pid = whole(values.get('t'), 1, 0x7fffffff);
				if (pid === undefined) {
					call.err(`nsenter: failed to parse pid: '${values.get('t')}'\n`);
					return 1;
				}
				if (!may(call, 'SYS_ADMIN')) {
					call.err(
						call.place.kind === 'laptop'
							? `nsenter: cannot open /proc/${pid}/ns/net: Permission denied\n`
							: "nsenter: reassociate to namespace 'ns/net' failed: Operation not permitted\n",
					);
					return 1;
				}
				target = pid === 1 ? space.name : namespaceOfPid(call, space.name, pid);
				if (target === undefined) {
					call.err(`nsenter: cannot open /proc/${pid}/ns/net: No such file or directory\n`);
					return 1;
				}
				if (!values.has('n') && !values.has('a')) target = space.name;
			}
			const inside = containerOf(call, whole(values.get('t'), 1, 0x7fffffff));
			if (inside) {
				const on = (kind: string): boolean => values.has('a') || values.has(kind);
				const answer = await inContainer(call, inside, args, on);
				if (answer !== undefined) return answer;
			}
			if (args.length === 0) {
				call.err('nsenter: the simulator runs a program there, and opens no shell: nsenter -t PID -n ip address\n');
				return 1;
			}
			return runInNetns(call, target, args);
		}),
};
