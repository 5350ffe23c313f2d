/**
 * `kubectl explain`: fields and types as the server knows them. The lab's types carry no descriptions; kubectl says
 * `<empty>` where there is none.
 *
 * Source: kubernetes staging/src/k8s.io/kubectl/pkg/{cmd/explain,explain} @ v0.24.0.
 */
import { apiVersionOf, type Field, type Resource, rootType, type Type, typeOf } from '../../../sim/api/index.ts';
import type { Command, Completer } from '../../cobra/index.ts';
import { command, fail, type Kube, KubectlError } from '../kube.ts';

const PLAIN: Readonly<Record<string, string>> = {
	s: 'string',
	t: 'string',
	q: 'string',
	x: 'string',
	i: 'integer',
	b: 'boolean',
	m: 'map[string]string',
};

const typeName = (field: Field): string => {
	const name = PLAIN[field.type] ?? 'Object';
	return field.shape === 'list' ? `[]${name}` : field.shape === 'map' ? `map[string]${name}` : name;
};

const fieldsOf = (type: Type): readonly Field[] => [...type.fields.values()].sort((a, b) => (a.name < b.name ? -1 : 1));

/** All fields below a type; one that holds itself is not entered again. */
function recursive(type: Type, indent: string, inside: readonly string[]): string {
	let out = '';
	for (const field of fieldsOf(type)) {
		out += `${indent}${field.name}\t<${typeName(field)}>\n`;
		const below = typeOf(field.type);
		if (below && !inside.includes(below.name)) out += recursive(below, `${indent}   `, [...inside, below.name]);
	}
	return out;
}

/** The resource, and the path after it: its name may be followed by its group. */
function request(kube: Kube, text: string): { readonly resource: Resource; readonly path: readonly string[] } {
	const [first = '', ...rest] = text.split('.');
	const resource = kube.api.find(first);
	if (!resource) throw new KubectlError(`error: the server doesn't have a resource type "${first}"`);
	for (const known of kube.api.resources()) {
		const names = [known.plural, known.singular, ...known.shortNames];
		const full = `${first.toLowerCase()}.${known.group}`;
		if (known.group === '' || !names.includes(first.toLowerCase())) continue;
		if (text === full || text.startsWith(`${full}.`))
			return {
				resource: known,
				path: text
					.slice(full.length + 1)
					.split('.')
					.filter((part) => part !== ''),
			};
	}
	return { resource, path: rest.filter((part) => part !== '') };
}

async function explain(kube: Kube): Promise<undefined> {
	const { args, flags, call } = kube.run;
	if (args.length === 0)
		return fail(
			'You must specify the type of resource to explain. Use "kubectl api-resources" for a complete list of supported resources.\n',
		);
	if (args.length > 1) return fail('We accept only this format: explain RESOURCE\n');
	const { resource, path } = request(kube, args[0]!);
	const version = flags.text('api-version') || apiVersionOf(resource);
	const known = (resource.served ?? [resource.version]).some(
		(served) => apiVersionOf({ group: resource.group, version: served }) === version,
	);
	const root = rootType(resource.kind);
	if (!root || !known)
		return fail(
			`couldn't find resource for ${JSON.stringify(`${version.includes('/') ? '' : '/'}${version}, Kind=${resource.kind}`)}`,
		);
	let type: Type | undefined = root;
	let last: Field | undefined;
	for (const name of path) {
		// What has no fields is found, whatever follows.
		if (!type) break;
		const field: Field | undefined = type.fields.get(name);
		if (!field) return fail(`field ${JSON.stringify(name)} does not exist`);
		last = field;
		type = typeOf(field.type);
	}
	call.out(`KIND:     ${resource.kind}\nVERSION:  ${version}\n\n`);
	if (last)
		call.out(
			type ? `RESOURCE: ${path.at(-1)} <${typeName(last)}>\n\n` : `FIELD:    ${path.at(-1)} <${typeName(last)}>\n\n`,
		);
	call.out('DESCRIPTION:\n     <empty>\n');
	if (!type) return;
	call.out('\nFIELDS:\n');
	if (flags.on('recursive')) call.out(recursive(type, '   ', [type.name]));
	else
		for (const field of fieldsOf(type))
			call.out(`   ${field.name}\t<${typeName(field)}>${field.required ? ' -required-' : ''}\n\n`);
}

const complete: Completer = (args, at) => {
	const api = at.cluster()?.api;
	return api && args.length === 0 ? api.resources().map((resource) => resource.plural) : [];
};

export const explainCommand: Command = {
	name: 'explain',
	use: 'RESOURCE',
	short: 'Get documentation for a resource',
	long: 'List the fields for supported resources.\n\n This command describes the fields associated with each supported API resource. Fields are identified via a simple JSONPath identifier:\n\n  <type>.<fieldName>[.<fieldName>]\n\n Add the --recursive flag to display all of the fields at once without descriptions. Information about each field is retrieved from the server in OpenAPI format.\n\nUse "kubectl api-resources" for a complete list of supported resources.',
	example: `  # Get the documentation of the resource and its fields
  kubectl explain pods

  # Get the documentation of a specific field of a resource
  kubectl explain pods.spec.containers`,
	flags: [
		{ name: 'recursive', type: 'bool', usage: 'Print the fields of fields (Currently only 1 level deep)' },
		{
			name: 'api-version',
			type: 'string',
			usage: 'Get different explanations for particular API version (API group/version)',
		},
	],
	run: command(explain),
	complete,
};
