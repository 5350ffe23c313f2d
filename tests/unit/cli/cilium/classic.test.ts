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

test('its flags say values of the chart, as those of helm with helm- before them do', async () => {
	await t.run('helm uninstall cilium -n kube-system; sleep 30');
	const said = await t.run(
		'cilium install --kube-proxy-replacement strict --cluster-name c7 --cluster-id 7 --ipam cluster-pool --config debug=true --helm-set bpf.masquerade=true',
	);
	expect(said).toContain(
		'Flag --kube-proxy-replacement has been deprecated, This can now be overridden via `helm-set` (Helm value: `kubeProxyReplacement`).\n',
	);
	expect(said).toContain('Flag --ipam has been deprecated, IPAM mode is autodetected depending on `datapath-mode`.');
	expect(said).toContain('✅ Cilium was successfully installed!');
	const config = await t.run('cilium config view');
	for (const [key, value] of [
		['kube-proxy-replacement', 'strict'],
		['cluster-name', 'c7'],
		['cluster-id', '7'],
		['ipam', 'cluster-pool'],
		['debug', 'true'],
		['enable-bpf-masquerade', 'true'],
	])
		expect(config).toMatch(new RegExp(`^${key} +${value}$`, 'm'));
});

test('it has none of the flags of helm mode, and says which of its own mean nothing here', async () => {
	for (const flag of ['--set a=b', '--dry-run', '--dry-run-helm-values'])
		expect(await t.run(`cilium install ${flag}`)).toContain(`Error: unknown flag: ${flag.split(' ')[0]}\n`);
	expect(await t.run('cilium install --agent-image quay.io/x/y:1')).toContain(
		'the simulator’s install has no use for --agent-image\n',
	);
	expect(await t.run('cilium install --datapath-mode gke')).toContain('the simulator has clusters of kind only');
	expect(await t.run('cilium install --config debug')).toContain('invalid config overwrite "debug"');
	expect(await t.run('cilium install --list-versions | grep default')).toBe('v1.12.1 (default)\n');
	const help = await t.run('cilium install --help');
	expect(help).toContain('--helm-set stringArray');
	expect(help).not.toContain('--kube-proxy-replacement');
	expect(help).not.toMatch(/ --set /);
});

test('it installs nothing under a name or with an encryption that there is not', async () => {
	await t.run('helm uninstall cilium -n kube-system; sleep 30');
	const named = await t.run('cilium install --cluster-name a.b; echo $?');
	expect(named).toContain('❌ Cluster name "a.b" cannot contain dots\n↩️ Rolling back installation...\n');
	expect(named).toContain('Unable to install Cilium: invalid cluster name, dots are not allowed\n1\n');
	expect(named).not.toContain('Auto-detected cluster name');
	expect(await t.run('cilium install --cluster-name A')).toContain(
		'❌ Cluster name "A" is not valid, must match regular expression: ^[a-z0-9]([-a-z0-9]*[a-z0-9])$\n',
	);
	const encrypted = await t.run('cilium install --encryption foo --ipam cluster-pool --datapath-mode tunnel');
	expect(encrypted).toContain(
		'ℹ️ Custom datapath mode: tunnel\nℹ️ Custom IPAM mode: cluster-pool\n❌ Invalid encryption mode: "foo"\n',
	);
	expect(encrypted).toContain('Unable to install Cilium: invalid encryption mode\n');
	expect(await t.run('kubectl -n kube-system get ds cilium')).toContain('not found');
});

test('pods that Cilium does not know stay when it is told so', async () => {
	await t.run('helm uninstall cilium -n kube-system; sleep 30');
	expect(await t.run('cilium install --restart-unmanaged-pods=false')).not.toContain('Restarted unmanaged pod');
});
