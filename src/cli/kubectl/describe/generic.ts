/**
 * What has no describer of its own: all its fields, sorted, with labels made of their names.
 *
 * Source: describe.go `genericDescriber`, `printUnstructuredContent`, `smartLabelFor` @ kubectl v0.24.0;
 * github.com/fatih/camelcase @ v1.0.0 (so `podCIDRs` is `Pod CID Rs`).
 */
import type { ApiObject } from '../../../sim/api/index.ts';
import { type Fields, isMap, plain, sortedKeys } from '../print/index.ts';
import type { Description } from './description.ts';

const ACRONYMS = ['API', 'URL', 'UID', 'OSB', 'GUID'];

/** Runs of lower case, upper case and other characters; the last capital goes with the lower case after it. */
function words(name: string): readonly string[] {
	const runs = name.match(/\p{Ll}+|\p{Lu}+|[^\p{Ll}\p{Lu}]+/gu) ?? [];
	const out = [...runs];
	for (let i = 0; i < out.length - 1; i++)
		if (/^\p{Lu}/u.test(out[i]!) && /^\p{Ll}/u.test(out[i + 1]!)) {
			out[i + 1] = out[i]!.slice(-1) + out[i + 1]!;
			out[i] = out[i]!.slice(0, -1);
		}
	return out.filter((word) => word !== '');
}

/** `Creation Timestamp` of `creationTimestamp`; names with digits or dots stay as they are. */
export function smartLabel(name: string): string {
	if (/[^\p{L}-]/u.test(name)) return name;
	return words(name)
		.map((word) => {
			const upper = word.toUpperCase();
			return ACRONYMS.includes(upper) ? upper : word.charAt(0).toUpperCase() + word.slice(1);
		})
		.join(' ');
}

const SKIPPED = [
	'.metadata.managedFields',
	'.metadata.name',
	'.metadata.namespace',
	'.metadata.labels',
	'.metadata.annotations',
];

function describeFields(d: Description, level: number, fields: Fields, path: string): void {
	for (const name of sortedKeys(fields)) {
		const here = `${path}.${name}`;
		const value = fields[name];
		if (SKIPPED.includes(here) || value === undefined) continue;
		const label = smartLabel(name);
		if (isMap(value)) {
			d.put(level, `${label}:\n`);
			describeFields(d, level + 1, value, here);
		} else if (Array.isArray(value)) {
			d.put(level, `${label}:\n`);
			for (const item of value) {
				if (isMap(item)) describeFields(d, level + 1, item, here);
				else d.put(level + 1, `${plain(item)}\n`);
			}
		} else d.put(level, `${label}:\t${plain(value)}\n`);
	}
}

export function describeGeneric(d: Description, object: ApiObject): void {
	d.line(0, 'Name', object.metadata.name);
	d.line(0, 'Namespace', object.metadata.namespace ?? '');
	d.labels('Labels', object.metadata.labels);
	d.annotations('Annotations', object.metadata.annotations);
	describeFields(d, 0, object, '');
	d.events(object);
}
