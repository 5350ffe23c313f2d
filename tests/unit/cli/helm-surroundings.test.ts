/** What helm reads besides its command line: variables, and the lock of a chart (helm pkg/cli/environment.go, pkg/downloader/manager.go @ v3.9.4). */
import { createHash } from 'node:crypto';
import { beforeAll, expect, test } from 'vitest';
import { type Terminal, terminal } from './terminal.ts';

let t: Terminal;

beforeAll(async () => {
	t = await terminal('kind-basic');
	await t.run(
		'helm create app; helm create lib; sed -i "s/^type: .*/type: library/" lib/Chart.yaml; rm -r lib/templates',
	);
	await t.run(
		'printf "dependencies:\\n- name: lib\\n  version: \\">=0.1\\"\\n  repository: file://../lib\\n" >> app/Chart.yaml',
	);
}, 60_000);

test('variables stand for flags, and flags come before them', async () => {
	expect(await t.run('HELM_NAMESPACE=kube-system helm ls -q')).toBe('cilium\n');
	expect(await t.run('HELM_NAMESPACE=kube-system helm ls -q -n default')).toBe('');
	expect(await t.run('HELM_NAMESPACE=x HELM_DEBUG=1 helm env | grep -e NAMESP -e DEBUG')).toBe(
		'HELM_DEBUG="true"\nHELM_NAMESPACE="x"\n',
	);
	expect(await t.run('HELM_KUBECONTEXT=nope helm ls')).toContain('nope');
});

test('a lock has a digest of what was asked and found, stays while that is the same, and is asked before a build', async () => {
	expect(await t.run('helm dependency update app')).toBe('Saving 1 charts\nDeleting outdated charts\n');
	const repository = 'file://../lib';
	const json = JSON.stringify([
		[{ name: 'lib', version: '>=0.1', repository }],
		[{ name: 'lib', version: '0.1.0', repository }],
	]).replace('>', '\\u003e');
	const digest = createHash('sha256').update(json).digest('hex');
	const lock = await t.run('cat app/Chart.lock');
	expect(lock).toMatch(
		new RegExp(
			`^dependencies:\n- name: lib\n  repository: file://../lib\n  version: 0.1.0\ndigest: sha256:${digest}\ngenerated: "20\\d\\d-[^"]+Z"\n$`,
		),
	);
	await t.run('sleep 5; helm dependency update app');
	expect(await t.run('cat app/Chart.lock')).toBe(lock);
	expect(await t.run('helm dependency build app')).toBe('Saving 1 charts\nDeleting outdated charts\n');
	await t.run('sed -i "s/>=0.1/>=0.0.1/" app/Chart.yaml');
	expect(await t.run('helm dependency build app')).toBe(
		'Error: the lock file (Chart.lock) is out of sync with the dependencies file (Chart.yaml). Please update the dependencies\n',
	);
	await t.run('helm repo add cilium https://helm.cilium.io');
	expect(await t.run('helm dependency update app')).toMatch(
		/^Hang tight while .*\n\.\.\.Successfully got an update from the "cilium" chart repository\nUpdate Complete\. ⎈Happy Helming!⎈\nSaving 1 charts\n/,
	);
});

test('a history has its times in JSON’s way', async () => {
	await t.run('helm dependency update app; helm install a ./app');
	expect(JSON.parse(await t.run('helm history a -o json'))).toEqual([
		expect.objectContaining({ revision: 1, updated: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) }),
	]);
	const first = JSON.parse(await t.run('helm status a -o json')).info.first_deployed as string;
	await t.run('sleep 5; helm upgrade a ./app; helm rollback a 1');
	const { info } = JSON.parse(await t.run('helm status a -o json'));
	expect([info.first_deployed, info.last_deployed > first]).toEqual([first, true]);
});
