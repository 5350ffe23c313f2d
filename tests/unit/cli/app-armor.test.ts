/** kubernetes.io, tutorials/security/apparmor: pods that ask for a profile, on kind's nodes, whose kubelets see no AppArmor. */
import { expect, test } from 'vitest';
import { terminal } from './terminal.ts';

const pod = (name: string, field: string, note = ''): string => `kubectl apply -f - <<'END'
apiVersion: v1
kind: Pod
metadata:
  name: ${name}
  annotations: {a: b${note}}
spec:
  ${field}
  containers: [{name: c, image: busybox, command: [sleep, 1d]}]
END`;
const NOTE = ', container.apparmor.security.beta.kubernetes.io/c: ';
const shown = (name: string): string => `kubectl get pod ${name} --no-headers`;
const WHY = 'Cannot enforce AppArmor: AppArmor is not enabled on the host';

test('before 1.31 a kubelet holds them', async () => {
	const { run } = await terminal();
	await run(pod('none', '', `${NOTE}unconfined`));
	await run(pod('some', '', `${NOTE}localhost/deny-write`));
	await run('sleep 10');
	expect(await run(shown('none'))).toMatch(/^none +1\/1 +Running /);
	expect(await run(shown('some'))).toMatch(/^some +0\/1 +Blocked +0 /);
	expect(await run("kubectl get pod some -o jsonpath='{.status.phase} {.status.reason}: {.status.message}'")).toBe(
		`Pending AppArmor: ${WHY}`,
	);
	expect(await run('kubectl delete pod some')).toBe('pod "some" deleted\n');
});

test('since then it rejects them', async () => {
	const { run } = await terminal('empty');
	await run('kind create cluster -q --image kindest/node:v1.33.1; sleep 30');
	const ofPod = (type: string): string =>
		`tolerations: [{operator: Exists}]\n  securityContext: {appArmorProfile: {type: ${type}}}`;
	await run(pod('none', ofPod('Unconfined')));
	await run(pod('some', ofPod('RuntimeDefault')));
	await run('sleep 10');
	expect(await run(shown('none'))).toMatch(/^none +1\/1 +Running /);
	expect(await run(shown('some'))).toMatch(/^some +0\/1 +AppArmor +0 /);
	expect(await run("kubectl get pod some -o jsonpath='{.status.phase}: {.status.message}'")).toBe(
		`Failed: Pod was rejected: ${WHY}`,
	);
});
