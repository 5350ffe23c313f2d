/**
 * `-o`: how objects are printed.
 *
 * Source: kubernetes staging/src/k8s.io/cli-runtime/pkg/genericclioptions/{json_yaml,template,name}_flags.go,
 * pkg/printers/{json,yaml,name,jsonpath,template}.go, kubectl/pkg/cmd/get/get_flags.go @ v0.24.0.
 */
import type { Run } from '../../cobra/index.ts';
import { goTemplate, TemplateError } from '../../gotemplate/index.ts';
import { printYaml } from '../../kube/index.ts';
import { fail, KubectlError } from '../kube.ts';
import { columnsOf, columnsOfFile, customRow } from './custom-columns.ts';
import { GET_FORMATS } from './formats.ts';
import { goJson, plain, syntax } from './go-value.ts';
import { findPath, JsonPathError, jsonPath } from './jsonpath/index.ts';
import { omitManagers } from './managers.ts';
import { has, sub, subs, text } from './read.ts';
import { RowPrinter } from './rows.ts';

/** Prints objects one after the other; a list is one object of kind List. */
export type ObjectPrinter = (object: unknown) => string;

const TEMPLATES = ['go-template-file', 'go-template', 'templatefile', 'template'];
const PATHS = ['jsonpath-as-json', 'jsonpath-file', 'jsonpath'];
const COLUMNS = ['custom-columns-file', 'custom-columns'];

/** `name=argument`, or the name alone. */
function split(
	output: string,
	names: readonly string[],
): { readonly name: string; readonly argument: string } | undefined {
	for (const name of names) {
		if (output === name) return { name, argument: '' };
		if (output.startsWith(`${name}=`)) return { name, argument: output.slice(name.length + 1) };
	}
	return undefined;
}

async function fileOf(run: Run, path: string): Promise<string> {
	const content = await run.call.files.read(path);
	return content ?? fail(`error reading --template ${path}, open ${path}: no such file or directory\n`);
}

const isList = (object: unknown): boolean => text(object, 'kind').endsWith('List');

const namePrinter: ObjectPrinter = (object) => {
	// Of an event of a watch (`--output-watch-events`) its object.
	if (!has(object, 'kind') && has(object, 'object')) return namePrinter(sub(object, 'object'));
	if (isList(object)) return subs(object, 'items').map(namePrinter).join('');
	const [group, version] = text(object, 'apiVersion').split('/');
	const kind = text(object, 'kind').toLowerCase();
	return `${kind}${version === undefined ? '' : `.${group}`}/${text(object, 'metadata', 'name')}\n`;
};

function yamlPrinter(): ObjectPrinter {
	let printed = 0;
	return (object) => `${printed++ > 0 ? '---\n' : ''}${printYaml(object)}`;
}

function pathPrinter(template: string, asJson: boolean, strict: boolean): ObjectPrinter {
	let run: (object: unknown) => string;
	try {
		run = asJson ? (object) => `${goJson(findPath(template, object, strict))}\n` : jsonPath(template, strict);
		if (asJson) jsonPath(template);
	} catch (fault) {
		if (fault instanceof JsonPathError) return fail(`error parsing jsonpath ${template}, ${fault.message}`);
		throw fault;
	}
	return (object) => {
		try {
			return run(object);
		} catch (fault) {
			if (!(fault instanceof JsonPathError)) throw fault;
			return fail(
				`error executing jsonpath ${JSON.stringify(template)}: Error executing template: ${fault.message}. Printing more information for debugging the template:\n\ttemplate was:\n\t\t${template}\n\tobject given to jsonpath engine was:\n\t\t${syntax(object)}\n\n\n`,
			);
		}
	};
}

async function templatePrinter(run: Run, template: string): Promise<ObjectPrinter> {
	const { templateOf } = await import('./template.ts');
	let print: (data: unknown) => string;
	try {
		// Keys that must be there are asked for by the plainer engine.
		print = run.flags.on('allow-missing-template-keys')
			? templateOf(template)
			: goTemplate(template, { name: 'output', strict: true });
	} catch (fault) {
		if (fault instanceof TemplateError) return fail(`error parsing template ${template}, ${fault.message}`);
		throw fault;
	}
	return (object) => {
		try {
			return print(object);
		} catch (fault) {
			if (!(fault instanceof TemplateError)) throw fault;
			run.call.out(
				`Error executing template: ${fault.message}. Printing more information for debugging the template:\n\ttemplate was:\n\t\t${template}\n\traw data was:\n\t\t${goJson(object, 0)}\n\tobject given to template engine was:\n\t\t${plain(object)}\n\n`,
			);
			return fail(`error executing template ${JSON.stringify(template)}: ${fault.message}`);
		}
	};
}

async function columnsPrinter(run: Run, name: string, argument: string): Promise<ObjectPrinter> {
	let columns: ReturnType<typeof columnsOf>;
	if (name === 'custom-columns') columns = columnsOf(argument);
	else {
		if (argument === '') return fail('custom-columns format specified but no custom columns given');
		const content = await run.call.files.read(argument);
		if (content === undefined)
			return fail(`error reading template ${argument}, open ${argument}: no such file or directory\n`);
		columns = columnsOfFile(content);
	}
	const rows = new RowPrinter();
	let headed = name === 'custom-columns' && run.flags.on('no-headers');
	return (object) => {
		const items = isList(object) ? subs(object, 'items') : [object];
		const header = headed ? [] : [columns.map((column) => column.header)];
		headed = true;
		return rows.print([...header, ...items.map((item) => customRow(columns, item))]);
	};
}

/**
 * The printer that `-o` and `--template` ask for; undefined for the tables that people read (no `-o`, and `wide` when
 * `allowed` has it). Throws kubectl's words for a format that is not there or not allowed.
 */
export async function objectPrinter(
	run: Run,
	allowed: readonly string[] = GET_FORMATS,
): Promise<ObjectPrinter | undefined> {
	const template = run.flags.text('template');
	const output = run.flags.text('output') || (template === '' ? '' : 'go-template');
	const may = (name: string): boolean => allowed.includes(name);
	if (output === '' || (output === 'wide' && may('wide'))) return undefined;
	const lower = output.toLowerCase();
	const seen = run.flags.on('show-managed-fields') ? (object: unknown) => object : omitManagers;
	if (lower === 'json' && may('json')) return (object) => `${goJson(seen(object))}\n`;
	if (lower === 'yaml' && may('yaml')) {
		const print = yamlPrinter();
		return (object) => print(seen(object));
	}
	if (lower === 'name' && may('name')) return namePrinter;
	const templated = split(output, TEMPLATES) ?? split(output, PATHS);
	if (templated && may(templated.name)) {
		const argument = templated.argument || template;
		if (argument === '') return fail('template format specified but no template given');
		const source = templated.name.endsWith('file') ? await fileOf(run, argument) : argument;
		return TEMPLATES.includes(templated.name)
			? templatePrinter(run, source)
			: pathPrinter(source, templated.name === 'jsonpath-as-json', !run.flags.on('allow-missing-template-keys'));
	}
	const columns = split(output, COLUMNS);
	if (columns && may(columns.name)) return columnsPrinter(run, columns.name, columns.argument || template);
	throw new KubectlError(
		`error: unable to match a printer suitable for the output format ${JSON.stringify(output)}, allowed formats are: ${allowed.join(',')}`,
	);
}

/** Several objects as the one List kubectl makes of them. */
export const listOf = (items: readonly unknown[]): unknown => ({
	apiVersion: 'v1',
	items,
	kind: 'List',
	metadata: { resourceVersion: '' },
});
