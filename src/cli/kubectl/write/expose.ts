/**
 * `kubectl expose`: a Service for the pods of another object.
 *
 * Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/expose/expose.go,
 * pkg/polymorphichelpers/{canbeexposed,mapbasedselectorforobject,portsforobject,protocolsforobject}.go @ v0.24.0.
 */
import type { ApiInput, ApiObject, Resource } from '../../../sim/api/index.ts';
import type { Command } from '../../cobra/index.ts';
import { FILE_FLAGS } from '../files.ts';
import { command, fail, type Kube, KubectlError, warn } from '../kube.ts';
import { at, isMap, number, sub, subs, text } from '../print/index.ts';
import { completeTargets } from '../targets.ts';
import { withConfiguration } from './apply/last-applied.ts';
import { type Made, withoutEmpty } from './create/index.ts';
import { statusFault } from './faults.ts';
import { eachInfo } from './infos.ts';
import {
	DRY_RUN,
	type DryRun,
	dryRunOf,
	FIELD_MANAGER,
	type OperationPrinter,
	operationPrinter,
	PRINT_FLAGS,
	RECORD,
	SAVE_CONFIG,
} from './output.ts';
import { OVERRIDE_FLAGS, overridden } from './overrides.ts';

const EXPOSABLE = ['ReplicationController', 'Service', 'Pod', 'Deployment', 'ReplicaSet'];

const podSpecOf = (resource: Resource, object: ApiObject): Record<string, unknown> =>
	resource.kind === 'Pod' ? { ...sub(object, 'spec') } : { ...sub(object, 'spec', 'template', 'spec') };

const couldNot = (what: string): never =>
	fail(`couldn't retrieve selectors via --selector flag or introspection: ${what}`);

/** Labels by which the pods of an object are found. */
function selectorOf(resource: Resource, object: ApiObject): Readonly<Record<string, string>> {
	const asLabels = (value: unknown): Record<string, string> =>
		isMap(value) ? ({ ...value } as Record<string, string>) : {};
	if (resource.kind === 'Pod') {
		const labels = asLabels(object.metadata.labels);
		return Object.keys(labels).length > 0 ? labels : couldNot('the pod has no labels and cannot be exposed');
	}
	if (resource.kind === 'Service') {
		const selector = asLabels(object.spec?.selector);
		return Object.keys(selector).length > 0 ? selector : couldNot('the service has no pod selector set');
	}
	if (resource.kind === 'ReplicationController') return asLabels(object.spec?.selector);
	const expressions = at(object, 'spec', 'selector', 'matchExpressions');
	if (Array.isArray(expressions) && expressions.length > 0)
		return couldNot(
			`couldn't convert expressions - "[${subs(object, 'spec', 'selector', 'matchExpressions')
				.map(
					(e) =>
						`{Key:${text(e, 'key')} Operator:${text(e, 'operator')} Values:[${String(at(e, 'values') ?? '').replaceAll(',', ' ')}]}`,
				)
				.join(' ')}]" to map-based selector format`,
		);
	return asLabels(at(object, 'spec', 'selector', 'matchLabels'));
}

interface Port {
	readonly port: string;
	readonly protocol: string;
}

function portsOf(resource: Resource, object: ApiObject): readonly Port[] {
	const list =
		resource.kind === 'Service'
			? subs(object, 'spec', 'ports').map((port) => [number(port, 'port'), port] as const)
			: subs(podSpecOf(resource, object), 'containers')
					.flatMap((container) => subs(container, 'ports'))
					.map((port) => [number(port, 'containerPort'), port] as const);
	return list.map(([port, whole]) => ({ port: String(port), protocol: text(whole, 'protocol') || 'TCP' }));
}

function parseLabels(spec: string): Record<string, string> {
	const out: Record<string, string> = {};
	for (const pair of spec.split(',')) {
		const parts = pair.split('=');
		if (parts.length !== 2) return fail(`unexpected label spec: ${pair}`);
		if (parts[0] === '') return fail('unexpected empty label key');
		out[parts[0]!] = parts[1]!;
	}
	return out;
}

const sorted = (map: Readonly<Record<string, string>>): Record<string, string> =>
	Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)));

