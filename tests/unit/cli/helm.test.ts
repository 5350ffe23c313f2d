import { beforeEach, describe, expect, it } from 'vitest';
import { tools } from '../../../src/cli/helm/index.ts';
import type { Call } from '../../../src/cli/index.ts';
import { printKubeconfig } from '../../../src/cli/kube/index.ts';
import { createApiServer } from '../../../src/sim/api/index.ts';
import type { Cluster, HelmRelease, Lab } from '../../../src/sim/lab/index.ts';

/** A machine with one cluster, its files and its releases. */
function machine() {
	const files = new Map<string, string>([
		[
			'/root/.kube/config',
			printKubeconfig({
				clusters: [{ name: 'kind-lab', cluster: { server: 'https://127.0.0.1:6443' } }],
				contexts: [{ name: 'kind-lab', context: { cluster: 'kind-lab', user: 'kind-lab' } }],
				users: [],
				'current-context': 'kind-lab',
			}),
		],
	]);
	let now = 0;
	const api = createApiServer({
		version: 'v1.24.0',
		now: () => now,
		epoch: 1661854321,
		random: (_, __, bound) => Math.floor(bound / 2),
	});
	for (const name of ['default', 'kube-system'])
		api.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
	const releases = new Map<string, HelmRelease>();
	const cluster = {
		name: 'lab',
		api,
		reachable: true,
		server: 'https://127.0.0.1:6443',
		releases: () => [...releases.values()],
		saveRelease: (release: HelmRelease) => {
			releases.set(`${release.namespace}/${release.name}/${release.revision}`, release);
			api.create({
				apiVersion: 'v1',
				kind: 'Secret',
				type: 'helm.sh/release.v1',
				metadata: { name: `sh.helm.release.v1.${release.name}.v${release.revision}`, namespace: release.namespace },
			});
		},
	} as unknown as Cluster;
	api.watch(({ type, object }) => {
		const match = type === 'DELETED' && /^sh\.helm\.release\.v1\.(.*)\.v(\d+)$/.exec(object.metadata.name);
		if (match) releases.delete(`${object.metadata.namespace}/${match[1]}/${match[2]}`);
	});
	const lab = {
		epoch: 1661854321,
		get now() {
			return now;
		},
		clusters: () => [cluster],
	} as unknown as Lab;
	const run = async (line: string, stdin = '') => {
		let out = '';
		let err = '';
		const code = await tools[0]!.run({
			args: line.split(' ').slice(1),
			name: 'helm',
			stdin,
			env: new Map([['HOME', '/root']]),
			cwd: '/root',
			files: {
				read: async (path: string) => files.get(path.startsWith('/') ? path : `/root/${path}`),
				write: async (path: string, content: string) => void files.set(path, content),
				list: async () => undefined,
				readBytes: async () => undefined,
			},
			place: { kind: 'laptop' },
			lab,
			tty: false,
			out: (text: string) => {
				out += text;
			},
			err: (text: string) => {
				err += text;
			},
			sleep: async (micros: number) => {
				now += micros;
			},
			until: async (done: () => boolean, timeout: number) => {
				now += timeout;
				return done();
			},
			cluster: () => cluster,
			check: () => undefined,
		} as unknown as Call);
		now += 1e6;
		return { code, out, err };
	};
	return { run, files, api, cluster: cluster as { reachable: boolean } };
}

let m: ReturnType<typeof machine>;
beforeEach(() => {
	m = machine();
});
const config = (): Record<string, string> =>
	m.api.get(m.api.find('configmaps')!, 'kube-system', 'cilium-config')!.data as Record<string, string>;
const INSTALL = 'helm install --namespace kube-system --repo https://helm.cilium.io cilium cilium --version 1.12.1';

