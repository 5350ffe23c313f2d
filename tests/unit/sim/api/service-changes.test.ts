/**
 * What a change of a service keeps, drops and may not do (kubernetes pkg/registry/core/service/storage/storage.go,
 * pkg/registry/core/service/strategy.go, pkg/apis/core/validation/validation.go ValidateServiceUpdate() @ v1.24.0).
 */
import { describe, expect, test } from 'vitest';
import { bench, must, service } from './fixtures.ts';

const changing = (spec: Record<string, unknown>, version?: string) => {
	const { api, resource } = bench(version);
	const made = must(api.create(service('x', spec)));
	const patch = (change: Record<string, unknown>) =>
		api.patch(resource('svc'), 'default', 'x', 'application/merge-patch+json', { spec: change } as never);
	return {
		made: made.spec as Record<string, unknown>,
		patch,
		now: (change: Record<string, unknown>) => must(patch(change)).spec as Record<string, unknown>,
		refused: (change: Record<string, unknown>) => patch(change).error?.message,
	};
};

describe('the address of a service', () => {
	test.each([
		['emptied', { clusterIP: '' }],
		['taken away', { clusterIP: null }],
		['with its list taken away', { clusterIP: null, clusterIPs: null }],
		['with only its list taken away', { clusterIPs: null }],
	])('stays when it is %s', (_how, change) => {
		const { made, now } = changing({});
		const { clusterIP, clusterIPs } = now(change);
		expect({ clusterIP, clusterIPs }).toEqual({ clusterIP: made.clusterIP, clusterIPs: [made.clusterIP] });
	});

	test('a headless service stays headless', () => {
		const { now } = changing({ clusterIP: 'None' });
		expect(now({ clusterIP: null })).toMatchObject({ clusterIP: 'None', clusterIPs: ['None'] });
		expect(now({ clusterIP: '' })).toMatchObject({ clusterIP: 'None', clusterIPs: ['None'] });
	});

	test('another one is one mistake, whichever fields say it', () => {
		const { refused, made } = changing({});
		const once = (ip: string) =>
			`Service "x" is invalid: spec.clusterIPs[0]: Invalid value: []string{"${ip}"}: may not change once set`;
		expect(refused({ clusterIP: '10.96.0.77' })).toBe(once('10.96.0.77'));
		expect(refused({ clusterIP: '10.96.0.77', clusterIPs: ['10.96.0.77'] })).toBe(once('10.96.0.77'));
		expect(refused({ clusterIP: 'None' })).toBe(once('None'));
		expect(refused({ clusterIP: '10.96.0.77', clusterIPs: null })).toBe(once('10.96.0.77'));
		expect(refused({ clusterIPs: ['10.96.0.77'] })).toBe(
			'Service "x" is invalid: spec.clusterIPs: Invalid value: []string{"10.96.0.77"}: first value must match `clusterIP`',
		);
		expect(refused({ ipFamilies: ['IPv6'] })).toBe(
			`Service "x" is invalid: spec.clusterIPs[0]: Invalid value: "${made.clusterIP}": expected an IPv6 value as indicated by \`ipFamilies[0]\``,
		);
	});

	test('a headless one gets no node ports', () => {
		expect(changing({ clusterIP: 'None' }).refused({ type: 'NodePort' })).toBe(
			'Service "x" is invalid: spec.clusterIPs[0]: Invalid value: "None": may not be set to \'None\' for NodePort services',
		);
	});

	test('goes with a name elsewhere, and comes anew', () => {
		const { now } = changing({});
		const elsewhere = now({ type: 'ExternalName', externalName: 'a.example' });
		for (const key of ['clusterIP', 'clusterIPs', 'ipFamilies', 'ipFamilyPolicy'])
			expect(elsewhere).not.toHaveProperty(key);
		// No rule takes this one away.
		expect(elsewhere.internalTrafficPolicy).toBe('Cluster');
		const back = now({ type: 'ClusterIP', externalName: null });
		expect(back).toMatchObject({ ipFamilies: ['IPv4'], ipFamilyPolicy: 'SingleStack', clusterIPs: [back.clusterIP] });
	});

	test('a headless service without a selector has both families, also here', () => {
		const { made } = changing({ clusterIP: 'None', selector: null });
		expect(made).toMatchObject({ ipFamilyPolicy: 'RequireDualStack', ipFamilies: ['IPv4', 'IPv6'] });
		const plain = changing({ clusterIP: 'None', selector: null, ipFamilyPolicy: 'SingleStack' });
		expect(plain.made).toMatchObject({ ipFamilyPolicy: 'SingleStack', ipFamilies: ['IPv4'] });
	});

	test('a policy of families stays when nobody names one', () => {
		const { now } = changing({ ipFamilyPolicy: 'PreferDualStack' });
		expect(now({ ipFamilyPolicy: null }).ipFamilyPolicy).toBe('PreferDualStack');
	});
});

