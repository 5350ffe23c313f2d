/** Agents that differ by node, and endpoints whose labels change. */
import { describe, expect, it } from 'vitest';
import { ciliumMaps, features, lxcName } from '../../../../src/sim/cilium/index.ts';
import type { Cluster, Lab } from '../../../../src/sim/lab/index.ts';
import { deviceByName } from '../../../../src/sim/linux/index.ts';
import { formatIp, parseIp } from '../../../../src/sim/wire/index.ts';
import { rulesetOf } from '../../../../src/sim/world/index.ts';
import {
	cells,
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

const THREE = config(['control-plane', 'worker', 'worker'], { disableDefaultCNI: true });

function withCilium(values = {}): { lab: Lab; cluster: Cluster } {
	const lab = newLab();
	const cluster = clusterOf(lab, THREE);
	installCilium(cluster, { ...NATIVE, kubeProxyReplacement: 'disabled', ...values });
	pass(lab, 2 * MINUTE);
	return { lab, cluster };
}

const setConfig = (cluster: Cluster, change: Readonly<Record<string, string>>): void => {
	const map = get(cluster, 'configmaps', 'kube-system', 'cilium-config')!;
	cluster.api.update({ ...map, data: { ...(map.data as Record<string, string>), ...change } } as never);
};

/** Deletes the agent's pod of a node and waits until the next one works. */
function restartAgent(lab: Lab, cluster: Cluster, node: string): void {
	const pod = cluster.agents().find((a) => a.node === node)!.pod;
	remove(cluster, 'pods', 'kube-system', pod);
	const ready = () => cluster.agents().some((a) => a.node === node && a.pod !== pod && a.state === 'ready');
	pass(lab, 2 * MINUTE, ready);
	expect(ready()).toBe(true);
}

const devices = (cluster: Cluster, node: string) =>
	[...cluster.world().net.namespaces.get(`node/${node}`)!.devices.values()].map((d) => d.name);

const mapsOn = (cluster: Cluster, node: string) => {
	const agent = cluster.agents().find((a) => a.node === node)!;
	const { mapSizes, clock, lb } = agent.settings;
	const ns = cluster.world().net.namespaces.get(`node/${node}`)!;
	return { agent, ns, maps: ciliumMaps(features(agent.version), mapSizes, clock, lb) };
};

describe('a change of configuration that rolls over the nodes', () => {
	it('has reached a node’s packets as soon as its own agent has read it, and no other node’s', () => {
		const { lab, cluster } = withCilium();
		create(cluster, echo(1));
		pass(lab, 20 * SECOND);
		setConfig(cluster, {
			'kube-proxy-replacement': 'strict',
			'enable-node-port': 'true',
			'bpf-lb-mode': 'snat',
		});
		// Nobody has read it yet.
		expect(cluster.agents().map((a) => a.settings.nodePort)).toEqual([false, false, false]);
		restartAgent(lab, cluster, 'basic-worker');
		const frontends = (node: string) => {
			const { maps, ns } = mapsOn(cluster, node);
			return [...maps.services.dump(ns)].filter(([key]) => key.port === 32017).length;
		};
		expect(frontends('basic-worker')).toBeGreaterThan(0);
		expect(frontends('basic-worker2')).toBe(0);
		// On the wire both answer: one by its programs, the other by kube-proxy's rules.
		for (const node of ['basic-worker', 'basic-worker2']) {
			const ip = formatIp(cluster.nodes().find((n) => n.name === node)!.ip!);
			const outcome = connect(cluster, 'host', `${ip}:32017`);
			expect(outcome.result).toBe('connected');
			const hooks = outcome.trace.filter((d) => d.ns === `node/${node}` && d.dev === 'eth0').map((d) => d.hook);
			expect(hooks.includes('tc-ingress')).toBe(node === 'basic-worker');
		}
	});

	it('leaves nodes apart that no longer speak the same: a tunnel on one, routes on the other', () => {
		const { lab, cluster } = withCilium();
		create(cluster, echo(3));
		pass(lab, 20 * SECOND);
		const pods = list(cluster, 'pods', 'default');
		const on = (node: string) => pods.find((p) => p.spec!.nodeName === node)!;
		const reach = () =>
			connect(
				cluster,
				`pod/default/${on('basic-worker').metadata.name}`,
				`${String(on('basic-worker2').status!.podIP)}:8080`,
			).result;
		expect(reach()).toBe('connected');
		setConfig(cluster, { tunnel: 'vxlan', 'auto-direct-node-routes': 'false' });
		restartAgent(lab, cluster, 'basic-worker');
		expect(devices(cluster, 'basic-worker')).toContain('cilium_vxlan');
		expect(devices(cluster, 'basic-worker2')).not.toContain('cilium_vxlan');
		expect(reach()).toBe('timeout');
		restartAgent(lab, cluster, 'basic-worker2');
		expect(reach()).toBe('connected');
	});

	it('across versions: every agent hears of the pods of all, in maps of its own version', () => {
		const { lab, cluster } = withCilium();
		create(cluster, echo(3));
		pass(lab, 20 * SECOND);
		const set = get(cluster, 'daemonsets', 'kube-system', 'cilium')!;
		cluster.api.update({ ...set, spec: { ...set.spec, updateStrategy: { type: 'OnDelete' } } } as never);
		const now = get(cluster, 'daemonsets', 'kube-system', 'cilium')!;
		const spec = JSON.parse(JSON.stringify(now.spec).replaceAll('cilium/cilium:v1.12.1', 'cilium/cilium:v1.13.9'));
		cluster.api.update({ ...now, spec } as never);
		pass(lab, 5 * SECOND);
		restartAgent(lab, cluster, 'basic-worker');
		expect(
			cluster
				.agents()
				.map((a) => `${a.node} ${a.version}`)
				.sort(),
		).toEqual(['basic-control-plane 1.12.1', 'basic-worker 1.13.9', 'basic-worker2 1.12.1']);
		const ips = list(cluster, 'pods', 'default').map((p) => parseIp(String(p.status!.podIP))!);
		for (const node of ['basic-worker', 'basic-worker2']) {
			const { maps, ns } = mapsOn(cluster, node);
			const known = [...maps.ipcache.dump(ns)].map(([prefix]) => prefix.address);
			for (const ip of ips) expect(known).toContain(ip);
		}
	});
});

describe('endpoints', () => {
	it('have the numbers their agent gave them in the kernel’s tables too', () => {
		const { lab, cluster } = withCilium();
		create(cluster, echo(3));
		pass(lab, 20 * SECOND);
		for (const { node } of cluster.nodes().map((n) => ({ node: n.name }))) {
			const { agent, maps, ns } = mapsOn(cluster, node);
			const inKernel = [...maps.lxc.dump(ns)].filter(([, e]) => !e.host).map(([ip, e]) => `${formatIp(ip)} ${e.lxcId}`);
			const own = [...agent.endpoints, { ip: agent.healthIP, id: agent.healthEndpoint }];
			expect(inKernel.sort()).toEqual(own.map((e) => `${formatIp(e.ip)} ${e.id}`).sort());
		}
	});

	it('that another plugin connected are none, and keep what they had', () => {
		const lab = newLab();
		const cluster = clusterOf(lab, config(['control-plane', 'worker']));
		pass(lab, MINUTE);
		create(cluster, echo(1));
		pass(lab, 20 * SECOND);
		installCilium(cluster, { ...NATIVE, kubeProxyReplacement: 'disabled' });
		pass(lab, 3 * MINUTE);
		const [pod] = list(cluster, 'pods', 'default');
		const { maps, ns } = mapsOn(cluster, 'basic-worker');
		expect([...maps.lxc.dump(ns)].map(([ip]) => formatIp(ip))).not.toContain(String(pod!.status!.podIP));
		expect(devices(cluster, 'basic-worker')).not.toContain(lxcName(`pod/default/${pod!.metadata.name}`));
		const ip = formatIp(cluster.nodes().find((n) => n.name === 'basic-worker')!.ip!);
		expect(connect(cluster, 'host', `${ip}:32017`).result).toBe('connected');
	});

	it('have another identity when labels change: asked for at once, used after five seconds, known on every node', () => {
		const { lab, cluster } = withCilium();
		create(cluster, echo(1));
		pass(lab, 20 * SECOND);
		const pod = list(cluster, 'pods', 'default')[0]!;
		const node = String(pod.spec!.nodeName);
		const ip = parseIp(String(pod.status!.podIP))!;
		const endpoint = () =>
			cluster
				.agents()
				.find((a) => a.node === node)!
				.endpoints.find((e) => e.pod === pod.metadata.name)!;
		const before = endpoint().identity;
		cluster.api.update({
			...pod,
			metadata: { ...pod.metadata, labels: { ...pod.metadata.labels, tier: 'front' } },
		} as never);
		pass(lab, SECOND);
		expect(endpoint()).toMatchObject({ state: 'waiting-for-identity', identity: before });
		const made = list(cluster, 'ciliumidentities').find((i) => JSON.stringify(i).includes('"k8s:tier":"front"'))!;
		expect(made.metadata.labels).toMatchObject({ tier: 'front', app: 'echo' });
		pass(lab, 7 * SECOND);
		expect(endpoint()).toMatchObject({ state: 'ready', identity: Number(made.metadata.name) });
		expect(endpoint().log.map((l) => l.state)).toContain('regenerating');
		const object = get(cluster, 'ciliumendpoints', 'default', pod.metadata.name)!;
		expect((object.status!.identity as { id: number }).id).toBe(Number(made.metadata.name));
		for (const { name } of cluster.nodes()) {
			const { maps, ns } = mapsOn(cluster, name);
			const entry = [...maps.ipcache.dump(ns)].find(([prefix]) => prefix.address === ip && prefix.length === 32)!;
			expect(entry[1].identity).toBe(Number(made.metadata.name));
		}
		// The old one stays until the operator has seen it unused for half an hour, and a quarter more.
		expect(get(cluster, 'ciliumidentities', undefined, String(before))).toBeDefined();
		pass(lab, 40 * MINUTE);
		expect(get(cluster, 'ciliumidentities', undefined, String(before))).toBeDefined();
		pass(lab, 25 * MINUTE);
		expect(get(cluster, 'ciliumidentities', undefined, String(before))).toBeUndefined();
		expect(get(cluster, 'ciliumidentities', undefined, made.metadata.name)).toBeDefined();
	});

	it('have the same identity for labels that do not count, and for what the option `labels` leaves out', () => {
		const { lab, cluster } = withCilium();
		create(cluster, echo(1));
		pass(lab, 20 * SECOND);
		const numbers = () => list(cluster, 'ciliumidentities').map((i) => i.metadata.name);
		const before = numbers();
		const relabel = (labels: Readonly<Record<string, string>>) => {
			const pod = list(cluster, 'pods', 'default')[0]!;
			cluster.api.update({
				...pod,
				metadata: { ...pod.metadata, labels: { ...pod.metadata.labels, ...labels } },
			} as never);
			pass(lab, 8 * SECOND);
		};
		relabel({ 'kubernetes.io/arch': 'amd64', 'controller-revision-hash': 'abc' });
		expect(numbers()).toEqual(before);
		setConfig(cluster, { labels: 'k8s:app k8s:!app.kubernetes.io' });
		for (const { name } of cluster.nodes()) restartAgent(lab, cluster, name);
		pass(lab, 10 * SECOND);
		const after = numbers();
		relabel({ version: '2' });
		expect(numbers()).toEqual(after);
		const pod = list(cluster, 'pods', 'default')[0]!;
		const { labels } = get(cluster, 'ciliumendpoints', 'default', pod.metadata.name)!.status!.identity as {
			labels: string[];
		};
		// With a rule that includes, only what a rule includes counts.
		expect(labels).toEqual(
			[
				'k8s:app=echo',
				'k8s:io.cilium.k8s.namespace.labels.kubernetes.io/metadata.name=default',
				'k8s:io.cilium.k8s.policy.cluster=kind-basic',
				'k8s:io.kubernetes.pod.namespace=default',
			].map((l) => (l.includes('policy.cluster') ? (labels.find((x) => x.includes('policy.cluster')) ?? l) : l)),
		);
	});

	it('of two service accounts are two identities', () => {
		const { lab, cluster } = withCilium();
		const pod = (name: string, serviceAccountName: string) => ({
			apiVersion: 'v1',
			kind: 'Pod',
			metadata: { name, labels: { app: 'same' } },
			spec: { serviceAccountName, containers: [{ name: 'c', image: 'nginx:1.23' }] },
		});
		create(cluster, [
			{ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'other', namespace: 'default' } },
			pod('a', 'default'),
			pod('b', 'other'),
		]);
		pass(lab, 40 * SECOND);
		expect(cells(cluster, 'pods', 'default', 'Status')).toEqual(['Running', 'Running']);
		const of = (name: string) =>
			(get(cluster, 'ciliumendpoints', 'default', name)!.status!.identity as { id: number }).id;
		expect(of('a')).not.toBe(of('b'));
	});
});

