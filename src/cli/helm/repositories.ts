/**
 * Chart repositories the machine knows: ~/.config/helm/repositories.yaml, and the one that exists in the lab.
 *
 * Source: helm cmd/helm/{repo_add,repo_update,repo_list}.go, pkg/repo @ v3.9.4.
 */
import { parse } from 'yaml';
import { chartVersion } from '../../sim/charts/index.ts';
import { printYaml } from '../kube/index.ts';
import type { Call } from '../tool.ts';

export interface Repository {
	readonly name: string;
	readonly url: string;
}

/** Repositories that answer, and the charts they hold. */
const CHARTS: Readonly<Record<string, readonly string[]>> = { 'https://helm.cilium.io': ['cilium'] };

const plainUrl = (url: string): string => url.replace(/\/+$/, '');

export const isRepository = (url: string): boolean => Object.hasOwn(CHARTS, plainUrl(url));

const path = (call: Call): string =>
	call.env.get('HELM_REPOSITORY_CONFIG') ?? `${call.env.get('HOME') ?? '/root'}/.config/helm/repositories.yaml`;

export async function readRepositories(call: Call): Promise<readonly Repository[]> {
	const text = await call.files.read(path(call));
	if (text === undefined) return [];
	let value: unknown;
	try {
		value = parse(text);
	} catch {
		return [];
	}
	const list = (value as { repositories?: unknown } | null)?.repositories;
	return Array.isArray(list)
		? list.map((item) => ({ name: String(item?.name ?? ''), url: String(item?.url ?? '') }))
		: [];
}

export const writeRepositories = (call: Call, repositories: readonly Repository[]): Promise<void> =>
	call.files.write(path(call), printYaml({ apiVersion: '', generated: '0001-01-01T00:00:00Z', repositories }));

/** What helm says of a repository that does not answer. */
export const notARepository = (url: string): string => {
	const host = /^https?:\/\/([^/:]+)/.exec(url)?.[1];
	if (host === undefined) return `could not find protocol handler for: ${/^(\w+):/.exec(url)?.[1] ?? ''}`;
	return `looks like "${url}" is not a valid chart repository or cannot be reached: Get "${plainUrl(url)}/index.yaml": dial tcp: lookup ${host}: no such host`;
};

/** The chart somebody names, and its version; or why there is none. */
export async function findChart(
	call: Call,
	reference: string,
	options: { readonly repo: string; readonly version: string },
): Promise<{ readonly chart: string; readonly version: string } | { readonly error: string }> {
	let chart = reference;
	let source = options.repo;
	if (source === '') {
		if (
			reference.startsWith('oci://') ||
			/^https?:/.test(reference) ||
			reference.startsWith('.') ||
			reference.startsWith('/')
		)
			return {
				error:
					(await call.files.list(reference)) === undefined && !reference.includes('://')
						? `path "${reference}" not found`
						: `the simulator’s helm fetches charts of repositories only: ${reference}`,
			};
		const [name, rest] = [reference.split('/')[0]!, reference.split('/').slice(1).join('/')];
		if (rest === '' || reference.endsWith('.tgz'))
			return { error: `non-absolute URLs should be in form of repo_name/path_to_chart, got: ${reference}` };
		const repository = (await readRepositories(call)).find((item) => item.name === name);
		if (!repository) return { error: `repo ${name} not found` };
		source = repository.url;
		chart = rest;
	}
	if (!isRepository(source)) return { error: notARepository(source) };
	const known = CHARTS[plainUrl(source)]!;
	const version = known.includes(chart) ? chartVersion(options.version) : undefined;
	if (version === undefined) {
		const asked = options.version === '' ? '' : ` version "${options.version}"`;
		if (options.repo !== '') return { error: `chart "${chart}"${asked} not found in ${options.repo} repository` };
		const name = reference.split('/')[0]!;
		return {
			error: known.includes(chart)
				? `chart "${chart}" matching ${options.version} not found in ${name} index. (try 'helm repo update'): no chart version found for ${chart}-${options.version}`
				: `chart "${chart}" matching ${options.version} not found in ${name} index. (try 'helm repo update'): no chart name found`,
		};
	}
	return { chart, version };
}

/** Asks repositories what they have, as `helm repo update` does. */
export async function refresh(call: Call, repositories: readonly { readonly name: string }[]): Promise<void> {
	call.out('Hang tight while we grab the latest from your chart repositories...\n');
	await call.sleep(700_000);
	for (const { name } of repositories) call.out(`...Successfully got an update from the "${name}" chart repository\n`);
	call.out('Update Complete. ⎈Happy Helming!⎈\n');
}
