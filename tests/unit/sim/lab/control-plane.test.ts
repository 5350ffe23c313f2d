/** What a cluster does while parts of its control plane are away. */
import { describe, expect, it } from 'vitest';
import type { Cluster } from '../../../../src/sim/lab/index.ts';
import { cells, create, echo, get, MINUTE, pass, SECOND, settled } from './helpers.ts';

const NODE = 'basic-control-plane';
const holder = (cluster: Cluster, name: string) =>
	String(get(cluster, 'leases', 'kube-system', name)!.spec!.holderIdentity);
const nginx = (name: string) => ({
	apiVersion: 'v1',
	kind: 'Pod',
	metadata: { name },
	spec: { containers: [{ name: 'c', image: 'nginx:1.23' }] },
});

/** Takes a file away; answers how to bring it back. */
function takeAway(cluster: Cluster, file: string): () => void {
	const { manifests } = cluster.nodes().find(({ name }) => name === NODE)!;
	cluster.setManifest(NODE, file, undefined);
	return () => cluster.setManifest(NODE, file, manifests[file]);
}

describe('a control plane', () => {
	it('without a scheduler leaves pods pending, and has given its lease back', () => {
		const { lab, cluster } = settled();
		const before = holder(cluster, 'kube-scheduler');
		const back = takeAway(cluster, 'kube-scheduler.yaml');
		pass(lab, 10 * SECOND);
		expect(get(cluster, 'pods', 'kube-system', `kube-scheduler-${NODE}`)).toBeUndefined();
		expect(holder(cluster, 'kube-scheduler')).toBe('');
		create(cluster, [nginx('web')]);
		pass(lab, MINUTE);
		expect(cells(cluster, 'pods', 'default', 'Status')).toEqual(['Pending']);
		back();
		pass(lab, 40 * SECOND);
		expect(cells(cluster, 'pods', 'default', 'Status')).toEqual(['Running']);
		expect(holder(cluster, 'kube-scheduler')).toMatch(new RegExp(`^${NODE}_`));
		expect(holder(cluster, 'kube-scheduler')).not.toBe(before);
	});

	it('without a controller manager makes no pods of a Deployment and notices no dead node, until a lease has expired', () => {
		const { lab, cluster } = settled();
		const renew = () => String(get(cluster, 'leases', 'kube-system', 'kube-controller-manager')!.spec!.renewTime);
		const back = takeAway(cluster, 'kube-controller-manager.yaml');
		pass(lab, 5 * SECOND);
		const last = renew();
		create(cluster, echo(1));
		lab.docker.stop('basic-worker');
		pass(lab, 2 * MINUTE);
		expect(cells(cluster, 'pods', 'default', 'Name')).toEqual([]);
		expect(cells(cluster, 'nodes', undefined, 'Name', 'Status')).toContain('basic-worker Ready');
		expect(renew()).toBe(last);
		lab.docker.start('basic-worker');
		back();
		pass(lab, MINUTE);
		expect(cells(cluster, 'pods', 'default', 'Status')).toEqual(['Running']);
		expect(renew()).not.toBe(last);
	});

	it('without a controller manager gives a new namespace no account, and its pods are refused until there is one', () => {
		const { lab, cluster } = settled();
		const back = takeAway(cluster, 'kube-controller-manager.yaml');
		pass(lab, 5 * SECOND);
		const { api } = cluster;
		api.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'late' } });
		const pod = { ...nginx('web'), metadata: { name: 'web', namespace: 'late' } };
		const refused = api.create(pod);
		expect(refused.error?.message).toBe(
			'pods "web" is forbidden: error looking up service account late/default: serviceaccount "default" not found',
		);
		// Nine times 100 to 200 ms.
		expect(refused.took! / SECOND).toBeGreaterThanOrEqual(0.9);
		expect(refused.took! / SECOND).toBeLessThan(1.8);
		back();
		pass(lab, 40 * SECOND);
		expect(api.create(pod).error).toBeUndefined();
	});

	it('a pod right after its namespace waits for the account', () => {
		const { cluster } = settled();
		cluster.api.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'new' } });
		const made = cluster.api.create({ ...nginx('web'), metadata: { name: 'web', namespace: 'new' } });
		expect(made.error).toBeUndefined();
		expect(made.took! / SECOND).toBeGreaterThanOrEqual(0.1);
		expect(made.took! / SECOND).toBeLessThan(0.2);
	});

	it('without an API server or etcd answers nobody; containers go on', () => {
		for (const file of ['kube-apiserver.yaml', 'etcd.yaml']) {
			const { lab, cluster } = settled();
			create(cluster, echo(1));
			pass(lab, 30 * SECOND);
			const back = takeAway(cluster, file);
			pass(lab, 10 * SECOND);
			expect(cluster.reachable).toBe(false);
			expect(cluster.running().map((c) => c.name)).toContain('echo');
			expect(cluster.running().map((c) => c.name)).not.toContain(file.replace('.yaml', ''));
			back();
			pass(lab, 20 * SECOND);
			expect(cluster.reachable).toBe(true);
			expect(cells(cluster, 'pods', 'default', 'Status')).toEqual(['Running']);
			expect(cluster.running().map((c) => c.name)).toContain(file.replace('.yaml', ''));
		}
	});

	it('a kubelet runs a pod of a file that is new, and another one when the file is changed', () => {
		const { lab, cluster } = settled();
		const file = (image: string) => ({ ...nginx('static'), spec: { containers: [{ name: 'c', image }] } });
		cluster.setManifest('basic-worker', 'static.yaml', file('nginx:1.23'));
		pass(lab, 30 * SECOND);
		const images = () =>
			cluster
				.running()
				.filter((c) => c.pod.name === 'static-basic-worker')
				.map((c) => c.image);
		expect(images()).toEqual(['nginx:1.23']);
		cluster.setManifest('basic-worker', 'static.yaml', file('nginx:1.24'));
		pass(lab, 40 * SECOND);
		expect(images()).toEqual(['nginx:1.24']);
		cluster.setManifest('basic-worker', 'static.yaml', undefined);
		pass(lab, 40 * SECOND);
		expect(cells(cluster, 'pods', 'default', 'Name')).toEqual([]);
	});

	it('the lease of a node that was switched off stays at its last renewal', () => {
		const { lab, cluster } = settled();
		const lease = () => String(get(cluster, 'leases', 'kube-node-lease', 'basic-worker')!.spec!.renewTime);
		lab.docker.stop('basic-worker');
		const last = lease();
		pass(lab, MINUTE);
		expect(lease()).toBe(last);
	});

	it('a node without a kubelet is not ready while its containers go on; what happened meanwhile is caught up with', () => {
		const { lab, cluster } = settled();
		create(cluster, [nginx('stays'), nginx('goes')]);
		pass(lab, 30 * SECOND);
		cluster.setKubelet('basic-worker', false);
		cluster.exit('default', 'stays', 'c', 1);
		cluster.api.delete(cluster.api.find('pods')!, 'default', 'goes');
		pass(lab, MINUTE);
		expect(cells(cluster, 'nodes', undefined, 'Name', 'Status')).toContain('basic-worker NotReady');
		const names = () =>
			cluster
				.running()
				.filter((c) => c.pod.namespace === 'default')
				.map((c) => c.pod.name);
		expect(names()).toEqual(['goes']);
		expect(cells(cluster, 'pods', 'default', 'Name', 'Status')).toContain('goes Terminating');
		cluster.setKubelet('basic-worker', true);
		pass(lab, 50 * SECOND);
		expect(cells(cluster, 'nodes', undefined, 'Name', 'Status')).toContain('basic-worker Ready');
		expect(names()).toEqual(['stays']);
		expect(cells(cluster, 'pods', 'default', 'Name', 'Status', 'Restarts')).toEqual([
			expect.stringMatching(/^stays Running 1 /),
		]);
	});
});
