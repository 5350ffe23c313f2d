/**
 * The annotation that says since when Endpoints or a slice should have been as they are now.
 *
 * Source: kubernetes pkg/controller/util/endpoint/trigger_time_tracker.go,
 * pkg/controller/endpointslice/reconciler.go addTriggerTimeAnnotation() @ v1.24.0.
 */
import type { ApiMeta } from '../../api/index.ts';
import type { Pod, Service } from '../cluster/kinds.ts';

export const TRIGGER_TIME = 'endpoints.kubernetes.io/last-change-trigger-time';

export interface TriggerTimes {
	/** The earliest change since it was last asked of this service: its own making, or a pod that became ready or stopped being so. */
	of(key: string, service: Service, pods: readonly Pod[]): string | undefined;
	forget(key: string): void;
}

interface Seen {
	readonly service: string;
	readonly pods: ReadonlyMap<string, string>;
}

const readySince = ({ status }: Pod): string =>
	status?.conditions?.find(({ type }) => type === 'Ready')?.lastTransitionTime ?? '';

export function triggerTimes(): TriggerTimes {
	const services = new Map<string, Seen>();
	return {
		of(key, { metadata: { creationTimestamp: made = '' } }, pods) {
			const before = services.get(key);
			const changed: string[] = [];
			const times = new Map<string, string>();
			for (const pod of pods) {
				const time = readySince(pod);
				if (time === '') continue;
				times.set(pod.metadata.name, time);
				if (time > (before?.pods.get(pod.metadata.name) ?? '')) changed.push(time);
			}
			if (made > (before?.service ?? '')) changed.push(made);
			services.set(key, { service: made, pods: times });
			return before ? changed.sort()[0] : made;
		},
		forget: (key) => void services.delete(key),
	};
}

/** Annotations with that time, or without it where nothing changed that it knows. */
export function withTriggerTime(annotations: ApiMeta['annotations'], time: string | undefined): Partial<ApiMeta> {
	const { [TRIGGER_TIME]: _, ...others } = annotations ?? {};
	const all = { ...others, ...(time === undefined ? {} : { [TRIGGER_TIME]: time }) };
	return Object.keys(all).length > 0 ? { annotations: all } : {};
}
