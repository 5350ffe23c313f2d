/** Addresses of pods say nothing of names: Cilium draws each by chance, host-local goes on from the last. */
import { expect, test } from 'vitest';
import { terminal } from './terminal.ts';

test.each([['kind-cilium'], ['empty']] as const)('%s: a pod of the same name has another address', async (preset) => {
	const t = await terminal(preset);
	if (preset === 'empty') await t.run('kind create cluster');
	const seen = new Set<string>();
	for (let i = 0; i < 3; i++) {
		await t.run('kubectl run a --image=nginx && kubectl wait --for=condition=Ready pod/a --timeout=60s');
		seen.add(await t.run("kubectl get pod a -o jsonpath='{.status.podIP}'"));
		await t.run('kubectl delete pod a --now');
	}
	expect(seen.size).toBe(3);
});
