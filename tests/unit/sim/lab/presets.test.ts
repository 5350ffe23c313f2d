import { describe, expect, it } from 'vitest';
import { LAB_PRESETS, labPreset } from '../../../../src/sim/lab/index.ts';
import { cells, connect, digest } from './helpers.ts';

const nodes = ['Name', 'Status', 'Roles', 'Age', 'Version'];

describe('the presets', () => {
	it('kind-nocni is the cluster of the material nine and a half minutes after it was made', () => {
		const cluster = labPreset('kind-nocni')!.cluster('basic')!;
		expect(cells(cluster, 'nodes', undefined, ...nodes)).toEqual([
			'basic-control-plane NotReady control-plane 9m32s v1.24.0',
			'basic-worker NotReady <none> 9m8s v1.24.0',
			'basic-worker2 NotReady <none> 9m9s v1.24.0',
			'basic-worker3 NotReady <none> 9m9s v1.24.0',
		]);
	});

	it('kind-basic has the names, addresses and ages that were printed', () => {
		const lab = labPreset('kind-basic')!;
		const cluster = lab.cluster('basic')!;
		expect(
			cells(cluster, 'nodes', undefined, ...nodes, 'Internal-IP', 'OS-Image', 'Kernel-Version', 'Container-Runtime'),
		).toEqual([
			'basic-control-plane Ready control-plane 6m31s v1.24.0 172.18.0.4 Ubuntu 21.10 5.15.0-46-generic containerd://1.6.4',
			'basic-worker Ready <none> 6m12s v1.24.0 172.18.0.3 Ubuntu 21.10 5.15.0-46-generic containerd://1.6.4',
			'basic-worker2 Ready <none> 6m11s v1.24.0 172.18.0.2 Ubuntu 21.10 5.15.0-46-generic containerd://1.6.4',
			'basic-worker3 Ready <none> 6m11s v1.24.0 172.18.0.5 Ubuntu 21.10 5.15.0-46-generic containerd://1.6.4',
		]);
		expect(cells(cluster, 'pods', 'default', 'Name', 'Ready', 'Status', 'IP', 'Node')).toEqual([
			'deploy-echoserver-7ccc684445-msflx 1/1 Running 10.244.1.199 basic-worker',
		]);
		expect(cells(cluster, 'services', 'default', 'Name', 'Type', 'Cluster-IP', 'Port(s)').at(-1)).toBe(
			'svc-echoserver NodePort 10.96.101.186 8080:32017/TCP',
		);
		expect(cells(cluster, 'services', 'default', 'Age').at(-1)).toBe('2m3s');
		expect(
			cells(cluster, 'daemonsets', undefined, 'Name', 'Desired', 'Current', 'Ready', 'Up-to-date', 'Available'),
		).toEqual(['cilium 4 4 4 4 4', 'kube-proxy 4 4 4 4 4']);
		expect(lab.docker.find('basic-control-plane')!.ports.map((p) => `${p.hostIp}:${p.hostPort}`)).toEqual([
			'0.0.0.0:80',
			'0.0.0.0:443',
			'0.0.0.0:6443',
		]);
		expect(cluster.server).toBe('https://0.0.0.0:6443');
		expect(cluster.releases().map((r) => `${r.name} ${r.chartVersion} ${r.status}`)).toEqual([
			'cilium 1.12.1 deployed',
		]);
	});

	it('kind-basic answers at every node, as kube-proxy lets it', () => {
		const cluster = labPreset('kind-basic')!.cluster('basic')!;
		for (const n of [2, 3, 4, 5]) {
			const outcome = connect(cluster, 'host', `172.18.0.${n}:32017`);
			expect(outcome.server).toBe('deploy-echoserver-7ccc684445-msflx');
			expect(String.fromCharCode(...outcome.reply)).toContain(`-> Requesting IP: 172.18.0.${n}:`);
		}
	});

	it('kind-ebpf keeps the client only on the pod’s own node: the mode is snat', () => {
		const cluster = labPreset('kind-ebpf')!.cluster('basic')!;
		const seen = [2, 3, 4, 5].map((n) => {
			const outcome = connect(cluster, 'host', `172.18.0.${n}:32017`);
			return /IP: ([\d.]+):/.exec(String.fromCharCode(...outcome.reply))?.[1];
		});
		expect(seen).toEqual(['172.18.0.2', '172.18.0.1', '172.18.0.4', '172.18.0.5']);
	});

	it('each is the same every time', () => {
		for (const { id } of LAB_PRESETS) expect(digest(labPreset(id)!)).toBe(digest(labPreset(id)!));
		expect(labPreset('nobody')).toBeUndefined();
	});
});
