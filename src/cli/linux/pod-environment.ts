/**
 * What a container's programs find in their environment: the variables of its spec, and those of services that were
 * there when it started. Source: pkg/kubelet/kubelet_pods.go makeEnvironmentVariables(), pkg/kubelet/envvars @ v1.24.0.
 */
import type { Cluster } from '../../sim/lab/index.ts';
import type { Place } from '../tool.ts';

type PodPlace = Extract<Place, { kind: 'pod' }>;

interface EnvVar {
	readonly name: string;
	readonly value?: string;
	readonly valueFrom?: {
		readonly fieldRef?: { readonly fieldPath: string };
		readonly configMapKeyRef?: { readonly name: string; readonly key: string };
		readonly secretKeyRef?: { readonly name: string; readonly key: string };
	};
}

export interface PodView {
	readonly metadata: {
		readonly name: string;
		readonly namespace?: string;
		readonly uid: string;
		readonly labels?: Readonly<Record<string, string>>;
		readonly annotations?: Readonly<Record<string, string>>;
		readonly creationTimestamp?: string;
	};
	readonly spec: {
		readonly nodeName?: string;
		readonly hostname?: string;
		readonly subdomain?: string;
		readonly hostNetwork?: boolean;
		readonly serviceAccountName?: string;
		readonly enableServiceLinks?: boolean;
		readonly containers: readonly {
			readonly name: string;
			readonly image: string;
			readonly workingDir?: string;
			readonly env?: readonly EnvVar[];
			readonly envFrom?: readonly {
				readonly prefix?: string;
				readonly configMapRef?: { readonly name: string };
				readonly secretRef?: { readonly name: string };
			}[];
		}[];
	};
	readonly status?: { readonly podIP?: string; readonly hostIP?: string };
}

interface ServiceView {
	readonly metadata: { readonly name: string; readonly namespace?: string; readonly creationTimestamp?: string };
	readonly spec: {
		readonly clusterIP?: string;
		readonly ports?: readonly { readonly name?: string; readonly port: number; readonly protocol?: string }[];
	};
}

export const view = <T>(cluster: Cluster, plural: string, namespace: string, name: string): T | undefined => {
	const resource = cluster.api.find?.(plural);
	return resource && (cluster.api.get(resource, namespace, name) as unknown as T | undefined);
};

/** envvars.FromServices(): those of its own namespace, and the API server's. */
function ofServices(cluster: Cluster, { metadata, spec }: PodView): Record<string, string> {
	const resource = cluster.api.find('services');
	const all = resource ? (cluster.api.list(resource) as unknown as readonly ServiceView[]) : [];
	const born = metadata.creationTimestamp ?? '';
	const env: Record<string, string> = {};
	for (const { metadata: service, spec: own } of all) {
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
export function fieldOf({ metadata, spec, status }: PodView, path: string): string {
	const [, map, key] = /^metadata\.(labels|annotations)\['(.*)'\]$/.exec(path) ?? [];
	if (map !== undefined) return metadata[map as 'labels' | 'annotations']?.[key!] ?? '';
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
			return status?.hostIP ?? '';
		case 'status.podIP':
		case 'status.podIPs':
			return status?.podIP ?? '';
		default:
			return '';
	}
}

export const decoded = (text: string): string =>
	new TextDecoder().decode(Uint8Array.from(atob(text), (char) => char.charCodeAt(0)));

/** `$(NAME)` of variables before it; `$$(NAME)` is left as `$(NAME)` (third_party/forked/golang/expansion). */
const expand = (text: string, env: Readonly<Record<string, string>>): string =>
	text.replace(/\$(\$|\(([^)]*)\))/g, (all, _, name: string | undefined) =>
		name === undefined ? '$' : Object.hasOwn(env, name) ? env[name]! : all,
	);

function ofSpec(
	cluster: Cluster,
	pod: PodView,
	place: PodPlace,
	before: Record<string, string>,
): Record<string, string> {
	const env = { ...before };
	const { namespace } = place;
	const container = pod.spec.containers.find(({ name }) => name === place.container);
	const dataOf = (plural: string, name: string): Readonly<Record<string, string>> => {
		const found = view<{ readonly data?: Readonly<Record<string, string>> }>(cluster, plural, namespace, name);
		const data = found?.data ?? {};
		return plural === 'secrets' ? Object.fromEntries(Object.entries(data).map(([k, v]) => [k, decoded(v)])) : data;
	};
	for (const { prefix = '', configMapRef, secretRef } of container?.envFrom ?? []) {
		const data = configMapRef
			? dataOf('configmaps', configMapRef.name)
			: secretRef
				? dataOf('secrets', secretRef.name)
				: {};
		for (const [key, value] of Object.entries(data)) env[`${prefix}${key}`] = value;
	}
	for (const { name, value, valueFrom } of container?.env ?? []) {
		if (value !== undefined || !valueFrom) env[name] = expand(value ?? '', env);
		else if (valueFrom.fieldRef) env[name] = fieldOf(pod, valueFrom.fieldRef.fieldPath);
		else if (valueFrom.configMapKeyRef)
			env[name] = dataOf('configmaps', valueFrom.configMapKeyRef.name)[valueFrom.configMapKeyRef.key] ?? '';
		else if (valueFrom.secretKeyRef)
			env[name] = dataOf('secrets', valueFrom.secretKeyRef.name)[valueFrom.secretKeyRef.key] ?? '';
	}
	return env;
}

/** Directories that images start in, where it is not the root. */
const WORKDIR: readonly (readonly [image: RegExp, directory: string])[] = [
	[/^quay\.io\/cilium\/cilium:/, '/home/cilium'],
	[/\/netshoot(?::|$)/, '/root'],
];

/** Name, directory and variables of a pod's container. Pods on the host's network have the node's name. */
export function podFacts(
	place: PodPlace,
	cluster: Cluster | undefined,
):
	| {
			readonly hostname: string;
			/** Its name with the domain a subdomain gives it (kubelet_pods.go GeneratePodHostNameAndDomain); the name alone without. */
			readonly fqdn: string;
			readonly cwd: string;
			readonly env: Readonly<Record<string, string>>;
	  }
	| undefined {
	const pod = cluster && view<PodView>(cluster, 'pods', place.namespace, place.pod);
	if (!cluster || !pod) return undefined;
	const { spec } = pod;
	const container = spec.containers.find(({ name }) => name === place.container);
	const directory = WORKDIR.find(([image]) => image.test(container?.image ?? ''))?.[1];
	const hostname = spec.hostNetwork ? (spec.nodeName ?? place.pod) : (spec.hostname ?? place.pod);
	const domain = spec.subdomain ? `.${spec.subdomain}.${place.namespace}.svc.cluster.local` : '';
	return {
		hostname,
		fqdn: spec.hostNetwork ? hostname : `${hostname}${domain}`,
		cwd: container?.workingDir ?? directory ?? '/',
		env: ofSpec(cluster, pod, place, ofServices(cluster, pod)),
	};
}
