/**
 * `-f`: manifests from files, folders, standard input and the web.
 *
 * Source: kubernetes staging/src/k8s.io/cli-runtime/pkg/resource/{builder,visitor}.go @ v0.24.0.
 */
import type { ApiInput, Resource } from '../../sim/api/index.ts';
import type { Flag } from '../cobra/index.ts';
import { loadExpressionsOf, readManifests, unresolved } from '../kube/index.ts';
import { webPage } from '../web/index.ts';
import { fail, type Kube, KubectlError } from './kube.ts';

export const FILE_FLAGS: readonly Flag[] = [
	{
		name: 'filename',
		short: 'f',
		type: 'strings',
		usage: 'Filename, directory, or URL to files identifying the resource.',
	},
	{ name: 'recursive', short: 'R', type: 'bool', usage: 'Process the directory used in -f, --filename recursively.' },
	{ name: 'kustomize', short: 'k', type: 'string', usage: 'Process a kustomization directory.', hidden: true },
];

export interface FileObject {
	readonly object: ApiInput;
	readonly resource: Resource;
	/** Of the object, or the one of the command line for kinds that have one. */
	readonly namespace: string | undefined;
	readonly name: string;
	/** Path or URL it was read from, and the line it begins on. */
	readonly source: string;
	readonly line: number;
}

/** All objects of all `-f`. Throws kubectl's words for what cannot be read or is no object. */
export async function readFiles(kube: Kube): Promise<readonly FileObject[]> {
	const { objects, errors } = await readObjects(kube);
	if (errors.length > 0) throw errors[0];
	if (objects.length === 0) throw new KubectlError(`error: no objects passed to ${kube.run.path.split(' ').at(-1)}`);
	return objects;
}

/**
 * The same with `ContinueOnError`: what is wrong with one object is told beside the others. `check` is the validation a
 * command makes of a document before anything else; after one that fails, the rest of its file is not read.
 */
export async function readObjects(
	kube: Kube,
	check?: (value: ApiInput) => string | undefined,
): Promise<{ readonly objects: readonly FileObject[]; readonly errors: readonly KubectlError[] }> {
	const { run } = kube;
	const objects: FileObject[] = [];
	const errors: KubectlError[] = [];
	const attempt = (what: () => void): void => {
		try {
			what();
		} catch (fault) {
			if (!(fault instanceof KubectlError)) throw fault;
			errors.push(fault);
		}
	};
	const paths = run.flags.list('filename');
	if (paths.filter((path) => path === '-').length > 1)
		return fail('standard input cannot be used for multiple arguments');
	const texts: (readonly [string, string])[] = [];
	const folder = run.flags.text('kustomize');
	if (folder !== '') {
		if (paths.length > 0) return fail('only one of -f and -k can be specified');
		const { kustomizedText } = await import('./kustomize/index.ts');
		texts.push([folder, await kustomizedText(run, folder)]);
	}
	for (const path of paths) texts.push(...(await textsOf(kube, path)));
	for (const [source, text] of texts) {
		await loadExpressionsOf(text);
		const read = readManifests(text);
		const fault = 'error' in read ? read : undefined;
		let stopped = false;
		for (const { value, line } of 'error' in read ? (read.before ?? []) : read) {
			const wrong = check?.(value);
			if (wrong !== undefined) {
				errors.push(new KubectlError(`error: error validating ${JSON.stringify(source)}: ${wrong}`));
				stopped = true;
				break;
			}
			for (const object of flatten(value)) attempt(() => objects.push(place(kube, object, source, line)));
		}
		if (fault && !stopped) errors.push(new KubectlError(faultText(source, fault.error, check !== undefined)));
	}
	return { objects, errors };
}

/** What is said of a document that cannot be read, or is no object: that is for the check, where there is one. */
function faultText(source: string, error: string, checks: boolean): string {
	const kind = /^error unmarshaling JSON: while decoding JSON: json: cannot unmarshal (\w+) into/.exec(error)?.[1];
	if (kind === undefined) return `error: error parsing ${source}: ${error}`;
	return checks
		? `error: error validating ${JSON.stringify(source)}: error validating data: invalid object to validate; if you choose to ignore these errors, turn validation off with --validate=false`
		: `error: unable to decode ${JSON.stringify(source)}: json: cannot unmarshal ${kind} into Go value of type unstructured.detector`;
}

