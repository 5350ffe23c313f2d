import { describe, expect, it } from 'vitest';
import type { HelmRelease } from '../../../../src/sim/lab/index.ts';
import { formatIp } from '../../../../src/sim/wire/index.ts';
import {
	cells,
	clusterOf,
	config,
	connect,
	create,
	digest,
	echo,
	get,
	installCilium,
	list,
	MINUTE,
	NATIVE,
	newLab,
	pass,
	SECOND,
} from './helpers.ts';

function story(seed: number) {
	const lab = newLab({ seed });
	const cluster = clusterOf(lab);
	installCilium(cluster, { ...NATIVE, kubeProxyReplacement: 'disabled' });
	pass(lab, 2 * MINUTE);
	create(cluster, echo(2));
	pass(lab, MINUTE);
	return { lab, cluster };
}

describe('a lab', () => {
	it('comes to the same objects by the same calls, and to others from another seed', () => {
		expect(digest(story(3).lab)).toBe(digest(story(3).lab));
		expect(digest(story(3).lab)).not.toBe(digest(story(4).lab));
	});

	it('does not depend on how often the clock is stopped on the way', () => {
		const once = newLab();
		clusterOf(once);
		const until = once.now + 3 * MINUTE;
		pass(once, 3 * MINUTE);
		const often = newLab();
		clusterOf(often);
		while (often.now < until) expect(often.run(Math.min(until, often.now + 700_001))).toBeUndefined();
		expect(digest(often)).toBe(digest(once));
	});

	it('does not depend on who looks at it', () => {
		const { lab, cluster } = story(3);
		cluster.world();
		for (const resource of cluster.api.resources()) cluster.api.list(resource);
		expect(connect(cluster, 'host', `${formatIp(cluster.nodes()[0]!.ip!)}:32017`).result).toBe('connected');
		expect(digest(lab)).toBe(digest(story(3).lab));
	});

	it('has a clock that only run moves', () => {
		const { lab, cluster } = story(3);
		const then = lab.now;
		create(cluster, [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'x' } }]);
		connect(cluster, 'host', '172.18.0.2:32017');
		expect(lab.now).toBe(then);
		pass(lab, 1);
		expect(lab.now).toBe(then + 1);
	});

	it('stops early when it is told to', () => {
		const lab = newLab();
		const run = lab.kind.create({});
		pass(lab, 10 * MINUTE, () => run.steps.length === 3);
		expect(run.steps.at(-1)!.text).toBe('Writing configuration 📜');
		expect(lab.now).toBe(run.steps.at(-1)!.started);
	});

	it('says so when more happens than it may, and goes on when asked again', () => {
		const lab = newLab({ budget: 50 });
		const run = lab.kind.create({});
		expect(lab.run(10 * MINUTE)).toMatchObject({ code: 'budget', params: { events: 50 } });
		for (let i = 0; i < 100 && run.state === 'running'; i++) lab.run(10 * MINUTE, () => run.state !== 'running');
		expect(run.state).toBe('done');
	});

	it('is quiet once it has settled: an hour takes few events', () => {
		const { lab } = story(3);
		pass(lab, 10 * MINUTE);
		let count = 0;
		pass(lab, 60 * MINUTE, () => {
			count++;
			return false;
		});
		expect(count).toBeLessThan(200);
	});

	it('renews the leases of its nodes for whoever reads them', () => {
		const { lab, cluster } = story(3);
		const renewed = (): string => String(get(cluster, 'leases', 'kube-node-lease', 'basic-worker')!.spec!.renewTime);
		const [before, revision] = [renewed(), cluster.api.revision];
		pass(lab, 10 * SECOND);
		expect(renewed() > before).toBe(true);
		expect(cluster.api.revision).toBe(revision);
	});
});

