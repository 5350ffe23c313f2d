/** `cilium config`: the ConfigMap cilium-config. Source: cilium-cli internal/cli/cmd, config @ v0.12.2, v0.14.4, v0.15.14. */
import type { Command, Run } from '../../cobra/index.ts';
import type { Client } from '../../kube/index.ts';
import { withCluster } from './common.ts';

const configMap = (client: Client, namespace: string) =>
	client.api.get(client.api.find('configmaps')!, namespace, 'cilium-config');

/** Sorted keys, values four blanks after the longest of them all. */
function viewConfig(data: Readonly<Record<string, string>>): string {
	const keys = Object.keys(data).sort();
	const width = Math.max(0, ...keys.map((key) => key.length)) + 4;
	return keys.map((key) => `${key.padEnd(width)}${data[key]}\n`).join('');
}

export const config: Command = {
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
