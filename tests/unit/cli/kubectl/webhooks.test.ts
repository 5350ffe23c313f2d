/** Admission webhooks in a cluster: the packets' way decides what kubectl and controllers hear. */
import { expect, it } from 'vitest';
import { terminal } from '../terminal.ts';

const HOOK = `apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {name: deny}
webhooks:
- name: deny.example.com
  admissionReviewVersions: [v1]
  sideEffects: None
  timeoutSeconds: 5
  clientConfig:
    service: {name: hook, namespace: default, path: /check}
  rules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [configmaps, pods]}]
`;

const FAILED =
	'Internal error occurred: failed calling webhook "deny.example.com": failed to call webhook: Post "https://hook.default.svc:443/check?timeout=5s": ';

it('a webhook that is down stops what it is for, for people and for controllers, until it is gone', async () => {
	const t = await terminal();
	await t.file('hook.yaml', HOOK);
	const create = (): Promise<string> => t.run('kubectl create cm a --from-literal=a=1');
	const refused = `error: failed to create configmap: ${FAILED}`;
	await t.run('kubectl create deploy hook --image=nginx; sleep 15');
	await t.run('kubectl apply -f hook.yaml');
	expect(await create()).toBe(`${refused}service "hook" not found\n`);
	await t.run('kubectl create svc clusterip hook --tcp=443:8443');
	expect(await create()).toMatch(/: dial tcp 10\.96\.\d+\.\d+:443: connect: connection refused\n$/);
	await t.run(
		`kubectl patch svc hook --type=json -p '[{"op":"replace","path":"/spec/ports/0/targetPort","value":80}]'`,
	);
	expect(await create()).toBe(`${refused}http: server gave HTTP response to HTTPS client\n`);
	await t.run('kubectl scale deploy hook --replicas=2; sleep 3');
	expect(await t.run('kubectl get events --field-selector reason=FailedCreate')).toContain(
		`Error creating: ${FAILED}http: server gave HTTP response to HTTPS client`,
	);
	await t.run('docker exec basic-control-plane iptables -I OUTPUT -p tcp --dport 80 -j DROP');
	expect(await t.seconds('kubectl create cm a')).toBeGreaterThanOrEqual(5);
	expect(await create()).toBe(`${refused}context deadline exceeded\n`);
	await t.run(
		`kubectl patch validatingwebhookconfiguration deny --type=json -p '[{"op":"replace","path":"/webhooks/0/failurePolicy","value":"Ignore"}]'`,
	);
	expect(await create()).toBe('configmap/a created\n');
	await t.run('kubectl delete -f hook.yaml; sleep 30');
	expect(await t.run("kubectl get deploy hook -o jsonpath='{.status.readyReplicas}'")).toBe('2');
}, 60_000);
