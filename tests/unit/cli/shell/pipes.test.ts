import { describe, expect, it } from 'vitest';
import { screen } from '../fake-lab.ts';

/** What was written, with the lab's seconds. */
async function times(line: string): Promise<[string, number][]> {
	const s = screen();
	await s.run(line);
	return s.writes.map(({ text, at }) => [text, at / 1e6]);
}

/** A pace that stands still until it is told. */
function held() {
	let go: (() => void) | undefined;
	const pace = (now: number) => new Promise<number>((resolve) => (go = () => resolve(now + 1e6)));
	const step = async (): Promise<void> => {
		await new Promise((resolve) => setTimeout(resolve, 10));
		go?.();
		await new Promise((resolve) => setTimeout(resolve, 10));
	};
	return { pace, step };
}

describe('a line of a pipe', () => {
	const TICKS = [
		['tick 0 at 0\n', 0],
		['tick 1 at 1\n', 1],
		['tick 2 at 2\n', 2],
	] as const;
	it.each([
		['tick 3 | cat', TICKS],
		['tick 3 | grep tick', TICKS],
		['tick 3 | grep -v nothing | cat', TICKS],
		['tick 3 2>&1 | grep tick', TICKS],
		['tick 3 |& cat', TICKS],
		["tick 3 | sed 's/x/y/'", TICKS],
		["tick 3 | awk '{print}'", TICKS],
		['tick 3 | tee f', TICKS],
		['tick 3 | while read -r l; do echo "$l"; done', TICKS],
		['p() { while read -r l; do echo "$l"; done; }; tick 3 | p', TICKS],
		['for i in 0 1 2; do echo "tick $i at $i"; sleep 1; done | cat', TICKS],
		['tick 3 | head -n 5', TICKS],
		['tick 3 | tail -n +1', TICKS],
		['tick 3 | tail -n +2', TICKS.slice(1)],
		['tick 3 | grep 1', TICKS.slice(1, 2)],
		["tick 3 | awk 'NR > 2'", TICKS.slice(2)],
		["tick 3 | sed -n '2,3p'", TICKS.slice(1)],
		["tick 3 | sed -n '/0/d;p'", TICKS.slice(1)],
		['tick 3 | grep -n tick', TICKS.map(([text, at], i) => [`${i + 1}:${text}`, at])],
		['tick 3 | cut -d " " -f 2', TICKS.map(([, at], i) => [`${i}\n`, at])],
		['tick 3 | tr a-z A-Z', TICKS.map(([text, at]) => [text.toUpperCase(), at])],
		["tick 3 | awk '{n += $2; print n}'", [0, 1, 3].map((n, i) => [`${n}\n`, i])],
		[
			'tick 3 | xargs -n1 echo | grep -x 1',
			[
				['1\n', 1],
				['1\n', 1],
			],
		],
		['(echo 1; sleep 1; echo 2) | nl', ['     1\t1\n', '     2\t2\n'].map((text, i) => [text, i])],
		[
			`(echo '{"a":1}'; sleep 1; echo '{"a":'; sleep 1; echo '2}') | jq .a`,
			[
				['1\n', 0],
				['2\n', 2],
			],
		],
		['tick 3 | sort -r', [[`${TICKS[2][0]}${TICKS[1][0]}${TICKS[0][0]}`, 3]]],
		["tick 3 | awk 'END {print NR}'", [['3\n', 3]]],
		[
			"tick 3 | sed '$d'",
			[
				[TICKS[0][0], 1],
				[TICKS[1][0], 2],
			],
		],
		[
			'tick 3 | sed N',
			[
				[`${TICKS[0][0]}${TICKS[1][0]}`, 1],
				[TICKS[2][0], 3],
			],
		],
		["tick 3 | sed -z 's/k/c/g'", [[TICKS.map(([text]) => text.replace(/k/g, 'c')).join(''), 3]]],
		['tick 3 | grep -c tick', [['3\n', 3]]],
	])('is shown when it can be: %s', async (line, expected) => {
		expect(await times(line)).toEqual(expected);
	});

	it('is taken by who reads first, and the rest by who reads next', async () => {
		const s = screen();
		expect(await s.run('printf "h\\nb\\na\\n" | { read x; echo "<$x>"; sort; }')).toBe('<h>\na\nb\n');
		expect(await s.run('tick 3 | { read a; read b; echo "$b"; cat; }')).toBe('tick 1 at 1\ntick 2 at 2\n');
		expect(await s.run('printf \'a\\\\\\nb\\nc\' | while read x || [ "$x" ]; do echo "<$x>"; done')).toBe(
			'<ab>\n<c>\n',
		);
	});

	it('is not read by a tool that reads nothing', async () => {
		const s = screen();
		expect(await s.run('seq 3 | while read n; do hostname; sleep 1; date +$n; done')).toBe(
			'laptop\n1\nlaptop\n2\nlaptop\n3\n',
		);
	});
});

