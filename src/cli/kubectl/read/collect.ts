/**
 * The objects a command asks for, kind by kind; what is missing is an error beside what was found.
 *
 * Source: kubernetes staging/src/k8s.io/cli-runtime/pkg/resource/{builder,visitor}.go @ v0.24.0 (ContinueOnError).
 */
import type { ApiObject, ApiStatus, Resource } from '../../../sim/api/index.ts';
import { readFiles } from '../files.ts';
import { fail, type Kube, KubectlError, refuse, statusText, warn } from '../kube.ts';
import { withManagers } from '../print/index.ts';
import { fetch, type Target, targetsOf } from '../targets.ts';

/** What one request of the server gave. */
export interface Answer {
	readonly resource: Resource;
	readonly objects: readonly ApiObject[];
	readonly target: Target;
}

export interface Collected {
	readonly answers: readonly Answer[];
	/** Complete messages, and whether each only says that something is not there. */
	readonly errors: readonly {
		readonly message: string;
		readonly notFound: boolean;
		readonly status?: ApiStatus | undefined;
	}[];
	/** One thing was asked for by its name: it is printed as itself, not as a list. */
	readonly single: boolean;
}

const byFile = (kube: Kube): boolean =>
	kube.run.flags.list('filename').length > 0 || kube.run.flags.text('kustomize') !== '';

/** What the command line asks for. */
export async function wanted(
	kube: Kube,
	verb: string,
): Promise<{ readonly targets: readonly Target[]; readonly single: boolean }> {
	const { run } = kube;
	const selects = run.flags.text('selector') !== '' || run.flags.text('field-selector') !== '';
	if (byFile(kube)) {
		const files = await readFiles(kube);
		// A file that is not there is told before that there should be none.
		if (run.args.length > 0)
			return fail('when paths, URLs, or stdin is provided as input, you may not specify resource arguments as well');
		return {
			targets: files.map(({ resource, namespace, name }) => ({ resource, namespace, name })),
			single: files.length === 1 && run.flags.list('filename').length === 1,
		};
	}
	const { list, named } = targetsOf(kube, run.args, verb);
	if (named && selects)
		return run.args.some((arg) => arg.includes('/'))
			? fail('selectors and the all flag cannot be used when passing resource/name arguments')
			: fail('name cannot be provided when a selector is specified');
	return { targets: list, single: named && list.length === 1 };
}

/** What the server says to a read of what can only be created: bindings, reviews. */
const NOT_ALLOWED: ApiStatus = {
	code: 405,
	reason: 'MethodNotAllowed',
	message: 'the server does not allow this method on the requested resource',
};

/** What a table of scales has (pkg/printers/internalversion printScale @ v1.24.0). */
const SCALES: Resource = {
	group: 'autoscaling',
	version: 'v1',
	kind: 'Scale',
	plural: 'scales',
	singular: 'scale',
	shortNames: [],
	namespaced: true,
	categories: [],
	verbs: ['get'],
	custom: true,
	columns: [
		{ name: 'Name', type: 'string', jsonPath: '.metadata.name' },
		{ name: 'Desired', type: 'integer', jsonPath: '.spec.replicas' },
		{ name: 'Available', type: 'integer', jsonPath: '.status.replicas' },
		{ name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
	],
};

/** One request: whole objects, or the part of them that `--subresource` asks for. */
function answerOf(kube: Kube, target: Target): Answer {
	const { resource } = target;
	const objects = fetch(kube, target);
	if (kube.run.flags.text('subresource') !== 'scale')
		return { resource, objects: objects.map((object) => withManagers(kube, resource, object)), target };
	const scales = objects.map(({ metadata }) => {
		const scale = kube.api.scale(resource, metadata.namespace, metadata.name);
		return scale.error ? refuse(scale.error) : scale.value;
	});
	return { resource: SCALES, objects: scales, target };
}

/** Asks the server for all of it. */
export async function collect(kube: Kube, verb: string): Promise<Collected> {
	const { targets, single } = await wanted(kube, verb);
	const answers: Answer[] = [];
	const errors: Collected['errors'][number][] = [];
	// What the server warns of comes with its answers, each warning once.
	const used = new Set(targets.map(({ resource }) => resource));
	for (const { warning } of used) if (warning) warn(kube, [warning]);
	for (const target of targets) {
		const method = target.name === undefined ? 'list' : 'get';
		if (!target.resource.verbs.includes(method)) {
			errors.push({ message: statusText(NOT_ALLOWED), notFound: false });
			continue;
		}
		try {
			answers.push(answerOf(kube, target));
		} catch (fault) {
			if (!(fault instanceof KubectlError)) throw fault;
			errors.push({ message: fault.message, notFound: fault.message.includes('(NotFound)'), status: fault.status });
		}
	}
	return { answers, errors, single };
}
