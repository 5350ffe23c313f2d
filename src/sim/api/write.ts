/**
 * Creating and updating: the way of a write from what somebody sent to what is stored.
 *
 * Source: k8s.io/apiserver pkg/registry/rest/{create,update}.go and pkg/registry/generic/registry/store.go @ v0.24.0:
 * decode, metadata, admission, defaults, validation, allocation, store.
 */

import type { Admit } from './admission.ts';
import { decode } from './decode.ts';
import { customChecks, limitChecks } from './for-people.ts';
import { clone, type Draft, equal, isRecord, text, texts } from './json.ts';
import { newFinalizers, newUid, stampNew, tidy, validateMeta } from './meta.ts';
import type { ApiInput, ApiObject, ApiResult, ApiServer, ApiStatus, Resource, WriteOptions } from './object.ts';
import type { Registry } from './registry.ts';
import { apiVersionOf } from './resources.ts';
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
import type { Store } from './store.ts';
import { strategyOf } from './strategies/index.ts';
import type { Context, Strategy } from './strategy.ts';
import { alert, settled, told, wanted } from './write-parts.ts';

/** Whoever does not say who writes is one of the cluster's own controllers. */
const DEFAULT_MANAGER = 'kube-controller-manager';

/** The writing verbs of a server. */
export const createWriter = (
	registry: Registry,
	store: Store,
	minor: number,
	context: (warnings: string[], dryRun?: boolean) => Context,
	stamp: () => string,
	ask: Admit,
): Pick<ApiServer, 'create' | 'updateStatus'> & {
	/** `part` is what is written of the object, where that has rules of its own. */
	update(input: ApiInput, write?: WriteOptions, part?: 'ephemeralcontainers'): ApiResult<ApiObject>;
} => {
	let uids = 0;
	const counts = ({ counts: from }: Strategy): boolean => from === true || (typeof from === 'number' && minor >= from);

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
		const decoded = decode(resource, input, write.fieldValidation ?? 'Ignore', minor);
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

	/** Remembers who wrote what: `declared` is the object as its writer made it. */
	const note = (
		input: ApiInput,
		declared: ApiInput,
		stored: ApiObject,
		old: ApiObject | undefined,
		write: WriteOptions,
	) => {
		store.writes.note(stored.metadata.uid, {
			manager: write.fieldManager ?? DEFAULT_MANAGER,
			operation: write.applied === undefined ? 'Update' : 'Apply',
			apiVersion: text(input, 'apiVersion') ?? stored.apiVersion,
			time: stamp(),
			after: declared,
			...(old === undefined ? {} : { before: old }),
			...(write.applied === undefined ? {} : { applied: write.applied }),
			...(write.subresource === undefined ? {} : { subresource: write.subresource }),
		});
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

	const create: ApiServer['create'] = (input, write = {}) => {
		const warnings: string[] = [];
		const here = context(warnings, write.dryRun);
		let took = 0;
		const done = <T extends object>(result: T): T => told(result, warnings, took + here.waited());
		const admitted = admit(input, write, warnings);
		if (admitted.error) return done({ error: admitted.error });
		const { resource } = admitted;
		let { draft } = admitted;
		if (!resource.verbs.includes('create')) return { error: methodNotAllowed() };
		const definitions = registry.find('customresourcedefinitions')!;
		const ending = resource.custom
			? customChecks()?.endingDefinition(
					store.table(definitions).get(undefined, `${resource.plural}.${resource.group}`),
				)
			: undefined;
		if (ending) return done({ error: ending });
		const strategy = strategyOf(resource);
		const meta = draft.metadata as Draft;
		if (text(meta, 'resourceVersion') !== undefined)
			return done({ error: badRequest('resourceVersion should not be set on objects to be created') });
		const number = write.unnumbered ? text(meta, 'name') : uids++;
		const uid = newUid(here.random, `${resource.plural}/${number}`);
		stampNew(meta, { uid, timestamp: here.timestamp, counts: counts(strategy), random: here.random });
		const name = text(meta, 'name') ?? '';
		const namespace = text(meta, 'namespace');
		const missing = namespaceError(resource, namespace, name);
		if (missing) return done({ error: missing });
		if (strategy.status) delete draft.status;
		const refused = strategy.admit?.(draft, here);
		if (refused !== undefined) return done({ error: forbidden(resource, name, refused) });
		strategy.defaults?.(draft, here);
		// What admission adds and what is handed out is nobody's.
		let declared = strategy.admission || strategy.allocate ? clone(draft) : draft;
		strategy.admission?.(draft, here);
		const { who, dryRun, fieldManager: manager } = write;
		const request = { operation: 'CREATE', resource, namespace, name, dryRun, who, manager } as const;
		const mutated = ask({ ...request, object: draft }, true, here);
		took = mutated?.took ?? 0;
		if (mutated?.error) return done({ error: mutated.error });
		if (mutated?.object) {
			declared = clone(draft);
			draft = settled(mutated.object, draft);
			strategy.defaults?.(draft, here);
		}
		const status = strategy.status ? strategy.initialStatus?.(draft, here) : undefined;
		if (status !== undefined) draft.status = status;
		const errors = [
			...validateMeta(draft, resource, strategy.name),
			...(strategy.validate?.(draft, here) ?? []),
			...(strategy.validateCreate?.(draft, here) ?? []),
		];
		if (errors.length === 0) {
			alert(resource, draft, { minor, old: undefined, moved: true }, here);
			const passed = ask({ ...request, object: draft }, false, here);
			took += passed?.took ?? 0;
			if (passed?.error) return done({ error: passed.error });
			if (store.table(resource).get(namespace, name) !== undefined)
				return done({ error: alreadyExists(resource, name) });
			errors.push(...(strategy.allocate?.(draft, undefined, here) ?? []));
		}
		if (errors.length > 0) return done({ error: invalid(resource, name, errors, minor) });
		const limits = limitChecks();
		const over =
			limits?.rangeRefusal(resource, draft, here) ??
			limits?.securityRefusal(resource, draft, here) ??
			limits?.quotaRefusal(resource, draft, here);
		if (over !== undefined) return done({ error: forbidden(resource, name, over) });
		customChecks()?.tellAnnotations(draft, undefined, here.warn);
		if (write.dryRun) return done({ value: draft as unknown as ApiObject });
		const made = store.put(resource, draft, 'ADDED');
		note(input, declared, made, undefined, write);
		return done({ value: made });
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

	const update = (input: ApiInput, write: WriteOptions = {}, part?: 'ephemeralcontainers'): ApiResult<ApiObject> => {
		const warnings: string[] = [];
		let took = 0;
		const done = <T extends object>(result: T): T => told(result, warnings, took);
		const admitted = admit(input, write, warnings);
		if (admitted.error) return done({ error: admitted.error });
		const { resource } = admitted;
		let { draft } = admitted;
		const found = stored(resource, draft);
		if (found.error) return done(found);
		const old = found.value;
		const strategy = strategyOf(resource, part);
		let meta = draft.metadata as Draft;
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
		const here = context(warnings, write.dryRun);
		strategy.keep?.(draft, old, here);
		strategy.defaults?.(draft, here);
		let declared = strategy.allocate ? clone(draft) : draft;
		const { who, dryRun, fieldManager: manager, subresource = part } = write;
		// What a namespace waits for is written by its controller, or apart (pkg/registry/core/namespace/strategy.go).
		if (resource.kind === 'Namespace' && who && subresource !== 'finalize') draft.spec = old.spec;
		const { name, namespace } = old.metadata;
		const request = { operation: 'UPDATE', resource, subresource, namespace, name, old, dryRun, who, manager } as const;
		const mutated = ask({ ...request, object: draft }, true, here);
		took = mutated?.took ?? 0;
		if (mutated?.error) return done({ error: mutated.error });
		if (mutated?.object) {
			declared = clone(draft);
			draft = settled(mutated.object, draft);
			meta = draft.metadata as Draft;
			strategy.defaults?.(draft, here);
		}
		const faults = strategy.validate?.(draft, here) ?? [];
		const changes = strategy.validateUpdate?.(draft, old, here) ?? [];
		const errors = [
			...validateMeta(draft, resource, strategy.name),
			...newFinalizers(meta, old),
			...(strategy.changesFirst ? [...changes, ...faults] : [...faults, ...changes]),
		];
		const moved = counts(strategy) && !equal(wanted(draft, strategy), wanted(old, strategy));
		if (errors.length === 0) alert(resource, draft, { minor, old, moved }, here);
		if (errors.length === 0) errors.push(...(strategy.allocate?.(draft, old, here) ?? []));
		if (errors.length > 0) return done({ error: invalid(resource, old.metadata.name, errors, minor) });
		const refused = strategy.admitUpdate?.(draft, old, here) ?? limitChecks()?.secureUpdate(resource, draft, old, here);
		if (refused !== undefined) return done({ error: forbidden(resource, old.metadata.name, refused) });
		const passed = ask({ ...request, object: draft }, false, here);
		took += passed?.took ?? 0;
		if (passed?.error) return done({ error: passed.error });
		customChecks()?.tellAnnotations(draft, old, here.warn);
		if (moved) meta.generation = (old.metadata.generation ?? 0) + 1;
		const result = finish(resource, draft, old, write);
		const wrote = !write.dryRun && old.metadata.deletionTimestamp === undefined;
		if (!result.error && wrote && (result.value !== old || write.applied !== undefined))
			note(input, declared, result.value, old, write);
		return done(result);
	};

	/** Stores a change, or nothing when there is none; an object that was only held by finalizers goes. */
	const finish = (resource: Resource, draft: Draft, old: ApiObject, write: WriteOptions): ApiResult<ApiObject> => {
		if (equal(draft, old)) return { value: old };
		if (write.dryRun) return { value: draft as unknown as ApiObject };
		const meta = draft.metadata as Draft;
		const held = Array.isArray(meta.finalizers) && meta.finalizers.length > 0;
		const waits = resource.kind === 'Namespace' && texts(draft, 'spec', 'finalizers').length > 0;
		if (meta.deletionTimestamp !== undefined && !held && !waits && !(Number(meta.deletionGracePeriodSeconds) > 0)) {
			const last = store.put(resource, draft, 'MODIFIED');
			return { value: store.remove(resource, last) };
		}
		return { value: store.put(resource, draft, 'MODIFIED') };
	};

	const updateStatus: ApiServer['updateStatus'] = (input, write = {}) => {
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
		const here = context(warnings);
		const { who, dryRun, fieldManager: manager } = write;
		const { name, namespace } = old.metadata;
		const about = { resource, subresource: 'status', namespace, name, old, dryRun, who, manager };
		let took = 0;
		for (const mutating of [true, false]) {
			const passed = ask({ ...about, operation: 'UPDATE', object: next }, mutating, here);
			took += passed?.took ?? 0;
			if (passed?.error) return told({ error: passed.error }, warnings, took);
			if (passed?.object) next.status = passed.object.status;
		}
		const result = finish(resource, next, old, dryRun ? { dryRun } : {});
		if (!result.error && !dryRun && result.value !== old && old.metadata.deletionTimestamp === undefined)
			note(input, next, result.value, old, { ...write, subresource: 'status' });
		return told(result, warnings, took);
	};

	return { create, update, updateStatus };
};
