/**
 * The agent's own tool in its pod: `cilium` to 1.14, `cilium-dbg` with `cilium` as a link to it from 1.15
 * (cilium-dbg/Makefile @ v1.15.4). Source: cilium/cmd @ v1.12.1, cilium-dbg/cmd @ v1.18.3, file by file as cited below.
 */
import { type Command, completeCommand, type Manner, runCommand } from '../../cobra/index.ts';
import { watchTraffic } from '../../linux/index.ts';
import { agentMinorAt } from '../../places.ts';
import type { Tool } from '../../tool.ts';
import { bpfCommand } from './bpf/index.ts';
import { endpointCommand } from './endpoint.ts';
import { healthTool } from './health-tool.ts';
import { hubbleTool } from './hubble/index.ts';
import { mapCommand } from './maps.ts';
import { collect, monitorCommand } from './monitor/index.ts';
import { identityCommand, ipCommand, nodeCommand, serviceCommand } from './objects.ts';
import { bgpCommand, encryptCommand, lrpCommand, recorderCommand } from './optional.ts';
import { configCommand } from './options.ts';
import { fqdnCommand, metricsCommand, policyCommand } from './policy.ts';
import { statusCommand } from './status/index.ts';
import { versionCommand } from './version.ts';

// Hubble and cilium_metrics know of packets nobody watched.
watchTraffic(collect);

/** Real commands that are not here: they say so. */
const ABSENT: readonly (readonly [name: string, from?: number, to?: number])[] = [
	['cgroups', 13],
	['cleanup', 12, 14],
	['debuginfo'],
	['envoy', 14],
	['kvstore'],
	['loadinfo', 13],
	['nodeid', 13, 16],
	['post-uninstall-cleanup', 15],
	['prefilter'],
	['preflight'],
	['shell', 17],
	['statedb', 15],
	['troubleshoot', 15],
];

const absent = (name: string): Command => ({
	name,
	short: 'Not in the simulator',
	hidden: true,
	run: async ({ path }) => `the simulator has no "${path}"; "${path.split(' ')[0]} --help" lists what it has`,
});

const rootOf = (minor: number): Command => ({
	name: minor >= 15 ? 'cilium-dbg' : 'cilium',
	short: 'CLI',
	long: 'CLI for interacting with the local Cilium Agent',
	global: [
		{ name: 'config', type: 'string', usage: 'Config file (default is $HOME/.cilium.yaml)' },
		{ name: 'debug', short: 'D', type: 'bool', usage: 'Enable debug messages' },
		{ name: 'host', short: 'H', type: 'string', usage: 'URI to server-side API' },
	],
	commands: [
		...(minor >= 14 ? [bgpCommand] : []),
		bpfCommand(minor),
		configCommand,
		encryptCommand,
		endpointCommand,
		fqdnCommand,
		identityCommand,
		ipCommand,
		lrpCommand,
		mapCommand,
		metricsCommand,
		monitorCommand,
		nodeCommand,
		policyCommand(minor),
		recorderCommand,
		serviceCommand(minor),
		statusCommand,
		versionCommand,
		...ABSENT.filter(([, from = 0, to = 99]) => minor >= from && minor <= to).map(([name]) => absent(name)),
	],
});

const MANNER: Manner = {
	exitCode: 1,
	// Execute() prints the error once more.
	unknownCommand: (path, word) =>
		`Error: unknown command "${word}" for "${path}"\nRun '${path} --help' for usage.\nunknown command "${word}" for "${path}"\n`,
	flagError: (_, message) => `Error: ${message}\n`,
	failure: (message) => `Error: ${message}\n`,
};

const roots = new Map<number, Command>();

function rootAt(minor: number): Command {
	let root = roots.get(minor);
	if (!root) {
		root = rootOf(minor || 12);
		roots.set(minor, root);
	}
	return root;
}

const agentTool: Pick<Tool, 'run' | 'complete'> = {
	run: (call) => runCommand(rootAt(agentMinorAt(call.place, call.lab)), MANNER, call),
	complete: (words, at) => completeCommand(rootAt(agentMinorAt(at.place, at.lab)), words, at),
};

export const tools: readonly Tool[] = [
	{ name: 'cilium', at: (place, lab) => agentMinorAt(place, lab) > 0, ...agentTool },
	{ name: 'cilium-dbg', at: (place, lab) => agentMinorAt(place, lab) >= 15, ...agentTool },
	healthTool,
	hubbleTool,
];
