/**
 * Which objects a command line means: `pods`, `po,svc`, `pod a b`, `pod/a svc/b`, `-l`, `-f`, `--all`, `-A`.
 *
 * Source: kubernetes staging/src/k8s.io/cli-runtime/pkg/resource/builder.go @ v0.24.0.
 */
import { type ApiObject, parseFieldSelector, parseSelector, qualified, type Resource } from '../../sim/api/index.ts';
import type { Flag } from '../cobra/index.ts';
import { fail, type Kube, KubectlError, refuse } from './kube.ts';

/** The lab's server answers whole lists at once, whatever is asked for: what comes out is the same. */
export const CHUNK_SIZE: Flag = {
	name: 'chunk-size',
	type: 'int',
	default: '500',
	usage: 'Return large lists in chunks rather than all at once. Pass 0 to disable.',
};

export const SELECTOR_FLAGS: readonly Flag[] = [
	{
		name: 'selector',
		short: 'l',
		type: 'string',
		usage: "Selector (label query) to filter on, supports '=', '==', and '!='.",
	},
	{
		name: 'field-selector',
		type: 'string',
		usage: "Selector (field query) to filter on, supports '=', '==', and '!='.",
	},
	{
		name: 'all-namespaces',
		short: 'A',
		type: 'bool',
		usage: 'If present, list the requested object(s) across all namespaces.',
	},
];

/** One thing asked for: an object by name, or all of a kind. */
export interface Target {
	readonly resource: Resource;
	readonly namespace: string | undefined;
	/** Absent: all that the selectors let through. */
	readonly name?: string;
}

export interface Targets {
	readonly list: readonly Target[];
	/** Whether single names were given, in either form. */
	readonly named: boolean;
	/** Whether more than one kind was asked for. */
	readonly several: boolean;
}

/** The resource of a word; `all` and other categories are several. */
export function resourcesOf(kube: Kube, word: string): readonly Resource[] {
	return word.split(',').flatMap((name) => {
		const category = kube.api.resources().filter((resource) => resource.categories.includes(name));
		if (category.length > 0) return category;
		const resource = kube.api.find(name);
		if (!resource) throw new KubectlError(`error: the server doesn't have a resource type "${name.split('.')[0]}"`);
		return [resource];
	});
}

const scope = (kube: Kube, resource: Resource): string | undefined =>
	resource.namespaced ? kube.namespace : undefined;

/** Reads the arguments of a command that takes TYPE and NAME. */
export function targetsOf(kube: Kube, args: readonly string[], verb: string): Targets {
	if (args.length === 0)
		throw new KubectlError(
			`You must specify the type of resource to ${verb}. Use "kubectl api-resources" for a complete list of supported resources.\n\nerror: Required resource not specified.\nUse "kubectl explain <resource>" for a detailed description of that resource (e.g. kubectl explain pods).\nSee 'kubectl ${verb} -h' for help and examples`,
		);
	const slashed = args.filter((arg) => arg.includes('/'));
	if (slashed.length > 0) {
		if (slashed.length < args.length) {
			if (args[0]!.includes('/'))
				return fail(
					"there is no need to specify a resource type as a separate argument when passing arguments in resource/name form (e.g. 'kubectl get resource/<resource_name>' instead of 'kubectl get resource resource/<resource_name>'",
				);
			return fail(
				"there is no need to specify a resource type as a separate argument when passing arguments in resource/name form (e.g. 'kubectl get resource/<resource_name>' instead of 'kubectl get resource resource/<resource_name>'",
			);
		}
		const list = slashed.map((arg): Target => {
			const parts = arg.split('/');
			if (parts.length !== 2) return fail(`arguments in resource/name form may not have more than one slash`);
			const [kind, name] = parts as [string, string];
			if (kind === '' || name === '')
				return fail(`arguments in resource/name form must have a single resource and name`);
			const resources = resourcesOf(kube, kind);
			if (resources.length !== 1)
				return fail('you may not specify individual resources and bulk resources in the same call');
			return { resource: resources[0]!, namespace: scope(kube, resources[0]!), name };
		});
		return { list, named: true, several: new Set(list.map((target) => qualified(target.resource))).size > 1 };
	}
	const [types, ...names] = args as [string, ...string[]];
	const resources = resourcesOf(kube, types);
	if (names.length > 0 && kube.run.flags.on('all-namespaces'))
		return fail('a resource cannot be retrieved by name across all namespaces');
	if (names.length > 0)
		return {
			list: resources.flatMap((resource) =>
				names.map((name) => ({ resource, namespace: scope(kube, resource), name })),
			),
			named: true,
			several: resources.length > 1,
		};
	return {
		list: resources.map((resource) => ({
			resource,
			namespace: resource.namespaced && !kube.run.flags.on('all-namespaces') ? kube.namespace : undefined,
		})),
		named: false,
		several: resources.length > 1,
	};
}

/** Label and field selector of the flags, checked; the server's words for a bad one. */
export function selectorsOf(
	kube: Kube,
	resource: Resource,
): { readonly labelSelector?: string; readonly fieldSelector?: string } {
	const { flags } = kube.run;
	const label = flags.text('selector');
	const field = flags.text('field-selector');
	// cli-runtime pkg/resource/selector.go: what the server says, after what was looked for.
	const bad = (text: string): never => {
		throw new KubectlError(
			`Error from server (BadRequest): Unable to find "${resource.group}/${resource.version}, Resource=${resource.plural}" that match label selector ${JSON.stringify(label)}, field selector ${JSON.stringify(field)}: ${text}`,
		);
	};
	if (label) {
		const parsed = parseSelector(label);
		if (parsed.error !== undefined) bad(parsed.error);
	}
	if (field) {
		const parsed = parseFieldSelector(resource, field);
		if (parsed.error !== undefined) bad(parsed.error);
	}
	return { ...(label ? { labelSelector: label } : {}), ...(field ? { fieldSelector: field } : {}) };
}

/** The objects of a target. One that is asked for by name and is not there throws NotFound. */
export function fetch(kube: Kube, target: Target): readonly ApiObject[] {
	const { resource, namespace, name } = target;
	if (name === undefined)
		return kube.api.list(resource, {
			...(namespace === undefined ? {} : { namespace }),
			...selectorsOf(kube, resource),
		});
	const object = kube.api.get(resource, namespace, name);
	if (object) return [object];
	// A read does not pass admission: a namespace that is not there is not told apart.
	return refuse({ code: 404, reason: 'NotFound', message: `${qualified(resource)} "${name}" not found` });
}

/** `pod/a`, `deployment.apps/b`: how kubectl names what it did something to. */
export const shortName = (resource: Resource, name: string): string =>
	`${resource.singular}${resource.group === '' ? '' : `.${resource.group}`}/${name}`;

export { completeTargets } from './complete.ts';
