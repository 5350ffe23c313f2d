import { describe, expect, it } from 'vitest';
import { interpreterPrototype } from '../../../src/cli/shell/just-bash.ts';
import { stripPrompts } from '../../../src/cli/shell/paste.ts';
import { unfinished } from '../../../src/cli/shell/unfinished.ts';
import { trimShell } from '../../../src/integrations/shell/index.ts';
import { DEMO, fakeLab, screen } from './fake-lab.ts';

describe('lines', () => {
	it('keep variables, arrays, functions, options and the working directory from one to the next', async () => {
		const s = screen();
		for (const line of ['x=1', 'a=(p q)', 'f() { echo "<$1>"; }', 'alias hi="echo hi"', 'cd /tmp', 'export Y=2'])
			await s.run(line);
		expect(await s.run(`echo $x \${a[1]}; f z; hi; pwd; bash -c 'echo $Y $x'; echo $?`)).toBe(
			'1 q\n<z>\nhi\n/tmp\n2\n0\n',
		);
	});

	it('leave a subshell without a trace', async () => {
		const s = screen();
		expect(await s.run('x=1; (x=2; cd /tmp; echo $x); echo $x $PWD')).toBe('2\n1 /home/learner\n');
	});

	it('have an exit code', async () => {
		const s = screen();
		expect(await s.run('nothere; echo $?')).toBe('bash: nothere: command not found\n127\n');
		expect(await s.run('show >/dev/null 2>&1; echo $?')).toBe('3\n');
		expect(await s.run('fi')).toBe("bash: syntax error near unexpected token `fi'\n");
		expect(await s.run('echo $?')).toBe('2\n');
	});

	it('may go on over several lines', async () => {
		const s = screen();
		expect(await s.run('for i in 1 2; do\necho $i\ndone')).toBe('1\n2\n');
		expect(await s.run('cat <<EOF | tr a-z A-Z\n  keep $((1+1))\nEOF')).toBe('  KEEP 2\n');
		expect(await s.run("echo 'a\nb' |\nwc -l")).toMatch(/^ *2\n$/);
		await s.session.submit('if true');
		expect(s.session.prompt).toBe('> ');
		s.session.interrupt();
		expect(s.session.prompt).toBe('learner@laptop:~$ ');
	});

	it('know when they go on', () => {
		const { shell } = screen().session;
		for (const text of ['echo "a', 'cat <<A', 'cat <<-"A"\nx', 'a |', 'a &&', 'echo \\', 'case x in', '$(ls', 'f() {'])
			expect([text, unfinished(text, shell)]).toEqual([text, true]);
		for (const text of [
			'echo a',
			'cat <<A\nA',
			'echo "a|"',
			'echo \\\\',
			'fi',
			'echo # \\',
			'cat <<<a',
			'echo $((1<<2))',
		])
			expect([text, unfinished(text, shell)]).toEqual([text, false]);
	});

	it('print their lines first under set -v and set -x', async () => {
		const s = screen();
		await s.run('set -v');
		expect(await s.run('date')).toBe('date\nMon Aug 22 09:15:00 UTC 2022\n');
		await s.run('set +v; set -x');
		expect(await s.run('echo a')).toBe('+ echo a\na\n');
	});

	it('are shown under set -v as they are read: with comments, here-documents and loops in whole lines', async () => {
		const s = screen();
		const script =
			'set -v\n\n# one\ncat <<E | tr a-z A-Z\nhi\nE\necho 1; echo 2\nfor i in 1 2\ndo\n  echo $i\ndone\n# end\n';
		await s.session.writeFile({ kind: 'laptop' }, '/home/learner/a.sh', script);
		expect(await s.run('sh a.sh')).toBe(
			'\n# one\ncat <<E | tr a-z A-Z\nhi\nE\nHI\necho 1; echo 2\n1\n2\nfor i in 1 2\ndo\n  echo $i\ndone\n1\n2\n# end\n',
		);
	});
});