describe('helm install', () => {
	it('makes the objects and says so', async () => {
		expect(await m.run(INSTALL)).toEqual({
			code: 0,
			err: '',
			out: `NAME: cilium
LAST DEPLOYED: Tue Aug 30 10:12:01 2022
NAMESPACE: kube-system
STATUS: deployed
REVISION: 1
TEST SUITE: None
NOTES:
You have successfully installed Cilium with Hubble.

Your release version is 1.12.1.

For any further help, visit https://docs.cilium.io/en/v1.12/gettinghelp
`,
		});
		expect(m.api.get(m.api.find('ds')!, 'kube-system', 'cilium')).toBeDefined();
		expect(config()['kube-proxy-replacement']).toBe('disabled');
	});

	it('reads values from files, --set over them', async () => {
		m.files.set(
			'/root/values.yaml',
			'tunnel: disabled\nautoDirectNodeRoutes: true\nipv4NativeRoutingCIDR: 10.244.0.0/16\n',
		);
		await m.run(`${INSTALL} --values values.yaml --set kubeProxyReplacement=strict`);
		expect(config()).toMatchObject({
			tunnel: 'disabled',
			'auto-direct-node-routes': 'true',
			'kube-proxy-replacement': 'strict',
		});
	});

	it.each([
		[
			'helm install cilium cilium',
			'INSTALLATION FAILED: non-absolute URLs should be in form of repo_name/path_to_chart, got: cilium',
		],
		['helm install cilium cilium/cilium', 'INSTALLATION FAILED: repo cilium not found'],
		['helm install cilium', 'INSTALLATION FAILED: must either provide a name or specify --generate-name'],
		[`${INSTALL} x y`, 'INSTALLATION FAILED: expected at most two arguments, unexpected arguments: x, y'],
		[
			`${INSTALL}.99`,
			'INSTALLATION FAILED: chart "cilium" version "1.12.1.99" not found in https://helm.cilium.io repository',
		],
		[`${INSTALL} -f nope.yaml`, 'INSTALLATION FAILED: open nope.yaml: no such file or directory'],
		[`${INSTALL} --set a`, 'INSTALLATION FAILED: failed parsing --set data: key "a" has no value'],
		[
			'helm install --repo https://helm.cilium.io --version 1.15.0 c cilium --set tunnel=disabled',
			'INSTALLATION FAILED: execution error at (cilium/templates/validate.yaml): tunnel was deprecated',
		],
		[
			'helm install --repo https://helm.example.org c cilium',
			'INSTALLATION FAILED: looks like "https://helm.example.org" is not a valid chart repository',
		],
		[
			'helm install --repo https://helm.cilium.io -n nowhere c cilium',
			'INSTALLATION FAILED: create: failed to create: namespaces "nowhere" not found',
		],
		['helm install --nope', 'unknown flag: --nope'],
		['helm instal', 'unknown command "instal" for "helm"'],
	])('%s', async (line, text) => {
		const { code, err } = await m.run(line);
		expect(err).toContain(`Error: ${text}`);
		expect(code).toBe(1);
	});

	it('needs a cluster', async () => {
		m.cluster.reachable = false;
		expect((await m.run(INSTALL)).err).toBe(
			'Error: INSTALLATION FAILED: Kubernetes cluster unreachable: Get "https://127.0.0.1:6443/version": dial tcp 127.0.0.1:6443: connect: connection refused\n',
		);
		m.files.delete('/root/.kube/config');
		expect((await m.run(INSTALL)).err).toContain('Get "http://localhost:8080/version": dial tcp 127.0.0.1:8080');
	});

	it('does not take a name twice', async () => {
		await m.run(INSTALL);
		expect((await m.run(INSTALL)).err).toBe('Error: INSTALLATION FAILED: cannot re-use a name that is still in use\n');
	});
});

