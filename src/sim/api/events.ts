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

/**
 * The end of an event's name: nanoseconds since 1970 in hexadecimal, so that the events of one object are listed in the
 * order in which they happened. What is below a microsecond here is the revision, which tells apart what happens at once.
 */
const nanoseconds = (api: ApiServer): string =>
	(BigInt(Math.round(api.now() * 1e6)) * 1000n + BigInt(api.revision % 1000)).toString(16);

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
	const made = api.create({
		apiVersion: 'v1',
		kind: 'Event',
		metadata: { name: `${name}.${nanoseconds(api)}`, namespace },
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
