import { describe, expect, it } from 'vitest';
import {
	chartVersion,
	ciliumChartVersions,
	mergeValues,
	parseSet,
	type Rendered,
	renderCilium,
	type Values,
} from '../../../../src/sim/charts/index.ts';

const values = (...sets: string[]): Values =>
	sets.reduce<Values>((all, set) => {
		const parsed = parseSet(set);
		if ('error' in parsed) throw new Error(String(parsed.error));
		return mergeValues(all, parsed.values);
	}, {});

const render = (version: string, ...sets: string[]) =>
	renderCilium({
		release: 'cilium',
		namespace: 'kube-system',
		version,
		kubernetes: 'v1.24.0',
		values: values(...sets),
	});

const rendered = (version: string, ...sets: string[]): Rendered => {
	const result = render(version, ...sets);
	if ('error' in result) throw new Error(result.error);
	return result;
};

const config = (version: string, ...sets: string[]): Record<string, string> =>
	rendered(version, ...sets).manifests.find((m) => m.kind === 'ConfigMap')!.data as Record<string, string>;

const object = (result: Rendered, kind: string, name: string) =>
	result.manifests.find((m) => m.kind === kind && (m.metadata as { name: string }).name === name) as never as
		| {
				spec: {
					replicas: number;
					template: {
						spec: {
							containers: { image: string; env: { name: string; value?: string }[] }[];
							initContainers: { name: string; resources?: object }[];
						};
					};
				};
		  }
		| undefined;

const MODE_1 = [
	'k8sServiceHost=lab-control-plane',
	'k8sServicePort=6443',
	'dubug.enabled=true',
	'dubug.verbose=datapath',
	'monitorAggregation=none',
	'ipam.mode=cluster-pool',
	'cluster.name=cilium-kubeproxy',
	'tunnel=disabled',
	'autoDirectNodeRoutes=true',
	'ipv4NativeRoutingCIDR=10.0.0.0/8',
];

describe('cilium-config has as many keys as the chart writes', () => {
	it.each([
		['1.12.1 by default', '1.12.1', [], 76],
		['1.13.4 by default', '1.13.4', [], 82],
		['1.17.5 by default', '1.17.5', [], 146],
		['1.19.5 by default', '1.19.5', [], 154],
		['kube-proxy kept, native routing', '1.13.4', MODE_1, 83],
		['the replacement adds its health address', '1.13.4', [...MODE_1, 'kubeProxyReplacement=strict'], 84],
		['and BPF masquerade a key', '1.13.4', [...MODE_1, 'kubeProxyReplacement=strict', 'bpf.masquerade=true'], 85],
		[
			'ENI mode takes the pool away and adds four',
			'1.13.4',
			['eni.enabled=true', 'ipam.mode=eni', 'egressMasqueradeInterfaces=eth0', 'tunnel=disabled'],
			85,
		],
		[
			'addresses by Kubernetes, full replacement',
			'1.17.5',
			[
				'k8sServiceHost=10.0.0.10',
				'k8sServicePort=6443',
				'ipv4NativeRoutingCIDR=10.0.0.0/16',
				'kubeProxyReplacement=true',
				'routingMode=native',
				'autoDirectNodeRoutes=true',
				'bpf.masquerade=true',
				'ipam.mode=kubernetes',
				'k8s.requireIPv4PodCIDR=true',
				'installNoConntrackIptablesRules=true',
				'operator.replicas=1',
			],
			145,
		],
	] as const)('%s', (_, version, sets, count) => {
		expect(Object.keys(config(version, ...sets))).toHaveLength(count);
	});

	it('writes misspelt values nowhere, and says so to whoever asks', () => {
		const data = config('1.13.4', 'dubug.enabled=true', 'monitorAggregation=none');
		expect(data.debug).toBe('false');
		expect(data['monitor-aggregation']).toBe('medium');
		expect(rendered('1.13.4', 'dubug.enabled=true').messages).toContainEqual(
			expect.objectContaining({ code: 'helm.unknown-key' }),
		);
	});
});

