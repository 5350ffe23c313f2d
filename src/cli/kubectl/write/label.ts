/**
 * `kubectl label` and `kubectl annotate`.
 *
 * Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/{label/label,annotate/annotate}.go, pkg/cmd/util/helpers.go
 * (GetResourcesAndPairs, ParsePairs) @ v0.24.0.
 */
import type { Json } from '../../../sim/api/index.ts';
import type { Command, Flag } from '../../cobra/index.ts';
import { FILE_FLAGS } from '../files.ts';
import { command, fail, type Kube, KubectlError, warn } from '../kube.ts';
import { completeTargets, SELECTOR_FLAGS } from '../targets.ts';
import { caughtFault, raise, statusFault } from './faults.ts';
import { ALL, hasFiles, type Info, infosOf } from './infos.ts';
import { DRY_RUN, dryRunOf, FIELD_MANAGER, operationPrinter, PRINT_FLAGS, RECORD } from './output.ts';

/** What resources the arguments name, and what is to become of them; in this order. */
export function resourcesAndPairs(
	args: readonly string[],
	what: string,
): { readonly resources: readonly string[]; readonly pairs: readonly string[] } {
	const isPair = (arg: string): boolean =>
		(arg.includes('=') && !arg.startsWith('=')) || (arg.endsWith('-') && arg !== '-');
	const first = args.findIndex(isPair);
	if (first < 0) return { resources: args, pairs: [] };
	const stray = args.slice(first).find((arg) => !isPair(arg));
	if (stray !== undefined) fail(`all resources must be specified before ${what} changes: ${stray}`);
	return { resources: args.slice(0, first), pairs: args.slice(first) };
}

interface Changes {
	readonly set: ReadonlyMap<string, string>;
	readonly remove: readonly string[];
}

