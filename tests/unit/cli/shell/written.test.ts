/** Files that something still writes into: what a redirection names has each thing as it is written. */
import { describe, expect, it } from 'vitest';
import { screen } from '../fake-lab.ts';

/** Runs lines one after another, and answers what the last of them wrote. */
async function last(...lines: readonly string[]): Promise<string> {
	const s = screen();
	let text = '';
	for (const line of lines) text = await s.run(line);
	return text;
}

const TWO = 'tick 0 at 0\ntick 1 at 1\n';

describe('what a job has written so far is there', () => {
	it.each([
		['> f', 'tick 9 > f &', 'sleep 1.5; cat f', TWO],
		['1> f', 'tick 9 1> f &', 'sleep 1.5; cat f', TWO],
		['>| f', 'tick 9 >| f &', 'sleep 1.5; cat f', TWO],
		['>> f', 'echo before > f; tick 9 >> f &', 'sleep 1.5; cat f', `before\n${TWO}`],
		['2>&1', '(tick 9; nothing) > f 2>&1 &', 'sleep 1.5; cat f', TWO],
		['&> f', 'tick 9 &> f &', 'sleep 1.5; cat f', TWO],
		['&>> f', 'tick 9 &>> f &', 'sleep 1.5; cat f', TWO],
		['>& f', 'tick 9 >& f &', 'sleep 1.5; cat f', TWO],
		['errors', '{ tick 9 >&2; } 2> f &', 'sleep 1.5; cat f', TWO],
		['a number', 'tick 9 3> f >&3 &', 'sleep 1.5; cat f', TWO],
		['a variable', 'o=f; tick 9 > "$o" &', 'sleep 1.5; cat f', TWO],
		['a loop', 'while true; do tick 1; done > f &', 'sleep 1.5; cat f', 'tick 0 at 0\ntick 0 at 1\n'],
		['a for', 'for i in 1 2; do tick 1; done > f &', 'sleep 1.5; cat f', 'tick 0 at 0\ntick 0 at 1\n'],
		['a subshell', '(while true; do date +%S; sleep 1; done) > f &', 'sleep 1.5; cat f', '00\n01\n'],
		['a function', 't() { tick 9; }; t > f &', 'sleep 1.5; cat f', TWO],
		['eval', "eval 'tick 9' > f &", 'sleep 1.5; cat f', TWO],
		['bash -c', "bash -c 'tick 9' > f &", 'sleep 1.5; cat f', TWO],
		['inside', "bash -c 'tick 9 > f' &", 'sleep 1.5; cat f', TWO],
		['a pipeline', 'tick 9 | cat > f &', 'sleep 1.5; cat f', TWO],
		['tee', 'tick 9 | tee f > /dev/null &', 'sleep 1.5; cat f', TWO],
		['exec', "bash -c 'exec > f; tick 9' &", 'sleep 1.5; cat f', TWO],
		['exec of a command', "bash -c 'exec tick 9 > f' &", 'sleep 1.5; cat f', TWO],
		['nohup', 'nohup tick 9 > f &', 'sleep 1.5; cat f', TWO],
		['nohup alone', 'nohup tick 9 &', 'sleep 1.5; cat nohup.out', TWO],
		['if', 'if true; then tick 9; fi > f &', 'sleep 1.5; cat f', TWO],
		['a job of a group', '{ tick 9 & } > f', 'sleep 1.5; sed s/^/f:/ f', 'f:tick 0 at 0\nf:tick 1 at 1\n'],
		['a shell elsewhere', "into one bash -c 'tick 9' > f &", 'sleep 1.5; cat f', TWO],
		['a file elsewhere', "into one bash -c 'tick 9 > /tmp/f' &", 'sleep 1.5; into one cat /tmp/f', TWO],
		['its size', 'tick 9 > f &', 'sleep 1.5; stat -c %s f; wc -l < f; ls -s f >/dev/null', '24\n2\n'],
		[
			'a name that it got',
			'tick 9 > f &',
			'sleep 0.5; mv f g; sleep 1; cat g; ls f',
			`${TWO}ls: cannot access 'f': No such file or directory\n`,
		],
		[
			'a file that is gone',
			'tick 2 > f &',
			'sleep 0.5; rm f; sleep 3; ls f; wait',
			"ls: cannot access 'f': No such file or directory\n",
		],
		['a killed one', 'tick 9 > f &', 'sleep 1.5; kill %1; cat f', TWO],
	])('%s', async (_, job, look, shown) => {
		expect((await last(job, look)).replace(/^(?:\[1\]|nohup:).*\n/gm, '')).toBe(shown);
	});

	it('for another terminal, and for who follows it', async () => {
		const s = screen();
		await s.run('tick 3 > f &');
		expect(await s.run('timeout 2.5 tail -f f')).toBe('tick 0 at 0\ntick 1 at 1\ntick 2 at 2\n');
	});

	it('for what reads in the same line', async () => {
		expect(await last('{ echo a; cat f >&2; echo b; } > f; cat f')).toBe('a\na\nb\n');
		expect(await last('{ echo a; echo b 2>&1; wc -l < f; } > f; cat f')).toBe('a\nb\n2\n');
	});
});

