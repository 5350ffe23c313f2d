/** What both manners of `kubectl explain` have in common. */
import type { Field, Type } from '../../../sim/api/docs/index.ts';

/** The door that is opened when somebody explains. */
export type Docs = Pick<typeof import('../../../sim/api/docs/index.ts'), 'docOf' | 'partOf'>;

export interface Asked {
	readonly kind: string;
	/** `apps/v1` */
	readonly version: string;
	/** Last word of the path; empty for the kind itself. */
	readonly name: string;
	/** Whether a CustomResourceDefinition made the kind: its fields have no types with names. */
	readonly custom: boolean;
	readonly recursive: boolean;
	/** Minor of the server. */
	readonly minor: number;
	readonly field?: Field;
	/** Name of the type the field stands in. */
	readonly owner?: string;
	/** Words for the field. */
	readonly doc: string;
	readonly type?: Type;
}

export const fieldsOf = (type: Type): readonly Field[] =>
	[...type.fields.values()].sort((a, b) => (a.name < b.name ? -1 : 1));

/** Lines of at most so many characters, broken between words; a longer word has a line of its own. */
export function wrapped(text: string, width: number): readonly string[] {
	const lines: string[] = [];
	let line = '';
	for (const word of text.split(/\s+/).filter((part) => part !== '')) {
		if (line !== '' && line.length + 1 + word.length > width) {
			lines.push(line);
			line = word;
		} else line = line === '' ? word : `${line} ${word}`;
	}
	return line === '' ? lines : [...lines, line];
}

/** `[]string`, `map[string]Object`. */
export const shaped = (field: Field, name: string): string =>
	field.shape === 'list' ? `[]${name}` : field.shape === 'map' ? `map[string]${name}` : name;