describe('what kubelets say again and again', () => {
	it('shows in conditions every five minutes, and events are forgotten after an hour', () => {
		const { lab, cluster } = story(3);
		const beats = (): string[] =>
			(
				get(cluster, 'nodes', undefined, 'basic-worker')!.status!.conditions as unknown as {
					type: string;
					lastHeartbeatTime: string;
				}[]
			)
				.filter((c) => c.type === 'Ready')
				.map((c) => c.lastHeartbeatTime);
		const before = beats();
		pass(lab, 5 * MINUTE);
		expect(beats()[0]! > before[0]!).toBe(true);
		expect(list(cluster, 'events').length).toBeGreaterThan(50);
		pass(lab, 70 * MINUTE);
		expect(list(cluster, 'events')).toEqual([]);
	});
});

describe('Docker', () => {
	it('stops a node: the API server misses it after forty seconds, and it comes back', () => {
		const { lab, cluster } = story(3);
		expect(lab.docker.stop('basic-worker2')).toBeUndefined();
		expect(lab.docker.find('basic-worker2')).toMatchObject({ state: 'exited' });
		pass(lab, 30 * SECOND);
		const status = () =>
			cells(cluster, 'nodes', undefined, 'Name', 'Status').find((l) => l.startsWith('basic-worker2'));
		expect(status()).toBe('basic-worker2 Ready');
		pass(lab, 15 * SECOND);
		expect(status()).toBe('basic-worker2 NotReady');
		expect(cluster.world().net.namespaces.has('node/basic-worker2')).toBe(false);
		// Pods are evicted five minutes later, and stay Terminating for nobody ends them.
		pass(lab, 6 * MINUTE);
		expect(
			list(cluster, 'pods', 'default').filter(
				(p) => p.spec!.nodeName !== 'basic-worker2' && p.metadata.deletionTimestamp === undefined,
			),
		).toHaveLength(2);
		lab.docker.start('basic-worker2');
		pass(lab, 2 * MINUTE);
		expect(status()).toBe('basic-worker2 Ready');
		expect(list(cluster, 'pods', 'default')).toHaveLength(2);
		expect(cells(cluster, 'daemonsets', 'kube-system', 'Name', 'Ready')).toEqual(['cilium 4', 'kube-proxy 4']);
	});

	it('stops the control plane: nobody answers, workers go on', () => {
		const { lab, cluster } = story(3);
		const node = String(list(cluster, 'pods', 'default')[0]!.spec!.nodeName);
		lab.docker.stop('basic-control-plane');
		expect(cluster.reachable).toBe(false);
		pass(lab, 2 * MINUTE);
		expect(
			connect(cluster, 'host', `${formatIp(cluster.nodes().find((n) => n.name === node)!.ip!)}:32017`).result,
		).toBe('connected');
		lab.docker.start('basic-control-plane');
		// Static pods have to start first.
		expect(cluster.reachable).toBe(false);
		pass(lab, MINUTE);
		expect(cluster.reachable).toBe(true);
		expect(cells(cluster, 'nodes', undefined, 'Status')).toEqual(Array(4).fill('Ready'));
	});

	it('finds containers by name and by the beginning of their id', () => {
		const lab = newLab();
		clusterOf(lab, config(['control-plane']));
		const container = lab.docker.find('basic-control-plane')!;
		expect(container.id).toMatch(/^[0-9a-f]{64}$/);
		expect(lab.docker.find(container.id.slice(0, 12))).toBe(container);
		expect(lab.docker.find('nobody')).toBeUndefined();
		expect(lab.docker.stop('nobody')).toEqual({ error: 'No such container: nobody' });
		expect(lab.docker.remove('basic-control-plane', false)!.error).toMatch(/^You cannot remove a running container/);
	});

	it('pulls what the registry has, and loads it onto nodes', () => {
		const lab = newLab();
		const cluster = clusterOf(lab, config(['control-plane', 'worker']));
		const [good, bad] = [lab.docker.pull('nginx:1.25'), lab.docker.pull('nosuch/thing')];
		pass(lab, 30 * SECOND);
		expect(good.state).toBe('done');
		expect(bad).toMatchObject({
			state: 'failed',
			error:
				"pull access denied for nosuch/thing, repository does not exist or may require 'docker login': denied: requested access to the resource is denied",
		});
		expect(lab.kind.load('nginx:1.25', 'basic')).toMatchObject({ loaded: ['basic-control-plane', 'basic-worker'] });
		expect(lab.kind.load('redis:7', 'basic')).toEqual({ error: 'image: "redis:7" not present locally' });
		create(cluster, [
			{
				apiVersion: 'v1',
				kind: 'Pod',
				metadata: { name: 'web' },
				spec: { containers: [{ name: 'web', image: 'nginx:1.25' }] },
			},
		]);
		pass(lab, 20 * SECOND);
		expect(list(cluster, 'events', 'default').map((e) => e.message)).toContain(
			'Container image "nginx:1.25" already present on machine',
		);
	});
});

