/**
 * cilium-cli: installs Cilium, says how it is, reads and changes its configuration.
 *
 * Source: cilium-cli internal/cli/cmd, install, config, status @ v0.12.2, v0.14.4, v0.15.14.
 */
import { chartVersion, mergeValues, renderCilium, type Values } from '../../../sim/charts/index.ts';
import { minorOf } from '../../../sim/kube/index.ts';
import type { HelmRelease } from '../../../sim/lab/index.ts';
import { type Command, completeCommand, type Manner, type Run, runCommand } from '../../cobra/index.ts';
import { applyManifests, checkManifests, readValues, removeManifests } from '../../helm/index.ts';
import { type Client, connectKube } from '../../kube/index.ts';
import type { Tool } from '../../tool.ts';
import { clustermesh, sysdump } from './clustermesh.ts';
import { deployed, NAMESPACE, upgradeRelease, VALUE_FLAGS, withCluster, withValues } from './common.ts';
import { connectivity } from './connectivity.ts';
import { formatStatus } from './format.ts';
import { hubble } from './hubble.ts';
import { bgp, encryption } from './others.ts';
import { agentVersion, cliRelease } from './release.ts';
import { inspectStatus, isHealthy } from './state.ts';

const configMap = (client: Client, namespace: string) =>
	client.api.get(client.api.find('configmaps')!, namespace, 'cilium-config');

/** Sorted keys, values four blanks after the longest of them all. */
function viewConfig(data: Readonly<Record<string, string>>): string {
	const keys = Object.keys(data).sort();
	const width = Math.max(0, ...keys.map((key) => key.length)) + 4;
	return keys.map((key) => `${key.padEnd(width)}${data[key]}\n`).join('');
}

const status: Command = {
	name: 'status',
	short: 'Display status',
	flags: [
		{ name: 'wait', type: 'bool', usage: 'Wait for status to report success (no errors and warnings)' },
		{ name: 'wait-duration', type: 'duration', default: '5m0s', usage: 'Maximum time to wait for status' },
		{ name: 'brief', type: 'bool', usage: 'Only print a one-line status message' },
		{ name: 'output', short: 'o', type: 'string', default: 'summary', usage: 'Output format. One of: json, summary' },
	],
	run: withCluster(async ({ call, flags }, client) => {
		const namespace = flags.text('namespace') || 'kube-system';
		const look = () => inspectStatus(client, namespace);
		if (flags.on('wait')) await call.until(() => isHealthy(look()), flags.duration('wait-duration'));
		const report = look();
		const release = cliRelease(client.cluster);
		const chart = release.helm
			? client.cluster
					.releases()
					.filter((item) => item.name === 'cilium' && item.status === 'deployed')
					.at(-1)?.chartVersion
			: undefined;
		if (flags.text('output') === 'json')
			call.out(
				`${JSON.stringify({ images: Object.fromEntries([...report.images].map(([k, v]) => [k, Object.fromEntries(v)])), pod_state: Object.fromEntries(report.states.map((state) => [state.name, { Type: state.kind, Desired: state.desired, Ready: state.ready, Available: state.available, Unavailable: state.unavailable }])) }, null, '\t')}\n`,
			);
		else if (flags.on('brief')) {
			if (isHealthy(report)) call.out('OK\n');
			return isHealthy(report) ? 0 : 'status check failed';
		} else call.out(formatStatus(report, release, call.tty, chart));
		if (flags.on('wait') && !isHealthy(report))
			return `Unable to determine status:  timeout while waiting for status to become successful: context deadline exceeded`;
		const bad = report.findings.filter((finding) => finding.level === 'error').length;
		return bad > 0 && release.helm ? 1 : 0;
	}),
};

const config: Command = {
	name: 'config',
	short: 'Manage Configuration',
	commands: [
		{
			name: 'view',
			short: 'View current configuration',
			run: withCluster(async ({ call, flags }, client) => {
				const map = configMap(client, flags.text('namespace') || 'kube-system');
				if (!map)
					return `Unable to view configuration:  unable to retrieve ConfigMap "cilium-config": configmaps "cilium-config" not found`;
				call.out(viewConfig(map.data as Readonly<Record<string, string>>));
				return 0;
			}),
		},
		{
			name: 'set',
			use: '<key> <value>',
			short: 'Set new configuration',
			flags: [{ name: 'restart', short: 'r', type: 'bool', default: 'true', usage: 'Restart Cilium pods' }],
			complete: (args, at) =>
				args.length === 0
					? Object.keys(
							(at.cluster()?.api.get(at.cluster()!.api.find('configmaps')!, 'kube-system', 'cilium-config')?.data as
								| object
								| undefined) ?? {},
						)
					: [],
			run: withCluster(async (run, client) => change(run, client, run.args[0], run.args[1])),
		},
		{
			name: 'delete',
			use: '<key>',
			short: 'Delete a configuration entry',
			flags: [{ name: 'restart', short: 'r', type: 'bool', default: 'true', usage: 'Restart Cilium pods' }],
			run: withCluster(async (run, client) => change(run, client, run.args[0], null)),
		},
	],
};

