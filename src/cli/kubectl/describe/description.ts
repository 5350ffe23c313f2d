/**
 * What describers write into: lines with elastic tabs, blocks that several kinds share, events.
 *
 * Source: kubernetes staging/src/k8s.io/kubectl/pkg/describe/describe.go @ v0.24.0 (prefixWriter, tabbedString,
 * printLabelsMultiline, printAnnotationsMultiline, DescribeEvents, searchEvents).
 */
import { type ApiObject, type ApiServer, age, parseTime } from '../../../sim/api/index.ts';
import { rfc1123z } from '../../kube/index.ts';
import { KUBECTL_DESCRIBE, TabWriter } from '../../text/index.ts';
import { has, number, sortedKeys, subs, text } from '../print/index.ts';

/** `maxAnnotationLen` */
const LONGEST = 140;
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';
export const NONE = '<none>';
export const UNSET = '<unset>';

/** A time of the API as `describe` prints it; Go's zero time when there is none. */
export function timeText(value: string): string {
	const seconds = parseTime(value);
	return seconds === undefined ? 'Mon, 01 Jan 0001 00:00:00 +0000' : rfc1123z(Math.floor(seconds) * 1e6);
}

/** `a=b,c=d`, sorted (labels.FormatLabels). */
export const labelsText = (labels: unknown): string => {
	const keys = sortedKeys(labels);
	return keys.length === 0 ? NONE : keys.map((key) => `${key}=${text(labels, key)}`).join(',');
};

/** The text `kubectl describe` writes of one object, line by line: names in a column, lists under them. */
export class Description {
	readonly api: ApiServer;
	readonly showEvents: boolean;
	/** Of the kubectl that describes: which lines it knows. */
	readonly minor: number;
	readonly #writer = new TabWriter(KUBECTL_DESCRIBE);
	#done = '';

	constructor(api: ApiServer, showEvents: boolean, minor: number) {
		this.api = api;
		this.minor = minor;
		this.showEvents = showEvents;
	}

	/** Text as it is, two blanks a level before it. */
	put(level: number, line: string): void {
		this.#writer.write('  '.repeat(level) + line.replaceAll('\u001b', '^[').replaceAll('\r', '\\r'));
	}

	/** `Label:` and its value. */
	line(level: number, label: string, value: unknown): void {
		this.put(level, `${label}:\t${String(value)}\n`);
	}

	/** A line whose value is there or not at all. */
	optional(level: number, label: string, value: string): void {
		if (value !== '') this.line(level, label, value);
	}

	/** A table: header, dashes below each name, rows. */
	table(level: number, columns: readonly string[], rows: readonly (readonly unknown[])[]): void {
		this.put(level, `${columns.join('\t')}\n`);
		this.put(level, `${columns.map((name) => '-'.repeat(name.length)).join('\t')}\n`);
		for (const row of rows) this.put(level, `${row.join('\t')}\n`);
	}

	/** One `key=value` a line, the first beside the title. */
	labels(title: string, labels: unknown, indent = ''): void {
		this.list(
			title,
			sortedKeys(labels).map((key) => `${key}=${text(labels, key)}`),
			indent,
		);
	}

	/** Items one a line, the first beside the title. */
	list(title: string, items: readonly string[], indent = ''): void {
		this.put(0, `${indent}${title}:\t${items[0] ?? NONE}\n`);
		for (const item of items.slice(1)) this.put(0, `${indent}\t${item}\n`);
	}

	annotations(title: string, annotations: unknown): void {
		const keys = sortedKeys(annotations).filter((key) => key !== LAST_APPLIED);
		if (keys.length === 0) {
			this.put(0, `${title}:\t${NONE}\n`);
			return;
		}
		this.put(0, `${title}:\t`);
		for (const [i, key] of keys.entries()) {
			if (i > 0) this.put(0, '\t');
			const value = text(annotations, key).replace(/\n$/, '');
			if (value.length + key.length + 2 <= LONGEST && !value.includes('\n')) this.put(0, `${key}: ${value}\n`);
			else {
				this.put(0, `${key}:\n`);
				for (const part of value.split('\n'))
					this.put(0, `\t  ${part.length > LONGEST - 2 ? `${part.slice(0, LONGEST - 2)}...` : part}\n`);
			}
		}
	}

	/** Name, namespace, labels, annotations: what most kinds begin with. */
	head(object: ApiObject): void {
		this.line(0, 'Name', object.metadata.name);
		if (object.metadata.namespace !== undefined) this.line(0, 'Namespace', object.metadata.namespace);
		this.labels('Labels', object.metadata.labels);
		this.annotations('Annotations', object.metadata.annotations);
	}

	/** Age of a time. */
	since(time: string): string {
		return age(this.api.now(), time === '' ? undefined : time);
	}

	/** The events about an object, or about what `of` names. */
	events(object: ApiObject, of: { readonly anyKind?: boolean; readonly uids?: readonly string[] } = {}): void {
		if (!this.showEvents) return;
		const { name, namespace, uid } = object.metadata;
		const uids = of.uids ?? [uid];
		const resource = this.api.find('events')!;
		const found = this.api
			.list(resource, namespace === undefined ? {} : { namespace })
			.filter(
				(event) =>
					text(event, 'involvedObject', 'name') === name &&
					(of.anyKind || text(event, 'involvedObject', 'kind') === object.kind) &&
					text(event, 'involvedObject', 'namespace') === (namespace ?? '') &&
					uids.includes(text(event, 'involvedObject', 'uid')),
			);
		if (found.length === 0) {
			this.line(0, 'Events', NONE);
			return;
		}
		// What follows is a table of its own.
		this.#done += this.#writer.flush();
		const at = (event: ApiObject): number => parseTime(text(event, 'lastTimestamp')) ?? -1;
		this.put(0, 'Events:\n');
		this.put(1, 'Type\tReason\tAge\tFrom\tMessage\n');
		this.put(1, '----\t------\t----\t----\t-------\n');
		for (const event of [...found].sort((a, b) => at(a) - at(b))) {
			const cells = [
				text(event, 'type'),
				text(event, 'reason'),
				this.#interval(event),
				text(event, 'source', 'component') || text(event, 'reportingComponent'),
				text(event, 'message').trim(),
			];
			this.put(1, `${cells.join('\t')}\n`);
		}
	}

	#interval(event: ApiObject): string {
		const first = this.since(text(event, 'eventTime') || text(event, 'firstTimestamp'));
		if (has(event, 'series'))
			return `${this.since(text(event, 'series', 'lastObservedTime'))} (x${number(event, 'series', 'count')} over ${first})`;
		const count = number(event, 'count');
		return count > 1 ? `${this.since(text(event, 'lastTimestamp'))} (x${count} over ${first})` : first;
	}

	/** All of it, in columns. */
	text(): string {
		return this.#done + this.#writer.flush();
	}
}

/** `ReplicaSet/web-5d4`: the owner that controls an object. */
export function controllerText(object: ApiObject): string {
	const owner = subs(object, 'metadata', 'ownerReferences').find((ref) => ref.controller === true);
	return owner ? `${text(owner, 'kind')}/${text(owner, 'name')}` : '';
}

/** The objects of a kind. */
export const all = (api: ApiServer, plural: string, namespace?: string): readonly ApiObject[] => {
	const resource = api.find(plural);
	return resource ? api.list(resource, namespace === undefined ? {} : { namespace }) : [];
};

export const one = (
	api: ApiServer,
	plural: string,
	namespace: string | undefined,
	name: string,
): ApiObject | undefined => {
	const resource = api.find(plural);
	return resource && api.get(resource, namespace, name);
};