describe('several clusters', () => {
	it('live beside each other, each with its own objects and packets', () => {
		const lab = newLab();
		const one = clusterOf(lab, config(['control-plane'], {}, 'one'));
		const two = clusterOf(lab, config(['control-plane', 'worker'], {}, 'two'));
		create(one, echo(1));
		pass(lab, MINUTE);
		expect(lab.clusters().map((c) => c.name)).toEqual(['one', 'two']);
		expect(list(two, 'pods', 'default')).toEqual([]);
		expect(one.server).not.toBe(two.server);
		expect([...two.world().net.namespaces.keys()].filter((n) => n.startsWith('node/'))).toEqual([
			'node/two-control-plane',
			'node/two-worker',
		]);
		const uid = (c: typeof one) => get(c, 'namespaces', undefined, 'default')!.metadata.uid;
		expect(uid(one)).not.toBe(uid(two));
		expect(lab.kind.kubeconfig('two')).toMatchObject({
			'current-context': 'kind-two',
			clusters: [{ cluster: { server: two.server } }],
		});
		expect(lab.kind.kubeconfig('two', true)).toMatchObject({
			clusters: [{ cluster: { server: 'https://two-control-plane:6443' } }],
		});
	});
});

describe('releases', () => {
	it('are kept in Secrets as helm keeps them: base64 of base64 of gzip', () => {
		const lab = newLab();
		const cluster = clusterOf(lab, config(['control-plane']));
		const release: HelmRelease = {
			name: 'demo',
			namespace: 'default',
			revision: 1,
			chart: 'cilium',
			chartVersion: '1.12.1',
			appVersion: '1.12.1',
			status: 'deployed',
			updated: lab.now,
			description: 'Install complete ✓',
			values: { a: { b: [1, 'zwei'] } },
			manifests: [],
			notes: 'é 한 中',
		};
		cluster.saveRelease(release);
		expect(cluster.releases()).toEqual([release]);
		const secret = get(cluster, 'secrets', 'default', 'sh.helm.release.v1.demo.v1')!;
		expect(secret.metadata.labels).toMatchObject({ owner: 'helm', name: 'demo', status: 'deployed', version: '1' });
		const inner = Buffer.from((secret.data as { release: string }).release, 'base64').toString();
		expect([...Buffer.from(inner, 'base64').subarray(0, 3)]).toEqual([0x1f, 0x8b, 8]);
		cluster.saveRelease({ ...release, status: 'superseded' });
		expect(cluster.releases().map((r) => r.status)).toEqual(['superseded']);
	});

	it('a Secret somebody spoilt is no release', () => {
		const lab = newLab();
		const cluster = clusterOf(lab, config(['control-plane']));
		create(cluster, [
			{
				apiVersion: 'v1',
				kind: 'Secret',
				metadata: { name: 'x', namespace: 'default' },
				type: 'helm.sh/release.v1',
				data: { release: 'AAAA' },
			},
		]);
		expect(cluster.releases()).toEqual([]);
	});
});