describe('output', () => {
	it('of a tool is shown while time passes, each line once', async () => {
		const s = screen();
		await s.run('tick 2');
		expect(s.writes.map(({ text, at }) => [text, at])).toEqual([
			['tick 0 at 0\n', 0],
			['tick 1 at 1\n', 1e6],
		]);
	});

	it.each([
		['tick 2; echo end', 'tick 0 at 0\ntick 1 at 1\nend\n'],
		['for i in a b; do echo $i; tick 1; done', 'a\ntick 0 at 0\nb\ntick 0 at 1\n'],
		['{ tick 1; echo x; } && tick 1', 'tick 0 at 0\nx\ntick 0 at 1\n'],
		['g() { tick 1; }; g', 'tick 0 at 0\n'],
		['eval "tick 1"', 'tick 0 at 0\n'],
		['echo "tick 1" > s; bash s; . ./s; sh < s', 'tick 0 at 0\ntick 0 at 1\ntick 0 at 2\n'],
		['if tick 1; then echo y; fi', 'tick 0 at 0\ny\n'],
	])('of %s is live and in order', async (line, expected) => {
		const s = screen();
		await s.run(line);
		expect(s.text()).toBe(expected);
		const live = s.writes.filter((w) => w.text.startsWith('tick'));
		for (const { text, at } of live) expect(text).toBe(`tick 0 at ${at / 1e6}\n`.replace('tick 0', text.slice(0, 6)));
	});

	it.each([
		['tick 2 | grep 1', 'tick 1 at 1\n'],
		['echo "[$(tick 1)]"', '[tick 0 at 0]\n'],
		['for w in $(tick 1); do echo $w; done', 'tick\n0\nat\n0\n'],
		['case $(tick 1) in tick*) echo y;; esac', 'y\n'],
		['if [[ $(tick 1) == tick* ]]; then echo y; fi', 'y\n'],
		['while [ "$(tick 1; echo z)" = no ]; do :; done; echo end', 'end\n'],
		['x=$(tick 1); echo $x $(( $(tick 2 | wc -l) + 1 ))', 'tick 0 at 0 3\n'],
		['p() { for w in $(tick 1); do echo $w; done; }; p | head -1', 'tick\n'],
		['tick 1 > f; cat f', 'tick 0 at 0\n'],
		['tick 1 >> f 2>/dev/null; cat f', 'tick 0 at 0\n'],
		['{ tick 1; show; } > f 2>&1; cat f', 'tick 0 at 0\nplace=laptop tty=false args= stdin=\na word to the side\n'],
		['(tick 1) | cat', 'tick 0 at 0\n'],
		['h() { tick 1; }; h | cat', 'tick 0 at 0\n'],
		['cat <(tick 1)', 'tick 0 at 0\n'],
		['show 2>&1 >/dev/null | tr a-z A-Z', 'A WORD TO THE SIDE\n'],
		['show | cat', 'a word to the side\nplace=laptop tty=false args= stdin=\n'],
		['echo in | show 2>/dev/null', 'place=laptop tty=true args= stdin=in\n\n'],
	])('of %s goes where it is sent, once', async (line, expected) => {
		const s = screen();
		expect(await s.run(line)).toBe(expected);
	});

	it('may be octets', async () => {
		const s = screen();
		expect(await s.run('octets > f; wc -c < f; od -An -tu1 f | tr -s " "')).toContain('4\n');
		expect(await s.run('printf "é" | wc -c')).toMatch(/^ *2\n$/);
		expect(await s.run('echo 한국어 | show 2>/dev/null')).toContain('stdin=한국어');
	});
});

