/**
 * core/v1 Events: who saw what happen to which object. The same thing again raises a count.
 *
 * Source: k8s.io/client-go tools/record/{event,events_cache}.go @ v0.24.0. What is left out: the spam filter and the
 * aggregation of ten similar events within ten minutes.
 */
import { type Draft, isRecord, number, text } from './json.ts';
import type { ApiObject, ApiServer } from './object.ts';

export interface EventInput {
	/** What it is about: an object, or a reference to one that need not exist. */
	readonly object: ApiObject | Draft;
	readonly type: 'Normal' | 'Warning';
	readonly reason: string;
	readonly message: string;
	/** `kubelet`, `default-scheduler`, … */
	readonly component: string;
	/** The node of a kubelet. */
	readonly host?: string;
	/** `spec.containers{echo}`. */
	readonly fieldPath?: string;
}

/** Nodes have no namespace: their events are in `default`. */
const reference = ({ object, fieldPath }: EventInput): Draft => {
	const metadata: Draft = isRecord(object.metadata) ? object.metadata : (object as Draft);
	const out: Draft = {
		apiVersion: object.apiVersion,
		kind: object.kind,
		name: metadata.name,
		namespace: metadata.namespace,
		uid: metadata.uid,
		resourceVersion: metadata.resourceVersion,
		fieldPath,
	};
	for (const key of Object.keys(out)) if (out[key] === undefined) delete out[key];
	return out;
};

/** Writes an event, or counts it on one that says the same of the same object. */
export const recordEvent = (api: ApiServer, input: EventInput): ApiObject | undefined => {
	const events = api.find('events')!;
	const involved = reference(input);
	const namespace = text(involved, 'namespace') ?? 'default';
	const timestamp = api.timestamp();
	const name = text(involved, 'name') ?? '';
	const source = { component: input.component, ...(input.host === undefined ? {} : { host: input.host }) };
	const key = `${String(involved.uid ?? '')}/${input.reason}/${input.message}/${input.component}/${input.host ?? ''}/${input.fieldPath ?? ''}`;
	const seen = seenBy(api);
	const old = api.get(events, namespace, seen.get(key) ?? '');
	if (old !== undefined) {
		const next = { ...old, count: (number(old, 'count') ?? 1) + 1, lastTimestamp: timestamp };
		return api.update(next).value;
	}
	const hex = (api.random('event', `${key}@${api.revision}`, 0x7fffffff) * 2 + 1).toString(16).padStart(8, '0');
	const low = api.random('event.low', `${key}@${api.revision}`, 0x7fffffff).toString(16).padStart(8, '0');
	const made = api.create({
		apiVersion: 'v1',
		kind: 'Event',
		metadata: { name: `${name}.${hex}${low}`, namespace },
		involvedObject: involved,
		reason: input.reason,
		message: input.message,
		source,
		firstTimestamp: timestamp,
		lastTimestamp: timestamp,
		count: 1,
		type: input.type,
		eventTime: null,
		reportingComponent: input.component,
		reportingInstance: input.host ?? '',
	});
	if (made.value !== undefined) seen.set(key, made.value.metadata.name);
	return made.value;
};

const caches = new WeakMap<ApiServer, Map<string, string>>();

/** The recorder's cache: key of what was said, name of the event that says it. */
const seenBy = (api: ApiServer): Map<string, string> => {
	let cache = caches.get(api);
	if (cache === undefined) {
		cache = new Map();
		caches.set(api, cache);
	}
	return cache;
};
