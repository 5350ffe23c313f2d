/** What kubeadm leaves by its version (CHANGELOG/CHANGELOG-1.{22,24,25,27,31,33}.md; a node of kind v1.34 for the account). */
import { describe, expect, it } from 'vitest';
import { clusterOf, config, get, MINUTE, newLab, pass } from './helpers.ts';

function at(kubernetes: string) {
	const lab = newLab({ kernel: '6.8.0-31-generic' });
	const nodes = [{ role: 'control-plane', image: `kindest/node:v${kubernetes}` }];
	const cluster = clusterOf(lab, { ...config([]), nodes });
	pass(lab, MINUTE);
	const pods = ['etcd', 'kube-apiserver', 'kube-scheduler'].map(
		(name) => get(cluster, 'pods', 'kube-system', `${name}-basic-control-plane`) as never as Pod,
	);
	const { data } = get(cluster, 'configmaps', 'kube-system', 'kubeadm-config') as never as {
		data: { ClusterConfiguration: string };
	};
	return { pods, text: data.ClusterConfiguration };
}

interface Probe {
	httpGet: { path: string };
	initialDelaySeconds?: number;
	periodSeconds: number;
}
interface Pod {
	spec: {
		serviceAccountName?: string;
		securityContext: object;
		containers: { command: string[]; livenessProbe: Probe; readinessProbe?: Probe; startupProbe: Probe }[];
	};
}

const paths = ({ spec: { containers } }: Pod) =>
	[containers[0]!.livenessProbe, containers[0]!.readinessProbe, containers[0]!.startupProbe].map(
		(probe) => probe?.httpGet.path,
	);

describe('kubeadm', () => {
	it.each([
		['1.21.1', {}, ['/health', undefined, '/health'], ['/healthz', undefined, '/healthz'], 0],
		['1.24.0', 'RuntimeDefault', ['/health', undefined, '/health'], ['/healthz', undefined, '/healthz'], 1],
		['1.33.1', 'RuntimeDefault', ['/livez', '/readyz', '/readyz'], ['/livez', '/readyz', '/livez'], 2],
	] as const)('of %s writes its static pods', (kubernetes, seccomp, etcd, scheduler, experimental) => {
		const { pods } = at(kubernetes);
		for (const { spec } of pods) {
			expect(spec.securityContext).toEqual(typeof seccomp === 'string' ? { seccompProfile: { type: seccomp } } : {});
			expect(spec).not.toHaveProperty('serviceAccountName');
			expect(spec).not.toHaveProperty('serviceAccount');
		}
		expect(paths(pods[0]!)).toEqual(etcd);
		expect(paths(pods[1]!)).toEqual(['/livez', '/readyz', '/livez']);
		expect(pods[1]!.spec.containers[0]!.readinessProbe).not.toHaveProperty('initialDelaySeconds');
		expect(paths(pods[2]!)).toEqual(scheduler);
		expect(pods[0]!.spec.containers[0]!.command.filter((word) => word.includes('experimental'))).toHaveLength(
			experimental,
		);
	});

	it('keeps its configuration as v1beta3, and from 1.31 as v1beta4', () => {
		const { text: three } = at('1.30.0');
		expect(three).toContain(
			'\n  extraArgs:\n    authorization-mode: Node,RBAC\n    runtime-config: ""\n  timeoutForControlPlane: 4m0s\napiVersion: kubeadm.k8s.io/v1beta3\n',
		);
		const { text: four } = at('1.31.0');
		expect(four).toContain(
			'\n  extraArgs:\n  - name: runtime-config\n    value: ""\napiVersion: kubeadm.k8s.io/v1beta4\ncaCertificateValidityPeriod: 87600h0m0s\ncertificateValidityPeriod: 8760h0m0s\n',
		);
		expect(four).toContain(
			'\n  - name: enable-hostpath-provisioner\n    value: "true"\ndns: {}\nencryptionAlgorithm: RSA-2048\n',
		);
		expect(four).toMatch(/\nproxy: {}\nscheduler: {}\n$/);
		expect(four).not.toMatch(/timeoutForControlPlane|authorization-mode/);
	});
});
