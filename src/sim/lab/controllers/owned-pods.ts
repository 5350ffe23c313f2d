/**
 * What controllers that keep pods share: which object a change is about, and making and deleting a pod with the event
 * that tells of it (pkg/controller/controller_utils.go RealPodControl @ v1.24.0).
 */
import type { ClusterContext } from '../cluster/context.ts';
import {
	all,
	controllerOf,
	keyOf,
	type Labels,
	type ObjectView,
	ownedBy,
	ownerRef,
	type Pod,
	type PodTemplate,
	removeOne,
} from '../cluster/kinds.ts';
import { suffix } from '../cluster/names.ts';
import { MILLISECOND, SECOND } from '../time.ts';
import type { Controller } from './loop.ts';

/** Keys of objects of a kind: its own changes, and those of what it owns. */
export const keysOfOwner =
	(kind: string, ownedKind = 'Pod'): Controller['keys'] =>
	({ object }) => {
		if (object.kind === kind) return [keyOf(object)];
		const owner = object.kind === ownedKind ? controllerOf(object) : undefined;
		return owner?.kind === kind ? [`${object.metadata.namespace}/${owner.name}`] : [];
	};

/** Pods an object controls, those that end among them. */
export const podsOf = ({ api }: ClusterContext, owner: ObjectView): readonly Pod[] =>
	all<Pod>(api, 'pods', { namespace: owner.metadata.namespace ?? '' }).filter((pod) => ownedBy(pod, owner));

/** Not on its way out. */
export const isLive = ({ metadata }: Pod): boolean => metadata.deletionTimestamp === undefined;

/** Pods that a controller makes of one object in one go (replica_set.go BurstReplicas, job_controller.go MaxPodCreateDeletePerSync). */
export const BURST = 500;
/** Requests a second of kube-controller-manager (`--kube-api-qps`): what so many creations take. */
const QPS = 20;

/**
 * How many of the missing pods of an object may be made now; the next ones when these are through. Somebody who asks for
 * a thousand million pods gets them no faster than from a real cluster.
 */
export function creationBudget({ timeline }: ClusterContext): {
	take(key: string, missing: number): number;
	/** Microseconds until more may be made. */
	wait(key: string): number | undefined;
} {
	const busyUntil = new Map<string, number>();
	const wait = (key: string): number | undefined => {
		const left = (busyUntil.get(key) ?? 0) - timeline.now;
		if (left > 0) return left;
		busyUntil.delete(key);
		return undefined;
	};
	return {
		wait,
		take(key, missing) {
			if (missing <= 0 || wait(key) !== undefined) return 0;
			if (missing <= BURST) return missing;
			busyUntil.set(key, timeline.now + (BURST / QPS) * SECOND);
			return BURST;
		},
	};
}

/** `MinDelay` and `MaxDelay` of the controllers' queues (client-go util/workqueue DefaultControllerRateLimiter @ v0.24.0). */
const FIRST_RETRY = 5 * MILLISECOND;
const LAST_RETRY = 1000 * SECOND;

/** When a key that failed is tried again: after twice as long each time, until it is forgotten. */
export function createRetries(): { after(key: string): number; forget(key: string): void } {
	const failures = new Map<string, number>();
	return {
		after(key) {
			const n = failures.get(key) ?? 0;
			failures.set(key, n + 1);
			return Math.min(FIRST_RETRY * 2 ** n, LAST_RETRY);
		},
		forget: (key) => failures.delete(key),
	};
}

/**
 * Makes so many, one at first and then twice as many at a time, until one cannot be made (slowStartBatch()). Answers why.
 */
export function slowStart(count: number, make: (index: number) => string | undefined): string | undefined {
	let made = 0;
	for (let batch = 1; made < count; batch *= 2) {
		let failure: string | undefined;
		for (const end = Math.min(count, made + batch); made < end; made++) failure = make(made) ?? failure;
		if (failure !== undefined) return failure;
	}
	return undefined;
}

export interface PodControl {
	/**
	 * A pod of the template; `changes` lie over what it says. The name is drawn unless one is given. Answers why the API
	 * server did not take it, if so.
	 */
	create(
		owner: ObjectView,
		template: PodTemplate,
		changes?: {
			readonly name?: string;
			readonly labels?: Labels;
			readonly annotations?: Labels;
			readonly finalizers?: readonly string[];
			readonly generateName?: string;
			readonly spec?: { readonly [key: string]: unknown };
			/** Tells the names of two pods of one owner apart beyond their number. */
			readonly key?: string;
		},
	): string | undefined;
	remove(owner: ObjectView, pod: Pod): void;
}

/** Words of the events, where they are not those of most controllers. */
interface Words {
	readonly created?: (pod: string, owner: string) => string;
	readonly refused?: (pod: string, owner: string, error: string) => string;
	readonly deleted?: (pod: string, owner: string) => string;
}

export function createPodControl(cluster: ClusterContext, component: string, words: Words = {}): PodControl {
	const { api, record, timeline } = cluster;
	const source = { component };
	let made = 0;
	return {
		create(owner, template, { name, labels, annotations, finalizers, generateName, spec, key } = {}) {
			const { metadata } = owner;
			const base = generateName ?? `${metadata.name}-`;
			const drawn = (): string =>
				`${base}${suffix(timeline, [keyOf(owner), metadata.uid, ...(key === undefined ? [] : [key]), made++].join('\0'))}`;
			const podName = name ?? drawn();
			const created = api.create({
				apiVersion: 'v1',
				kind: 'Pod',
				metadata: {
					name: podName,
					generateName: base,
					namespace: metadata.namespace,
					labels: { ...template.metadata?.labels, ...labels },
					...(template.metadata?.annotations || annotations
						? { annotations: { ...template.metadata?.annotations, ...annotations } }
						: {}),
					...(finalizers ? { finalizers } : {}),
					ownerReferences: [ownerRef(owner)],
				},
				spec: spec ?? template.spec,
			});
			if (created.error) {
				const text = created.error.message;
				const refused = words.refused?.(podName, metadata.name, text) ?? `Error creating: ${text}`;
				record.record(source, owner, 'Warning', 'FailedCreate', refused);
				return text;
			}
			const text = words.created?.(podName, metadata.name) ?? `Created pod: ${podName}`;
			record.record(source, owner, 'Normal', 'SuccessfulCreate', text);
			return undefined;
		},
		remove(owner, pod) {
			const { name } = pod.metadata;
			removeOne(api, 'pods', pod.metadata.namespace, name);
			const text = words.deleted?.(name, owner.metadata.name) ?? `Deleted pod: ${name}`;
			record.record(source, owner, 'Normal', 'SuccessfulDelete', text);
		},
	};
}

/** The first name that is pinned for an owner and still to be given; each is given once. */
export function pinnedNames(cluster: ClusterContext): (owner: string, node?: string) => string | undefined {
	const given = new Set<string>();
	return (owner, node) => {
		const pin = cluster.pins.pods?.find(
			(p) => p.owner === owner && (node === undefined || p.node === node) && !given.has(p.name),
		);
		if (pin) given.add(pin.name);
		return pin?.name;
	};
}
