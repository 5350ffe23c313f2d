/**
 * The objects a writing command is about: of files, of names, of selectors; one that cannot be had does not stop the
 * others.
 *
 * Source: kubernetes staging/src/k8s.io/cli-runtime/pkg/resource/{builder,visitor,result}.go @ v0.24.0.
 */
import {
	type ApiInput,
	type ApiObject,
	clientProblems,
	parseSelector,
	type Resource,
	selects,
} from '../../../sim/api/index.ts';
import type { Flag } from '../../cobra/index.ts';
import { readObjects } from '../files.ts';
import { fail, type Kube, usageError } from '../kube.ts';
import { fetch, type Target, targetsOf } from '../targets.ts';
import { caughtFault, type Fault, raise } from './faults.ts';

export interface Info {
	readonly resource: Resource;
	readonly namespace: string | undefined;
	readonly name: string;
	/** As the server has it. */
	readonly object: ApiObject;
	/** File or address it was read from; empty for one of the command line. */
	readonly source: string;
}

export interface FileInfo {
	readonly resource: Resource;
	readonly namespace: string | undefined;
	readonly name: string;
	/** As the file has it. */
	readonly object: ApiInput;
	readonly source: string;
}

export const ALL: Flag = {
	name: 'all',
	type: 'bool',
	usage: 'Select all resources, in the namespace of the specified resource types',
};

export const hasFiles = (kube: Kube): boolean =>
	kube.run.flags.list('filename').length > 0 || kube.run.flags.text('kustomize') !== '';

/** `--validate`, as the server or kubectl itself is to understand it. */
export function validationOf(kube: Kube): 'Strict' | 'Warn' | 'Ignore' {
	const given = kube.run.flags.text('validate');
	switch (given) {
		case '':
		case 'strict':
		case 'true':
			return 'Strict';
		case 'warn':
			return 'Warn';
		case 'ignore':
		case 'false':
			return 'Ignore';
		default:
			return fail(`invalid - validate option ${JSON.stringify(given)}`);
	}
}

export const minorOf = (kube: Kube): number => Number(/^v?\d+\.(\d+)/.exec(kube.api.version)?.[1] ?? 0);

/** Servers check fields by themselves from 1.25. */
export const serverValidates = (kube: Kube): boolean => minorOf(kube) >= 25;

/** kubectl's own check of a document by the server's OpenAPI (kubectl pkg/validation/schema.go @ v0.24.0). */
function clientCheck(kube: Kube): ((value: ApiInput) => string | undefined) | undefined {
	if (validationOf(kube) === 'Ignore') return undefined;
	return (value) => {
		const problems: string[] = [];
		for (const key of ['apiVersion', 'kind'] as const)
			if (typeof value[key] !== 'string' || value[key] === '') problems.push(`${key} not set`);
		if (problems.length === 0 && !serverValidates(kube)) {
			const items =
				String(value.kind).endsWith('List') && Array.isArray(value.items) ? (value.items as ApiInput[]) : [value];
			for (const item of items) {
				const version = String(item.apiVersion ?? '');
				const [group, own] = version.includes('/') ? (version.split('/') as [string, string]) : ['', version];
				const resource = kube.api
					.resources()
					.find((r) => r.kind === item.kind && r.group === group && r.version === own);
				if (resource) problems.push(...clientProblems(resource, item, minorOf(kube)));
			}
		}
		if (problems.length === 0) return undefined;
		const text = problems.length === 1 ? problems[0] : `[${problems.join(', ')}]`;
		return `error validating data: ${text}; if you choose to ignore these errors, turn validation off with --validate=false`;
	};
}

/** Objects of `-f`, not looked up. */
export async function fileInfos(
	kube: Kube,
	validate = true,
	byLabel = true,
): Promise<{ readonly infos: readonly FileInfo[]; readonly faults: Fault[] }> {
	const { objects, errors } = await readObjects(kube, validate ? clientCheck(kube) : undefined);
	const selector = byLabel ? kube.run.flags.text('selector') : '';
	let infos: readonly FileInfo[] = objects;
	if (selector) {
		const parsed = parseSelector(selector);
		if (parsed.error !== undefined) return fail(parsed.error);
		infos = objects.filter(({ object }) =>
			selects(parsed.value, (object.metadata as { readonly labels?: Record<string, string> } | undefined)?.labels),
		);
	}
	return { infos, faults: errors.map(caughtFault) };
}

