/**
 * kubeconfig: which clusters a machine knows and which one is meant.
 *
 * Source: kubernetes staging/src/k8s.io/client-go/tools/clientcmd @ v1.28 (`$KUBECONFIG`, then ~/.kube/config).
 */
import { parse, type YAMLParseError } from 'yaml';
import type { Call } from '../tool.ts';
import { printYaml } from './yaml-print.ts';
import { goYamlWords } from './yaml-words.ts';

type Table = { readonly [key: string]: unknown };

export interface KubeConfig {
	readonly clusters: readonly { readonly name: string; readonly cluster: Table & { readonly server?: string } }[];
	readonly contexts: readonly {
		readonly name: string;
		readonly context: { readonly cluster?: string; readonly user?: string; readonly namespace?: string };
	}[];
	readonly users: readonly { readonly name: string; readonly user: Table }[];
	readonly 'current-context': string;
}

export const EMPTY_CONFIG: KubeConfig = { clusters: [], contexts: [], users: [], 'current-context': '' };

/** Where it is, for this call. */
export const kubeconfigPath = (call: Pick<Call, 'env'>, explicit = ''): string =>
	explicit || call.env.get('KUBECONFIG')?.split(':')[0] || `${call.env.get('HOME') ?? '/root'}/.kube/config`;

const list = (value: unknown): readonly Table[] =>
	Array.isArray(value) ? value.filter((item): item is Table => typeof item === 'object' && item !== null) : [];

/** The files of `$KUBECONFIG`, or the one there is. */
const filesOf = (call: Pick<Call, 'env'>, explicit: string): readonly string[] => {
	const several = explicit ? [] : (call.env.get('KUBECONFIG') ?? '').split(':').filter((path) => path !== '');
	return several.length > 0 ? [...new Set(several)] : [kubeconfigPath(call, explicit)];
};

/** How encoding/json names a value. */
const goKind = (value: unknown): string =>
	Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value;

const NAMED = { clusters: 'NamedCluster', contexts: 'NamedContext', users: 'NamedAuthInfo' } as const;

/** Where base64 is none (encoding/base64 CorruptInputError); undefined where it is. */
function corruptAt(text: string): number | undefined {
	const bad = /[^A-Za-z0-9+/=\r\n]/.exec(text);
	if (bad) return bad.index;
	return text.replace(/[\r\n]/g, '').length % 4 === 0 ? undefined : Math.floor(text.length / 4) * 4;
}

/** Why a document is no kubeconfig (clientcmd/loader.go Load(), api/v1 types, runtime/serializer/json) @ v0.24.0. */
function oddConfig(value: unknown): string | undefined {
	if (value === null || value === undefined) return undefined;
	if (typeof value !== 'object' || Array.isArray(value))
		return `couldn't get version/kind; json parse error: json: cannot unmarshal ${goKind(value)} into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }`;
	const table = value as Table;
	const kind = table.kind || 'Config';
	const version = table.apiVersion || 'v1';
	if (kind !== 'Config' || version !== 'v1')
		return `no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(version)} in scheme "pkg/runtime/scheme.go:100"`;
	for (const key of ['clusters', 'contexts', 'users'] as const) {
		const items = table[key];
		if (items !== undefined && items !== null && !Array.isArray(items))
			return `json: cannot unmarshal ${goKind(items)} into Go struct field Config.${key} of type []v1.${NAMED[key]}`;
		for (const item of list(items))
			for (const [field, data] of Object.entries((item[key.slice(0, -1)] ?? {}) as Table)) {
				if (!field.endsWith('-data') || typeof data !== 'string') continue;
				const at = corruptAt(data);
				if (at !== undefined) return `illegal base64 data at input byte ${at}`;
			}
	}
	const current = table['current-context'];
	if (current !== undefined && current !== null && typeof current !== 'string')
		return `json: cannot unmarshal ${goKind(current)} into Go struct field Config.current-context of type string`;
	return undefined;
}

