/** What somebody writes that the cluster takes back, keeps as it was, or that kubectl does not send. */
import { beforeAll, expect, it } from 'vitest';
import { type Terminal, terminal } from '../terminal.ts';

let at: Terminal;
beforeAll(async () => {
	at = await terminal();
});

it('an owner that never was takes its object with it', async () => {
	const owner = '{apiVersion: v1, kind: ConfigMap, name: nope, uid: 00000000-0000-4000-8000-000000000000}';
	await at.file('a.yaml', `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, ownerReferences: [${owner}]}\n`);
	expect(await at.run('kubectl create -f a.yaml')).toBe('configmap/a created\n');
	expect(await at.run('sleep 2; kubectl get cm a')).toBe('Error from server (NotFound): configmaps "a" not found\n');
});

it('what a namespace waits for is written apart only', async () => {
	await at.run('kubectl create namespace held');
	const patch = `kubectl patch namespace held -p '{"spec":{"finalizers":["x/y"]}}'`;
	expect(await at.run(patch)).toBe('namespace/held patched (no change)\n');
	const held = `kubectl get namespace held -o json | jq '.spec.finalizers += ["x/y"]'`;
	await at.run(`${held} | kubectl replace --raw /api/v1/namespaces/held/finalize -f -`);
	await at.run('kubectl delete namespace held --wait=false; sleep 10');
	expect(await at.run('kubectl get namespace held --no-headers')).toMatch(/^held +Terminating /);
	const free = "kubectl get namespace held -o json | jq '.spec.finalizers = []'";
	await at.run(`${free} | kubectl replace --raw /api/v1/namespaces/held/finalize -f -`);
	expect(await at.run('kubectl get namespace held')).toContain('NotFound');
});

it('a group is asked for with a user only', async () => {
	const words = 'error: requesting uid, groups or user-extra for kind-basic without impersonating a user\n';
	expect(await at.run('kubectl get nodes --as-group=system:masters')).toBe(words);
	expect(await at.run('kubectl get nodes --as-uid=1')).toBe(words);
});
