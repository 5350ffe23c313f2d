import { describe, expect, it } from 'vitest';
import { formatIp } from '../../../../src/sim/wire/index.ts';
import { cells, clusterOf, config, events, FOUR, get, list, MINUTE, newLab, pass, SECOND } from './helpers.ts';

describe('kind create cluster', () => {
	it('goes through the steps kind names, and takes about a minute', () => {
		const lab = newLab();
		const run = lab.kind.create({ config: config(FOUR, { disableDefaultCNI: true }) });
		expect(run.steps.map((s) => s.text)).toEqual(['Ensuring node image (kindest/node:v1.24.0) 🖼']);
		pass(lab, 10 * MINUTE, () => run.state !== 'running');
		expect(run.steps.map((s) => s.text)).toEqual([
			'Ensuring node image (kindest/node:v1.24.0) 🖼',
			'Preparing nodes 📦 📦 📦 📦  ',
			'Writing configuration 📜',
			'Starting control-plane 🕹️',
			'Installing StorageClass 💾',
			'Joining worker nodes 🚜',
		]);
		expect(run.steps.every((s) => s.ok && s.ended! > s.started)).toBe(true);
		expect(run.state).toBe('done');
		expect(lab.now / SECOND).toBeGreaterThan(40);
		expect(lab.now / SECOND).toBeLessThan(120);
	});

	it('pulls the node image once', () => {
		const lab = newLab();
		clusterOf(lab, config(['control-plane'], {}, 'one'));
		const second = lab.kind.create({ name: 'two' });
		pass(lab, 5 * MINUTE, () => second.state !== 'running');
		const [first] = second.steps;
		expect(first!.ended! - first!.started).toBeLessThan(SECOND);
		expect(lab.docker.images().map((i) => `${i.repository}:${i.tag}`)).toEqual(['kindest/node:v1.24.0']);
	});

	it('names containers by role and gives addresses in the order they start', () => {
		const lab = newLab();
		clusterOf(lab);
		const containers = [...lab.docker.containers()].reverse();
		expect(containers.map((c) => c.name).sort()).toEqual([
			'basic-control-plane',
			'basic-worker',
			'basic-worker2',
			'basic-worker3',
		]);
		expect(containers.map((c) => formatIp(c.ip!))).toEqual(['172.18.0.2', '172.18.0.3', '172.18.0.4', '172.18.0.5']);
		expect(containers.map((c) => c.mac!.toString(16))).toEqual([
			'242ac120002',
			'242ac120003',
			'242ac120004',
			'242ac120005',
		]);
		expect(lab.docker.networks().map((n) => `${n.name} ${n.driver} ${n.subnet ?? '-'}`)).toEqual([
			'bridge bridge 172.17.0.0/16',
			'host host -',
			'kind bridge 172.18.0.0/16',
			'none null -',
		]);
	});

	it('draws another start order from another seed', () => {
		const order = (seed: number): string => {
			const lab = newLab({ seed });
			clusterOf(lab);
			return lab.docker
				.containers()
				.map((c) => c.name)
				.join();
		};
		expect(new Set([1, 2, 3, 4, 5].map(order)).size).toBeGreaterThan(1);
		expect(order(1)).toBe(order(1));
	});

	it('without a network plugin leaves nodes NotReady and CoreDNS Pending, and says why', () => {
		const lab = newLab();
		const cluster = clusterOf(lab);
		pass(lab, 30 * SECOND);
		expect(cells(cluster, 'nodes', undefined, 'Name', 'Status', 'Roles', 'Version')).toEqual([
			'basic-control-plane NotReady control-plane v1.24.0',
			'basic-worker NotReady <none> v1.24.0',
			'basic-worker2 NotReady <none> v1.24.0',
			'basic-worker3 NotReady <none> v1.24.0',
		]);
		const ready = (
			get(cluster, 'nodes', undefined, 'basic-worker')!.status!.conditions as unknown as {
				type: string;
				reason: string;
				message: string;
			}[]
		).find((c) => c.type === 'Ready')!;
		expect(ready.reason).toBe('KubeletNotReady');
		expect(ready.message).toBe(
			'container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized',
		);
		const pods = cells(cluster, 'pods', undefined, 'Name', 'Status').map((line) => line.replace(/-[a-z0-9]+ /, ' '));
		expect(pods.filter((line) => line.endsWith('Pending'))).toHaveLength(3);
		expect(pods.filter((line) => line.startsWith('kube-proxy'))).toEqual(Array(4).fill('kube-proxy Running'));
		expect(events(cluster, 'kube-system', /^coredns/).at(-1)).toBe(
			'Warning FailedScheduling: 0/4 nodes are available: 4 node(s) had untolerated taint {node.kubernetes.io/not-ready: }. preemption: 0/4 nodes are available: 4 Preemption is not helpful for scheduling.',
		);
	});

	it('hands out pod CIDRs in the order nodes join, and tells nodes by the image they run', () => {
		const lab = newLab();
		const cluster = clusterOf(lab);
		const cidrs = list(cluster, 'nodes').map((n) => n.spec!.podCIDR);
		expect(get(cluster, 'nodes', undefined, 'basic-control-plane')!.spec!.podCIDR).toBe('10.244.0.0/24');
		expect([...cidrs].sort()).toEqual(['10.244.0.0/24', '10.244.1.0/24', '10.244.2.0/24', '10.244.3.0/24']);
		expect(get(cluster, 'nodes', undefined, 'basic-worker')!.status!.nodeInfo).toMatchObject({
			osImage: 'Ubuntu 21.10',
			kernelVersion: '5.15.0-46-generic',
			containerRuntimeVersion: 'containerd://1.6.4',
			kubeletVersion: 'v1.24.0',
		});
	});

	it('with kindnet becomes Ready, and pods get the addresses of their node one by one', () => {
		const lab = newLab({ kind: 'v0.29.0' });
		const cluster = clusterOf(lab, config(['control-plane']));
		pass(lab, MINUTE);
		expect(cells(cluster, 'nodes', undefined, 'Name', 'Status', 'Version')).toEqual([
			'basic-control-plane Ready v1.33.1',
		]);
		expect(
			cells(cluster, 'pods', undefined, 'IP')
				.filter((ip) => ip.startsWith('10.244.'))
				.sort(),
		).toEqual(['10.244.0.2', '10.244.0.3', '10.244.0.4']);
	});

	it('waits for the control plane when it is asked to, and gives up in time', () => {
		const last = (disableDefaultCNI: boolean) => {
			const lab = newLab();
			const run = lab.kind.create({ config: config(['control-plane'], { disableDefaultCNI }), wait: MINUTE });
			pass(lab, 10 * MINUTE, () => run.state !== 'running');
			expect(run.state).toBe('done');
			return run.steps.at(-1)!;
		};
		expect(last(false)).toMatchObject({ text: 'Waiting ≤ 1m0s for control-plane = Ready ⏳', ok: true });
		expect(last(false).note).toMatch(/^ • Ready after \d+s 💚$/);
		expect(last(true)).toMatchObject({ ok: false, note: ' • WARNING: Timed out waiting for Ready ⚠️' });
	});

	it('puts a load balancer in front of several control planes', () => {
		const lab = newLab();
		const cluster = clusterOf(lab, config(['control-plane', 'control-plane', 'worker'], {}, 'ha'));
		expect(lab.kind.nodes('ha')).toEqual([
			'ha-control-plane',
			'ha-control-plane2',
			'ha-external-load-balancer',
			'ha-worker',
		]);
		expect(cells(cluster, 'nodes', undefined, 'Name', 'Roles')).toEqual([
			'ha-control-plane control-plane',
			'ha-control-plane2 control-plane',
			'ha-worker <none>',
		]);
	});

	it('labels a node as a kubeadm patch says', () => {
		const lab = newLab();
		const patched = config(['control-plane']);
		const node = {
			role: 'control-plane',
			labels: { tier: 'front' },
			kubeadmConfigPatches: [
				'kind: InitConfiguration\nnodeRegistration:\n  kubeletExtraArgs:\n    node-labels: "ingress-ready=true"\n',
			],
		};
		const cluster = clusterOf(lab, { ...patched, nodes: [node] });
		expect(get(cluster, 'nodes', undefined, 'basic-control-plane')!.metadata.labels).toMatchObject({
			'ingress-ready': 'true',
			tier: 'front',
			'node-role.kubernetes.io/control-plane': '',
		});
	});

	it('leaves kube-proxy out when it is told to', () => {
		const lab = newLab();
		const cluster = clusterOf(lab, config(FOUR, { disableDefaultCNI: true, kubeProxyMode: 'none' }));
		expect(list(cluster, 'daemonsets')).toEqual([]);
		expect(get(cluster, 'configmaps', 'kube-system', 'kube-proxy')).toBeUndefined();
		expect(cluster.nodes().map((n) => n.proxyRules)).toEqual(['none', 'none', 'none', 'none']);
	});

	it('forgets a cluster that is deleted, and the next one gets its addresses', () => {
		const lab = newLab();
		clusterOf(lab);
		expect(lab.kind.clusters()).toEqual(['basic']);
		expect(lab.kind.delete('basic')).toEqual(['basic-control-plane', 'basic-worker', 'basic-worker2', 'basic-worker3']);
		expect(lab.kind.clusters()).toEqual([]);
		expect(lab.clusters()).toEqual([]);
		expect(lab.next()).toSatisfy((next: number | undefined) => next === undefined || next > lab.now);
		pass(lab, 10 * MINUTE);
		const again = clusterOf(lab);
		expect(
			lab.docker
				.containers()
				.map((c) => formatIp(c.ip!))
				.sort(),
		).toContain('172.18.0.2');
		expect(list(again, 'nodes')).toHaveLength(4);
	});

	it('a cluster deleted while it is made is not made', () => {
		const lab = newLab();
		const run = lab.kind.create({ name: 'half' });
		pass(lab, 22 * SECOND);
		expect(lab.kind.clusters()).toEqual(['half']);
		lab.kind.delete('half');
		pass(lab, 5 * MINUTE);
		expect(lab.clusters()).toEqual([]);
		expect(lab.docker.containers()).toEqual([]);
		expect(run.state).toBe('failed');
	});

	it('interrupted, stays half made until somebody deletes it', () => {
		const lab = newLab();
		const run = lab.kind.create({ name: 'half' });
		pass(lab, 22 * SECOND);
		lab.kind.abort(run);
		pass(lab, 5 * MINUTE);
		expect(run.steps.at(-1)).not.toHaveProperty('ended');
		expect(lab.kind.clusters()).toEqual(['half']);
		expect(lab.kind.create({ name: 'half' }).error).toContain('node(s) already exist');
		expect(lab.kind.delete('half')).toEqual(['half-control-plane']);
	});
});

