/**
 * `kubectl set env`.
 *
 * Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/set/{set_env,env/env_parse,env/env_resolve}.go @ v0.24.0.
 */
import { type Draft, isRecord } from '../../../../sim/api/index.ts';
import type { Command } from '../../../cobra/index.ts';
import { command, fail, type Kube } from '../../kube.ts';
import { at, sortedKeys, text } from '../../print/index.ts';
import { completeTargets, fetch, targetsOf } from '../../targets.ts';
import { ENV_NAME_TEXT } from '../create/index.ts';
import { hasFiles } from '../infos.ts';
import { changeTemplates, containersOf, foundFor, SET_FLAGS } from './template.ts';

interface Variable {
	readonly name: string;
	readonly value?: string;
	readonly valueFrom?: Draft;
}

/** `KEY=value`, `KEY-`, and `-` for lines of standard input. */
function parseEnv(specs: readonly string[], stdin: string): { readonly set: Variable[]; readonly remove: string[] } {
	const set: Variable[] = [];
	const remove: string[] = [];
	for (const spec of specs) {
		const equals = spec.indexOf('=');
		if (spec === '-') {
			for (const raw of stdin.split('\n')) {
				const line = raw.split('#')[0]!;
				const at = line.indexOf('=');
				if (at >= 0) set.push({ name: line.slice(0, at), value: line.slice(at + 1) });
			}
		} else if (equals >= 0) {
			const name = spec.slice(0, equals);
			if (!/^[-._a-zA-Z][-._a-zA-Z0-9]*$/.test(name))
				fail(`${JSON.stringify(name)} is not a valid key name: ${ENV_NAME_TEXT}`);
			set.push({ name, value: spec.slice(equals + 1) });
		} else if (spec.endsWith('-')) remove.push(spec.slice(0, -1));
		else fail(`unknown environment variable: ${spec}`);
	}
	if (remove.some((name) => set.some((variable) => variable.name === name)))
		fail('can not both modify and remove the same environment variable in the same command');
	return { set, remove };
}

/** Variables of a ConfigMap or Secret, one a key. */
function fromSource(kube: Kube, source: string): readonly Variable[] {
	const { flags, call } = kube.run;
	const keys = flags.list('keys');
	const { list } = targetsOf(kube, [source], 'set');
	return list.flatMap((target) =>
		fetch(kube, target).flatMap((object) => {
			const ref = { ConfigMap: 'configMapKeyRef', Secret: 'secretKeyRef' }[target.resource.kind];
			if (ref === undefined) return fail('unsupported resource specified in --from');
			return sortedKeys(object.data)
				.filter((key) => keys.length === 0 || keys.includes(key))
				.map((key) => {
					const name = key.replace(/[^a-zA-Z0-9_]/g, '_').toUpperCase();
					if (name !== key) call.err(`warning: key ${key} transferred to ${name}\n`);
					return { name, valueFrom: { [ref]: { name: object.metadata.name, key } } };
				});
		}),
	);
}

/** Where a variable's value is from, in words. */
function refText(from: unknown): string {
	const map = at(from, 'configMapKeyRef');
	if (isRecord(map)) return `configmap ${text(map, 'name')}, key ${text(map, 'key')}`;
	const secret = at(from, 'secretKeyRef');
	if (isRecord(secret)) return `secret ${text(secret, 'name')}, key ${text(secret, 'key')}`;
	if (isRecord(at(from, 'fieldRef'))) return `field path ${text(from, 'fieldRef', 'fieldPath')}`;
	const field = at(from, 'resourceFieldRef');
	if (isRecord(field)) {
		const container = text(field, 'containerName');
		return `resource field ${container ? `${container}/` : ''}${text(field, 'resource')}`;
	}
	return 'invalid valueFrom';
}

/** What a reference of a pod template stands for now; `spec` of a pod that is not there yet has no fields to read (env_resolve.go). */
function resolved(kube: Kube, from: unknown): { readonly value?: string; readonly fault?: string } {
	for (const [ref, plural, what] of [
		['secretKeyRef', 'secrets', 'secret'],
		['configMapKeyRef', 'configmaps', 'config map'],
	] as const) {
		if (!isRecord(at(from, ref))) continue;
		const [name, key] = [text(from, ref, 'name'), text(from, ref, 'key')];
		const object = kube.api.get(kube.api.find(plural)!, kube.namespace, name);
		if (!object) return { fault: `${plural} ${JSON.stringify(name)} not found` };
		const value = at(object.data, key);
		if (typeof value !== 'string') return { fault: `key ${key} not found in ${what} ${name}` };
		return { value: plural === 'secrets' ? atob(value) : value };
	}
	if (isRecord(at(from, 'fieldRef'))) return { fault: `unsupported fieldPath: ${text(from, 'fieldRef', 'fieldPath')}` };
	return isRecord(at(from, 'resourceFieldRef')) ? {} : { fault: 'invalid valueFrom' };
}

