/** What kubeadm leaves by its version (CHANGELOG/CHANGELOG-1.{22,24,25,27,31,33}.md; a node of kind v1.34 for the account). */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { clusterOf, config, get, list, MINUTE, newLab, pass } from './helpers.ts';

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

it.each([
	['1.24.0', undefined],
	['1.26.3', /^kube-apiserver-[a-z2-7]{26}$/],
	['1.33.1', /^apiserver-[a-z2-7]{26}$/],
] as const)('an API server of %s says by a lease that it is there', (kubernetes, name) => {
	const lab = newLab({ kernel: '6.8.0-31-generic' });
	const nodes = [{ role: 'control-plane', image: `kindest/node:v${kubernetes}` }];
	const cluster = clusterOf(lab, { ...config([]), nodes });
	pass(lab, MINUTE);
	const own = list(cluster, 'leases').filter(({ metadata }) => metadata.name.includes('apiserver'));
	expect(own).toHaveLength(name ? 1 : 0);
	if (!name) return;
	expect(own[0]!.metadata.name).toMatch(name);
	const renewed = () => get(cluster, 'leases', 'kube-system', own[0]!.metadata.name)!.spec!.renewTime;
	const before = renewed();
	pass(lab, MINUTE);
	expect(renewed()).not.toBe(before);
});

it('the name is the hash of the host name, as the API server reckons it', () => {
	// sha256 of both words, each behind its length (cryptobyte), of which 16 octets in base32.
	const lab = newLab({ kernel: '6.8.0-31-generic' });
	const nodes = [{ role: 'control-plane', image: 'kindest/node:v1.33.1' }];
	const cluster = clusterOf(lab, { ...config([]), nodes });
	pass(lab, MINUTE);
	const word = (text: string) => Buffer.concat([Buffer.from([0, text.length]), Buffer.from(text)]);
	const hash = createHash('sha256')
		.update(word('basic-control-plane'))
		.update(word('kube-apiserver'))
		.digest()
		.subarray(0, 16);
	let bits = '';
	for (const byte of hash) bits += byte.toString(2).padStart(8, '0');
	const name = (bits.match(/.{1,5}/g) ?? []).map(
		(b) => 'abcdefghijklmnopqrstuvwxyz234567'[Number.parseInt(b.padEnd(5, '0'), 2)],
	);
	expect(list(cluster, 'leases').map((one) => one.metadata.name)).toContain(`apiserver-${name.join('')}`);
});
