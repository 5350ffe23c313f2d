/**
 * `kubectl taint`.
 *
 * Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/taint/{taint,utils}.go @ v0.24.0.
 */
import type { ApiObject, Json } from '../../../../sim/api/index.ts';
import type { Command } from '../../../cobra/index.ts';
import { command, fail, type Kube, KubectlError, usageError } from '../../kube.ts';
import { subs, text } from '../../print/index.ts';
import { fetch, SELECTOR_FLAGS, type Target } from '../../targets.ts';
import { completeNodes } from '../complete.ts';
import { caughtFault, type Fault, raise, statusFault } from '../faults.ts';
import { ALL } from '../infos.ts';
import { labelValueErrors } from '../label.ts';
import { DRY_RUN, dryRunOf, FIELD_MANAGER, operationPrinter, PRINT_FLAGS, VALIDATE } from '../output.ts';

interface Taint {
	readonly key: string;
	readonly value: string;
	readonly effect: string;
}

const EFFECTS = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

/** Why a text is no qualified name: `prefix/name`. */
function keyErrors(key: string): readonly string[] {
	const name = key.slice(key.lastIndexOf('/') + 1);
	const errors: string[] = [];
	if (name === '') errors.push('name part must be non-empty');
	if (name.length > 63) errors.push('name part must be no more than 63 characters');
	if (!/^(?:[A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/.test(name))
		errors.push(
			"name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
		);
	return errors;
}

/** `key=value:effect`, `key:effect`, `key`; the text of an error otherwise. */
function parseTaint(spec: string): Taint | string {
	const parts = spec.split(':');
	if (parts.length > 2) return `invalid taint spec: ${spec}`;
	const [left = '', effect = ''] = parts;
	if (parts.length === 2 && !EFFECTS.includes(effect))
		return `invalid taint effect: ${effect}, unsupported taint effect`;
	const [key = '', value = '', ...more] = parts.length === 2 ? left.split('=') : [left];
	if (more.length > 0) return `invalid taint spec: ${spec}`;
	const bad = value === '' ? [] : labelValueErrors(value);
	if (bad.length > 0) return `invalid taint spec: ${spec}, ${bad.join('; ')}`;
	const errors = keyErrors(key);
	return errors.length > 0 ? `invalid taint spec: ${spec}, ${errors.join('; ')}` : { key, value, effect };
}

interface Changes {
	readonly add: readonly Taint[];
	readonly remove: readonly Taint[];
}

function parseTaints(specs: readonly string[]): Changes | string {
	const add: Taint[] = [];
	const remove: Taint[] = [];
	for (const spec of specs) {
		const taint = parseTaint(spec.replace(/-$/, ''));
		if (typeof taint === 'string') return taint;
		if (spec.endsWith('-')) {
			remove.push({ ...taint, value: '' });
			continue;
		}
		if (taint.effect === '') return `invalid taint spec: ${spec}`;
		if (add.some((other) => other.key === taint.key && other.effect === taint.effect))
			return `duplicated taints with the same key and effect: {${taint.key} ${taint.value} ${taint.effect} <nil>}`;
		add.push(taint);
	}
	return { add, remove };
}

/** `key=value:effect`, as messages name a taint. */
const taintText = ({ key, value, effect }: Taint): string =>
	effect === ''
		? value === ''
			? key
			: `${key}=${value}:`
		: value === ''
			? `${key}:${effect}`
			: `${key}=${value}:${effect}`;

const same = (a: Taint, b: Taint): boolean => a.key === b.key && a.effect === b.effect;

/** What a node's taints become, and the word for it. */
function reorganize(
	node: ApiObject,
	{ add, remove }: Changes,
	overwrite: boolean,
): { readonly taints: readonly Json[]; readonly operation: string } {
	const old = subs(node, 'spec', 'taints').map((taint) => ({
		whole: taint as Json,
		key: text(taint, 'key'),
		value: text(taint, 'value'),
		effect: text(taint, 'effect'),
	}));
	if (!overwrite) {
		const exists = add.flatMap((taint) => old.filter((other) => same(taint, other)).map(() => taint.key));
		if (exists.length > 0)
			fail(
				`node ${node.metadata.name} already has ${exists.join(',')} taint(s) with same effect(s) and --overwrite is false`,
			);
	}
	const made = add.map(({ key, value, effect }) => ({
		key,
		value,
		effect,
		whole: { key, ...(value ? { value } : {}), effect } as Json,
	}));
	let now = [...made, ...old.filter((other) => !made.some((taint) => same(taint, other)))];
	const added = old.length !== now.length;
	const missing: string[] = [];
	let deleted = false;
	for (const taint of remove) {
		const left = now.filter((other) => !(taint.effect === '' ? other.key === taint.key : same(taint, other)));
		deleted = left.length !== now.length;
		if (!deleted) missing.push(`taint ${JSON.stringify(taintText(taint))} not found`);
		now = left;
	}
	if (missing.length > 0) throw new KubectlError(missing.length === 1 ? missing[0]! : missing.join('\n'));
	return {
		taints: now.map(({ whole }) => whole),
		operation: (added && deleted) || overwrite ? 'modified' : added ? 'tainted' : 'untainted',
	};
}

async function taint(kube: Kube): Promise<number> {
	const { run, api } = kube;
	const { flags, args } = run;
	const dry = dryRunOf(run);
	const print = await operationPrinter(kube, dry, { untold: true });
	const isTaint = (arg: string): boolean => /[=:]/.test(arg) || arg.endsWith('-');
	const first = args.findIndex(isTaint);
	const resources = first < 0 ? args : args.slice(0, first);
	const specs = first < 0 ? [] : args.slice(first);
	const stray = specs.find((arg) => !isTaint(arg));
	if (stray !== undefined) return fail(`all resources must be specified before taint changes: ${stray}`);
	if (resources.length < 1) return fail('one or more resources must be specified as <resource> <name>');
	if (specs.length < 1) return fail('at least one taint update is required');
	const changes = parseTaints(specs);
	if (typeof changes === 'string') return usageError(run, changes);
	const kind = resources[0]!.toLowerCase();
	const resource = api.find(kind);
	if (!resource) return fail(`the server doesn't have a resource type ${JSON.stringify(kind)}`);
	if (resource.kind !== 'Node') return fail(`invalid resource type ${kind}, only node types are supported`);
	const conflicts = changes.add.flatMap((a) =>
		changes.remove
			.filter((r) => r.key === a.key && (r.effect === '' || r.effect === a.effect))
			.map((r) => `${r.key}=${r.effect}`),
	);
	if (conflicts.length > 0)
		return fail(`can not both modify and remove the following taint(s) in the same command: ${conflicts.join(', ')}`);
	const all = flags.on('all');
	const selector = flags.text('selector');
	if (all && selector) return fail("setting 'all' parameter with a non empty selector is prohibited");
	if (!all && !selector && resources.length < 2)
		return fail("at least one resource name must be specified since 'all' parameter is not set");
	const targets: readonly Target[] =
		all || selector
			? [{ resource, namespace: undefined }]
			: resources.slice(1).map((name) => ({ resource, namespace: undefined, name }));
	const faults: Fault[] = [];
	const one = (node: ApiObject): void => {
		const { taints, operation } = reorganize(node, changes, flags.on('overwrite'));
		const { name } = node.metadata;
		if (dry === 'client') {
			print(resource, name, { ...node, spec: { ...node.spec, taints } }, operation);
			return;
		}
		const result = api.patch(
			resource,
			undefined,
			name,
			'application/merge-patch+json',
			{ spec: { taints: taints.length > 0 ? taints : null } },
			{ dryRun: dry === 'server' },
		);
		if (result.error) faults.push(statusFault(result.error));
		else print(resource, name, result.value, operation);
	};
	const tried = (what: () => void): void => {
		try {
			what();
		} catch (fault) {
			faults.push(caughtFault(fault));
		}
	};
	for (const target of targets)
		tried(() => {
			for (const node of fetch(kube, target)) tried(() => one(node));
		});
	// What is missing on one of several nodes is said of each, and not as an error of kubectl's.
	raise(
		faults.map((fault) =>
			faults.length === 1 && /^taint "/.test(fault.alone) ? { ...fault, alone: `error: ${fault.alone}` } : fault,
		),
	);
	return 0;
}

export const taintCommand: Command = {
	name: 'taint',
	use: 'NODE NAME KEY_1=VAL_1:TAINT_EFFECT_1 ... KEY_N=VAL_N:TAINT_EFFECT_N',
	short: 'Update the taints on one or more nodes',
	example: `  # Update node 'foo' with a taint with key 'dedicated' and value 'special-user' and effect 'NoSchedule'
  # If a taint with that key and effect already exists, its value is replaced as specified
  kubectl taint nodes foo dedicated=special-user:NoSchedule

  # Remove from node 'foo' the taint with key 'dedicated' and effect 'NoSchedule' if one exists
  kubectl taint nodes foo dedicated:NoSchedule-`,
	flags: [
		SELECTOR_FLAGS[0]!,
		...PRINT_FLAGS,
		ALL,
		DRY_RUN,
		FIELD_MANAGER,
		VALIDATE,
		{
			name: 'overwrite',
			type: 'bool',
			usage: 'If true, allow taints to be overwritten, otherwise reject taint updates that overwrite existing taints.',
		},
	],
	run: command(taint),
	complete: (args, at) => (args.length === 0 ? ['node'] : completeNodes(args, at)),
};
