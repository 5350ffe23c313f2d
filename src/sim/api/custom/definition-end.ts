/**
 * How a CustomResourceDefinition ends: its objects go first, and it waits for those that somebody holds.
 *
 * Source: k8s.io/apiextensions-apiserver pkg/registry/customresourcedefinition/etcd.go (Delete),
 * pkg/controller/finalizer/crd_finalizer.go, pkg/apiserver/customresource_handler.go @ v0.24.0. The first look at the
 * objects takes no time here; the finalizer looks again every five seconds (`endDefinitions`).
 */
import { type Draft, sub, subs } from '../json.ts';
import type { ApiObject, ApiServer, ApiStatus, Resource } from '../object.ts';
import type { Core } from '../server.ts';
import { formatTime } from '../time.ts';

const FINALIZER = 'customresourcecleanup.apiextensions.k8s.io';

const withCondition = (object: Draft, now: string, reason: string, message: string): Draft => {
	const conditions = subs(object, 'status', 'conditions');
	const old = conditions.find(({ type }) => type === 'Terminating');
	const next = {
		lastTransitionTime: old?.status === 'True' ? old.lastTransitionTime : now,
		message,
		reason,
		status: 'True',
		type: 'Terminating',
	} as Draft;
	const others = conditions.filter((item) => item !== old);
	return { ...object, status: { ...sub(object, 'status'), conditions: [...others, next] } };
};

const isTerminating = (definition: ApiObject): boolean =>
	subs(definition, 'status', 'conditions').some(({ type, status }) => type === 'Terminating' && status === 'True');

const instances = (api: ApiServer, definition: ApiObject): readonly (readonly [Resource, ApiObject])[] => {
	const made = api.find(definition.metadata.name);
	return made?.custom ? api.list(made).map((item) => [made, item] as const) : [];
};

/** The first deletion of a definition; `end` deletes one of its objects, which no webhook is asked about. */
export const deleteDefinition = (
	core: Core,
	resource: Resource,
	object: ApiObject,
	end: (resource: Resource, object: ApiObject) => void,
): ApiObject => {
	const now = formatTime(Math.floor(core.api.now()));
	const finalizers = [...new Set([...(object.metadata.finalizers ?? []), FINALIZER])];
	const marked = {
		...object,
		metadata: { ...object.metadata, deletionTimestamp: now, finalizers },
	} as unknown as Draft;
	const pending = 'CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon';
	core.put(resource, withCondition(marked, now, 'InstanceDeletionPending', pending), 'MODIFIED');
	const going = 'CustomResource deletion is in progress';
	const stored = core.put(resource, withCondition(marked, now, 'InstanceDeletionInProgress', going), 'MODIFIED');
	for (const [made, item] of instances(core.api, object)) end(made, item);
	endDefinitions(core.api);
	return core.api.get(resource, undefined, object.metadata.name) ?? stored;
};

/** Lets go of definitions without objects; answers whether one waits still. */
export const endDefinitions = (api: ApiServer): boolean => {
	let waits = false;
	for (const definition of api.list(api.find('customresourcedefinitions')!)) {
		const { deletionTimestamp, finalizers = [] } = definition.metadata;
		if (deletionTimestamp === undefined || !finalizers.includes(FINALIZER)) continue;
		if (instances(api, definition).length > 0) {
			waits = true;
			continue;
		}
		const metadata: Draft = { ...definition.metadata, finalizers: finalizers.filter((item) => item !== FINALIZER) };
		delete metadata.resourceVersion;
		api.update({ ...definition, metadata });
	}
	return waits;
};

/** Why nothing new is made of a definition that ends. */
export const endingDefinition = (definition: ApiObject | undefined): ApiStatus | undefined =>
	definition && isTerminating(definition)
		? {
				code: 405,
				reason: 'MethodNotAllowed',
				message: 'create not allowed while custom resource definition is terminating',
			}
		: undefined;
