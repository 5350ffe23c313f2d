import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { printYaml, readManifests } from '../../../src/cli/kube/index.ts';

describe('YAML is printed as go-yaml prints it', () => {
	it.each([
		[{ a: 'true', b: true, c: '8080', d: 8080 }, 'a: "true"\nb: true\nc: "8080"\nd: 8080\n'],
		[{ list: [1, 2], empty: [], none: {}, nil: null }, 'empty: []\nlist:\n- 1\n- 2\nnil: null\nnone: {}\n'],
		[{ spec: { ports: [{ port: 80, name: 'http' }] } }, 'spec:\n  ports:\n  - name: http\n    port: 80\n'],
		[
			{ a: 'x: y', b: '#no', c: '*', d: '{x}', e: "it's", f: '' },
			"a: 'x: y'\nb: '#no'\nc: '*'\nd: '{x}'\ne: it's\nf: \"\"\n",
		],
		[{ a: 'two\nlines\n' }, 'a: |\n  two\n  lines\n'],
		[{ a: 'two\nlines' }, 'a: |-\n  two\n  lines\n'],
		[{ t: '2022-08-30T10:12:01Z', ip: '10.0.0.1', m: '1e3' }, 'ip: 10.0.0.1\nm: "1e3"\nt: "2022-08-30T10:12:01Z"\n'],
		[{ a10: 1, a9: 2 }, 'a9: 2\na10: 1\n'],
		[[], '[]\n'],
		// What kubectl v1.27 and v1.33 print of such values: tabs and emoji are not printable to go-yaml v2.
		[{ a: 'server {\n\tlisten 80;\n}\n' }, 'a: "server {\\n\\tlisten 80;\\n}\\n"\n'],
		[{ a: 'x\ty' }, 'a: "x\\ty"\n'],
		[{ a: 'é 漢 😀' }, 'a: "é 漢 \\U0001F600"\n'],
		[{ a: 'key=value ', b: '<<' }, "a: 'key=value '\nb: <<\n"],
		[{ a: 'one \ntwo' }, 'a: "one \\ntwo"\n'],
		[{ a: 'crlf\r\n' }, 'a: "crlf\\r\\n"\n'],
		[{ a: `\t${'word '.repeat(18)}  end` }, `a: "\\t${'word '.repeat(15)}word\n  word word   end"\n`],
		[
			{
				message:
					'container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized',
			},
			"message: 'container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady\n  message:Network plugin returns error: cni plugin not initialized'\n",
		],
	])('%j', (value, text) => {
		expect(printYaml(value)).toBe(text);
	});

	it('and reads back as what it was', () => {
		const scalar = fc.oneof(
			fc.string({ unit: 'grapheme' }),
			fc.constantFrom(
				'yes',
				'no',
				'~',
				'0x1f',
				'1_000',
				'- a',
				'a: b',
				' x',
				'x ',
				'a\tb',
				'"',
				'\u0085',
				'한국어 텍스트',
				'a # b',
				'%',
				'|',
				'2001-01-01',
				'12:30',
				'.5',
				'---',
			),
			fc.integer(),
			fc.boolean(),
			fc.constant(null),
		);
		const json = fc.letrec((tie) => ({
			value: fc.oneof(
				{ depthSize: 'small' },
				scalar,
				fc.array(tie('value')),
				fc.dictionary(
					fc.string({ minLength: 1 }).filter((k) => k !== '__proto__'),
					tie('value'),
				),
			),
		})).value;
		fc.assert(
			fc.property(json, (value) => {
				expect(parse(printYaml(value), { schema: 'core', version: '1.2' })).toEqual(value);
			}),
			{ numRuns: 500 },
		);
	});
});

