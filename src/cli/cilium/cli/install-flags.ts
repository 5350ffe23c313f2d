/**
 * Flags of `cilium install` before helm mode: what they mean as values of the chart, and which of them the lab has no
 * use for.
 *
 * Source: cilium-cli internal/cli/cmd/install.go newCmdInstall(), install/{install,helm}.go generateManifests()
 * @ v0.12.2, v0.14.4.
 */
import { ciliumChartVersions, mergeValues, parseSet, type Values } from '../../../sim/charts/index.ts';
import type { Flag, FlagValues } from '../../cobra/index.ts';
import { USAGE_OF_FILES, USAGE_OF_SET, VERSION_FLAGS } from './common.ts';
import type { CliRelease } from './release.ts';

const overridden = (value: string): string => `This can now be overridden via \`helm-set\` (Helm value: \`${value}\`).`;

/** What the lab does with them is nothing: who gives one is told. */
const UNUSED: readonly Flag[] = [
	{ name: 'agent-image', type: 'string', usage: 'Image path to use for Cilium agent' },
	{
		name: 'azure-client-id',
		type: 'string',
		usage:
			'Client (application) ID of Azure Service Principal to use for installing Cilium (will create one if none provided)',
	},
	{
		name: 'azure-client-secret',
		type: 'string',
		usage: 'Client secret of Azure Service Principal to use for installing Cilium (will create one if none provided)',
	},
	{
		name: 'azure-resource-group',
		type: 'string',
		usage: 'Azure resource group name the cluster is in (required)',
	},
	{
		name: 'azure-subscription',
		type: 'string',
		usage: 'Azure subscription name the cluster is in (default `az account show`)',
	},
	{
		name: 'azure-tenant-id',
		type: 'string',
		usage: 'Tenant ID of Azure Service Principal to use for installing Cilium (will create one if none provided)',
	},
	{ name: 'chart-directory', type: 'string', usage: 'Helm chart directory' },
	{
		name: 'cilium-ready-timeout',
		type: 'duration',
		default: '5m0s',
		usage: 'Timeout for Cilium to become ready before restarting unmanaged pods',
	},
	{ name: 'disable-check', type: 'strings', usage: 'Disable a particular validation check' },
	{ name: 'helm-auto-gen-values', type: 'string', usage: 'Write an auto-generated helm values into this file' },
	{
		name: 'helm-values-secret-name',
		type: 'string',
		default: 'cilium-cli-helm-values',
		usage:
			'Secret name to store the auto-generated helm values file. The namespace is the same as where Cilium will be installed',
	},
	{ name: 'image-suffix', type: 'string', usage: 'Set all generated images with this suffix' },
	{ name: 'image-tag', type: 'string', usage: 'Set all images with this tag' },
	{ name: 'inherit-ca', type: 'string', usage: 'Inherit/import CA from another cluster' },
	{
		name: 'k8s-version',
		type: 'string',
		usage: 'Kubernetes server version in case auto-detection fails',
	},
	{
		name: 'nodes-without-cilium',
		type: 'strings',
		usage: 'List of node names on which Cilium will not be installed',
	},
	{ name: 'operator-image', type: 'string', usage: 'Image path to use for Cilium operator' },
];

/** All flags of a release without helm mode. */
export const classicFlags = ({ since14 }: CliRelease): readonly Flag[] => [
	...VERSION_FLAGS,
	...UNUSED,
	{
		name: 'cluster-id',
		type: 'int',
		default: '0',
		usage: 'Unique cluster identifier for multi-cluster',
		hidden: true,
		deprecated: overridden('cluster.id'),
	},
	{
		name: 'cluster-name',
		type: 'string',
		usage: 'Name of the cluster',
		hidden: true,
		deprecated: overridden('cluster.name'),
	},
	{ name: 'config', type: 'strings', usage: 'Set ConfigMap entries { key=value[,key=value,..] }' },
	{
		name: 'datapath-mode',
		type: 'string',
		usage: 'Datapath mode to use { tunnel | aws-eni | gke | azure | aks-byocni } (default: autodetected).',
	},
	{
		name: 'encryption',
		type: 'string',
		default: 'disabled',
		usage: 'Enable encryption of all workloads traffic { disabled | ipsec | wireguard }',
	},
	{ name: 'helm-set', type: 'array', usage: USAGE_OF_SET },
	{ name: 'helm-set-file', type: 'array', usage: USAGE_OF_FILES },
	{ name: 'helm-set-string', type: 'array', usage: USAGE_OF_SET.replace('values', 'STRING values') },
	{
		name: 'helm-values',
		type: 'strings',
		usage: 'Specify helm values in a YAML file or a URL (can specify multiple)',
	},
	{
		name: 'ipam',
		type: 'string',
		usage: 'IP Address Management (IPAM) mode',
		hidden: true,
		deprecated:
			'IPAM mode is autodetected depending on `datapath-mode`. If needed, this can now be overridden via `helm-set` (Helm value: `ipam.mode`).',
	},
	{
		name: 'ipv4-native-routing-cidr',
		type: 'string',
		usage: 'IPv4 CIDR within which native routing is possible',
		hidden: true,
		deprecated: overridden('ipv4NativeRoutingCIDR'),
	},
	{
		name: 'kube-proxy-replacement',
		type: 'string',
		default: 'disabled',
		usage: `Enable/disable kube-proxy replacement { disabled | ${since14 ? 'partial' : 'probe'} | strict }`,
		hidden: true,
		deprecated: overridden('kubeProxyReplacement'),
	},
	{
		name: 'list-versions',
		type: 'bool',
		usage: 'List all the available versions without actually installing',
	},
	{ name: 'node-encryption', type: 'bool', usage: 'Enable encryption of all node to node traffic' },
	{
		name: 'restart-unmanaged-pods',
		type: 'bool',
		default: 'true',
		usage: 'Restart pods which are not being managed by Cilium',
	},
	{ name: 'rollback', type: 'bool', default: 'true', usage: 'Roll back installed resources on failure' },
];

