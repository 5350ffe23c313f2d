import { describe, expect, it } from 'vitest';
import { inWords } from '../../../../src/cli/shell/dialect.ts';
import { expandHistory } from '../../../../src/cli/shell/history.ts';
import { promptText } from '../../../../src/cli/shell/places.ts';
import { screen } from '../fake-lab.ts';

describe('a line that was typed before', () => {
	const HISTORY = ['kubectl get pods -A', 'docker ps', 'echo "a b" c'];
	it.each([
		['!!', 'echo "a b" c'],
		['sudo !!', 'sudo echo "a b" c'],
		['!kub', 'kubectl get pods -A'],
		['!2', 'docker ps'],
		['!-3 | head', 'kubectl get pods -A | head'],
		['!?ps?', 'docker ps'],
		['ls !$', 'ls c'],
		['ls !*', 'ls "a b" c'],
		['ls !!:1', 'ls "a b"'],
		['ls !kub:2-3', 'ls pods -A'],
		['^c^d^', 'edho "a b" c'],
	])('comes again: %s', (line, text) => {
		expect(expandHistory(line, HISTORY)).toEqual({ text, changed: true });
	});

	it.each([
		"echo '!!'",
		'echo \\!!',
		'echo hi!',
		'[ ! -f x ]',
		'[ a != b ]',
		'echo $!',
		'ls [!a]*',
		'echo "wow!"',
		'a; ! true',
	])('is not meant by %s', (text) => {
		expect(expandHistory(text, HISTORY)).toEqual({ text: text, changed: false });
	});

	it('may not be there', async () => {
		expect(expandHistory('!zzz', HISTORY)).toEqual({ error: 'bash: !zzz: event not found\n' });
		const s = screen();
		await s.run('echo one');
		expect(await s.run('!!')).toBe('echo one\none\n');
		expect(await s.run('history')).toBe('    1  echo one\n    2  echo one\n    3  history\n');
	});
});

describe('sh', () => {
	it.each([
		['bash: foo: command not found\n', 'sh: foo: not found\n', 'sh: 1: foo: not found\n'],
		[
			'bash: cd: x: No such file or directory\n',
			"sh: cd: line 0: can't cd to x: No such file or directory\n",
			"sh: 1: cd: can't cd to x\n",
		],
		['bash: ./x: No such file or directory\n', 'sh: ./x: not found\n', 'sh: 1: ./x: not found\n'],
		[
			'cat: x: No such file or directory\n',
			'cat: x: No such file or directory\n',
			'cat: x: No such file or directory\n',
		],
	])('says otherwise %j', (said, ash, dash) => {
		const of = (sh: 'ash' | 'dash') => ({ sh, interactive: false, name: 'sh', file: false });
		expect(inWords(said, of('ash'), 0, undefined)).toBe(ash);
		expect(inWords(said, of('dash'), 1, undefined)).toBe(dash);
	});

	it('runs commands by their paths', async () => {
		const s = screen();
		expect(await s.run('/bin/echo hi; echo a | /usr/bin/cat; env -i /bin/echo b')).toBe('hi\na\nb\n');
	});

	it('says where in a script it is', async () => {
		const s = screen();
		const script = 'echo a\nnosuch\nf() {\n  cd /nope\n}\nf\neval "nosuch"\necho $((1 / 0)); echo never\nif true\n';
		await s.session.writeFile({ kind: 'laptop' }, '/home/learner/x.sh', script);
		expect(await s.run('bash x.sh')).toBe(
			[
				'a',
				'x.sh: line 2: nosuch: command not found',
				'x.sh: line 4: cd: /nope: No such file or directory',
				'x.sh: line 7: nosuch: command not found',
				'x.sh: line 8: 1 / 0: division by 0 (error token is "0")',
				'x.sh: line 10: syntax error: unexpected end of file',
				'',
			].join('\n'),
		);
		expect(await s.run('sh ./x.sh')).toContain("./x.sh: 4: cd: can't cd to /nope\n");
		expect(await s.run("bash -c 'nosuch'; nosuch")).toBe(
			'bash: line 1: nosuch: command not found\nbash: nosuch: command not found\n',
		);
	});

	it('has a prompt of its own', () => {
		const facts = { user: 'root', hostname: 'web', home: '/root', cwd: '/', env: {} };
		expect(promptText(facts, '/')).toBe('root@web:/# ');
		expect(promptText(facts, '/', 'sh')).toBe('# ');
		expect(promptText({ ...facts, sh: 'ash' }, '/', 'sh')).toBe('/ # ');
		expect(promptText({ ...facts, sh: 'ash' }, '/root/x', 'sh')).toBe('~/x # ');
	});

	it('is all there is where bash is not installed', async () => {
		const s = screen({
			surroundings: [{ facts: (place) => (place.kind === 'node' ? { sh: 'ash', bash: false } : undefined) }],
		});
		expect(await s.run('into w1 bash -c ls')).toContain('bash: command not found');
		expect(await s.run("into w1 sh -c 'foo'")).toBe('sh: foo: not found\ncommand terminated with exit code 127\n');
	});
});