describe('manifests', () => {
	it('are read one by one, with the line each begins on', () => {
		const read = readManifests('# first\nkind: A\n---\n---\nkind: B\n');
		expect(read).toEqual([
			{ value: { kind: 'A' }, line: 2 },
			{ value: { kind: 'B' }, line: 5 },
		]);
	});

	it('have modes in octal and truth in words, as Go reads them', () => {
		const read = readManifests('a: 0755\nb: "0755"\nc: yes\nd: Off\ne: y\nf: 08\ng: -010\nh: 22:22\n');
		expect(read).toEqual([
			{ value: { a: 493, b: '0755', c: true, d: false, e: true, f: 8, g: -8, h: '22:22' }, line: 1 },
		]);
	});

	// What `kubectl label --local -o json` of v1.27 and v1.33 makes of such values.
	it.each([
		['y', true],
		['N', false],
		['1_000', 1000],
		['0b11', 3],
		['-0x1F', -31],
		['0X1f', 31],
		['-0o7', -7],
		['1_000.5', 1000.5],
		['-1_0.5e1_0', -105000000000],
		['!!binary aGk=', 'hi'],
		['tRUE', 'tRUE'],
		['2020-01-01', '2020-01-01'],
	])('read %s as %j', (text, value) => {
		expect(readManifests(`x: ${text}\n`)).toEqual([{ value: { x: value }, line: 1 }]);
	});

	it('take in with << what an anchor has', () => {
		expect(readManifests('a: &a {x: 1}\nb: {<<: *a, z: 2}\nc:\n  <<: [{d: 3}, *a]\n')).toEqual([
			{ value: { a: { x: 1 }, b: { x: 1, z: 2 }, c: { d: 3, x: 1 } }, line: 1 },
		]);
	});

	it('take the last of several values of one key, as go-yaml does', () => {
		expect(readManifests('a: 1\na: 2\n')).toEqual([{ value: { a: 2 }, line: 1 }]);
	});

	it.each([
		['a: [1, 2', /^error converting YAML to JSON: yaml: did not find expected ',' or '\]'$/],
		['a: b: c', /yaml: mapping values are not allowed in this context$/],
		['a:\n  b: 1\n c: 2\n', /yaml: line 2: did not find expected key$/],
		['a: 1\nb\nc: 2\n', /yaml: line 3: could not find expected ':'$/],
		['a:\n\tb: 1\n', /yaml: line 2: found character that cannot start any token$/],
		['{"a": 1,}', /^json: offset 9: invalid character '}' looking for beginning of object key string$/],
		['{"a": tru}', /^json: offset 10: invalid character '}' in literal true \(expecting 'e'\)$/],
		['- a\n- b\n', /cannot unmarshal array/],
		['just text', /cannot unmarshal string/],
	])('%j is refused', (text, message) => {
		expect(readManifests(text)).toEqual(expect.objectContaining({ error: expect.stringMatching(message) }));
	});

	// What kubectl v1.27 says of the same texts.
	it.each([
		['a: b\n- c\n', 'line 1: did not find expected key'],
		['a:\n  b: "x"\n  \n    c: y\n', 'line 3: did not find expected key'],
		['a:\n  b: "x"\n# z\n\n    c: y\nd: e\n', 'line 4: did not find expected key'],
		['a: b\n  c: d\n', 'line 2: mapping values are not allowed in this context'],
		['spec:\n- a\n b: c\n', 'line 3: mapping values are not allowed in this context'],
		['bad: [\n', 'line 1: did not find expected node content'],
		['a: {b: c,\n', 'line 1: did not find expected node content'],
		['metadata:\n  name: a\n    labels: {}\n', 'line 3: mapping values are not allowed in this context'],
		['spec:\n  containers:\n  - name: a\n   image: b\n', 'line 3: did not find expected key'],
		['spec:\n  containers:\n    - name: a\n   image: b\n', 'line 3: did not find expected key'],
		['a:\n  - b\n  c: d\n', "line 2: did not find expected '-' indicator"],
		['- a\n- b\nc: d\n', "line 2: did not find expected '-' indicator"],
		['a: - b\n', 'block sequence entries are not allowed in this context'],
		['a: b\n\tc: d\n', 'line 2: found a tab character that violates indentation'],
		['foo\nbar: x\n', 'line 2: mapping values are not allowed in this context'],
		['a: {{ .Values.x }}\n', 'invalid map key: map[interface {}]interface {}{".Values.x":interface {}(nil)}'],
		['[1, 2]: a\n', 'invalid map key: []interface {}{1, 2}'],
		['a: b\n\u0001c: d\n', 'control characters are not allowed'],
		['kind: a\n---\nbad: [\n', 'line 1: did not find expected node content'],
	])('%j is wrong in the words of go-yaml', (text, words) => {
		expect(readManifests(text)).toMatchObject({ error: `error converting YAML to JSON: yaml: ${words}` });
	});

	it('read what stands before a document that cannot be read', () => {
		expect(readManifests('a: 1\n---\nbad: [\n')).toMatchObject({ before: [{ value: { a: 1 }, line: 1 }], line: 4 });
	});

	it('have no offset where JSON ends too early', () => {
		expect(readManifests('{"a": 1')).toMatchObject({ error: 'unexpected EOF' });
	});

	it.each([
		['a: 1\nb: *lost\n', 2],
		['a: *lost\nlost: &lost 1\n', 1],
		['a: &lost 1\n---\na: *lost\n', 3],
	])('%j names an anchor that is not there, and the place', (text, line) => {
		expect(readManifests(text)).toMatchObject({
			error: "error converting YAML to JSON: yaml: unknown anchor 'lost' referenced",
			line,
			column: 4,
			code: 'BAD_ALIAS',
		});
		expect(readManifests('a: &here [1]\nb: *here\n')).toEqual([{ value: { a: [1], b: [1] }, line: 1 }]);
	});

	it('do not blow up by aliases of aliases', () => {
		const bomb = [
			'a0: &a0 [x, x, x, x, x, x, x, x, x]',
			...Array.from({ length: 8 }, (_, i) => `a${i + 1}: &a${i + 1} [${Array(9).fill(`*a${i}`).join(', ')}]`),
		].join('\n');
		expect(readManifests(bomb)).toHaveProperty('error');
	});
});
