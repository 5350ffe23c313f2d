/** `cilium install`, `upgrade`, `uninstall`. Source: cilium-cli internal/cli/cmd, install @ v0.12.2, v0.14.4, v0.15.14. */
import { chartVersion, mergeValues, renderCilium, type Values } from '../../../sim/charts/index.ts';
import { minorOf } from '../../../sim/kube/index.ts';
import type { HelmRelease } from '../../../sim/lab/index.ts';
import type { Command, Flag, Run } from '../../cobra/index.ts';
import { applyManifests, checkManifests, readValues, removeManifests, tellLacking } from '../../helm/index.ts';
import type { Client } from '../../kube/index.ts';
import { installClassic, rolledBack, uninstallClassic, upgradeClassic } from './classic.ts';
import {
	DRY_FLAGS,
	deployed,
	dryRun,
	upgradeRelease,
	VALUE_FLAGS,
	VERSION_FLAGS,
	withCluster,
	withValues,
} from './common.ts';
import { classicFlags, classicValues, classicWords, versionList } from './install-flags.ts';
import { type CliRelease, cliRelease } from './release.ts';

/** What the CLI finds out by itself about a kind cluster. */
function detected(
	client: Client,
	minor: number,
): { readonly values: Values; readonly name: string; readonly kubeProxy: boolean } {
	const kubeProxy = client.api.get(client.api.find('daemonsets')!, 'kube-system', 'kube-proxy') !== undefined;
	const name = `kind-${client.cluster.name}`;
	const host = client.cluster.nodes().find((node) => node.role === 'control-plane')?.name ?? '';
	return {
		name,
		kubeProxy,
		values: {
			cluster: { name },
			ipam: { mode: 'kubernetes' },
			operator: { replicas: 1 },
			...(minor < 14 ? { tunnel: 'vxlan' } : { routingMode: 'tunnel', tunnelProtocol: 'vxlan' }),
			...(kubeProxy
				? {}
				: { kubeProxyReplacement: minor < 14 ? 'strict' : true, k8sServiceHost: host, k8sServicePort: 6443 }),
		},
	};
}

async function runInstall(run: Run, client: Client): Promise<number | string> {
	const { call, flags } = run;
	const release = cliRelease(call.lab);
	if (flags.on('list-versions')) {
		call.out(versionList(release));
		return 0;
	}
	const asked = flags.text('version') || release.cilium;
	const wanted = chartVersion(asked);
	if (!wanted)
		return `Unable to install Cilium:  chart "cilium" version "${asked}" not found in https://helm.cilium.io repository`;
	const minor = minorOf(wanted);
	const given = await readValues(call, flags);
	if ('error' in given) return `Unable to install Cilium: ${given.error}`;
	const older = release.helm ? { values: {}, told: '' } : classicValues(flags, release);
	if ('error' in older) return `Unable to install Cilium: ${older.error}`;
	const found = detected(client, minor);
	const dry = flags.on('dry-run') || flags.on('dry-run-helm-values');
	const say = (text: string): void => {
		if (!dry) call.out(text);
	};
	say(
		`🔮 Auto-detected Kubernetes kind: kind\n✨ Running "kind" validation checks\n✅ Detected kind version "${call.lab.kind.release.replace(/^v/, '')}"\nℹ️  Using Cilium version ${wanted}\n`,
	);
	const words = release.helm
		? {
				told: `🔮 Auto-detected cluster name: ${found.name}\n${minor < 16 ? '🔮 Auto-detected datapath mode: tunnel\n' : ''}`,
			}
		: classicWords(flags, release, found.name);
	say(words.told);
	if (words.error) return rolledBack(run, words.error);
	say(
		`${found.kubeProxy ? '🔮 Auto-detected kube-proxy has been installed\n' : '🔮 Auto-detected kube-proxy has not been installed\nℹ️  Cilium will fully replace all functionalities of kube-proxy\n'}`,
	);
	const namespace = flags.text('namespace') || 'kube-system';
	say(older.told);
	const values = mergeValues(mergeValues(found.values, older.values), given.values);
	if (!release.helm) return installClassic(run, client, wanted, values);
	if (client.cluster.releases().some((item) => item.name === 'cilium' && item.namespace === namespace))
		return 'Unable to install Cilium: cannot re-use a name that is still in use';
	const request = { release: 'cilium', namespace, version: wanted, kubernetes: client.api.version, values };
	const rendered = renderCilium(request);
	if ('error' in rendered) return `Unable to install Cilium: ${rendered.error}`;
	tellLacking(call, request);
	const fault = checkManifests(client.api, rendered.manifests, 'cilium', namespace);
	if (fault) return `Unable to install Cilium: ${fault}`;
	if (dryRun(run, values, rendered.manifests)) return 0;
	const refused = applyManifests(client.api, [], rendered.manifests);
	if (refused) return `Unable to install Cilium: ${refused}`;
	const saved: HelmRelease = {
		name: 'cilium',
		namespace,
		revision: 1,
		chart: 'cilium',
		chartVersion: wanted,
		appVersion: wanted,
		status: 'deployed',
		updated: call.lab.now,
		description: 'Install complete',
		values,
		manifests: rendered.manifests as never,
		notes: rendered.notes,
	};
	client.cluster.saveRelease(saved);
	return 0;
}