describe('clock and chance', () => {
	it('are the lab’s in awk and jq', async () => {
		const s = screen();
		await s.run('sleep 5');
		expect(
			await s.run("awk 'BEGIN {print systime()}'; jq -n 'now | floor'; date +%s; echo '{\"now\":1}' | jq .now"),
		).toBe('1661159705\n1661159705\n1661159705\n1\n');
		const draw = () => screen().run("awk 'BEGIN {print rand(), rand()}'; seq 3 | awk '{print rand()}'");
		const first = await draw();
		expect(first).toMatch(/^0\.\d+ 0\.\d+\n(0\.\d+\n){3}$/);
		expect(await draw()).toBe(first);
		expect(await s.run("awk 'BEGIN {srand(3); a = rand(); srand(3); print a == rand(), srand()}'")).toBe('1 3\n');
	});
});

describe('a shell', () => {
	it('is not left by what goes wrong', async () => {
		const s = screen();
		expect(await s.run('readonly r=1; r=2')).toBe('bash: r: readonly variable\n');
		expect(await s.run('echo $r')).toBe('1\n');
		expect(s.session.code).toBe(undefined);
	});

	it('runs its traps', async () => {
		const s = screen();
		expect(await s.run('bash -c \'trap "echo bye \\$?" EXIT; (exit 4)\'; echo $?')).toBe('bye 4\n4\n');
		expect(await s.run("trap 'echo left' EXIT; trap")).toBe("trap -- 'echo left' EXIT\n");
		expect(await s.run('trap x NOPE')).toBe('bash: trap: NOPE: invalid signal specification\n');
		await s.session.eof();
		expect(s.text()).toMatch(/left\nexit\n$/);
	});

	it('is root’s behind sudo', async () => {
		const s = screen();
		expect(
			await s.run('whoami; sudo whoami; id -u; sudo id -u; X=1 sudo env | grep -c ^X=; export SUDO_USER=x; id -u'),
		).toBe('learner\nroot\n1000\n0\n0\n1000\n');
		expect(await s.run('echo a | sudo tee f | cat; cat f')).toBe('a\na\n');
		expect(await s.run('into w1 sudo ls')).toContain('sudo: command not found');
	});

	it('counts SECONDS from what it was set to', async () => {
		const s = screen({ tty: false });
		expect(await s.run('sleep 3; SECONDS=0; sleep 2; echo $SECONDS; SECONDS=100; sleep 1; echo $SECONDS')).toBe(
			'2\n101\n',
		);
		expect(await s.run('sleep 4; echo $SECONDS')).toBe('105\n');
	});

	it('says that it opens no connections, whatever is asked', async () => {
		const s = screen({ tty: false });
		const words = "bash: /dev/tcp/127.0.0.1/80: the simulator's bash opens no connections itself, nc does\n";
		for (const line of ['(echo > /dev/tcp/127.0.0.1/80) && echo open', 'cat < /dev/tcp/127.0.0.1/80'])
			expect(await s.run(line)).toBe(words);
		expect(await s.run('exec 5<>/dev/tcp/127.0.0.1/80; echo $?')).toBe(`${words}1\n`);
	});

	it('writes as an ordinary user may, and as root behind sudo', async () => {
		const s = screen({ tty: false });
		expect(await s.run('echo a > /etc/hostname; echo $?')).toBe('bash: /etc/hostname: Permission denied\n1\n');
		expect(await s.run('echo a > /n; touch /usr/bin/n; mkdir /etc/d')).toBe(
			"bash: /n: Permission denied\ntouch: cannot touch '/usr/bin/n': Permission denied\nmkdir: cannot create directory ‘/etc/d’: Permission denied\n",
		);
		expect(await s.run('cat /etc/hostname; rm -f /etc/hostname; ls /root')).toBe(
			"laptop\nrm: cannot remove '/etc/hostname': Permission denied\nls: cannot open directory '/root': Permission denied\n",
		);
		expect(await s.run('chmod 600 /etc/hostname; touch /etc/hostname; cp /etc/hostname /opt')).toBe(
			"chmod: changing permissions of '/etc/hostname': Operation not permitted\ntouch: cannot touch '/etc/hostname': Permission denied\ncp: cannot create regular file '/opt/hostname': Permission denied\n",
		);
		expect(await s.run('echo a > f; chmod 444 f; echo b > f; rm -f f; echo c > f; cat f')).toBe(
			'bash: f: Permission denied\nc\n',
		);
		expect(await s.run('echo d | sudo tee /etc/n; cat /etc/n; sudo rm /etc/n; ls /etc/n')).toBe(
			"d\nd\nls: cannot access '/etc/n': No such file or directory\n",
		);
		expect(await s.run('sudo echo a > /etc/n; sudo sh -c "echo e > /opt/n"; cat /opt/n')).toBe(
			'bash: /etc/n: Permission denied\ne\n',
		);
		expect(await s.run('echo a > /tmp/a; cat /tmp/a; sudo touch /tmp/b; echo b > /tmp/b')).toBe(
			'a\nbash: /tmp/b: Permission denied\n',
		);
		expect(await s.run('touch g; chown 1000 g; chown root g')).toBe(
			"chown: changing ownership of 'g': Operation not permitted\n",
		);
		expect(await s.run('sudo sleep 9 & echo a > /etc/n')).toContain('/etc/n: Permission denied');
		expect(await s.run('into w1 sh -c "echo a > /etc/n && cat /etc/n"')).toBe('a\n');
	});
});
