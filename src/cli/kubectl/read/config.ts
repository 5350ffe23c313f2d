/** `kubectl config`: what the kubeconfig says, and small changes to it. */
import type { Command, Flag } from '../../cobra/index.ts';
import { local } from '../kube.ts';
import { OUTPUT_FLAGS } from '../print/index.ts';
import {
	currentContext,
	getContexts,
	names,
	remove,
	renameContext,
	set,
	setContext,
	unset,
	useContext,
} from './config-contexts.ts';
import { entryCommands } from './config-entries.ts';
import { view } from './config-view.ts';

const NAME_FLAGS: readonly Flag[] = ['cluster', 'user', 'namespace'].map((name) => ({
	name,
	...(name === 'namespace' ? { short: 'n' } : {}),
	type: 'string',
	usage: `${name} for the context entry in kubeconfig`,
}));

export const configCommand: Command = {
	name: 'config',
	short: 'Modify kubeconfig files',
	long: 'Modify kubeconfig files using subcommands like "kubectl config set current-context my-context"\n\n The loading order follows these rules:\n\n  1.  If the --kubeconfig flag is set, then only that file is loaded. The flag may only be set once and no merging takes place.\n  2.  If $KUBECONFIG environment variable is set, then it is used as a list of paths (normal path delimiting rules for your system). These paths are merged. When a value is modified, it is modified in the file that defines the stanza. When a value is created, it is created in the first file that exists. If no files in the chain exist, then it creates the last file in the list.\n  3.  Otherwise, $HOME/.kube/config is used and no merging takes place.',
	commands: [
		{ name: 'current-context', short: 'Display the current-context', run: local(currentContext) },
		{
			name: 'delete-cluster',
			use: 'NAME',
			short: 'Delete the specified cluster from the kubeconfig',
			run: remove('cluster'),
		},
		{
			name: 'delete-context',
			use: 'NAME',
			short: 'Delete the specified context from the kubeconfig',
			run: remove('context'),
		},
		{ name: 'delete-user', use: 'NAME', short: 'Delete the specified user from the kubeconfig', run: remove('user') },
		{ name: 'get-clusters', short: 'Display clusters defined in the kubeconfig', run: names('clusters') },
		{
			name: 'get-contexts',
			use: '[(-o|--output=)name)]',
			short: 'Describe one or many contexts',
			flags: [
				{
					name: 'no-headers',
					type: 'bool',
					usage: "When using the default or custom-column output format, don't print headers (default print headers).",
				},
				{ name: 'output', short: 'o', type: 'string', usage: 'Output format. One of: (name).' },
			],
			run: local(getContexts),
		},
		{ name: 'get-users', short: 'Display users defined in the kubeconfig', run: names('users') },
		{
			name: 'rename-context',
			use: 'CONTEXT_NAME NEW_NAME',
			short: 'Rename a context from the kubeconfig file',
			run: local(renameContext),
		},
		{
			name: 'set',
			use: 'PROPERTY_NAME PROPERTY_VALUE',
			short: 'Set an individual value in a kubeconfig file',
			flags: [
				{
					name: 'set-raw-bytes',
					type: 'bool',
					usage: 'When writing a []byte PROPERTY_VALUE, write the given string directly without base64 decoding.',
				},
			],
			run: local(set),
		},
		...entryCommands,
		{
			name: 'set-context',
			use: '[NAME | --current] [--cluster=cluster_nickname] [--user=user_nickname] [--namespace=namespace]',
			short: 'Set a context entry in kubeconfig',
			flags: [...NAME_FLAGS, { name: 'current', type: 'bool', usage: 'Modify the current context' }],
			run: local(setContext),
		},
		{ name: 'unset', use: 'PROPERTY_NAME', short: 'Unset an individual value in a kubeconfig file', run: local(unset) },
		{
			name: 'use-context',
			aliases: ['use'],
			use: 'CONTEXT_NAME',
			short: 'Set the current-context in a kubeconfig file',
			run: local(useContext),
		},
		{
			name: 'view',
			short: 'Display merged kubeconfig settings or a specified kubeconfig file',
			flags: [
				...OUTPUT_FLAGS,
				{ name: 'raw', type: 'bool', usage: 'Display raw byte data' },
				{
					name: 'flatten',
					type: 'bool',
					usage:
						'Flatten the resulting kubeconfig file into self-contained output (useful for creating portable kubeconfig files)',
				},
				{
					name: 'minify',
					type: 'bool',
					usage: 'Remove all information not used by current-context from the output',
				},
				{ name: 'merge', type: 'bool', default: 'true', usage: 'Merge the full hierarchy of kubeconfig files' },
			],
			run: local(view),
		},
	],
};
