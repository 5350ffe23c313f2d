/**
 * What the server has: `api-resources`, `api-versions`.
 *
 * Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/apiresources/{apiresources,apiversions}.go @ v0.24.0.
 */
import { apiVersionOf, customChecks, type Resource } from '../../../sim/api/index.ts';
import type { Command } from '../../cobra/index.ts';
import { asksOneDocument, othersOf } from '../aggregated.ts';
import { command, fail, type Kube, usageError } from '../kube.ts';
import { RowPrinter } from '../print/index.ts';
import { minorOf } from '../releases.ts';

const noArguments = (kube: Kube): void => {
	const { args } = kube.run;
	if (args.length > 0) usageError(kube.run, `unexpected arguments: [${args.join(' ')}]`);
};

async function apiResources(kube: Kube): Promise<undefined> {
	noArguments(kube);
	const { flags, call } = kube.run;
	const output = flags.text('output');
	const by = flags.text('sort-by');
	if (!['', 'wide', 'name'].includes(output)) return fail(`--output ${output} is not available`);
	if (!['', 'name', 'kind'].includes(by)) return fail('--sort-by accepts only name or kind');
	const verbs = flags.list('verbs');
	const categories = flags.list('categories');
	const key = (resource: Resource): string =>
		by === 'name' ? resource.plural : by === 'kind' ? resource.kind : resource.group;
	const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
	const found = kube.api
		.resources()
		.filter(
			(resource) =>
				(!flags.given('api-group') || resource.group === flags.text('api-group')) &&
				(!flags.given('namespaced') || resource.namespaced === flags.on('namespaced')) &&
				verbs.every((verb) => resource.verbs.includes(verb)) &&
				categories.every((category) => resource.categories.includes(category)),
		)
		.sort((a, b) => compare(key(a), key(b)) || compare(a.plural, b.plural));
	if (output === 'name') {
		for (const { plural, group } of found) call.out(`${plural}${group === '' ? '' : `.${group}`}\n`);
		return incomplete(kube);
	}
	const wide = output === 'wide';
	const rows = found.map((resource) => [
		resource.plural,
		resource.shortNames.join(','),
		apiVersionOf(resource),
		String(resource.namespaced),
		resource.kind,
		...(wide ? [`[${resource.verbs.join(' ')}]`] : []),
	]);
	const header = ['NAME', 'SHORTNAMES', 'APIVERSION', 'NAMESPACED', 'KIND', ...(wide ? ['VERBS'] : [])];
	call.out(new RowPrinter().print(flags.on('no-headers') ? rows : [header, ...rows]));
	return incomplete(kube);
}

/** What is there is shown; what cannot be asked for is told behind it. */
function incomplete(kube: Kube): undefined {
	const lacking = asksOneDocument(kube) ? undefined : customChecks()?.undiscovered(kube.api, minorOf(kube.api.version));
	return lacking ? fail(lacking.words) : undefined;
}

async function apiVersions(kube: Kube): Promise<undefined> {
	noArguments(kube);
	const versions = new Set(
		kube.api
			.resources()
			.flatMap((resource) =>
				(resource.served ?? [resource.version]).map((version) => apiVersionOf({ group: resource.group, version })),
			),
	);
	for (const other of othersOf(kube)) versions.add(apiVersionOf(other));
	for (const version of [...versions].sort()) kube.run.call.out(`${version}\n`);
}

export const apiResourcesCommand: Command = {
	name: 'api-resources',
	short: 'Print the supported API resources on the server',
	long: 'Print the supported API resources on the server.',
	example: `  # Print the supported API resources
  kubectl api-resources

  # Print the supported API resources with more information
  kubectl api-resources -o wide

  # Print the supported API resources sorted by a column
  kubectl api-resources --sort-by=name

  # Print the supported namespaced resources
  kubectl api-resources --namespaced=true

  # Print the supported API resources with a specific APIGroup
  kubectl api-resources --api-group=rbac.authorization.k8s.io`,
	flags: [
		{
			name: 'no-headers',
			type: 'bool',
			usage: "When using the default or custom-column output format, don't print headers (default print headers).",
		},
		{ name: 'output', short: 'o', type: 'string', usage: 'Output format. One of: (wide, name).' },
		{ name: 'api-group', type: 'string', usage: 'Limit to resources in the specified API group.' },
		{
			name: 'namespaced',
			type: 'bool',
			default: 'true',
			usage:
				'If false, non-namespaced resources will be returned, otherwise returning namespaced resources by default.',
		},
		{ name: 'verbs', type: 'strings', usage: 'Limit to resources that support the specified verbs.' },
		{
			name: 'sort-by',
			type: 'string',
			usage: "If non-empty, sort list of resources using specified field. The field can be either 'name' or 'kind'.",
		},
		{
			name: 'categories',
			type: 'strings',
			usage: 'Limit to resources that belong to the specified categories.',
		},
		{ name: 'cached', type: 'bool', usage: 'Use the cached list of resources if available.' },
	],
	run: command(apiResources),
};

export const apiVersionsCommand: Command = {
	name: 'api-versions',
	short: 'Print the supported API versions on the server, in the form of "group/version"',
	long: 'Print the supported API versions on the server, in the form of "group/version".',
	run: command(apiVersions),
};
