/** jq of the terminal says what jq 1.6 says; the answers were taken from Debian's. */
import { describe, expect, it } from 'vitest';
import { terminal } from '../terminal.ts';
import { inShell } from './real.ts';

const OBJECT = '{"a":[{"n":"x","v":1},{"n":"y","v":22}],"o":{"k":null,"b":true}}';

describe('jq', () => {
	it.each([
		[`jq -r '.a[]|[.n,.v]|@csv,@tsv'`, '"x",1\nx\t1\n"y",22\ny\t22\n'],
		[
			`jq -c 'walk(if type=="number" then .+1 else . end)'`,
			'{"a":[{"n":"x","v":2},{"n":"y","v":23}],"o":{"k":null,"b":true}}\n',
		],
		[`jq -j '.a[0].n, .a[1].v'`, 'x22'],
		[`jq -c '.z.y |= 3 | .z, (.c["x-y"] = 1 | .c), (del(.a[0]) | .a | length)'`, '{"y":3}\n{"x-y":1}\n1\n'],
		[`jq -c '[paths(scalars)]|length, ([.. | numbers])'`, '5\n[0,0,1,1]\n'],
		[
			`jq -r '.a|(map("\\(.n)=\\(.v)")|join(",")), @sh "echo \\(map(.n))", (map(.n)|@uri)'`,
			`x=1,y=22\necho 'x' 'y'\n%5B%22x%22%2C%22y%22%5D\n`,
		],
		[
			`jq -c '.a|(group_by(.n)|map({(.[0].n): length})|add), (sort_by(-.v)[0].n), (min_by(.v).n)'`,
			'{"x":1,"y":1}\n"y"\n"x"\n',
		],
		[`jq -r '.o|to_entries[]|"\\(.key):\\(.value)"'`, 'k:null\nb:true\n'],
		[`jq -S -c '.o'`, '{"b":true,"k":null}\n'],
		[`jq --tab .o`, '{\n\t"k": null,\n\t"b": true\n}\n'],
		[
			`jq -C -c .o | cat -v`,
			'^[[1;39m{^[[0m^[[34;1m"k"^[[0m^[[1;39m:^[[0m^[[1;30mnull^[[0m^[[1;39m,^[[0m^[[34;1m"b"^[[0m^[[1;39m:^[[0m^[[0;39mtrue^[[0m^[[1;39m^[[1;39m}^[[0m\n',
		],
		[`jq | wc -l`, '16\n'],
		[`jq -e .o.k; echo $?`, 'null\n1\n'],
		[`jq -r --arg n y '.a[]|select(.n==$n).v'`, '22\n'],
		[`jq -c --stream 'select(length==2)|.[0]|join(".")' <<< '{"a":{"b":1}}'`, '"a.b"\n'],
	])('%s of an object', async (line, out) => {
		const given = line.includes('<<<') ? line : `echo '${OBJECT}' | ${line}`;
		expect(await inShell(given)).toEqual({ out: `${out} code 0\n`, err: '' });
	});

	it.each([
		['(1,2)+(10,20)', '11\n12\n21\n22\n'],
		['"\\(1,2)-\\(3,4)"', '"1-3"\n"2-3"\n"1-4"\n"2-4"\n'],
		['{a:(1,2),b:3}', '{"a":1,"b":3}\n{"a":2,"b":3}\n'],
		['. as [$a,{b:$c}] | [$a,$c]', '[null,null]\n'],
		['[1,2,3]|.[]|=empty', '[2]\n'],
		['[range(5)]|.[2:4]=["x"]|., del(.[0,2])', '[0,1,"x",4]\n[1,4]\n'],
		['reduce (1,2,3) as $x (0;.+$x)', '6\n'],
		['[foreach (1,2,3) as $x (0;.+$x;[$x,.])]', '[[1,1],[2,3],[3,6]]\n'],
		['label $f | 1, break $f, 2', '1\n'],
		['def f($a;g): $a+g; f(1,2;10)', '11\n12\n'],
		['[limit(5;def f: 1,f; f)]', '[1,1,1,1,1]\n'],
		['[.[]?], (try error("x") catch .), (null // 2), (false,3 // 4)', '[]\n"x"\n2\nfalse\n3\n'],
		[
			'"abc"|gsub("(?<x>[ab])";"<\\(.x)>"), sub("$";"!"), [scan("[a-b]")], test("B";"i")',
			'"<a><b>c"\n"abc!"\n["a","b"]\ntrue\n',
		],
		['"2015-03-05T23:51:47Z"|fromdate, strptime("%Y-%m-%dT%H:%M:%SZ")', '1425599507\n[2015,2,5,23,51,47,4,63]\n'],
		['1425599621|todate, strftime("%A %B %d %j %U")', '"2015-03-05T23:53:41Z"\n"Thursday March 05 064 09"\n'],
		['{"a":[1,2]}|[tostream]', '[[["a",0],1],[["a",1],2],[["a",1]],[["a"]]]\n'],
		[
			'[3.0,1e3,1e17,1e-5,0.0001,1e19,12345678901234567890]',
			'[3,1000,1e+17,1e-05,0.0001,1e+19,12345678901234567000]\n',
		],
		['[{},[],"a",1,true,false,null]|sort', '[null,false,true,1,"a",[],{}]\n'],
		['"x"|@base64, @html "<\\("&")>", ("eA=="|@base64d)', '"eA=="\n"<&amp;>"\n"x"\n'],
		['$__loc__, ([splits("a")]?), (1|isnormal), ("aéb"|utf8bytelength)', '{"file":"<top-level>","line":1}\ntrue\n4\n'],
	])('works out %s', async (program, out) => {
		expect(await inShell(`jq -nc '${program}'`)).toEqual({ out: `${out} code 0\n`, err: '' });
	});

	it.each([
		[
			'.a[',
			3,
			'jq: error: syntax error, unexpected $end (Unix shell quoting issues?) at <top-level>, line 1:\n.a[  \njq: 1 compile error\n',
		],
		[
			'if . then',
			3,
			"jq: error: syntax error, unexpected $end (Unix shell quoting issues?) at <top-level>, line 1:\nif . then     \njq: error: Possibly unterminated 'if' statement at <top-level>, line 1:\nif . then\njq: 2 compile errors\n",
		],
		['.a|foo(1)', 3, 'jq: error: foo/1 is not defined at <top-level>, line 1:\n.a|foo(1)   \njq: 1 compile error\n'],
		['$x', 3, 'jq: error: $x is not defined at <top-level>, line 1:\n$x\njq: 1 compile error\n'],
		['{} + 1', 5, 'jq: error (at <unknown>): object ({}) and number (1) cannot be added\n'],
		['1|.[]', 5, 'jq: error (at <unknown>): Cannot iterate over number (1)\n'],
		['[1]|.["a"]', 5, 'jq: error (at <unknown>): Cannot index array with string "a"\n'],
		['error({a:1})', 5, 'jq: error (at <unknown>) (not a string): {"a":1}\n'],
		['"x"|halt_error', 5, 'x'],
		['path(1)', 5, 'jq: error (at <unknown>): Invalid path expression with result 1\n'],
	])('refuses %s', async (program, code, err) => {
		expect(await inShell(`jq -nc '${program}'`)).toEqual({ out: ` code ${code}\n`, err });
	});

	it('reads values one behind the other, and says where it cannot', async () => {
		expect(
			(
				await inShell(
					"echo '1 2 3' | jq -s add; echo '1 2' | jq -nc '[inputs]'; printf 'l1\\nl2\\n' | jq -Rnc '[inputs]'",
				)
			).out,
		).toBe('6\n[1,2]\n["l1","l2"]\n code 0\n');
		expect(await inShell("jq . <<< '{bad'")).toEqual({
			out: ' code 2\n',
			err: 'parse error: Invalid numeric literal at line 2, column 0\n',
		});
		expect(await inShell("jq .a <<< '[1]'")).toEqual({
			out: ' code 5\n',
			err: 'jq: error (at <stdin>:1): Cannot index array with string "a"\n',
		});
	});

	it('ends what does not end', async () => {
		expect((await inShell("jq -n 'repeat(1)|empty'")).err).toBe('bash: stopped: the program does not end\n');
	});
});

it('alone at a terminal it tells how it is used, behind a pipe it shows what comes', async () => {
	const { run } = await terminal('empty');
	expect(await run(`echo '{"a":[1]}' | jq`)).toBe('{\n  "a": [\n    1\n  ]\n}\n');
	expect(await run(`echo '[]' > f; jq < f; jq -c <<< '{"b": 1}'; jq . f`)).toBe('[]\n{"b":1}\n[]\n');
});
