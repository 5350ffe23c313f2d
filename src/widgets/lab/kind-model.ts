/**
 * What kind makes of a configuration file: it is read as kind reads it and the cluster is begun in a lab, until its
 * containers are there. Refusals are kind's and Docker's; lines and reasons are added for the reader.
 */
import { readKindFile } from '../../cli/index.ts';
import { type Container, createLab, KIND_RELEASES, type KindConfig, readKindConfig } from '../../sim/lab/index.ts';
import { formatIp, formatPrefix } from '../../sim/wire/index.ts';

export type Fault =
	| 'syntax'
	| 'twice'
	| 'field'
	| 'type'
	| 'version'
	| 'kind'
	| 'name'
	| 'port'
	| 'family'
	| 'subnet'
	| 'proxyMode'
	| 'role'
	| 'portTwice'
	| 'noControlPlane'
	| 'portTaken'
	| 'image';

export interface Explained {
	readonly code: Fault;
	readonly params: Readonly<Record<string, string>>;
	readonly line?: number;
}

export interface Refused {
	/** As printed, `ERROR: …`, with Docker's answer where a command of kind's failed. */
	readonly text: string;
	readonly by: 'kind' | 'docker';
	readonly faults: readonly Explained[];
}

export type Note = 'exposed' | 'noCni' | 'noProxy' | 'balancer';

export interface PlannedContainer {
	readonly name: string;
	readonly role: 'control-plane' | 'worker' | 'external-load-balancer';
	readonly image: string;
	readonly ip: string;
	/** `0.0.0.0:80`, and where it leads in the container. */
	readonly ports: readonly { readonly host: string; readonly inside: string; readonly api: boolean }[];
}

export interface Plan {
	readonly name: string;
	readonly containers: readonly PlannedContainer[];
	readonly network: { readonly name: string; readonly subnet: string; readonly gateway: string };
	readonly podSubnet: string;
	readonly serviceSubnet: string;
	readonly cni: boolean;
	readonly proxy: KindConfig['kubeProxyMode'];
	readonly notes: readonly Note[];
	readonly warnings: readonly string[];
}

export interface KindAnswer {
	readonly refused?: Refused;
	/** The cluster as far as it comes; with a file that cannot be read there is none. */
	readonly plan?: Plan;
}

export const RELEASES: readonly string[] = Object.keys(KIND_RELEASES);

type Path = readonly (string | number)[];
type LineOf = (path: Path) => number | undefined;

/** Longer texts are nobody's configuration, and every key press reads them. */
const MOST = 20_000;
/** Every start of a node costs time; Docker has no such limit. */
const MOST_NODES = 40;

export function readKind(text: string, release: string): KindAnswer {
	const file = readKindFile(text.slice(0, MOST));
	if ('error' in file) return { refused: refusal(file.error, 'kind', () => undefined, { line: file.line }) };
	const image = KIND_RELEASES[release] ?? 'v1.24.0';
	const read = readKindConfig(file.value, { image: `kindest/node:${image}`, lineOf: file.lineOf });
	if ('error' in read) return { refused: refusal(read.error, 'kind', file.lineOf, { value: file.value }) };
	const { config } = read;
	const lab = createLab({ seed: 1, epoch: 1_661_940_000, kind: release, images: [`kindest/node:${image}`] });
	const small = config.nodes.length <= MOST_NODES;
	const value = small ? file.value : { ...(file.value as object), nodes: undefined };
	const run = lab.kind.create({ config: value, lineOf: file.lineOf, retain: true });
	const prepared = (): boolean =>
		run.steps.some((step) => step.text.startsWith('Preparing') && step.ended !== undefined);
	lab.run(600e6, () => run.state === 'failed' || prepared());
	const containers = [...lab.docker.containers()].reverse();
	const network = lab.docker.networks().find((one) => one.name === 'kind');
	const plan: Plan = {
		name: config.name,
		containers: inOrder(containers).map((one) => planned(one)),
		network: {
			name: network?.name ?? 'kind',
			subnet: network?.subnet ?? '',
			gateway: network?.gateway === undefined ? '' : formatIp(network.gateway),
		},
		podSubnet: formatPrefix(config.podSubnet),
		serviceSubnet: formatPrefix(config.serviceSubnet),
		cni: !config.disableDefaultCNI,
		proxy: config.kubeProxyMode,
		notes: notesOf(config),
		warnings: run.warnings,
	};
	if (run.state !== 'failed') return { plan };
	const output = run.commandOutput === undefined ? '' : `\n\nCommand Output: ${run.commandOutput}`;
	const whole = `${(run.error ?? '').replace(/^failed to create cluster: /, '')}${output}`;
	return { refused: refusal(whole, 'docker', file.lineOf, { config }), plan };
}

