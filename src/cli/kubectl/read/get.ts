/**
 * `kubectl get`.
 *
 * Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/get/get.go @ v0.24.0.
 */
import type { ApiObject } from '../../../sim/api/index.ts';
import type { Command, Flag } from '../../cobra/index.ts';
import { FILE_FLAGS } from '../files.ts';
import { command, fail, type Kube, usageError } from '../kube.ts';
import {
	type HumanOptions,
	humanTable,
	inTableOrder,
	listOf,
	type ObjectPrinter,
	OUTPUT_FLAGS,
	objectPrinter,
	RowPrinter,
	sortObjects,
} from '../print/index.ts';
import { CHUNK_SIZE, completeTargets, SELECTOR_FLAGS } from '../targets.ts';
import { type Answer, type Collected, collect } from './collect.ts';
import { getRaw } from './raw.ts';
import { watchObjects } from './watch.ts';

const FLAGS: readonly Flag[] = [
	...OUTPUT_FLAGS,
	...SELECTOR_FLAGS,
	...FILE_FLAGS,
	{
		name: 'no-headers',
		type: 'bool',
		usage: "When using the default or custom-column output format, don't print headers (default print headers).",
	},
	{
		name: 'show-labels',
		type: 'bool',
		usage: 'When printing, show all labels as the last column (default hide labels column)',
	},
	{
		name: 'label-columns',
		short: 'L',
		type: 'strings',
		usage:
			'Accepts a comma separated list of labels that are going to be presented as columns. Names are case-sensitive. You can also use multiple flag options like -L label1 -L label2...',
	},
	{ name: 'show-kind', type: 'bool', usage: 'If present, list the resource type for the requested object(s).' },
	{
		name: 'sort-by',
		type: 'string',
		usage:
			"If non-empty, sort list types using this field specification.  The field specification is expressed as a JSONPath expression (e.g. '{.metadata.name}'). The field in the API resource specified by this JSONPath expression must be an integer or a string.",
	},
	{
		name: 'watch',
		short: 'w',
		type: 'bool',
		usage: 'After listing/getting the requested object, watch for changes.',
	},
	{
		name: 'watch-only',
		type: 'bool',
		usage: 'Watch for changes to the requested object(s), without listing/getting first.',
	},
	{
		name: 'output-watch-events',
		type: 'bool',
		usage:
			'Output watch event objects when --watch or --watch-only is used. Existing objects are output as initial ADDED events.',
	},
	{
		name: 'ignore-not-found',
		type: 'bool',
		usage: 'If the requested object does not exist the command will return exit code 0.',
	},
	{
		name: 'subresource',
		type: 'string',
		usage:
			'If specified, gets the subresource of the requested object. Must be one of [status scale]. This flag is alpha and may change in the future.',
	},
	{
		name: 'raw',
		type: 'string',
		usage: 'Raw URI to request from the server.  Uses the transport specified by the kubeconfig file.',
	},
	CHUNK_SIZE,
	{
		name: 'server-print',
		type: 'bool',
		default: 'true',
		usage: 'If true, have the server return the appropriate table output. Supports extension APIs and CRDs.',
	},
];

/** What the flags say of tables. */
export const humanOptions = (kube: Kube): HumanOptions => ({
	wide: kube.run.flags.text('output') === 'wide',
	withNamespace: kube.run.flags.on('all-namespaces'),
	withKind: kube.run.flags.on('show-kind'),
	showLabels: kube.run.flags.on('show-labels'),
	labelColumns: kube.run.flags.list('label-columns'),
	plain: !kube.run.flags.on('server-print'),
});