describe('kind refuses', () => {
	it('a name that is in use', () => {
		const lab = newLab();
		clusterOf(lab);
		expect(lab.kind.create({ name: 'basic' }).error).toBe(
			'failed to create cluster: node(s) already exist for a cluster with the name "basic"',
		);
	});

	it.each([
		[{ name: 'Basic' }, "'Basic' is not a valid cluster name, cluster names must match `^[a-z0-9.-]+$`"],
		[
			{ config: { kind: 'Cluster', apiVersion: 'kind.x-k8s.io/v1alpha9' } },
			'unknown apiVersion: kind.x-k8s.io/v1alpha9',
		],
		[{ config: { ...config(['worker']) } }, 'must have at least one control-plane node'],
		[
			{ config: config(['control-plane', 'master']) },
			'invalid configuration for node 1: "master" is not a valid node role',
		],
		[{ config: config(['control-plane'], { kubeProxyMode: 'ebpf' }) }, 'invalid kubeProxyMode: ebpf'],
		[{ config: config(['control-plane'], { kubeProxyMode: false }) }, 'invalid kubeProxyMode: false'],
		[
			{ config: config(['control-plane'], { apiServerPort: 70000 }) },
			'invalid apiServerPort: invalid port number: 70000',
		],
		[
			{ config: config(['control-plane'], { podSubnet: '10.244.0.0' }) },
			'invalid pod subnet failed to parse cidr value:"10.244.0.0" with error: invalid CIDR address: 10.244.0.0',
		],
		[
			{ config: { ...config(['control-plane']), network: {} }, lineOf: () => 7 },
			'unable to decode config: yaml: unmarshal errors:\n  line 7: field network not found in type v1alpha4.Cluster',
		],
		[
			{ config: config(['worker'], { kubeProxyMode: 'x' }) },
			'[invalid kubeProxyMode: x, must have at least one control-plane node]',
		],
	])('%j', (asked, error) => {
		const run = newLab().kind.create(asked);
		expect(run.error).toBe(`failed to create cluster: ${error}`);
		expect(run.steps).toEqual([]);
	});

	it('an image nobody has, after five tries', () => {
		const lab = newLab();
		const run = lab.kind.create({ image: 'kindest/node:v9.9.9' });
		pass(lab, 2 * MINUTE, () => run.state !== 'running');
		expect(run.error).toBe(
			'failed to create cluster: failed to pull image "kindest/node:v9.9.9": command "docker pull kindest/node:v9.9.9" failed with error: exit status 1',
		);
		expect(run.commandOutput).toBe(
			'Error response from daemon: manifest for kindest/node:v9.9.9 not found: manifest unknown: manifest unknown',
		);
		expect(run.steps.at(-1)).toMatchObject({ ok: false });
		// 1 + 2 + 3 + 4 seconds between tries.
		expect(lab.now / SECOND).toBeGreaterThan(18);
	});

	it.each([
		[
			{ apiServerAddress: 'localhost' },
			/exit status 125$/,
			/^docker: Invalid ip address: localhost\.\nSee 'docker run --help'\.$/,
		],
		[
			{ apiServerAddress: '192.0.2.7', apiServerPort: 6443 },
			/exit status 125$/,
			/listen tcp4 192\.0\.2\.7:6443: bind: cannot assign requested address\.$/,
		],
		[
			{ apiServerAddress: 'laptop' },
			/random host port for port mapping: listen tcp: lookup laptop on 127\.0\.0\.53:53: no such host$/,
			undefined,
		],
	])('an API server at %o, which is no address of the machine', (networking, error, output) => {
		const lab = newLab();
		const run = lab.kind.create({ config: config(['control-plane'], networking) });
		pass(lab, 2 * MINUTE, () => run.state !== 'running');
		expect(run.error).toMatch(error);
		if (output) expect(run.commandOutput).toMatch(output);
		expect(lab.docker.containers()).toEqual([]);
	});

	it('a host port that two nodes want, and clears up', () => {
		const lab = newLab();
		const mapping = { containerPort: 80, hostPort: 80 };
		const run = lab.kind.create({
			config: {
				...config([]),
				nodes: [
					{ role: 'control-plane', extraPortMappings: [mapping] },
					{ role: 'worker', extraPortMappings: [mapping] },
				],
			},
		});
		pass(lab, 2 * MINUTE, () => run.state !== 'running');
		expect(run.error).toMatch(
			/^failed to create cluster: command "docker run --name basic-.* failed with error: exit status 125$/,
		);
		expect(run.commandOutput).toMatch(/Bind for 0\.0\.0\.0:80 failed: port is already allocated\.$/);
		expect(lab.docker.containers()).toEqual([]);
		expect(lab.kind.clusters()).toEqual([]);
	});
});
