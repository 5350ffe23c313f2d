/**
 * `kubectl explain` from 1.27.
 *
 * Source: kubernetes staging/src/k8s.io/kubectl/pkg/explain/v2/{template,funcs}.go, templates/plaintext.tmpl @ v0.27.0,
 * v0.34.0 (values of a field, and the second empty line below it, from 1.28).
 */
import type { Field, Type } from '../../../sim/api/docs/index.ts';
import { type Asked, type Docs, fieldsOf, shaped, wrapped } from './explain-words.ts';

const PLAIN: Readonly<Record<string, string>> = {
	number: 'number',
	s: 'string',
	t: 'string',
	q: 'Quantity',
	x: 'IntOrString',
	i: 'integer',
	b: 'boolean',
	m: 'map[string]string',
	y: 'map[string]string',
	any: 'Object',
};

/** Types that stand for several of upstream's here. */
const SAME: Readonly<Record<string, string>> = {
	KubeNodeAddress: 'NodeAddress',
	'EnvVarSource.configMapKeyRef': 'ConfigMapKeySelector',
	'EnvVarSource.secretKeyRef': 'SecretKeySelector',
	'EnvFromSource.configMapRef': 'ConfigMapEnvSource',
	'EnvFromSource.secretRef': 'SecretEnvSource',
	'Affinity.podAntiAffinity': 'PodAntiAffinity',
};

/** Values beyond these are not listed beside a field. */
const SHOWN = 4;

export function explainPlain(asked: Asked, { docOf, partOf }: Docs, client: number): string {
	const { field, type, minor, custom } = asked;
	const typeName = (owner: string, item: Field): string => {
		const plain = PLAIN[item.type];
		// The schema of a custom resource says everything where it is used, and a quantity is an object there.
		if (custom && item.type !== 'ObjectMeta')
			return shaped(item, /^([stibm]|number)$/.test(item.type) ? plain! : 'Object');
		return shaped(item, plain ?? SAME[`${owner}.${item.name}`] ?? SAME[item.type] ?? item.type);
	};
	const values = (item: Field): readonly string[] => (client >= 28 && item.shape === 'one' ? (item.values ?? []) : []);
	const line = (owner: string, item: Field, indent: string): string => {
		const some = values(item);
		const listed = `${some.slice(0, SHOWN).join(', ')}${some.length > SHOWN ? ', ....' : ''}`;
		return `${indent}${item.name}\t<${typeName(owner, item)}>${item.required ? ' -required-' : ''}${some.length > 0 ? `\n${indent}enum: ${listed}` : ''}\n`;
	};
	const below = (of: Type, indent: string, inside: readonly string[]): string =>
		fieldsOf(of)
			.map((item) => {
				const next = partOf(item.type, minor);
				const more = next && !inside.includes(next.name) ? below(next, `${indent}  `, [...inside, next.name]) : '';
				return line(of.name, item, indent) + more;
			})
			.join('');
	const [version, group] = asked.version.split('/').reverse();
	const parts = [`${group ? `GROUP:      ${group}\n` : ''}KIND:       ${asked.kind}\nVERSION:    ${version}\n\n`];
	if (field) {
		const all = values(field);
		parts.push(
			`FIELD: ${asked.name} <${typeName(asked.owner ?? '', field)}>\n${all.length > 0 ? `ENUM:${all.map((value) => `\n    ${value}`).join('')}` : ''}${client >= 28 ? '\n' : ''}\n`,
		);
	}
	const words = [...(field ? [asked.doc] : []), ...(type ? [docOf(type.name)] : [])].filter((text) => text !== '');
	// Each description ends a line, and the empty one after the last is indented like the others.
	const lines = words.length > 0 ? [...words.flatMap((text) => wrapped(text, 76)), ''] : ['<empty>'];
	parts.push('DESCRIPTION:\n', ...lines.map((text) => `    ${text}\n`));
	if (type) {
		parts.push('FIELDS:\n');
		if (asked.recursive) parts.push(below(type, '  ', [type.name]));
		else
			for (const item of fieldsOf(type)) {
				const doc = docOf(type.name, item.name) || '<no description>';
				parts.push(`${line(type.name, item, '  ')}    ${wrapped(doc, 76).join('\n    ')}\n\n`);
			}
	}
	parts.push('\n');
	return parts.join('');
}
