/** `nsenter` (util-linux 2.38): a program of this place, in the network namespace of a process elsewhere on the node. */
import type { Call, Tool } from '../tool.ts';
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
			if (args.length === 0) {
				call.err('nsenter: the simulator runs a program there, and opens no shell: nsenter -t PID -n ip address\n');
				return 1;
			}
			return runInNetns(call, target, args);
		}),
};
