import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { ciliumSettings, isHelmKey } from '../../src/sim/cilium/index.ts';
import { kindBasic } from '../../src/sim/scenarios/index.ts';
import { formatIp, formatPrefix } from '../../src/sim/wire/index.ts';
import { createWorld } from '../../src/sim/world/index.ts';
import { LESSONS } from './lessons.ts';

const read = (lesson: string, file: string) => readFileSync(join('content', lesson, 'files', file), 'utf8');
const ajv = new Ajv({ strict: true, allErrors: true, allowUnionTypes: true });

/** Fields these files use, as the named sources define them; a field that is not there is a mistake. */
const closed = (properties: object, required: readonly string[] = []) => ({
	type: 'object',
	properties,
	required,
	additionalProperties: false,
});
const text = { type: 'string' };
const list = (items: object) => ({ type: 'array', items });
const map = { type: 'object', additionalProperties: { type: 'string' } };
const prefix = { type: 'string', pattern: '^\\d+\\.\\d+\\.\\d+\\.\\d+/\\d+$' };

/** pkg/apis/config/v1alpha4/types.go @ kind v0.14.0. */
const KIND = closed(
	{
		kind: { const: 'Cluster' },
		apiVersion: { const: 'kind.x-k8s.io/v1alpha4' },
		name: { type: 'string', pattern: '^[a-z0-9.-]+$' },
		nodes: list(
			closed(
				{
					role: { enum: ['control-plane', 'worker'] },
					kubeadmConfigPatches: list(text),
					extraPortMappings: list(
						closed({
							containerPort: { type: 'integer' },
							hostPort: { type: 'integer' },
							listenAddress: text,
							protocol: { enum: ['TCP', 'UDP', 'SCTP'] },
						}),
					),
				},
				['role'],
			),
		),
		networking: closed({
			apiServerAddress: text,
			apiServerPort: { type: 'integer' },
			disableDefaultCNI: { type: 'boolean' },
			kubeProxyMode: { enum: ['iptables', 'ipvs', 'none'] },
			podSubnet: prefix,
			serviceSubnet: prefix,
		}),
	},
	['kind', 'apiVersion'],
);

/** staging/src/k8s.io/api/{core,apps}/v1/types.go @ Kubernetes v1.24.0, what the manifest uses of it. */
const metadata = closed({ name: text, namespace: text, labels: map }, ['name']);
const port = { type: 'integer', minimum: 1, maximum: 65535 };
/** Of a Deployment's and a DaemonSet's pods. */
const TEMPLATE = closed(
	{
		metadata: closed({ labels: map }, ['labels']),
		spec: closed(
			{
				containers: list(
					closed(
						{
							name: text,
							image: text,
							command: list(text),
							ports: list(closed({ containerPort: port }, ['containerPort'])),
							volumeMounts: list(closed({ name: text, mountPath: text }, ['name', 'mountPath'])),
						},
						['name', 'image'],
					),
				),
				volumes: list(
					closed({ name: text, configMap: closed({ name: text, defaultMode: { type: ['integer', 'string'] } }) }, [
						'name',
					]),
				),
			},
			['containers'],
		),
	},
	['metadata', 'spec'],
);
const OBJECTS: Readonly<Record<string, object>> = {
	DaemonSet: closed(
		{
			apiVersion: { const: 'apps/v1' },
			kind: { const: 'DaemonSet' },
			metadata,
			spec: closed({ selector: closed({ matchLabels: map }, ['matchLabels']), template: TEMPLATE }, [
				'selector',
				'template',
			]),
		},
		['metadata', 'spec'],
	),
	ConfigMap: closed({ apiVersion: { const: 'v1' }, kind: { const: 'ConfigMap' }, metadata, data: map }, ['metadata']),
	Deployment: closed(
		{
			apiVersion: { const: 'apps/v1' },
			kind: { const: 'Deployment' },
			metadata,
			spec: closed(
				{
					replicas: { type: 'integer', minimum: 0 },
					selector: closed({ matchLabels: map }, ['matchLabels']),
					template: TEMPLATE,
				},
				['selector', 'template'],
			),
		},
		['metadata', 'spec'],
	),
	Service: closed(
		{
			apiVersion: { const: 'v1' },
			kind: { const: 'Service' },
			metadata,
			spec: closed(
				{
					type: { enum: ['ClusterIP', 'NodePort', 'LoadBalancer'] },
					selector: map,
					ports: list(
						closed({ port, targetPort: port, nodePort: { type: 'integer', minimum: 30000, maximum: 32767 } }, ['port']),
					),
				},
				['ports'],
			),
		},
		['metadata', 'spec'],
	),
};

