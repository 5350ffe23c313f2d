/** df by types of file systems and with their sum; tty takes no operand. */
import { describe, expect, it } from 'vitest';
import { terminal } from './terminal.ts';

describe('df and tty', () => {
	it('list the types that are asked for, sum them up, and refuse what is wrong', async () => {
		const { run } = await terminal();
		expect(await run('df -t ext4')).not.toContain('tmpfs');
		expect(await run('df -T -t vfat -t tmpfs')).toMatch(/ tmpfs [\s\S]* vfat /);
		expect(await run('df -x tmpfs')).not.toContain('/dev/shm');
		const rows = (await run('df --total'))
			.trimEnd()
			.split('\n')
			.slice(1)
			.map((row) => row.split(/ +/));
		const last = rows.pop();
		expect([last?.[0], last?.[5]]).toEqual(['total', '-']);
		expect(Number(last?.[1])).toBe(rows.reduce((sum, row) => sum + Number(row[1]), 0));
		expect(await run('tty x 2>&1; echo $?')).toBe(
			"tty: extra operand ‘x’\nTry 'tty --help' for more information.\n2\n",
		);
		expect(await run('df -t foo 2>&1; echo $?')).toBe('df: no file systems processed\n1\n');
	});

	it('shows a disk that is mounted often where that is nearest to the root', async () => {
		const { run } = await terminal();
		expect(await run("docker exec basic-worker df --output=target | sed 1d | tr '\\n' ' '")).toBe(
			'/ /dev /dev/shm /var /run /tmp ',
		);
	});

	it('shows the fields that are asked for, and file systems without a size', async () => {
		const { run } = await terminal();
		const [titles, row] = (await run('df --output /')).split('\n');
		expect(titles?.split(/ +/).join(' ')).toBe(
			'Filesystem Type Inodes IUsed IFree IUse% 1K-blocks Used Avail Use% File Mounted on',
		);
		expect(row).toMatch(/% \/ {4}\/$/);
		expect(await run('df --output=target,source / | tail -n 1')).toMatch(/^\/ +\/dev\/nvme0n1p2\n$/);
		expect(await run('df --output=foo / 2>&1; echo $?')).toBe(
			"df: option --output: field ‘foo’ unknown\nTry 'df --help' for more information.\n1\n",
		);
		expect(await run('df -T --output 2>&1')).toContain('options -T and --output are mutually exclusive');
		expect(await run('df -a --sync')).toMatch(/^proc +0 +0 +0 {4}- \/proc$/m);
	});
});

it('stat, mountinfo and lsblk name the same device', async () => {
	const { run } = await terminal();
	const [, major, minor] = /nvme0n1p2 +(\d+):(\d+) /.exec(await run('lsblk'))!;
	expect(await run('stat -c "%d %m" /etc/hostname')).toBe(`${Number(major) * 256 + Number(minor)} /\n`);
	expect(await run('grep " / / " /proc/self/mountinfo')).toContain(` ${major}:${minor} / / `);
	const on = await run('docker exec basic-worker stat -c "%d %m" / /var/log');
	expect(on).toMatch(new RegExp(`^\\d+ /\n${Number(major) * 256 + Number(minor)} /var\n$`));
});
