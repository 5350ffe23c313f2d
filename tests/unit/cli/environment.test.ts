/** What programs find in their environment: on the laptop what is exported, in a pod what its spec and services give. */
import { expect, it } from 'vitest';
import { terminal } from './terminal.ts';

it('env lists what a program would get, and runs one with more or less of it', async () => {
	const { run } = await terminal('empty');
	expect(await run('A=1; export B=2; env | grep -c "^[AB]="')).toBe('1\n');
	expect(await run('C=3 env | grep ^C=')).toBe('C=3\n');
	expect(await run('env -u HOME D=4 printenv HOME D; echo $?')).toBe('4\n1\n');
	expect(await run('env -i E=5 printenv')).toBe('E=5\n');
	expect(await run('echo $HOME; printenv HOME')).toBe('/home/learner\n/home/learner\n');
	expect(await run('env --nosuch; echo $?')).toBe(
		"env: unrecognized option '--nosuch'\nTry 'env --help' for more information.\n125\n",
	);
});

it('a container has the variables of its spec and of the services it found', async () => {
	const { run } = await terminal('kind-basic');
	expect(await run('kubectl exec deploy/deploy-echoserver -- printenv KUBERNETES_SERVICE_HOST HOSTNAME')).toMatch(
		/^10\.96\.0\.1\ndeploy-echoserver-\S+\n$/,
	);
	await run(`kubectl create configmap colours --from-literal=sky=blue
kubectl create secret generic key --from-literal=code=1234
kubectl apply -f - <<'END'
apiVersion: v1
kind: Pod
metadata: {name: env, labels: {app: e}}
spec:
  enableServiceLinks: false
  containers:
  - name: c
    image: busybox
    command: [sleep, "3600"]
    workingDir: /srv
    envFrom: [{configMapRef: {name: colours}, prefix: c_}]
    env:
    - {name: PLAIN, value: 'x'}
    - {name: TWICE, value: '$(PLAIN)$(PLAIN) $(NOPE) $$(PLAIN)'}
    - {name: LABEL, valueFrom: {fieldRef: {fieldPath: "metadata.labels['app']"}}}
    - {name: NODE, valueFrom: {fieldRef: {fieldPath: spec.nodeName}}}
    - {name: CODE, valueFrom: {secretKeyRef: {name: key, key: code}}}
END
kubectl wait --for=condition=ready pod env`);
	const node = await run("kubectl get pod env -o jsonpath='{.spec.nodeName}'");
	expect(await run('kubectl exec env -- printenv c_sky PLAIN TWICE LABEL NODE CODE')).toBe(
		`blue\nx\nxx $(NOPE) $(PLAIN)\ne\n${node}\n1234\n`,
	);
	expect(await run('kubectl exec env -- sh -c "pwd; env | grep -c SVC_ECHOSERVER"')).toContain('/srv\n0\n');
	// On the host's network the name is the node's.
	expect(await run('kubectl -n kube-system exec ds/kube-proxy -- hostname')).toMatch(
		/^basic-(?:worker\d?|control-plane)\n$/,
	);
});