async function get(kube: Kube): Promise<number> {
	const { run } = kube;
	const { flags } = run;
	if (flags.text('raw')) return getRaw(kube);
	const output = flags.text('output');
	if (flags.on('show-labels') && output !== '' && output !== 'wide')
		return fail(`--show-labels option cannot be used with ${output} printer`);
	const part = flags.text('subresource');
	if (part && part !== 'status' && part !== 'scale')
		return fail(`invalid subresource value: ${JSON.stringify(part)}. Must be one of [status scale]`);
	const watches = flags.on('watch') || flags.on('watch-only');
	if (flags.on('output-watch-events') && !watches)
		return usageError(run, '--output-watch-events option can only be used with --watch or --watch-only');
	const printer = await objectPrinter(run);
	if (watches) {
		if (flags.text('sort-by')) run.call.err('warning: --watch or --watch-only requested, --sort-by will be ignored\n');
		return watchObjects(kube, printer);
	}
	const found = await collect(kube, 'get');
	const errors = found.errors.filter((error) => !(error.notFound && flags.on('ignore-not-found')));
	if (printer) printObjects(kube, found, errors.length > 0, printer);
	else printTables(kube, found.answers, errors.length > 0);
	for (const { message, status } of errors) {
		if (status) kube.told?.object(status);
		run.call.err(`${message}\n`);
	}
	return errors.length > 0 ? 1 : 0;
}

/** Everything but tables: one object, or one List. */
function printObjects(kube: Kube, { answers, single }: Collected, failed: boolean, printer: ObjectPrinter): void {
	const { flags, call } = kube.run;
	let objects: readonly ApiObject[] = answers.flatMap((answer) => answer.objects);
	if (single && failed) return;
	if (answers.length === 0 && flags.on('ignore-not-found')) return;
	const path = flags.text('sort-by');
	if (path && !single) objects = sortObjects(objects, path);
	call.out(printer(single && objects.length === 1 ? objects[0] : listOf(objects)));
}

/** Tables, one kind after the other with a blank line between. */
function printTables(kube: Kube, answers: readonly Answer[], failed: boolean): void {
	const { flags, call } = kube.run;
	const several =
		new Set(answers.map(({ resource }) => `${resource.plural}.${resource.version}.${resource.group}`)).size > 1;
	const options = humanOptions(kube);
	const path = flags.text('sort-by');
	let out = '';
	for (let i = 0; i < answers.length; ) {
		const { resource } = answers[i]!;
		const rows: (readonly string[])[] = [];
		let header: readonly string[] = [];
		// Requests of the same kind that follow one another share their columns.
		for (; answers[i]?.resource === resource; i++) {
			const { objects } = answers[i]!;
			const table = humanTable(
				kube.api,
				resource,
				path ? sortObjects(objects, path) : inTableOrder(resource, objects),
				{
					...options,
					withNamespace: options.withNamespace && resource.namespaced,
					withKind: options.withKind || several,
				},
			);
			header = table.header;
			for (const row of table.rows) rows.push(row);
		}
		if (rows.length === 0) continue;
		if (out !== '' && !flags.on('no-headers')) out += '\n';
		out += new RowPrinter().print(flags.on('no-headers') ? rows : [header, ...rows]);
	}
	call.out(out);
	if (out !== '' || failed || flags.on('ignore-not-found')) return;
	const inNamespace = !flags.on('all-namespaces') && answers.every(({ resource }) => resource.namespaced);
	call.err(inNamespace ? `No resources found in ${kube.namespace} namespace.\n` : 'No resources found\n');
}

export const getCommand: Command = {
	name: 'get',
	use: '[(-o|--output=)json|yaml|name|go-template|go-template-file|template|templatefile|jsonpath|jsonpath-as-json|jsonpath-file|custom-columns|custom-columns-file|wide] (TYPE[.VERSION][.GROUP] [NAME | -l label] | TYPE[.VERSION][.GROUP]/NAME ...) [flags]',
	short: 'Display one or many resources',
	long: 'Display one or many resources.\n\n Prints a table of the most important information about the specified resources. You can filter the list using a label selector and the --selector flag. If the desired resource type is namespaced you will only see results in your current namespace unless you pass --all-namespaces.\n\n By specifying the output as \'template\' and providing a Go template as the value of the --template flag, you can filter the attributes of the fetched resources.\n\nUse "kubectl api-resources" for a complete list of supported resources.',
	example: `  # List all pods in ps output format
  kubectl get pods

  # List all pods in ps output format with more information (such as node name)
  kubectl get pods -o wide

  # List a single replication controller with specified NAME in ps output format
  kubectl get replicationcontroller web

  # List one or more resources by their type and names
  kubectl get rc/web service/frontend pods/web-pod-13je7`,
	flags: FLAGS,
	run: command(get),
	complete: completeTargets,
};
