/** `cilium status` of the agent. Source: cilium/cmd/status.go @ v1.12.1, cilium-dbg/cmd/status.go @ v1.18.3. */
import type { Command, Flag } from '../../../cobra/index.ts';
import { agentIn, unreachable } from '../context.ts';
import { OUTPUT, structured } from '../output.ts';
import { formatStatus } from './format.ts';
import { statusModel } from './json.ts';

export { formatStatus } from './format.ts';
export { healthOf, healthRows, longRows, type PathHealth, probeNow, timeText } from './health.ts';

const on = (name: string, usage: string): Flag => ({ name, type: 'bool', usage });

const FLAGS: readonly Flag[] = [
	on('all-addresses', 'Show all allocated addresses, not just count'),
	on('all-clusters', 'Show all clusters'),
	on('all-controllers', 'Show all controllers, not just failing'),
	on('all-health', 'Show all health status, not just failing'),
	on('all-nodes', 'Show all nodes, not just localhost'),
	on('all-redirects', 'Show all redirects'),
	on('brief', 'Only print a one-line status message'),
	OUTPUT,
	{ name: 'timeout', type: 'duration', default: '30s', usage: 'Sets the timeout to use when querying for health' },
	on(
		'verbose',
		'Equivalent to --all-addresses --all-controllers --all-nodes --all-redirects --all-clusters --all-health',
	),
];

export const statusCommand: Command = {
	name: 'status',
	short: 'Display status of daemon',
	flags: FLAGS,
	run: async (run) => {
		const { call, flags } = run;
		const agent = agentIn(call.place, call.lab);
		const brief = flags.on('brief');
		const error = unreachable(agent, `healthz?brief=${brief}`);
		if (error !== undefined) {
			call.err(brief ? 'cilium: daemon unreachable\n' : `${error}\n`);
			return 1;
		}
		const printed = structured(run, () => statusModel(agent!));
		if (printed !== undefined) return printed;
		if (brief) {
			call.out('OK\n');
			return 0;
		}
		const all = flags.on('verbose');
		call.out(
			formatStatus(agent!, {
				all,
				addresses: all || flags.on('all-addresses'),
				controllers: all || flags.on('all-controllers'),
				health: all || flags.on('all-health'),
			}),
		);
		// GetAndFormatModulesHealth(), from 1.14.
		if (agent!.minor >= 14 && (all || flags.on('all-health')))
			call.err('the simulator’s agents have no modules that tell their health: “Modules Health” is left out\n');
		return 0;
	},
};
