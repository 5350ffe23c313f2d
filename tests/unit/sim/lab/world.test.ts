import { describe, expect, it } from 'vitest';
import { forkNet, setRuleset } from '../../../../src/sim/linux/index.ts';
import { conntrackOf, podsOf, rulesetOf, servicesOf, slicesOf } from '../../../../src/sim/world/index.ts';
import {
	clusterOf,
	config,
	connect,
	create,
	echo,
	get,
	installCilium,
	list,
	MINUTE,
	NATIVE,
	newLab,
	pass,
	remove,
	SECOND,
} from './helpers.ts';

const KPR = {
	...NATIVE,
	kubeProxyReplacement: 'strict',
	k8sServiceHost: 'basic-control-plane',
	k8sServicePort: 6443,
} as const;

function withEcho(replicas = 2) {
	const lab = newLab();
	const cluster = clusterOf(lab, config(['control-plane', 'worker', 'worker'], { disableDefaultCNI: true }));
	installCilium(cluster, { ...NATIVE, kubeProxyReplacement: 'disabled' });
	pass(lab, 2 * MINUTE);
	create(cluster, echo(replicas));
	pass(lab, 20 * SECOND);
	const clusterIP = String(get(cluster, 'services', 'default', 'echo')!.spec!.clusterIP);
	const pods = list(cluster, 'pods', 'default');
	return { lab, cluster, clusterIP, pods };
}

