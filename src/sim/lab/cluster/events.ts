/** Events of the cluster's own components; they live for an hour after they were last seen (`--event-ttl`). */
import {
	type ApiObject,
	type ApiServer,
	type EventInput,
	forgetEvents,
	parseTime,
	recordEvent,
} from '../../api/index.ts';
import { SECOND } from '../time.ts';
import type { Timeline } from '../timeline.ts';
import type { JournalEntry } from '../types.ts';
import { all } from './kinds.ts';

interface Subject {
	readonly apiVersion: string;
	readonly kind: string;
	readonly metadata: { readonly name: string; readonly namespace?: string; readonly uid: string };
}

export interface EventSource {
	readonly component: string;
	readonly host?: string;
}

export interface EventMore {
	readonly newer?: NonNullable<EventInput['newer']>;
	/** What the log says, where the event says less. */
	readonly logged?: string;
}

export interface EventRecorder {
	record(
		source: EventSource,
		subject: Subject,
		type: 'Normal' | 'Warning',
		reason: string,
		message: string,
		fieldPath?: string,
		more?: EventMore,
	): void;
	/** A process begins anew and knows nothing of what it told before: the same again is another event. */
	forget(source: EventSource): void;
	/** What a node's kubelet told, one by one and for good: its journal. */
	journal(host: string): readonly JournalEntry[];
}

/** Entries kept of a node, as journald vacuums. */
const JOURNAL = 3000;

const TTL_SECONDS = 3600;

export function createRecorder(api: ApiServer, timeline: Timeline): EventRecorder {
	let sweeping = false;
	/** One sweep for many events: they go up to a minute late. */
	const sweepIn = (seconds: number): void => {
		if (sweeping) return;
		sweeping = true;
		timeline.after((seconds + 60) * SECOND, sweep);
	};
	const sweep = (): void => {
		sweeping = false;
		const events = api.find('events')!;
		const now = api.now();
		let next = Number.POSITIVE_INFINITY;
		for (const event of all<ApiObject & { lastTimestamp?: string | null; eventTime?: string | null }>(api, 'events')) {
			const left = (parseTime(event.lastTimestamp ?? event.eventTime ?? undefined) ?? now) + TTL_SECONDS - now;
			if (left <= 0) api.delete(events, event.metadata.namespace, event.metadata.name);
			else next = Math.min(next, left);
		}
		if (next < Number.POSITIVE_INFINITY) sweepIn(next);
	};
	const journals = new Map<string, JournalEntry[]>();
	return {
		forget: ({ component, host }) => forgetEvents(api, component, host),
		journal: (host) => journals.get(host) ?? [],
		record(source, subject, type, reason, message, fieldPath, more = {}) {
			if (source.component === 'kubelet' && source.host !== undefined) {
				const journal = journals.get(source.host) ?? [];
				journals.set(source.host, journal);
				const { name, namespace, uid } = subject.metadata;
				const { logged } = more;
				journal.push({
					at: timeline.now,
					kind: subject.kind,
					name,
					namespace,
					uid,
					reason,
					message,
					fieldPath,
					logged,
				});
				if (journal.length > JOURNAL) journal.shift();
			}
			recordEvent(api, {
				object: subject as unknown as ApiObject,
				type,
				reason,
				message,
				...source,
				...(fieldPath === undefined ? {} : { fieldPath }),
				...(more.newer ? { newer: more.newer } : {}),
			});
			sweepIn(TTL_SECONDS);
		},
	};
}
