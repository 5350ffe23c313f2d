/** `cilium-health` in the agent's pod. Source: cilium-health/cmd/{root,status,get,ping}.go @ v1.12.1, v1.18.3. */
import { formatIp, type Ip } from '../../../sim/wire/index.ts';
import { type Command, completeCommand, type Manner, runCommand } from '../../cobra/index.ts';
import { agentVersionAt } from '../../places.ts';
import { tabulate } from '../../text/index.ts';
import type { Tool } from '../../tool.ts';
import { agentIn, unreachable } from './context.ts';
import { goDuration, loadOutput, OUTPUT, structured } from './output.ts';
import { healthOf, healthRows, longRows, type PathHealth, probeNow, timeText } from './status/index.ts';

/** What pings and requests to all nodes take, microseconds. */
const PROBES = 50_000;

const WRITER = { minWidth: 2, tabWidth: 0, padding: 3 };

/** models.PathStatus; latency in nanoseconds. */
const pathModel = ({ icmp, http }: PathHealth, ip: Ip): object => ({
	http: typeof http === 'number' ? { latency: http * 1000 } : { status: http },
	icmp: icmp === undefined ? { status: 'Connection timed out' } : { latency: icmp * 1000 },
	ip: formatIp(ip),
});

const pingCommand: Command = {
	name: 'ping',
	short: 'Check whether the cilium-health API is up',
	run: async ({ call }) => {
		if (unreachable(agentIn(call.place, call.lab), 'hello') !== undefined) {
			const socket = '/var/run/cilium/health.sock';
			call.err(
				`Error: Cannot ping: Get "http://${socket}/v1beta/hello": dial unix ${socket}: connect: no such file or directory\n`,
			);
			return 1;
		}
		call.out('OK\n');
		return 0;
	},
};

const get: Command = {
	name: 'get',
	aliases: ['inspect', 'show'],
	short: 'Display local cilium agent status',
	flags: [OUTPUT],
	run: async (run) => {
		const agent = agentIn(run.call.place, run.call.lab);
		if (!agent || unreachable(agent, 'healthz') !== undefined) return 'Cannot get status/probe: the agent does not run';
		const printed = structured(run, () => ({ cilium: { cilium: { state: 'Ok' } } }));
		if (printed !== undefined) return printed;
		run.call.out(`Daemon uptime:\t${goDuration(Math.floor((agent.lab.now - agent.state.startedAt) / 1e6) * 1e6)}\n`);
		return 0;
	},
};

const status: Command = {
	name: 'status',
	short: 'Display cilium connectivity to other nodes',
	flags: [
		OUTPUT,
		{ name: 'probe', type: 'bool', usage: 'Synchronously probe connectivity status' },
		{ name: 'succinct', type: 'bool', usage: 'Print the result succinctly (one node per line)' },
		{ name: 'verbose', type: 'bool', usage: 'Print more information in results' },
	],
	run: async (run) => {
		const { call, flags } = run;
		const agent = agentIn(call.place, call.lab);
		const error = unreachable(agent, 'status');
		if (!agent || error !== undefined) {
			const socket = '/var/run/cilium/health.sock';
			call.err(
				`Error: Cannot get status: Get "http://${socket}/v1beta/status": dial unix ${socket}: connect: no such file or directory\n\n`,
			);
			return 1;
		}
		if (flags.on('probe')) {
			await call.sleep(PROBES);
			probeNow(agent);
		}
		const health = healthOf(agent);
		const printed = structured(run, () => ({
			local: { name: agent.state.node },
			nodes: health.nodes.map(({ name, ip, host, endpoint, healthIP }) => ({
				endpoint: pathModel(endpoint, healthIP),
				host: { 'primary-address': pathModel(host, ip) },
				name,
			})),
			timestamp: timeText(agent, health.probed),
		}));
		if (printed !== undefined) return printed;
		const succinct = flags.on('succinct') && !flags.on('verbose');
		if (succinct || agent.minor >= 17)
			call.out(tabulate(healthRows(agent, { all: true, verbose: flags.on('verbose') && agent.minor >= 17 }), WRITER));
		else {
			const rows = health.nodes.map((node) => longRows(agent, node));
			call.out(tabulate(`Probe time:\t${timeText(agent, health.probed)}\nNodes:\n${rows.join('')}`, WRITER));
		}
		return 0;
	},
};

const ROOT: Command = {
	name: 'cilium-health',
	short: 'Cilium Health Client',
	long: 'Client for querying the Cilium health status API',
	commands: [get, pingCommand, status],
};

const MANNER: Manner = {
	lenient: true,
	exitCode: 1,
	unknownCommand: (path, word) => `Error: unknown command "${word}" for "${path}"\nRun '${path} --help' for usage.\n`,
	flagError: (_, message) => `Error: ${message}\n`,
	failure: (message) => `Error: ${message}\n`,
};

export const healthTool: Tool = {
	name: 'cilium-health',
	at: (place, lab) => agentVersionAt(place, lab) !== undefined,
	run: async (call) => {
		await loadOutput(call.args);
		return runCommand(ROOT, MANNER, call);
	},
	complete: (words, at) => completeCommand(ROOT, words, at),
};
