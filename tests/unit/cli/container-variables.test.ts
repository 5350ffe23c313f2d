/**
 * Variables in the command line of a container: kubernetes pkg/kubelet/container/helpers.go
 * ExpandContainerCommandAndArgs(), third_party/forked/golang/expansion @ v1.24.0.
 */
import { expect, test } from 'vitest';
import { terminal } from './terminal.ts';

const POD = `apiVersion: v1
kind: Pod
metadata: {name: p}
spec:
  restartPolicy: Never
  containers:
  - name: words
    image: busybox
    env: [{name: A, value: one}]
    command: [echo]
    args: ['$(A) $$(A) $(NONE) $(PATH) $(KUBERNETES_SERVICE_PORT)']
  - name: script
    image: busybox
    env: [{name: A, value: one}]
    command: [sh, -c, 'echo $(A) $A']
  - name: web
    image: hashicorp/http-echo
    env:
    - {name: POD, valueFrom: {fieldRef: {fieldPath: metadata.name}}}
    - {name: PORT, value: "8080"}
    args: ['-text=hello from $(POD)', '-listen=:$(PORT)']
`;

test('a container has its variables where its command line names them', async () => {
	const t = await terminal('kind-basic');
	await t.file('p.yaml', POD);
	await t.run('kubectl apply -f p.yaml; sleep 20');
	expect(await t.run('kubectl logs p -c words')).toBe('one $(A) $(NONE) $(PATH) 443\n');
	expect(await t.run('kubectl logs p -c script')).toBe('one one\n');
	const ip = await t.run("kubectl get pod p -o jsonpath='{.status.podIP}'");
	expect(await t.run(`docker exec basic-worker curl -s ${ip}:8080`)).toBe('hello from p\n');
	expect(await t.run("kubectl get pod p -o jsonpath='{.spec.containers[2].args[1]}'")).toBe('-listen=:$(PORT)');
});

test('the image of kubectl takes kubectl’s words', async () => {
	const t = await terminal('kind-basic');
	await t.run('kubectl run k --image=bitnami/kubectl --restart=Never -- version --client -o yaml; sleep 20');
	expect(await t.run('kubectl logs k')).toContain('gitVersion: v1.24.0');
	expect(await t.run('kubectl run k1 --rm -i --restart=Never --image=bitnami/kubectl -- get po')).toContain(
		'pods is forbidden: User "system:serviceaccount:default:default"',
	);
});
