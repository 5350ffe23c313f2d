import { describe, expect, it } from 'vitest';
import { terminal } from '../terminal.ts';

/** Relay comes by helm, as Cilium did: this machine's `cilium hubble enable` knows nothing of helm. */
const RELAY =
	'helm upgrade cilium cilium --repo https://helm.cilium.io -n kube-system --version 1.12.1 --reuse-values --set hubble.relay.enabled=true >/dev/null; kubectl -n kube-system rollout status deploy/hubble-relay >/dev/null';

describe('cilium-cli and hubble on the laptop', () => {
	it('reaches Hubble only while the relay is there and forwarded', async () => {
		const { run } = await terminal('kind-ebpf', { patience: 30 * 60e6 });
		expect(await run('hubble status')).toContain("failed to connect to 'localhost:4245'");
		expect(await run('cilium hubble port-forward')).toContain('Error: Unable to port forward');
		await run(RELAY);
		const seen = await run(
			'cilium hubble port-forward & sleep 1; curl -s 172.18.0.3:32017 >/dev/null; hubble status; hubble observe --last 2; kill %1',
		);
		expect(seen).toMatch(/Healthcheck \(via localhost:4245\): Ok\nCurrent\/Max Flows: [1-9]/);
		expect(seen).toMatch(/Connected Nodes: 4\/4/);
		expect(seen.match(/ FORWARDED \(/g)).toHaveLength(2);
	}, 60_000);

	it('runs the connectivity test as flows of the lab', async () => {
		const { run } = await terminal('kind-ebpf', { patience: 30 * 60e6 });
		const test = await run('cilium connectivity test; echo $?');
		expect(test).toMatch(/✅ All 11 tests \(\d+ actions\) successful, 0 tests skipped, 0 scenarios skipped\.\n0\n/);
		expect(await run('kubectl get cnp -A')).toContain('No resources found');
		const one = await run('cilium connectivity test --test no-policies/pod-to-service | tail -n 1');
		expect(one).toBe('✅ All 1 tests (4 actions) successful, 10 tests skipped, 0 scenarios skipped.\n');
		// Somebody else's policy makes it fail: it does look.
		await run(`kubectl -n cilium-test label pod -l name=client2 shut=yes && kubectl apply -f - <<'END'
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: {name: mine, namespace: cilium-test}
spec: {endpointSelector: {matchLabels: {shut: "yes"}}, ingressDeny: [{fromEntities: [all]}]}
END
sleep 10`);
		const failing = await run(
			'cilium connectivity test --test no-policies,allow-all-except-world/client-to-client; echo $?',
		);
		expect(failing).toContain('❌ 1/2 tests failed (1/2 actions)');
		expect(failing).toMatch(/\n1\n$/);
	}, 60_000);
});
