import { describe, expect, it } from 'vitest';
import { goTemplate } from '../../../src/cli/gotemplate/index.ts';

const DATA = {
	Names: 'basic-worker',
	State: { Status: 'running', Pid: 42 },
	Networks: { kind: { IPAddress: '172.18.0.3' }, bridge: { IPAddress: '' } },
	items: [{ metadata: { name: 'a', labels: { app: 'x' } } }, { metadata: { name: 'b' } }],
	n: 0,
};

describe('a template', () => {
	it.each([
		['{{.Names}}', 'basic-worker'],
		['{{ .State.Status }}: {{.State.Pid}}', 'running: 42'],
		['{{range .Networks}}[{{.IPAddress}}]{{end}}', '[][172.18.0.3]'],
		['{{range $k, $v := .Networks}}{{$k}}={{$v.IPAddress}};{{end}}', 'bridge=;kind=172.18.0.3;'],
		['{{range .items}}{{.metadata.name}}{{"\\n"}}{{end}}', 'a\nb\n'],
		['{{range $i, $e := .items}}{{if $i}},{{end}}{{$e.metadata.name}}{{end}}', 'a,b'],
		['{{if .n}}yes{{else if .Names}}named{{else}}no{{end}}', 'named'],
		['{{with .State}}{{.Status}}{{end}}{{with .n}}x{{else}}none{{end}}', 'runningnone'],
		['{{index .Networks "kind" "IPAddress"}}', '172.18.0.3'],
		['{{(index .items 0).metadata.name}}', 'a'],
		['{{json .State}}', '{"Pid":42,"Status":"running"}'],
		['{{.State.Status | upper | printf "%-10s|"}}', 'RUNNING   |'],
		['{{len .items}} {{eq .Names "x" "basic-worker"}} {{and .n "x"}} {{or .n "x"}} {{not .n}}', '2 true 0 x true'],
		['a {{- .n -}} b', 'a0b'],
		['{{/* nothing */}}x', 'x'],
		['{{.nope}}', '<no value>'],
		['{{printf "%1000000000s" "x"}}', '%!(NOVERB)%!(EXTRA string=x)'],
		['{{printf "%.200f" 1.5 | len}} {{pad "x" -1 2}}|', '102 x  |'],
		['{{.State}}', 'map[Pid:42 Status:running]'],
		['{{$x := 1}}{{if true}}{{$x = 2}}{{end}}{{$x}}', '2'],
		['{{range .items}}{{if eq .metadata.name "b"}}{{break}}{{end}}{{.metadata.name}}{{end}}', 'a'],
		['{{"}}"}}', '}}'],
	])('%s', (source, text) => {
		expect(goTemplate(source)(DATA)).toBe(text);
	});

	it.each([
		['{{.Names', 'unclosed action'],
		['{{if .Names}}x', 'unexpected EOF'],
		['{{end}}', 'unexpected {{end}}'],
		['{{nope .}}', 'function "nope" not defined'],
		['{{.Names.x}}', "can't evaluate field x"],
		['{{$y}}', 'undefined variable "$y"'],
		['{{index .items 9}}', 'index out of range'],
		['{{.Names ~}}', 'unexpected "~"'],
		// text/template/parse/lex.go: a key with a hyphen is no field.
		['{{.State.a-b}}', "bad character U+002D '-'"],
		['{{.Names~}}', "bad character U+007E '~'"],
		['{{x: }}', 'expected :='],
		['{{2h}}', 'bad number syntax: "2h"'],
	])('%s fails', (source, text) => {
		expect(() => goTemplate(source)(DATA)).toThrow(text);
	});

	it('refuses fields a struct does not have', () => {
		expect(() => goTemplate('{{.Nope}}', { strict: true })(DATA)).toThrow("can't evaluate field Nope");
	});

	it('does not reach what is not its data', () => {
		expect(goTemplate('{{.constructor}} {{index . "__proto__"}}')({})).toBe('<no value> <no value>');
	});
});
