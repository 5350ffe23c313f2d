import type { Write } from '../../../src/exercises/index.ts';
import { nodeCount, publishedAt } from '../clusters.ts';

const node = (role: string, port: number, address = '') =>
	`  - role: ${role}\n    extraPortMappings:\n      - containerPort: 80\n        hostPort: ${port}\n${address && `        listenAddress: ${address}\n`}`;
const config = (...nodes: readonly string[]) =>
	`kind: Cluster\napiVersion: kind.x-k8s.io/v1alpha4\nname: lab\nnodes:\n${nodes.join('')}`;

/** Two nodes want port 80 of one machine. */
export const portTwice: Write = {
	lab: true,
	kind: 'write',
	id: 'port-twice',
	section: 'config-file',
	file: 'ports.yaml',
	variants: [{ start: { preset: 'empty' }, words: { file: 'ports.yaml' } }],
	given: () => config(node('control-plane', 80), node('worker', 80)),
	use: ['kind create cluster --config=ports.yaml', 'docker ps'],
	goals: [
		{ id: 'cluster', holds: (lab) => nodeCount(lab) >= 2 },
		{ id: 'plane', holds: (lab) => publishedAt(lab, 'lab-control-plane', 80).some((a) => a.endsWith(':80')) },
		{ id: 'worker', holds: (lab) => publishedAt(lab, 'lab-worker', 80).length > 0 },
	],
	hints: [{ id: 'taken', holds: ({ output }) => output.includes('port is already allocated') }],
	misconceptions: [
		{ id: 'container-port', holds: ({ lab }) => nodeCount(lab) > 0 && publishedAt(lab, 'lab-worker', 80).length === 0 },
		{
			id: 'moved-plane',
			holds: ({ lab }) =>
				nodeCount(lab) > 0 && !publishedAt(lab, 'lab-control-plane', 80).some((a) => a.endsWith(':80')),
		},
		{ id: 'still-twice', holds: ({ output }) => output.includes('port is already allocated') },
	],
	solutions: [
		() => config(node('control-plane', 80), node('worker', 8080)),
		() => config(node('control-plane', 80, '127.0.0.1'), node('worker', 80, '127.0.0.2')),
	],
	wrong: [
		() => config(node('control-plane', 80), '  - role: worker\n'),
		() => config(node('control-plane', 80), node('worker', 80).replace('containerPort: 80', 'containerPort: 8080')),
		() => config(node('control-plane', 8080), node('worker', 80)),
		() => config(node('control-plane', 80), node('worker', 8080).replace('containerPort: 80', 'containerPort: 8080')),
		// Port 80 of another protocol is another port: nobody browses there.
		() => config(node('control-plane', 80), `${node('worker', 80)}        protocol: UDP\n`),
	],
};
