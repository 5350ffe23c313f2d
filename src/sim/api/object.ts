/**
 * Kubernetes objects as the API server stores and returns them: plain JSON, defaults filled in.
 *
 * `src/sim/kube` has the same kinds as far as a packet can tell; these are what a person reads and writes.
 * Nothing here is changed in place: an update stores another object.
 */

import type { Identity } from './access/authorizer.ts';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export interface OwnerReference {
	readonly apiVersion: string;
	readonly kind: string;
	readonly name: string;
	readonly uid: string;
	readonly controller?: boolean;
	readonly blockOwnerDeletion?: boolean;
}

/** metav1.ObjectMeta. Times are RFC 3339 in UTC, to the second, as the API writes them. */
export interface ApiMeta {
	readonly name: string;
	/** Absent for cluster-scoped objects. */
	readonly namespace?: string;
	readonly generateName?: string;
	readonly labels?: Readonly<Record<string, string>>;
	readonly annotations?: Readonly<Record<string, string>>;
	readonly uid: string;
	/** Decimal, of the store's revision. */
	readonly resourceVersion: string;
	/** Rises when spec changes, for the kinds that count it. */
	readonly generation?: number;
	readonly creationTimestamp: string;
	readonly deletionTimestamp?: string;
	readonly deletionGracePeriodSeconds?: number;
	readonly finalizers?: readonly string[];
	readonly ownerReferences?: readonly OwnerReference[];
	/** Only where somebody asked for them (`managed/index.ts`). */
	readonly managedFields?: readonly { readonly [key: string]: Json }[];
}

export interface ApiObject {
	readonly apiVersion: string;
	readonly kind: string;
	readonly metadata: ApiMeta;
	readonly spec?: { readonly [key: string]: Json };
	readonly status?: { readonly [key: string]: Json };
	/** `data` of ConfigMaps and Secrets, `subsets` of Endpoints, `roleRef` of bindings … */
	readonly [key: string]: unknown;
}

/** What the API server knows of one kind (metav1.APIResource). */
export interface Resource {
	/** Empty for the core group. */
	readonly group: string;
	readonly version: string;
	readonly kind: string;
	/** Plural, lower case: `endpointslices`. */
	readonly plural: string;
	readonly singular: string;
	readonly shortNames: readonly string[];
	readonly namespaced: boolean;
	/** `all` where `kubectl get all` lists it. */
	readonly categories: readonly string[];
	readonly verbs: readonly string[];
	/** Columns of a custom resource's table: additionalPrinterColumns of its definition. */
	readonly columns?: readonly PrinterColumn[];
	/** True when a CustomResourceDefinition made it. */
	readonly custom?: boolean;
	/** All versions served, the preferred one first. */
	readonly served?: readonly string[];
	/** What the server warns of whoever uses this version: `batch/v1beta1 CronJob is deprecated in …`. */
	readonly warning?: string;
	/** Of custom resources: warnings by version. */
	readonly warnings?: Readonly<Record<string, string>>;
	/** Subresources a CRD declares; built-in kinds always have those that upstream has. */
	readonly subresources?: readonly ('status' | 'scale')[];
	/** Of kinds that people defined: `openAPIV3Schema` by version. */
	readonly schemas?: Readonly<Record<string, { readonly [key: string]: unknown }>>;
	/** Of kinds that people defined: fields that selectors may name, by version. */
	readonly selectable?: Readonly<Record<string, readonly string[]>>;
	/** Of Cilium's kinds, by version: schemas of which only `anyOf` and `oneOf` are looked at. */
	readonly choices?: Readonly<Record<string, { readonly [key: string]: unknown }>>;
	/** Where the scale subresource of a custom resource looks, as JSON paths. */
	readonly scalePaths?: { readonly spec: string; readonly status: string; readonly selector?: string };
}

/** apiextensions/v1 CustomResourceColumnDefinition. */
export interface PrinterColumn {
	readonly name: string;
	readonly type: 'string' | 'integer' | 'number' | 'boolean' | 'date';
	readonly jsonPath: string;
	/** 0 stands in the plain table, more only in `-o wide`. */
	readonly priority?: number;
}

/** metav1.Status of a refusal: what kubectl prints after `Error from server (Reason): `. */
export interface ApiStatus {
	readonly code: number;
	/** NotFound, AlreadyExists, Conflict, Invalid, Forbidden, BadRequest, MethodNotAllowed, InternalError … */
	readonly reason: string;
	readonly message: string;
	/** The fields at fault, for `Invalid` (field path and text). */
	readonly causes?: readonly { readonly field: string; readonly message: string }[];
}

export type ApiResult<T> =
	/** `warnings` are what kubectl prints as `Warning: …` on standard error. */
	| ({ readonly value: T; readonly error?: undefined } & Told)
	| ({ readonly error: ApiStatus; readonly value?: undefined } & Told);

interface Told {
	readonly warnings?: readonly string[];
	/** Microseconds that whoever asks waits for the answer: webhooks took their time. */
	readonly took?: number;
}

export type EventType = 'ADDED' | 'MODIFIED' | 'DELETED';

export interface WatchEvent {
	readonly type: EventType;
	readonly object: ApiObject;
}

/** Parts of objects that are written apart; `ephemeralcontainers` of pods only, `finalize` of namespaces. */
export type Subresource = 'status' | 'scale' | 'ephemeralcontainers' | 'finalize';

