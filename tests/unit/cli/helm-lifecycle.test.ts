/** A release from its first revision to its end: hooks, what stays, what failed (helm pkg/action/*.go @ v3.9.4). */
import { beforeAll, describe, expect, test } from 'vitest';
import { type Terminal, terminal } from './terminal.ts';

const EVENTS = ['pre-install', 'post-upgrade', 'pre-rollback', 'post-rollback', 'pre-delete', 'post-delete'];

const hook = (event: string, command: string): string =>
	`apiVersion: batch/v1
kind: Job
metadata: {name: "{{ .Release.Name }}-${event}", annotations: {"helm.sh/hook": ${event}}}
spec:
  backoffLimit: 0
  template: {spec: {restartPolicy: Never, containers: [{name: c, image: busybox, command: [${command}]}]}}
`;

const statuses = async (t: Terminal, name: string): Promise<string> =>
	(await t.run(`helm history ${name}`))
		.split('\n')
		.slice(1, -1)
		.map((line) => line.split('\t')[2]!.trim())
		.join(' ');

let t: Terminal;

beforeAll(async () => {
	t = await terminal('kind-basic', { patience: 3600e6 });
	await t.run('helm create c; rm -r c/templates/*; echo "{}" > c/values.yaml');
	await t.file(
		'c/templates/cm.yaml',
		'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: "{{ .Release.Name }}-cm"}\ndata: {who: "{{ .Values.who }}"}\n',
	);
}, 60_000);

describe('a release', () => {
	test('has its hooks run by each of helm’s commands, and what asks to be kept stays', async () => {
		for (const event of EVENTS) await t.file(`c/templates/${event}.yaml`, hook(event, "'true'"));
		await t.file(
			'c/templates/kept.yaml',
			'apiVersion: v1\nkind: Secret\nmetadata: {name: kept, annotations: {"helm.sh/resource-policy": keep}}\n',
		);
		await t.run('helm install a ./c; helm upgrade a ./c --set who=you');
		expect(await t.run('helm rollback a 1 --dry-run')).toBe('Rollback was a success! Happy Helming!\n');
		expect(await statuses(t, 'a')).toBe('superseded deployed');
		expect(await t.run('helm rollback a 1')).toBe('Rollback was a success! Happy Helming!\n');
		expect(await statuses(t, 'a')).toBe('superseded superseded deployed');
		expect(await t.run('helm uninstall a --keep-history')).toBe(
			'These resources were kept due to the resource policy:\n[Secret] kept\n\nrelease "a" uninstalled\n',
		);
		expect(await t.run('kubectl get jobs -o name')).toBe(
			[...EVENTS]
				.sort()
				.map((event) => `job.batch/a-${event}\n`)
				.join(''),
		);
		expect(await t.run('kubectl get secret kept cm/a-cm -o name 2>&1; kubectl get secret kept -o name')).toContain(
			'secret/kept\n',
		);
		expect(await t.run('helm uninstall a --keep-history')).toBe('Error: the release named "a" is already deleted\n');
		expect(await t.run('helm uninstall a; helm ls -a -q')).toBe('release "a" uninstalled\n');
		await t.run('kubectl delete secret kept; kubectl delete jobs --all');
	});

	test('what an object leaves when its chart no longer has it goes too, unless it asks to be kept', async () => {
		await t.run('helm install a ./c; rm c/templates/kept.yaml; helm upgrade a ./c; helm uninstall a');
		expect(await t.run('kubectl get secret kept -o name; kubectl delete secret kept')).toContain('secret/kept\n');
	});

	test('a hook that fails is how its revision failed', async () => {
		await t.file('c/templates/pre-install.yaml', hook('pre-install', "'false'"));
		expect(await t.run('helm install b ./c')).toBe(
			'Error: INSTALLATION FAILED: failed pre-install: job failed: BackoffLimitExceeded\n',
		);
		expect(await t.run('helm ls -a --no-headers')).toMatch(/^b\t.*\tfailed\t/);
		expect(await t.run('helm uninstall b; helm install b ./c --atomic; helm ls -a -q')).toContain(
			'release b failed, and has been uninstalled due to atomic being set: failed pre-install: job failed',
		);
		expect(await t.run('helm ls -a -q')).toBe('');
		await t.run('rm c/templates/p*');
	});

	test('after a rollback no other revision is deployed, be the last one failed', async () => {
		await t.file(
			'c/templates/pod.yaml',
			'apiVersion: v1\nkind: Pod\nmetadata: {name: "one-{{ .Values.who }}"}\nspec: {containers: [{name: c, image: "{{ .Values.image }}"}]}\n',
		);
		await t.run('helm install d ./c --set image=nginx,who=a --wait; helm upgrade d ./c --set image=nginx,who=b');
		await t.run('helm upgrade d ./c --set image=nginx:nope,who=c --wait --timeout 20s');
		expect(await statuses(t, 'd')).toBe('superseded deployed failed');
		await t.run('helm rollback d');
		expect(await statuses(t, 'd')).toBe('superseded superseded failed deployed');
		await t.run('helm uninstall d; rm c/templates/pod.yaml');
	});

	test('changes what is different, and leaves what others set beside it', async () => {
		await t.file(
			'c/templates/d.yaml',
			'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: w}\nspec: {replicas: 1, selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: c, image: "{{ .Values.image }}"}]}}}\n---\napiVersion: v1\nkind: Pod\nmetadata: {name: alone}\nspec: {containers: [{name: c, image: "{{ .Values.image }}"}]}\n',
		);
		await t.run(
			'helm install w ./c --set image=nginx; kubectl set env deploy/w A=B; kubectl scale deploy/w --replicas 3',
		);
		expect(await t.run('helm upgrade w ./c --set image=nginx:1.23')).toContain('STATUS: deployed');
		const path =
			'{.spec.replicas} {.spec.template.spec.containers[0].image} {.spec.template.spec.containers[0].env[0].name}';
		expect(await t.run(`kubectl get deploy w -o jsonpath='${path}'`)).toBe('1 nginx:1.23 A');
		expect(await t.run("kubectl get pod alone -o jsonpath='{.spec.containers[0].image}'")).toBe('nginx:1.23');
		await t.run('helm uninstall w; rm c/templates/d.yaml');
	});

	test('is pending while it is waited for, and nothing else changes it meanwhile', async () => {
		await t.file(
			'c/templates/pod.yaml',
			'apiVersion: v1\nkind: Pod\nmetadata: {name: one}\nspec: {containers: [{name: c, image: "nginx:nope"}]}\n',
		);
		await t.run('helm install p ./c --wait --timeout 60s > /dev/null 2>&1 &');
		expect(await t.run('sleep 10; helm ls --pending --no-headers')).toMatch(/\tpending-install\t/);
		expect(await t.run('helm upgrade p ./c')).toBe(
			'Error: UPGRADE FAILED: another operation (install/upgrade/rollback) is in progress\n',
		);
		await t.run('sleep 60; helm uninstall p; rm c/templates/pod.yaml');
	});
});

