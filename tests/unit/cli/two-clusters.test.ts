/** Nodes of two clusters are on one bridge of Docker's; here nothing goes between them but what the laptop sends, and that is said. */
import { beforeAll, describe, expect, it } from 'vitest';
import { type Terminal, terminal } from './terminal.ts';

describe('two clusters beside each other', () => {
	let t: Terminal;
	beforeAll(async () => {
		t = await terminal('empty');
		await t.run(
			[
				'kind create cluster -q --wait 1m --name a',
				'kind create cluster -q --wait 1m --name b',
				'kubectl --context kind-a run p --image=nicolaka/netshoot -- sleep inf',
				'kubectl --context kind-a wait --for=condition=Ready pod/p',
			].join('\n'),
		);
	});
	const said = 'b-control-plane (172.18.0.3) is there, but the simulator has no packets between the clusters a and b\n';

	it.each([
		['curl', 'docker exec a-control-plane curl -sk https://b-control-plane:6443/healthz'],
		['nc', 'kubectl --context kind-a exec p -- nc -z 172.18.0.3 6443'],
		['ping', 'kubectl --context kind-a exec p -- ping -c1 172.18.0.3'],
	])('%s says that it is the simulator', async (name, line) => {
		expect(await t.run(line)).toContain(`${name}: ${said}`);
		expect(t.code()).not.toBe(0);
	});

	it('answer the laptop, and themselves', async () => {
		for (const n of [2, 3]) expect(await t.run(`curl -sk https://172.18.0.${n}:6443/healthz`)).toBe('ok');
		expect(await t.run('docker exec a-control-plane curl -sk https://a-control-plane:6443/healthz')).toBe('ok');
	});
});