describe('time', () => {
	it('is the lab’s', async () => {
		const s = screen();
		expect(await s.run('sleep 1.5; date +%T; echo $SECONDS; time sleep 2')).toBe(
			'09:15:01\n1\n\nreal\t0m2.000s\nuser\t0m0.000s\nsys\t0m0.000s\n',
		);
		expect(s.lab.now).toBe(3_500_000);
		await s.run('touch f');
		expect(await s.run('ls -l')).toContain('-rw-r--r-- 1 learner learner 0 Aug 22 09:15 f');
		expect(await s.run('date -u -d "2 hours ago" +%FT%T; date -d @0 -Iseconds')).toBe(
			'2022-08-22T07:15:03\n1970-01-01T00:00:00+00:00\n',
		);
	});

	it('ends what takes too long', async () => {
		const s = screen();
		expect(await s.run('timeout 1.5 tick 9; echo $?')).toBe('tick 0 at 0\ntick 1 at 1\n124\n');
		expect(await s.run('timeout 9 tick 1; echo $?')).toBe('tick 0 at 1.5\n0\n');
	});

	it('goes on for jobs while a line in front waits', async () => {
		const s = screen();
		const text = await s.run('tick 3 & tick 1; wait; echo end');
		expect(text).toMatch(/^\[1\] \d+\ntick 0 at 0\ntick 0 at 0\ntick 1 at 1\ntick 2 at 2\nend\n\[1\]\+ {2}Done/);
		expect(await s.run('sleep 100 &')).toMatch(/^\[1\] \d+\n$/);
		expect(await s.run('jobs')).toMatch(/^\[1\]\+ {2}Running +sleep 100 &\n$/);
		await s.run('kill %1');
		expect(await s.run('sleep 1')).toMatch(/^\[1\]\+ {2}Terminated +sleep 100\n$/);
		expect(await s.run('jobs')).toBe('');
	});

	it('draws RANDOM from the lab, the same each time', async () => {
		const draw = () => screen().run('echo $RANDOM $RANDOM $((RANDOM % 10))');
		const first = await draw();
		expect(first).toMatch(/^\d+ \d+ \d\n$/);
		expect(await draw()).toBe(first);
	});

	it('watches until it is interrupted', async () => {
		const s = screen({ patience: 5e6 });
		const text = await s.run('watch -n 2 date');
		expect(text.match(/Every 2\.0s: date/g)).toHaveLength(3);
		expect(text).toContain('09:15:04');
		expect(await s.run('echo $?')).toBe('130\n');
	});

	it('ends what waits too long in another place, and the line with it', async () => {
		const s = screen({ patience: 5e6 });
		const text = await s.run('into w1 watch -n 2 date; echo more');
		expect(text.match(/Every 2\.0s: date/g)).toHaveLength(3);
		expect(text).toContain('it waits longer than');
		expect(text).not.toContain('more');
		expect(await s.run('echo $?')).toBe('130\n');
	});
});

describe('a job that runs a shell of its own', () => {
	it('does not keep time going when the line before it is over', async () => {
		const s = screen();
		await s.run('timeout 5 tick 9 &');
		await s.run('sleep 1');
		await new Promise((go) => setTimeout(go));
		expect(s.lab.now).toBe(1e6);
	});
});