/** An added variable takes the place of all of its name; a removed one is gone. */
function updateEnv(had: readonly Draft[], set: readonly Variable[], remove: readonly string[]): readonly Draft[] {
	const covered = new Set(remove);
	const out: Draft[] = [];
	for (const variable of had) {
		const name = String(variable.name);
		if (covered.has(name)) continue;
		const newer = set.find((other) => other.name === name);
		if (newer) {
			covered.add(name);
			out.push({ ...newer });
		} else out.push(variable);
	}
	for (const variable of set) {
		if (covered.has(variable.name)) continue;
		covered.add(variable.name);
		out.push({ ...variable });
	}
	return out;
}

/** Whether a name fits a pattern with stars. */
export const matches = (name: string, pattern: string): boolean =>
	new RegExp(`^${pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`).test(name);

async function setEnv(kube: Kube): Promise<number> {
	const { flags, args, call } = kube.run;
	if (flags.on('all') && flags.text('selector')) return fail('cannot set --all and --selector at the same time');
	const isEnv = (arg: string): boolean => /^.+=.*$/s.test(arg) || arg.endsWith('-');
	const first = args.findIndex(isEnv);
	const resources = first < 0 ? args : args.slice(0, first);
	const given = first < 0 ? [] : args.slice(first);
	if (given.some((arg) => !isEnv(arg)))
		return fail(`all resources must be specified before environment changes: ${args.join(' ')}`);
	if (!hasFiles(kube) && resources.length < 1)
		return fail('one or more resources must be specified as <resource> <name> or <resource>/<name>');
	const list = flags.on('list');
	if (list && flags.text('output')) return fail('--list and --output may not be specified together');
	const from = flags.text('from');
	if (flags.list('keys').length > 0 && !from)
		return fail('when specifying --keys, a configmap or secret must be provided with --from');
	const { set, remove } = parseEnv([...flags.list('env'), ...given], call.stdin);
	if (from) set.push(...fromSource(kube, from));
	const variables = set.map((variable) => ({ ...variable, name: flags.text('prefix') + variable.name }));
	const pattern = flags.text('containers');
	return changeTemplates(
		kube,
		await foundFor(kube, resources),
		'env updated',
		'failed to patch env update to pod template:',
		(spec, { resource, name }) => {
			const containers = [...containersOf(spec, 'containers'), ...containersOf(spec, 'initContainers')].filter((c) =>
				matches(String(c.name), pattern),
			);
			if (containers.length === 0)
				call.err(
					`warning: ${resource.kind}/${name} does not have any containers matching ${JSON.stringify(pattern)}\n`,
				);
			for (const container of containers) {
				const had = Array.isArray(container.env) ? container.env.filter(isRecord) : [];
				if (!flags.on('overwrite'))
					for (const variable of variables) {
						const there = had.find((other) => other.name === variable.name);
						if (there && there.value !== variable.value)
							fail(`'${variable.name}' already has a value (${String(there.value ?? '')}), and --overwrite is false`);
					}
				const next = updateEnv(had, variables, remove);
				if (next.length > 0) container.env = next;
				else delete container.env;
				if (!list) continue;
				call.out(`# ${resource.kind} ${name}, container ${String(container.name)}\n`);
				const faults: string[] = [];
				for (const variable of next) {
					const label = String(variable.name);
					if (variable.valueFrom === undefined) {
						call.out(`${label}=${String(variable.value ?? '')}\n`);
						continue;
					}
					const found = flags.on('resolve') ? resolved(kube, variable.valueFrom) : undefined;
					if (found?.value !== undefined) {
						call.out(`${label}=${found.value}\n`);
						continue;
					}
					call.out(`# ${label} from ${refText(variable.valueFrom)}\n`);
					if (found?.fault !== undefined) faults.push(`error retrieving reference for ${label}: ${found.fault}`);
				}
				// Each fault once, in order (set_env.go).
				for (const fault of [...new Set(faults)].sort()) call.err(`${fault}\n`);
			}
		},
		{ quiet: list },
	);
}

export const setEnvCommand: Command = {
	name: 'env',
	use: 'RESOURCE/NAME KEY_1=VAL_1 ... KEY_N=VAL_N',
	short: 'Update environment variables on a pod template',
	flags: [
		...SET_FLAGS,
		{
			name: 'containers',
			short: 'c',
			type: 'string',
			default: '*',
			usage: 'The names of containers in the selected pod templates to change - may use wildcards',
		},
		{
			name: 'env',
			short: 'e',
			type: 'array',
			usage: 'Specify a key-value pair for an environment variable to set into each container.',
		},
		{
			name: 'from',
			type: 'string',
			usage: 'The name of a resource from which to inject environment variables',
		},
		{
			name: 'keys',
			type: 'strings',
			usage: 'Comma-separated list of keys to import from specified resource',
		},
		{
			name: 'list',
			type: 'bool',
			usage: 'If true, display the environment and any changes in the standard format.',
		},
		{
			name: 'overwrite',
			type: 'bool',
			default: 'true',
			usage:
				'If true, allow environment to be overwritten, otherwise reject updates that overwrite existing environment.',
		},
		{ name: 'prefix', type: 'string', usage: 'Prefix to append to variable names' },
		{
			name: 'resolve',
			type: 'bool',
			usage: 'If true, show secret or configmap references when listing variables',
		},
	],
	run: command(setEnv),
	complete: completeTargets,
};
