/**
 * Label selectors, as kubectl's `-l` and as objects carry them.
 *
 * Source: k8s.io/apimachinery pkg/labels/selector.go (lexer, parser, error texts) @ v0.24.0.
 */
import { isRecord, sub, subs, text, texts } from './json.ts';

export type Operator = '=' | '==' | '!=' | 'in' | 'notin' | 'exists' | '!' | 'gt' | 'lt';

export interface Requirement {
	readonly key: string;
	readonly operator: Operator;
	readonly values: readonly string[];
}

/** All of them must hold; none selects everything. */
export type Selector = readonly Requirement[];

export type Parsed<T> =
	| { readonly value: T; readonly error?: undefined }
	| { readonly error: string; readonly value?: undefined };

type Token = readonly [kind: string, literal: string];

/** The lexer: symbols, words (`in` and `notin` among them), end. */
const lex = (input: string): readonly Token[] => {
	const tokens: Token[] = [];
	let i = 0;
	while (i < input.length) {
		const c = input[i]!;
		if (/\s/.test(c)) i++;
		else if ('=!(),<>'.includes(c)) {
			let symbol = c;
			if ((c === '=' || c === '!') && input[i + 1] === '=') symbol += '=';
			tokens.push([symbol, symbol]);
			i += symbol.length;
		} else {
			let end = i;
			while (end < input.length && !/\s/.test(input[end]!) && !'=!(),<>'.includes(input[end]!)) end++;
			const word = input.slice(i, end);
			tokens.push([word === 'in' || word === 'notin' ? word : 'id', word]);
			i = end;
		}
	}
	tokens.push(['end', '']);
	return tokens;
};

const LABEL_VALUE = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;
const NAME_PART = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

const VALUE_TEXT =
	"a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
const NAME_TEXT =
	"name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const SUBDOMAIN_TEXT =
	"a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

/** Why a text cannot be a label's key (validation.IsQualifiedName); empty when it can. */
export const qualifiedNameErrors = (key: string): readonly string[] => {
	const parts = key.split('/');
	if (parts.length > 2)
		return [
			"a qualified name must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')",
		];
	const errors: string[] = [];
	const name = parts[parts.length - 1]!;
	if (parts.length === 2) {
		const prefix = parts[0]!;
		if (prefix === '') errors.push('prefix part must be non-empty');
		else if (prefix.length > 253) errors.push('prefix part must be no more than 253 characters');
		else if (!SUBDOMAIN.test(prefix)) errors.push(`prefix part ${SUBDOMAIN_TEXT}`);
	}
	if (name === '') errors.push('name part must be non-empty');
	else if (name.length > 63) errors.push('name part must be no more than 63 characters');
	if (!NAME_PART.test(name)) errors.push(NAME_TEXT);
	return errors;
};

/** Why a text cannot be a label's value; empty when it can. */
export const labelValueErrors = (value: string): readonly string[] => [
	...(value.length > 63 ? ['must be no more than 63 characters'] : []),
	...(LABEL_VALUE.test(value) ? [] : [VALUE_TEXT]),
];

const checkRequirement = ({ key, values }: Requirement): string | undefined => {
	const wrongKey = qualifiedNameErrors(key);
	if (wrongKey.length > 0) return `key: Invalid value: ${JSON.stringify(key)}: ${wrongKey.join('; ')}`;
	for (const value of values) {
		const wrong = labelValueErrors(value);
		if (wrong.length > 0) return `values[0][${key}]: Invalid value: ${JSON.stringify(value)}: ${wrong.join('; ')}`;
	}
	return undefined;
};

