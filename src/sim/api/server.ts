/** The API server of one cluster: its verbs over a store. See `index.ts` for how to use it. */
import { minorOf } from '../kube/index.ts';
import { type Admit, createAdmission } from './admission.ts';
import { componentStatuses } from './component-status.ts';
import { deleteObject } from './delete.ts';
import { parseFieldSelector, selectsFields } from './field-selector.ts';
import { accessControl, customChecks, limitChecks, tablePrinter } from './for-people.ts';
import { at, clone, type Draft } from './json.ts';
import type { ApiObject, ApiServer, Resource, WatchEvent } from './object.ts';
import { applyPatch } from './patch.ts';
import { patchRefusal } from './patch-refusal.ts';
import { bindPod, evictPod } from './pod-subresources.ts';
import { createRegistry } from './registry.ts';
import { applyScale, scaleOf } from './scale.ts';
import { parseSelector, selects } from './selector.ts';
import { badRequest, noResource, notFound } from './status.ts';
import { createStore } from './store.ts';
import { strategyOf } from './strategies/index.ts';
import type { Context } from './strategy.ts';
import { formatTime } from './time.ts';
import type { CalledOut, CallOut } from './webhooks/call.ts';
import { createWriter } from './write.ts';

export interface ServerOptions {
	/** `v1.24.0`. */
	readonly version: string;
	/** Virtual microseconds. */
	readonly now: () => number;
	/** Seconds since 1970 when `now` is 0. */
	readonly epoch: number;
	/** A draw below `bound` that depends on purpose and key only. */
	readonly random: (purpose: string, key: string, bound: number) => number;
	/** A connection of the server to somewhere, for webhooks; undefined where nobody runs packets. */
	readonly callOut?: (call: CallOut) => CalledOut | undefined;
	/** `--service-cluster-ip-range`, IPv4; kind's default when absent. */
	readonly serviceCidr?: string;
	/** Whether a controller makes the `default` account of each namespace; undefined where nobody runs controllers. */
	readonly makesAccounts?: () => boolean;
	/** Whether somebody listens at a port of the loopback of the server's machine; undefined where nobody runs sockets. */
	readonly listens?: (port: number) => boolean;
}

/** What the parts of the server share. */
export interface Core {
	readonly api: ApiServer;
	/** Asks the webhooks of a request. */
	readonly admit: (request: Parameters<Admit>[0], mutating: boolean, warnings: string[]) => ReturnType<Admit>;
	/** Takes an object out of the store and tells watchers. */
	remove(resource: Resource, object: ApiObject): ApiObject;
	/** Stores and tells watchers. */
	put(resource: Resource, object: Draft, type: WatchEvent['type']): ApiObject;
}

const DEFAULT_CIDR = '10.96.0.0/16';
/** Kinds that have objects of the components' own. */
const OWN = new Set(['csinodes', 'flowschemas', 'ipaddresses', 'prioritylevelconfigurations', 'servicecidrs']);

