/**
 * kubeconfig: which clusters a machine knows and which one is meant.
 *
 * Source: kubernetes staging/src/k8s.io/client-go/tools/clientcmd @ v1.28 (`$KUBECONFIG`, then ~/.kube/config).
 */
import { parse } from 'yaml';
import type { Call } from '../tool.ts';
import { printYaml } from './yaml-print.ts';

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

/** The file's content; an empty one when there is no file; what is wrong with it otherwise. */
export async function readKubeconfig(
	call: Pick<Call, 'env' | 'files'>,
	explicit = '',
): Promise<KubeConfig | { readonly error: string }> {
	const path = kubeconfigPath(call, explicit);
	const text = await call.files.read(path);
	if (text === undefined) {
		if (explicit) return { error: `stat ${path}: no such file or directory` };
		return EMPTY_CONFIG;
	}
	let value: unknown;
	try {
		value = parse(text);
	} catch (fault) {
		return { error: `error loading config file "${path}": yaml: ${String((fault as Error).message).split('\n')[0]}` };
	}
	const table = (typeof value === 'object' && value !== null ? value : {}) as Table;
	const named = <K extends 'cluster' | 'context' | 'user'>(key: K, items: unknown) =>
		list(items).map((item) => ({ name: String(item.name ?? ''), [key]: (item[key] ?? {}) as Table }));
	return {
		clusters: named('cluster', table.clusters) as never,
		contexts: named('context', table.contexts) as never,
		users: named('user', table.users) as never,
		'current-context': String(table['current-context'] ?? ''),
	};
}

export async function writeKubeconfig(
	call: Pick<Call, 'env' | 'files'>,
	config: KubeConfig,
	explicit = '',
): Promise<void> {
	await call.files.write(kubeconfigPath(call, explicit), printKubeconfig(config));
}

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
