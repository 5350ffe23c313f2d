/** cilium-cli v0.12.2, of the month of this machine's kind: no helm (install/*.go, hubble/*.go @ v0.12.2). */
import { beforeEach, expect, test } from 'vitest';
import { terminal } from '../terminal.ts';

let t: Awaited<ReturnType<typeof terminal>>;
const releases = async (): Promise<number> => (await t.run('helm list -A')).trim().split('\n').length - 1;

beforeEach(async () => {
	t = await terminal('kind-cilium', { patience: 3600e6 });
});

test('its version is the machine’s, whatever is installed', async () => {
	const before = await t.run('cilium version');
	await t.run('helm uninstall cilium -n kube-system; sleep 30');
	await t.run('cilium install --version 1.14.4');
	const after = await t.run('cilium version');
	expect(after.split('\n')[0]).toBe(before.split('\n')[0]);
	expect(before).toContain('cilium image (running): v1.12.1\n');
	expect(after).toContain('cilium image (running): v1.14.4\n');
});

test('what helm installed it neither knows nor installs over', async () => {
	expect(await t.run('cilium hubble enable')).toContain(
		'unable to retrieve helm values secret kube-system/cilium-cli-helm-values: secrets "cilium-cli-helm-values" not found',
	);
	expect(await t.run('cilium install')).toContain('secrets "hubble-server-certs" already exists');
	expect(await releases()).toBe(1);
	await t.run('cilium uninstall; sleep 30');
	expect(await t.run('kubectl -n kube-system get ds cilium')).toContain('not found');
	// Helm still believes in it.
	expect(await releases()).toBe(1);
});

test('its own installation is no release, and upgrades by image alone', async () => {
	await t.run('helm uninstall cilium -n kube-system; sleep 30');
	expect(await t.run('cilium install --version 1.12.2')).toContain('✅ Cilium was successfully installed!');
	expect(await releases()).toBe(0);
	expect(await t.run('cilium status')).not.toContain('Helm chart');
	expect(await t.run('cilium hubble enable')).toContain('✅ Hubble was successfully enabled!');
	expect(await t.run('cilium status | cat')).toMatch(/Hubble: +OK/);
	const before = await t.run('cilium config view');
	expect(await t.run('cilium upgrade --version v1.12.5')).toContain(
		'🚀 Upgrading cilium to version quay.io/cilium/cilium:v1.12.5...',
	);
	expect(await t.run('cilium status | cat')).toMatch(/Image versions +cilium +quay.io\/cilium\/cilium:v1.12.5: 4/);
	expect(await t.run('cilium config view')).toBe(before);
	await t.run('cilium uninstall --wait; sleep 60');
	expect(await t.run("kubectl -n kube-system get ds,deploy,cm,secret,sa -o name | grep -E 'cilium|hubble'")).toBe('');
});
