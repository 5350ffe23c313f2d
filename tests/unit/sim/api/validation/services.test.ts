/** Services that a server does not take: kubernetes pkg/apis/core/validation/validation.go ValidateService() @ v1.24.0, @ v1.31.0. */
import { expect, test } from 'vitest';
import { bench, must, service } from '../fixtures.ts';

const refused = (spec: Record<string, unknown>, version?: string): string | undefined =>
	bench(version).api.create(service('s', spec)).error?.message.replace('Service "s" is invalid: ', '');
const LB = { type: 'LoadBalancer' };

test.each([
	[{ ports: [] }, 'spec.ports: Required value'],
	[{ ports: [], clusterIP: 'None' }, undefined],
	[
		{ type: 'Nodeport' },
		'spec.type: Unsupported value: "Nodeport": supported values: "ClusterIP", "ExternalName", "LoadBalancer", "NodePort"',
	],
	[{ ports: [{ port: 0 }] }, /spec\.ports\[0\]\.port: Invalid value: 0: must be between 1 and 65535, inclusive/],
	[{ ports: [{ port: 80 }, { port: 81 }] }, '[spec.ports[0].name: Required value, spec.ports[1].name: Required value]'],
	[
		{
			ports: [
				{ port: 80, name: 'a' },
				{ port: 81, name: 'a' },
			],
		},
		'spec.ports[1].name: Duplicate value: "a"',
	],
	[
		{
			ports: [
				{ port: 80, name: 'a' },
				{ port: 80, name: 'b' },
			],
		},
		'spec.ports[1]: Duplicate value: core.ServicePort{Name:"", Protocol:"TCP", AppProtocol:(*string)(nil), Port:80, TargetPort:intstr.IntOrString{Type:0, IntVal:0, StrVal:""}, NodePort:0}',
	],
	[
		{ ports: [{ port: 80, protocol: 'tcp' }] },
		'spec.ports[0].protocol: Unsupported value: "tcp": supported values: "SCTP", "TCP", "UDP"',
	],
	[
		{ ports: [{ port: 80, targetPort: 'HTTP' }] },
		/^\[?spec\.ports\[0\]\.targetPort: Invalid value: "HTTP": must contain only alpha-numeric characters \(a-z, 0-9\), and hyphens \(-\)/,
	],
	[
		{ ports: [{ port: 80, targetPort: 70000 }] },
		'spec.ports[0].targetPort: Invalid value: 70000: must be between 1 and 65535, inclusive',
	],
	[
		{ ports: [{ port: 80, nodePort: 30080 }] },
		"spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'",
	],
	[
		{ type: 'NodePort', ports: [{ port: 80, nodePort: 8080 }] },
		'spec.ports[0].nodePort: Invalid value: 8080: provided port is not in the valid range. The range of valid ports is 30000-32767',
	],
	[
		{ type: 'NodePort', clusterIP: 'None' },
		'spec.clusterIPs[0]: Invalid value: "None": may not be set to \'None\' for NodePort services',
	],
	[
		{ ...LB, ports: [{ port: 10250 }] },
		'spec.ports[0]: Invalid value: 10250: may not expose port 10250 externally since it is used by kubelet',
	],
	[{ type: 'ExternalName' }, 'spec.externalName: Required value'],
	[
		{ type: 'ExternalName', externalName: 'Example_com' },
		/^spec\.externalName: Invalid value: "Example_com": a lowercase RFC 1123 subdomain/,
	],
	[
		{ sessionAffinity: 'clientIP' },
		'spec.sessionAffinity: Unsupported value: "clientIP": supported values: "ClientIP", "None"',
	],
	[
		{ sessionAffinity: 'ClientIP', sessionAffinityConfig: { clientIP: { timeoutSeconds: 90000 } } },
		'spec.sessionAffinityConfig.clientIP.timeoutSeconds: Invalid value: 90000: must be greater than 0 and less than 86400',
	],
	[
		{ clusterIP: '10.96.0' },
		'spec.clusterIPs[0]: Invalid value: "10.96.0": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
	],
	[
		{ ipFamilyPolicy: 'DualStack' },
		'spec.ipFamilyPolicy: Unsupported value: "DualStack": supported values: "PreferDualStack", "RequireDualStack", "SingleStack"',
	],
	[
		{ externalIPs: ['127.0.0.1'] },
		'spec.externalIPs[0]: Invalid value: "127.0.0.1": may not be in the loopback range (127.0.0.0/8, ::1/128)',
	],
	[{ externalIPs: ['0.0.0.0'] }, 'spec.externalIPs[0]: Invalid value: "0.0.0.0": may not be unspecified (0.0.0.0)'],
	[
		{ loadBalancerSourceRanges: ['10.0.0.0/8'] },
		"spec.LoadBalancerSourceRanges: Forbidden: may only be used when `type` is 'LoadBalancer'",
	],
	[
		{ ...LB, loadBalancerSourceRanges: ['10.0.0.1', '10.0.0.0/8'] },
		'spec.LoadBalancerSourceRanges: Invalid value: "[10.0.0.1 10.0.0.0/8]": must be a list of IP ranges. For example, 10.240.0.0/24,10.250.0.0/24 ',
	],
	[
		{ allocateLoadBalancerNodePorts: false },
		"spec.allocateLoadBalancerNodePorts: Forbidden: may only be used when `type` is 'LoadBalancer'",
	],
	[{ loadBalancerClass: 'a/b' }, "spec.loadBalancerClass: Forbidden: may only be used when `type` is 'LoadBalancer'"],
	[
		{ externalTrafficPolicy: 'Local' },
		'spec.externalTrafficPolicy: Invalid value: "Local": ExternalTrafficPolicy can only be set on NodePort and LoadBalancer service',
	],
	[
		{ internalTrafficPolicy: 'local' },
		'spec.internalTrafficPolicy: Unsupported value: "local": supported values: "Cluster", "Local"',
	],
	[{ selector: { 'a b': 'c' } }, /^spec\.selector: Invalid value: "a b": name part must consist of/],
	[{ ports: [{ port: 80, appProtocol: 'a/b/c' }] }, /^spec\.ports\[0\]\.appProtocol: Invalid value: "a\/b\/c"/],
] as const)('%j', (spec, fault) => {
	const said = refused(spec as Record<string, unknown>);
	if (fault instanceof RegExp) expect(said).toMatch(fault);
	else expect(said).toBe(fault);
});

test('later servers say some of it otherwise', () => {
	expect(refused({ ...LB, loadBalancerSourceRanges: ['10.0.0.1'] }, 'v1.31.0')).toBe(
		'spec.LoadBalancerSourceRanges[0]: Invalid value: "10.0.0.1": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)',
	);
	expect(refused({ externalTrafficPolicy: 'Local' }, 'v1.31.0')).toBe(
		'spec.externalTrafficPolicy: Invalid value: "Local": may only be set for externally-accessible services',
	);
	expect(refused({ trafficDistribution: 'PreferSameZone' }, 'v1.33.1')).toBe(
		'spec.trafficDistribution: Unsupported value: "PreferSameZone": supported values: "PreferClose"',
	);
	expect(refused({ trafficDistribution: 'PreferSameZone' }, 'v1.34.0')).toBeUndefined();
});

test('a node port that another has', () => {
	const { api } = bench();
	const ports = [{ port: 80, nodePort: 30080 }];
	must(api.create(service('a', { type: 'NodePort', ports })));
	expect(api.create(service('b', { type: 'NodePort', ports })).error?.message).toBe(
		'Service "b" is invalid: spec.ports[0].nodePort: Invalid value: 30080: provided port is already allocated',
	);
});
