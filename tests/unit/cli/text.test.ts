import { describe, expect, it } from 'vitest';
import {
	agentTable,
	CILIUM_CLI,
	KUBECTL_DESCRIBE,
	KUBECTL_GET,
	kubectlTable,
	type TabOptions,
	TabWriter,
	tabulate,
} from '../../../src/cli/text/index.ts';

const o = (minWidth: number, tabWidth: number, padding: number, padChar = ' ', more: Partial<TabOptions> = {}) => ({
	minWidth,
	tabWidth,
	padding,
	padChar,
	...more,
});

/** Behaviour of text/tabwriter, as its documentation states it and golang/go src/text/tabwriter/tabwriter_test.go @ go1.18 checks it. */
const RULES: readonly (readonly [what: string, options: TabOptions, source: string, expected: string])[] = [
	['nothing is nothing', o(8, 0, 1, '.'), '', ''],
	['line breaks stay', o(8, 0, 1, '.'), '\n\n\n', '\n\n\n'],
	['a tab at the very end makes no column', o(8, 0, 1, '.'), '\t', ''],
	['text after the last tab is in no column', o(8, 0, 1, '.'), 'x\ty\n', 'x.......y\n'],
	['a cell that ends with a tab is padded', o(8, 0, 1, '.'), 'x\ty\t\n', 'x.......y.......\n'],
	['an empty cell is padded', o(8, 0, 1, '.'), '\t\n', '........\n'],
	['the last line without line break ends with its text', o(8, 0, 1, '.'), 'x\ty\t', 'x.......y'],
	['the least width includes padding', o(4, 0, 1, '-'), 'abcd\te\n', 'abcd-e\n'],
	['padding comes on top of the widest cell', o(0, 0, 2), 'a\tb\nccc\td\n', 'a    b\nccc  d\n'],
	['code points are counted', o(3, 0, 1, '.'), '日本\tx\nab\ty\n', '日本.x\nab.y\n'],
	['a column ends where a line has no cell in it', o(1, 0, 1, '.'), 'aaaa\tb\nx\ny\tz\n', 'aaaa.b\nx\ny.z\n'],
	[
		'columns further right have runs of their own',
		o(1, 0, 1, '.'),
		'a\tbbb\tc\na\tb\na\tb\tc\n',
		'a.bbb.c\na.b\na.b.c\n',
	],
	['a form feed ends all columns', o(1, 0, 1, '.'), 'a\tb\fcccc\td\n', 'a.b\ncccc.d\n'],
	['a bar shows columns', o(5, 0, 0, '.', { debug: true }), 'a\tb\tc\n', 'a....|b....|c\n'],
	['a bar shows sections', o(1, 0, 0, '.', { debug: true }), 'a\tb\fc\td\n', 'a|b\n---\nc|d\n'],
	[
		'text may stand at the right',
		o(5, 0, 1, ' ', { alignRight: true }),
		'a\tbb\t\nccc\td\t\n',
		'    a   bb\n  ccc    d\n',
	],
	['tabs fill up to their stops', o(8, 8, 1, '\t'), 'a\tb\nlongword1\tc\n', 'a\t\tb\nlongword1\tc\n'],
	['tabs keep text at the left', o(8, 8, 1, '\t', { alignRight: true }), 'a\tb\n', 'a\tb\n'],
	['soft empty columns can go', o(4, 0, 0, '.', { discardEmptyColumns: true }), 'a\v\vb', 'a...b'],
	['hard empty columns stay', o(4, 0, 0, '.', { discardEmptyColumns: true }), 'a\t\tb', 'a.......b'],
	['empty cells at the left may be tabs', o(4, 4, 0, ' ', { tabIndent: true }), '\ta\tb\n', '\ta   b\n'],
	['tabs of no width fill nothing', o(4, 0, 0, '\t'), 'a\tb\n', 'ab\n'],
];

describe('the column writer', () => {
	it.each(RULES)('%s', (_, options, source, expected) => {
		expect(tabulate(source, options)).toBe(expected);
	});

	it('gives the same whether text comes at once or in pieces', () => {
		const source = 'NAME\tREADY\tAGE\nweb-1\t1/1\t3m\nweb-22\t0/1\t12s\n';
		const writer = new TabWriter(o(6, 4, 3));
		for (const char of source) writer.write(char);
		expect(writer.flush()).toBe(tabulate(source, o(6, 4, 3)));
	});

	it('remembers widths from one flush to the next, as kubectl get -w needs it', () => {
		const writer = new TabWriter(KUBECTL_GET);
		writer.write('NAME\tREADY\na-long-name\t1/1\n');
		expect(writer.flush()).toBe('NAME          READY\na-long-name   1/1\n');
		writer.write('b\t0/1\n');
		expect(writer.flush()).toBe('b             0/1\n');
		writer.write('a-much-longer-name\t0/1\n');
		expect(writer.flush()).toBe('a-much-longer-name   0/1\n');
	});

	it('forgets them when it is not told to remember', () => {
		const writer = new TabWriter(o(6, 4, 3));
		writer.write('a-long-name\t1/1\n');
		writer.flush();
		writer.write('b\t0/1\n');
		expect(writer.flush()).toBe('b     0/1\n');
	});
});

describe('tables of the tools', () => {
	it('of kubectl: at least 6 wide, 3 between, nothing after the last column', () => {
		expect(
			kubectlTable({
				columns: ['NAME', 'STATUS', 'ROLES', 'AGE', 'VERSION'],
				rows: [
					['basic-control-plane', 'Ready', 'control-plane', '24m', 'v1.24.0'],
					['basic-worker', 'Ready', '<none>', '24m', 'v1.24.0'],
				],
			}),
		).toBe(
			'NAME                  STATUS   ROLES           AGE   VERSION\n' +
				'basic-control-plane   Ready    control-plane   24m   v1.24.0\n' +
				'basic-worker          Ready    <none>          24m   v1.24.0\n',
		);
	});

	it('of kubectl: an empty last cell leaves the blanks before it', () => {
		expect(kubectlTable({ columns: ['NAME', 'IPV4', 'IPV6'], rows: [['x', '10.0.0.1', '']] })).toBe(
			'NAME   IPV4       IPV6\nx      10.0.0.1   \n',
		);
	});

	it('of kubectl: without headers, with numbers, and only the first line of a cell', () => {
		const rows = [['a\nb', 3, '\u001b[31mred']];
		expect(kubectlTable({ columns: ['A', 'B', 'C'], rows }, { headers: false })).toBe('a...   3     ^[[31mred\n');
	});

	it('of kubectl describe and of the cilium CLI', () => {
		expect(tabulate('Name:\tweb\nNamespace:\tdefault\n', KUBECTL_DESCRIBE)).toBe(
			'Name:       web\nNamespace:  default\n',
		);
		expect(tabulate('ipam\tkubernetes\ntunnel\tvxlan\n', CILIUM_CLI)).toBe('ipam      kubernetes\ntunnel    vxlan\n');
	});

	it('of the agent: every cell is padded', () => {
		expect(
			agentTable([
				['ID', 'Frontend'],
				[1, '10.96.0.1:443'],
			]),
		).toBe('ID   Frontend        \n1    10.96.0.1:443   \n');
	});
});