/** Parses `a=b,c!=d,e in (f,g),h,!i,j>3`; the error is what follows `unable to parse requirement: `. */
export const parseSelector = (input: string): Parsed<Selector> => {
	const tokens = lex(input);
	let position = 0;
	const peek = (): Token => tokens[Math.min(position, tokens.length - 1)]!;
	const take = (): Token => tokens[Math.min(position++, tokens.length - 1)]!;
	const out: Requirement[] = [];
	const fail = (why: string): Parsed<Selector> => ({ error: `unable to parse requirement: ${why}` });

	const readSet = (): Parsed<readonly string[]> => {
		const [open, literal] = take();
		if (open !== '(') return { error: `found '${literal}' expected: '('` };
		const values: string[] = [];
		for (;;) {
			const [kind, word] = take();
			if (kind === ')') {
				if (values.length === 0) values.push('');
				return { value: [...new Set(values)].sort() };
			}
			if (kind === ',') {
				if (peek()[0] === ')' || peek()[0] === ',' || values.length === 0) values.push('');
			} else if (kind === 'id' || kind === 'in' || kind === 'notin') {
				values.push(word);
				const next = peek();
				if (next[0] !== ',' && next[0] !== ')') return { error: `found '${next[1]}', expected: ',' or ')'` };
				if (next[0] === ',') take();
			} else return { error: `found '${word}', expected: ',', ')' or identifier` };
		}
	};

	if (peek()[0] === 'end') return { value: [] };
	for (;;) {
		const [kind, literal] = peek();
		if (kind === 'id' || kind === '!' || kind === 'in' || kind === 'notin') {
			let negated = false;
			if (kind === '!') {
				take();
				negated = true;
			}
			const [keyKind, key] = take();
			if (keyKind !== 'id' && keyKind !== 'in' && keyKind !== 'notin')
				return fail(`found '${key}', expected: identifier`);
			const [sign, signText] = peek();
			let requirement: Requirement;
			if (negated || sign === 'end' || sign === ',')
				requirement = { key, operator: negated ? '!' : 'exists', values: [] };
			else {
				take();
				if (sign === 'in' || sign === 'notin') {
					const set = readSet();
					if (set.error !== undefined) return fail(set.error);
					requirement = { key, operator: sign, values: set.value! };
				} else if (sign === '=' || sign === '==' || sign === '!=' || sign === '>' || sign === '<') {
					const [valueKind] = peek();
					let value = '';
					if (valueKind !== 'end' && valueKind !== ',') {
						const [k, word] = take();
						if (k !== 'id' && k !== 'in' && k !== 'notin') return fail(`found '${word}', expected: identifier`);
						value = word;
					}
					requirement = { key, operator: sign === '>' ? 'gt' : sign === '<' ? 'lt' : sign, values: [value] };
				} else return fail(`found '${signText}', expected: in, notin, =, ==, !=, gt, lt`);
			}
			const wrong = checkRequirement(requirement);
			if (wrong !== undefined) return fail(wrong);
			out.push(requirement);
			const [next, nextText] = take();
			if (next === 'end') return { value: out };
			if (next !== ',') return { error: `found '${nextText}', expected: ',' or 'end of string'` };
			if (peek()[0] !== 'id' && peek()[0] !== '!' && peek()[0] !== 'in' && peek()[0] !== 'notin')
				return { error: `found '${peek()[1]}', expected: identifier after ','` };
		} else return { error: `found '${literal}', expected: !, identifier, or 'end of string'` };
	}
};

type Labels = Readonly<Record<string, string>>;

const holds = ({ key, operator, values }: Requirement, labels: Labels): boolean => {
	const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
	switch (operator) {
		case '=':
		case '==':
		case 'in':
			return value !== undefined && values.includes(value);
		case '!=':
		case 'notin':
			return value === undefined || !values.includes(value);
		case 'exists':
			return value !== undefined;
		case '!':
			return value === undefined;
		case 'gt':
			return value !== undefined && Number(value) > Number(values[0]);
		case 'lt':
			return value !== undefined && Number(value) < Number(values[0]);
	}
};

/** Whether labels satisfy a selector. */
export const selects = (selector: Selector, labels: Labels | undefined): boolean =>
	selector.every((requirement) => holds(requirement, labels ?? {}));

const OPERATORS: Readonly<Record<string, Operator>> = { In: 'in', NotIn: 'notin', Exists: 'exists', DoesNotExist: '!' };

/** A metav1.LabelSelector (`matchLabels`, `matchExpressions`) as requirements; `{}` selects everything. */
export const labelSelector = (value: unknown): Selector => {
	const labels = sub(value, 'matchLabels');
	return [
		...Object.keys(labels)
			.sort()
			.map((key): Requirement => ({ key, operator: '=', values: [String(labels[key])] })),
		...subs(value, 'matchExpressions').map(
			(item): Requirement => ({
				key: text(item, 'key') ?? '',
				operator: OPERATORS[text(item, 'operator') ?? ''] ?? 'in',
				values: texts(item, 'values'),
			}),
		),
	];
};

/** A plain map of labels (a Service's selector) as requirements. */
export const mapSelector = (value: unknown): Selector => (isRecord(value) ? labelSelector({ matchLabels: value }) : []);

/** As tables and `describe` print it: `a=b,c in (d,e),!f`; `<none>` for an empty one is the printer's. */
export const formatSelector = (selector: Selector): string =>
	[...selector]
		.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
		.map(({ key, operator, values }) => {
			if (operator === 'exists') return key;
			if (operator === '!') return `!${key}`;
			if (operator === 'in' || operator === 'notin') return `${key} ${operator} (${[...values].sort().join(',')})`;
			return `${key}${operator === 'gt' ? '>' : operator === 'lt' ? '<' : operator}${values[0] ?? ''}`;
		})
		.join(',');
