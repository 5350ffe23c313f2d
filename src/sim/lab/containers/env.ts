/**
 * What a container's programs find in their environment: the image's variables, those of services that were there when
 * it started, and those of its spec.
 *
 * Source: kubernetes pkg/kubelet/kubelet_pods.go makeEnvironmentVariables(), pkg/kubelet/envvars,
 * pkg/api/v1/resource/helpers.go ExtractContainerResourceValue @ v1.24.0.
 */
import { quantity } from '../../api/index.ts';
import { formatIp } from '../../wire/index.ts';
import type { ClusterContext } from '../cluster/context.ts';
import { all, type ContainerSpec, type Node, one, type Pod, type Service } from '../cluster/kinds.ts';
import { decodeUtf8, fromBase64 } from '../helm-releases.ts';
import { minorOf } from '../machine/node-images.ts';
import { imageFacts } from './image-facts.ts';

interface KeyRef {
	readonly name: string;
	readonly key: string;
	readonly optional?: boolean;
}

interface ValueFrom {
	readonly fieldRef?: { readonly fieldPath: string };
	readonly configMapKeyRef?: KeyRef;
	readonly secretKeyRef?: KeyRef;
	readonly resourceFieldRef?: ResourceRef;
}

interface EnvFrom {
	readonly prefix?: string;
	readonly configMapRef?: { readonly name: string; readonly optional?: boolean };
	readonly secretRef?: { readonly name: string; readonly optional?: boolean };
}

export interface ResourceRef {
	readonly containerName?: string;
	readonly resource: string;
	readonly divisor?: string;
}

interface Data {
	readonly data?: Readonly<Record<string, string>>;
}

/** Data of a ConfigMap or Secret as text; undefined when there is none of that name. */
export function dataOf(
	{ api }: Pick<ClusterContext, 'api'>,
	plural: 'configmaps' | 'secrets',
	namespace: string | undefined,
	name: string,
): Readonly<Record<string, string>> | undefined {
	const found = one<Data & Pod>(api, plural, namespace, name) as Data | undefined;
	if (!found) return undefined;
	const { data = {} } = found;
	return plural === 'secrets'
		? Object.fromEntries(Object.entries(data).map(([key, text]) => [key, decodeUtf8(fromBase64(text) ?? [])]))
		: data;
}

/** envvars.FromServices(): those of its own namespace, and the API server's. */
function ofServices({ api }: ClusterContext, { metadata, spec }: Pod): Record<string, string> {
	const born = metadata.creationTimestamp ?? '';
	const env: Record<string, string> = {};
	for (const { metadata: service, spec: own } of all<Service>(api, 'services')) {
		const master = service.namespace === 'default' && service.name === 'kubernetes';
		const here = service.namespace === metadata.namespace && spec.enableServiceLinks !== false;
		if ((!master && !here) || (service.creationTimestamp ?? '') > born) continue;
		const { clusterIP = 'None', ports = [] } = own;
		if (clusterIP === 'None' || clusterIP === '' || ports.length === 0) continue;
		const name = service.name.toUpperCase().replaceAll('-', '_');
		env[`${name}_SERVICE_HOST`] = clusterIP;
		env[`${name}_SERVICE_PORT`] = String(ports[0]!.port);
		for (const port of ports)
			if (port.name) env[`${name}_SERVICE_PORT_${port.name.toUpperCase().replaceAll('-', '_')}`] = String(port.port);
		const url = ({ protocol = 'TCP', port }: (typeof ports)[number]): string =>
			`${protocol.toLowerCase()}://${clusterIP}:${port}`;
		env[`${name}_PORT`] = url(ports[0]!);
		for (const port of ports) {
			const prefix = `${name}_PORT_${port.port}_${port.protocol ?? 'TCP'}`;
			env[prefix] = url(port);
			env[`${prefix}_PROTO`] = (port.protocol ?? 'TCP').toLowerCase();
			env[`${prefix}_PORT`] = String(port.port);
			env[`${prefix}_ADDR`] = clusterIP;
		}
	}
	return env;
}

