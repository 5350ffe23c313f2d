/**
 * The agent's own tool in its pod: `cilium` to 1.14, `cilium-dbg` with `cilium` as a link to it from 1.15
 * (cilium-dbg/Makefile @ v1.15.4). Source: cilium/cmd @ v1.12.1, cilium-dbg/cmd @ v1.18.3, file by file as cited below.
 */
import { type Command, completeCommand, type Manner, runCommand } from '../../cobra/index.ts';
import { watchTraffic } from '../../linux/index.ts';
import { agentMinorAt } from '../../places.ts';
import type { Call, Tool } from '../../tool.ts';
import { bpfCommand } from './bpf/index.ts';
import { debuginfoCommand } from './debuginfo.ts';
import { endpointCommand } from './endpoint.ts';
import { healthTool } from './health-tool.ts';
import { hubbleTool } from './hubble/index.ts';
import { identityCommand } from './identity.ts';
import { ipCommand } from './ip.ts';
import { mapCommand } from './maps.ts';
import { metricsCommand } from './metrics.ts';
import { collect, monitorCommand } from './monitor/index.ts';
import { nodeCommand } from './node.ts';
import { bgpCommand, encryptCommand, lrpCommand, recorderCommand } from './optional.ts';
import { configCommand } from './options.ts';
import { otherCommands } from './others.ts';
import { loadOutput } from './output.ts';
import { fqdnCommand, policyCommand } from './policy.ts';
import { serviceCommand } from './service.ts';
import { statusCommand } from './status/index.ts';
import { versionCommand } from './version.ts';

// Hubble and cilium_metrics know of packets nobody watched.
watchTraffic(collect);

/** cobra's own command. */
const completion: Command = {
	name: 'completion',
	short: 'Generate the autocompletion script for the specified shell',
	run: async () => 'the shell of the simulator completes words by itself (Tab): it needs no script',
};

/** What the tool of a minor has. */
export const rootOf = (minor: number): Command => ({
	name: minor >= 15 ? 'cilium-dbg' : 'cilium',
	short: 'CLI',
	long: 'CLI for interacting with the local Cilium Agent',
	global: [
		{ name: 'config', type: 'string', usage: 'Config file (default is $HOME/.cilium.yaml)' },
		{ name: 'debug', short: 'D', type: 'bool', usage: 'Enable debug messages' },
		{ name: 'host', short: 'H', type: 'string', usage: 'URI to server-side API' },
	],
	commands: [
		...(minor >= 13 ? [bgpCommand(minor)] : []),
		bpfCommand(minor),
		completion,
		configCommand,
		debuginfoCommand(ask),
		encryptCommand(minor),
		endpointCommand(minor),
		fqdnCommand,
		identityCommand,
		ipCommand(minor),
		lrpCommand,
		mapCommand(minor),
		metricsCommand,
		monitorCommand,
		nodeCommand,
		policyCommand(minor),
		...(minor <= 18 ? [recorderCommand] : []),
		serviceCommand(minor),
		statusCommand,
		versionCommand,
		...otherCommands(minor),
	],
});

const MANNER: Manner = {
	lenient: true,
	exitCode: 1,
	// Execute() prints the error once more.
	unknownCommand: (path, word) =>
		`Error: unknown command "${word}" for "${path}"\nRun '${path} --help' for usage.\nunknown command "${word}" for "${path}"\n`,
	flagError: (_, message) => `Error: ${message}\n`,
	failure: (message) => `Error: ${message}\n`,
};

/** What the tool prints, its errors with it. */
async function ask(call: Call, words: readonly string[]): Promise<string> {
	let text = '';
	const write = (more: string): void => {
		text += more;
	};
	const own = Object.create(call, {
		args: { value: words },
		out: { value: write },
		err: { value: write },
	}) as Call;
	await runCommand(rootAt(agentMinorAt(call.place, call.lab)), MANNER, own);
	return text;
}

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
	run: async (call) => {
		await loadOutput(call.args);
		return runCommand(rootAt(agentMinorAt(call.place, call.lab)), MANNER, call);
	},
	complete: (words, at) => completeCommand(rootAt(agentMinorAt(at.place, at.lab)), words, at),
};

export const tools: readonly Tool[] = [
	{ name: 'cilium', at: (place, lab) => agentMinorAt(place, lab) > 0, ...agentTool },
	{ name: 'cilium-dbg', at: (place, lab) => agentMinorAt(place, lab) >= 15, ...agentTool },
	healthTool,
	hubbleTool,
];
