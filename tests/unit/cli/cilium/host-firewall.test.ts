/** What the simulator lacks is said when somebody asks for it, not only by agents that stop. */
import { expect, test } from 'vitest';
import { terminal } from '../terminal.ts';

test('helm says of the host firewall and of the pre-flight check that the simulator has none', async () => {
	const t = await terminal('empty');
	const chart = 'helm template cilium cilium/cilium --version 1.18.6 -n kube-system';
	await t.run('helm repo add cilium https://helm.cilium.io/');
	expect(await t.run(`${chart} --set hostFirewall.enabled=true`)).toContain(
		'the simulator enforces no policies for nodes (enable-host-firewall=true); the agents will not start',
	);
	const check = await t.run(`${chart} --set preflight.enabled=true,agent=false,operator.enabled=false; echo $?`);
	expect(check).toMatch(/^Error: .*the simulator’s chart has no pre-flight check.*\n1\n$/s);
	expect(await t.run(chart)).not.toContain('the simulator');
});