describe('the chart refuses what it refuses in life', () => {
	it.each([
		['1.13.4', 'kubeProxyReplacement=true', 'must be explicitly set to a valid value (disabled, partial, or strict)'],
		['1.17.5', 'kubeProxyReplacement=strict', 'must be explicitly set to a valid value (true or false)'],
		['1.15.19', 'tunnel=disabled', 'tunnel was deprecated in v1.14 and has been removed in v1.15'],
		['1.16.11', 'debug.enabled=yes', '- debug.enabled: Invalid type. Expected: boolean, given: string'],
		['1.15.19', 'cluster.name=cilium-kubeproxy-replacement-ebpf', 'must not be more than 32 characters'],
	])('%s %s', (version, set, text) => {
		expect(render(version, set)).toEqual({ error: expect.stringContaining(text) });
	});

	it.each([
		['1.12.1', 'kubeProxyReplacement=strict'],
		['1.14.14', 'tunnel=disabled'],
		['1.13.4', 'cluster.name=cilium-kubeproxy-replacement-ebpf'],
	])('and lets %s have %s', (version, set) => {
		expect(render(version, set)).not.toHaveProperty('error');
	});
});

describe('workloads', () => {
	it('tell agents where the API server is only when somebody said so', () => {
		const env = (result: Rendered) => object(result, 'DaemonSet', 'cilium')!.spec.template.spec.containers[0]!.env;
		expect(env(rendered('1.12.1')).map((e) => e.name)).not.toContain('KUBERNETES_SERVICE_HOST');
		expect(env(rendered('1.12.1', 'k8sServiceHost=cp', 'k8sServicePort=6443'))).toContainEqual({
			name: 'KUBERNETES_SERVICE_HOST',
			value: 'cp',
		});
	});

	it('have Envoy beside the agent from 1.16, and the relay when asked', () => {
		expect(object(rendered('1.14.14'), 'DaemonSet', 'cilium-envoy')).toBeUndefined();
		expect(object(rendered('1.16.11'), 'DaemonSet', 'cilium-envoy')).toBeDefined();
		expect(object(rendered('1.12.1'), 'Deployment', 'hubble-relay')).toBeUndefined();
		expect(object(rendered('1.12.1', 'hubble.relay.enabled=true'), 'Deployment', 'hubble-relay')).toBeDefined();
	});

	it('build their configuration in an init container from 1.13', () => {
		const first = (version: string) =>
			object(rendered(version), 'DaemonSet', 'cilium')!.spec.template.spec.initContainers[0]!.name;
		expect(first('1.12.1')).toBe('mount-cgroup');
		expect(first('1.13.4')).toBe('config');
	});

	it('ask for what cleaning up needs, in the charts that give it the resources of nodeinit', () => {
		const asked = (version: string) =>
			object(rendered(version), 'DaemonSet', 'cilium')!.spec.template.spec.initContainers.find(
				({ name }) => name === 'clean-cilium-state',
			)!.resources;
		expect(asked('1.12.1')).toEqual({ requests: { cpu: '100m', memory: '100Mi' } });
		expect(asked('1.14.0')).toEqual({ requests: { cpu: '100m', memory: '100Mi' } });
		expect(asked('1.15.0')).toBeUndefined();
	});

	it('are as many as asked', () => {
		expect(object(rendered('1.17.5', 'operator.replicas=1'), 'Deployment', 'cilium-operator')!.spec.replicas).toBe(1);
		expect(object(rendered('1.17.5'), 'Deployment', 'cilium-operator')!.spec.replicas).toBe(2);
	});
});

