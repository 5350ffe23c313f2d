/** The API server of one cluster: its verbs over a store. See `index.ts` for how to use it. */
import { minorOf } from '../kube/index.ts';
import { decode } from './decode.ts';
import { deleteObject } from './delete.ts';
import { parseFieldSelector, selectsFields } from './field-selector.ts';
import { clone, type Draft, equal, isRecord, sub, text } from './json.ts';
import { newUid, stampNew, tidy, validateMeta } from './meta.ts';
import type {
	ApiInput,
	ApiObject,
	ApiResult,
	ApiServer,
	ApiStatus,
	Resource,
	WatchEvent,
	WriteOptions,
} from './object.ts';
import { applyPatch } from './patch.ts';
import { bindPod, evictPod } from './pod-subresources.ts';
import { printTable } from './printers/index.ts';
import { createRegistry } from './registry.ts';
import { apiVersionOf } from './resources.ts';
import { applyScale, scaleOf } from './scale.ts';
import { parseSelector, selects } from './selector.ts';
import {
	alreadyExists,
	badRequest,
	conflict,
	forbidden,
	invalid,
	methodNotAllowed,
	modified,
	noResource,
	notFound,
} from './status.ts';
import { createStore, type Store } from './store.ts';
import { strategyOf } from './strategies/index.ts';
import type { Context } from './strategy.ts';
import { formatTime } from './time.ts';

export interface ServerOptions {
	/** `v1.24.0`. */
	readonly version: string;
	/** Virtual microseconds. */
	readonly now: () => number;
	/** Seconds since 1970 when `now` is 0. */
	readonly epoch: number;
	/** A draw below `bound` that depends on purpose and key only. */
	readonly random: (purpose: string, key: string, bound: number) => number;
	/** `--service-cluster-ip-range`, IPv4; kind's default when absent. */
	readonly serviceCidr?: string;
}

/** What the parts of the server share. */
export interface Core {
	readonly api: ApiServer;
	readonly store: Store;
	readonly options: ServerOptions;
	context(warnings: string[]): Context;
	/** Takes an object out of the store and tells watchers. */
	remove(resource: Resource, object: ApiObject): ApiObject;
	/** Stores and tells watchers. */
	put(resource: Resource, object: Draft, type: WatchEvent['type']): ApiObject;
}

