import { expect, it } from 'vitest';
import { terminal } from '../terminal.ts';

it('the journal has the pause of a crashing container that its status has, however often it is looked at', async () => {
	const at = await terminal();
	await at.run('kubectl run crash --image=busybox:1.36 -- sh -c "exit 3"');
	const said: string[] = [];
	for (let i = 0; i < 10; i++) {
		await at.run('sleep 20');
		const message = await at.run(
			"kubectl get pod crash -o jsonpath='{.status.containerStatuses[0].state.waiting.message}'",
		);
		if (message.startsWith('back-off')) said.push(message);
	}
	expect(new Set(said.map((text) => text.split(' ')[1])).size).toBeGreaterThan(2);
	const node = (await at.run("kubectl get pod crash -o jsonpath='{.spec.nodeName}'")).trim();
	const journal = await at.run(`docker exec ${node} journalctl -q -u kubelet`);
	const written = [...journal.matchAll(/CrashLoopBackOff: \\"(back-off .*?)\\"/g)].map(([, text]) => text!);
	const pauses = [...new Set(written.map((text) => text.split(' ')[1]))];
	expect(pauses).toEqual(['10s', '20s', '40s', '1m20s', '2m40s'].slice(0, pauses.length));
	expect(written).toEqual(expect.arrayContaining(said));
	// Said at each look, which comes oftener than a start.
	expect(written.length).toBeGreaterThan(pauses.length + 3);
});
