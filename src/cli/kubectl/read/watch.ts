/**
 * `kubectl get -w`: what is there, then what changes, as the lab's time passes. Ctrl-C ends it.
 *
 * Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/get/get.go `watch` @ v0.24.0. A selector is the server's
 * business: what stops matching is told as deleted.
 */

import {
	type ApiObject,
	parseFieldSelector,
	parseSelector,
	selects,
	selectsFields,
	type WatchEvent,
} from '../../../sim/api/index.ts';
import { fail, type Kube, timeoutOf } from '../kube.ts';
import { humanTable, type ObjectPrinter, RowPrinter } from '../print/index.ts';
import { fetch, selectorsOf, type Target } from '../targets.ts';
import { wanted } from './collect.ts';
import { humanOptions } from './get.ts';

/** Microseconds. After a year of nothing, nothing will ever happen. */
export const FOREVER = 365 * 86_400_000_000;

/**
 * Hands on the changes of a target until the learner interrupts, or the server goes away.
 */
export async function follow(kube: Kube, target: Target, tell: (event: WatchEvent) => void): Promise<void> {
	const { resource, namespace, name } = target;
	const { labelSelector, fieldSelector } = selectorsOf(kube, resource);
	const labels = parseSelector(labelSelector ?? '').value ?? [];
	const fields = parseFieldSelector(resource, fieldSelector ?? '').value ?? [];
	const matches = (object: ApiObject): boolean =>
		(name === undefined || object.metadata.name === name) &&
		selects(labels, object.metadata.labels) &&
		selectsFields(fields, object);
	const ours = (object: ApiObject): boolean =>
		object.kind === resource.kind &&
		(object.apiVersion.includes('/') ? object.apiVersion.split('/')[0] : '') === resource.group &&
		(namespace === undefined || object.metadata.namespace === namespace);
	const key = ({ metadata }: ApiObject): string => `${metadata.namespace ?? ''}/${metadata.name}`;
	const known = new Set(
		kube.api
			.list(resource, namespace === undefined ? {} : { namespace })
			.filter(matches)
			.map(key),
	);
	const queue: WatchEvent[] = [];
	const stop = kube.api.watch(({ type, object }) => {
		if (!ours(object)) return;
		const before = known.has(key(object));
		const now = type !== 'DELETED' && matches(object);
		if (now) known.add(key(object));
		else known.delete(key(object));
		if (now) queue.push({ type: before ? 'MODIFIED' : 'ADDED', object });
		else if (before) queue.push({ type: 'DELETED', object });
	});
	// The client ends a request that takes longer, and says nothing of it (apimachinery watch/streamwatcher.go).
	const limit = timeoutOf(kube.run.flags.text('request-timeout'));
	const { call } = kube.run;
	const end = limit > 0 ? call.lab.now + limit : Number.POSITIVE_INFINITY;
	try {
		while (kube.cluster.reachable) {
			const rest = Math.min(FOREVER, end - call.lab.now);
			if (rest <= 0) return;
			const held = await call.until(() => queue.length > 0 || !kube.cluster.reachable, rest);
			for (const event of queue.splice(0)) tell(event);
			if (!held) return;
		}
	} finally {
		stop();
	}
}

/** Everything under `-w`. */
export async function watchObjects(kube: Kube, printer: ObjectPrinter | undefined): Promise<number> {
	const { call, flags, args } = kube.run;
	const { targets } = await wanted(kube, 'get');
	if (new Set(targets.map((target) => target.resource)).size > 1)
		return args.length > 0 && !args.some((arg) => arg.includes('/'))
			? fail('you may only specify a single resource type')
			: fail(
					'watch is only supported on individual resources and resource collections - more than 1 resource was found',
				);
	const target = targets[0]!;
	const events = flags.on('output-watch-events');
	const options = humanOptions(kube);
	const rows = new RowPrinter();
	let headed = flags.on('no-headers');
	const print = (type: WatchEvent['type'], objects: readonly ApiObject[]): void => {
		if (objects.length === 0) return;
		if (printer) {
			for (const object of objects) call.out(printer(events ? { type, object } : object));
			return;
		}
		const table = humanTable(kube.api, target.resource, objects, {
			...options,
			withNamespace: options.withNamespace && target.resource.namespaced,
			...(events ? { event: type } : {}),
		});
		call.out(rows.print(headed ? table.rows : [table.header, ...table.rows]));
		headed = true;
	};
	const there = targets.flatMap((item) => fetch(kube, item));
	if (!flags.on('watch-only')) print('ADDED', there);
	if (targets.length > 1)
		return fail(
			`watch is only supported on individual resources and resource collections - ${targets.length} resources were found`,
		);
	await follow(kube, target, ({ type, object }) => print(type, [object]));
	return 0;
}
