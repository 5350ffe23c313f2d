/** ConfigMaps and Secrets that are deleted while a pod uses them: what is mounted stays, and the kubelet says so. */
import { expect, test } from 'vitest';
import { terminal } from './terminal.ts';

const POD = `apiVersion: v1
kind: Pod
metadata: {name: uses}
spec:
  nodeName: basic-worker
  containers:
  - name: c
    image: busybox
    command: [sh, -c, "trap 'exit 1' TERM; while true; do sleep 1; done"]
    env: [{name: KEY, valueFrom: {configMapKeyRef: {name: variables, key: a}}}]
    volumeMounts: [{name: files, mountPath: /files}, {name: kept, mountPath: /kept}]
  volumes:
  - {name: files, configMap: {name: files}}
  - {name: kept, secret: {secretName: kept, optional: true}}
`;
const events = (reason: string): string =>
	`kubectl get events --field-selector involvedObject.name=uses,reason=${reason} -o jsonpath='{range .items[*]}{.message}{" "}{.count}{"\\n"}{end}'`;

test('files stay, each try to renew them fails, and the container does not start again without its variables', async () => {
	const t = await terminal('kind-basic', { patience: 3600e6 });
	await t.run(
		'kubectl create configmap files --from-literal=a=1; kubectl create configmap variables --from-literal=a=2',
	);
	await t.run('kubectl create secret generic kept --from-literal=a=3');
	await t.file('uses.yaml', POD);
	await t.run('kubectl apply -f uses.yaml; kubectl wait --for=condition=Ready pod/uses');
	await t.run('kubectl delete configmap files variables; kubectl delete secret kept; sleep 100');
	expect(await t.run('kubectl exec uses -- sh -c "cat /files/a; echo; ls /kept; echo \\$KEY"')).toBe('1\n2\n');
	expect(await t.run('kubectl get pod uses --no-headers')).toMatch(/^uses +1\/1 +Running +0/);
	const failed = /^MountVolume.SetUp failed for volume "files" : configmap "files" not found (\d+)\n$/;
	const [, first] = failed.exec(await t.run(events('FailedMount')))!;
	await t.run('sleep 300');
	const [, later] = failed.exec(await t.run(events('FailedMount')))!;
	expect(Number(later)).toBeGreaterThan(Number(first));
	await t.run('kubectl create configmap files --from-literal=a=4; sleep 130');
	expect(await t.run('kubectl exec uses -- cat /files/a')).toBe('4');
	await t.run('kubectl exec uses -- kill 1; sleep 30');
	expect(await t.run('kubectl get pod uses --no-headers')).toMatch(/^uses +0\/1 +CreateContainerConfigError +0/);
	expect(await t.run(events('Failed'))).toMatch(/^Error: configmap "variables" not found \d+\n$/);
});