export const install = (release: CliRelease): Command => ({
	name: 'install',
	short: 'Install Cilium in a Kubernetes cluster',
	flags: release.helm ? [...VALUE_FLAGS, ...DRY_FLAGS] : classicFlags(release),
	run: withCluster(runInstall),
});

export const uninstall: Command = {
	name: 'uninstall',
	short: 'Uninstall Cilium',
	flags: [
		{
			name: 'test-namespace',
			type: 'string',
			default: 'cilium-test',
			usage: 'Namespace to uninstall Cilium tests from',
		},
		{ name: 'wait', type: 'bool', usage: 'Wait for uninstallation to have completed' },
	],
	run: withCluster(async (run, client) => {
		const { call, flags } = run;
		const release = cliRelease(call.lab);
		if (!release.helm) return uninstallClassic(run, client);
		const namespace = flags.text('namespace') || 'kube-system';
		const tests = flags.text('test-namespace');
		call.out(`🔥 Deleting pods in ${tests} namespace...\n🔥 Deleting ${tests} namespace...\n`);
		client.api.delete(client.api.find('namespaces')!, undefined, tests, { propagation: 'Background' });
		const releases = client.cluster.releases().filter((item) => item.name === 'cilium' && item.namespace === namespace);
		const last = releases.at(-1);
		if (!last) return 'Unable to uninstall Cilium:  uninstall: Release not loaded: cilium: release: not found';
		if (release.since16) call.out('⌛ Uninstalling Cilium\n');
		removeManifests(client.api, last.manifests as never);
		const secrets = client.api.find('secrets')!;
		for (const item of releases) client.api.delete(secrets, namespace, `sh.helm.release.v1.cilium.v${item.revision}`);
		return 0;
	}),
};

/** Of the line without helm: which images to bring (internal/cli/cmd/install.go newCmdUpgrade() @ v0.12.2). */
const IMAGE_FLAGS: readonly Flag[] = [
	...VERSION_FLAGS,
	{ name: 'agent-image', type: 'string', usage: 'Image path to use for Cilium agent' },
	{ name: 'operator-image', type: 'string', usage: 'Image path to use for Cilium operator' },
	{ name: 'hubble-relay-image', type: 'string', usage: 'Image path to use for Hubble Relay' },
];

const VALUES_OF_UPGRADE: readonly Flag[] = [
	...VALUE_FLAGS,
	...DRY_FLAGS,
	{
		name: 'reset-values',
		type: 'bool',
		usage: 'When upgrading, reset the helm values to the ones built into the chart',
	},
	{
		name: 'reuse-values',
		type: 'bool',
		usage:
			'When upgrading, reuse the helm values from the latest release unless any overrides from are set from other flags',
	},
];

/** Another version or other values: helm's upgrade with `--reuse-values` off by default, from v0.15. */
export const upgrade = ({ helm }: CliRelease): Command => ({
	name: 'upgrade',
	short: 'Upgrade a Cilium installation a Kubernetes cluster',
	flags: helm ? VALUES_OF_UPGRADE : IMAGE_FLAGS,
	run: withCluster(async (run, client) => {
		const { call, flags } = run;
		const namespace = flags.text('namespace') || 'kube-system';
		const release = cliRelease(call.lab);
		const asked = flags.text('version') || release.cilium;
		const wanted = chartVersion(asked);
		if (!wanted)
			return `Unable to upgrade Cilium:  chart "cilium" version "${asked}" not found in https://helm.cilium.io repository`;
		if (!release.helm) return upgradeClassic(run, client, wanted);
		const last = deployed(client, namespace);
		if (!last) return 'Unable to upgrade Cilium:  "cilium" has no deployed releases';
		const given = await readValues(call, flags);
		if ('error' in given) return `Unable to upgrade Cilium: ${given.error}`;
		if (!flags.on('dry-run') && !flags.on('dry-run-helm-values'))
			call.out(`🔮 Auto-detected cluster name: kind-${client.cluster.name}\n`);
		const nothing = Object.keys(given.values).length === 0;
		const reuse = !flags.on('reset-values') && (flags.on('reuse-values') || nothing);
		const failed = upgradeRelease(run, client, last, reuse ? withValues(last, given.values) : given.values, wanted);
		return failed === undefined ? 0 : `Unable to upgrade Cilium: ${failed}`;
	}),
});
