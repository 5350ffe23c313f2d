/** Who is in `ps`: the one who looks, his shell and what he began; by the terminal he sits at. */
import { expect, test, vi } from 'vitest';
import { terminal } from '../terminal.ts';

// As procps draws it: a branch goes on beside children while there are others of their parent's.
test('ps draws who began whom', async () => {
	const t = await terminal('kind-basic');
	const on = (words: string): Promise<string> => t.run(`docker exec basic-worker ps ${words}`);
	const [, ...drawn] = (await on('-e --forest -o comm')).trimEnd().split('\n');
	expect(drawn.slice(0, 5)).toEqual([
		'systemd',
		' \\_ systemd-journal',
		' \\_ containerd',
		' \\_ kubelet',
		' \\_ containerd-shim',
	]);
	expect(drawn[5]).toBe(' |   \\_ pause');
	// The last of systemd's: nothing goes on beside its children.
	expect(drawn.at(-2)).toMatch(/^ {5}\\_ httpd$/);
	expect(await on('-eH -o comm | head -3')).toContain('systemd\n  systemd-journal\n');
});

test("on the laptop ps shows one's shell and jobs; without a job it is two lines", async () => {
	const t = await terminal('empty');
	const [head, shell, own, ...rest] = (await t.run('ps')).split('\n');
	expect(head).toBe('    PID TTY          TIME CMD');
	const pid = (await t.run('echo $$')).trim();
	expect(shell).toBe(`${pid.padStart(7)} pts/0    00:00:00 bash`);
	expect(own).toMatch(/^ +\d+ pts\/0 {4}00:00:00 ps$/);
	expect(rest).toEqual(['']);
	const [, job] = /^\[1\] (\d+)$/m.exec(await t.run('sleep 100 &'))!;
	expect(await t.run('ps -o pid= -o ppid= -o tty= -o args=')).toMatch(
		new RegExp(`^ +${job} +${pid} pts/0 +sleep 100$`, 'm'),
	);
	expect(await t.run('ps -ef')).toMatch(new RegExp(`^learner +\\d+ +${pid} .* pts/0 +00:00:00 ps -ef$`, 'm'));
	// A shell in the shell, and another terminal.
	await t.run('bash');
	expect((await t.run('ps')).match(/ bash$/gm)).toHaveLength(2);
	await t.run('exit');
	let beside = '';
	const other = t.session.beside({ write: ({ text }) => (beside += text) });
	await other.submit('ps; tty');
	expect(beside).toMatch(/^ +PID .*\n +\d+ pts\/1 +00:00:00 bash\n +\d+ pts\/1 +00:00:00 ps\n\/dev\/pts\/1\n$/);
	expect((await t.run('ps -ef')).match(/ bash$/gm)).toHaveLength(2);
	await t.run('kill %1');
});

test('on a node and in a pod ps shows what has the terminal, or what has none', async () => {
	const t = await terminal();
	await t.run('docker exec -it basic-worker bash');
	expect(await t.run('ps; tty')).toMatch(
		/^ +PID .*\n +\d+ pts\/1 +00:00:00 bash\n +\d+ pts\/1 +00:00:00 ps\n\/dev\/pts\/1\n$/,
	);
	await t.run('exit');
	await t.run('kubectl run d --image=debian -- sleep 1d; kubectl wait --for=condition=Ready pod/d');
	await t.run('kubectl exec d -- sh -c "apt-get update && apt-get install -y procps"');
	expect(await t.run('kubectl exec d -- ps')).toMatch(/^ +PID .*\n +1 \? +00:00:00 sleep\n +\d+ \? +00:00:00 ps\n$/);
	await t.run('kubectl exec -it d -- bash');
	const pid = (await t.run('echo $$')).trim();
	expect(await t.run('ps')).toMatch(/^ +PID .*\n +\d+ pts\/0 +00:00:00 bash\n +\d+ pts\/0 +00:00:00 ps\n$/);
	expect(await t.run('ps ax')).toMatch(/^ +1 \? +Ss +0:00 sleep 1d$/m);
	expect(await t.run('ps -ef')).toMatch(new RegExp(`^root +\\d+ +${pid} .* pts/0 +00:00:00 ps -ef$`, 'm'));
	await t.run('exit');
});

test("netshoot is Alpine: its ps is busybox's and shows all", async () => {
	const t = await terminal();
	await t.run('kubectl run n --image=nicolaka/netshoot -- sleep 1d; kubectl wait --for=condition=Ready pod/n');
	expect(await t.run('kubectl exec n -- ps')).toMatch(
		/^PID {3}USER {5}TIME {2}COMMAND\n {4}1 root {6}0:00 sleep 1d\n +\d+ root {6}0:00 ps\n$/,
	);
	expect(await t.run('kubectl exec n -- sh -c "sleep 5 & ps aux; true"')).toMatch(
		/ sh -c sleep 5.*\n.* sleep 5\n.* ps aux\n$/,
	);
});

test('what begins in the background is there for the next command, however slow the machine is', async () => {
	const t = await terminal();
	await t.run('kubectl run n --image=nicolaka/netshoot -- sleep 1d; kubectl wait --for=condition=Ready pod/n');
	// Each look at the page's clock finds a second gone: the page is given its breath at every step.
	let now = performance.now();
	const clock = vi.spyOn(performance, 'now').mockImplementation(() => (now += 1000));
	try {
		expect(await t.run('kubectl exec n -- sh -c "sleep 5 & ps aux; true"')).toMatch(/ sleep 5\n.* ps aux\n$/);
	} finally {
		clock.mockRestore();
	}
});

test('what writes into a pipe has its terminal still', async () => {
	const t = await terminal('empty');
	expect(await t.run('ps | cat')).toMatch(/^ +PID .*\n +\d+ pts\/0 +00:00:00 bash\n +\d+ pts\/0 +00:00:00 ps\n$/);
});
