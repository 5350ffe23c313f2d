import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readKind } from '../../../../src/widgets/lab/kind-model.ts';

const HEAD = 'kind: Cluster\napiVersion: kind.x-k8s.io/v1alpha4\nname: x\n';
const faultsOf = (yaml: string) => readKind(yaml, 'v0.14.0').refused?.faults.map(({ code, line }) => [code, line]);

describe("kind's configuration in the editor", () => {
	it('several control planes have a load balancer, which publishes the API server', () => {
		const { plan, refused } = readKind(
			`${HEAD}nodes:\n- role: control-plane\n- role: control-plane\n- role: worker\n`,
			'v0.14.0',
		);
		expect(refused).toBeUndefined();
		expect(plan?.containers.map((one) => one.name)).toEqual([
			'x-external-load-balancer',
			'x-control-plane',
			'x-control-plane2',
			'x-worker',
		]);
		expect(plan?.containers[0]?.ports).toMatchObject([{ api: true }]);
		expect(plan?.notes).toContain('balancer');
	});

	it('a port of the machine that two nodes want is refused by Docker, at the second mapping', () => {
		const node = (role: string) => `- role: ${role}\n  extraPortMappings:\n  - containerPort: 80\n    hostPort: 80\n`;
		const { refused, plan } = readKind(`${HEAD}nodes:\n${node('control-plane')}${node('worker')}`, 'v0.14.0');
		expect(refused?.by).toBe('docker');
		expect(refused?.text).toContain('port is already allocated');
		expect(refused?.faults).toMatchObject([{ code: 'portTaken', params: { port: '80' }, line: 12 }]);
		expect(plan?.containers.filter((one) => one.ip === '')).toHaveLength(1);
	});

	it.each([
		['kind: Cluster\napiVersion: v1\n', [['version', 2]]],
		[`${HEAD}nodes:\n- role: master\n- role: control-plane\n`, [['role', 5]]],
		[`${HEAD}nodes:\n- role: worker\n`, [['noControlPlane', 4]]],
		[`${HEAD}networking:\n  kubeProxyMode: off\n`, [['proxyMode', 5]]],
		[`${HEAD}networking:\n  disableDefaultCNI: maybe\n  podSubnet: 10.0.0.0/8\n`, [['type', 5]]],
		[`${HEAD}networking:\n  podsubnet: 10.0.0.0/8\n`, [['field', 5]]],
		[`${HEAD}networking:\n  podSubnet: 10.0.0/8\n`, [['subnet', 5]]],
		[
			`${HEAD}nodes:\n- role: control-plane\n  extraPortMappings:\n  - containerPort: 80\n    hostPort: 80\n  - containerPort: 81\n    hostPort: 99999\n`,
			[['port', 10]],
		],
		[
			`${HEAD}nodes:\n- role: control-plane\n- role: master\nnetworking:\n  kubeProxyMode: off\n`,
			[
				['role', 6],
				['proxyMode', 8],
			],
		],
		[`${HEAD}name: y\n`, [['twice', 4]]],
		[`${HEAD}nodes: [\n`, [['syntax', 5]]],
		['\tkind: Cluster\n', [['syntax', 1]]],
	])('%j is refused with a reason, where it stands', (yaml, faults) => {
		expect(faultsOf(yaml)).toEqual(faults);
	});

	it('every refusal has a line and a reason, whatever was typed into a good file', () => {
		const good = `${HEAD}nodes:\n- role: control-plane\n  extraPortMappings:\n  - containerPort: 80\n    hostPort: 80\n- role: worker\n`;
		fc.assert(
			fc.property(fc.nat(good.length), fc.string({ maxLength: 6 }), (at, typed) => {
				const { refused, plan } = readKind(good.slice(0, at) + typed + good.slice(at), 'v0.14.0');
				if (refused) expect(refused.faults.length).toBeGreaterThan(0);
				else expect(plan).toBeDefined();
			}),
			{ numRuns: 300, seed: 7 },
		);
	});
});