/** fieldpath.ExtractFieldPathAsString(), with what the kubelet adds. */
export function fieldOf({ metadata, spec, status }: Pod, path: string, hostIP = status?.hostIP ?? ''): string {
	const [, map, key] = /^metadata\.(labels|annotations)\['(.*)'\]$/.exec(path) ?? [];
	if (map !== undefined) return metadata[map as 'labels' | 'annotations']?.[key!] ?? '';
	const [, whole] = /^metadata\.(labels|annotations)$/.exec(path) ?? [];
	if (whole !== undefined)
		return Object.entries(metadata[whole as 'labels' | 'annotations'] ?? {})
			.sort(([a], [b]) => (a < b ? -1 : 1))
			.map(([name, value]) => `${name}=${JSON.stringify(value)}`)
			.join('\n');
	switch (path) {
		case 'metadata.name':
			return metadata.name;
		case 'metadata.namespace':
			return metadata.namespace ?? '';
		case 'metadata.uid':
			return metadata.uid;
		case 'spec.nodeName':
			return spec.nodeName ?? '';
		case 'spec.serviceAccountName':
			return spec.serviceAccountName ?? 'default';
		case 'status.hostIP':
		case 'status.hostIPs':
			return hostIP;
		case 'status.podIP':
		case 'status.podIPs':
			return status?.podIP ?? '';
		default:
			return '';
	}
}

type Limits = {
	readonly resources?: {
		readonly limits?: Readonly<Record<string, string>>;
		readonly requests?: Readonly<Record<string, string>>;
	};
};

/** A container's limit or request; what has no limit may have all the node allocates. Rounded up to the divisor. */
export function resourceOf(cluster: ClusterContext, pod: Pod, own: ContainerSpec, ref: ResourceRef): string {
	const named = ref.containerName;
	const spec =
		named === undefined
			? own
			: [...pod.spec.containers, ...(pod.spec.initContainers ?? [])].find(({ name }) => name === named);
	const [kind = '', ...rest] = ref.resource.split('.');
	const name = rest.join('.');
	const { limits = {}, requests = {} } = (spec as Limits | undefined)?.resources ?? {};
	const node = one<Node>(cluster.api, 'nodes', undefined, pod.spec.nodeName ?? '');
	const text =
		kind === 'limits' ? (limits[name] ?? node?.status?.allocatable?.[name]) : (requests[name] ?? limits[name] ?? '0');
	const divisor = quantity(ref.divisor && ref.divisor !== '0' ? ref.divisor : '1') ?? 1;
	// Thousandths, so that the division of `250m` by `1m` is one of whole numbers.
	return String(Math.ceil(Math.round((quantity(text) ?? 0) * 1000) / Math.round(divisor * 1000)));
}

/** `$(NAME)` of variables before it; `$$(NAME)` is left as `$(NAME)` (third_party/forked/golang/expansion). */
export const expand = (text: string, env: Readonly<Record<string, string>>): string =>
	text.replace(/\$(\$|\(([^)]*)\))/g, (whole, _, name: string | undefined) =>
		name === undefined ? '$' : Object.hasOwn(env, name) ? env[name]! : whole,
	);

/** validation.IsEnvVarName(), and IsRelaxedEnvVarName() of 1.34 on. */
export const isEnvName = (name: string, minor: number): boolean =>
	minor >= 34 ? /^[\x20-\x3c\x3e-\x7e]+$/.test(name) : /^[-._a-zA-Z][-._a-zA-Z0-9]*$/.test(name);

/** Variables a container is started with, the image's first. `ip`: its pod's, if it is known better than the API does. */
export const environmentOf = (
	cluster: ClusterContext,
	pod: Pod,
	spec: ContainerSpec,
	ip?: string,
): Record<string, string> => ({ ...imageFacts(spec.image).env, ...givenTo(cluster, pod, spec, ip) });

/**
 * A container with the variables that its command line names: those the kubelet gives it, not the image's.
 *
 * Source: kubernetes pkg/kubelet/container/helpers.go ExpandContainerCommandAndArgs() @ v1.24.0.
 */
export function withVariables(cluster: ClusterContext, pod: Pod, spec: ContainerSpec, ip?: string): ContainerSpec {
	const { command, args } = spec;
	if (![...(command ?? []), ...(args ?? [])].some((word) => word.includes('$'))) return spec;
	const env = givenTo(cluster, pod, spec, ip);
	const expanded = (words: readonly string[]): string[] => words.map((word) => expand(word, env));
	return { ...spec, ...(command && { command: expanded(command) }), ...(args && { args: expanded(args) }) };
}

