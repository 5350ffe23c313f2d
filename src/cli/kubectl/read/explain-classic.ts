/**
 * `kubectl explain` up to 1.26.
 *
 * Source: kubernetes staging/src/k8s.io/kubectl/pkg/explain/{model_printer,fields_printer,recursive_fields_printer,
 * typename,formatter}.go @ v0.24.0.
 */
import type { Field, Type } from '../../../sim/api/docs/index.ts';
import { type Asked, type Docs, fieldsOf, shaped, wrapped } from './explain-words.ts';

const PLAIN: Readonly<Record<string, string>> = {
	number: 'number',
	s: 'string',
	t: 'string',
	q: 'string',
	x: 'string',
	i: 'integer',
	b: 'boolean',
	m: 'map[string]string',
	y: 'map[string]string',
};

const typeName = (field: Field): string => shaped(field, PLAIN[field.type] ?? 'Object');

/** Lines of the page, less what stands before a description. */
const WIDTH = 80 - 5;
const described = (text: string): string => wrapped(text, WIDTH).join('\n     ');

export function explainClassic(asked: Asked, { docOf, partOf }: Docs): string {
	const { field, type, minor } = asked;
	/** All fields below a type; one that holds itself is not entered again. */
	const below = (of: Type, indent: string, inside: readonly string[]): string =>
		fieldsOf(of)
			.map((item) => {
				const next = partOf(item.type, minor);
				const more = next && !inside.includes(next.name) ? below(next, `${indent}   `, [...inside, next.name]) : '';
				return `${indent}${item.name}\t<${typeName(item)}>\n${more}`;
			})
			.join('');
	const parts = [`KIND:     ${asked.kind}\nVERSION:  ${asked.version}\n\n`];
	if (field) parts.push(`${type ? 'RESOURCE:' : 'FIELD:   '} ${asked.name} <${typeName(field)}>\n\n`);
	// What is said of the field, then what is said of its type.
	const words = [...(field ? [asked.doc] : []), ...(type ? [docOf(type.name)] : [])].filter((text) => text !== '');
	parts.push(`DESCRIPTION:\n     ${words.length > 0 ? words.map(described).join('\n\n     ') : '<empty>'}\n`);
	if (!type) return parts.join('');
	parts.push('\nFIELDS:\n');
	if (asked.recursive) parts.push(below(type, '   ', [type.name]));
	else
		for (const item of fieldsOf(type)) {
			const doc = docOf(type.name, item.name);
			parts.push(
				`   ${item.name}\t<${typeName(item)}>${item.required ? ' -required-' : ''}\n${doc === '' ? '' : `     ${described(doc)}\n`}\n`,
			);
		}
	return parts.join('');
}
