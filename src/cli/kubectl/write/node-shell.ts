/**
 * The plugin `kubectl node-shell`: a pod that steps into the node's namespaces, and away with it afterwards.
 *
 * Source: kvaps/kubectl-node-shell kubectl-node_shell @ v1.6.0.
 */
import type { Command } from '../../cobra/index.ts';
import type { Place } from '../../tool.ts';
import { command, fail, type Kube } from '../kube.ts';
import { fetch } from '../targets.ts';
import { completeNodes } from './complete.ts';
import { raiseStatus } from './faults.ts';
import { suffix } from './names.ts';
import { isRunning } from './pods.ts';

async function nodeShell(kube: Kube): Promise<number> {
	const { run, api } = kube;
	const { args, dash, call } = run;
	const node = (dash >= 0 ? args.slice(0, dash) : args.slice(0, 1))[0];
	const argv = dash >= 0 ? args.slice(dash) : args.slice(1);
	if (node === undefined) {
		call.err('Please specify node name\n');
		return 1;
	}
	fetch(kube, { resource: api.find('nodes')!, namespace: undefined, name: node });
	const name = `nsenter-${suffix(kube, 'node-shell', 6)}`;
	call.err(`spawning ${JSON.stringify(name)} on ${JSON.stringify(node)}\n`);
	const made = api.create({
		apiVersion: 'v1',
		kind: 'Pod',
		metadata: { name, namespace: kube.namespace, labels: { run: name } },
		spec: {
			nodeName: node,
			hostPID: true,
			hostNetwork: true,
			restartPolicy: 'Never',
			tolerations: [
				{ key: 'CriticalAddonsOnly', operator: 'Exists' },
				{ effect: 'NoExecute', operator: 'Exists' },
			],
			containers: [
				{
					name: 'nsenter',
					image: 'docker.io/library/alpine',
					imagePullPolicy: 'IfNotPresent',
					command: ['nsenter', '--target', '1', '--mount', '--uts', '--ipc', '--net', '--pid', '--', 'bash', '-l'],
					securityContext: { privileged: true },
					stdin: true,
					stdinOnce: true,
					tty: true,
				},
			],
		},
	});
	if (made.error) return raiseStatus(made.error);
	const pod = made.value;
	const remove = (): void => {
		api.delete(api.find('pods')!, kube.namespace, name, { gracePeriodSeconds: 1 });
		call.out(`pod ${JSON.stringify(name)} deleted\n`);
	};
	try {
		if (!(await call.until(() => isRunning(kube, pod, 'nsenter'), 60e6)))
			return fail('timed out waiting for the condition');
		const place: Place = { kind: 'node', cluster: kube.cluster.name, node };
		if (argv.length > 0) return await call.runAt(place, argv, call.stdin);
		call.err("If you don't see a command prompt, try pressing enter.\n");
		return await call.enter(place, 'bash');
	} finally {
		kube.cluster.exit?.(kube.namespace, name, 'nsenter', 0);
		remove();
	}
}

export const nodeShellCommand: Command = {
	name: 'node-shell',
	use: 'NODE [-- COMMAND]',
	short: "Start a root shell in the node's host OS (plugin kubectl-node-shell)",
	hidden: true,
	run: command(nodeShell),
	complete: completeNodes,
};