describe('places', () => {
	it('have prompts, files and commands of their own', async () => {
		const s = screen();
		expect(s.session.prompt).toBe('learner@laptop:~$ ');
		expect(await s.run('tcpdump')).toBe('bash: tcpdump: command not found\n');
		await s.run('into w1');
		expect(s.session.prompt).toBe('root@w1:/# ');
		expect(await s.run('tcpdump && hostname && whoami && echo $HOME && cat /etc/hostname')).toBe(
			'w1\nroot\n/root\nw1\n',
		);
		expect(await s.run('yq .')).toBe('bash: yq: command not found\n');
		await s.run('echo kept > /etc/note; cd /etc');
		expect(s.session.prompt).toBe('root@w1:/etc# ');
		expect(await s.run('exit 4')).toBe('exit\ncommand terminated with exit code 4\n');
		expect(s.session.prompt).toBe('learner@laptop:~$ ');
		expect(await s.run('into w1 cat /etc/note; cat /etc/note; into w2 cat /etc/note')).toContain(
			'kept\ncat: /etc/note: No such file or directory\n',
		);
	});

	it('stack', async () => {
		const s = screen();
		await s.run('into w1');
		await s.run('bash');
		await s.run('into w2');
		expect(s.session.depth).toBe(4);
		await s.session.eof();
		await s.session.eof();
		expect(s.session.prompt).toBe('root@w1:/# ');
		await s.session.eof();
		await s.session.eof();
		expect(s.session.code).toBe(0);
	});

	it('run one command, with its words as they are, its streams and its code', async () => {
		const s = screen();
		expect(await s.run(`into w1 bash -c "echo \\$HOSTNAME 'a  b'; exit 7"`)).toBe(
			'w1 a  b\ncommand terminated with exit code 7\n',
		);
		expect(await s.run(`into w1 echo '$HOME' "it's"`)).toBe("$HOME it's\n");
		expect(await s.run('into w1 nothere')).toBe(
			'bash: nothere: command not found\ncommand terminated with exit code 127\n',
		);
		expect(await s.run('echo abc | into w1 tr a-c A-C')).toBe('ABC\n');
		expect(await s.run('into w1 <<EOF\nhostname\nEOF')).toBe('w1\n');
		expect(await s.run('into w1 tick 2 | tail -1')).toBe('tick 1 at 1\n');
	});

	it('have files that the lab makes, until the learner writes them', async () => {
		let count = 0;
		const files = () => ({ '/proc/count': () => `${++count}\n`, '/etc/hosts': () => '127.0.0.1\tlocalhost\n' });
		const s = screen({ surroundings: [{ files }] });
		expect(await s.run('cat /proc/count; cat /proc/count; ls /proc | grep count')).toBe('1\n2\ncount\n');
		await s.run('echo 10.0.0.1 web | sudo tee -a /etc/hosts');
		expect(await s.run('cat /etc/hosts')).toBe('127.0.0.1\tlocalhost\n10.0.0.1 web\n');
		await s.run('rm /proc/count');
		expect(await s.run('cat /proc/count')).toContain('No such file');
	});
});

describe('a mistake', () => {
	it.each([
		['while true; do :; done', 'bash: stopped: '],
		['f() { f; }; f', 'bash: stopped: it calls itself without end\n'],
		['f() { f | f; }; f', 'bash: stopped: '],
		['echo {1..100000} > /dev/null', 'bash: stopped: the braces expand to too many words\n'],
		['x=aaaaaaaaaa; while :; do x=$x$x; done', 'bash: stopped: '],
		['spin', 'bash: stopped: it does too much\n'],
		['yes', 'bash: stopped: the output is too large\n'],
	])('%s ends with a sentence', async (line, expected) => {
		const s = screen();
		const text = await s.run(line);
		expect(text.slice(text.indexOf('bash: stopped'))).toMatch(
			new RegExp(`^${expected.replace(/[.*+?^$()|[\]\\]/g, '\\$&')}`),
		);
		expect(await s.run('echo alive')).toBe('alive\n');
	});

	it.each([
		['echo $((1 + $))', 'bash: 1 + $: syntax error: operand expected (error token is "$")\n'],
		['x=2; echo $((1 + $x\n))', '3\n'],
		['echo "a $(( $ + 1 )) b"', 'bash: $ + 1 : syntax error: operand expected (error token is "$ + 1 ")\n'],
		['(( $ ))', 'bash: ((: $ : syntax error: operand expected (error token is "$ ")\n'],
		['x=5; echo ${x:$}', 'bash: $: syntax error: operand expected (error token is "$")\n'],
		['a[$]=1', 'bash: $: syntax error: operand expected (error token is "$")\n'],
		['[[ 1 -eq $ ]]', 'bash: [[: $: syntax error: operand expected (error token is "$")\n'],
		['eval "echo \\$((1+\\$))"', 'bash: 1+$: syntax error: operand expected (error token is "$")\n'],
		['let "x=1+$"', 'bash: let: x=1+$: syntax error: operand expected (error token is "$")\n'],
		['bash -c "echo \\$((1+\\$))"', 'bash: 1+$: syntax error: operand expected (error token is "$")\n'],
	])('%s in arithmetic ends too', async (line, expected) => {
		expect(await screen().run(line)).toBe(expected);
	});

	it.each([
		['echo \'a$((1\' "b$" # $((', 'a$((1 b$\n'],
		['x=5; echo $((x * $x)) ${x:$((0)):1} $(( (1 + 2) * 3 ))', '25 5 9\n'],
		['[[ ab =~ b$ ]] && echo yes', 'yes\n'],
		["cat <<'E'\n$((1 + $\nE\necho $((1 + 1))", '$((1 + $\n2\n'],
		['a=(1 2); echo ${a[1]} ${a[@]}', '2 1 2\n'],
		["echo abc | grep 'c$' | awk '{ print $1 \"$\" }'", 'abc$\n'],
	])('no arithmetic is taken for one: %s', async (line, expected) => {
		expect(await screen().run(line)).toBe(expected);
	});

	it('of the simulator is named as one', async () => {
		expect(await screen().run('broken')).toBe('broken: the simulator failed: it is broken\n');
	});

	it('of patterns that grow costs nothing', async () => {
		const before = performance.now();
		expect(await screen().run(`echo ${'a'.repeat(5000)} | grep -cE '^(a+)+$'`)).toBe('1\n');
		expect(await screen().run(`echo ${'a'.repeat(40)}b | sed -E 's/^(a|aa)+$/x/' | wc -l`)).toMatch(/^ *1\n$/);
		expect(performance.now() - before).toBeLessThan(3000);
	});
});

