/**
 * `kubectl kustomize`.
 *
 * Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/kustomize/kustomize.go @ v0.24.0, over kustomize/commands/build.
 */
import type { Command } from '../../cobra/index.ts';
import { fail, local } from '../kube.ts';

/** Flags that would have kustomize do what the lab has nothing behind. */
const LACKING = [
	'as-current-user',
	'enable-alpha-plugins',
	'enable-helm',
	'enable-managedby-label',
	'env',
	'mount',
	'network',
	'reorder',
	'load-restrictor',
];

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
		{
			name: 'load-restrictor',
			type: 'string',
			default: 'LoadRestrictionsRootOnly',
			usage:
				"if set to 'LoadRestrictionsNone', local kustomizations may load files from outside their root. This does, however, break the relocatability of the kustomization.",
		},
		{
			name: 'reorder',
			type: 'string',
			default: 'legacy',
			usage:
				"Reorder the resources just before output. Use 'legacy' to apply a legacy reordering (Namespaces first, Webhooks last, etc). Use 'none' to suppress a final reordering.",
		},
		{
			name: 'as-current-user',
			type: 'bool',
			usage: 'use the uid and gid of the command executor to run the function in the container',
		},
		{ name: 'enable-alpha-plugins', type: 'bool', usage: 'enable kustomize plugins' },
		{ name: 'enable-helm', type: 'bool', usage: 'Enable use of the Helm chart inflator generator.' },
		{ name: 'enable-managedby-label', type: 'bool', usage: 'enable adding app.kubernetes.io/managed-by' },
		{ name: 'env', short: 'e', type: 'array', usage: 'a list of environment variables to be used by functions' },
		{ name: 'helm-command', type: 'string', default: 'helm', usage: 'helm command (path to executable)' },
		{ name: 'mount', type: 'array', usage: 'a list of storage options read from the filesystem' },
		{ name: 'network', type: 'bool', usage: 'enable network access for functions that declare it' },
		{ name: 'network-name', type: 'string', default: 'bridge', usage: 'the docker network to run the container in' },
	],
	run: local(async (run) => {
		const lacking = LACKING.find((name) => run.flags.given(name));
		if (lacking !== undefined)
			return fail(`--${lacking} is not part of this lab: its kustomize runs no other programs and fetches nothing`);
		if (run.args.length > 1) return fail('specify one path to kustomization.yaml');
		const { kustomizedText } = await import('../kustomize/index.ts');
		const text = await kustomizedText(run, run.args[0] ?? '.');
		const output = run.flags.text('output');
		if (output === '') run.call.out(text);
		else await run.call.files.write(output, text);
		return 0;
	}),
};