const ROLES = ['external-load-balancer', 'control-plane', 'worker'];
const roleOf = (one: Container): PlannedContainer['role'] =>
	(one.labels['io.x-k8s.kind.role'] ?? 'worker') as PlannedContainer['role'];

/** Balancer, control planes, workers; each by number. */
function inOrder(containers: readonly Container[]): readonly Container[] {
	const number = (name: string): number => Number(/(\d+)$/.exec(name)?.[1] ?? 1);
	return [...containers].sort(
		(a, b) => ROLES.indexOf(roleOf(a)) - ROLES.indexOf(roleOf(b)) || number(a.name) - number(b.name),
	);
}

const planned = (one: Container): PlannedContainer => ({
	name: one.name,
	role: roleOf(one),
	image: one.image.split('@')[0]!,
	ip: one.ip === undefined ? '' : formatIp(one.ip),
	ports: one.ports.map((port) => ({
		host: `${port.hostIp}:${port.hostPort}`,
		inside: `${port.containerPort}/${port.protocol}`,
		api: port.containerPort === 6443,
	})),
});

function notesOf(config: KindConfig): readonly Note[] {
	const notes: Note[] = [];
	if (config.apiServerAddress === '0.0.0.0') notes.push('exposed');
	if (config.disableDefaultCNI) notes.push('noCni');
	if (config.kubeProxyMode === 'none') notes.push('noProxy');
	if (config.nodes.filter((node) => node.role === 'control-plane').length > 1) notes.push('balancer');
	return notes;
}

interface Pattern {
	readonly code: Fault;
	readonly of: RegExp;
	/** Names of the groups, as parameters of the explanation. */
	readonly names?: readonly string[];
	/** Where in the file, when the text names no line. */
	readonly path?: (groups: readonly string[]) => Path;
}

const PATTERNS: readonly Pattern[] = [
	{
		code: 'twice',
		of: /line (\d+): mapping key "([^"]*)" already defined at line (\d+)/g,
		names: ['line', 'key', 'first'],
	},
	{ code: 'field', of: /line (\d+): field (.*?) not found in type v1alpha4\.(\w+)/g, names: ['line', 'key', 'type'] },
	{ code: 'type', of: /line (\d+): cannot unmarshal (!!\w+)[^\n]* into (\S+)/g, names: ['line', 'tag', 'type'] },
	{ code: 'version', of: /unknown apiVersion: (.*)/g, names: ['value'], path: () => ['apiVersion'] },
	{ code: 'kind', of: /unknown kind (.*?) for apiVersion/g, names: ['value'], path: () => ['kind'] },
	{ code: 'name', of: /'(.*?)' is not a valid cluster name/g, names: ['value'], path: () => ['name'] },
	{
		code: 'port',
		of: /invalid apiServerPort: invalid port number: (-?\d+)/g,
		names: ['value'],
		path: () => ['networking', 'apiServerPort'],
	},
	{ code: 'family', of: /invalid ipFamily: ([^,\]]*)/g, names: ['value'], path: () => ['networking', 'ipFamily'] },
	{
		code: 'subnet',
		of: /invalid (pod|service) subnet[^"]*"([^"]*)"/g,
		names: ['which', 'value'],
		path: ([which]) => ['networking', `${which}Subnet`],
	},
	{
		code: 'proxyMode',
		of: /invalid kubeProxyMode: ([^,\]]*)/g,
		names: ['value'],
		path: () => ['networking', 'kubeProxyMode'],
	},
	{ code: 'noControlPlane', of: /must have at least one control-plane node/g, path: () => ['nodes'] },
	{
		code: 'image',
		of: /failed to pull image "([^"]*)"/g,
		names: ['value'],
		path: () => ['nodes'],
	},
];