describe('what writes by stdio holds back less than 4096 octets', () => {
	it.each([
		['tick 9 | grep tick > f &', ''],
		['tick 9 | grep --line-buffered tick > f &', TWO],
		["tick 9 | sed 's/x/y/' > f &", ''],
		["tick 9 | sed -u 's/x/y/' > f &", TWO],
		["tick 9 | awk '{ print }' > f &", ''],
		["tick 9 | awk '{ print; fflush() }' > f &", TWO],
		['tick 9 | tr a b > f &', ''],
		['tick 9 | tee f > g &', TWO],
		['tick 9 | grep tick | cat > f &', TWO],
		["bash -c 'tick 9 | grep tick' > f &", ''],
	])('%s', async (job, shown) => {
		const look = 'sleep 1.5; cat f';
		expect((await last(job, look)).replace(/^\[1\].*\n/gm, '')).toBe(shown);
	});

	it('hands on whole pieces', async () => {
		const line = 'for i in 1 2 3; do yes $i | head -n 1000; sleep 1; done | grep . > f &';
		expect(await last(line, 'sleep 1.5; wc -c < f; wait; wc -c < f')).toContain('0\n6000\n');
		expect(await last(line.replace('1000', '3000'), 'sleep 1.5; wc -c < f')).toContain('8192\n');
	});

	it('loses it to a signal, and keeps it at an end', async () => {
		expect(await last('tick 3 | grep tick > f', 'cat f')).toBe(`${TWO}tick 2 at 2\n`);
		expect(await last('echo x > a; echo y > b; echo a b | xargs -n 1 grep . > f; sudo cat a >> f; cat f')).toBe(
			'x\ny\nx\n',
		);
		expect(await last('(tick 9 | grep tick) > f &', 'sleep 1.5; kill %1; cat f')).toBe('');
		expect(await last('timeout 1.5 sh -c "tick 9 | grep tick" > f; cat f')).toBe('');
	});
});

describe('what is written has its order', () => {
	it.each([
		['{ echo 1; echo 2 >&2; echo 3; } > f 2>&1; cat f', '1\n2\n3\n'],
		['{ echo 1; echo 2 >&2; echo 3; } 2>&1 > f; echo -; cat f', '2\n-\n1\n3\n'],
		['{ echo 1; echo 2 >&2; } > a 2> b; cat a; echo -; cat b', '1\n-\n2\n'],
		['{ echo 1; echo 2 >&2; } &> f; cat f', '1\n2\n'],
		['{ echo 1; echo 2 >&2; } 3>&1 1>&2 2>&3 | sed s/^/p/', '1\np2\n'],
		['{ echo 1; { echo 2; echo 3 >&2; } > g; echo 4; } > f 2>&1; cat f; echo -; cat g', '1\n3\n4\n-\n2\n'],
		['echo 1 > f; { echo 2; echo 3 >> f; } >> f; cat f', '1\n2\n3\n'],
		['exec 3> f; echo a >&3; echo b >&3; exec 3>&-; cat f', 'a\nb\n'],
		['exec > log; { echo in; } > f; exec > /dev/tty', ''],
		['f() { echo $1; [ $1 -lt 3 ] && { f $(($1 + 1)) > f$1; }; }; f 1; cat f1 f2', '1\n2\n3\n'],
		['for i in 1 2; do echo $i > f$i; done; cat f1 f2', '1\n2\n'],
		['i=0; echo x > f$((i++)); ls f*; echo $i', 'f0\n1\n'],
		['set -C; echo 1 > f; echo 2 > f; echo 3 >| f; cat f', 'bash: f: cannot overwrite existing file\n3\n'],
		['echo 1 > /no/f; echo $?', 'bash: /no/f: No such file or directory\n1\n'],
		['mkdir d; { echo 1; } > d; echo $?', 'bash: d: Is a directory\n1\n'],
		['bash -c "{ echo 1; exit 3; } > f"; echo $?; cat f', '3\n1\n'],
		['(echo 1; exit 3) > f; echo $?; cat f', '3\n1\n'],
		["printf '\\xff\\xc3\\xa9' > f; od -An -tx1 f", ' ff c3 a9\n'],
		['octets > f; od -An -tx1 f', ' 00 ff 0a c8\n'],
		['{ octets; echo é; } > f; od -An -tx1 f', ' 00 ff 0a c8 c3 a9 0a\n'],
		['echo é > f; { echo é; echo é >&2; } >> f 2>&1; cat f', 'é\né\né\n'],
		['show > f; cat f', 'a word to the side\nplace=laptop tty=false args= stdin=\n'],
		['show > /dev/null', 'a word to the side\n'],
		['show &> /dev/null; echo $?', '3\n'],
		['nothing 2> f; cat f', 'bash: nothing: command not found\n'],
		['bash -c "nothing" > f 2>&1; cat f', 'bash: line 1: nothing: command not found\n'],
		['x=$(echo a > f; cat f); echo $x', 'a\n'],
		['x=$( { echo out; echo err >&2; } 2> f ); echo "$x"; cat f', 'out\nerr\n'],
		['echo a | tee f > g; cat f g', 'a\na\n'],
		['set -x; echo a > f; { echo b; } >> f; set +x; cat f', '+ echo a\n+ echo b\n+ set +x\na\nb\n'],
		['yes > f; echo $?', 'bash: stopped: the output is too large\n130\n'],
		['yes > /dev/null; echo $?', 'bash: stopped: the output is too large\n130\n'],
	])('%s', async (line, shown) => {
		expect(await last(line)).toBe(shown);
	});
});
