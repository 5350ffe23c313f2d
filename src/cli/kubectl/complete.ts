/**
 * What may stand at the cursor: kinds, names in the namespace that is meant, values of flags.
 *
 * Source of what is offered: kubernetes staging/src/k8s.io/kubectl/pkg/util/completion/completion.go @ v0.24.0.
 */
import { type ApiServer, qualified, type Resource } from '../../sim/api/index.ts';
import type { Completer } from '../cobra/index.ts';
import { FORMAT_WORDS, subs, text } from './print/index.ts';

/** Flags whose value is the next word, by all their names. */
const WITH_VALUE: Readonly<Record<string, string>> = {
	'-n': 'namespace',
	'--namespace': 'namespace',
	'-o': 'output',
	'--output': 'output',
	'-l': 'selector',
	'--selector': 'selector',
	'-c': 'container',
	'--container': 'container',
	'-f': 'filename',
	'--filename': 'filename',
	'-L': 'label-columns',
	'--label-columns': 'label-columns',
	'--context': 'context',
	'--field-selector': 'field-selector',
	'--kubeconfig': 'kubeconfig',
	'--sort-by': 'sort-by',
	'--since': 'since',
	'--tail': 'tail',
};

interface Begun {
	/** Arguments that are no flags. */
	readonly words: readonly string[];
	/** Of `-n`, when it is given. */
	readonly namespace?: string;
	/** The flag whose value comes next. */
	readonly pending?: string;
}

/** Reads the words before the cursor; `ignored` are flags that take no value in this command (`-f` of logs). */
function begun(args: readonly string[], ignored: readonly string[] = []): Begun {
	const words: string[] = [];
	let namespace: string | undefined;
	let pending: string | undefined;
	for (let i = 0; i < args.length; i++) {
		const arg = args[i]!;
		const joined = /^(?:-n=?|--namespace=)(.+)$/.exec(arg);
		if (joined && arg !== '--namespace') namespace = joined[1];
		else if (Object.hasOwn(WITH_VALUE, arg) && !ignored.includes(arg)) {
			const value = args[++i];
			if (value === undefined) pending = WITH_VALUE[arg];
			else if (WITH_VALUE[arg] === 'namespace') namespace = value;
		} else if (!arg.startsWith('-')) words.push(arg);
	}
	return {
		words,
		...(namespace === undefined ? {} : { namespace }),
		...(pending === undefined ? {} : { pending }),
	};
}

const unique = (list: readonly string[]): readonly string[] => [...new Set(list)];

/** Names of a kind: in the namespace of `-n`, else in `default`, or anywhere when nothing is there. */
function namesOf(api: ApiServer, resource: Resource, namespace: string | undefined): readonly string[] {
	const list = (space: string | undefined): readonly string[] =>
		api.list(resource, space === undefined ? {} : { namespace: space }).map((object) => object.metadata.name);
	if (!resource.namespaced) return list(undefined);
	if (namespace !== undefined) return list(namespace);
	const here = list('default');
	return here.length > 0 ? here : unique(list(undefined));
}

function valuesOf(api: ApiServer, { pending, words, namespace }: Begun): readonly string[] {
	if (pending === 'namespace') return namesOf(api, api.find('namespaces')!, undefined);
	if (pending === 'output') return FORMAT_WORDS;
	if (pending !== 'container') return [];
	const name = words[0]?.split('/').at(-1);
	return unique(
		api
			.list(api.find('pods')!, namespace === undefined ? {} : { namespace })
			.filter((pod) => pod.metadata.name === name)
			.flatMap((pod) =>
				['containers', 'initContainers', 'ephemeralContainers'].flatMap((list) => subs(pod, 'spec', list)),
			)
			.map((container) => text(container, 'name')),
	);
}

/** Kinds, then names of that kind. */
export const completeTargets: Completer = (args, at) => {
	const api = at.cluster()?.api;
	if (!api) return [];
	const line = begun(args);
	if (line.pending !== undefined) return valuesOf(api, line);
	const [type] = line.words;
	// What `api-resources -o name --verbs=get` has.
	if (type === undefined)
		return api
			.resources()
			.filter(({ verbs }) => verbs.includes('get'))
			.map(qualified)
			.toSorted();
	const resource = api.find(type);
	if (!resource) return [];
	return namesOf(api, resource, line.namespace).filter((name) => !line.words.includes(name));
};

/** Pods, and workloads as `ds/name`: what `logs` reads. */
export const completePods: Completer = (args, at) => {
	const api = at.cluster()?.api;
	if (!api) return [];
	const line = begun(args, ['-f']);
	if (line.pending !== undefined) return valuesOf(api, line);
	if (line.words.length > 0) return [];
	const of = (kind: string): readonly string[] => namesOf(api, api.find(kind)!, line.namespace);
	return [
		...of('pods'),
		...['ds', 'deploy', 'sts', 'job', 'pod'].flatMap((kind) => of(kind).map((name) => `${kind}/${name}`)),
	];
};
