import { beforeAll, describe, expect, it } from 'vitest';
import { type Terminal, terminal } from '../terminal.ts';

describe('a kubelet that is stopped and started', () => {
	let at: Terminal;
	const node = (line: string): Promise<string> => at.run(`docker exec basic-worker sh -c '${line}'`);
	const pid = async (): Promise<string> => (await node('systemctl show -p MainPID --value kubelet')).trim();
	let first = '';
	let before = '';
	beforeAll(async () => {
		at = await terminal();
		first = await pid();
		before = await node('journalctl -q -u kubelet');
		await node('systemctl stop kubelet');
		await at.run('sleep 30');
	});

	it('leaves its lines as they were, and what systemd says of its end', async () => {
		const journal = await node('journalctl -q -u kubelet');
		expect(before).toContain(`kubelet[${first}]: I0831`);
		expect(journal.startsWith(before)).toBe(true);
		expect(journal.slice(before.length).replace(/^.*?worker /gm, '')).toMatch(
			new RegExp(
				`^systemd\\[1\\]: Stopping kubelet: The Kubernetes Node Agent...\nkubelet\\[${first}\\]: .*"Shutting down controller".*\nsystemd\\[1\\]: kubelet.service: Deactivated successfully.\nsystemd\\[1\\]: Stopped kubelet: The Kubernetes Node Agent.\n$`,
			),
		);
	});

	it('is inactive since then, with the number it had', async () => {
		const status = await node('systemctl status kubelet');
		expect(status).toMatch(/Active: inactive \(dead\) since \w{3} 2022-08-31 \d\d:\d\d:\d\d UTC; 3\ds ago\n/);
		expect(status).toContain(`   Main PID: ${first} (code=exited, status=0/SUCCESS)\n\n`);
		expect(status.trimEnd()).toMatch(/Stopped kubelet: The Kubernetes Node Agent.$/);
	});

	it('has a new number and a new time at once when it is started, and old lines keep theirs', async () => {
		await node('systemctl start kubelet');
		expect(await node('systemctl status kubelet')).toMatch(/Active: active \(running\) since .* UTC; 0s ago/);
		const second = await pid();
		expect(Number(second)).toBeGreaterThan(Number(first));
		const journal = await node('journalctl -q -u kubelet');
		expect(journal.startsWith(before)).toBe(true);
		expect(journal.trimEnd()).toContain(`kubelet[${second}]`);
		await node('systemctl stop kubelet');
		const after = await node('journalctl -q -u kubelet');
		expect(after).toContain(`kubelet[${first}]`);
		expect(after).toContain(`kubelet[${second}]`);
		expect(after).not.toContain('kubelet[0]');
	});
});
