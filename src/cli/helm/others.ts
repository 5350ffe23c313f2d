/** Commands of helm that nothing here stands for, and its environment. Source: helm cmd/helm/{root,env}.go @ v3.9.4. */
import type { Command } from '../cobra/index.ts';
import type { Call } from '../tool.ts';
import { clientOf } from './release.ts';

const no = (
	name: string,
	short: string,
	why: string,
	more: readonly (readonly [name: string, short: string])[] = [],
): Command => ({
	name,
	short,
	...(more.length > 0
		? { commands: more.map(([below, about]) => ({ name: below, short: about, run: async () => why })) }
		: { run: async () => why }),
});

const REGISTRIES = 'the simulator’s helm has repositories, and no registries';
const PLUGINS = 'the simulator’s helm takes no plugins';
const SHELL = 'the shell of the simulator completes "helm" by itself (Tab): it needs no script';

/** helm's folders (pkg/helmpath) and what flags would set. */
function environment(call: Call, namespace: string, context: string, debug: boolean): Readonly<Record<string, string>> {
	const { env } = call;
	const home = env.get('HOME') ?? '/root';
	const folder = (own: string, xdg: string, fallback: string): string =>
		env.get(own) ?? `${env.get(xdg) ?? `${home}/${fallback}`}/helm`;
	const cache = folder('HELM_CACHE_HOME', 'XDG_CACHE_HOME', '.cache');
	const config = folder('HELM_CONFIG_HOME', 'XDG_CONFIG_HOME', '.config');
	const data = folder('HELM_DATA_HOME', 'XDG_DATA_HOME', '.local/share');
	const all: Record<string, string> = {
		HELM_BIN: 'helm',
		HELM_CACHE_HOME: cache,
		HELM_CONFIG_HOME: config,
		HELM_DATA_HOME: data,
		HELM_DEBUG: String(debug),
		HELM_KUBEAPISERVER: env.get('HELM_KUBEAPISERVER') ?? '',
		HELM_KUBEASGROUPS: '',
		HELM_KUBEASUSER: '',
		HELM_KUBECAFILE: '',
		HELM_KUBECONTEXT: context,
		HELM_KUBETOKEN: '',
		HELM_MAX_HISTORY: env.get('HELM_MAX_HISTORY') ?? '10',
		HELM_NAMESPACE: namespace,
		HELM_PLUGINS: env.get('HELM_PLUGINS') ?? `${data}/plugins`,
		HELM_REGISTRY_CONFIG: env.get('HELM_REGISTRY_CONFIG') ?? `${config}/registry/config.json`,
		HELM_REPOSITORY_CACHE: env.get('HELM_REPOSITORY_CACHE') ?? `${cache}/repository`,
		HELM_REPOSITORY_CONFIG: env.get('HELM_REPOSITORY_CONFIG') ?? `${config}/repositories.yaml`,
	};
	return all;
}

const envCommand: Command = {
	name: 'env',
	short: 'helm client environment information',
	run: async (run) => {
		if (run.args.length > 1) return '"helm env" accepts at most 1 argument\n\nUsage:  helm env [flags]';
		const client = await clientOf(run);
		const namespace = typeof client === 'string' ? run.flags.text('namespace') || 'default' : client.namespace;
		const all = environment(run.call, namespace, run.flags.text('kube-context'), run.flags.on('debug'));
		const [name] = run.args;
		if (name !== undefined) run.call.out(`${all[name] ?? ''}\n`);
		else for (const [key, value] of Object.entries(all)) run.call.out(`${key}="${value}"\n`);
		return 0;
	},
};

export const otherCommands: readonly Command[] = [
	no('completion', 'generate autocompletion scripts for the specified shell', SHELL, [
		['bash', 'generate autocompletion script for bash'],
		['fish', 'generate autocompletion script for fish'],
		['powershell', 'generate autocompletion script for powershell'],
		['zsh', 'generate autocompletion script for zsh'],
	]),
	envCommand,
	no('plugin', 'install, list, or uninstall Helm plugins', PLUGINS, [
		['install', 'install one or more Helm plugins'],
		['list', 'list installed Helm plugins'],
		['uninstall', 'uninstall one or more Helm plugins'],
		['update', 'update one or more Helm plugins'],
	]),
	no('push', 'push a chart to remote', REGISTRIES),
	no('registry', 'login to or logout from a registry', REGISTRIES, [
		['login', 'login to a registry'],
		['logout', 'logout from a registry'],
	]),
	no(
		'verify',
		'verify that a chart at the given path has been signed and is valid',
		'the simulator’s helm signs no charts, so there is nothing to verify',
	),
];
