import { expect, test } from 'vitest';
import { terminal } from '../terminal.ts';

const IN = 'kubectl -n kube-system exec ds/cilium -c cilium-agent --';

test('an agent’s container has its configuration, what the agent keeps, and the names of its sources', async () => {
	const t = await terminal('kind-ebpf');
	expect(await t.run(`${IN} cat /tmp/cilium/config-map/kube-proxy-replacement`)).toBe('strict');
	expect(await t.run(`${IN} ls /var/run/cilium`)).toContain('cilium.sock\n');
	const id = (await t.run(`${IN} cilium endpoint list -o jsonpath='{[0].id}'`)).trim();
	expect(await t.run(`${IN} ls /var/run/cilium/state`)).toContain(`${id}\n`);
	expect(await t.run(`${IN} cat /var/lib/cilium/bpf/bpf_lxc.c`)).toContain('does not carry');
	expect(await t.run(`${IN} cilium-bugtool`)).toMatch(/the simulator (?:does not have it|has)/);
});

test('cilium-health probes at once when asked to, and what it found stands until the next round', async () => {
	const t = await terminal('kind-ebpf');
	const time = (text: string): string => /Probe time: +(\S+)/.exec(text)![1]!;
	await t.run('sleep 10');
	const before = await t.run(`${IN} cilium-health status`);
	const probed = await t.run(`${IN} cilium-health status --probe`);
	expect(time(probed) > time(before)).toBe(true);
	expect(await t.run(`${IN} cilium-health status`)).toBe(probed);
	await t.run('sleep 60');
	expect(time(await t.run(`${IN} cilium-health status`)) > time(probed)).toBe(true);
});
