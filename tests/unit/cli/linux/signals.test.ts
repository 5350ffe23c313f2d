/** What programs that hear a signal do about it, and what the line they stand in does then. */
import { expect, test } from 'vitest';
import { readable, Session, surroundings, tools } from '../../../../src/cli/index.ts';
import { labPreset } from '../../../../src/sim/lab/index.ts';
import { terminal } from '../terminal.ts';

/** Types a line, and Ctrl-C after some seconds of the lab; answers what it wrote. */
async function interrupted(line: string): Promise<string> {
	let text = '';
	let go: (() => void) | undefined;
	const session = new Session({
		lab: labPreset('empty')!,
		tools,
		surroundings,
		pace: (now) => new Promise((resolve) => (go = () => resolve(now + 1e6))),
		write: (octets) => (text += readable(octets)),
	});
	let over = false;
	const step = async (): Promise<void> => {
		await new Promise((resolve) => setTimeout(resolve, 20));
		go?.();
	};
	const run = session.submit(line).then(() => (over = true));
	// On a busy machine its packets take a while to be fetched; what goes through a pipe is not seen.
	const begun = (): boolean => !/^ping [^|]*;/.test(line) || text.includes('bytes from');
	for (let i = 0; i < 5 || (i < 500 && !begun()); i++) await step();
	expect(over).toBe(false);
	session.interrupt();
	for (let i = 0; i < 50 && !over; i++) await step();
	await run;
	return text;
}

test('ping tells its statistics upon Ctrl-C alone, and bash goes on behind it', async () => {
	expect(await interrupted('ping 127.0.0.1; echo $?; sleep 1; echo on')).toMatch(
		/\n--- 127\.0\.0\.1 ping statistics ---\n[^\n]*\n[^\n]*\n0\non\n$/,
	);
	// What does not hear it ends the line.
	expect(await interrupted('sleep 60; echo on')).toBe('');
	expect(await interrupted('ping 127.0.0.1 | cat; echo on')).not.toMatch(/on\n$/);
	const t = await terminal('empty');
	for (const signal of ['TERM', 'KILL', 'HUP'])
		expect(await t.run(`timeout -s ${signal} 2 ping 127.0.0.1`), signal).not.toContain('statistics');
	expect(await t.run('timeout -s INT 2 ping 127.0.0.1')).toContain('statistics');
});

test('tcpdump tells what it counted unless it is killed', async () => {
	const t = await terminal('empty');
	for (const signal of ['TERM', 'INT', 'HUP'])
		expect(await t.run(`timeout -s ${signal} 2 sudo tcpdump -i lo`), signal).toContain('0 packets captured');
	expect(await t.run('timeout -s KILL 2 sudo tcpdump -i lo')).not.toContain('captured');
});

test('kubectl exec without -t leaves its program behind', async () => {
	const t = await terminal();
	await t.run('kubectl run n --image=nicolaka/netshoot -- sleep 1d; kubectl wait --for=condition=Ready pod/n');
	expect(await t.run('timeout -s INT 2 kubectl exec n -- ping 127.0.0.1')).not.toContain('statistics');
	expect(await t.run('kubectl exec n -- timeout -s INT 2 ping 127.0.0.1')).toContain('statistics');
});

test('timeout answers what its program ended with where it becomes that, and a killed kubectl says nothing', async () => {
	const t = await terminal();
	await t.run('kubectl run n --image=nicolaka/netshoot -- sleep 1d; kubectl wait --for=condition=Ready pod/n');
	const code = async (line: string): Promise<string> => (await t.run(`${line} > /dev/null 2>&1; echo $?`)).trim();
	expect(await code('kubectl exec n -- timeout 2 tcpdump -ni eth0')).toBe('0');
	expect(await code('kubectl exec n -- timeout 2 sleep 9')).toBe('143');
	expect(await code('sudo timeout --preserve-status 2 tcpdump -ni lo')).toBe('0');
	expect(await code('timeout --preserve-status 2 sleep 9')).toBe('143');
	for (const line of ['timeout 2 kubectl exec n -- sleep 9', 'timeout 2 kubectl exec n -- sh -c "echo; sleep 9"']) {
		expect(await t.run(line)).not.toContain('terminated');
		expect(t.code()).toBe(124);
	}
	expect(await t.run('timeout -s KILL 2 kubectl exec n -- sleep 9')).toBe('Killed\n');
});