/** One write into an object, as far as it tells who owns which field. */
export interface Write {
	readonly manager: string;
	readonly operation: 'Apply' | 'Update';
	/** The version it was written in. */
	readonly apiVersion: string;
	readonly subresource?: Subresource;
	/** RFC 3339. */
	readonly time: string;
	/** As it was; absent of the first write. */
	readonly before?: ApiObject;
	/** What the writer made of it: defaults included, what admission and allocation added not. */
	readonly after: ApiInput;
	/** What was applied, with `Apply`. */
	readonly applied?: ApiInput;
	/** Managers whose fields go to this one, written into `managedFields` by hand; nothing else is written then. */
	readonly adopts?: readonly string[];
}

/** What selects objects in a list. */
export interface ListOptions {
	/** All namespaces when absent. */
	readonly namespace?: string;
	/** Label selector as kubectl takes it: `a=b,c!=d,e in (f,g),h,!i`. */
	readonly labelSelector?: string;
	/** `metadata.name=x,status.phase!=Running`. */
	readonly fieldSelector?: string;
}

export type PatchType =
	| 'application/json-patch+json'
	| 'application/merge-patch+json'
	| 'application/strategic-merge-patch+json';

/**
 * The API server of one cluster, seen through its verbs. It knows no time of its own: `now` is asked of whoever made
 * it. All writes go through validation, defaulting and admission; controllers use the same verbs as people.
 */
export interface ApiServer {
	/** `v1.24.0`. */
	readonly version: string;
	/** Revision of the last write. */
	readonly revision: number;
	resources(): readonly Resource[];
	/** By plural, singular, short name, kind, `plural.group` or `plural.version.group`, whatever the case. */
	find(name: string): Resource | undefined;
	get(resource: Resource, namespace: string | undefined, name: string): ApiObject | undefined;
	/** Sorted by namespace, then name. */
	list(resource: Resource, options?: ListOptions): readonly ApiObject[];
	create(object: ApiInput, options?: WriteOptions): ApiResult<ApiObject>;
	/** Replaces; a `resourceVersion` in the input must be the stored one. */
	update(object: ApiInput, options?: WriteOptions): ApiResult<ApiObject>;
	/** Replaces status only. */
	updateStatus(object: ApiInput, options?: Pick<WriteOptions, 'fieldManager' | 'who' | 'dryRun'>): ApiResult<ApiObject>;
	patch(
		resource: Resource,
		namespace: string | undefined,
		name: string,
		type: PatchType,
		patch: Json,
		options?: WriteOptions,
	): ApiResult<ApiObject>;
	delete(
		resource: Resource,
		namespace: string | undefined,
		name: string,
		options?: {
			readonly gracePeriodSeconds?: number;
			readonly propagation?: 'Background' | 'Foreground' | 'Orphan';
			readonly dryRun?: boolean;
			readonly who?: Identity;
		},
	): ApiResult<ApiObject>;
	/** Who wrote what into an object that is stored, oldest first: what `managedFields` are made of. */
	writes(object: { readonly metadata: Pick<ApiMeta, 'uid'> }): readonly Write[];
	/** Gives one manager, as of server-side apply, what others own. */
	adopt(object: ApiObject, manager: string, others: readonly string[]): void;
	/** Called after each write, in order; answers how to stop. A write made by a listener is told after its own. */
	watch(listener: (event: WatchEvent) => void): () => void;
	/** Seconds since 1970, with fraction. */
	now(): number;
	/** The chance the server was made with: a draw below `bound` for a purpose and a key. */
	random(purpose: string, key: string, bound: number): number;
	/** `now` in RFC 3339, as conditions and events carry it. */
	timestamp(): string;
	/** The binding subresource: gives a pod its node. What the scheduler calls. */
	bind(namespace: string, pod: string, node: string): ApiResult<ApiObject>;
	/** The eviction subresource: deletes a pod unless a PodDisruptionBudget forbids it. */
	evict(
		namespace: string,
		pod: string,
		options?: { readonly gracePeriodSeconds?: number; readonly dryRun?: boolean; readonly who?: Identity },
	): ApiResult<ApiObject>;
	/** The scale subresource of what has one, as autoscaling/v1 Scale. */
	scale(resource: Resource, namespace: string | undefined, name: string): ApiResult<ApiObject>;
	/** What the server prints of objects of one resource: cells as `kubectl get` shows them. After `loadForPeople`. */
	table(resource: Resource, objects: readonly ApiObject[]): Table;
}

/** metav1.Table. */
export interface Table {
	readonly columns: readonly { readonly name: string; readonly priority: number }[];
	/** One row per object, in the order given. */
	readonly rows: readonly (readonly string[])[];
}

/** As somebody sends it: anything may be missing or wrong. */
export type ApiInput = { readonly [key: string]: unknown };

export interface WriteOptions {
	/** Who asks, as admission is told; a component of the cluster when absent. */
	readonly who?: Identity;
	readonly dryRun?: boolean;
	/** The uid is drawn by the object's name and not by its number: what is made after it keeps its own, as links tell it. */
	readonly unnumbered?: boolean;
	/** Who writes, as `metadata.managedFields` names it; the server's own default when absent. */
	readonly fieldManager?: string;
	/** What was applied, of which the object written is the outcome (server-side apply): these fields are the writer's. */
	readonly applied?: ApiInput;
	/** The part a patch of the object itself stands for, as the managers' list names it: `scale`. */
	readonly subresource?: Subresource;
	/**
	 * What becomes of fields the kind does not have: refused, dropped with a warning, or dropped in silence (the
	 * default, as of a client that does not ask; kubectl asks for `Strict` from 1.25).
	 */
	readonly fieldValidation?: 'Strict' | 'Warn' | 'Ignore';
}