describe('the packets’ view of a cluster', () => {
	it('has the pods that run, the services, and the slices as the controllers wrote them', () => {
		const { cluster, pods, clusterIP } = withEcho();
		const world = cluster.world();
		expect(
			podsOf(world)
				.filter((p) => p.metadata.namespace === 'default')
				.map((p) => p.metadata.name),
		).toEqual(pods.map((p) => p.metadata.name));
		expect(servicesOf(world).map((s) => s.metadata.name)).toEqual(['echo', 'kubernetes', 'hubble-peer', 'kube-dns']);
		const slice = slicesOf(world).find((s) => s.service === 'echo')!;
		expect(slice.endpoints.map((e) => `${e.podName} ${e.ready}`).sort()).toEqual(
			pods.map((p) => `${p.metadata.name} true`).sort(),
		);
		expect(connect(cluster, 'host', '172.18.0.2:32017').result).toBe('connected');
		expect(connect(cluster, 'node/basic-worker', `${clusterIP}:8080`).result).toBe('connected');
		expect(connect(cluster, `pod/default/${pods[0]!.metadata.name}`, `${clusterIP}:8080`).result).toBe('connected');
		expect(connect(cluster, `pod/default/${pods[0]!.metadata.name}`, '10.96.0.10:53').server).toMatch(/^coredns-/);
		expect(connect(cluster, 'node/basic-worker', '10.96.0.1:443').server).toBe('kube-apiserver-basic-control-plane');
	});

	it('keeps what the kernels remember of connections when objects change', () => {
		const { lab, cluster } = withEcho();
		connect(cluster, 'host', '172.18.0.2:32017');
		const node = cluster.nodes().find((n) => n.ip === 0xac120002)!.name;
		const before = conntrackOf(cluster.world(), `node/${node}`).length;
		expect(before).toBeGreaterThan(0);
		create(cluster, [
			{
				apiVersion: 'v1',
				kind: 'Service',
				metadata: { name: 'other' },
				spec: { selector: { app: 'echo' }, ports: [{ port: 80, targetPort: 8080 }] },
			},
		]);
		pass(lab, 2 * SECOND);
		const world = cluster.world();
		expect(servicesOf(world).map((s) => s.metadata.name)).toContain('other');
		expect(conntrackOf(world, `node/${node}`)).toHaveLength(before);
		// TIME_WAIT is over after two minutes, by the lab's clock.
		pass(lab, 3 * MINUTE);
		expect(conntrackOf(cluster.world(), `node/${node}`)).toEqual([]);
		expect(cluster.world().net.now).toBe(lab.now);
	});

	it('sends nothing to a pod that is not ready or on its way out', () => {
		const { lab, cluster, pods } = withEcho();
		const [gone, left] = pods.map((p) => p.metadata.name);
		// Nobody keeps the pods any more.
		const { api } = cluster;
		for (const plural of ['deployments', 'replicasets'])
			for (const { metadata } of api.list(api.find(plural)!, { namespace: 'default' }))
				expect(
					api.delete(api.find(plural)!, 'default', metadata.name, { propagation: 'Orphan' }).error,
				).toBeUndefined();
		remove(cluster, 'pods', 'default', gone!);
		pass(lab, 2 * SECOND);
		const slice = slicesOf(cluster.world()).find((s) => s.service === 'echo')!;
		expect(slice.endpoints.find((e) => e.podName === gone)).toMatchObject({ ready: false, terminating: true });
		for (let i = 0; i < 6; i++) expect(connect(cluster, 'host', '172.18.0.2:32017').server).toBe(left);
	});

	it('refuses where nothing listens, and finds no pod that never ran', () => {
		const { cluster, pods } = withEcho();
		expect(connect(cluster, 'node/basic-worker', `${String(pods[0]!.status!.podIP)}:81`).result).toBe('refused');
		expect(connect(cluster, 'host', '172.18.0.2:32018').result).toBe('refused');
	});

	it('follows somebody who flushes what kube-proxy left', () => {
		const lab = newLab();
		const cluster = clusterOf(lab, config(['control-plane', 'worker'], { disableDefaultCNI: true }));
		installCilium(cluster, KPR);
		pass(lab, 2 * MINUTE);
		create(cluster, echo(1));
		remove(cluster, 'daemonsets', 'kube-system', 'kube-proxy');
		pass(lab, 30 * SECOND);
		const world = cluster.world();
		expect(world.settings.kubeProxy).toBe('stale');
		const net = forkNet(world.net);
		for (const { name } of cluster.nodes()) {
			const { nat: _nat, ...rest } = rulesetOf(world, name);
			setRuleset(net, `node/${name}`, rest);
		}
		cluster.setWorld({ ...world, net });
		expect(cluster.nodes().map((n) => n.proxyRules)).toEqual(['none', 'none']);
		create(cluster, [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'later' } }]);
		pass(lab, 10 * SECOND);
		expect(cluster.world().settings.kubeProxy).toBe('none');
		expect(rulesetOf(cluster.world(), 'basic-worker').nat?.chains.has('KUBE-SERVICES') ?? false).toBe(false);
		expect(connect(cluster, 'host', '172.18.0.2:32017').result).toBe('connected');
	});

	it('leaves the hardware addresses of the other nodes as they were when one stops and starts', () => {
		const { lab, cluster } = withEcho();
		const macs = (): readonly string[] =>
			[...cluster.world().net.namespaces.get('node/basic-worker')!.devices.values()].map((d) => `${d.name} ${d.mac}`);
		const before = macs();
		expect(before.length).toBeGreaterThan(3);
		lab.docker.stop('basic-worker2');
		pass(lab, MINUTE);
		expect(macs()).toEqual(before);
		lab.docker.start('basic-worker2');
		pass(lab, MINUTE);
		expect(macs()).toEqual(before);
	});

	it('before there is a network plugin has no pod but those of the nodes', () => {
		const lab = newLab();
		const cluster = clusterOf(lab);
		pass(lab, 30 * SECOND);
		const world = cluster.world();
		expect(world.scenario.bundles[0]!.cni).toBe('none');
		expect([...world.net.namespaces.keys()].filter((n) => n.startsWith('pod/'))).toEqual([]);
		expect(connect(cluster, 'node/basic-worker', '10.96.0.1:443').result).toBe('connected');
	});
});
