/** Who holds the lease of Cilium's operator (cilium operator/main.go @ v1.12.1), and that another pod gets it. */
import { expect, it } from 'vitest';
import { terminal } from './terminal.ts';

it("is held by a name of chance behind the node's, and by another pod when its own goes", async () => {
	const { run } = await terminal();
	const holder = (): Promise<string> =>
		run("kubectl get lease -n kube-system cilium-operator-resource-lock -o jsonpath='{.spec.holderIdentity}'");
	const before = await holder();
	expect(before).toMatch(/^basic-worker\d?-[A-Za-z]{10}$/);
	const node = before.replace(/-[A-Za-z]{10}$/, '');
	await run(
		`kubectl delete pod -n kube-system --wait=false -l name=cilium-operator --field-selector spec.nodeName=${node}\nsleep 60`,
	);
	const after = await holder();
	expect(after).toMatch(/^basic-\S+-[A-Za-z]{10}$/);
	expect(after).not.toBe(before);
});