/** An API server with the four namespaces every cluster has and nothing else. */
export const createApiServer = (options: ServerOptions): ApiServer => {
	const registry = createRegistry(options.version);
	const minor = minorOf(options.version);
	const store = createStore(registry);
	const seconds = (): number => options.epoch + options.now() / 1e6;
	const timestamp = (): string => formatTime(seconds());
	let uids = 0;

	const context = (warnings: string[]): Context => ({
		minor,
		version: options.version,
		serviceCidr: options.serviceCidr ?? '10.96.0.0/16',
		timestamp: timestamp(),
		random: options.random,
		get: (plural, namespace, name) => {
			const resource = registry.find(plural);
			return resource && store.table(resource).get(namespace, name);
		},
		list: (plural, namespace) => {
			const resource = registry.find(plural);
			return resource ? store.table(resource).list(namespace) : [];
		},
		warn: (words) => warnings.push(words),
	});

	/** Which resource an input is of, as a copy that may be written into. */
	const admit = (
		input: ApiInput,
		write: WriteOptions,
		warnings: string[],
	):
		| { readonly error: ApiStatus }
		| { readonly error?: undefined; readonly resource: Resource; readonly draft: Draft } => {
		const kind = text(input, 'kind') ?? '';
		const apiVersion = text(input, 'apiVersion') ?? '';
		const resource = registry.ofKind(apiVersion, kind);
		if (resource === undefined) return { error: noResource() };
		if (resource.warning !== undefined) warnings.push(resource.warning);
		const decoded = decode(resource, input, write.fieldValidation ?? 'Ignore');
		warnings.push(...decoded.warnings);
		if (decoded.error) return { error: decoded.error };
		const draft = decoded.draft;
		const metadata: Draft = isRecord(draft.metadata) ? draft.metadata : {};
		draft.metadata = metadata;
		if (resource.namespaced) metadata.namespace ||= 'default';
		const preferred = registry.find(resource.group === '' ? resource.plural : `${resource.plural}.${resource.group}`);
		if (preferred !== undefined) draft.apiVersion = apiVersionOf(preferred);
		return { resource: preferred ?? resource, draft };
	};

	const namespaceError = (resource: Resource, namespace: string | undefined, name: string): ApiStatus | undefined => {
		if (namespace === undefined) return undefined;
		const spaces = registry.find('namespaces')!;
		const found = store.table(spaces).get(undefined, namespace);
		if (found === undefined) return notFound(spaces, namespace);
		if (found.metadata.deletionTimestamp !== undefined)
			return forbidden(
				resource,
				name,
				`unable to create new content in namespace ${namespace} because it is being terminated`,
			);
		return undefined;
	};

	const put = (resource: Resource, object: Draft, type: WatchEvent['type']): ApiObject =>
		store.put(resource, object, type);

	const create: ApiServer['create'] = (input, write = {}) => {
		const warnings: string[] = [];
		const done = <T extends object>(result: T): T => (warnings.length > 0 ? { ...result, warnings } : result);
		const admitted = admit(input, write, warnings);
		if (admitted.error) return done({ error: admitted.error });
		const { resource, draft } = admitted;
		if (!resource.verbs.includes('create')) return { error: methodNotAllowed() };
		const strategy = strategyOf(resource);
		const meta = draft.metadata as Draft;
		if (text(meta, 'resourceVersion') !== undefined)
			return done({ error: badRequest('resourceVersion should not be set on objects to be created') });
		const uid = newUid(options.random, `${resource.plural}/${uids++}`);
		stampNew(meta, { uid, timestamp: timestamp(), counts: strategy.counts === true, random: options.random });
		const name = text(meta, 'name') ?? '';
		const namespace = text(meta, 'namespace');
		const missing = namespaceError(resource, namespace, name);
		if (missing) return done({ error: missing });
		if (strategy.status) delete draft.status;
		const here = context(warnings);
		const refused = strategy.admit?.(draft, here);
		if (refused !== undefined) return done({ error: forbidden(resource, name, refused) });
		strategy.defaults?.(draft, here);
		const status = strategy.status ? strategy.initialStatus?.(draft, here) : undefined;
		if (status !== undefined) draft.status = status;
		const errors = [...validateMeta(draft, resource, strategy.name), ...(strategy.validate?.(draft, here) ?? [])];
		if (errors.length === 0) {
			if (store.table(resource).get(namespace, name) !== undefined)
				return done({ error: alreadyExists(resource, name) });
			errors.push(...(strategy.allocate?.(draft, undefined, here) ?? []));
		}
		if (errors.length > 0) return done({ error: invalid(resource, name, errors, minor) });
		if (write.dryRun) return done({ value: draft as unknown as ApiObject });
		return done({ value: put(resource, draft, 'ADDED') });
	};

	/** The stored object an update is about, once names and versions agree. */
	const stored = (resource: Resource, draft: Draft): ApiResult<ApiObject> => {
		const meta = draft.metadata as Draft;
		const name = text(meta, 'name') ?? '';
		const old = store.table(resource).get(resource.namespaced ? text(meta, 'namespace') : undefined, name);
		if (old === undefined) return { error: notFound(resource, name) };
		const version = text(meta, 'resourceVersion');
		const uid = text(meta, 'uid');
		if (uid !== undefined && uid !== '' && uid !== old.metadata.uid)
			return {
				error: conflict(
					resource,
					name,
					`Precondition failed: UID in precondition: ${uid}, UID in object meta: ${old.metadata.uid}`,
				),
			};
		if (version !== undefined && version !== '' && version !== old.metadata.resourceVersion)
			return { error: modified(resource, name) };
		return { value: old };
	};

	const update: ApiServer['update'] = (input, write = {}) => {
		const warnings: string[] = [];
		const done = <T extends object>(result: T): T => (warnings.length > 0 ? { ...result, warnings } : result);
		const admitted = admit(input, write, warnings);
		if (admitted.error) return done({ error: admitted.error });
		const { resource, draft } = admitted;
		const found = stored(resource, draft);
		if (found.error) return done(found);
		const old = found.value;
		const strategy = strategyOf(resource);
		const meta = draft.metadata as Draft;
		meta.uid = old.metadata.uid;
		meta.creationTimestamp = old.metadata.creationTimestamp;
		for (const key of [
			'deletionTimestamp',
			'deletionGracePeriodSeconds',
			'generation',
			'resourceVersion',
			'generateName',
		]) {
			const value = old.metadata[key as keyof typeof old.metadata];
			if (value === undefined) delete meta[key];
			else meta[key] = value;
		}
		delete meta.managedFields;
		tidy(meta);
		if (strategy.status) {
			if (old.status === undefined) delete draft.status;
			else draft.status = old.status;
		}
		const here = context(warnings);
		strategy.keep?.(draft, old, here);
		strategy.defaults?.(draft, here);
		const errors = [
			...validateMeta(draft, resource, strategy.name),
			...(strategy.validate?.(draft, here) ?? []),
			...(strategy.validateUpdate?.(draft, old, here) ?? []),
		];
		if (errors.length === 0) errors.push(...(strategy.allocate?.(draft, old, here) ?? []));
		if (errors.length > 0) return done({ error: invalid(resource, old.metadata.name, errors, minor) });
		if (strategy.counts && !equal(withoutMeta(draft), withoutMeta(old)))
			meta.generation = (old.metadata.generation ?? 0) + 1;
		return done(finish(resource, draft, old, write));
	};

	/** Stores a change, or nothing when there is none; an object that was only held by finalizers goes. */
	const finish = (resource: Resource, draft: Draft, old: ApiObject, write: WriteOptions): ApiResult<ApiObject> => {
		if (equal(draft, old)) return { value: old };
		if (write.dryRun) return { value: draft as unknown as ApiObject };
		const meta = draft.metadata as Draft;
		const held = Array.isArray(meta.finalizers) && meta.finalizers.length > 0;
		const waits = resource.kind === 'Namespace' && texts(sub(draft, 'spec').finalizers) > 0;
		if (meta.deletionTimestamp !== undefined && !held && !waits && !(Number(meta.deletionGracePeriodSeconds) > 0)) {
			const last = put(resource, draft, 'MODIFIED');
			return { value: store.remove(resource, last) };
		}
		return { value: put(resource, draft, 'MODIFIED') };
	};

	const updateStatus: ApiServer['updateStatus'] = (input) => {
		const warnings: string[] = [];
		const admitted = admit(input, {}, warnings);
		if (admitted.error) return { error: admitted.error };
		const { resource, draft } = admitted;
		const found = stored(resource, draft);
		if (found.error) return found;
		const old = found.value;
		const next: Draft = { ...old };
		if (draft.status === undefined) delete next.status;
		else next.status = draft.status;
		return finish(resource, next, old, {});
	};

	const list: ApiServer['list'] = (resource, wanted = {}) => {
		const all = store.table(resource).list(wanted.namespace);
		const labels = wanted.labelSelector ? parseSelector(wanted.labelSelector).value : undefined;
		const fields = wanted.fieldSelector ? parseFieldSelector(resource.kind, wanted.fieldSelector).value : undefined;
		if (!labels?.length && !fields?.length) return all;
		return all.filter(
			(object) => (!labels || selects(labels, object.metadata.labels)) && (!fields || selectsFields(fields, object)),
		);
	};

	const api: ApiServer = {
		version: options.version,
		get revision() {
			return store.revision;
		},
		resources: registry.all,
		find: registry.find,
		get: (resource, namespace, name) => store.table(resource).get(resource.namespaced ? namespace : undefined, name),
		list,
		create,
		update,
		updateStatus,
		patch: (resource, namespace, name, type, patch, write = {}) => {
			const old = api.get(resource, namespace, name);
			if (old === undefined) return { error: notFound(resource, name) };
			if (write.subresource === 'scale') return applyScale(api, resource, old, type, patch, write);
			const patched = applyPatch(old, type, patch, resource);
			if (patched.error) return patched;
			if (write.subresource === 'status') return updateStatus(patched.value);
			return update(patched.value, write);
		},
		delete: (resource, namespace, name, how = {}) => deleteObject(core, resource, namespace, name, how),
		watch: store.watch,
		now: seconds,
		random: options.random,
		timestamp,
		bind: (namespace, pod, node) => bindPod(core, namespace, pod, node),
		evict: (namespace, pod, how = {}) => evictPod(core, namespace, pod, how),
		scale: (resource, namespace, name) => {
			const object = api.get(resource, namespace, name);
			return object === undefined ? { error: notFound(resource, name) } : scaleOf(resource, object);
		},
		table: (resource, objects) => printTable(resource, objects, seconds(), minor),
	};
	const core: Core = { api, store, options, context, put, remove: store.remove };
	for (const name of ['default', 'kube-node-lease', 'kube-public', 'kube-system'])
		create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
	return api;
};

const texts = (value: unknown): number => (Array.isArray(value) ? value.length : 0);

/** What counts for the generation: everything but metadata and status. */
const withoutMeta = (object: Draft | ApiObject): Draft => {
	const { metadata: _, status: __, ...rest } = object as Draft;
	return rest;
};

/** A copy somebody may write into and send back. */
export const draftOf = (object: ApiObject): Draft => clone(object) as unknown as Draft;
