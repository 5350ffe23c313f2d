/** `helm template`. Source: helm cmd/helm/template.go @ v3.9.4. */
import type { Command } from '../cobra/index.ts';
import type { Client } from '../kube/index.ts';
import { tellLacking } from './lacking.ts';
import { manifestText } from './print.ts';
import { render, requestOf } from './release.ts';
import { VALUE_FLAGS, wanted } from './wanted.ts';

export const templateCommand: Command = {
	name: 'template',
	use: '[NAME] [CHART] [flags]',
	short: 'locally render templates',
	flags: [
		...VALUE_FLAGS,
		{
			name: 'kube-version',
			type: 'string',
			default: 'v1.24.0',
			usage: 'Kubernetes version used for Capabilities.KubeVersion',
		},
	],
	run: async (run) => {
		const { args, flags, call } = run;
		if (args.length === 0)
			return '"helm template" requires at least 1 argument\n\nUsage:  helm template [NAME] [CHART] [flags]';
		const want = await wanted(run, args.length > 1 ? args[0]! : 'release-name', args.at(-1)!);
		if (typeof want === 'string') return want;
		const version = flags.text('kube-version');
		const client = {
			namespace: flags.text('namespace') || 'default',
			api: { version: version.startsWith('v') ? version : `v${version}` },
		} as Client;
		const rendered = render(client, want);
		if ('error' in rendered) return rendered.error;
		tellLacking(call, requestOf(client, want));
		call.out(manifestText(want.chart, rendered.manifests));
		return 0;
	},
};