function refused(schema: object, value: unknown): unknown {
	const check = ajv.compile(schema);
	return check(value) ? [] : check.errors;
}

/** `a: {b: c}` as `--set` writes it: `a.b=c`. */
function flat(values: object, before = ''): [string, string][] {
	return Object.entries(values).flatMap(([key, value]) =>
		typeof value === 'object' && value !== null
			? flat(value as object, `${before}${key}.`)
			: [[`${before}${key}`, String(value)] as [string, string]],
	);
}

const FILES = LESSONS.flatMap(({ lesson }) => lesson.files.map((file) => [lesson.id, file] as const));

describe.each(FILES)('%s/files/%s', (lesson, file) => {
	const source = read(lesson, file);

	it('is the same wherever a lesson has it', () => {
		for (const [other] of FILES.filter(([, name]) => name === file)) expect(read(other, file)).toBe(source);
	});

	if (file.endsWith('.sh')) {
		it('is a script a POSIX shell can read', () => {
			expect(source).toMatch(/^#!\/bin\/sh\n/);
			execFileSync('sh', ['-n', join('content', lesson, 'files', file)]);
		});
	}
	if (file.startsWith('kind-config')) {
		it('is a cluster as kind defines one, with the nodes and networks of the simulation', () => {
			const config = parse(source);
			expect(refused(KIND, config)).toEqual([]);
			const { nodes, podCIDR, serviceCIDR, name } = kindBasic.cluster!;
			expect(config.name).toBe(name);
			expect(config.nodes).toHaveLength(nodes.length);
			expect(config.networking.podSubnet).toBe(formatPrefix(podCIDR));
			expect(config.networking.serviceSubnet).toBe(formatPrefix(serviceCIDR));
			expect(config.networking.kubeProxyMode).toBe(file.includes('noproxy') ? 'none' : undefined);
		});
	}
	if (file === 'webdemo.yaml') {
		it('holds objects as Kubernetes defines them, and the Service of the simulation', () => {
			const objects = parseAllDocuments(source).map((d) => d.toJS());
			for (const object of objects) expect(refused(OBJECTS[object.kind]!, object)).toEqual([]);
			const [service, deployment] = ['Service', 'Deployment'].map((kind) => objects.find((o) => o.kind === kind));
			const simulated = kindBasic.cluster!.services.find((s) => s.metadata.name === service.metadata.name)!;
			const { port, targetPort, nodePort } = simulated.ports[0]!;
			expect(service.spec.ports).toEqual([{ port, targetPort, nodePort }]);
			expect(deployment.spec.template.metadata.labels).toMatchObject(service.spec.selector);
			expect(deployment.spec.selector.matchLabels).toEqual(deployment.spec.template.metadata.labels);
		});
	}
	if (file === 'cni-demo.yaml') {
		it('holds objects as Kubernetes defines them, and the Service finds the pods', () => {
			const objects = parseAllDocuments(source).map((d) => d.toJS());
			for (const object of objects) expect(refused(OBJECTS[object.kind]!, object)).toEqual([]);
			const [service, set] = ['Service', 'DaemonSet'].map((kind) => objects.find((o) => o.kind === kind));
			const { metadata, spec } = set.spec.template;
			expect(metadata.labels).toMatchObject(service.spec.selector);
			expect(set.spec.selector.matchLabels).toEqual(metadata.labels);
			expect(service.spec.ports[0].targetPort).toBe(spec.containers[0].ports[0].containerPort);
		});
	}
	if (file.endsWith('-values-1.18.yaml')) {
		it('sets keys the chart of Cilium 1.18 knows, to values it starts with in the simulation', () => {
			const helm = Object.fromEntries(flat(parse(source)));
			for (const key of Object.keys(helm)) expect(isHelmKey(key), key).toBe(true);
			const settings = ciliumSettings('1.18.3', helm);
			if ('code' in settings) throw new Error(JSON.stringify(settings));
			const proxied = /^(proxy|noebpf)/.test(file);
			expect(settings.routingMode).toBe('native');
			expect(settings.nodePort).toBe(!proxied);
			expect(settings.lbMode).toBe(file.startsWith('dsr') ? 'dsr' : 'snat');
			expect(settings.hostRouting).toBe(file.startsWith('host-routing') ? 'bpf' : 'legacy');
			expect(settings.k8sServiceHost).toBe(proxied ? undefined : 'basic-control-plane');
		});
	}
	if (file.endsWith('-values.yaml')) {
		it('sets keys the chart knows, to values Cilium 1.12.1 starts with in the simulation', () => {
			const helm = Object.fromEntries(flat(parse(source)));
			for (const key of Object.keys(helm)) expect(isHelmKey(key), key).toBe(true);
			const replaced = helm.kubeProxyReplacement === 'strict';
			const made = createWorld(kindBasic, {
				bundle: 'cilium-1.12',
				kubeProxy: replaced ? 'none' : 'iptables',
				helm: { ...helm, ...(replaced ? { k8sServiceHost: '172.18.0.4' } : {}) },
			});
			expect('error' in made ? made.error : undefined).toBeUndefined();
		});
		it('tells Cilium the API server’s address where nobody translates its ClusterIP', () => {
			const values = parse(source);
			if (values.kubeProxyReplacement !== 'strict') return;
			const apiServer = kindBasic.cluster!.nodes.find((n) => n.controlPlane)!;
			expect(values.k8sServiceHost).toBe(apiServer.name);
			expect(formatIp(apiServer.internalIP)).toBe('172.18.0.4');
			expect(values.k8sServicePort).toBe(6443);
		});
	}
});

it.each([
	['', 'disabled'],
	['-1.18', 'false'],
])('the three sets of values%s differ in nothing but who balances and how', (suffix, off) => {
	const [proxy, snat, dsr] = ['noebpf', 'ebpf', 'dsr'].map((name) =>
		Object.fromEntries(flat(parse(read('tp2-ebpf', `${name}-values${suffix}.yaml`)))),
	);
	expect(dsr).toEqual({ ...snat, 'loadBalancer.mode': 'dsr' });
	const { k8sServiceHost: _, k8sServicePort: __, ...rest } = snat!;
	expect(proxy).toEqual({ ...rest, kubeProxyReplacement: off });
});

it('the sets of both versions say the same', () => {
	const current: Readonly<Record<string, string>> = { strict: 'true', disabled: 'false' };
	for (const name of ['noebpf', 'ebpf', 'dsr']) {
		const [old, now] = ['', '-1.18'].map((suffix) =>
			Object.fromEntries(flat(parse(read('tp2-ebpf', `${name}-values${suffix}.yaml`)))),
		);
		const { tunnel, kubeProxyReplacement, ...rest } = old!;
		expect(tunnel).toBe('disabled');
		expect(now).toEqual({ ...rest, routingMode: 'native', kubeProxyReplacement: current[kubeProxyReplacement!] });
	}
});

it('every command on the pages that names a file names one of the lesson’s', () => {
	for (const { lesson } of LESSONS) {
		const page = readFileSync(`content/${lesson.id}/en.mdx`, 'utf8');
		const named = [...page.matchAll(/(?:--config=|--values |apply -f |^\.\/)([\w.-]+)/gm)].map((m) => m[1]!);
		expect(named.length).toBeGreaterThan(2);
		for (const name of named) expect(lesson.files).toContain(name);
	}
});
