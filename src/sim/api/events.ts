/**
 * core/v1 Events: who saw what happen to which object. The same thing again raises a count.
 *
 * Source: k8s.io/client-go tools/record/{event,events_cache}.go @ v0.24.0: ten events that differ only in their message
 * within ten minutes become one, and a source that tells more than twenty-five things of an object is heard every five
 * minutes; what is not heard is counted. The scheduler's events are of the newer kind, which knows neither.
 */
import { type Draft, isRecord, text } from './json.ts';
import type { ApiObject, ApiServer } from './object.ts';
import { formatMicroTime } from './time.ts';

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
	/** Of the newer kind: what was done, and by which of its component's processes (client-go tools/events/event_recorder.go @ v0.24.0). */
	readonly newer?: { readonly action: string; readonly instance: string };
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
	for (const key of Object.keys(out)) if (out[key] === undefined || out[key] === '') delete out[key];
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
	const cache = cacheOf(api, `${input.component}/${input.host ?? ''}`);
	const teller = `${String(involved.uid ?? '')}/${name}/${input.component}/${input.host ?? ''}`;
	const similar = `${teller}/${input.type}/${input.reason}`;
	const many = input.component !== SCHEDULER && isOneOfMany(cache, similar, input.message, api.now());
	const message = many ? `(combined from similar events): ${input.message}` : input.message;
	const key = many ? similar : `${similar}/${input.message}/${input.fieldPath ?? ''}`;
	const said = observe(cache, key, timestamp);
	if (input.component !== SCHEDULER && isTooMuch(cache, teller, api.now())) return undefined;
	const old = api.get(events, namespace, said.name ?? '');
	if (old !== undefined) return api.update({ ...old, count: said.count, lastTimestamp: timestamp, message }).value;
	// Nothing else is numbered otherwise because of those of the newer kind.
	const made = api.create(
		{
			apiVersion: 'v1',
			kind: 'Event',
			metadata: { name: `${name}.${nanoseconds(api)}`, namespace },
			involvedObject: involved,
			reason: input.reason,
			message,
			type: input.type,
			reportingComponent: input.component,
			...(input.newer
				? {
						source: {},
						firstTimestamp: null,
						lastTimestamp: null,
						eventTime: formatMicroTime(Math.floor(api.now()), Math.floor((api.now() % 1) * 1e6)),
						action: input.newer.action,
						reportingInstance: input.newer.instance,
					}
				: {
						source,
						firstTimestamp: said.since,
						lastTimestamp: timestamp,
						count: said.count,
						eventTime: null,
						reportingInstance: input.host ?? '',
					}),
		},
		{ unnumbered: input.newer !== undefined },
	);
	said.name = made.value?.metadata.name;
	return made.value;
};

const SCHEDULER = 'default-scheduler';
/** `maxEvents` and `maxIntervalInSeconds` of the aggregator. */
const SIMILAR = 10;
const INTERVAL = 600;
/** `burst` and `qps` of the spam filter. */
const BURST = 25;
const REFILL = 300;

/** What was said of an object, heard or not (`eventLog`). */
interface Said {
	count: number;
	/** Of the first time, as the API writes times. */
	readonly since: string;
	/** The event that says it, if one was heard. */
	name: string | undefined;
}

interface Cache {
	readonly said: Map<string, Said>;
	readonly similar: Map<string, { readonly messages: Set<string>; last: number }>;
	readonly tokens: Map<string, { left: number; at: number }>;
}

const caches = new WeakMap<ApiServer, Map<string, Cache>>();

/** The cache of one recorder. */
const cacheOf = (api: ApiServer, recorder: string): Cache => {
	const all = caches.get(api) ?? new Map<string, Cache>();
	caches.set(api, all);
	const cache = all.get(recorder) ?? { said: new Map(), similar: new Map(), tokens: new Map() };
	all.set(recorder, cache);
	return cache;
};

/** The process that told these events ended; the next one counts from one. */
export const forgetEvents = (api: ApiServer, component: string, host = ''): void => {
	caches.get(api)?.delete(`${component}/${host}`);
};

const observe = ({ said }: Cache, key: string, now: string): Said => {
	const known = said.get(key);
	if (known !== undefined) {
		known.count++;
		return known;
	}
	const made: Said = { count: 1, since: now, name: undefined };
	said.set(key, made);
	return made;
};

const isOneOfMany = ({ similar }: Cache, key: string, message: string, now: number): boolean => {
	let record = similar.get(key);
	if (record === undefined || now - record.last > INTERVAL) {
		record = { messages: new Set(), last: now };
		similar.set(key, record);
	}
	record.last = now;
	record.messages.add(message);
	if (record.messages.size < SIMILAR) return false;
	// One has to go, so that the set does not grow (PopAny).
	record.messages.delete([...record.messages][0]!);
	return true;
};

const isTooMuch = ({ tokens }: Cache, key: string, now: number): boolean => {
	const bucket = tokens.get(key) ?? { left: BURST, at: now };
	bucket.left = Math.min(BURST, bucket.left + (now - bucket.at) / REFILL);
	bucket.at = now;
	tokens.set(key, bucket);
	if (bucket.left < 1) return true;
	bucket.left--;
	return false;
};
