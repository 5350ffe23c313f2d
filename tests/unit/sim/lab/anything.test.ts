import { describe, expect, it } from 'vitest';
import type { ApiObject } from '../../../../src/sim/api/index.ts';
import { renderCilium } from '../../../../src/sim/charts/index.ts';
import type { Cluster } from '../../../../src/sim/lab/index.ts';
import { clusterOf, config, connect, digest, echo, FOUR, list, MINUTE, newLab, pass, SECOND } from './helpers.ts';

/** Numbers below a bound, the same for the same seed. */
function dice(seed: number): (bound: number) => number {
	let state = seed;
	return (bound) => {
		state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
		return Math.floor((state / 2 ** 32) * bound);
	};
}

const VERSIONS = ['1.12.1', '1.14.13', '1.16.6', '1.18.3'];

/** Things people do to clusters, one at a time, whatever comes of them. */
function play(seed: number, steps: number) {
	const roll = dice(seed);
	const lab = newLab({ seed });
	const make = () =>
		clusterOf(lab, config(FOUR, { disableDefaultCNI: true, ...(roll(2) === 0 ? {} : { kubeProxyMode: 'none' }) }));
	make();
	const any = (cluster: Cluster, plural: string): ApiObject | undefined => {
		const all = list(cluster, plural);
		return all[roll(all.length)];
	};
	const erase = ({ api }: Cluster, plural: string, object: ApiObject | undefined): void => {
		if (object) api.delete(api.find(plural)!, object.metadata.namespace, object.metadata.name);
	};
	const merge = ({ api }: Cluster, plural: string, object: ApiObject | undefined, patch: object): void => {
		if (object)
			api.patch(
				api.find(plural)!,
				object.metadata.namespace,
				object.metadata.name,
				'application/merge-patch+json',
				patch as never,
			);
	};
	const named = (cluster: Cluster, plural: string, name: string) =>
		list(cluster, plural).find((o) => o.metadata.name === name);
	const acts: readonly ((cluster: Cluster) => void)[] = [
		(cluster) => {
			const version = VERSIONS[roll(VERSIONS.length)]!;
			const full = roll(2) === 0;
			const old = version === '1.12.1';
			const values = {
				...(roll(2) === 0 ? {} : { k8sServiceHost: 'basic-control-plane', k8sServicePort: 6443 }),
				kubeProxyReplacement: old ? (full ? 'strict' : 'disabled') : full,
			};
			const chart = renderCilium({
				release: 'cilium',
				namespace: 'kube-system',
				version,
				kubernetes: cluster.api.version,
				values,
			});
			if (!('error' in chart)) for (const manifest of chart.manifests) cluster.api.create(manifest);
		},
		({ api }) => {
			for (const object of echo(1 + roll(3))) api.create(object);
		},
		(cluster) => erase(cluster, 'pods', any(cluster, 'pods')),
		(cluster) => erase(cluster, 'daemonsets', any(cluster, 'daemonsets')),
		(cluster) => merge(cluster, 'deployments', any(cluster, 'deployments'), { spec: { replicas: roll(5) } }),
		(cluster) =>
			merge(cluster, 'nodes', any(cluster, 'nodes'), { spec: { unschedulable: roll(2) === 0 ? true : null } }),
		(cluster) =>
			merge(cluster, 'configmaps', named(cluster, 'configmaps', 'cilium-config'), {
				data: { 'bpf-lb-mode': ['snat', 'dsr'][roll(2)]! },
			}),
		(cluster) =>
			merge(cluster, 'daemonsets', named(cluster, 'daemonsets', 'cilium'), {
				spec: { template: { metadata: { annotations: { round: String(roll(1000)) } } } },
			}),
		(cluster) => {
			lab.docker.stop(cluster.nodes()[roll(4)]!.name);
		},
		(cluster) => {
			for (const { name } of cluster.nodes()) lab.docker.start(name);
		},
		(cluster) => {
			if (roll(3) === 0) erase(cluster, 'nodes', any(cluster, 'nodes'));
		},
		() => {
			if (roll(4) === 0) lab.kind.delete('basic');
		},
	];
	for (let i = 0; i < steps; i++) {
		const cluster = lab.cluster('basic') ?? make();
		acts[roll(acts.length)]!(cluster);
		pass(lab, (1 + roll(90)) * SECOND);
		const now = lab.cluster('basic');
		if (now) connect(now, 'host', '172.18.0.2:32017');
	}
	return lab;
}

describe('whatever people do', () => {
	it.each([1, 2, 3, 4, 5, 6])('the lab stays sound, and settles: seed %i', (seed) => {
		const lab = play(seed, 30);
		const cluster = lab.cluster('basic');
		if (!cluster) return;
		for (const { name } of cluster.nodes()) lab.docker.start(name);
		pass(lab, 15 * MINUTE);
		expect(cluster.reachable).toBe(true);
		const nodes = list(cluster, 'nodes');
		/** Nodes whose condition is not what their machine's network configuration makes it. */
		const wrong = (): string[] =>
			list(cluster, 'nodes').flatMap((node) => {
				const ready = (node.status!.conditions as unknown as { type: string; status: string }[]).find(
					(c) => c.type === 'Ready',
				)!;
				const machine = cluster.nodes().find((m) => m.name === node.metadata.name)!;
				const configured = Object.keys(machine.cniConfig).some((name) => /\.(conf|conflist)$/.test(name));
				return (ready.status === 'True') === configured ? [] : [`${node.metadata.name} ${ready.status}`];
			});
		// A kubelet takes some seconds to see a change.
		pass(lab, 30 * SECOND, () => wrong().length === 0);
		expect(wrong()).toEqual([]);
		// Nothing hangs on its way out of a node that runs.
		const names = nodes.map((n) => n.metadata.name);
		expect(
			list(cluster, 'pods').filter(
				(p) => p.metadata.deletionTimestamp !== undefined && names.includes(String(p.spec!.nodeName)),
			),
		).toEqual([]);
		let events = 0;
		pass(lab, 10 * MINUTE, () => {
			events++;
			return false;
		});
		expect(events).toBeLessThan(4000);
	});

	it('and the same again', () => {
		expect(digest(play(9, 15))).toBe(digest(play(9, 15)));
	});
});
