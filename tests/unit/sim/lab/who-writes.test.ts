import { describe, expect, it } from 'vitest';
import { labPreset } from '../../../../src/sim/lab/index.ts';

const begun = () => {
	const lab = labPreset('kind-basic')!;
	const { api } = lab.cluster('basic')!;
	const find = (kind: string, name: string) => api.get(api.find(kind)!, 'default', name);
	const elapse = (seconds: number) => lab.run(lab.now + seconds * 1e6);
	return { lab, api, find, elapse };
};

describe('what comes back when somebody deletes it', () => {
	it('is the endpoints of a service, and its slices, with the same addresses', () => {
		const { api, find, elapse } = begun();
		const before = find('endpoints', 'svc-echoserver')!.subsets;
		api.delete(api.find('endpoints')!, 'default', 'svc-echoserver');
		const [slice] = api.list(api.find('endpointslices')!, {
			labelSelector: 'kubernetes.io/service-name=svc-echoserver',
		});
		api.delete(api.find('endpointslices')!, 'default', slice!.metadata.name);
		expect(find('endpoints', 'svc-echoserver')).toBeUndefined();
		elapse(1);
		expect(find('endpoints', 'svc-echoserver')!.subsets).toEqual(before);
		const [again, ...more] = api.list(api.find('endpointslices')!, {
			labelSelector: 'kubernetes.io/service-name=svc-echoserver',
		});
		expect(more).toEqual([]);
		expect(again!.metadata.uid).not.toBe(slice!.metadata.uid);
		expect(again!.endpoints).toEqual(slice!.endpoints);
	});

	it('is a slice that somebody else changed, as the controller had it', () => {
		const { api, elapse } = begun();
		const slices = () =>
			api.list(api.find('endpointslices')!, { labelSelector: 'kubernetes.io/service-name=svc-echoserver' });
		const [slice] = slices();
		api.update({ ...slice!, endpoints: [] });
		elapse(1);
		expect(slices()[0]!.endpoints).toEqual(slice!.endpoints);
	});

	it('is the service kubernetes at its address, ten seconds later at most', () => {
		const { api, find, elapse } = begun();
		const address = find('services', 'kubernetes')!.spec!.clusterIP;
		api.delete(api.find('services')!, 'default', 'kubernetes');
		expect(find('services', 'kubernetes')).toBeUndefined();
		elapse(11);
		expect(find('services', 'kubernetes')!.spec!.clusterIP).toBe(address);
		expect(find('endpoints', 'kubernetes')!.subsets).toMatchObject([{ ports: [{ port: 6443 }] }]);
	});
});

describe('who wrote what in a cluster', () => {
	it('is told by the names its components go by', () => {
		const { api } = begun();
		const of = (plural: string, name: string, namespace?: string) =>
			new Set(api.writes(api.get(api.find(plural)!, namespace, name)!).map(({ manager }) => manager));
		expect(of('services', 'kubernetes', 'default')).toEqual(new Set(['kube-apiserver']));
		expect(of('services', 'kube-dns', 'kube-system')).toEqual(new Set(['kubeadm']));
		expect(of('daemonsets', 'cilium', 'kube-system')).toEqual(new Set(['helm', 'kube-controller-manager']));
		expect(of('deployments', 'deploy-echoserver', 'default')).toEqual(
			new Set(['kubectl-client-side-apply', 'kube-controller-manager']),
		);
		expect(of('leases', 'basic-worker', 'kube-node-lease')).toEqual(new Set(['kubelet']));
		expect(of('customresourcedefinitions', 'ciliumnodes.cilium.io')).toEqual(new Set(['cilium-operator-generic']));
		expect([...of('nodes', 'basic-worker')]).toContain('kubelet');
		expect([...of('ciliumnodes', 'basic-worker')]).toContain('cilium-agent');
	});
});
