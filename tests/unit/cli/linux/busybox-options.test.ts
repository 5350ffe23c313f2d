import { expect, test } from 'vitest';
import { terminal } from './terminal.ts';

/** Lines and the first that busybox 1.35.0 answers; what follows is how the applet is called. */
const REFUSED: readonly (readonly [line: string, answer: string, code: number])[] = [
	['ls --sort=size /', "ls: unrecognized option '--sort=size'", 1],
	['ls -lZ /', "ls: invalid option -- 'Z'", 1],
	['grep -P x /etc/passwd', "grep: invalid option -- 'P'", 2],
	['grep x /etc/passwd --include=y', "grep: unrecognized option '--include=y'", 2],
	['sort --parallel=2 /etc/passwd', "sort: unrecognized option '--parallel=2'", 2],
	['head --lines=1 /etc/passwd', "head: unrecognized option '--lines=1'", 1],
	['cut --complement -c1 /etc/passwd', "cut: unrecognized option '--complement'", 1],
	['find / -printf x', 'find: unrecognized: -printf', 1],
	['ps --forest', "ps: unrecognized option '--forest'", 1],
	['uptime -p', "uptime: invalid option -- 'p'", 1],
	["date -d 'next monday'", "date: invalid date 'next monday'", 1],
	['ls --version', "ls: unrecognized option '--version'", 1],
];

/** What it takes. */
const TAKEN: readonly (readonly [line: string, answer: string])[] = [
	['ls -d --group-directories-first --color=never /etc', '/etc\n'],
	['ls -d -- /etc', '/etc\n'],
	['head -1 /etc/hostname', 'box\n'],
	['mkdir --par /tmp/a/b; ls /tmp/a', 'b\n'],
	['find /etc -name hostname -exec ls -d --color {} \\;', '/etc/hostname\n'],
	['env -i sh -c "ls --sort=x / 2>/dev/null; echo \\$?"', '1\n'],
	['timeout 5 ls -d /etc', '/etc\n'],
	['timeout 1 sleep 5; echo $?', '143\n'],
	['date -d "2020-01-01 10:11:12" +%s', '1577873472\n'],
	['f() { echo "$1"; }; f --x', '--x\n'],
];

test('applets of busybox refuse options that only GNU has, and take their own', async () => {
	const { run } = await terminal();
	await run('docker run -d --name box --hostname box busybox sleep 100000');
	const inside = (line: string): Promise<string> =>
		run(`docker exec box sh -c '${line.replaceAll("'", "'\\''")}' 2>&1`);
	for (const [line, answer, code] of REFUSED) {
		const [first, ...rest] = (await inside(`${line}; echo $?`)).trimEnd().split('\n');
		expect([line, first, Number(rest.at(-1))]).toEqual([line, answer, code]);
		expect(rest.filter((word) => word.startsWith('Usage: ')).length).toBe(line.startsWith('date') ? 0 : 1);
	}
	for (const [line, answer] of TAKEN) expect([line, await inside(line)]).toEqual([line, answer]);
	expect(await run('docker run --rm alpine ls -Z 2>&1 | grep ^ls:')).toBe('ls: unrecognized option: Z\n');
	// A system with GNU's has them.
	expect(await run('docker run --rm debian ls -d --sort=size /etc 2>/dev/null')).toBe('/etc\n');
});

test("busybox's ps has the columns that are asked for, and its free no binary units", async () => {
	const { run } = await terminal();
	await run('docker run -d --name box busybox sleep 100000');
	const inside = (line: string): Promise<string> => run(`docker exec box ${line} 2>&1`);
	expect(await inside('ps -o pid,comm,args')).toMatch(
		/^PID {3}COMMAND {10}COMMAND\n {4}1 sleep {12}sleep 100000\n +\d+ ps {15}ps -o pid,comm,args\n$/,
	);
	expect((await inside('ps -o pid=P,user')).split('\n').slice(0, 2)).toEqual(['P USER', '1 root']);
	expect(await inside('ps -o foo')).toContain("ps: bad -o argument 'foo', supported arguments: user,");
	expect(await inside('free -h')).toMatch(/^Mem: +\d+\.\dG /m);
});