describe('words', () => {
	test.each([
		[
			'helm install Bad ./c',
			/^Error: INSTALLATION FAILED: release name "Bad": invalid release name, must match regex /,
		],
		['helm upgrade Bad ./c', /^Error: UPGRADE FAILED: release name is invalid: Bad\n$/],
		['helm status Bad', /^Error: releaseContent: Release name is invalid: Bad\n$/],
		['helm ls x', /^Error: "helm list" accepts no arguments\n\nUsage: {2}helm list \[flags\]\n$/],
		['helm foo', /^Error: unknown command "foo" for "helm"\nRun 'helm --help' for usage.\n$/],
		['helm insatll', /^Error: unknown command "insatll" for "helm"\n\nDid you mean this\?\n\tinstall\n\nRun 'helm /],
		['helm install s ./c; helm get all s', /\nUSER-SUPPLIED VALUES:\nnull\n\nCOMPUTED VALUES:\n/],
	])('%s', async (line, words) => {
		expect(await t.run(line)).toMatch(words);
	});

	test('of the server as they are, when it refuses something of a first revision', async () => {
		await t.file(
			'c/templates/s.yaml',
			'apiVersion: v1\nkind: Service\nmetadata: {name: s}\nspec: {ports: [{port: 0}]}\n',
		);
		expect(await t.run('helm install f ./c')).toMatch(
			/^Error: INSTALLATION FAILED: Service "s" is invalid: \[spec\.ports/,
		);
	});

	test('of a dry run that what is rendered cannot be built', async () => {
		await t.file('c/templates/s.yaml', 'apiVersion: v1\nkind: Nope\nmetadata: {name: s}\n');
		expect(await t.run('helm install g ./c --dry-run')).toMatch(
			/^Error: INSTALLATION FAILED: unable to build kubernetes objects from release manifest: resource mapping not found/,
		);
		await t.run('sed -i "s/^type: .*/type: library/" c/Chart.yaml');
		expect(await t.run('helm template ./c')).toBe('Error: library charts are not installable\n');
	});
});
