/** systemctl of a node, asked about several units, and what crictl of later releases has. */
import { expect, test } from 'vitest';
import { terminal } from '../terminal.ts';

test('each unit is told of', async () => {
	const t = await terminal('kind-basic', { patience: 3600e6 });
	const at = (line: string): Promise<string> => t.run(`docker exec basic-worker sh -c '${line}; echo $?'`);
	expect(await at('systemctl is-enabled kubelet containerd')).toBe('enabled\nenabled\n0\n');
	expect(await at('systemctl is-active kubelet containerd')).toBe('active\nactive\n0\n');
	expect(await at('systemctl status kubelet containerd | grep -c "Active: active"')).toBe('2\n0\n');
	expect(await at('systemctl cat kubelet containerd | grep -c "^ExecStart=/usr"')).toBe('3\n0\n');
	expect(await at('systemctl stop kubelet containerd')).toBe(
		'systemctl: the simulator starts and stops the kubelet only, not containerd\n1\n',
	);
	expect(await at('systemctl is-active kubelet')).toBe('active\n0\n');
	await at('systemctl stop kubelet');
	// One that is active is enough (systemctl-is-active.c check_unit_generic()).
	expect(await at('systemctl is-active kubelet containerd')).toBe('inactive\nactive\n0\n');
	expect(await at('systemctl is-active kubelet')).toBe('inactive\n3\n');
	expect(await at('systemctl is-failed kubelet containerd')).toBe('inactive\nactive\n1\n');
});

test('what crictl has and the simulator has not is said to be so', async () => {
	const t = await terminal();
	expect(await t.run('docker exec basic-worker crictl statsp')).toBe('crictl: the simulator has no "crictl statsp"\n');
	expect(await t.run('docker exec basic-worker crictl nonsense')).toContain("No help topic for 'nonsense'");
});
