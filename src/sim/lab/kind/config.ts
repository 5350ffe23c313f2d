/**
 * kind's configuration file: its shape, defaults and checks, in kind's words.
 *
 * Source: kind pkg/apis/config/v1alpha4, pkg/internal/apis/config/{default,validate}.go, encoding/load.go @ v0.14.0.
 */
import { formatPrefix, type Prefix, parseIp, parsePrefix } from '../../wire/index.ts';

export interface PortMapping {
	readonly containerPort: number;
	readonly hostPort: number;
	readonly listenAddress: string;
	readonly protocol: 'TCP' | 'UDP' | 'SCTP';
}

export interface KindNode {
	readonly role: 'control-plane' | 'worker';
	readonly image: string;
	readonly labels: Readonly<Record<string, string>>;
	readonly extraPortMappings: readonly PortMapping[];
	readonly kubeadmConfigPatches: readonly string[];
}

export interface KindConfig {
	readonly name: string;
	readonly nodes: readonly KindNode[];
	readonly apiServerAddress: string;
	/** 0: one that is free. */
	readonly apiServerPort: number;
	readonly podSubnet: Prefix;
	readonly serviceSubnet: Prefix;
	readonly disableDefaultCNI: boolean;
	readonly kubeProxyMode: 'iptables' | 'ipvs' | 'nftables' | 'none';
	readonly kubeadmConfigPatches: readonly string[];
}

export type KindConfigResult = { readonly config: KindConfig } | { readonly error: string };

type Tree = Readonly<Record<string, unknown>>;
const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null && !Array.isArray(value);

type Kind = 'text' | 'int' | 'bool' | 'map' | 'texts' | 'any' | Shape | readonly [Shape];
interface Shape {
	readonly type: string;
	readonly fields: Readonly<Record<string, Kind>>;
}

const MOUNT: Shape = {
	type: 'v1alpha4.Mount',
	fields: { containerPath: 'text', hostPath: 'text', readOnly: 'bool', selinuxRelabel: 'bool', propagation: 'text' },
};
const PORT: Shape = {
	type: 'v1alpha4.PortMapping',
	fields: { containerPort: 'int', hostPort: 'int', listenAddress: 'text', protocol: 'text' },
};
const NODE: Shape = {
	type: 'v1alpha4.Node',
	fields: {
		role: 'text',
		image: 'text',
		labels: 'map',
		extraMounts: [MOUNT],
		extraPortMappings: [PORT],
		kubeadmConfigPatches: 'texts',
		kubeadmConfigPatchesJSON6902: 'any',
	},
};
const CLUSTER: Shape = {
	type: 'v1alpha4.Cluster',
	fields: {
		kind: 'text',
		apiVersion: 'text',
		name: 'text',
		nodes: [NODE],
		networking: {
			type: 'v1alpha4.Networking',
			fields: {
				ipFamily: 'text',
				apiServerAddress: 'text',
				apiServerPort: 'int',
				podSubnet: 'text',
				serviceSubnet: 'text',
				disableDefaultCNI: 'bool',
				kubeProxyMode: 'text',
				dnsSearch: 'texts',
			},
		},
		featureGates: 'map',
		runtimeConfig: 'map',
		kubeadmConfigPatches: 'texts',
		kubeadmConfigPatchesJSON6902: 'any',
		containerdConfigPatches: 'texts',
		containerdConfigPatchesJSON6902: 'texts',
	},
};

const GO_TYPES: Readonly<Record<string, string>> = {
	text: 'string',
	int: 'int32',
	bool: 'bool',
	map: 'map[string]string',
	texts: '[]string',
};

const tagOf = (value: unknown): string =>
	Array.isArray(value)
		? '!!seq'
		: isTree(value)
			? '!!map'
			: typeof value === 'boolean'
				? '!!bool'
				: typeof value === 'number'
					? Number.isInteger(value)
						? '!!int'
						: '!!float'
					: '!!str';

/** Line of the source a path of keys stands on, where the reader of the YAML knows it. */
export type LineOf = (path: readonly (string | number)[]) => number | undefined;