describe('helm upgrade', () => {
	const UPGRADE = 'helm upgrade -n kube-system --repo https://helm.cilium.io cilium cilium --version 1.12.1';

	it('changes what the values change, and takes keys away again', async () => {
		await m.run(`${INSTALL} --set bpf.masquerade=true`);
		expect(config()['enable-bpf-masquerade']).toBe('true');
		expect((await m.run(`${UPGRADE} --set loadBalancer.mode=dsr`)).out).toMatch(
			/^Release "cilium" has been upgraded. Happy Helming!\nNAME: cilium\n/,
		);
		expect(config()).toMatchObject({ 'bpf-lb-mode': 'dsr' });
		expect(config()).not.toHaveProperty('enable-bpf-masquerade');
	});

	it('keeps the values of before when it has none of its own, or when told to', async () => {
		await m.run(`${INSTALL} --set loadBalancer.mode=dsr`);
		await m.run(UPGRADE);
		expect(config()['bpf-lb-mode']).toBe('dsr');
		await m.run(`${UPGRADE} --reuse-values --set debug.enabled=true`);
		expect(config()).toMatchObject({ 'bpf-lb-mode': 'dsr', debug: 'true' });
		await m.run(`${UPGRADE} --reset-values`);
		expect(config()).not.toHaveProperty('bpf-lb-mode');
	});

	it('installs what is not there when asked to', async () => {
		expect((await m.run(UPGRADE)).err).toBe('Error: UPGRADE FAILED: "cilium" has no deployed releases\n');
		const { out, err } = await m.run(`${UPGRADE} --install`);
		expect(err).toBe('');
		expect(out).toMatch(/^Release "cilium" does not exist\. Installing it now\.\nNAME: cilium\n/);
	});

	it('can be rolled back, and its history read', async () => {
		await m.run(INSTALL);
		await m.run(`${UPGRADE} --set debug.enabled=true`);
		expect((await m.run('helm rollback cilium -n kube-system')).out).toBe('Rollback was a success! Happy Helming!\n');
		expect(config().debug).toBe('false');
		expect((await m.run('helm history cilium -n kube-system')).out).toBe(
			[
				'REVISION\tUPDATED                 \tSTATUS    \tCHART        \tAPP VERSION\tDESCRIPTION     ',
				'1       \tTue Aug 30 10:12:01 2022\tsuperseded\tcilium-1.12.1\t1.12.1     \tInstall complete',
				'2       \tTue Aug 30 10:12:03 2022\tsuperseded\tcilium-1.12.1\t1.12.1     \tUpgrade complete',
				'3       \tTue Aug 30 10:12:06 2022\tdeployed  \tcilium-1.12.1\t1.12.1     \tRollback to 1   ',
				'',
			].join('\n'),
		);
	});

	it('--wait gives up when nothing gets ready', async () => {
		await m.run(INSTALL);
		const daemonSets = m.api.find('ds')!;
		const ds = m.api.get(daemonSets, 'kube-system', 'cilium')!;
		m.api.updateStatus({ ...ds, status: { desiredNumberScheduled: 4, updatedNumberScheduled: 0, numberReady: 0 } });
		expect((await m.run(`${UPGRADE} --wait --timeout 10s`)).err).toBe(
			'Error: UPGRADE FAILED: timed out waiting for the condition\n',
		);
	});
});

describe('releases', () => {
	it('are listed', async () => {
		await m.run(INSTALL);
		expect((await m.run('helm list -A')).out).toBe(
			[
				'NAME  \tNAMESPACE  \tREVISION\tUPDATED                      \tSTATUS  \tCHART        \tAPP VERSION',
				'cilium\tkube-system\t1       \t2022-08-30 10:12:01 +0000 UTC\tdeployed\tcilium-1.12.1\t1.12.1     ',
				'',
			].join('\n'),
		);
		expect((await m.run('helm ls -q')).out).toBe('');
		expect(JSON.parse((await m.run('helm list -n kube-system -o json')).out)).toHaveLength(1);
	});

	it('give back their values and manifests', async () => {
		await m.run(`${INSTALL} --set loadBalancer.mode=dsr`);
		expect((await m.run('helm get values cilium -n kube-system')).out).toBe(
			'USER-SUPPLIED VALUES:\nloadBalancer:\n  mode: dsr\n',
		);
		expect((await m.run('helm get manifest cilium -n kube-system')).out).toContain(
			'---\n# Source: cilium/templates/cilium-agent/daemonset.yaml\napiVersion: apps/v1\n',
		);
		expect((await m.run('helm get values nope -n kube-system')).err).toBe('Error: release: not found\n');
	});

	it('go with everything they made', async () => {
		await m.run(INSTALL);
		expect((await m.run('helm uninstall cilium -n kube-system')).out).toBe('release "cilium" uninstalled\n');
		expect(m.api.get(m.api.find('ds')!, 'kube-system', 'cilium')).toBeUndefined();
		expect((await m.run('helm list -A -q')).out).toBe('');
		expect((await m.run('helm uninstall cilium')).err).toBe(
			'Error: uninstall: Release not loaded: cilium: release: not found\n',
		);
	});
});

it('repositories are added, updated, searched and removed', async () => {
	expect((await m.run('helm repo update')).err).toBe(
		'Error: no repositories found. You must add one before updating\n',
	);
	expect((await m.run('helm repo add cilium https://helm.cilium.io')).out).toBe(
		'"cilium" has been added to your repositories\n',
	);
	expect((await m.run('helm repo add cilium https://helm.cilium.io')).out).toBe(
		'"cilium" already exists with the same configuration, skipping\n',
	);
	expect((await m.run('helm repo update')).out).toBe(
		'Hang tight while we grab the latest from your chart repositories...\n...Successfully got an update from the "cilium" chart repository\nUpdate Complete. ⎈Happy Helming!⎈\n',
	);
	expect((await m.run('helm search repo cilium --version 1.12')).out.split('\n')).toHaveLength(3);
	expect((await m.run('helm install cilium cilium/cilium --version 1.12.1 -n kube-system')).code).toBe(0);
	expect((await m.run('helm repo remove cilium')).out).toBe('"cilium" has been removed from your repositories\n');
});
