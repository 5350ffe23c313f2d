import { describe, expect, it } from 'vitest';
import { NODE_IMAGES, nodeImageOf } from '../../../../src/sim/lab/machine/node-images.ts';
import {
	cells,
	clusterOf,
	config,
	connect,
	create,
	echo,
	events,
	installCilium,
	list,
	MINUTE,
	newLab,
	pass,
	SECOND,
} from './helpers.ts';

const KERNEL = { kernel: '6.8.0-31-generic' };

describe('every Kubernetes that kind has here', () => {
	it.each(NODE_IMAGES.map((image) => image.kubernetes))(
		'%s comes up with kindnet and serves a NodePort',
		(kubernetes) => {
			const lab = newLab(KERNEL);
			const nodes = ['control-plane', 'worker'].map((role) => ({ role, image: `kindest/node:v${kubernetes}` }));
			const cluster = clusterOf(lab, { ...config([]), nodes });
			pass(lab, MINUTE);
			create(cluster, echo(1));
			pass(lab, 30 * SECOND);
			expect(cells(cluster, 'nodes', undefined, 'Status', 'Version')).toEqual(Array(2).fill(`Ready v${kubernetes}`));
			expect(list(cluster, 'pods').map((p) => p.status!.phase)).toEqual(list(cluster, 'pods').map(() => 'Running'));
			expect(connect(cluster, 'host', '172.18.0.2:32017').result).toBe('connected');
			// kind v0.18.0, whose image is of 1.26, keeps kindnet to Linux.
			expect(cells(cluster, 'daemonsets', 'kube-system', 'Name', 'Node Selector')).toContain(
				`kindnet ${Number(kubernetes.split('.')[1]) < 26 ? '<none>' : 'kubernetes.io/os=linux'}`,
			);
		},
	);

	it('tells how long an image took, to the millisecond from 1.28', () => {
		const took = (kubernetes: string): string => {
			const lab = newLab(KERNEL);
			const cluster = clusterOf(lab, {
				...config([]),
				nodes: [{ role: 'control-plane', image: `kindest/node:v${kubernetes}` }],
			});
			pass(lab, MINUTE);
			create(cluster, echo(1));
			pass(lab, 30 * SECOND);
			return events(cluster, 'default', /^echo/).find((line) => line.includes('Successfully pulled'))!;
		};
		expect(took('1.29.2')).toMatch(/ in (?:\d+\.\d{1,3}s|\d+ms) \((?:\d+\.\d{1,3}s|\d+ms) including waiting\)$/);
		expect(took('1.24.0')).toMatch(/ in \d+\.\d+m?s$/);
	});

	it('patches of a known minor are taken for it, and others are not there', () => {
		expect(nodeImageOf('v1.24.7')).toMatchObject({ kubernetes: '1.24.7', osImage: 'Ubuntu 21.10' });
		expect(nodeImageOf('v1.24.99')).toBeUndefined();
		expect(nodeImageOf('v2.0.0')).toBeUndefined();
		expect(nodeImageOf('latest')).toBeUndefined();
	});
});

describe('every Cilium', () => {
	it.each([
		['1.12.1', 6],
		['1.13.4', 8],
		['1.14.13', 11],
		['1.15.19', 11],
		['1.16.6', 11],
		['1.17.5', 11],
		['1.18.3', 10],
		['1.19.4', 10],
	])('%s replaces kube-proxy and registers %i kinds', (version, kinds) => {
		const lab = newLab({ ...KERNEL, kind: 'v0.24.0' });
		const cluster = clusterOf(
			lab,
			config(['control-plane', 'worker'], { disableDefaultCNI: true, kubeProxyMode: 'none' }),
		);
		const old = Number(version.split('.')[1]) < 14;
		installCilium(
			cluster,
			{ kubeProxyReplacement: old ? 'strict' : true, k8sServiceHost: 'basic-control-plane', k8sServicePort: 6443 },
			version,
		);
		pass(lab, 3 * MINUTE);
		create(cluster, echo(1));
		pass(lab, 30 * SECOND);
		expect(cluster.agents().map((a) => `${a.version} ${a.state}`)).toEqual(Array(2).fill(`${version} ready`));
		expect(list(cluster, 'customresourcedefinitions')).toHaveLength(kinds);
		expect(list(cluster, 'pods').map((p) => p.status!.phase)).toEqual(list(cluster, 'pods').map(() => 'Running'));
		expect(connect(cluster, 'host', '172.18.0.2:32017').result).toBe('connected');
		expect(connect(cluster, 'host', '172.18.0.3:32017').result).toBe('connected');
	});
});
