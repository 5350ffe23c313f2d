/** `$(NAME)` of a command line is a variable of the container, for whoever tells of what runs. */
import { expect, test } from 'vitest';
import { terminal } from '../terminal.ts';

const POD = `apiVersion: v1
kind: Pod
metadata: {name: says, labels: {tier: front}}
spec:
  nodeName: basic-worker
  containers:
  - name: c
    image: busybox
    command: [sh, -c, "sleep 3600; true"]
    args: ["$(PLAIN)", "$(KEY)", "$(all_b)", "$(LABEL)", "$(NOBODY)", "$$(PLAIN)", "$(LIMIT)"]
    resources: {limits: {memory: 64Mi}}
    envFrom: [{configMapRef: {name: some}, prefix: all_}]
    env:
    - {name: PLAIN, value: one}
    - {name: KEY, valueFrom: {configMapKeyRef: {name: some, key: a}}}
    - {name: LABEL, valueFrom: {fieldRef: {fieldPath: "metadata.labels['tier']"}}}
    - {name: LIMIT, valueFrom: {resourceFieldRef: {resource: limits.memory, divisor: 1Mi}}}
`;

test('ps of a node and crictl have it as the container was started with', async () => {
	const t = await terminal();
	await t.run('kubectl create configmap some --from-literal=a=two --from-literal=b=three');
	await t.file('says.yaml', POD);
	await t.run('kubectl apply -f says.yaml; kubectl wait --for=condition=Ready pod/says');
	const line = 'sh -c sleep 3600; true one two three front $(NOBODY) $(PLAIN) 64';
	expect(await t.run("kubectl exec says -- ps -o args | grep '3600; tru[e]'")).toBe(`${line}\n`);
	const ofNode = `docker exec basic-worker ps -e -o args= | grep '3600; tru[e]'`;
	expect(await t.run(ofNode)).toBe(`${line}\n`);
	// It was started with what was there then.
	await t.run(`kubectl patch configmap some -p '{"data":{"a":"other"}}'`);
	expect(await t.run(ofNode)).toBe(`${line}\n`);
});

test('who is attached has it, too', async () => {
	const t = await terminal();
	expect(
		await t.run(
			"kubectl run -i --rm --restart=Never --quiet e --image=busybox --env=WHO=me -- echo '$(WHO)' '$$(WHO)' '$(NOBODY)'",
		),
	).toContain('me $(WHO) $(NOBODY)\n');
});
