/** A lab around a World of the presets: one cluster, a clock, Docker's network. What the Linux tools' tests run in. */
import { linuxSurroundings, tools } from '../../../../src/cli/linux/index.ts';
import type { Place } from '../../../../src/cli/tool.ts';
import { createApiServer } from '../../../../src/sim/api/index.ts';
import type { Cluster, Lab } from '../../../../src/sim/lab/index.ts';
import { kindBasic } from '../../../../src/sim/scenarios/index.ts';
import { apply, createWorld, podsOf, type Settings, type World } from '../../../../src/sim/world/index.ts';
import { fakeLab, type Screen, screen } from '../fake-lab.ts';

export interface WorldLab extends Screen {
	readonly cluster: Cluster;
	/** Runs a line in another place, as `docker exec` and `kubectl exec` do. */
	at(place: Place, line: string): Promise<string>;
	/** Exit code of the last line. */
	code(): number;
}

export const node = (name: string): Place => ({ kind: 'node', cluster: 'basic', node: `basic-${name}` });
export const pod = (name: string, namespace = 'default'): Place => ({
	kind: 'pod',
	cluster: 'basic',
	namespace,
	pod: name,
	container: 'c',
});
export const ECHO = 'deploy-echoserver-7ccc684445-msflx';

/** Images of the pods, by a part of their names. */
const IMAGES: readonly (readonly [string, string])[] = [
	['coredns', 'k8s.gcr.io/coredns/coredns:v1.8.6'],
	['kube-apiserver', 'k8s.gcr.io/kube-apiserver:v1.24.0'],
	['echoserver', 'k8s.gcr.io/echoserver:1.10'],
];

export interface WorldLabOptions {
	/** Image of the echo pod; one with all tools when absent. */
	readonly image?: string;
}

export function worldLab(settings: Partial<Settings> = {}, options: WorldLabOptions = {}): WorldLab {
	const made = createWorld(kindBasic, settings);
	if ('error' in made) throw new Error(JSON.stringify(made.error));
	let world: World = made.world;
	const lab = fakeLab();
	const image = options.image ?? 'nicolaka/netshoot:latest';
	const cluster = {
		name: 'basic',
		// Nobody wrote anything into it: it has the roles every server begins with.
		api: createApiServer({ version: 'v1.24.0', now: () => 0, epoch: 1_661_940_000, random: () => 0 }),
		nodes: () =>
			kindBasic.cluster.nodes.map(({ name, internalIP, controlPlane }) => ({
				name,
				container: name.padEnd(64, '0'),
				role: controlPlane ? 'control-plane' : 'worker',
				ip: internalIP,
				running: true,
				images: [],
				cniConfig: {
					'05-cilium.conf': '{\n  "cniVersion": "0.3.1",\n  "name": "cilium",\n  "type": "cilium-cni"\n}\n',
				},
				proxyRules: 'live',
				journal: [],
			})),
		running: () =>
			podsOf(world).map((p) => ({
				id: p.metadata.uid || p.metadata.name,
				name: 'c',
				pod: { namespace: p.metadata.namespace, name: p.metadata.name },
				node: p.nodeName ?? '',
				image: p.metadata.name === ECHO ? image : (IMAGES.find(([part]) => p.metadata.name.includes(part))?.[1] ?? ''),
				startedAt: 0,
				restarts: 0,
			})),
		agents: () => [],
		world: () => {
			const by = lab.now - world.net.now;
			if (by > 0) {
				const advanced = apply(world, { kind: 'advance', by }, { records: false });
				if (!('error' in advanced)) world = { ...advanced.world, actions: [], past: [] };
			}
			return world;
		},
		setWorld: (next: World) => {
			world = next;
		},
		logs: () => [],
	} as unknown as Cluster;
	Object.assign(lab, {
		clusters: () => [cluster],
		cluster: (name: string) => (name === 'basic' ? cluster : undefined),
		docker: {
			networks: () => [
				{
					id: 'x',
					name: 'kind',
					driver: 'bridge',
					scope: 'local',
					subnet: '172.18.0.0/16',
					gateway: 0xac120001,
					bridge: 'br-7d3c5e1b90a4',
				},
			],
			find: () => undefined,
			containers: () =>
				kindBasic.cluster.nodes.map(({ name, internalIP }) => ({
					id: name.padEnd(64, '0'),
					name,
					image: 'kindest/node:v1.24.0',
					command: '/usr/local/bin/entrypoint /sbin/init',
					created: 0,
					state: 'running',
					labels: { 'io.x-k8s.kind.cluster': 'basic' },
					network: 'kind',
					ip: internalIP,
					ports: [],
				})),
		},
	});
	const shown = screen({
		lab: lab as Lab as never,
		tools: [
			...tools,
			{
				name: 'there',
				at: () => true,
				run: (call) => {
					const place = JSON.parse(call.args[0]!) as Place;
					// Images of pods may have no bash.
					return call.runAt(place, [place.kind === 'pod' ? 'sh' : 'bash', '-c', call.args[1]!]);
				},
			},
		],
		surroundings: [linuxSurroundings],
		tty: true,
	});
	const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
	return {
		...shown,
		cluster,
		at: (place, line) =>
			place.kind === 'laptop' ? shown.run(line) : shown.run(`there ${quote(JSON.stringify(place))} ${quote(line)}`),
		code: () => shown.session.shell.lastCode,
	};
}

/** A laptop with nothing but its loopback device: no Docker network, no cluster. */
export function aloneLab(): Screen {
	const lab = fakeLab();
	Object.assign(lab, { docker: { networks: () => [], containers: () => [], find: () => undefined } });
	return screen({ lab, tools, surroundings: [linuxSurroundings], tty: true });
}