/** One file's content; undefined when there is none; what is wrong with it otherwise. */
async function readOne(
	call: Pick<Call, 'files'>,
	path: string,
): Promise<KubeConfig | undefined | { readonly error: string }> {
	const text = await call.files.read(path);
	if (text === undefined) return undefined;
	let value: unknown;
	try {
		value = parse(text);
	} catch (fault) {
		const { code, message, linePos } = fault as YAMLParseError;
		const { line, col } = linePos?.[0] ?? { line: 1, col: 1 };
		return { error: `error loading config file "${path}": ${goYamlWords(text, { code, message, line, column: col })}` };
	}
	const odd = oddConfig(value);
	if (odd !== undefined) return { error: `error loading config file "${path}": ${odd}` };
	const table = (value ?? {}) as Table;
	const named = <K extends 'cluster' | 'context' | 'user'>(key: K, items: unknown) =>
		list(items).map((item) => ({ name: String(item.name ?? ''), [key]: (item[key] ?? {}) as Table }));
	return {
		clusters: named('cluster', table.clusters) as never,
		contexts: named('context', table.contexts) as never,
		users: named('user', table.users) as never,
		'current-context': String(table['current-context'] ?? ''),
	};
}

/**
 * What the files have together: of one name the first file's, and the first current context (ClientConfigLoadingRules.
 * Load). Empty when there is no file; what is wrong with one otherwise.
 */
export async function readKubeconfig(
	call: Pick<Call, 'env' | 'files'>,
	explicit = '',
): Promise<KubeConfig | { readonly error: string }> {
	let all = EMPTY_CONFIG;
	for (const path of filesOf(call, explicit)) {
		const one = await readOne(call, path);
		if (one === undefined) {
			if (explicit) return { error: `stat ${path}: no such file or directory` };
			continue;
		}
		if ('error' in one) return one;
		all = { ...mergeKubeconfig(one, all), 'current-context': all['current-context'] || one['current-context'] };
	}
	return all;
}

const SECTIONS = ['clusters', 'contexts', 'users'] as const;

/**
 * Writes what became of a configuration: each entry into the file it came from, what is new into the first file there
 * is, else the last of the list (ModifyConfig, GetDefaultFilename).
 */
export async function writeKubeconfig(
	call: Pick<Call, 'env' | 'files'>,
	config: KubeConfig,
	explicit = '',
): Promise<void> {
	const paths = filesOf(call, explicit);
	if (paths.length === 1) return call.files.write(paths[0]!, printKubeconfig(config));
	const files: { readonly path: string; readonly there: boolean; readonly old: KubeConfig; next: KubeConfig }[] = [];
	for (const path of paths) {
		const found = await readOne(call, path);
		const old = found && !('error' in found) ? found : EMPTY_CONFIG;
		files.push({ path, there: found !== undefined, old, next: { ...old, clusters: [], contexts: [], users: [] } });
	}
	const fresh = files.find(({ there }) => there) ?? files.at(-1)!;
	for (const section of SECTIONS)
		for (const item of config[section]) {
			const home = files.find(({ old }) => old[section].some(({ name }) => name === item.name)) ?? fresh;
			home.next = { ...home.next, [section]: [...home.next[section], item] };
		}
	// Entries of one name in later files are nobody's, and stay.
	for (const [i, file] of files.entries())
		for (const section of SECTIONS) {
			const hidden = file.old[section].filter(({ name }) =>
				files.slice(0, i).some(({ old }) => old[section].some((other) => other.name === name)),
			);
			file.next = { ...file.next, [section]: [...file.next[section], ...hidden] };
		}
	const current = files.find(({ old }) => old['current-context'] !== '') ?? fresh;
	current.next = { ...current.next, 'current-context': config['current-context'] };
	for (const { path, there, old, next } of files)
		if (printKubeconfig(next) !== printKubeconfig(old) && (there || next !== old))
			await call.files.write(path, printKubeconfig(next));
}

/** The file, as YAML. */
export const printKubeconfig = (config: KubeConfig): string =>
	printYaml({ apiVersion: 'v1', kind: 'Config', preferences: {}, ...config });

/** Adds or replaces what another file has, and takes its context as the current one. */
export function mergeKubeconfig(into: KubeConfig, from: KubeConfig): KubeConfig {
	const merge = <T extends { readonly name: string }>(a: readonly T[], b: readonly T[]): readonly T[] => [
		...a.filter((item) => !b.some((other) => other.name === item.name)),
		...b,
	];
	return {
		clusters: merge(into.clusters, from.clusters),
		contexts: merge(into.contexts, from.contexts),
		users: merge(into.users, from.users),
		'current-context': from['current-context'] || into['current-context'],
	};
}

/** Takes one cluster out, with its context and user. */
export function removeFromKubeconfig(config: KubeConfig, name: string): KubeConfig {
	const current = config['current-context'] === name ? '' : config['current-context'];
	return {
		clusters: config.clusters.filter((item) => item.name !== name),
		contexts: config.contexts.filter((item) => item.name !== name),
		users: config.users.filter((item) => item.name !== name),
		'current-context': current,
	};
}
