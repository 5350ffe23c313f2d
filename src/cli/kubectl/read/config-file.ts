/** The kubeconfig of a run of `kubectl config`. */
import type { Run } from '../../cobra/index.ts';
import { EMPTY_CONFIG, type KubeConfig, kubeconfigPath, readKubeconfig, writeKubeconfig } from '../../kube/index.ts';
import { fail } from '../kube.ts';

export const load = async (run: Run): Promise<KubeConfig> => {
	const config = await readKubeconfig(run.call, run.flags.text('kubeconfig'));
	// A file that is not there yet is one with nothing in it (clientcmd/config.go GetStartingConfig).
	if ('error' in config) return /no such file or directory$/.test(config.error) ? EMPTY_CONFIG : fail(config.error);
	return config;
};

export const save = (run: Run, config: KubeConfig): Promise<void> =>
	writeKubeconfig(run.call, config, run.flags.text('kubeconfig'));

export const file = (run: Run): string => kubeconfigPath(run.call, run.flags.text('kubeconfig'));

/** Help first, then the error (helpErrorf). */
export const unexpected = (run: Run): never => {
	run.call.out(run.help());
	return fail(`Unexpected args: [${run.args.join(' ')}]`);
};

/** Sorted. */
export const byName = <T extends { readonly name: string }>(list: readonly T[]): readonly T[] =>
	[...list].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
