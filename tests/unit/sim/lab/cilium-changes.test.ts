import { describe, expect, it } from 'vitest';
import type { ApiObject } from '../../../../src/sim/api/index.ts';
import { renderCilium, type Values } from '../../../../src/sim/charts/index.ts';
import type { Cluster } from '../../../../src/sim/lab/index.ts';
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

const DISABLED = { ...NATIVE, kubeProxyReplacement: 'disabled' } as const;

const rendered = (cluster: Cluster, version: string, values: Values) => {
	const result = renderCilium({
		release: 'cilium',
		namespace: 'kube-system',
		version,
		kubernetes: cluster.api.version,
		values,
	});
	if ('error' in result) throw new Error(result.error);
	return result.manifests as unknown as readonly ApiObject[];
};

/** `helm upgrade`, as far as objects go. */
function upgrade(cluster: Cluster, version: string, values: Values): void {
	for (const manifest of rendered(cluster, version, values)) {
		const { name, namespace } = manifest.metadata;
		const resource = cluster.api.find(
			`${manifest.kind}${manifest.apiVersion.includes('/') ? `.${manifest.apiVersion.split('/')[0]}` : ''}`,
		)!;
		const there = cluster.api.get(resource, namespace, name);
		const done = there ? cluster.api.update(manifest as never) : cluster.api.create(manifest as never);
		expect(done.error?.message).toBeUndefined();
	}
}

/** `helm uninstall`. */
function uninstall(cluster: Cluster, version: string, values: Values): void {
	for (const { kind, metadata } of [...rendered(cluster, version, values)].reverse())
		cluster.api.delete(cluster.api.find(kind)!, metadata.namespace, metadata.name);
}

const statuses = (cluster: Cluster) => cells(cluster, 'nodes', undefined, 'Status');

describe('Cilium in a cluster that had kindnet', () => {
	it('leaves pods as they are, and restarts CoreDNS so that it becomes an endpoint', () => {
		const lab = newLab();
		const cluster = clusterOf(lab, config(['control-plane', 'worker']));
		pass(lab, MINUTE);
		create(cluster, echo(1));
		pass(lab, 20 * SECOND);
		const before = cells(cluster, 'pods', 'default', 'Name', 'IP');
		const dns = list(cluster, 'pods', 'kube-system')
			.filter((p) => p.metadata.name.startsWith('coredns'))
			.map((p) => p.metadata.name);
		installCilium(cluster, DISABLED);
		pass(lab, 4 * MINUTE);
		expect(cells(cluster, 'pods', 'default', 'Name', 'IP')).toEqual(before);
		expect(list(cluster, 'ciliumendpoints', 'default')).toEqual([]);
		const now = list(cluster, 'pods', 'kube-system')
			.filter((p) => p.metadata.name.startsWith('coredns'))
			.map((p) => p.metadata.name);
		expect(now).toHaveLength(2);
		expect(now.filter((name) => dns.includes(name))).toEqual([]);
		expect(list(cluster, 'ciliumendpoints', 'kube-system').map((e) => e.metadata.name)).toEqual(now);
		expect(Object.keys(cluster.nodes()[1]!.cniConfig).sort()).toEqual([
			'05-cilium.conf',
			'10-kindnet.conflist.cilium_bak',
		]);
		const ips = list(cluster, 'pods')
			.map((p) => String(p.status!.podIP))
			.filter((ip) => ip.startsWith('10.244.'));
		expect(new Set(ips).size).toBe(ips.length);
	});
});

describe('Cilium upgraded', () => {
	it('from 1.12 to 1.14 rolls its agents, two at a time, and pods keep their addresses', () => {
		const lab = newLab();
		const cluster = clusterOf(lab);
		installCilium(cluster, DISABLED);
		pass(lab, 2 * MINUTE);
		create(cluster, echo(2));
		pass(lab, 20 * SECOND);
		const addresses = () => cells(cluster, 'pods', 'default', 'Name', 'IP', 'Restarts');
		const before = addresses();
		const told = () => list(cluster, 'ciliumendpoints', 'default').map((e) => e.status!.policy);
		expect(told()).toEqual([undefined, undefined]);
		let least = 4;
		upgrade(cluster, '1.14.13', {
			routingMode: 'native',
			autoDirectNodeRoutes: true,
			ipv4NativeRoutingCIDR: '10.244.0.0/16',
			ipam: { mode: 'kubernetes' },
		});
		pass(lab, 5 * MINUTE, () => {
			least = Math.min(
				least,
				Number(
					cells(cluster, 'daemonsets', 'kube-system', 'Name', 'Ready')
						.find((l) => l.startsWith('cilium '))!
						.split(' ')[1],
				),
			);
			return false;
		});
		expect(least).toBe(2);
		expect(cluster.agents().map((a) => `${a.version} ${a.state}`)).toEqual(Array(4).fill('1.14.13 ready'));
		expect(addresses()).toEqual(before);
		expect(Object.keys(cluster.nodes()[0]!.cniConfig)).toEqual(['05-cilium.conflist']);
		expect(connect(cluster, 'host', '172.18.0.3:32017').result).toBe('connected');
		expect(cluster.world().scenario.bundles[0]!.cilium).toBe('1.14.13');
		// Agents from 1.13 on say that they do not tell an endpoint's policy.
		const side = { enforcing: false, state: '<status disabled>' };
		expect(told()).toEqual([
			{ ingress: side, egress: side },
			{ ingress: side, egress: side },
		]);
		// The operator brings the columns of its own version.
		expect(get(cluster, 'customresourcedefinitions', undefined, 'ciliumpodippools.cilium.io')).toBeDefined();
	});

	it('to full replacement by values, once the agents are restarted', () => {
		const lab = newLab();
		const cluster = clusterOf(lab);
		installCilium(cluster, DISABLED);
		pass(lab, 2 * MINUTE);
		create(cluster, echo(1));
		pass(lab, 20 * SECOND);
		const seen = () =>
			[2, 3, 4, 5].map(
				(n) => /IP: ([\d.]+):/.exec(String.fromCharCode(...connect(cluster, 'host', `172.18.0.${n}:32017`).reply))?.[1],
			);
		expect(seen()).toEqual(['172.18.0.2', '172.18.0.3', '172.18.0.4', '172.18.0.5']);
		upgrade(cluster, '1.12.1', {
			...NATIVE,
			kubeProxyReplacement: 'strict',
			loadBalancer: { mode: 'dsr' },
			k8sServiceHost: 'basic-control-plane',
			k8sServicePort: 6443,
		});
		pass(lab, 3 * MINUTE);
		expect(cluster.agents().map((a) => a.settings.lbMode)).toEqual(Array(4).fill('dsr'));
		expect(seen()).toEqual(Array(4).fill('172.18.0.1'));
	});
});

