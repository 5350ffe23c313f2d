/**
 * From `kind create cluster` to nodes that are Ready, as a lab goes through it: looked at twice a second, what changed
 * becomes an event, and what stayed a stretch on a lane.
 */
import { renderCilium } from '../../sim/charts/index.ts';
import { type Cluster, createLab, type Lab } from '../../sim/lab/index.ts';
import { lookAt } from './readiness-look.ts';
import type { CommandState, Network, Story } from './readiness-story.ts';
import { Teller } from './readiness-teller.ts';

const SECOND = 1e6;
const STEP = SECOND / 2;
/** Between the cluster's end of creation and the install: time to look around. */
const LOOK = 45 * SECOND;
/** After the last change. */
const REST = 10 * SECOND;
/** For all to be Ready after the install. */
const PATIENCE = 240 * SECOND;
const LONGEST = 600 * SECOND;

const NODES = ['control-plane', 'worker', 'worker', 'worker'];

const VALUES = {
	tunnel: 'disabled',
	autoDirectNodeRoutes: true,
	ipv4NativeRoutingCIDR: '10.244.0.0/16',
	ipam: { mode: 'kubernetes' },
	hubble: { relay: { enabled: true } },
} as const;
const VERSION = '1.12.1';

/** Runs it; the same choice is always the same story. */
export function storyOf(network: Network): Story {
	const lab = createLab({ seed: 20220906, epoch: 1_661_940_000, kind: 'v0.14.0', images: ['kindest/node:v1.24.0'] });
	const run = lab.kind.create({
		config: {
			kind: 'Cluster',
			apiVersion: 'kind.x-k8s.io/v1alpha4',
			name: 'basic',
			nodes: NODES.map((role) => ({ role })),
			networking: { disableDefaultCNI: network !== 'kindnet' },
		},
	});
	const names = NODES.map((role, i) => `basic-${role}${i > 1 ? i : ''}`);
	const teller = new Teller(names, network === 'kindnet' ? 'kindnet' : 'cilium');
	teller.tell({ at: 0, code: 'create', lane: 0, names: [], params: {} });
	let created: number | undefined;
	let installed: number | undefined;
	let changed = 0;
	let steps = 0;
	while (lab.now < LONGEST) {
		const command: CommandState =
			run.state === 'running' ? 'kind' : installed !== undefined && lab.now < installed + 2 * SECOND ? 'helm' : 'idle';
		const at = seconds(lab);
		for (; run.steps[steps]?.ended !== undefined; steps++)
			teller.tell({ at, code: 'step', lane: 0, names: [], params: {}, verbatim: ` ✓ ${run.steps[steps]!.text}` });
		if (teller.look(at, lookAt(lab, names, network, command))) changed = lab.now;
		if (run.state !== 'running' && created === undefined) {
			created = lab.now;
			changed = lab.now;
			teller.tell({ at, code: teller.nodesReady ? 'createdReady' : 'created', lane: 0, names: [], params: {} });
		}
		if (network === 'cilium' && created !== undefined && installed === undefined && lab.now >= created + LOOK) {
			installed = lab.now;
			changed = lab.now;
			install(lab.cluster('basic')!);
			teller.tell({ at, code: 'helm', lane: 0, names: [], params: { version: VERSION } });
		}
		const waits = network !== 'none' && !teller.isReady && lab.now < (installed ?? lab.now) + PATIENCE;
		if (created !== undefined && !waits && lab.now > changed + (network === 'none' ? LOOK : REST)) break;
		lab.run(lab.now + STEP);
	}
	const end = seconds(lab);
	if (network === 'none') teller.still(end);
	return teller.story(end);
}

const seconds = (lab: Lab): number => Math.round(lab.now / STEP) / 2;

function install(cluster: Cluster): void {
	const rendered = renderCilium({
		release: 'cilium',
		namespace: 'kube-system',
		version: VERSION,
		kubernetes: cluster.api.version,
		values: VALUES,
	});
	if ('error' in rendered) throw new Error(rendered.error);
	for (const manifest of rendered.manifests) cluster.api.create(manifest);
}
