/** Kustomize within kubectl: `kubectl kustomize`, and `-k` of the commands that read manifests. Fetched when it is used. */

import type { Run } from '../../cobra/index.ts';
import { printYaml } from '../../kube/index.ts';
import { klog } from '../../kube/klog.ts';
import { fail } from '../kube.ts';
import { kubectlMinor } from '../releases.ts';
import { build } from './build.ts';
import { type Draft, KustomizeError } from './resource.ts';
import { joined } from './target.ts';

/** The objects of a folder's kustomization, in kubectl's words where there are none. */
export async function kustomized(run: Run, path: string): Promise<readonly Draft[]> {
	const { call } = run;
	const root = joined(call.cwd, path);
	try {
		if (/^(?:https?:\/\/|git@|github\.com\/)/.test(path))
			throw new KustomizeError('no git on path: the lab has no repositories');
		return await build(
			root,
			{
				read: (file) => call.files.read(file),
				readBytes: (file) => call.files.readBytes(file),
				list: (folder) => call.files.list(folder),
			},
			{
				minor: kubectlMinor(call.lab),
				warn: (words) => call.err(words),
				// Go's log writes into klog, which names the line that called it.
				log: (words) => klog(run, 'I', 'log.go:245', words),
				address: (of) =>
					`0xc000${call.lab
						.random('kustomize', `${call.lab.now} ${of}`, 2 ** 20)
						.toString(16)
						.padStart(5, '0')}0`,
			},
		);
	} catch (fault) {
		if (fault instanceof KustomizeError) return fail(fault.message);
		throw fault;
	}
}

/** All of it as YAML. */
export const kustomizedText = async (run: Run, path: string): Promise<string> =>
	(await kustomized(run, path)).map((object) => printYaml(object)).join('---\n');