describe('Cilium 1.14 with the old name of its tunnel', () => {
	it.each(['vxlan', 'geneve', 'disabled'])('tunnel=%s', (tunnel) => {
		const lab = newLab();
		const cluster = clusterOf(lab, config(['control-plane', 'worker'], { disableDefaultCNI: true }));
		installCilium(cluster, { ...NATIVE, tunnel, autoDirectNodeRoutes: tunnel === 'disabled' }, '1.14.13');
		pass(lab, 2 * MINUTE);
		create(cluster, echo(1));
		pass(lab, 20 * SECOND);
		expect(connect(cluster, 'host', '172.18.0.2:32017').result).toBe('connected');
		const devices = [...cluster.world().net.namespaces.get('node/basic-worker')!.devices.values()].map((d) => d.name);
		expect(devices.filter((d) => /^cilium_(vxlan|geneve)$/.test(d))).toEqual(
			tunnel === 'disabled' ? [] : [`cilium_${tunnel}`],
		);
	});
});

describe('Cilium uninstalled', () => {
	it('1.12 takes its configuration along: nodes are NotReady, running pods go on', () => {
		const lab = newLab();
		const cluster = clusterOf(lab);
		installCilium(cluster, DISABLED);
		pass(lab, 2 * MINUTE);
		create(cluster, echo(1));
		pass(lab, 20 * SECOND);
		uninstall(cluster, '1.12.1', DISABLED);
		pass(lab, 30 * SECOND);
		expect(statuses(cluster)).toEqual(Array(4).fill('NotReady'));
		expect(cells(cluster, 'pods', 'default', 'Status')).toEqual(['Running']);
		expect(connect(cluster, 'host', '172.18.0.2:32017').result).toBe('connected');
		expect(cluster.agents().map((a) => a.state)).toEqual(Array(4).fill('gone'));
		// The definitions are nobody's to delete.
		expect(get(cluster, 'customresourcedefinitions', undefined, 'ciliumendpoints.cilium.io')).toBeDefined();
	});

	it('1.18 leaves it: nodes are Ready, and new pods find no agent', () => {
		const lab = newLab({ kind: 'v0.29.0', kernel: '6.8.0-31-generic' });
		const cluster = clusterOf(lab);
		installCilium(cluster, {}, '1.18.3');
		pass(lab, 3 * MINUTE);
		uninstall(cluster, '1.18.3', {});
		pass(lab, 30 * SECOND);
		create(cluster, echo(1));
		pass(lab, MINUTE);
		expect(statuses(cluster)).toEqual(Array(4).fill('Ready'));
		expect(cells(cluster, 'pods', 'default', 'Status')).toEqual(['ContainerCreating']);
	});
});

describe('somebody in a pod', () => {
	it('keeps a shell with standard input alive until it is left', () => {
		const lab = newLab();
		const cluster = clusterOf(lab, config(['control-plane']));
		pass(lab, MINUTE);
		create(cluster, [
			{
				apiVersion: 'v1',
				kind: 'Pod',
				metadata: { name: 'tmp' },
				spec: {
					restartPolicy: 'Never',
					containers: [{ name: 'tmp', image: 'busybox:1.36.1', args: ['sh'], stdin: true, tty: true }],
				},
			},
		]);
		pass(lab, 20 * SECOND);
		expect(cells(cluster, 'pods', 'default', 'Status')).toEqual(['Running']);
		expect(cluster.exit('default', 'tmp', 'tmp', 2)).toBe(true);
		pass(lab, 5 * SECOND);
		expect(cells(cluster, 'pods', 'default', 'Status')).toEqual(['Error']);
		expect(cluster.exit('default', 'tmp', 'tmp', 0)).toBe(false);
		remove(cluster, 'pods', 'default', 'tmp');
	});
});
