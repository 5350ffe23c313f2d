import { expect, it } from 'vitest';
import { impossible, unheeded } from '../../../../src/cli/kind/unheeded.ts';

it('what a configuration asks for and nodes do not follow is said, and nothing of what they do', () => {
	expect(
		unheeded({
			nodes: [{ role: 'worker', labels: { a: 'b' }, extraPortMappings: [{ containerPort: 80 }] }],
			kubeadmConfigPatches: [
				'kind: JoinConfiguration\nnodeRegistration:\n  kubeletExtraArgs:\n    node-labels: "a=b"\n',
				'kind: JoinConfiguration\nnodeRegistration:\n  kubeletExtraArgs:\n  - name: node-labels\n    value: "a=b"\n',
			],
		}),
	).toEqual([]);
	expect(
		unheeded({
			featureGates: { A: true },
			nodes: [{ extraMounts: [{ hostPath: '/a', containerPath: '/b' }] }],
			kubeadmConfigPatches: ['kind: ClusterConfiguration\napiServer:\n  extraArgs:\n    v: "4"\n'],
		}),
	).toEqual([
		expect.stringMatching(/^featureGates: /),
		expect.stringMatching(/^extraMounts: /),
		expect.stringContaining('ClusterConfiguration apiServer.extraArgs.v'),
	]);
	expect(impossible({ networking: { ipFamily: 'dual' } })).toContain('no IPv6');
	expect(impossible({ networking: { ipFamily: 'ipv4' } })).toBeUndefined();
});
