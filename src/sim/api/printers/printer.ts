/** What a printer of one kind is, and cells that several share. */
import { type Draft, isRecord, sub, subs, text } from '../json.ts';
import type { ApiObject } from '../object.ts';
import { formatSelector, labelSelector } from '../selector.ts';
import { age } from '../time.ts';

export interface PrintContext {
	/** Seconds since 1970. */
	readonly now: number;
	readonly minor: number;
}

export interface Printer {
	/** Names of the columns after `Name`, `|` before those that only `-o wide` shows. */
	readonly columns: string;
	/** What stands in place of the name, where that is more. */
	name?(object: ApiObject): string;
	/** Cells after the name. */
	row(object: ApiObject, context: PrintContext): readonly (string | number)[];
}

export const NONE = '<none>';
export const UNSET = '<unset>';
export const UNKNOWN = '<unknown>';

export const ageOf = (object: ApiObject, { now }: PrintContext): string => age(now, object.metadata.creationTimestamp);

/** `a=b,c=d`, `<none>` for none. */
export const labelsText = (labels: unknown): string => {
	if (!isRecord(labels)) return NONE;
	const keys = Object.keys(labels).sort();
	return keys.length === 0 ? NONE : keys.map((key) => `${key}=${String(labels[key])}`).join(',');
};

/** A LabelSelector, `<none>` when it selects everything. */
export const selectorText = (selector: unknown): string => formatSelector(labelSelector(selector)) || NONE;

/** Names and images of containers, comma-joined. */
export const containerCells = (podSpec: unknown): readonly [string, string] => {
	const containers = subs(podSpec, 'containers');
	return [
		containers.map((c) => text(c, 'name') ?? '').join(','),
		containers.map((c) => text(c, 'image') ?? '').join(','),
	];
};

export const templateSpec = (object: unknown): Draft => sub(object, 'spec', 'template', 'spec');

/** A list cut to `max` items: `a,b,c + 2 more...`. */
export const cut = (items: readonly string[], max: number): string => {
	if (items.length === 0) return '';
	return items.length > max ? `${items.slice(0, max).join(',')} + ${items.length - max} more...` : items.join(',');
};
