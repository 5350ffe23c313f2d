/** Commands that kubectl has and this lab has not: they say so, and what to use instead. */
import type { Command } from '../../cobra/index.ts';
import { fail, local } from '../kube.ts';

const kustomize: Command = {
	name: 'kustomize',
	use: 'DIR',
	short: 'Build a kustomization target from a directory or URL.',
	run: local(async () => fail('kustomizations are not part of this lab: write manifests, or patch what is there')),
};

export const refusedCommands: readonly Command[] = [kustomize];