describe('Ctrl-C', () => {
	/** A pace that stands still until it is told. */
	function held() {
		let go: (() => void) | undefined;
		const pace = (now: number) => new Promise<number>((resolve) => (go = () => resolve(now + 1e6)));
		const step = async (): Promise<void> => {
			await new Promise((resolve) => setTimeout(resolve, 5));
			go?.();
			await new Promise((resolve) => setTimeout(resolve, 5));
		};
		return { pace, step };
	}

	it('ends what waits, with 130, and what was shown stays', async () => {
		const { pace, step } = held();
		const s = screen({ pace });
		const line = s.session.submit('tick 9; echo not reached');
		await step();
		await step();
		s.session.interrupt();
		await line;
		expect(s.text()).toBe('tick 0 at 0\ntick 1 at 1\ntick 2 at 2\n');
		expect(await s.run('echo $?')).toBe('130\n');
	});

	it('ends a loop that never waits', async () => {
		const s = screen();
		const line = s.session.submit('while true; do echo a > /dev/null; done');
		setTimeout(() => s.session.interrupt(), 50);
		await line;
		expect(s.text()).toBe('');
		expect(await s.run('echo $?')).toBe('130\n');
	});

	it('lets a pipe’s reader show what came', async () => {
		const { pace, step } = held();
		const s = screen({ pace });
		const line = s.session.submit('tick 9 | grep tick');
		await step();
		s.session.interrupt();
		await line;
		expect(s.text()).toBe('tick 0 at 0\ntick 1 at 1\n');
	});

	it('ends what runs in another place', async () => {
		const { pace, step } = held();
		const s = screen({ pace });
		const line = s.session.submit('into w1 tick 9');
		await step();
		s.session.interrupt();
		await line;
		expect(s.text()).toContain('tick 1 at 1\n');
		expect(s.session.busy).toBe(false);
	});
});

