/**
 * Kubernetes objects as the API server stores and returns them: plain JSON, defaults filled in.
 *
 * `src/sim/kube` has the same kinds as far as a packet can tell; these are what a person reads and writes.
 * Nothing here is changed in place: an update stores another object.
 */

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
	/** Columns of its table: from the server's printers, or a CRD's additionalPrinterColumns. */
	readonly columns?: readonly PrinterColumn[];
	/** True when a CustomResourceDefinition made it. */
	readonly custom?: boolean;
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
	| { readonly value: T; readonly error?: undefined }
	| { readonly error: ApiStatus; readonly value?: undefined };

export type EventType = 'ADDED' | 'MODIFIED' | 'DELETED';

export interface WatchEvent {
	readonly type: EventType;
	readonly object: ApiObject;
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
	updateStatus(object: ApiInput): ApiResult<ApiObject>;
	patch(
		resource: Resource,
		namespace: string | undefined,
		name: string,
		type: PatchType,
		patch: Json,
		options?: WriteOptions & { readonly subresource?: 'status' | 'scale' },
	): ApiResult<ApiObject>;
	delete(
		resource: Resource,
		namespace: string | undefined,
		name: string,
		options?: {
			readonly gracePeriodSeconds?: number;
			readonly propagation?: 'Background' | 'Foreground' | 'Orphan';
			readonly dryRun?: boolean;
		},
	): ApiResult<ApiObject>;
	/** Called after each write, in order; answers how to stop. */
	watch(listener: (event: WatchEvent) => void): () => void;
}

/** As somebody sends it: anything may be missing or wrong. */
export type ApiInput = { readonly [key: string]: unknown };

export interface WriteOptions {
	readonly dryRun?: boolean;
	/** Who writes, for events and messages. */
	readonly fieldManager?: string;
}
