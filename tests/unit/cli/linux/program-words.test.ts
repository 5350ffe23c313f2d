import { describe, expect, it } from 'vitest';
import { terminal } from './terminal.ts';

/** First lines that Ubuntu 22.04, Ubuntu 21.10, Debian 11 and Alpine 3.16 answered. */
const VERSIONS: readonly (readonly [where: string, command: string, answer: string])[] = [
	['', 'bash --version', 'GNU bash, version 5.1.16(1)-release (x86_64-pc-linux-gnu)\n'],
	['', 'grep --version', 'grep (GNU grep) 3.7\n'],
	['', 'sed --version', 'sed (GNU sed) 4.8\n'],
	['', 'tar --version', 'tar (GNU tar) 1.34\n'],
	['', 'ls --version', 'ls (GNU coreutils) 8.32\n'],
	['', 'find --version', 'find (GNU findutils) 4.8.0\n'],
	['', 'cp --version', 'cp (GNU coreutils) 8.32\n'],
	['', 'ps --version', 'ps from procps-ng 3.3.17\n'],
	[
		'',
		'containerd --version',
		'containerd github.com/containerd/containerd v1.6.8 9cd3357b7fd7218e4aec3eae239db1f68a5a6ec6\n',
	],
	['docker exec basic-worker ', 'runc --version', 'runc version 1.1.1\n'],
	['', 'python3 --version', 'Python 3.10.6\n'],
	['docker exec basic-worker ', 'bash --version', 'GNU bash, version 5.1.8(1)-release (x86_64-pc-linux-gnu)\n'],
	['docker run --rm debian ', 'bash --version', 'GNU bash, version 5.1.4(1)-release (x86_64-pc-linux-gnu)\n'],
	['docker run --rm debian:12 ', 'ls --version', 'ls (GNU coreutils) 9.1\n'],
	['docker run --rm alpine ', 'tar --version', 'tar (busybox) 1.35.0\n'],
	['docker run --rm alpine ', 'ls --version', 'ls: unrecognized option: version\n'],
	['docker run --rm busybox ', 'ls --version', "ls: unrecognized option '--version'\n"],
];

/** What busybox 1.35.0 answered to the same commands. */
const WORDS: readonly (readonly [command: string, answer: string])[] = [
	['cat /nope', "cat: can't open '/nope': No such file or directory\n"],
	['ls /nope', 'ls: /nope: No such file or directory\n'],
	['mkdir /a/b', "mkdir: can't create directory '/a/b': No such file or directory\n"],
	['rm /nope', "rm: can't remove '/nope': No such file or directory\n"],
	['cp /nope /x', "cp: can't stat '/nope': No such file or directory\n"],
	['mv /nope /y', "mv: can't rename '/nope': No such file or directory\n"],
	['rmdir /nope', "rmdir: '/nope': No such file or directory\n"],
	['chmod 1 /nope', 'chmod: /nope: No such file or directory\n'],
	['head /nope', 'head: /nope: No such file or directory\n'],
	['tail /nope', "tail: can't open '/nope': No such file or directory\ntail: no files\n"],
	['touch /nope/x', 'touch: /nope/x: No such file or directory\n'],
	['stat /nope', "stat: can't stat '/nope': No such file or directory\n"],
	['tar tf /nope', "tar: can't open '/nope': No such file or directory\n"],
	['diff /nope /etc/hosts', "diff: can't stat '/nope': No such file or directory\n"],
	['sleep x', "sleep: invalid number 'x'\n"],
	['rm /usr 2>&1 | cat', "rm: '/usr' is a directory\n"],
];

describe('programs speak as those that are installed do', () => {
	it('of their versions, by the release of the system', async () => {
		const { run } = await terminal();
		await run('docker pull -q debian; docker pull -q debian:12; docker pull -q alpine; docker pull -q busybox');
		for (const [where, command, answer] of VERSIONS)
			expect([command, await run(`${where}${command} 2>&1 | head -1`)]).toEqual([command, answer]);
	});

	it("in busybox's words of what is wrong", async () => {
		const { run } = await terminal();
		await run('docker run -d --name box busybox sleep 100000');
		for (const [command, answer] of WORDS)
			expect([command, await run(`docker exec box sh -c '${command}' 2>&1`)]).toEqual([command, answer]);
		expect(await run('docker exec box cp 2>&1')).toMatch(/^BusyBox v1\.35\.0 .* multi-call binary\.\n\nUsage: cp /);
	});

	it('and the release is told in full', async () => {
		const { run } = await terminal();
		expect(await run('docker run --rm ubuntu tail -1 /etc/os-release 2>/dev/null')).toBe('UBUNTU_CODENAME=jammy\n');
		expect(await run('docker run --rm alpine tail -1 /etc/os-release 2>/dev/null')).toMatch(/^BUG_REPORT_URL=/);
	});
});
