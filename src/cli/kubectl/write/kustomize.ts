/**
 * `kubectl kustomize`.
 *
 * Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/kustomize/kustomize.go @ v0.24.0, over kustomize/commands/build.
 */
import type { Command } from '../../cobra/index.ts';
import { fail, local } from '../kube.ts';

export const kustomizeCommand: Command = {
	name: 'kustomize',
	use: 'DIR',
	short: 'Build a kustomization target from a directory or URL.',
	long: "Build a set of KRM resources using a 'kustomization.yaml' file. The DIR argument must be a path to a directory containing 'kustomization.yaml', or a git repository URL with a path suffix specifying same with respect to the repository root. If DIR is omitted, '.' is assumed.",
	example: `  # Build the current working directory
  kubectl kustomize

  # Build some shared configuration directory
  kubectl kustomize /home/config/production`,
	flags: [
		{
			name: 'output',
			short: 'o',
			type: 'string',
			usage: 'If specified, write output to this path.',
		},
	],
	run: local(async (run) => {
		if (run.args.length > 1) return fail('specify one path to kustomization.yaml');
		const { kustomizedText } = await import('../kustomize/index.ts');
		const text = await kustomizedText(run, run.args[0] ?? '.');
		const output = run.flags.text('output');
		if (output === '') run.call.out(text);
		else await run.call.files.write(output, text);
		return 0;
	}),
};