/** Within `invalid configuration for node 0: …`. */
const NODE_PATTERNS: readonly Pattern[] = [
	{ code: 'role', of: /"(.*?)" is not a valid node role/g, names: ['value'], path: () => ['role'] },
	{
		code: 'port',
		of: /invalid (?:hostPort|containerPort): invalid port number: (-?\d+)/g,
		names: ['value'],
		path: () => ['extraPortMappings'],
	},
	{
		code: 'portTwice',
		of: /already configured: (\S+?)[\],]?(?:$|[\s,\]])/g,
		names: ['value'],
		path: () => ['extraPortMappings'],
	},
];

/** What else is known of a file that was refused. */
interface From {
	/** Where it could not be read. */
	readonly line?: number;
	/** As YAML reads it. */
	readonly value?: unknown;
	/** As kind reads it. */
	readonly config?: KindConfig;
}

/** Where in a node a port stands that is refused: the first mapping with that number. */
function mappingOf(value: unknown, node: number, port: string): Path | undefined {
	const nodes = (value as { readonly nodes?: unknown })?.nodes;
	const of = (Array.isArray(nodes) ? nodes : [])[node] as { readonly extraPortMappings?: unknown } | undefined;
	const mappings = Array.isArray(of?.extraPortMappings)
		? (of.extraPortMappings as Readonly<Record<string, unknown>>[])
		: [];
	for (const [i, mapping] of mappings.entries())
		for (const key of ['hostPort', 'containerPort'])
			if (String(mapping?.[key]) === port) return ['nodes', node, 'extraPortMappings', i, key];
	return undefined;
}

function refusal(error: string, by: Refused['by'], lineOf: LineOf, from: From = {}): Refused {
	const { line, value, config } = from;
	const faults: Explained[] = [];
	const look = (text: string, patterns: readonly Pattern[], node?: number): void => {
		const before: Path = node === undefined ? [] : ['nodes', node];
		for (const { code, of, names = [], path } of patterns) {
			for (const match of text.matchAll(of)) {
				const groups = match.slice(1);
				const params = Object.fromEntries(names.map((name, i) => [name, groups[i] ?? '']));
				const exact = node !== undefined && code === 'port' ? mappingOf(value, node, groups[0] ?? '') : undefined;
				const where = path && nearest(exact ?? [...before, ...path(groups)], lineOf);
				const at = params.line === undefined ? where : Number(params.line);
				faults.push({ code, params, ...(at === undefined ? {} : { line: at }) });
			}
		}
	};
	look(error, PATTERNS);
	for (const [, i, text] of error.matchAll(
		/invalid configuration for node (\d+): (.*?)(?=, invalid configuration for node|$)/g,
	))
		look(text!, NODE_PATTERNS, Number(i));
	const taken = /Bind for (\S+):(\d+) failed: port is already allocated/.exec(error);
	if (taken) {
		const port = Number(taken[2]);
		const nodes = config?.nodes.flatMap((node, i) =>
			node.extraPortMappings.flatMap((mapping, j) => (mapping.hostPort === port ? [[i, j] as const] : [])),
		);
		const last = nodes?.at(-1);
		const at = last && nearest(['nodes', last[0], 'extraPortMappings', last[1], 'hostPort'], lineOf);
		faults.push({ code: 'portTaken', params: { port: taken[2]! }, ...(at === undefined ? {} : { line: at }) });
	}
	faults.sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
	if (faults.length === 0 && line !== undefined) faults.push({ code: 'syntax', params: {}, line });
	return { text: `ERROR: failed to create cluster: ${error}`, by, faults };
}

/** Line of a path, or of what it would stand in. */
function nearest(path: Path, lineOf: LineOf): number | undefined {
	for (let n = path.length; n > 0; n--) {
		const line = lineOf(path.slice(0, n));
		if (line !== undefined) return line;
	}
	return undefined;
}
