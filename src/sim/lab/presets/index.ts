/** Labs that have begun: what a lesson's terminal opens with. Each is built by running one from nothing. */
import { parseTime } from '../../api/index.ts';
import { renderCilium, type Values } from '../../charts/index.ts';
import { createLab, type LabOptions } from '../lab.ts';
import { loadPackets } from '../packets.ts';
import { MINUTE, SECOND } from '../time.ts';
import type { Cluster, Lab } from '../types.ts';
import { BASIC, ebpfValues, KIND_BASIC_PINS, type KindNames, kindConfig, noEbpfValues } from './kind-basic.ts';
import { applied, webdemo } from './webdemo.ts';

export type { KindNames };

export type LabPresetId = 'empty' | 'kind-nocni' | 'kind-cilium' | 'kind-basic' | 'kind-ebpf';

/** 2022-08-31T10:00:00Z. */
const EPOCH = 1_661_940_000;
const OPTIONS: LabOptions = {
	// Of the seeds, one whose nodes join when those of the material did: 19, 20 and 20 seconds after the first.
	seed: 20220906,
	epoch: EPOCH,
	kind: 'v0.14.0',
	kernel: '5.15.0-46-generic',
	pins: KIND_BASIC_PINS,
	images: ['kindest/node:v1.24.0'],
};

interface LabPreset {
	readonly id: LabPresetId;
	readonly options: LabOptions;
	/** Whether the agents' programs run while it begins: they are asked whether a socket may be bound. */
	readonly packets?: boolean;
	/** Brings a new lab to where the lesson begins. */
	play(lab: Lab, names: KindNames): void;
}

/** `kind create cluster`, until it is done. */
function createCluster(lab: Lab, names: KindNames, kubeProxyMode: 'iptables' | 'none'): Cluster {
	const run = lab.kind.create({ config: kindConfig(names, kubeProxyMode) });
	lab.run(lab.now + 10 * MINUTE, () => run.state !== 'running');
	return lab.cluster(names.cluster)!;
}

/** `helm install cilium`: manifests and the release's Secret. */
function installCilium(lab: Lab, cluster: Cluster, values: Values): void {
	const version = '1.12.1';
	const namespace = 'kube-system';
	const rendered = renderCilium({ release: 'cilium', namespace, version, kubernetes: cluster.api.version, values });
	if ('error' in rendered) return;
	for (const manifest of rendered.manifests) cluster.api.create(manifest, { fieldManager: 'helm' });
	cluster.saveRelease({
		name: 'cilium',
		namespace,
		revision: 1,
		chart: 'cilium',
		chartVersion: version,
		appVersion: version,
		status: 'deployed',
		updated: lab.now,
		description: 'Install complete',
		values,
		manifests: rendered.manifests as never,
		notes: rendered.notes,
	});
}

/** Time passes until the control plane's node is so old. */
function untilAge(lab: Lab, cluster: Cluster, seconds: number): void {
	const node = cluster.api.get(cluster.api.find('nodes')!, undefined, `${cluster.name}-control-plane`);
	const created = node?.metadata.creationTimestamp;
	const old = (): boolean => created !== undefined && ageOf(cluster, created) >= seconds;
	while (!old()) lab.run(lab.now + SECOND / 10, old);
}

const ageOf = (cluster: Cluster, stamp: string): number => cluster.api.now() - (parseTime(stamp) ?? 0);

function withWebdemo(cluster: Cluster): void {
	for (const manifest of webdemo(32017))
		cluster.api.create(applied(manifest), { fieldManager: 'kubectl-client-side-apply' });
}

/** `kubectl get nodes` and `kubectl get pods` of the material: the age of the cluster, and of what was applied last. */
const AGE = 6 * 60 + 31;
const DEMO_AGE = 123;

/** A cluster with Cilium in it, and the web demo when it is asked for. */
function playCilium(lab: Lab, names: KindNames, proxy: 'iptables' | 'none', values: Values, demo: boolean): void {
	const cluster = createCluster(lab, names, proxy);
	lab.run(lab.now + 10 * SECOND);
	installCilium(lab, cluster, values);
	if (demo) {
		untilAge(lab, cluster, AGE - DEMO_AGE);
		withWebdemo(cluster);
	}
	untilAge(lab, cluster, AGE);
}

export const LAB_PRESETS: readonly LabPreset[] = [
	{ id: 'empty', options: { ...OPTIONS, images: [] }, play() {} },
	{
		id: 'kind-nocni',
		// Another day: 24, 23 and 23 seconds.
		options: {
			...OPTIONS,
			seed: 20220934,
			pins: { ...KIND_BASIC_PINS, joinOrder: ['basic-worker2', 'basic-worker3', 'basic-worker'] },
		},
		play(lab, names) {
			untilAge(lab, createCluster(lab, names, 'iptables'), 9 * 60 + 32);
		},
	},
	{
		id: 'kind-cilium',
		options: OPTIONS,
		play: (lab, names) => playCilium(lab, names, 'iptables', noEbpfValues(names), false),
	},
	{
		id: 'kind-basic',
		options: OPTIONS,
		play: (lab, names) => playCilium(lab, names, 'iptables', noEbpfValues(names), true),
	},
	{
		id: 'kind-ebpf',
		options: OPTIONS,
		packets: true,
		play: (lab, names) => playCilium(lab, names, 'none', ebpfValues(names), true),
	},
];

/**
 * A lab as the preset has it; undefined when there is none of that name. `options` lie over the preset's; with other
 * `names` it is the same lab elsewhere (tests that look for what is not computed).
 */
export function labPreset(id: string, options: Partial<LabOptions> = {}, names: KindNames = BASIC): Lab | undefined {
	const preset = LAB_PRESETS.find((p) => p.id === id);
	if (!preset) return undefined;
	const lab = createLab({ ...preset.options, ...options });
	preset.play(lab, names);
	return lab;
}

/** The same where not all of the simulator may be there yet, as in a browser. */
export async function openPreset(id: string): Promise<Lab | undefined> {
	if (LAB_PRESETS.some((p) => p.id === id && p.packets)) await loadPackets();
	return labPreset(id);
}