describe('a reader that leaves', () => {
	it.each([
		['yes | head -2', 'y\ny\n', '141 0'],
		['yes | grep y | head -1', 'y\n', '141 141 0'],
		['yes | sed 2q', 'y\ny\n', '141 0'],
		["yes | sed -n '/y/{p;q}'", 'y\n', '141 0'],
		["yes | awk 'NR == 2 {print NR; exit}'", '2\n', '141 0'],
		['yes | grep -q y', '', '141 0'],
		['yes | grep -m 2 y', 'y\ny\n', '141 0'],
		['yes | while read l; do echo $l; break; done', 'y\n', '141 0'],
		['yes | head -c 3', 'y\ny', '141 0'],
		['while :; do echo a; done | head -1', 'a\n', '141 0'],
		['tick 1000 | head -2', 'tick 0 at 0\ntick 1 at 1\n', '141 0'],
		['into w1 tick 1000 | head -1', 'tick 0 at 0\n', '141 0'],
		['tick 2 | head -5', 'tick 0 at 0\ntick 1 at 1\n', '0 0'],
		['sleep 3 | true', '', '0 0'],
		['false | false | true', '', '1 1 0'],
		['(exit 3) | cat', '', '3 0'],
	])('ends who writes: %s', async (line, text, codes) => {
		const s = screen();
		expect(await s.run(`${line}; echo " \${PIPESTATUS[@]}"`)).toBe(`${text} ${codes}\n`);
		expect(s.lab.now).toBeLessThan(5e6);
	});

	it('ends at once who waits for what may never come', async () => {
		const s = screen();
		expect(await s.run('once | head -1; echo $?')).toBe('it happened\n0\n');
		expect(s.lab.now).toBe(0);
	});

	it('is a failure under pipefail', async () => {
		const s = screen();
		expect(await s.run('set -o pipefail; yes | head -1; echo $?; ! yes | head -1; echo $?')).toBe('y\n141\ny\n0\n');
		expect(await s.run('set -e; (yes | head -1; echo not here); echo or here')).toBe('y\nexit\n');
	});
});

describe('each command of a pipeline', () => {
	it('runs at the same time', async () => {
		const s = screen();
		expect(await s.run('time { tick 2; } | { sleep 2; cat; }')).toMatch(/^tick 0 at 0\ntick 1 at 1\n\nreal\t0m2\.000s/);
	});

	it('is a subshell', async () => {
		const s = screen();
		expect(
			await s.run('x=1; a=(1 2); echo 5 | { read x; a[0]=9; cd /tmp; f() { :; }; }; echo $x $a $PWD; type f'),
		).toBe('1 1 /home/learner\nbash: type: f: not found\n');
		expect(await s.run('shopt -s lastpipe; echo 5 | read x; echo $x')).toBe('5\n');
		expect(await s.run('for i in 1 2; do echo $i | exit; done; echo on')).toBe('on\n');
	});

	it('is no terminal but the last', async () => {
		const s = screen();
		expect(await s.run('show 2>/dev/null | cat; true | show 2>/dev/null')).toBe(
			'place=laptop tty=false args= stdin=\nplace=laptop tty=true args= stdin=\n',
		);
	});

	it('uses up the line’s budget', async () => {
		const s = screen();
		expect(await s.run('f() { f | f; }; f')).toContain('bash: stopped: ');
		expect(await s.run('yes | sort')).toBe('bash: stopped: the output is too large\n');
		expect(await s.run('echo alive')).toBe('alive\n');
	});

	it('leaves room for the page while its ends wake each other', async () => {
		const s = screen();
		let turns = 0;
		const ticks = setInterval(() => turns++, 5);
		expect(await s.run('seq 99999999 | grep -c x; echo $?')).toBe('bash: stopped: the input does not end\n2\n');
		clearInterval(ticks);
		expect(turns).toBeGreaterThan(5);
	});
});

describe('Ctrl-C', () => {
	it.each([
		['tick 9 | grep tick', 'tick 0 at 0\ntick 1 at 1\n'],
		['tick 9 | sort', ''],
		['tick 9 | while read a b c; do echo $b; done', '0\n1\n'],
	])('ends all of %s; what was shown stays', async (line, expected) => {
		const { pace, step } = held();
		const s = screen({ pace });
		// Fetches grep.
		await s.run('echo | grep x');
		const done = s.session.submit(line);
		await step();
		s.session.interrupt();
		await done;
		expect(s.text()).toBe(expected);
		expect(await s.run('echo $?')).toBe('130\n');
	});

	it('keeps what a filter had sent into a file', async () => {
		const { pace, step } = held();
		const s = screen({ pace });
		// Fetches grep.
		await s.run('echo | grep x');
		const done = s.session.submit('tick 9 | grep --line-buffered tick > f');
		await step();
		s.session.interrupt();
		await done;
		expect(await s.run('cat f')).toBe('tick 0 at 0\ntick 1 at 1\n');
	});
});

describe('a pipe of more commands than can work at once', () => {
	it('ends before any of them begins', async () => {
		const s = screen();
		const before = performance.now();
		expect(await s.run(`${'true | '.repeat(20_000)}echo hi`)).toBe('bash: stopped: it does too much\n');
		expect(performance.now() - before).toBeLessThan(5000);
		expect(await s.run(`${'cat | '.repeat(50)}echo hi`)).toBe('hi\n');
	});
});