async function change(
	{ call, flags, path }: Run,
	client: Client,
	key: string | undefined,
	value: string | null | undefined,
): Promise<number | string> {
	if (key === undefined || value === undefined) return `accepts 2 arg(s)\nUsage:\n  ${path} <key> <value>`;
	const namespace = flags.text('namespace') || 'kube-system';
	call.out(
		value === null
			? `✨ Removing key ${key} from ConfigMap cilium-config...\n`
			: `✨ Patching ConfigMap cilium-config with ${key}=${value}...\n`,
	);
	const patched = client.api.patch(
		client.api.find('configmaps')!,
		namespace,
		'cilium-config',
		'application/merge-patch+json',
		{ data: { [key]: value } },
	);
	if (patched.error)
		return `Unable to set config:  unable to patch ConfigMap cilium-config with patch ${JSON.stringify({ data: { [key]: value } })}: ${patched.error.message}`;
	if (flags.on('restart')) {
		const pods = client.api.find('pods')!;
		for (const pod of client.api.list(pods, { namespace, labelSelector: 'k8s-app=cilium' }))
			client.api.delete(pods, namespace, pod.metadata.name);
		call.out('♻️  Restarted Cilium pods\n');
	} else call.out('⚠️  Restart Cilium pods for configmap changes to take effect\n');
	return 0;
}

const version: Command = {
	name: 'version',
	short: 'Display detailed version information',
	flags: [{ name: 'client', type: 'bool', usage: 'Print the client version only, no server communication' }],
	run: async ({ call, flags }) => {
		const client = await connectKube(call);
		const cluster = 'why' in client ? undefined : client.cluster;
		const release = cliRelease(cluster);
		call.out(
			`cilium-cli: ${release.version} compiled with ${release.go} on linux/amd64\ncilium image (default): v${release.cilium}\ncilium image (stable): v${release.cilium}\n`,
		);
		if (flags.on('client')) return 0;
		const running = cluster && agentVersion(cluster);
		call.out(
			running
				? `cilium image (running): v${running}\n`
				: 'cilium image (running): unknown. Unable to obtain cilium version, no cilium pods found in namespace "kube-system"\n',
		);
		return 0;
	},
};

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

async function install(run: Run, client: Client): Promise<number | string> {
	const { call, flags } = run;
	const release = cliRelease(client.cluster);
	const asked = flags.text('version') || release.cilium;
	const wanted = chartVersion(asked);
	if (!wanted)
		return `Unable to install Cilium:  chart "cilium" version "${asked}" not found in https://helm.cilium.io repository`;
	const minor = minorOf(wanted);
	const given = await readValues(call, flags);
	if ('error' in given) return `Unable to install Cilium: ${given.error}`;
	const found = detected(client, minor);
	call.out(
		`🔮 Auto-detected Kubernetes kind: kind\n✨ Running "kind" validation checks\n✅ Detected kind version "${call.lab.kind.release.replace(/^v/, '')}"\nℹ️  Using Cilium version ${wanted}\n🔮 Auto-detected cluster name: ${found.name}\n${minor < 16 ? '🔮 Auto-detected datapath mode: tunnel\n' : ''}${found.kubeProxy ? '🔮 Auto-detected kube-proxy has been installed\n' : '🔮 Auto-detected kube-proxy has not been installed\nℹ️  Cilium will fully replace all functionalities of kube-proxy\n'}`,
	);
	const namespace = flags.text('namespace') || 'kube-system';
	if (client.cluster.releases().some((item) => item.name === 'cilium' && item.namespace === namespace))
		return 'Unable to install Cilium: cannot re-use a name that is still in use';
	const values = mergeValues(found.values, given.values);
	const rendered = renderCilium({
		release: 'cilium',
		namespace,
		version: wanted,
		kubernetes: client.api.version,
		values,
	});
	if ('error' in rendered) return `Unable to install Cilium: ${rendered.error}`;
	const fault = checkManifests(client.api, rendered.manifests, 'cilium', namespace);
	if (fault) return `Unable to install Cilium: ${fault}`;
	if (!release.helm)
		call.out(
			`ℹ️  Storing helm values file in ${namespace}/cilium-cli-helm-values Secret\n🔑 Created CA in secret cilium-ca\n🔑 Generating certificates for Hubble...\n🚀 Creating Service accounts...\n🚀 Creating Cluster roles...\n🚀 Creating ConfigMap for Cilium version ${wanted}...\n🚀 Creating Agent DaemonSet...\n🚀 Creating Operator Deployment...\n`,
		);
	const refused = applyManifests(client.api, [], rendered.manifests);
	if (refused) return `Unable to install Cilium: ${refused.status.message}`;
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
	if (release.helm || !flags.on('wait')) return 0;
	call.out('⌛ Waiting for Cilium to be installed and ready...\n');
	if (!(await call.until(() => isHealthy(inspectStatus(client, namespace)), flags.duration('wait-duration')))) {
		call.out(formatStatus(inspectStatus(client, namespace), release, call.tty, undefined));
		return 'Unable to install Cilium:  timeout while waiting for status to become successful: context deadline exceeded';
	}
	call.out("✅ Cilium was successfully installed! Run 'cilium status' to view installation health\n");
	return 0;
}