const VALUES_OF: readonly (readonly [flag: string, value: string])[] = [
	['cluster-id', 'cluster.id'],
	['cluster-name', 'cluster.name'],
	['ipam', 'ipam.mode'],
	['ipv4-native-routing-cidr', 'ipv4NativeRoutingCIDR'],
	['kube-proxy-replacement', 'kubeProxyReplacement'],
	['node-encryption', 'encryption.nodeEncryption'],
];

/** What the flags other than helm's say of the chart's values, and what is told of it; or why that cannot be. */
export function classicValues(
	flags: FlagValues,
	{ since14 }: CliRelease,
): { readonly values: Values; readonly told: string } | { readonly error: string } {
	const unused = UNUSED.find(({ name }) => flags.given(name));
	if (unused) return { error: `the simulator’s install has no use for --${unused.name}` };
	const mode = flags.text('datapath-mode');
	if (mode !== '' && mode !== 'tunnel')
		return { error: `the simulator has clusters of kind only: --datapath-mode ${mode} is for another one` };
	let values: Values = {};
	let told = '';
	for (const [flag, path] of VALUES_OF) {
		if (!flags.given(flag)) continue;
		const parsed = parseSet(`${path}=${flags.text(flag)}`, { into: values });
		if ('error' in parsed) return { error: parsed.error };
		values = parsed.values;
	}
	const encryption = flags.text('encryption');
	if (encryption === 'ipsec' || encryption === 'wireguard')
		values = mergeValues(values, { encryption: { enabled: true, type: encryption } });
	if (encryption === 'wireguard') {
		values = mergeValues(values, { l7Proxy: false });
		told += 'ℹ️  L7 proxy disabled due to Wireguard encryption\n';
		if (flags.on('node-encryption')) told += '⚠️️  Wireguard does not support node encryption yet\n';
	}
	const extra: Record<string, string> = {};
	for (const entry of flags.list('config')) {
		const [key, value, ...more] = entry.split('=');
		if (value === undefined)
			return {
				error: `invalid parameters: invalid config overwrite "${entry}", must be in the form key=${since14 ? 'value' : 'valye'}`,
			};
		if (more.length > 0) return { error: `--config should be in the format of <key=value>, got ${entry}` };
		extra[key!] = value;
	}
	if (Object.keys(extra).length > 0) values = mergeValues(values, { extraConfig: extra });
	return { values, told };
}

const CLUSTER_NAME = /^[a-z0-9]([-a-z0-9]*[a-z0-9])$/;

/**
 * What autodetectAndValidate() tells of the cluster's name, the datapath and the pool of addresses, and what it refuses.
 * @param detected the name it finds by itself
 */
export function classicWords(
	flags: FlagValues,
	{ since14 }: CliRelease,
	detected: string,
): { readonly told: string; readonly error?: string } {
	const blank = since14 ? '  ' : ' ';
	const name = flags.text('cluster-name') || detected;
	const encryption = flags.text('encryption');
	const [mode, ipam] = [flags.text('datapath-mode'), flags.text('ipam')];
	const told = [
		...(flags.text('cluster-name') ? [] : [`🔮 Auto-detected cluster name: ${detected}`]),
		mode ? `ℹ️ Custom datapath mode: ${mode}` : '🔮 Auto-detected datapath mode: tunnel',
		...(ipam ? [`ℹ️${blank}Custom IPAM mode: ${ipam}`] : []),
	];
	const refused = (why: string, error: string) => ({ told: `${[...told, `❌ ${why}`].join('\n')}\n`, error });
	if (name.includes('.'))
		return refused(
			`Cluster name ${JSON.stringify(name)} cannot contain dots`,
			'invalid cluster name, dots are not allowed',
		);
	if (!CLUSTER_NAME.test(name))
		return refused(
			`Cluster name ${JSON.stringify(name)} is not valid, must match regular expression: ${CLUSTER_NAME.source}`,
			'invalid cluster name',
		);
	if (!['disabled', 'ipsec', 'wireguard', ...(since14 ? [''] : [])].includes(encryption))
		return refused(`Invalid encryption mode: ${JSON.stringify(encryption)}`, 'invalid encryption mode');
	return { told: `${told.join('\n')}\n` };
}

/** `--list-versions`: what the chart's repository has, newest first. */
export const versionList = ({ cilium }: CliRelease): string =>
	ciliumChartVersions()
		.map((version) => `v${version}${version === cilium ? ' (default)' : ''}\n`)
		.join('');
