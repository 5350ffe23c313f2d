/**
 * `kubectl config`: what the kubeconfig says, and small changes to it.
 *
 * Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/config @ v0.24.0; client-go tools/clientcmd/api/helpers.go
 * (MinifyConfig, ShortenConfig).
 */
import type { Command, Flag, Run } from '../../cobra/index.ts';
import { type KubeConfig, kubeconfigPath, printKubeconfig, readKubeconfig, writeKubeconfig } from '../../kube/index.ts';
import { fail, local } from '../kube.ts';
import { goJson, OUTPUT_FLAGS, objectPrinter, RowPrinter } from '../print/index.ts';
import { setProperty, unsetProperty } from './config-property.ts';

const load = async (run: Run): Promise<KubeConfig> => {
	const config = await readKubeconfig(run.call, run.flags.text('kubeconfig'));
	return 'error' in config ? fail(config.error) : config;
};

const save = (run: Run, config: KubeConfig): Promise<void> =>
	writeKubeconfig(run.call, config, run.flags.text('kubeconfig'));

const file = (run: Run): string => kubeconfigPath(run.call, run.flags.text('kubeconfig'));

/** Help first, then the error (helpErrorf); the help is left to `--help` here. */
const unexpected = (run: Run): never => fail(`Unexpected args: [${run.args.join(' ')}]`);

const byName = <T extends { readonly name: string }>(list: readonly T[]): readonly T[] =>
	[...list].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));

/** Only what the current context uses. */
function minify(config: KubeConfig): KubeConfig {
	const current = config['current-context'];
	if (current === '') return fail('current-context must exist in order to minify');
	const context = config.contexts.find((item) => item.name === current);
	if (!context) return fail(`cannot locate context ${current}`);
	return {
		...config,
		contexts: [context],
		clusters: config.clusters.filter((item) => item.name === context.context.cluster),
		users: config.users.filter((item) => item.name === context.context.user),
	};
}

/** Certificates and keys are not for the eyes. */
function shorten(config: KubeConfig): KubeConfig {
	const hide = (table: object, hidden: Readonly<Record<string, string>>): { readonly [key: string]: unknown } =>
		Object.fromEntries(
			Object.entries(table).map(([key, value]) => [key, value !== '' && hidden[key] ? hidden[key] : value]),
		);
	return {
		...config,
		clusters: config.clusters.map((item) => ({
			...item,
			cluster: hide(item.cluster, { 'certificate-authority-data': 'DATA+OMITTED' }),
		})),
		users: config.users.map((item) => ({
			...item,
			user: hide(item.user, {
				'client-certificate-data': 'REDACTED',
				'client-key-data': 'REDACTED',
				token: 'REDACTED',
			}),
		})),
	};
}

async function view(run: Run): Promise<undefined> {
	if (run.args.length > 0)
		return fail(`unexpected arguments: [${run.args.join(' ')}]\nSee 'kubectl config view -h' for help and examples`);
	let config = await load(run);
	const context = run.flags.text('context');
	if (run.flags.on('minify')) config = minify(context ? { ...config, 'current-context': context } : config);
	if (!run.flags.on('raw') && !run.flags.on('flatten')) config = shorten(config);
	const lists = (list: readonly { readonly name: string }[]): unknown => (list.length === 0 ? null : byName(list));
	const object = {
		kind: 'Config',
		apiVersion: 'v1',
		preferences: {},
		clusters: lists(config.clusters),
		users: lists(config.users),
		contexts: lists(config.contexts),
		'current-context': config['current-context'],
	};
	const output = run.flags.text('output');
	if (output === 'json') {
		// A typed object keeps the order of its type.
		const sorted = (value: unknown): unknown => JSON.parse(goJson(value, 0));
		run.call.out(
			`${JSON.stringify({ ...object, clusters: sorted(object.clusters), users: sorted(object.users), contexts: sorted(object.contexts) }, undefined, 4)}\n`,
		);
		return;
	}
	const print = await objectPrinter(run, [
		'go-template',
		'go-template-file',
		'json',
		'jsonpath',
		'jsonpath-as-json',
		'jsonpath-file',
		'name',
		'template',
		'templatefile',
		'yaml',
	]);
	run.call.out(print ? print(object) : printKubeconfig(object as unknown as KubeConfig));
}

async function getContexts(run: Run): Promise<number> {
	const { call, flags, args } = run;
	const output = flags.text('output');
	if (output !== '' && output !== 'name') return fail(`output must be one of '' or 'name': ${output}`);
	const config = await load(run);
	const known = byName(config.contexts);
	const missing = args.filter((name) => !known.some((item) => item.name === name));
	const shown = args.length === 0 ? known : known.filter((item) => args.includes(item.name));
	if (output === 'name') for (const { name } of shown) call.out(`${name}\n`);
	else {
		const rows = shown.map(({ name, context }) => [
			name === config['current-context'] ? '*' : ' ',
			name,
			context.cluster ?? '',
			context.user ?? '',
			context.namespace ?? '',
		]);
		const header = ['CURRENT', 'NAME', 'CLUSTER', 'AUTHINFO', 'NAMESPACE'];
		call.out(new RowPrinter().print(flags.on('no-headers') ? rows : [header, ...rows]));
	}
	if (missing.length === 1) return fail(`context ${missing[0]} not found`);
	if (missing.length > 1) return fail(`[${missing.map((name) => `context ${name} not found`).join(', ')}]`);
	return 0;
}