describe('node ports', () => {
	const ports = (spec: Record<string, unknown>) => spec.ports as readonly Record<string, unknown>[];

	test('belong to a port by its name, whatever its number is', () => {
		const { made, now } = changing({ type: 'NodePort' });
		const [held] = ports(made);
		expect(ports(now({ ports: [{ port: 81 }] }))[0]).toMatchObject({ port: 81, nodePort: held?.nodePort });
		const [named] = ports(now({ ports: [{ name: 'web', port: 81 }] }));
		expect(named?.nodePort).not.toBe(held?.nodePort);
	});

	test('go with a type that has none, also where ports go with them', () => {
		const { now } = changing({
			type: 'NodePort',
			ports: [
				{ name: 'a', port: 80 },
				{ name: 'b', port: 81 },
			],
		});
		const { ports: left } = now({ type: 'ClusterIP', ports: [{ name: 'a', port: 80 }] });
		expect(left).toEqual([{ name: 'a', port: 80, protocol: 'TCP', targetPort: 80 }]);
	});

	test('a port of one’s own is refused with that type', () => {
		expect(changing({ type: 'NodePort' }).refused({ type: 'ClusterIP', ports: [{ port: 80, nodePort: 30099 }] })).toBe(
			'Service "x" is invalid: spec.ports[0].nodePort: Forbidden: may not be used when `type` is \'ClusterIP\'',
		);
	});
});

describe('a load balancer', () => {
	test('keeps the port of its health check, and loses it with the policy', () => {
		const { made, now, refused } = changing({ type: 'LoadBalancer', externalTrafficPolicy: 'Local' });
		expect(refused({ healthCheckNodePort: 30999 })).toBe(
			'Service "x" is invalid: spec.healthCheckNodePort: Forbidden: field is immutable',
		);
		for (const healthCheckNodePort of [null, 0])
			expect(now({ healthCheckNodePort }).healthCheckNodePort).toBe(made.healthCheckNodePort);
		expect(now({ externalTrafficPolicy: 'Cluster' })).not.toHaveProperty('healthCheckNodePort');
	});

	test('leaves nothing of it behind', () => {
		const { made, now } = changing({ type: 'LoadBalancer', loadBalancerClass: 'a.example/b' });
		expect(made.allocateLoadBalancerNodePorts).toBe(true);
		const plain = now({ type: 'ClusterIP' });
		for (const key of ['allocateLoadBalancerNodePorts', 'loadBalancerClass', 'externalTrafficPolicy'])
			expect(plain).not.toHaveProperty(key);
	});
});

test('a traffic policy goes with the addresses from outside, from 1.26 on', () => {
	const { made, now } = changing({ externalIPs: ['192.0.2.7'] }, 'v1.28.0');
	expect(made.externalTrafficPolicy).toBe('Cluster');
	expect(now({ externalIPs: null })).not.toHaveProperty('externalTrafficPolicy');
});