describe('a session', () => {
	it('can be told again', async () => {
		const first = screen();
		for (const line of ['x=$RANDOM', 'into w1', 'echo $RANDOM > /tmp/r', 'exit', 'tick 2', 'echo $x; date'])
			await first.run(line);
		await first.session.writeFile({ kind: 'laptop' }, '/home/learner/a.yaml', 'a: 1\n');
		await first.run('cat a.yaml');
		const second = screen();
		await second.session.replay(first.session.log);
		expect(second.text()).toBe(first.text());
		expect(second.lab.now).toBe(first.lab.now);
	});

	it('is interrupted at the same time when it is told again', async () => {
		const pace = (now: number) => new Promise<number>((resolve) => setTimeout(() => resolve(now + 1e6), 4));
		const first = screen({ pace });
		const line = first.session.submit('tick 1000');
		await new Promise((resolve) => setTimeout(resolve, 40));
		first.session.interrupt();
		await line;
		expect(first.session.log).toEqual([
			{ kind: 'line', text: 'tick 1000' },
			{ kind: 'interrupt', at: first.lab.now },
		]);
		const second = screen();
		await second.session.replay(first.session.log);
		expect(second.text()).toBe(first.text());
		expect(second.lab.now).toBe(first.lab.now);
	});

	it('remembers what was typed', async () => {
		const s = screen();
		await s.run('echo a');
		expect(await s.run('history')).toBe('    1  echo a\n    2  history\n');
	});

	it('completes commands, words of tools, variables and files', async () => {
		const s = screen();
		await s.run('mkdir -p dir/sub; touch dir/file "dir/two words"; LONGNAME=1');
		const words = async (line: string) => (await s.session.complete(line)).words;
		expect(await words('tcp')).toEqual([]);
		expect(await words('ti')).toEqual(['tick', 'timeout', 'times']);
		expect(await words('show po')).toEqual(['pods']);
		expect(await words('echo a | show no')).toEqual(['nodes']);
		expect(await words('cat dir/')).toEqual(['dir/file', 'dir/sub/', 'dir/two\\ words']);
		expect(await words('echo $LONG')).toEqual(['$LONGNAME']);
		expect((await s.session.complete('show x; cat di')).from).toBe(12);
	});
});

describe('pasted lines', () => {
	const known = (word: string) => ['kubectl', 'kind', 'route', 'ip', 'cilium'].includes(word);
	it.each([
		['$ kubectl get pods', 'kubectl get pods'],
		['# kind get clusters', 'kind get clusters'],
		['#route -n', 'route -n'],
		['% cilium config view', 'cilium config view'],
		['root@node-7o7xd:/# ip a', 'ip a'],
		['learner@laptop:~/x$ FOO=1 anything', 'FOO=1 anything'],
		['# a comment about kind', '# a comment about kind'],
		['echo "# kind"', 'echo "# kind"'],
		['$ KUBECONFIG=x kubectl get ns', 'KUBECONFIG=x kubectl get ns'],
		['$HOME/bin/x', '$HOME/bin/x'],
		['$ kubectl a\r\n  b: c\r\n# kind c', 'kubectl a\n  b: c\nkind c'],
		['$ for i in 1 2; do\n>   kind $i\n> done\n$ cd x', 'for i in 1 2; do\n  kind $i\ndone\ncd x'],
		['# for each node\n> out.txt', '# for each node\n> out.txt'],
	])('%j lose their prompts: %j', (text, expected) => {
		expect(stripPrompts(text, known)).toBe(expected);
	});
});

