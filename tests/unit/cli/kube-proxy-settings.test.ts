/** A kube-proxy whose ConfigMap asks for what the lab has not says so. */
import { expect, test } from 'vitest';
import { terminal } from './terminal.ts';

const change = (from: string, to: string): string =>
	`kubectl -n kube-system get cm kube-proxy -o yaml | sed 's/${from}/${to}/' | kubectl apply -f - 2>/dev/null; kubectl -n kube-system rollout restart ds kube-proxy; kubectl -n kube-system rollout status ds kube-proxy; sleep 5`;
const logs = 'kubectl -n kube-system logs ds/kube-proxy | grep "of this lab"';

test('another mode and other settings are told in its log and by events; as it began it says nothing', async () => {
	const { run } = await terminal();
	await run(change('mode: iptables', 'mode: \\"\\"'));
	expect(await run(logs)).not.toContain('lab keeps');
	await run(change('mode: .*', 'mode: ipvs'));
	const words = 'keeps its rules by iptables, as kubeadm sets it up: mode: ipvs makes no difference here';
	expect(await run(logs)).toContain(words);
	expect(await run('kubectl -n kube-system get events --field-selector reason=NotInLab')).toContain(words);
	await run(change('minSyncPeriod: 1s', 'masqueradeAll: true'));
	expect(await run(logs)).toContain('iptables.masqueradeAll: true, mode: ipvs make no difference here');
});
