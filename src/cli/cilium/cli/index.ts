/**
 * cilium-cli: installs Cilium, says how it is, reads and changes its configuration.
 *
 * Source: cilium-cli internal/cli/cmd, install, config, status @ v0.12.2, v0.14.4, v0.15.14.
 */
import { type Command, completeCommand, type Manner, runCommand } from '../../cobra/index.ts';
import { connectKube } from '../../kube/index.ts';
import type { Tool } from '../../tool.ts';
import { clustermesh, sysdump } from './clustermesh.ts';
import { NAMESPACE } from './common.ts';
import { config } from './config.ts';
import { connectivity } from './connectivity.ts';
import { hubble } from './hubble.ts';
import { install, uninstall, upgrade } from './install.ts';
import { bgp, encryption } from './others.ts';
import { agentVersion, cliRelease } from './release.ts';
import { status } from './status.ts';

const version: Command = {
	name: 'version',
	short: 'Display detailed version information',
	flags: [{ name: 'client', type: 'bool', usage: 'Print the client version only, no server communication' }],
	run: async ({ call, flags }) => {
		const client = await connectKube(call);
		const cluster = 'why' in client ? undefined : client.cluster;
		const release = cliRelease(cluster);
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
};

const ROOT: Command = {
	name: 'cilium',
	short: 'Cilium provides eBPF-based Networking, Security, and Observability for Kubernetes',
	long: 'CLI to install, manage, & troubleshooting Cilium clusters running Kubernetes.\n\nCilium is a CNI for Kubernetes to provide secure network connectivity and\nload-balancing with excellent visibility using eBPF',
	global: [{ name: 'context', type: 'string', usage: 'Kubernetes configuration context' }, NAMESPACE],
	commands: [
		bgp,
		clustermesh,
		config,
		connectivity,
		encryption,
		hubble,
		install,
		status,
		sysdump,
		uninstall,
		upgrade,
		version,
	],
};

const MANNER: Manner = {
	lenient: true,
	exitCode: 1,
	unknownCommand: (path, word) => `Error: unknown command "${word}" for "${path}"\nRun '${path} --help' for usage.\n`,
	flagError: (_, message) => `Error: ${message}\n`,
	failure: (message) => `\nError: ${message}\n`,
};

export const cli: Pick<Tool, 'run' | 'complete'> = {
	run: (call) => runCommand(ROOT, MANNER, call),
	complete: (words, at) => completeCommand(ROOT, words, at),
};
