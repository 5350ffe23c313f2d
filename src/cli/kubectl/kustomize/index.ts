/** Kustomize within kubectl: `kubectl kustomize`, and `-k` of the commands that read manifests. Fetched when it is used. */

import type { Run } from '../../cobra/index.ts';
import { printYaml } from '../../kube/index.ts';
import { fail } from '../kube.ts';
import { kubectlMinor } from '../releases.ts';
import { build } from './build.ts';
import { type Draft, KustomizeError } from './resource.ts';
import { joined } from './target.ts';

/** The objects of a folder's kustomization, in kubectl's words where there are none. */
export async function kustomized({ call }: Run, path: string): Promise<readonly Draft[]> {
	const root = joined(call.cwd, path);
	try {
		if (/^(?:https?:\/\/|git@|github\.com\/)/.test(path))
			throw new KustomizeError('no git on path: the lab has no repositories');
		return await build(
			root,
			{ read: (file) => call.files.read(file), list: (folder) => call.files.list(folder) },
			{ minor: kubectlMinor(call.lab), warn: (words) => call.err(words) },
		);
	} catch (fault) {
		if (fault instanceof KustomizeError) return fail(fault.message);
		throw fault;
	}
}

/** All of it as YAML. */
export const kustomizedText = async (run: Run, path: string): Promise<string> =>
	(await kustomized(run, path)).map((object) => printYaml(object)).join('---\n');