describe('a host port', () => {
	const pod = {
		apiVersion: 'v1',
		kind: 'Pod',
		metadata: { name: 'web', labels: { app: 'web' } },
		spec: {
			nodeName: 'basic-worker',
			containers: [{ name: 'web', image: 'nginx:1.23', ports: [{ containerPort: 80, hostPort: 8081 }] }],
		},
	};
	const open = (cluster: Cluster) => {
		const ip = formatIp(cluster.nodes().find((n) => n.name === 'basic-worker')!.ip!);
		return connect(cluster, 'host', `${ip}:8081`).result;
	};

	it('is Cilium’s to open when it replaces kube-proxy', () => {
		const { lab, cluster } = withCilium({
			kubeProxyReplacement: 'strict',
			k8sServiceHost: 'basic-control-plane',
			k8sServicePort: 6443,
		});
		create(cluster, [pod]);
		pass(lab, 30 * SECOND);
		expect(open(cluster)).toBe('connected');
	});

	it('is nobody’s with Cilium beside kube-proxy', () => {
		const { lab, cluster } = withCilium();
		create(cluster, [pod]);
		pass(lab, 30 * SECOND);
		expect(open(cluster)).toBe('refused');
	});

	it('is the portmap plugin’s with kindnet: rules of the node', () => {
		const lab = newLab();
		const cluster = clusterOf(lab, config(['control-plane', 'worker']));
		create(cluster, [pod]);
		pass(lab, 30 * SECOND);
		expect(open(cluster)).toBe('connected');
		const { chains } = rulesetOf(cluster.world(), 'node/basic-worker').nat!;
		expect([...chains.keys()].filter((name) => name.startsWith('CNI-DN-'))).toHaveLength(1);
		expect(rulesetOf(cluster.world(), 'node/basic-control-plane').nat!.chains.has('CNI-HOSTPORT-DNAT')).toBe(false);
		// The pod itself comes back through the node's port: the answer has to go the way it came.
		const ip = formatIp(cluster.nodes().find((n) => n.name === 'basic-worker')!.ip!);
		expect(connect(cluster, 'pod/default/web', `${ip}:8081`).result).toBe('connected');
		remove(cluster, 'pods', 'default', 'web');
		pass(lab, 40 * SECOND);
		expect(open(cluster)).toBe('refused');
	});
});

describe('a node with an agent', () => {
	it('has an endpoint of the agent’s own, and rules in front of its local table', () => {
		const { cluster } = withCilium({ MTU: '1400' });
		const { agent, maps, ns } = mapsOn(cluster, 'basic-worker');
		expect(deviceByName(ns, 'lxc_health')?.mtu).toBe(1400);
		expect(deviceByName(ns, 'cilium_host')?.mtu).toBe(1400);
		expect(devices(cluster, 'basic-worker')).toContain('lxc_health');
		expect(maps.lxc.peek(ns, agent.healthIP)).toMatchObject({ lxcId: agent.healthEndpoint, identity: 4 });
		for (const { name } of cluster.nodes()) {
			const there = mapsOn(cluster, name);
			expect(there.maps.ipcache.peek(there.ns, { address: agent.healthIP, length: 32 })?.identity).toBe(4);
		}
		expect(ns.rules.map(({ priority, table }) => [priority, table])).toEqual([
			[9, 2004],
			[10, 2005],
			[100, 255],
			[32766, 254],
			[32767, 253],
		]);
	});
});