describe('just-bash', () => {
	it('has the interpreter that the shell works on', () => {
		const proto = interpreterPrototype();
		expect(proto.constructor.prototype).toBe(proto);
		expect(Function.prototype.bind.toString()).toContain('[native code]');
	});

	it('is asked for no command that it does not have', async () => {
		const s = screen({ tools: DEMO, lab: fakeLab() });
		for (const name of ['grep', 'sed', 'awk', 'jq', 'sort', 'xargs', 'find', 'column', 'sha256sum'])
			expect(await s.run(`type -t ${name}`)).toBe('file\n');
	});

	it('is trimmed only as long as it is built as it is', () => {
		expect(() => trimShell('var a=1;', ['ls'])).toThrow('just-bash: 0 loaders of 1 commands');
	});

	it('makes no more fields of an awk record than mawk', async () => {
		const s = screen({ tty: false });
		expect(await s.run(`awk 'BEGIN { $3 = "x"; print; print NF }'`)).toBe('  x\n3\n');
		expect(await s.run(`awk 'BEGIN { $1000000000 = 1 }'`)).toContain('maximum number of fields size=32767');
	});

	it('ends an awk program that does not end by itself', async () => {
		const s = screen({ tty: false });
		expect(await s.run(`awk 'function f(x) { return f(x + 1) } BEGIN { f(1) }'`)).toContain('calls itself without end');
		expect(await s.run(`awk 'BEGIN { s = "x"; while (1) s = s s }'`)).toContain('output is too large');
		expect(await s.run(`awk 'BEGIN { while (1) a[i++] = i }'`)).toContain('arrays are too large');
		expect(await s.run(`awk 'BEGIN { printf "%999999999s", "x" }'`)).toContain('output is too large');
		expect(await s.run(`awk 'BEGIN { print ${'('.repeat(5000)}1${')'.repeat(5000)} }'`)).toContain('nested too deeply');
	});
});

describe('yq', () => {
	const FILE = '# about\na:\n  b: 1 # one\n  c-d: [x, y]\nlist:\n- name: p\n- name: q\n';
	async function withFile() {
		const s = screen();
		await s.session.writeFile({ kind: 'laptop' }, '/home/learner/f.yaml', FILE);
		return s;
	}

	it.each([
		['yq f.yaml', '# about\na:\n  b: 1 # one\n  c-d: [x, y]\nlist:\n  - name: p\n  - name: q\n'],
		['yq .a.b f.yaml', '1\n'],
		['yq \'.a["c-d"][1]\' f.yaml', 'y\n'],
		['cat f.yaml | yq .list', '- name: p\n- name: q\n'],
		["yq '.list[].name' f.yaml", 'p\nq\n'],
		["yq '.list | length' f.yaml", '2\n'],
		['yq -o json .a f.yaml', '{\n  "b": 1,\n  "c-d": [\n    "x",\n    "y"\n  ]\n}\n'],
		['yq .nothing f.yaml', 'null\n'],
		['yq .a none.yaml', 'Error: open none.yaml: no such file or directory\n'],
		['kind=f; yq .a.b $kind.yaml', '1\n'],
	])('%s', async (line, expected) => {
		expect(await (await withFile()).run(line)).toBe(expected);
	});
});

describe('diff', () => {
	async function withFiles() {
		const s = screen();
		await s.run("printf 'a\\nb\\nc\\nd\\n' > one; printf 'a\\nB\\nc\\nd\\ne\\n' > two; printf 'a\\nd' > three");
		return s;
	}

	it.each([
		['diff one one; echo $?', '0\n'],
		['diff one two; echo $?', '2c2\n< b\n---\n> B\n4a5\n> e\n1\n'],
		['diff one three', '2,4c2\n< b\n< c\n< d\n---\n> d\n\\ No newline at end of file\n'],
		['diff two one | head -1', '2c2\n'],
		['diff -i one two', '4a5\n> e\n'],
		['diff -q one two', 'Files one and two differ\n'],
		['cat two | diff one - | wc -l', '6\n'],
		['diff one none; echo $?', 'diff: none: No such file or directory\n2\n'],
	])('%s', async (line, expected) => {
		expect((await (await withFiles()).run(line)).replace(/^ +/gm, '')).toBe(expected);
	});

	it('-u shows lines around', async () => {
		const text = await (await withFiles()).run('diff -u one two');
		expect(text.replace(/\t.*/g, '')).toBe('--- one\n+++ two\n@@ -1,4 +1,5 @@\n a\n-b\n+B\n c\n d\n+e\n');
		expect(text).toContain('--- one\t2022-08-22 09:15:00.000000000 +0000\n');
	});
});