function serviceFor(kube: Kube, resource: Resource, object: ApiObject): Made {
	const { flags } = kube.run;
	if (!EXPOSABLE.includes(resource.kind))
		fail(`cannot expose a ${resource.kind}${resource.group === '' ? '' : `.${resource.group}`}`);
	const given = flags.text('selector');
	const selector = given ? parseLabels(given) : selectorOf(resource, object);
	if (Object.keys(selector).length === 0) fail('selector must be specified');
	const found = portsOf(resource, object);
	const headless = flags.text('cluster-ip') === 'None';
	const port = flags.text('port');
	if (!port && found.length === 0 && !headless) fail("couldn't find port via --port flag or introspection");
	const wanted = port ? port.split(',') : found.map((item) => item.port);
	const labels = flags.text('labels') ? parseLabels(flags.text('labels')) : (object.metadata.labels ?? {});
	const protocol = flags.text('protocol');
	const target = flags.text('target-port');
	const ports = wanted.map((text, i) => {
		if (!/^[+-]?\d+$/.test(text)) fail(`strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`);
		const own = found.find((item) => item.port === text)?.protocol ?? 'TCP';
		const targetPort = target === '' ? Number(text) : /^[+-]?\d+$/.test(target) ? Number(target) : target;
		return {
			...(wanted.length > 1 ? { name: `port-${i + 1}` } : {}),
			protocol: protocol || own,
			port: Number(text),
			targetPort,
		};
	});
	const type = flags.text('type');
	const affinity = flags.text('session-affinity');
	if (affinity && affinity !== 'None' && affinity !== 'ClientIP') fail(`unknown session affinity: ${affinity}`);
	const option = (key: string, value: string): Made => (value ? { [key]: value } : {});
	const made: Made = {
		kind: 'Service',
		apiVersion: 'v1',
		metadata: {
			name: flags.text('name') || object.metadata.name.slice(0, 63),
			...(kube.explicitNamespace ? { namespace: kube.namespace } : {}),
			creationTimestamp: null,
			...(Object.keys(labels).length > 0 ? { labels: sorted(labels) } : {}),
		},
		spec: {
			...(ports.length > 0 ? { ports } : {}),
			selector: sorted(selector),
			...option('clusterIP', flags.text('cluster-ip')),
			...option('type', type),
			...(flags.text('external-ip') ? { externalIPs: [flags.text('external-ip')] } : {}),
			...option('sessionAffinity', affinity),
			...(type === 'LoadBalancer' ? option('loadBalancerIP', flags.text('load-balancer-ip')) : {}),
		},
		status: { loadBalancer: {} },
	};
	return overridden(kube, 'services', made);
}

/** Sends what was made for another object, or shows it. */
export function make(
	kube: Kube,
	made: Made,
	sent: Made,
	operation: string,
	dry: DryRun,
	print: OperationPrinter,
): void {
	const resource = kube.api.find(operation === 'exposed' ? 'services' : 'horizontalpodautoscalers')!;
	const name = String((made.metadata as Made).name);
	if (dry === 'client') {
		print(resource, name, made, operation);
		return;
	}
	const input = withoutEmpty({
		...sent,
		metadata: { ...(sent.metadata as Made), namespace: kube.namespace },
	}) as ApiInput;
	const result = kube.api.create(kube.run.flags.on('save-config') ? withConfiguration(input) : input, {
		dryRun: dry === 'server',
	});
	warn(kube, result.warnings);
	if (result.error) throw new KubectlError(statusFault(result.error).alone);
	print(resource, result.value.metadata.name, result.value, operation);
}

async function expose(kube: Kube): Promise<number> {
	const dry = dryRunOf(kube.run);
	const print = await operationPrinter(kube, dry);
	await eachInfo(kube, { verb: 'expose', noSelector: true }, ({ resource, object }) => {
		const made = serviceFor(kube, resource, object);
		make(kube, made, made, 'exposed', dry, print);
	});
	return 0;
}

export const exposeCommand: Command = {
	name: 'expose',
	use: '(-f FILENAME | TYPE NAME) [--port=port] [--protocol=TCP|UDP|SCTP] [--target-port=number-or-name] [--name=name] [--external-ip=external-ip-of-service] [--type=type]',
	short: 'Take a replication controller, service, deployment or pod and expose it as a new Kubernetes service',
	flags: [
		...FILE_FLAGS,
		...PRINT_FLAGS,
		DRY_RUN,
		FIELD_MANAGER,
		RECORD,
		SAVE_CONFIG,
		{
			name: 'cluster-ip',
			type: 'string',
			usage:
				"ClusterIP to be assigned to the service. Leave empty to auto-allocate, or set to 'None' to create a headless service.",
		},
		{
			name: 'external-ip',
			type: 'string',
			usage: 'Additional external IP address (not managed by Kubernetes) to accept for the service.',
		},
		{ name: 'labels', short: 'l', type: 'string', usage: 'Labels to apply to the service created by this call.' },
		{ name: 'load-balancer-ip', type: 'string', usage: 'IP to assign to the LoadBalancer.' },
		{ name: 'name', type: 'string', usage: 'The name for the newly created object.' },
		...OVERRIDE_FLAGS,
		{
			name: 'port',
			type: 'string',
			usage: 'The port that the service should serve on. Copied from the resource being exposed, if unspecified',
		},
		{
			name: 'protocol',
			type: 'string',
			usage: "The network protocol for the service to be created. Default is 'TCP'.",
		},
		{
			name: 'selector',
			type: 'string',
			usage: 'A label selector to use for this service. Only equality-based selector requirements are supported.',
		},
		{
			name: 'session-affinity',
			type: 'string',
			usage: "If non-empty, set the session affinity for the service to this; legal values: 'None', 'ClientIP'",
		},
		{
			name: 'target-port',
			type: 'string',
			usage: 'Name or number for the port on the container that the service should direct traffic to. Optional.',
		},
		{
			name: 'type',
			type: 'string',
			usage: "Type for this service: ClusterIP, NodePort, LoadBalancer, or ExternalName. Default is 'ClusterIP'.",
		},
	],
	run: command(expose),
	complete: completeTargets,
};