/** An API server with the four namespaces every cluster has and nothing else. */
export const createApiServer = (options: ServerOptions): ApiServer => {
	const registry = createRegistry(options.version);
	const minor = minorOf(options.version);
	const seconds = (): number => options.epoch + options.now() / 1e6;
	const timestamp = (): string => formatTime(seconds());
	const born = timestamp();
	/** Brings the server's own roles; nothing while it does. */
	let roles: (() => void) | undefined;
	/** Brings what components keep for themselves. */
	let own: ((plural: string) => void) | undefined;
	const store = createStore(registry, (group, plural) => {
		const others = OWN.has(plural) ? customChecks() : undefined;
		if (others !== undefined && api !== undefined) {
			const serviceCidr = options.serviceCidr ?? DEFAULT_CIDR;
			const bring = own ?? others.ownObjects(api, store, { version: options.version, born, serviceCidr });
			own = () => undefined;
			bring(plural);
			own = bring;
		}
		const access = group === 'rbac.authorization.k8s.io' ? accessControl() : undefined;
		if (access === undefined || api === undefined) return;
		const bring = roles ?? access.rolesIn(api, store, { minor, born });
		roles = () => undefined;
		bring();
		roles = bring;
	});

	/** How often what is random in a real cluster was drawn for a key: a name says nothing of the next draw. */
	const draws = new Map<string, number>();
	const context = (warnings: string[], dryRun = false, waited = 0): Context => ({
		minor,
		version: options.version,
		serviceCidr: options.serviceCidr ?? DEFAULT_CIDR,
		timestamp: timestamp(),
		random: options.random,
		dryRun,
		drawn: (key) => {
			const times = draws.get(key) ?? 0;
			draws.set(key, times + 1);
			return times;
		},
		get: (plural, namespace, name) => {
			const resource = registry.find(plural);
			return resource && store.table(resource).get(namespace, name);
		},
		list: (plural, namespace) => {
			const resource = registry.find(plural);
			return resource ? store.table(resource).list(namespace) : [];
		},
		ofKind: registry.ofKind,
		warn: (words) => warnings.push(words),
		accountComes: () => options.makesAccounts?.(),
		wait: (microseconds) => {
			waited += microseconds;
		},
		waited: () => waited,
	});

	const ask = createAdmission(
		(plural) => {
			const resource = registry.find(plural);
			return resource !== undefined && store.table(resource).list().length > 0;
		},
		seconds,
		options.callOut,
	);
	const { create, update, updateStatus } = createWriter(registry, store, minor, context, timestamp, ask);

	/** APIServices of the server's own that somebody deleted, and when: they are made anew at once. */
	const remade = new Map<string, string>();
	/** Of kinds whose objects the server makes up when it is asked; with those that were stored. */
	const unstored = (resource: Resource): readonly ApiObject[] | undefined => {
		if (resource.kind === 'ComponentStatus') return componentStatuses(minor, options.listens);
		if (resource.kind !== 'APIService') return undefined;
		const since = store.table(registry.find('namespaces')!).get(undefined, 'default');
		const own = customChecks()?.localApiServices(registry.all(), since, options.random, remade) ?? [];
		const stored = store.table(resource).list();
		const others = own.filter((o) => !stored.some((s) => s.metadata.name === o.metadata.name));
		return [...others, ...stored].sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
	};

	const list: ApiServer['list'] = (resource, wanted = {}) => {
		const all = unstored(resource) ?? store.table(resource).list(wanted.namespace);
		const labels = wanted.labelSelector ? parseSelector(wanted.labelSelector) : undefined;
		const fields = wanted.fieldSelector ? parseFieldSelector(resource, wanted.fieldSelector) : undefined;
		if (labels?.error !== undefined || fields?.error !== undefined) return [];
		const { value: byLabel = [] } = labels ?? {};
		const { value: byField = [] } = fields ?? {};
		if (byLabel.length + byField.length === 0) return all;
		return all.filter((object) => selects(byLabel, object.metadata.labels) && selectsFields(byField, object));
	};

	const api: ApiServer = {
		version: options.version,
		get revision() {
			return store.revision;
		},
		resources: registry.all,
		find: registry.find,
		get: (resource, namespace, name) =>
			unstored(resource)?.find((item) => item.metadata.name === name) ??
			store.table(resource).get(resource.namespaced ? namespace : undefined, name),
		list,
		create,
		update: (object, write) => update(object, write),
		updateStatus,
		patch: (resource, namespace, name, type, patch, write = {}) => {
			const old = api.get(resource, namespace, name);
			if (old === undefined) return { error: notFound(resource, name) };
			if (write.subresource === 'scale') return applyScale(api, resource, old, type, patch, write);
			const patched = applyPatch(old, type, patch, resource);
			if (patched.error) return patched;
			const given = at(patched.value, 'metadata', 'name');
			// What a patch makes must still be what the address says (handlers/patch.go applyPatch, rest.go checkName).
			if (typeof given === 'string' && given !== '' && given !== name)
				return { error: badRequest(`the name of the object (${given}) does not match the name on the URL (${name})`) };
			if (write.subresource === 'status')
				return canStatus(resource) ? updateStatus(patched.value, write) : { error: noResource() };
			if (write.subresource === 'ephemeralcontainers') {
				// Until 1.23 only where the feature was asked for (EphemeralContainers).
				if (resource.kind !== 'Pod' || minor < 23) return { error: noResource() };
				const ephemeralContainers = at(patched.value, 'spec', 'ephemeralContainers');
				return update({ ...old, spec: { ...old.spec, ephemeralContainers } }, write, 'ephemeralcontainers');
			}
			const updated = update(patched.value, write);
			return updated.error ? { ...updated, error: patchRefusal(updated.error, type, patch, patched.value) } : updated;
		},
		delete: (resource, namespace, name, how = {}) => {
			const made = store.table(resource).get(namespace, name) ? undefined : unstored(resource);
			const own = made?.find((item) => item.metadata.name === name);
			if (own === undefined || resource.kind !== 'APIService')
				return deleteObject(core, resource, namespace, name, how);
			if (!how.dryRun) remade.set(name, timestamp());
			return { value: own };
		},
		writes: (object) => store.writes.of(object.metadata.uid),
		adopt: (object, manager, adopts) =>
			store.writes.note(object.metadata.uid, {
				manager,
				operation: 'Apply',
				apiVersion: object.apiVersion,
				time: timestamp(),
				after: object,
				adopts,
			}),
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
		table: (resource, objects) => tablePrinter().printTable(resource, objects, seconds(), minor),
	};
	const core: Core = {
		api,
		admit: (request, mutating, warnings) => ask(request, mutating, context(warnings)),
		put: store.put,
		remove: store.remove,
	};
	for (const name of ['default', 'kube-node-lease', 'kube-public', 'kube-system'])
		create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
	// Quotas follow what is written.
	store.watch(({ object: { kind, metadata } }) => {
		if (kind !== 'Event') limitChecks()?.countQuotas(api, metadata.namespace);
	});
	return api;
};

/** Whether status is written apart. */
/** Nodes too, whose status may come with them when they are made. */
const canStatus = (resource: Resource): boolean => strategyOf(resource).status === true || resource.kind === 'Node';

/** The same server for one of its clients: all that is written is noted under that name. */
export const asManager = (api: ApiServer, fieldManager: string): ApiServer => ({
	...api,
	get revision() {
		return api.revision;
	},
	create: (object, write) => api.create(object, { fieldManager, ...write }),
	update: (object, write) => api.update(object, { fieldManager, ...write }),
	updateStatus: (object, write) => api.updateStatus(object, { fieldManager, ...write }),
	patch: (resource, namespace, name, type, patch, write) =>
		api.patch(resource, namespace, name, type, patch, { fieldManager, ...write }),
});

/** A copy somebody may write into and send back. */
export const draftOf = (object: ApiObject): Draft => clone(object) as unknown as Draft;
