/**
 * `kubectl config view`.
 *
 * Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/config/view.go @ v0.24.0; client-go
 * tools/clientcmd/api/helpers.go (MinifyConfig, ShortenConfig).
 */
import type { Run } from '../../cobra/index.ts';
import { type KubeConfig, printKubeconfig } from '../../kube/index.ts';
import { fail } from '../kube.ts';
import { goJson, objectPrinter, PRINT_FORMATS } from '../print/index.ts';
import { byName, load } from './config-file.ts';

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

export async function view(run: Run): Promise<undefined> {
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
	const print = await objectPrinter(run, PRINT_FORMATS);
	run.call.out(print ? print(object) : printKubeconfig(object as unknown as KubeConfig));
}
