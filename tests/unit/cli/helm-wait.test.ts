/** `--wait`, `--atomic`, `--timeout`: what helm waits for (helm pkg/kube/ready.go @ v3.9.4). */
import { expect, test } from 'vitest';
import { terminal } from './terminal.ts';

const TIMED_OUT = 'timed out waiting for the condition';

test('fewer replicas of a broken image are not ready, though the old pods are', async () => {
	const t = await terminal('kind-basic', { patience: 3600e6 });
	await t.run('helm create shop; helm install front ./shop --set replicaCount=3 --wait');
	const broken = 'helm upgrade --install front ./shop --set replicaCount=1 --set image.tag=nope --timeout 60s';
	expect(await t.run(`${broken} --wait`)).toBe(`Error: UPGRADE FAILED: ${TIMED_OUT}\n`);
	expect(t.code()).toBe(1);
	expect(await t.run(`${broken} --atomic`)).toBe(
		`Error: UPGRADE FAILED: release front failed, and has been rolled back due to atomic being set: ${TIMED_OUT}\n`,
	);
	await t.run('sleep 30');
	expect(await t.run('kubectl get deploy front-shop --no-headers')).toMatch(/^front-shop +3\/3 +3 +3 /);
	expect(await t.run('helm upgrade front ./shop --set replicaCount=2 --wait')).toContain('STATUS: deployed');
});

test('a chart’s other objects are waited for too, in helm’s way', async () => {
	const t = await terminal('kind-basic', { patience: 3600e6 });
	await t.run('helm create shop; rm -r shop/templates/*');
	const tried = async (yaml: string): Promise<string> => {
		await t.file('shop/templates/one.yaml', yaml);
		const told = await t.run('helm install one ./shop --wait --timeout 90s');
		await t.run('helm uninstall one; sleep 40');
		return told;
	};
	const pod = (args: string): string =>
		`apiVersion: v1\nkind: Pod\nmetadata: {name: one}\nspec: {restartPolicy: Never, containers: [{name: c, image: busybox, command: [${args}]}]}\n`;
	expect(await tried(pod("sleep, '3600'"))).toContain('STATUS: deployed');
	// A pod that has ended is not Ready, and helm 3.9 knows no other way for it to be well.
	expect(await tried(pod("'true'"))).toBe(`Error: INSTALLATION FAILED: ${TIMED_OUT}\n`);
	const set = (image: string): string =>
		`apiVersion: apps/v1\nkind: ReplicaSet\nmetadata: {name: one}\nspec: {selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: c, image: '${image}'}]}}}\n`;
	expect(await tried(set('nginx'))).toContain('STATUS: deployed');
	expect(await tried(set('nginx:nope'))).toBe(`Error: INSTALLATION FAILED: ${TIMED_OUT}\n`);
	const service = (more: string): string =>
		`apiVersion: v1\nkind: Service\nmetadata: {name: one}\nspec: {type: LoadBalancer, ports: [{port: 80}]${more}}\n`;
	expect(await tried(service(''))).toBe(`Error: INSTALLATION FAILED: ${TIMED_OUT}\n`);
	expect(await tried(service(', externalIPs: [172.18.0.99]'))).toContain('STATUS: deployed');
});