/** What yaml.v3's decoder says of fields that are not there or hold something else. */
function decodeFaults(value: unknown, kind: Kind, path: readonly (string | number)[], lineOf: LineOf): string[] {
	const at = `line ${lineOf(path) ?? 1}: `;
	const wrong = (type: string): string[] => {
		const shown = isTree(value) || Array.isArray(value) ? tagOf(value) : `${tagOf(value)} \`${String(value)}\``;
		return [`${at}cannot unmarshal ${shown} into ${type}`];
	};
	if (value === null || value === undefined || kind === 'any') return [];
	if (kind === 'text') return isTree(value) || Array.isArray(value) ? wrong('string') : [];
	if (kind === 'int') return Number.isInteger(value) ? [] : wrong('int32');
	if (kind === 'bool') return typeof value === 'boolean' ? [] : wrong('bool');
	if (kind === 'map') return isTree(value) ? [] : wrong(GO_TYPES.map!);
	if (kind === 'texts') return Array.isArray(value) ? [] : wrong(GO_TYPES.texts!);
	if (isList(kind))
		return Array.isArray(value)
			? value.flatMap((item, i) => decodeFaults(item, kind[0], [...path, i], lineOf))
			: wrong(`[]${kind[0].type}`);
	if (!isTree(value)) return wrong(kind.type);
	return Object.entries(value).flatMap(([key, inner]) =>
		Object.hasOwn(kind.fields, key)
			? decodeFaults(inner, kind.fields[key]!, [...path, key], lineOf)
			: [`line ${lineOf([...path, key]) ?? 1}: field ${key} not found in type ${kind.type}`],
	);
}

const isList = (kind: Exclude<Kind, string>): kind is readonly [Shape] => Array.isArray(kind);

const validPort = (port: number): string | undefined =>
	port < -1 || port > 65535 ? `invalid port number: ${port}` : undefined;

/** `errors.NewAggregate`: one as it is, several in brackets. */
const aggregate = (errors: readonly string[]): string => (errors.length === 1 ? errors[0]! : `[${errors.join(', ')}]`);

/**
 * Reads a configuration: `file` as parsed from YAML, or undefined for none. `image` is what nodes run that name none;
 * `override` is `--image`. Errors are the text after `ERROR: failed to create cluster: `.
 */
export function readKindConfig(
	file: unknown,
	options: { readonly name?: string; readonly override?: string; readonly image: string; readonly lineOf?: LineOf },
): KindConfigResult {
	const lineOf = options.lineOf ?? (() => undefined);
	let tree: Tree = { kind: 'Cluster', apiVersion: 'kind.x-k8s.io/v1alpha4' };
	if (file !== undefined) {
		if (!isTree(file)) return { error: 'unknown apiVersion: ' };
		const version = String(file.apiVersion ?? '');
		if (version !== 'kind.x-k8s.io/v1alpha4') return { error: `unknown apiVersion: ${version}` };
		if (file.kind !== 'Cluster') return { error: `unknown kind ${String(file.kind ?? '')} for apiVersion: ${version}` };
		const faults = decodeFaults(file, CLUSTER, [], lineOf);
		if (faults.length > 0)
			return { error: `unable to decode config: yaml: unmarshal errors:\n${faults.map((f) => `  ${f}`).join('\n')}` };
		tree = file;
	}
	const net: Tree = isTree(tree.networking) ? tree.networking : {};
	const family = String(net.ipFamily || 'ipv4');
	const name = options.name || String(tree.name || 'kind');
	const podText = String(net.podSubnet || '10.244.0.0/16');
	const serviceText = String(net.serviceSubnet || '10.96.0.0/16');
	const given = Array.isArray(tree.nodes) && tree.nodes.length > 0 ? tree.nodes.filter(isTree) : [{}];
	const nodes = given.map((node) => readNode(node, options));
	const errors: string[] = [];
	if (!/^[a-z0-9.-]+$/.test(name))
		errors.push(`'${name}' is not a valid cluster name, cluster names must match \`^[a-z0-9.-]+$\``);
	const apiServerPort = Number(net.apiServerPort ?? 0);
	const port = validPort(apiServerPort);
	if (port) errors.push(`invalid apiServerPort: ${port}`);
	if (!['ipv4', 'ipv6', 'dual'].includes(family)) errors.push(`invalid ipFamily: ${family}`);
	const podSubnet = subnet(podText);
	const serviceSubnet = subnet(serviceText);
	if (typeof podSubnet === 'string') errors.push(`invalid pod subnet ${podSubnet}`);
	if (typeof serviceSubnet === 'string') errors.push(`invalid service subnet ${serviceSubnet}`);
	const mode = String(net.kubeProxyMode ?? '') || 'iptables';
	if (!['iptables', 'ipvs', 'nftables', 'none'].includes(mode)) errors.push(`invalid kubeProxyMode: ${mode}`);
	for (const [i, node] of nodes.entries()) {
		const faults = nodeFaults(node);
		if (faults.length > 0) errors.push(`invalid configuration for node ${i}: ${aggregate(faults)}`);
	}
	if (!nodes.some((n) => n.role === 'control-plane')) errors.push('must have at least one control-plane node');
	if (errors.length > 0) return { error: aggregate(errors) };
	return {
		config: {
			name,
			nodes,
			apiServerAddress: String(net.apiServerAddress || '127.0.0.1'),
			apiServerPort,
			podSubnet: podSubnet as Prefix,
			serviceSubnet: serviceSubnet as Prefix,
			disableDefaultCNI: net.disableDefaultCNI === true,
			kubeProxyMode: mode as KindConfig['kubeProxyMode'],
			kubeadmConfigPatches: texts(tree.kubeadmConfigPatches),
		},
	};
}

