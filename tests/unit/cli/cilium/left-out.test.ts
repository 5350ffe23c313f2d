/** Parts of the chart that are not wanted, and flags of the connectivity test that the lab lacks. */
import { expect, test } from 'vitest';
import { terminal } from '../terminal.ts';

test('agent=false and operator.enabled=false leave out what they run and may do', async () => {
	const t = await terminal('empty');
	await t.run('helm repo add cilium https://helm.cilium.io/');
	const parts = (values: string): Promise<string> =>
		t.run(`helm template cilium cilium/cilium --version 1.15.6 ${values} | grep -E "^kind|^  name:"`);
	expect(await parts('')).toMatch(/kind: DaemonSet\n {2}name: cilium\n/);
	const without = await parts('--set agent=false --set operator.enabled=false');
	expect(without).not.toMatch(/DaemonSet|Deployment|cilium-config|name: cilium\n|name: cilium-operator\n/);
	expect(await parts('--set operator.enabled=false')).toMatch(/kind: DaemonSet\n {2}name: cilium\n/);
});

test('a flag that the real connectivity test has is not unknown', async () => {
	const t = await terminal('kind-ebpf');
	expect(await t.run('cilium connectivity test --print-flows')).toContain('does not have --print-flows');
	expect(await t.run('cilium connectivity test --nonsense')).toContain('unknown flag: --nonsense');
});
