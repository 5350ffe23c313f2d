/**
 * `kubectl cluster-info`: the control plane, and services labelled as the cluster's own.
 *
 * Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/clusterinfo/clusterinfo.go @ v0.24.0.
 */
import type { ApiObject } from '../../../sim/api/index.ts';
import type { Command } from '../../cobra/index.ts';
import { command, type Kube } from '../kube.ts';
import { number, sub, subs, text } from '../print/index.ts';
import { DUMP_FLAGS, dump } from './cluster-dump.ts';

/** Where a service is reached: at its load balancer, else through the API server. */
function linkOf(service: ApiObject, server: string): string {
	const ports = subs(service, 'spec', 'ports');
	const ingress = subs(service, 'status', 'loadBalancer', 'ingress')[0];
	if (ingress) {
		const address = text(ingress, 'ip') || text(ingress, 'hostname');
		return ports.map((port) => `http://${address}:${number(port, 'port')} `).join('');
	}
	let { name } = service.metadata;
	const port = ports[0];
	if (port) {
		const scheme = text(port, 'name') === 'https' || number(port, 'port') === 443 ? 'https' : '';
		const portName = text(port, 'name');
		if (scheme !== '') name = `${scheme}:${name}:${portName}`;
		else if (portName !== '') name = `${name}:${portName}`;
	}
	return `${server}/api/v1/namespaces/${service.metadata.namespace}/services/${name}/proxy`;
}

async function clusterInfo(kube: Kube): Promise<undefined> {
	const { call } = kube.run;
	const paint = (colour: number, words: string): string => (call.tty ? `\u001b[0;${colour}m${words}\u001b[0m` : words);
	const say = (name: string, link: string): void => call.out(`${paint(32, name)} is running at ${paint(33, link)}\n`);
	say('Kubernetes control plane', kube.cluster.server);
	const services = kube.api.list(kube.api.find('services')!, {
		namespace: kube.run.flags.text('namespace') || 'kube-system',
		labelSelector: 'kubernetes.io/cluster-service=true',
	});
	for (const service of services)
		say(
			text(sub(service, 'metadata', 'labels'), 'kubernetes.io/name') || service.metadata.name,
			linkOf(service, kube.cluster.server),
		);
	call.out("\nTo further debug and diagnose cluster problems, use 'kubectl cluster-info dump'.\n");
}

export const clusterInfoCommand: Command = {
	name: 'cluster-info',
	short: 'Display cluster information',
	long: "Display addresses of the control plane and services with label kubernetes.io/cluster-service=true. To further debug and diagnose cluster problems, use 'kubectl cluster-info dump'.",
	example: '  # Print the address of the control plane and cluster services\n  kubectl cluster-info',
	run: command(clusterInfo),
	commands: [
		{
			name: 'dump',
			short: 'Dump relevant information for debugging and diagnosis',
			long: 'Dump cluster information out suitable for debugging and diagnosing cluster problems.',
			flags: DUMP_FLAGS,
			run: command(dump),
		},
	],
};