export interface InfoOptions {
	/** Arguments that name resources; all of the run when absent. */
	readonly args?: readonly string[];
	/** A kind alone means all of it (`ResourceTypeOrNameArgs(true, …)`). */
	readonly bareKind?: boolean;
	/** What the usage message calls it. */
	readonly verb: string;
	/** `--selector` means something else here. */
	readonly noSelector?: boolean;
}

/** What is said where nothing is named (builder.go missingResourceError). */
export const MISSING =
	"You must provide one or more resources by argument or filename.\nExample resource specifications include:\n   '-f rsrc.yaml'\n   '--filename=rsrc.json'\n   '<resource> <name>'\n   '<resource>'";

/** What is asked for, in the order asked. */
export async function wantedOf(
	kube: Kube,
	options: InfoOptions,
): Promise<{ readonly targets: readonly (Target & { readonly source: string })[]; readonly faults: Fault[] }> {
	const { flags } = kube.run;
	const args = options.args ?? kube.run.args;
	const selector =
		options.noSelector !== true && (flags.text('selector') !== '' || flags.text('field-selector') !== '');
	const all = flags.on('all');
	if (hasFiles(kube)) {
		const { infos, faults } = await fileInfos(kube, false, options.noSelector !== true);
		// A file that is not there is told before that there should be none.
		if (args.length > 0 && faults.length === 0)
			return fail('when paths, URLs, or stdin is provided as input, you may not specify resource arguments as well');
		return { targets: infos, faults };
	}
	if (args.length === 0) return fail(selector ? 'at least one resource must be specified to use a selector' : MISSING);
	// builder.go SelectAllParam(); `ResourceTypeOrNameArgs(true, …)` is something else.
	if (all && selector && !options.bareKind) return fail("setting 'all' parameter but found a non empty selector. ");
	const { list, named } = targetsOf(kube, args, options.verb);
	if (named && (selector || (all && !options.bareKind)))
		return fail(
			args.some((arg) => arg.includes('/'))
				? 'selectors and the all flag cannot be used when passing resource/name arguments'
				: 'name cannot be provided when a selector is specified',
		);
	if (!named && !selector && !all && !options.bareKind)
		return fail('resource(s) were provided, but no name was specified');
	return { targets: list.map((target) => ({ ...target, source: '' })), faults: [] };
}

/** `--local`: objects as their files have them; the server is not asked (builder.go LocalResourceError). */
async function localInfos(
	kube: Kube,
	args: readonly string[],
): Promise<{ readonly infos: readonly Info[]; readonly faults: Fault[] }> {
	if (args.length > 0 || !hasFiles(kube))
		return fail(
			"error: you must specify resources by --filename when --local is set.\nExample resource specifications include:\n   '-f rsrc.yaml'\n   '--filename=rsrc.json'".slice(
				'error: '.length,
			),
		);
	const { infos, faults } = await fileInfos(kube, false);
	return { infos: infos.map((info) => ({ ...info, object: info.object as unknown as ApiObject })), faults };
}

/** The objects themselves, as the server has them. */
export async function infosOf(
	kube: Kube,
	options: InfoOptions,
): Promise<{ readonly infos: readonly Info[]; readonly faults: Fault[] }> {
	if (kube.run.flags.on('local')) return localInfos(kube, options.args ?? kube.run.args);
	const { targets, faults } = await wantedOf(kube, options);
	const infos: Info[] = [];
	for (const target of targets) {
		try {
			for (const object of fetch(kube, target)) infos.push(infoOf(target.resource, object, target.source));
		} catch (fault) {
			faults.push(caughtFault(fault));
		}
	}
	return { infos, faults };
}

export const infoOf = (resource: Resource, object: ApiObject, source = ''): Info => ({
	resource,
	namespace: object.metadata.namespace,
	name: object.metadata.name,
	object,
	source,
});

/** Does something to each; faults are told at the end. */
export async function eachInfo(
	kube: Kube,
	options: InfoOptions,
	act: (info: Info) => Promise<void> | void,
): Promise<number> {
	const { infos, faults } = await infosOf(kube, options);
	for (const info of infos) {
		try {
			await act(info);
		} catch (fault) {
			faults.push(caughtFault(fault));
		}
	}
	raise(faults);
	return infos.length;
}

/** Commands of files alone take no arguments. */
export function noArguments(kube: Kube): void {
	const { run } = kube;
	if (run.args.length > 0) usageError(run, `Unexpected args: [${run.args.join(' ')}]`);
	if (!hasFiles(kube)) fail('must specify one of -f and -k');
}
