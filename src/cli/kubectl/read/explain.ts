/**
 * `kubectl explain`: fields and types as the server knows them. The words are the lab's own; how they are set out is
 * kubectl's, and changed with 1.27.
 *
 * Source: kubernetes staging/src/k8s.io/kubectl/pkg/{cmd/explain,explain} @ v0.24.0; pkg/explain/v2 @ v0.27.0, v0.34.0.
 */
import { apiVersionOf, type Resource } from '../../../sim/api/index.ts';
import type { Command, Completer } from '../../cobra/index.ts';
import { command, fail, type Kube, KubectlError } from '../kube.ts';
import { kubectlVersion, minorOf } from '../releases.ts';
import { explainClassic } from './explain-classic.ts';
import { explainPlain } from './explain-plain.ts';

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
	const client = minorOf(kubectlVersion(call.lab));
	const server = minorOf(kube.api.version);
	// The words are many, and nobody else needs them.
	const builtIn = await import('../../../sim/api/docs/index.ts');
	const schema = resource.schemas?.[version.split('/').at(-1)!];
	const own = schema && builtIn.customDocs(resource.kind, schema, builtIn);
	const docs = own ?? builtIn;
	const found = own?.explain(path, server) ?? builtIn.explain(resource.kind, path, server);
	if (!known || !(own || builtIn.kindOf(resource.kind, server)))
		return fail(
			`couldn't find resource for ${JSON.stringify(`${version.includes('/') ? '' : '/'}${version}, Kind=${resource.kind}`)}`,
		);
	if ('missing' in found) return fail(`field ${JSON.stringify(found.missing)} does not exist`);
	const asked = {
		kind: resource.kind,
		version,
		name: path.at(-1) ?? '',
		custom: resource.custom === true,
		recursive: flags.on('recursive'),
		minor: server,
		...found,
	};
	call.out(client < 27 ? explainClassic(asked, docs) : explainPlain(asked, docs, client));
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