async function textsOf(kube: Kube, path: string): Promise<readonly (readonly [string, string])[]> {
	const { call, flags } = kube.run;
	if (path === '-') return [['STDIN', call.stdin]];
	if (/^https?:\/\//.test(path)) {
		const page = await webPage(path);
		if ('text' in page) return [[path, page.text]];
		if ('unresolved' in page)
			throw new KubectlError(`Unable to connect to the server: ${await unresolved(call, page.unresolved)}`);
		return fail(`unable to read URL "${path}": ${page.lacking}`);
	}
	const list = await call.files.list(path);
	if (list) {
		const out: (readonly [string, string])[] = [];
		for (const name of [...list].sort()) {
			// filepath.Walk cleans what it joins.
			const folder = path.replace(/\/+$/, '').replace(/^\.\//, '');
			const file = folder === '.' || folder === '' ? name : `${folder}/${name}`;
			if (flags.on('recursive') && (await call.files.list(file))) out.push(...(await textsOf(kube, file)));
			else if (/\.(?:json|ya?ml)$/.test(name)) {
				const text = await call.files.read(file);
				if (text !== undefined) out.push([file, text]);
			}
		}
		if (out.length === 0) return fail(`error reading [${path}]: recognized file extensions are [.json .yaml .yml]`);
		return out;
	}
	const text = await call.files.read(path);
	if (text === undefined) return fail(`the path "${path}" does not exist`);
	return [[path, text]];
}

/** A List is its items. */
function flatten(value: ApiInput): readonly ApiInput[] {
	if (typeof value.kind === 'string' && value.kind.endsWith('List') && Array.isArray(value.items))
		return (value.items as ApiInput[]).flatMap(flatten);
	return [value];
}

/** What of metadata has a type it cannot have (cli-runtime pkg/resource/metadata_decoder.go @ v0.24.0). */
function oddMetadata(metadata: unknown): string | undefined {
	const kindOf = (value: unknown): string =>
		typeof value === 'boolean' ? 'bool' : Array.isArray(value) ? 'array' : typeof value;
	const into = (value: unknown, field: string, type: string): string =>
		`${kindOf(value)} into Go struct field ObjectMeta.metadata${field} of type ${type}`;
	if (metadata === undefined || metadata === null) return undefined;
	if (typeof metadata !== 'object' || Array.isArray(metadata))
		return `${kindOf(metadata)} into Go struct field metadataOnlyObject.metadata of type v1.ObjectMeta`;
	const meta = metadata as { readonly [key: string]: unknown };
	for (const key of ['name', 'generateName', 'namespace', 'uid', 'resourceVersion'])
		if (meta[key] !== undefined && meta[key] !== null && typeof meta[key] !== 'string')
			return into(meta[key], `.${key}`, key === 'uid' ? 'types.UID' : 'string');
	for (const key of ['labels', 'annotations']) {
		const pairs = meta[key];
		if (pairs === undefined || pairs === null) continue;
		if (typeof pairs !== 'object' || Array.isArray(pairs)) return into(pairs, `.${key}`, 'map[string]string');
		for (const value of Object.values(pairs))
			if (value !== null && typeof value !== 'string') return into(value, `.${key}`, 'string');
	}
	return undefined;
}

/** The object with the resource and the namespace it is of. Throws kubectl's words for one that is none. */
export function place(kube: Kube, object: ApiInput, source: string, line = 1): FileObject {
	const kind = object.kind;
	const version = object.apiVersion;
	if (typeof kind !== 'string' || kind === '')
		return fail(`unable to decode "${source}": Object 'Kind' is missing in '${JSON.stringify(object)}'`);
	if (typeof version !== 'string' || version === '')
		return fail(`unable to decode "${source}": Object 'apiVersion' is missing in '${JSON.stringify(object)}'`);
	const [group, own] = version.includes('/') ? (version.split('/') as [string, string]) : ['', version];
	const resource = kube.api
		.resources()
		.find((item) => item.kind === kind && item.group === group && (item.version === own || item.served?.includes(own)));
	const meta = (typeof object.metadata === 'object' && object.metadata !== null ? object.metadata : {}) as {
		readonly name?: unknown;
		readonly namespace?: unknown;
		readonly generateName?: unknown;
	};
	const name = typeof meta.name === 'string' ? meta.name : '';
	const odd = oddMetadata(object.metadata);
	if (odd !== undefined) return fail(`unable to decode "${source}": json: cannot unmarshal ${odd}`);
	if (!resource)
		throw new KubectlError(
			`error: resource mapping not found for name: "${name}" namespace: "${typeof meta.namespace === 'string' ? meta.namespace : ''}" from "${source}": no matches for kind "${kind}" in version "${version}"\nensure CRDs are installed first`,
		);
	// What is asked by making it needs no name.
	if (name === '' && typeof meta.generateName !== 'string' && !kind.endsWith('Review'))
		return fail('resource name may not be empty');
	const asked = typeof meta.namespace === 'string' && meta.namespace !== '' ? meta.namespace : undefined;
	if (resource.namespaced && asked !== undefined && kube.explicitNamespace && asked !== kube.namespace)
		return fail(
			`the namespace from the provided object "${asked}" does not match the namespace "${kube.namespace}". You must pass '--namespace=${asked}' to perform this operation.`,
		);
	const namespace = resource.namespaced ? (asked ?? kube.namespace) : undefined;
	return {
		object: { ...object, metadata: { ...meta, ...(namespace === undefined ? {} : { namespace }) } },
		resource,
		namespace,
		name,
		source,
		line,
	};
}
