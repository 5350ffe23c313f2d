/** Commands that kubectl has and this lab has not: they say so, and what to use instead. */
import type { Command } from '../../cobra/index.ts';
import { command, fail, local, usageError } from '../kube.ts';
import { text } from '../print/index.ts';
import { completePods } from './complete.ts';
import { RUNNING_TIMEOUT } from './exec.ts';
import { podOf, runningTimeout } from './pods.ts';

const portForward: Command = {
	name: 'port-forward',
	use: 'TYPE/NAME [options] [LOCAL_PORT:]REMOTE_PORT [...[LOCAL_PORT_N:]REMOTE_PORT_N]',
	short: 'Forward one or more local ports to a pod',
	flags: [
		RUNNING_TIMEOUT,
		{ name: 'address', type: 'strings', default: 'localhost', usage: 'Addresses to listen on (comma separated).' },
	],
	run: command(async (kube) => {
		const { args } = kube.run;
		if (args.length < 2) return usageError(kube.run, 'TYPE/NAME and list of ports are required for port-forward');
		const pod = await podOf(kube, args[0]!, runningTimeout(kube));
		const phase = text(pod, 'status', 'phase');
		if (phase !== 'Running') return fail(`unable to forward port because pod is not running. Current status=${phase}`);
		return fail(
			'port-forward is not part of this lab: its listener would be a tunnel through the API server, past every table this course is about. Use kubectl exec, or a service of type NodePort',
		);
	}),
	complete: completePods,
};

const proxy: Command = {
	name: 'proxy',
	use: '[--port=PORT] [--www=static-dir] [--www-prefix=prefix] [--api-prefix=prefix]',
	short: 'Run a proxy to the Kubernetes API server',
	flags: [{ name: 'port', short: 'p', type: 'int', default: '8001', usage: 'The port on which to run the proxy.' }],
	run: local(async () => fail('proxy is not part of this lab. kubectl get --raw asks the API server for a path')),
};

const kustomize: Command = {
	name: 'kustomize',
	use: 'DIR',
	short: 'Build a kustomization target from a directory or URL.',
	run: local(async () => fail('kustomizations are not part of this lab: write manifests, or patch what is there')),
};

export const refusedCommands: readonly Command[] = [kustomize, portForward, proxy];
