/**
 * Charts out of a folder or an archive.
 *
 * Source: helm pkg/chart/loader/{load,directory,archive}.go, pkg/chart/{metadata,dependency}.go, pkg/ignore/rules.go @ v3.9.4.
 */
import type { Values } from '../../../sim/charts/index.ts';
import { readManifests } from '../../kube/index.ts';
import type { Files } from '../../tool.ts';
import { type ChartFile, unpack } from './archive.ts';
import { parseVersion } from './semver.ts';

export interface Dependency {
	readonly name: string;
	readonly version?: string;
	readonly repository?: string;
	readonly condition?: string;
	readonly tags?: readonly string[];
	readonly alias?: string;
	readonly 'import-values'?: readonly unknown[];
}

export interface Metadata {
	readonly name: string;
	readonly version: string;
	readonly apiVersion: string;
	readonly appVersion?: string;
	readonly description?: string;
	readonly type?: string;
	readonly kubeVersion?: string;
	readonly dependencies?: readonly Dependency[];
	readonly [key: string]: unknown;
}

export interface Chart {
	readonly metadata: Metadata;
	/** values.yaml; undefined where there is none. */
	readonly values: Values | undefined;
	readonly schema: string | undefined;
	readonly templates: readonly ChartFile[];
	/** What is neither template nor of helm's own. */
	readonly files: readonly ChartFile[];
	/** All of it, as it was read. */
	readonly raw: readonly ChartFile[];
	readonly dependencies: readonly Chart[];
}

export type Failure = { readonly error: string };

export const textOf = (file: ChartFile): string => new TextDecoder().decode(file.data);

/** One table of YAML; empty for an empty file. */
export function readTable(text: string): Values | Failure {
	const found = readManifests(text.replace(/^﻿/, ''), 'yaml');
	if ('error' in found) return { error: found.error };
	const value = found[0]?.value as unknown;
	if (value === undefined || value === null) return {};
	if (typeof value !== 'object' || Array.isArray(value)) {
		const kind = Array.isArray(value) ? 'array' : typeof value;
		return {
			error: `error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ${kind} into Go value of type map[string]interface {}`,
		};
	}
	return value as Values;
}

const DEPENDENCY_ALIAS = /^[a-zA-Z0-9_-]+$/;

/** Metadata.Validate(). */
function invalid(data: Metadata): string | undefined {
	const fault = (text: string): string => `validation: ${text}`;
	if (!data.name) return fault('chart.metadata.name is required');
	if (!data.version) return fault('chart.metadata.version is required');
	if (!parseVersion(String(data.version))) return fault(`chart.metadata.version "${data.version}" is invalid`);
	if (!['', 'application', 'library'].includes(data.type ?? ''))
		return fault('chart.metadata.type must be application or library');
	const named = (data.dependencies ?? []).find(({ alias }) => alias && !DEPENDENCY_ALIAS.test(alias));
	return named && fault(`dependency "${named.name}" has disallowed characters in the alias`);
}

/** A field of text that YAML reads as something else: appVersion: 1.16 is an error in Go. */
function mistyped(table: Values): string | undefined {
	for (const key of [
		'name',
		'version',
		'appVersion',
		'apiVersion',
		'description',
		'type',
		'kubeVersion',
		'icon',
		'home',
	]) {
		const value = table[key];
		if (value === undefined || value === null || typeof value === 'string') continue;
		const kind = typeof value === 'boolean' ? 'bool' : Array.isArray(value) ? 'array' : typeof value;
		return `error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ${kind} into Go struct field Metadata.${key} of type string`;
	}
	return undefined;
}