/** Why a text is no label value (apimachinery pkg/util/validation/validation.go @ v0.24.0). */
export function labelValueErrors(value: string): readonly string[] {
	const errors: string[] = [];
	if (value.length > 63) errors.push('must be no more than 63 characters');
	if (!/^(?:(?:[A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/.test(value))
		errors.push(
			"a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')",
		);
	return errors;
}

function labelChanges(pairs: readonly string[]): Changes {
	const set = new Map<string, string>();
	const remove: string[] = [];
	for (const pair of pairs) {
		if (pair.includes('=')) {
			const parts = pair.split('=');
			if (parts.length !== 2) return fail(`invalid label spec: ${pair}`);
			const [key, value] = parts as [string, string];
			const errors = labelValueErrors(value);
			if (errors.length > 0) return fail(`invalid label value: ${JSON.stringify(pair)}: ${errors.join(';')}`);
			set.set(key, value);
		} else remove.push(pair.slice(0, -1));
	}
	if (remove.some((key) => set.has(key))) return fail('can not both modify and remove a label in the same command');
	return { set, remove };
}

function annotationChanges(pairs: readonly string[]): Changes {
	const set = new Map<string, string>();
	const remove: string[] = [];
	const bad: string[] = [];
	for (const pair of pairs) {
		const at = pair.indexOf('=');
		if (at > 0) set.set(pair.slice(0, at), pair.slice(at + 1));
		else if (pair.endsWith('-') && pair !== '-') remove.push(pair.slice(0, -1));
		else bad.push(pair);
	}
	if (bad.length > 0) return fail(`invalid annotation format: ${bad.join(', ')}`);
	const both = remove.filter((key) => set.has(key));
	if (both.length > 0)
		return fail(`can not both modify and remove the following annotation(s) in the same command: ${both.join(', ')}`);
	return { set, remove };
}

interface Manner {
	readonly field: 'labels' | 'annotations';
	readonly word: 'label' | 'annotation';
	changes(pairs: readonly string[]): Changes;
	/** Throws when something is there and may not be overwritten. */
	guard(had: Readonly<Record<string, string>>, changes: Changes): void;
	/** Word for what was done. */
	operation(had: Readonly<Record<string, string>>, now: Readonly<Record<string, string>>, overwrite: boolean): string;
}

const LABEL: Manner = {
	field: 'labels',
	word: 'label',
	changes: labelChanges,
	guard(had, { set }) {
		const there = [...set.keys()].filter((key) => Object.hasOwn(had, key));
		const texts = there.map((key) => `'${key}' already has a value (${had[key]}), and --overwrite is false`);
		if (texts.length > 0) fail(texts.length === 1 ? texts[0]! : `[${texts.join(', ')}]`);
	},
	// updateDataChangeMsg: an object that became shorter lost a label.
	operation(had, now, overwrite) {
		const before = JSON.stringify(had);
		const after = JSON.stringify(now);
		if (before === after) return 'not labeled';
		return !overwrite && after.length < before.length ? 'unlabeled' : 'labeled';
	},
};

const ANNOTATE: Manner = {
	field: 'annotations',
	word: 'annotation',
	changes: annotationChanges,
	guard(had, { set }) {
		const there = [...set.keys()].filter((key) => Object.hasOwn(had, key) && key !== 'kubernetes.io/change-cause');
		if (there.length > 0)
			fail(
				`--overwrite is false but found the following declared annotation(s): ${there.map((key) => `'${key}' already has a value (${had[key]})`).join('; ')}`,
			);
	},
	operation: () => 'annotated',
};

const sorted = (map: ReadonlyMap<string, string>): Record<string, string> =>
	Object.fromEntries([...map].sort(([a], [b]) => (a < b ? -1 : 1)));

const run =
	(manner: Manner) =>
	async (kube: Kube): Promise<number> => {
		const { call, flags, args } = kube.run;
		const dry = dryRunOf(kube.run);
		const print = await operationPrinter(kube, dry);
		const { resources, pairs } = resourcesAndPairs(args, manner.word);
		const changes = manner.changes(pairs);
		const list = flags.on('list');
		const overwrite = flags.on('overwrite');
		if (list && flags.text('output')) return fail('--list and --output may not be specified together');
		if (flags.on('all') && flags.text('selector')) return fail('cannot set --all and --selector at the same time');
		if (flags.on('all') && flags.text('field-selector'))
			return fail('cannot set --all and --field-selector at the same time');
		const local = flags.on('local');
		if (resources.length < 1 && !hasFiles(kube))
			return fail('one or more resources must be specified as <resource> <name> or <resource>/<name>');
		if (changes.set.size + changes.remove.length < 1 && !list)
			return fail(`at least one ${manner.word} update is required`);
		const { infos, faults } = await infosOf(kube, {
			args: resources,
			verb: manner.field === 'labels' ? 'label' : 'annotate',
			bareKind: flags.on('all'),
		});
		const version = flags.text('resource-version');
		const several = flags.on('all') || flags.text('selector') !== '' || flags.text('field-selector') !== '';
		if (version && (several || infos.length > 1))
			return fail('--resource-version may only be used with a single resource');
		const change = (info: Info): void => {
			const had = (info.object.metadata[manner.field] ?? {}) as Readonly<Record<string, string>>;
			if (list) {
				if (infos.length > 1)
					call.out(`Listing ${manner.field} for ${info.resource.kind}.${info.resource.group}/${info.name}:\n`);
				for (const key of Object.keys(had).sort()) call.out(`${infos.length > 1 ? ' ' : ''}${key}=${had[key]}\n`);
				return;
			}
			if (manner.field === 'labels' && dry !== 'client')
				for (const key of changes.remove)
					if (!Object.hasOwn(had, key)) call.out(`label ${JSON.stringify(key)} not found.\n`);
			if (!overwrite) manner.guard(had, changes);
			const next = new Map(Object.entries(had));
			for (const [key, value] of changes.set) next.set(key, value);
			for (const key of changes.remove) next.delete(key);
			const now = sorted(next);
			const operation = manner.operation(sorted(new Map(Object.entries(had))), now, overwrite);
			if (local || dry === 'client') {
				const object = { ...info.object, metadata: { ...info.object.metadata, [manner.field]: now } };
				print(info.resource, info.name, object, operation);
				return;
			}
			const patch: Record<string, Json> = {};
			for (const [key, value] of changes.set) if (had[key] !== value) patch[key] = value;
			for (const key of changes.remove) if (Object.hasOwn(had, key)) patch[key] = null;
			const result = kube.api.patch(
				info.resource,
				info.namespace,
				info.name,
				'application/merge-patch+json',
				{ metadata: { ...(version ? { resourceVersion: version } : {}), [manner.field]: patch } },
				{ dryRun: dry === 'server' },
			);
			warn(kube, result.warnings);
			if (result.error) throw new KubectlError(statusFault(result.error).alone);
			print(info.resource, info.name, result.value, operation);
		};
		for (const info of infos) {
			try {
				change(info);
			} catch (fault) {
				faults.push(caughtFault(fault));
			}
		}
		raise(faults);
		return 0;
	};

const flagsOf = (word: string): readonly Flag[] => [
	...FILE_FLAGS,
	...SELECTOR_FLAGS,
	...PRINT_FLAGS,
	ALL,
	DRY_RUN,
	FIELD_MANAGER,
	RECORD,
	{ name: 'list', type: 'bool', usage: `If true, display the ${word}s for a given resource.` },
	{ name: 'local', type: 'bool', usage: `If true, ${word} will NOT contact api-server but run locally.` },
	{
		name: 'overwrite',
		type: 'bool',
		usage: `If true, allow ${word}s to be overwritten, otherwise reject ${word} updates that overwrite existing ${word}s.`,
	},
	{
		name: 'resource-version',
		type: 'string',
		usage: `If non-empty, the ${word}s update will only succeed if this is the current resource-version for the object. Only valid when specifying a single resource.`,
	},
];

export const labelCommand: Command = {
	name: 'label',
	use: '[--overwrite] (-f FILENAME | TYPE NAME) KEY_1=VAL_1 ... KEY_N=VAL_N [--resource-version=version]',
	short: 'Update the labels on a resource',
	example: `  # Update pod 'foo' with the label 'unhealthy' and the value 'true'
  kubectl label pods foo unhealthy=true

  # Update pod 'foo' by removing a label named 'bar' if it exists
  # Does not require the --overwrite flag
  kubectl label pods foo bar-`,
	flags: flagsOf('label'),
	run: command(run(LABEL)),
	complete: completeTargets,
};

export const annotateCommand: Command = {
	name: 'annotate',
	use: '[--overwrite] (-f FILENAME | TYPE NAME) KEY_1=VAL_1 ... KEY_N=VAL_N [--resource-version=version]',
	short: 'Update the annotations on a resource',
	flags: flagsOf('annotation'),
	run: command(run(ANNOTATE)),
	complete: completeTargets,
};
