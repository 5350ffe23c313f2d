/** A ReplicationController keeps its pods, as the first versions of Kubernetes had it. */
import { describe, expect, it } from 'vitest';
import { terminal } from '../linux/terminal.ts';

const MANIFEST = `cat > rc.yaml <<'Y'
apiVersion: v1
kind: ReplicationController
metadata: {name: old}
spec:
  replicas: 2
  template:
    metadata: {labels: {app: old}}
    spec: {containers: [{name: web, image: "nginx:1.23"}]}
Y
kubectl apply -f rc.yaml`;

describe('a ReplicationController', () => {
	it('makes its pods, replaces them, follows its scale and takes them along', async () => {
		const { run } = await terminal();
		expect(await run(MANIFEST)).toBe('replicationcontroller/old created\n');
		await run('sleep 20');
		expect((await run('kubectl get rc old -L app --no-headers')).split(/ +/).slice(0, 4)).toEqual([
			'old',
			'2',
			'2',
			'2',
		]);
		expect(await run("kubectl get rc old -o jsonpath='{.metadata.labels}{.spec.selector}'")).toBe(
			'{"app":"old"}{"app":"old"}',
		);
		const first = await run('kubectl get pods -l app=old -o name');
		expect(first.trim().split('\n')).toHaveLength(2);
		await run('kubectl delete pod -l app=old');
		const second = await run('kubectl get pods -l app=old -o name');
		expect(second.trim().split('\n')).toHaveLength(2);
		for (const name of first.trim().split('\n')) expect(second).not.toContain(name);
		await run('kubectl scale rc old --replicas=1; sleep 5');
		expect((await run('kubectl get pods -l app=old -o name')).trim().split('\n')).toHaveLength(1);
		expect(await run('kubectl describe rc old')).toMatch(/replication-controller +Created pod: old-/);
		await run('kubectl delete rc old; sleep 40');
		expect(await run('kubectl get pods -l app=old -o name')).toBe('');
	});
});