async function currentContext(run: Run): Promise<undefined> {
	const current = (await load(run))['current-context'];
	if (current === '') return fail('current-context is not set');
	run.call.out(`${current}\n`);
}

async function useContext(run: Run): Promise<undefined> {
	if (run.args.length !== 1) return unexpected(run);
	const config = await load(run);
	const name = run.args[0]!;
	if (name === '') return fail('empty context names are not allowed');
	if (!config.contexts.some((item) => item.name === name))
		return fail(`no context exists with the name: ${JSON.stringify(name)}`);
	await save(run, { ...config, 'current-context': name });
	run.call.out(`Switched to context ${JSON.stringify(name)}.\n`);
}

async function setContext(run: Run): Promise<undefined> {
	const { flags, args } = run;
	if (args.length > 1) return unexpected(run);
	const given = args[0] ?? '';
	if (given === '' && !flags.on('current')) return fail('you must specify a non-empty context name or --current');
	if (given !== '' && flags.on('current')) return fail('you cannot specify both a context name and --current');
	const config = await load(run);
	const name = given || config['current-context'];
	if (name === '') return fail('no current context is set');
	const old = config.contexts.find((item) => item.name === name);
	const context: Record<string, string> = { ...old?.context };
	for (const key of ['cluster', 'user', 'namespace'])
		if (flags.given(key)) {
			if (flags.text(key) === '') delete context[key];
			else context[key] = flags.text(key);
		}
	const next = { name, context };
	await save(run, {
		...config,
		contexts: old ? config.contexts.map((item) => (item === old ? next : item)) : [...config.contexts, next],
	});
	run.call.out(`Context ${JSON.stringify(name)} ${old ? 'modified' : 'created'}.\n`);
}

async function renameContext(run: Run): Promise<undefined> {
	if (run.args.length !== 2) return unexpected(run);
	const [from, to] = run.args as [string, string];
	if (to === '') return fail('You must specify a new non-empty context name');
	const config = await load(run);
	const has = (name: string): boolean => config.contexts.some((item) => item.name === name);
	if (!has(from)) return fail(`cannot rename the context ${JSON.stringify(from)}, it's not in ${file(run)}`);
	if (has(to))
		return fail(
			`cannot rename the context ${JSON.stringify(from)}, the context ${JSON.stringify(to)} already exists in ${file(run)}`,
		);
	await save(run, {
		...config,
		contexts: config.contexts.map((item) => (item.name === from ? { ...item, name: to } : item)),
		'current-context': config['current-context'] === from ? to : config['current-context'],
	});
	run.call.out(`Context ${JSON.stringify(from)} renamed to ${JSON.stringify(to)}.\n`);
}

/** `delete-context`, `delete-cluster`, `delete-user`. */
const remove = (what: 'context' | 'cluster' | 'user') =>
	local(async (run) => {
		if (run.args.length !== 1) return unexpected(run);
		const name = run.args[0]!;
		const config = await load(run);
		const key = `${what}s` as const;
		const list: readonly { readonly name: string }[] = config[key];
		if (!list.some((item) => item.name === name)) return fail(`cannot delete ${what} ${name}, not in ${file(run)}`);
		if (what === 'context' && config['current-context'] === name)
			run.call.err(
				'warning: this removed your active context, use "kubectl config use-context" to select a different one\n',
			);
		await save(run, { ...config, [key]: list.filter((item) => item.name !== name) });
		run.call.out(`deleted ${what} ${name} from ${file(run)}\n`);
		return undefined;
	});

const names = (key: 'clusters' | 'users') =>
	local(async (run) => {
		const config = await load(run);
		run.call.out(
			`NAME\n${byName(config[key] as readonly { readonly name: string }[])
				.map((item) => `${item.name}\n`)
				.join('')}`,
		);
		return undefined;
	});

async function set(run: Run): Promise<undefined> {
	if (run.args.length !== 2) return unexpected(run);
	const [property, value] = run.args as [string, string];
	if (value === '') return fail('you cannot use set to unset a property');
	if (property === '') return fail('you must specify a property');
	await save(run, setProperty(await load(run), property, value, run.flags.on('set-raw-bytes')));
	run.call.out(`Property ${JSON.stringify(property)} set.\n`);
}

async function unset(run: Run): Promise<undefined> {
	if (run.args.length !== 1) return unexpected(run);
	const property = run.args[0]!;
	if (property === '') return fail('you must specify a property');
	await save(run, unsetProperty(await load(run), property));
	run.call.out(`Property ${JSON.stringify(property)} unset.\n`);
}

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
