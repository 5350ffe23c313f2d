/** What is large: it works, or the simulator says where it ends, never the machine it stands for. */
import { expect, test } from 'vitest';
import { terminal } from '../terminal.ts';

test('a million lines are counted', async () => {
	const t = await terminal('empty');
	expect(await t.run('yes | head -1000000 | wc -l')).toBe('1000000\n');
	expect(await t.run('yes | head -1000000 > f; wc f')).toBe('1000000 1000000 2000000 f\n');
	expect(await t.run("printf 'a\\tbb\\n\\rccc\\fdddddddddd e\\n x' | wc -lwmcL")).toBe(
		'      2       6      25      25      12\n',
	);
});

test('what is not kept is not said to lack room on a disk that has it', async () => {
	const t = await terminal('empty');
	expect(await t.run('dd if=/dev/zero of=x bs=1M count=9')).toBe("dd: 'x': more than 8 MiB at once is not simulated\n");
	expect(await t.run('truncate -s 1G x')).toBe(
		"truncate: failed to truncate 'x' at 1073741824 bytes: more than 8 MiB at once is not simulated\n",
	);
	await t.run('for i in a b c d; do dd if=/dev/zero of=$i bs=1M count=7 status=none; done');
	expect(await t.run('dd if=/dev/zero of=e bs=1M count=7')).toBe(
		"dd: failed to open 'e': more than 32 MiB of files in one place is not simulated\n",
	);
});

test('a loop over some thousand lines comes to its end', async () => {
	const t = await terminal('empty');
	expect(await t.run('seq 5000 > f; n=0; while read -r l; do ((n++)); done < f; echo $n')).toBe('5000\n');
	expect(await t.run('for ((i = 0; i < 12000; i++)); do n=$((n + i)); done; echo $n')).toBe('71999000\n');
	expect(await t.run('while true; do :; done')).toBe('bash: stopped: too many commands in one line\n');
});

test('a script does not tell of jobs that it waited for', async () => {
	const t = await terminal('empty');
	expect(await t.run('bash -c "sleep 0.1 & wait; jobs; false & wait \\$!; echo \\$?; jobs"')).toBe('1\n');
	expect(await t.run('bash -c "sleep 0.1 & sleep 0.3; jobs; jobs"')).toBe('[1]+  Done                    sleep 0.1\n');
});