/** Makes a chart of its files. */
export async function chartOf(files: readonly ChartFile[]): Promise<Chart | Failure> {
	const own = files.find(({ name }) => name === 'Chart.yaml');
	if (!own) return { error: 'Chart.yaml file is missing' };
	const table = readTable(textOf(own));
	if ('error' in table && typeof table.error === 'string' && Object.keys(table).length === 1)
		return { error: `cannot load Chart.yaml: ${table.error}` };
	const kind = mistyped(table as Values);
	if (kind) return { error: `cannot load Chart.yaml: ${kind}` };
	const metadata = { ...(table as Values), apiVersion: (table as Values).apiVersion ?? 'v1' } as unknown as Metadata;
	const templates: ChartFile[] = [];
	const rest: ChartFile[] = [];
	const below = new Map<string, ChartFile[]>();
	let values: Values | undefined;
	let schema: string | undefined;
	for (const file of files) {
		if (file === own || file.name === 'Chart.lock') continue;
		if (file.name === 'values.yaml') {
			const read = readTable(textOf(file));
			if (isFailure(read)) return { error: `cannot load values.yaml: ${read.error}` };
			values = read;
		} else if (file.name === 'values.schema.json') schema = textOf(file);
		else if (file.name.startsWith('templates/')) templates.push(file);
		else if (file.name.startsWith('charts/') && !file.name.endsWith('.prov')) {
			const name = file.name.slice('charts/'.length);
			const first = name.split('/')[0]!;
			below.set(first, [...(below.get(first) ?? []), { ...file, name }]);
		} else rest.push(file);
	}
	const fault = invalid(metadata);
	if (fault) return { error: fault };
	const dependencies: Chart[] = [];
	for (const [name, of] of below) {
		if (/^[_.]/.test(name)) continue;
		let inner: readonly ChartFile[] | Failure;
		if (name.endsWith('.tgz')) inner = await unpack(of[0]!.data);
		else {
			const inside = of.filter((file) => file.name.includes('/'));
			if (inside.length === 0) continue;
			inner = inside.map((file) => ({ ...file, name: file.name.slice(file.name.indexOf('/') + 1) }));
		}
		const chart = 'error' in inner ? inner : await chartOf(inner);
		if ('error' in chart) return { error: `error unpacking ${name} in ${metadata.name}: ${chart.error}` };
		dependencies.push(chart);
	}
	return { metadata, values, schema, templates, files: rest, raw: files, dependencies };
}

export const isFailure = (value: object): value is Failure =>
	'error' in value && typeof value.error === 'string' && Object.keys(value).length === 1;

/** A pattern of .helmignore; answers for a path and whether it is a folder. */
type Rule = (path: string, folder: boolean) => boolean | undefined;

function ruleOf(line: string): Rule | undefined {
	let rule = line.trim();
	if (rule === '' || rule.startsWith('#')) return undefined;
	const negated = rule.startsWith('!');
	if (negated) rule = rule.slice(1);
	const folderOnly = rule.endsWith('/');
	if (folderOnly) rule = rule.slice(0, -1);
	const rooted = rule.startsWith('/');
	if (rooted) rule = rule.slice(1);
	const pattern = new RegExp(
		`^${rule
			.replace(/[.+^${}()|\\]/g, '\\$&')
			.replace(/\*/g, '[^/]*')
			.replace(/\?/g, '[^/]')}$`,
	);
	const whole = rooted || rule.includes('/');
	return (path, folder) => {
		if (folderOnly && !folder) return undefined;
		return pattern.test(whole ? path : path.split('/').at(-1)!) ? !negated : undefined;
	};
}

/** All files below a folder that .helmignore leaves. */
async function walk(files: Files, root: string, at: string, rules: readonly Rule[], out: ChartFile[]): Promise<void> {
	for (const entry of [...((await files.list(at === '' ? root : `${root}/${at}`)) ?? [])].sort()) {
		const path = at === '' ? entry : `${at}/${entry}`;
		const folder = (await files.list(`${root}/${path}`)) !== undefined;
		if (rules.some((rule) => rule(path, folder))) continue;
		if (folder) await walk(files, root, path, rules, out);
		else out.push({ name: path, data: (await files.readBytes(`${root}/${path}`)) ?? new Uint8Array() });
	}
}

/** Files of a chart's folder. */
export async function filesIn(files: Files, folder: string): Promise<readonly ChartFile[]> {
	const ignore = (await files.read(`${folder}/.helmignore`)) ?? '';
	// Hidden things of templates are never read (ignore.AddDefaults).
	const rules = [...ignore.split('\n'), 'templates/.?*'].flatMap((line) => ruleOf(line) ?? []);
	const out: ChartFile[] = [];
	await walk(files, folder, '', rules, out);
	return out;
}

/** The chart at a path; undefined when nothing is there. */
export async function loadChart(files: Files, path: string): Promise<Chart | Failure | undefined> {
	const folder = path.replace(/\/+$/, '') || '/';
	if ((await files.list(folder)) !== undefined) return chartOf(await filesIn(files, folder));
	const archive = await files.readBytes(path);
	if (!archive) return undefined;
	const inside = await unpack(archive);
	return 'error' in inside ? inside : chartOf(inside);
}