const texts = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(String) : []);

function readNode(node: Tree, options: { readonly override?: string; readonly image: string }): KindNode {
	const ports = Array.isArray(node.extraPortMappings) ? node.extraPortMappings.filter(isTree) : [];
	return {
		role: String(node.role || 'control-plane') as KindNode['role'],
		image: options.override || String(node.image || options.image),
		labels: isTree(node.labels)
			? Object.fromEntries(Object.entries(node.labels).map(([key, value]) => [key, String(value)]))
			: {},
		extraPortMappings: ports.map((port) => ({
			containerPort: Number(port.containerPort ?? 0),
			hostPort: Number(port.hostPort ?? 0),
			listenAddress: String(port.listenAddress || '0.0.0.0'),
			protocol: String(port.protocol || 'TCP') as PortMapping['protocol'],
		})),
		kubeadmConfigPatches: texts(node.kubeadmConfigPatches),
	};
}

function nodeFaults(node: KindNode): string[] {
	const faults: string[] = [];
	if (node.role !== 'control-plane' && node.role !== 'worker')
		faults.push(`"${node.role as string}" is not a valid node role`);
	for (const { hostPort, containerPort } of node.extraPortMappings) {
		const [host, inside] = [validPort(hostPort), validPort(containerPort)];
		if (host) faults.push(`invalid hostPort: ${host}`);
		if (inside) faults.push(`invalid containerPort: ${inside}`);
	}
	const seen: PortMapping[] = [];
	for (const port of node.extraPortMappings) {
		if (port.hostPort <= 0) continue;
		const any = '0.0.0.0';
		const twice = seen.some(
			(p) =>
				p.hostPort === port.hostPort &&
				p.protocol === port.protocol &&
				(p.listenAddress === port.listenAddress || p.listenAddress === any || port.listenAddress === any),
		);
		if (twice)
			faults.push(
				`invalid portMapping: port mapping with same listen address, port and protocol already configured: ${port.listenAddress}:${port.hostPort}/${port.protocol}`,
			);
		seen.push(port);
	}
	return faults;
}

/** A CIDR, or what is wrong with it. IPv6 is not modelled. */
function subnet(text: string): Prefix | string {
	const [address, length, ...rest] = text.split('/');
	const ip = parseIp(address ?? '');
	const bad = ip === undefined || rest.length > 0 || !/^\d{1,2}$/.test(length ?? '') || Number(length) > 32;
	if (bad) return `failed to parse cidr value:"${text}" with error: invalid CIDR address: ${text}`;
	const bits = Number(length);
	const network = bits === 0 ? 0 : (ip & (0xffffffff << (32 - bits))) >>> 0;
	return parsePrefix(formatPrefix({ address: network, length: bits })) ?? { address: network, length: bits };
}
