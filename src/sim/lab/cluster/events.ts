/** Events of the cluster's own components; they live for an hour (`--event-ttl`). */
import { type ApiObject, type ApiServer, parseTime, recordEvent } from '../../api/index.ts';
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

export interface EventRecorder {
	record(
		source: EventSource,
		subject: Subject,
		type: 'Normal' | 'Warning',
		reason: string,
		message: string,
		fieldPath?: string,
	): void;
}

const TTL_SECONDS = 3600;

export function createRecorder(api: ApiServer): EventRecorder {
	let made = 0;
	const expire = (): void => {
		const events = api.find('events')!;
		const before = api.now() - TTL_SECONDS;
		for (const event of all<ApiObject & { lastTimestamp?: string }>(api, 'events'))
			if ((parseTime(event.lastTimestamp) ?? Number.POSITIVE_INFINITY) < before)
				api.delete(events, event.metadata.namespace, event.metadata.name);
	};
	return {
		record(source, subject, type, reason, message, fieldPath) {
			if (++made % 64 === 0) expire();
			recordEvent(api, {
				object: subject as unknown as ApiObject,
				type,
				reason,
				message,
				...source,
				...(fieldPath === undefined ? {} : { fieldPath }),
			});
		},
	};
}