it('says in its notes what of Hubble came along', () => {
	expect(rendered('1.12.1').notes).toContain('installed Cilium with Hubble.\n\nYour release version is 1.12.1.');
	expect(rendered('1.12.1', 'hubble.enabled=false').notes).toContain('installed Cilium.\n');
	expect(rendered('1.12.1', 'hubble.relay.enabled=true', 'hubble.ui.enabled=true').notes).toContain(
		'with Hubble Relay and Hubble UI.',
	);
});

describe('versions of the chart', () => {
	it.each([
		['1.12.1', '1.12.1'],
		['v1.12.1', '1.12.1'],
		['1.13.0-rc5', '1.13.0-rc5'],
		['1.12', '1.12.19'],
		['9.9.9', undefined],
		[undefined, ciliumChartVersions()[0]],
	])('%s is %s', (asked, version) => {
		expect(chartVersion(asked)).toBe(version);
	});
});

describe('--set', () => {
	it.each([
		['a.b=c', { a: { b: 'c' } }],
		['a=1,b=true,c=null,d=012,e=-5', { a: 1, b: true, c: null, d: '012', e: -5 }],
		['a={x,y,3}', { a: ['x', 'y', 3] }],
		['a={}', { a: [] }],
		['a[0]=x,a[2]=z', { a: ['x', null, 'z'] }],
		['a[0].b=x,a[0].c=y', { a: [{ b: 'x', c: 'y' }] }],
		['a\\.b=c\\,d', { 'a.b': 'c,d' }],
		['a=', { a: '' }],
		['a.b=1,a.c=2', { a: { b: 1, c: 2 } }],
		['cidr=10.0.0.0/8', { cidr: '10.0.0.0/8' }],
	])('%s', (text, tree) => {
		expect(parseSet(text)).toEqual({ values: tree });
	});

	it.each([
		['a', 'key "a" has no value'],
		['a={x', "list must terminate with '}'"],
		['a[x]=1', 'error parsing index'],
		['a[999999]=1', 'greater than maximum supported index'],
		['a.', 'key map "a" has no value'],
		['__proto__.x=1', 'not allowed'],
	])('%s is refused', (text, message) => {
		expect(parseSet(text)).toEqual({ error: expect.stringContaining(message) });
	});

	it('takes everything for text with --set-string', () => {
		expect(parseSet('a=1,b=true', { strings: true })).toEqual({ values: { a: '1', b: 'true' } });
	});

	it('null takes a key of the values below away', () => {
		expect(mergeValues({ a: 1, b: { c: 2, d: 3 } }, { a: null, b: { c: null } })).toEqual({ b: { d: 3 } });
	});
});

it.each([
	['1.12.1', 'v0.9.1', undefined],
	['1.13.4', 'v0.11.0', undefined],
	['1.14.5', 'v0.12.1', 'v1.26.6-ad82c7c56e88989992fd25d8d67747de865c823b'],
	['1.16.3', 'v0.13.1', 'v1.29.9-1728346947-0d05e48bfbb8c4737ec40d5781d970a550ed2bbd'],
	['1.17.4', 'v0.13.2', 'v1.32.6-1746661844-0f602c28cb2aa57b29078195049fb257d5b5246c'],
])("%s names Hubble UI's and Envoy's own versions (values.yaml of the charts)", (version, ui, envoy) => {
	const all = rendered(version, 'hubble.relay.enabled=true', 'hubble.ui.enabled=true', 'envoy.enabled=true');
	const images = (kind: string, name: string) =>
		object(all, kind, name)?.spec.template.spec.containers.map(({ image }) => image);
	expect(images('Deployment', 'hubble-ui')).toEqual([
		`quay.io/cilium/hubble-ui:${ui}`,
		`quay.io/cilium/hubble-ui-backend:${ui}`,
	]);
	expect(images('Deployment', 'hubble-relay')).toEqual([`quay.io/cilium/hubble-relay:v${version}`]);
	if (envoy) expect(images('DaemonSet', 'cilium-envoy')).toEqual([`quay.io/cilium/cilium-envoy:${envoy}`]);
});
