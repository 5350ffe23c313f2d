import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { terminal } from '../terminal.ts';

/** What the machine's own numfmt answers; undefined where there is none. */
function real(args: readonly string[]): string | undefined {
	try {
		return execFileSync('numfmt', args, { encoding: 'utf8' });
	} catch {
		return undefined;
	}
}

const NUMBERS = [
	['--to=iec', '1048576', '1500', '999', '10240000', '123456789'],
	['--to=si', '1000000', '1500', '999', '1024', '99999'],
	['--from=iec', '1K', '2M', '1.5G'],
	['--from=si', '--to=iec', '5M'],
	['--to=iec-i', '--suffix=B', '4096'],
	['--to=si', '--padding=8', '1234'],
];

test.skipIf(real(['1']) === undefined)('numfmt scales as the machine’s does', async () => {
	const t = await terminal('empty');
	for (const args of NUMBERS) expect(await t.run(`numfmt ${args.join(' ')}`), args.join(' ')).toBe(real(args));
});

test('programs that tell of the terminal and the system agree with its files', async () => {
	const t = await terminal('empty');
	expect(await t.run('tput cols; tput setaf 1 | od -An -c; groups; groups learner; groups nosuch')).toBe(
		'80\n 033   [   3   1   m\nlearner sudo docker\nlearner : learner sudo docker\ngroups: ‘nosuch’: no such user\n',
	);
	expect(await t.run('lsb_release -ds; lsb_release -c; . /etc/os-release; echo $VERSION_CODENAME')).toBe(
		'Ubuntu 22.04.1 LTS\nCodename:\tjammy\njammy\n',
	);
});

test('busybox runs an applet, lists all, and knows no others', async () => {
	const t = await terminal('empty');
	await t.run('docker run -d --name b busybox sleep 1000');
	expect(await t.run('docker exec b busybox echo hi; docker exec b busybox nosuch; docker exec b busybox crond')).toBe(
		'hi\nnosuch: applet not found\ncrond: the program is here, but the simulator does not have it\n',
	);
	expect(
		await t.run("docker exec b sh -c 'test $(busybox --list | wc -l) = $(($(ls /bin | wc -l) - 1)) && echo all'"),
	).toBe('all\n');
});
