/** Hooks of a release as commands run them. Source: helm pkg/action/hooks.go @ v3.9.4. */
import type { HelmRelease } from '../../sim/lab/index.ts';
import type { Run } from '../cobra/index.ts';
import type { Client } from '../kube/index.ts';
import { hooksOf, runHooks } from './own.ts';
import { FIVE_MINUTES } from './wanted.ts';

/** Hooks of one event, unless they are not wanted; answers the release with what became of them. */
export async function hooked(
	run: Run,
	client: Client,
	release: HelmRelease,
	event: string,
): Promise<{ readonly release: HelmRelease; readonly error?: string }> {
	if (!release.own || run.flags.on('no-hooks') || !hooksOf(release).some((hook) => hook.events.includes(event)))
		return { release };
	const { hooks, error } = await runHooks(
		run.call,
		client,
		release,
		event,
		run.flags.duration('timeout') || FIVE_MINUTES,
	);
	const after = { ...release, own: { ...release.own, hooks } };
	return error === undefined ? { release: after } : { release: after, error };
}

/** Keeps a revision as one that is under way, where anybody can look meanwhile: it takes time only with hooks or `--wait`. */
export function underWay(
	{ flags }: Run,
	client: Client,
	release: HelmRelease,
	status: HelmRelease['status'],
	description: string,
): void {
	if (flags.on('wait') || flags.on('atomic') || hooksOf(release).length > 0)
		client.cluster.saveRelease({ ...release, status, description });
}
