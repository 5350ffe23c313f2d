/** The kubeconfig of a run of `kubectl config`. */
import type { Run } from '../../cobra/index.ts';
import { type KubeConfig, kubeconfigPath, readKubeconfig, writeKubeconfig } from '../../kube/index.ts';
import { fail } from '../kube.ts';

export const load = async (run: Run): Promise<KubeConfig> => {
	const config = await readKubeconfig(run.call, run.flags.text('kubeconfig'));
	return 'error' in config ? fail(config.error) : config;
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
