/**
 * cilium-cli: installs Cilium, says how it is, reads and changes its configuration.
 *
 * Source: cilium-cli internal/cli/cmd, install, config, status @ v0.12.2, v0.14.4, v0.15.14.
 */
import { type Command, completeCommand, type Manner, runCommand } from '../../cobra/index.ts';
import { connectKube, readKubeconfig } from '../../kube/index.ts';
import type { Tool } from '../../tool.ts';
import { clustermesh, sysdump } from './clustermesh.ts';
import { NAMESPACE } from './common.ts';
import { config } from './config.ts';
import { connectivity } from './connectivity.ts';
import { hubble } from './hubble.ts';
import { install, uninstall, upgrade } from './install.ts';
import { bgp, encryption, features } from './others.ts';
import { agentVersion, type CliRelease, cliRelease } from './release.ts';
import { status } from './status.ts';

/** `--client` came with v0.12.13. */
const version = (release: CliRelease): Command => ({
	name: 'version',
	short: 'Display detailed version information',
	flags: release.since14
		? [{ name: 'client', type: 'bool', usage: 'If true, shows client version only (no server required)' }]
		: [],
	run: async ({ call, flags }) => {
		const client = await connectKube(call);
		const cluster = 'why' in client ? undefined : client.cluster;
		call.out(
			`cilium-cli: ${release.version} compiled with ${release.go} on linux/amd64\ncilium image (default): v${release.cilium}\ncilium image (stable): v${release.cilium}\n`,
		);
		if (flags.on('client')) return 0;
		const running = cluster && agentVersion(cluster);
		call.out(
			running
				? `cilium image (running): v${running}\n`
				: 'cilium image (running): unknown. Unable to obtain cilium version, no cilium pods found in namespace "kube-system"\n',
		);
		return 0;
	},
});

const context: Command = {
	name: 'context',
	short: 'Display the configuration context',
	run: async ({ call, flags }) => {
		const config = await readKubeconfig(call);
		if ('error' in config) return `unable to create Kubernetes client: ${config.error}`;
		const name = flags.text('context') || config['current-context'];
		call.out(`Context: ${name}\n`);
		const found = config.contexts.find((one) => one.name === name)?.context;
		if (!found) {
			call.out(`❌ Context ${name} not found in configuration\n`);
			return 0;
		}
		call.out(`Cluster: ${found.cluster ?? ''}\nAuth: ${found.user ?? ''}\n`);
		const cluster = config.clusters.find((one) => one.name === found.cluster)?.cluster;
		const text = (key: string): string => String(cluster?.[key] ?? '');
		call.out(
			cluster
				? `Host: ${text('server')}\nTLS server name: ${text('tls-server-name')}\nCA path: ${text('certificate-authority')}\n`
				: `❌ Cluster ${found.cluster} not found in configuration\n`,
		);
		return 0;
	},
};

const completion: Command = {
	name: 'completion',
	short: 'Generate the autocompletion script for the specified shell',
	run: async () => 'the shell of the simulator completes "cilium" by itself (Tab): it needs no script',
};

const root = (release: CliRelease): Command => ({
	name: 'cilium',
	short: 'Cilium provides eBPF-based Networking, Security, and Observability for Kubernetes',
	long: 'CLI to install, manage, & troubleshooting Cilium clusters running Kubernetes.\n\nCilium is a CNI for Kubernetes to provide secure network connectivity and\nload-balancing with excellent visibility using eBPF',
	global: [{ name: 'context', type: 'string', usage: 'Kubernetes configuration context' }, NAMESPACE],
	commands: [
		// Younger than v0.12; materials of the course ask it on an older machine.
		bgp,
		clustermesh,
		completion,
		config,
		connectivity(release),
		context,
		...(release.since16 ? [encryption] : []),
		...(release.since17 ? [features] : []),
		hubble,
		install(release),
		status,
		sysdump,
		uninstall,
		upgrade(release),
		version(release),
	],
});

const MANNER: Manner = {
	lenient: true,
	exitCode: 1,
	unknownCommand: (path, word) => `Error: unknown command "${word}" for "${path}"\nRun '${path} --help' for usage.\n`,
	flagError: (_, message) => `Error: ${message}\n`,
	failure: (message) => `\nError: ${message}\n`,
};

export const cli: Pick<Tool, 'run' | 'complete'> = {
	run: (call) => runCommand(root(cliRelease(call.lab)), MANNER, call),
	complete: (words, at) => completeCommand(root(cliRelease(at.lab)), words, at),
};
