/** Processes of a container have small numbers, and each of them is there once. */
import { expect, it } from 'vitest';
import { terminal } from './terminal.ts';

const rows = (text: string): readonly string[] =>
	text
		.split('\n')
		.filter((line) => /^ *\d+ /.test(line))
		.map((line) => line.trim().replace(/ +\S+ +\d:\d\d /, ' '));

it("what somebody attached to runs is its container's first process, and no second one", async () => {
	const at = await terminal();
	const shown = rows(await at.run("kubectl run bb --image=busybox -it --rm --restart=Never -- sh -c 'ps; id'"));
	expect(shown).toHaveLength(2);
	expect(shown[0]).toBe('1 sh -c ps; id');
	expect(shown[1]).toMatch(/^\d\d? ps$/);
});

it("a debugger beside a container comes after that one's first process, once, with small numbers", async () => {
	const at = await terminal();
	await at.run('kubectl run web --image=nginx:1.25\nsleep 60');
	const shown = rows(await at.run("kubectl debug web -it --image=busybox --target=web -- sh -c 'ps; id'"));
	expect(shown[0]).toMatch(/^1 nginx: master/);
	expect(shown.filter((row) => row.includes('sh -c'))).toHaveLength(1);
	for (const row of shown) expect(Number.parseInt(row, 10)).toBeLessThan(100);
	// Numbers go up: what is begun there comes after what was.
	const last = (what: string): number => shown.findLastIndex((row) => row.endsWith(what));
	expect(last(' ps')).toBeGreaterThan(last('worker process'));
});

it('a shell that somebody enters beside the same command is a process of its own', async () => {
	const at = await terminal();
	await at.run('kubectl run idle --image=busybox -- sleep 10000\nsleep 60');
	expect(rows(await at.run('kubectl exec idle -- sleep 10000 & sleep 1; kubectl exec idle -- ps'))).toEqual([
		'1 sleep 10000',
		expect.stringMatching(/^\d\d? sleep 10000$/),
		expect.stringMatching(/^\d\d? ps$/),
	]);
});

it('what a shell says of its own number, and of its children’s, is what is shown', async () => {
	const at = await terminal();
	await at.run('kubectl run idle --image=busybox -- sleep 10000\nsleep 60');
	const text = await at.run('kubectl exec idle -- sh -c \'sleep 9 & echo $$ $!; sh -c "echo \\$\\$"; ps; true\'');
	const [own = '', inner = ''] = text.split('\n');
	const [shell, job] = own.split(' ');
	const shown = rows(text.split('\n').slice(2).join('\n'));
	expect(shown.slice(0, 3)).toEqual([
		'1 sleep 10000',
		expect.stringMatching(`^${shell} sh -c sleep`),
		`${job} sleep 9`,
	]);
	expect(Number(shell)).toBeLessThan(Number(job));
	expect(Number(job)).toBeLessThan(Number(inner));
	expect(Number(inner)).toBeLessThan(Number.parseInt(shown[3]!, 10));
});