const uninstall: Command = {
	name: 'uninstall',
	short: 'Uninstall Cilium',
	run: withCluster(async ({ call, flags }, client) => {
		const namespace = flags.text('namespace') || 'kube-system';
		const releases = client.cluster.releases().filter((item) => item.name === 'cilium' && item.namespace === namespace);
		const last = releases.at(-1);
		if (!last) return 'Unable to uninstall Cilium:  uninstall: Release not loaded: cilium: release: not found';
		call.out(
			'🔥 Deleting pods in cilium-test namespace...\n🔥 Deleting cilium-test namespace...\n⌛ Uninstalling Cilium\n',
		);
		removeManifests(client.api, last.manifests as never);
		const secrets = client.api.find('secrets')!;
		for (const item of releases) client.api.delete(secrets, namespace, `sh.helm.release.v1.cilium.v${item.revision}`);
		return 0;
	}),
};

/**
 * Another version or other values. From v0.15 this is helm's upgrade with `--reuse-values` off by default; the CLI before it
 * changed images and ConfigMap itself, which comes to the same here.
 */
const upgrade: Command = {
	name: 'upgrade',
	short: 'Upgrade a Cilium installation a Kubernetes cluster',
	flags: [
		...VALUE_FLAGS,
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
	],
	run: withCluster(async (run, client) => {
		const { call, flags } = run;
		const namespace = flags.text('namespace') || 'kube-system';
		const release = cliRelease(client.cluster);
		const last = deployed(client, namespace);
		if (!last) return 'Unable to upgrade Cilium:  "cilium" has no deployed releases';
		const given = await readValues(call, flags);
		if ('error' in given) return `Unable to upgrade Cilium: ${given.error}`;
		const asked = flags.text('version') || release.cilium;
		const wanted = chartVersion(asked);
		if (!wanted)
			return `Unable to upgrade Cilium:  chart "cilium" version "${asked}" not found in https://helm.cilium.io repository`;
		call.out(
			release.helm
				? `🔮 Auto-detected cluster name: kind-${client.cluster.name}\n`
				: `🚀 Upgrading cilium to version v${wanted}...\n`,
		);
		const nothing = Object.keys(given.values).length === 0;
		const reuse = !flags.on('reset-values') && (flags.on('reuse-values') || !release.helm || nothing);
		const failed = upgradeRelease(run, client, last, reuse ? withValues(last, given.values) : given.values, wanted);
		if (failed !== undefined) return `Unable to upgrade Cilium: ${failed}`;
		if (release.helm || !flags.on('wait')) return 0;
		call.out('⌛ Waiting for Cilium to be upgraded...\n');
		if (!(await call.until(() => isHealthy(inspectStatus(client, namespace)), flags.duration('wait-duration'))))
			return 'Unable to upgrade Cilium:  timeout while waiting for status to become successful: context deadline exceeded';
		call.out('✅ Cilium was successfully upgraded!\n');
		return 0;
	}),
};

const ROOT: Command = {
	name: 'cilium',
	short: 'Cilium provides eBPF-based Networking, Security, and Observability for Kubernetes',
	long: 'CLI to install, manage, & troubleshooting Cilium clusters running Kubernetes.\n\nCilium is a CNI for Kubernetes to provide secure network connectivity and\nload-balancing with excellent visibility using eBPF',
	global: [{ name: 'context', type: 'string', usage: 'Kubernetes configuration context' }, NAMESPACE],
	commands: [
		bgp,
		clustermesh,
		config,
		connectivity,
		encryption,
		hubble,
		{ name: 'install', short: 'Install Cilium in a Kubernetes cluster', flags: VALUE_FLAGS, run: withCluster(install) },
		status,
		sysdump,
		uninstall,
		upgrade,
		version,
	],
};

const MANNER: Manner = {
	lenient: true,
	exitCode: 1,
	unknownCommand: (path, word) => `Error: unknown command "${word}" for "${path}"\nRun '${path} --help' for usage.\n`,
	flagError: (_, message) => `Error: ${message}\n`,
	failure: (message) => `\nError: ${message}\n`,
};

export const cli: Pick<Tool, 'run' | 'complete'> = {
	run: (call) => runCommand(ROOT, MANNER, call),
	complete: (words, at) => completeCommand(ROOT, words, at),
};