/** What the kubelet tells the runtime of variables. */
function givenTo(cluster: ClusterContext, pod: Pod, spec: ContainerSpec, ip?: string): Record<string, string> {
	const { namespace } = pod.metadata;
	const minor = minorOf(cluster.api.version);
	const now: Pod = ip ? { ...pod, status: { ...pod.status, podIP: ip } } : pod;
	const host = cluster.machines.get(pod.spec.nodeName ?? '')?.ip;
	const env: Record<string, string> = { ...ofServices(cluster, pod) };
	for (const from of (spec.envFrom ?? []) as readonly EnvFrom[]) {
		const { prefix = '', configMapRef, secretRef } = from;
		const data = configMapRef
			? dataOf(cluster, 'configmaps', namespace, configMapRef.name)
			: dataOf(cluster, 'secrets', namespace, secretRef?.name ?? '');
		for (const [key, value] of Object.entries(data ?? {}))
			if (isEnvName(`${prefix}${key}`, minor)) env[`${prefix}${key}`] = value;
	}
	for (const { name, value, valueFrom } of spec.env ?? []) {
		const from = valueFrom as ValueFrom | undefined;
		if (value !== undefined || !from) env[name] = expand(value ?? '', env);
		else if (from.fieldRef) env[name] = fieldOf(now, from.fieldRef.fieldPath, host === undefined ? '' : formatIp(host));
		else if (from.resourceFieldRef) env[name] = resourceOf(cluster, pod, spec, from.resourceFieldRef);
		else {
			const ref = from.configMapKeyRef ?? from.secretKeyRef;
			const data = ref && dataOf(cluster, from.configMapKeyRef ? 'configmaps' : 'secrets', namespace, ref.name);
			// What is optional and not there is not set at all.
			if (data?.[ref!.key] !== undefined) env[name] = data[ref!.key]!;
		}
	}
	return env;
}

/** What keeps a container from its environment, in the kubelet's words. */
export function missingEnv(cluster: Pick<ClusterContext, 'api'>, pod: Pod, spec: ContainerSpec): string | undefined {
	const { namespace } = pod.metadata;
	for (const from of (spec.envFrom ?? []) as readonly EnvFrom[]) {
		const ref = from.configMapRef ?? from.secretRef;
		if (!ref || ref.optional) continue;
		const [plural, kind] = from.configMapRef
			? (['configmaps', 'configmap'] as const)
			: (['secrets', 'secret'] as const);
		if (!dataOf(cluster, plural, namespace, ref.name)) return `${kind} "${ref.name}" not found`;
	}
	for (const { valueFrom } of spec.env ?? []) {
		const from = valueFrom as ValueFrom | undefined;
		const ref = from?.configMapKeyRef ?? from?.secretKeyRef;
		if (!ref || ref.optional) continue;
		const [plural, kind, Kind] = from?.configMapKeyRef
			? (['configmaps', 'configmap', 'ConfigMap'] as const)
			: (['secrets', 'secret', 'Secret'] as const);
		const data = dataOf(cluster, plural, namespace, ref.name);
		if (!data) return `${kind} "${ref.name}" not found`;
		if (data[ref.key] === undefined) return `couldn't find key ${ref.key} in ${Kind} ${namespace}/${ref.name}`;
	}
	return undefined;
}

/** Event of keys that are no names of variables, of each source; the container goes without them. */
export function skippedEnv(cluster: ClusterContext, pod: Pod, spec: ContainerSpec): readonly string[] {
	const minor = minorOf(cluster.api.version);
	const { namespace } = pod.metadata;
	return ((spec.envFrom ?? []) as readonly EnvFrom[]).flatMap(({ prefix = '', configMapRef, secretRef }) => {
		const name = (configMapRef ?? secretRef)?.name ?? '';
		const data = dataOf(cluster, configMapRef ? 'configmaps' : 'secrets', namespace, name) ?? {};
		const bad = Object.keys(data).filter((key) => !isEnvName(`${prefix}${key}`, minor));
		return bad.length === 0
			? []
			: [
					`Keys [${bad.sort().join(', ')}] from the EnvFrom ${configMapRef ? 'configMap' : 'secret'} ${namespace}/${name} were skipped since they are considered invalid environment variable names.`,
				];
	});
}
