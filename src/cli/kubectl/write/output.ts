/** What writing commands print: `deployment.apps/web created`, or the object in a format; and `--dry-run`. */
import type { ApiObject, Resource } from '../../../sim/api/index.ts';
import type { Flag, Run } from '../../cobra/index.ts';
import { klog } from '../../kube/klog.ts';
import { fail, type Kube } from '../kube.ts';
import { isMap, kindName, type ObjectPrinter, objectPrinter, PRINT_FORMATS, withManagers } from '../print/index.ts';
import { kubectlMinor } from '../releases.ts';

export { PRINT_FLAGS } from '../print/index.ts';

export const DRY_RUN: Flag = {
	name: 'dry-run',
	type: 'string',
	default: 'none',
	bare: 'unchanged',
	usage:
		'Must be "none", "server", or "client". If client strategy, only print the object that would be sent, without sending it. If server strategy, submit server-side request without persisting the resource.',
};

/** Whose the fields are that a command writes; see `managerOf`. */
export const FIELD_MANAGER: Flag = {
	name: 'field-manager',
	type: 'string',
	usage: 'Name of the manager used to track field ownership.',
};

/** Deprecated upstream: the command in an annotation. */
export const RECORD: Flag = {
	name: 'record',
	type: 'bool',
	hidden: true,
	usage: 'Record current kubectl command in the resource annotation.',
};

/** Line ends are this terminal's own. */
export const WINDOWS_LINES: Flag = {
	name: 'windows-line-endings',
	type: 'bool',
	usage: 'Defaults to the line ending native to your platform.',
};

export const SAVE_CONFIG: Flag = {
	name: 'save-config',
	type: 'bool',
	usage:
		'If true, the configuration of current object will be saved in its annotation. Otherwise, the annotation will be unchanged.',
};

export const VALIDATE: Flag = {
	name: 'validate',
	type: 'string',
	default: 'strict',
	bare: 'strict',
	usage: 'Must be one of: strict (or true), warn, ignore (or false).',
};

export type DryRun = 'none' | 'client' | 'server';

/** Source: pkg/cmd/util/helpers.go GetDryRunStrategy @ v0.24.0. */
export function dryRunOf(run: Run): DryRun {
	const given = run.flags.text('dry-run');
	const deprecated = (text: string): void => klog(run, 'W', 'helpers.go:692', text);
	if (given === '' || given === 'none') return 'none';
	if (given === 'client' || given === 'server') return given;
	if (given === 'unchanged') {
		deprecated('--dry-run is deprecated and can be replaced with --dry-run=client.');
		return 'client';
	}
	const on = ['1', 't', 'T', 'true', 'TRUE', 'True'].includes(given);
	if (!on && !['0', 'f', 'F', 'false', 'FALSE', 'False'].includes(given))
		return fail(`Invalid dry-run value (${given}). Must be "none", "server", or "client".`);
	const strategy = on ? 'client' : 'none';
	deprecated(`--dry-run=${given} is deprecated (boolean value) and can be replaced with --dry-run=${strategy}.`);
	return strategy;
}

export const dryRunText = (dry: DryRun): string =>
	dry === 'client' ? ' (dry run)' : dry === 'server' ? ' (server dry run)' : '';

/** Says what was done to an object, or prints it as `-o` asks. */
export type OperationPrinter = (resource: Resource, name: string, object: unknown, operation: string) => void;

/** What kubectl made itself: from 1.34 on it prints no time that is none (k8s.io/apimachinery v0.34.0: omitzero). */
export const asPrinted = (kube: Kube, value: unknown): unknown => {
	if (kubectlMinor(kube.run.call.lab) < 34) return value;
	const printed = (item: unknown): unknown =>
		Array.isArray(item)
			? item.map(printed)
			: isMap(item)
				? Object.fromEntries(
						Object.entries(item)
							.filter(([key, of]) => key !== 'creationTimestamp' || of !== null)
							.map(([key, of]) => [key, printed(of)]),
					)
				: item;
	return printed(value);
};

/** `untold`: commands that lose on the way to their printer that it was a dry run. */
export async function operationPrinter(
	kube: Kube,
	dry: DryRun = 'none',
	{ untold = false }: { readonly untold?: boolean } = {},
): Promise<OperationPrinter> {
	const printer: ObjectPrinter | undefined = await objectPrinter(kube.run, PRINT_FORMATS);
	const { call } = kube.run;
	// What was not sent has no managers.
	const managed = (resource: Resource, object: unknown): unknown => {
		const own = !isMap(object) || !isMap(object.metadata) || typeof object.metadata.uid !== 'string';
		if (own) return asPrinted(kube, object);
		return dry === 'none' ? withManagers(kube, resource, object as unknown as ApiObject) : object;
	};
	return (resource, name, object, operation) =>
		call.out(
			printer
				? printer(managed(resource, object))
				: `${kindName(resource, name)} ${operation}${untold ? '' : dryRunText(dry)}\n`,
		);
}

/** Whether `-o` asks for more than a line. */
export const asksForObject = (kube: Kube): boolean =>
	!['', 'name'].includes(kube.run.flags.text('output')) || kube.run.flags.text('template') !== '';
