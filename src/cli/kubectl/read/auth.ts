/**
 * `kubectl auth`. The kubeconfig of kind is that of the cluster's administrator (system:masters), whom the API server
 * refuses nothing; `--as` asks for others. The rules that `--list` prints are those of the cluster's bindings.
 *
 * Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/auth/cani.go @ v0.24.0.
 */
import type { Resource } from '../../../sim/api/index.ts';
import type { Command } from '../../cobra/index.ts';
import { compactRules, ruleCells } from '../describe/index.ts';
import { command, fail, type Kube, KubectlError } from '../kube.ts';
import { type Fields, RowPrinter, texts } from '../print/index.ts';
import {
	type Action,
	administrator,
	allows,
	bindingsOf,
	type Identity,
	impersonated,
	rulesOfBinding,
} from '../rbac.ts';
import { kubectlMinor, minorOf } from '../releases.ts';

const VERBS = [
	'get',
	'list',
	'watch',
	'create',
	'update',
	'patch',
	'delete',
	'deletecollection',
	'use',
	'bind',
	'impersonate',
	'*',
];
const URL_VERBS = ['get', 'put', 'post', 'head', 'options', 'delete', 'patch', '*'];

/** What the administrator may do even where no binding says so. */
const EVERYTHING: readonly Fields[] = [
	{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] },
	{ nonResourceURLs: ['*'], verbs: ['*'] },
];

/** Whom the command asks about. */
const whoAsks = (kube: Kube): Identity => impersonated(kube.run) ?? administrator(minorOf(kube.api.version));

/** The server as it is for itself: whoever asks what he may do is told. */
const boundRules = (kube: Kube): readonly Fields[] =>
	bindingsOf(kube.cluster.api, whoAsks(kube), kube.namespace).flatMap((binding) =>
		rulesOfBinding(kube.cluster.api, binding),
	);

/** What the API server's own roles let everybody do (system:basic-user, system:discovery, system:public-info-viewer). */
const EVERYBODY: readonly Fields[] = [
	{
		apiGroups: ['authorization.k8s.io'],
		resources: ['selfsubjectaccessreviews', 'selfsubjectrulesreviews'],
		verbs: ['create'],
	},
	...[
		'/api/*',
		'/api',
		'/apis/*',
		'/apis',
		'/healthz',
		'/livez',
		'/openapi/*',
		'/openapi',
		'/readyz',
		'/version/',
		'/version',
	].map((url) => ({ nonResourceURLs: [url], verbs: ['get'] })),
];

function printList(kube: Kube): number {
	const { call, flags } = kube.run;
	const bound = boundRules(kube);
	const said = bound.some((rule) => texts(rule, 'resources').includes('*') && texts(rule, 'verbs').includes('*'));
	const master = impersonated(kube.run) === undefined;
	const cells = compactRules(master ? (said ? bound : [...EVERYTHING, ...bound]) : [...bound, ...EVERYBODY]).map(
		ruleCells,
	);
	const header = ['Resources', 'Non-Resource URLs', 'Resource Names', 'Verbs'];
	call.out(new RowPrinter().print(flags.on('no-headers') ? cells : [header, ...cells]));
	return 0;
}

/** `pods`, `deployments.apps/web`, `/healthz`. */
function actionOf(kube: Kube, verb: string, what: string): Action {
	if (what.startsWith('/')) return { verb, path: what };
	const [word = '', name] = what.split('/');
	const resource = word === '*' ? undefined : kube.cluster.api.find(word);
	const subresource = kube.run.flags.text('subresource');
	return {
		verb,
		group: resource?.group ?? (word === '*' ? '*' : ''),
		resource: resource?.plural ?? word,
		...(subresource ? { subresource } : {}),
		namespace: kube.run.flags.on('all-namespaces') || resource?.namespaced === false ? undefined : kube.namespace,
		...(name ? { name } : {}),
	};
}

/** Source: pkg/cmd/auth/whoami.go @ v0.28.0. */
async function whoAmI(kube: Kube): Promise<number> {
	if (kubectlMinor(kube.run.call.lab) < 27)
		throw new KubectlError(`error: unknown command "whoami"\nSee 'kubectl auth -h' for help and examples`);
	const { user, groups } = whoAsks(kube);
	const rows = [
		['ATTRIBUTE', 'VALUE'],
		['Username', user],
		['Groups', `[${groups.join(' ')}]`],
	];
	kube.run.call.out(new RowPrinter().print(rows));
	return 0;
}

async function canI(kube: Kube): Promise<number> {
	const { call, args, flags } = kube.run;
	const everywhere = flags.on('all-namespaces');
	if (flags.on('list')) {
		if (args.length > 0) return fail('list option must be specified with no arguments');
		if (flags.on('quiet') || everywhere || flags.text('subresource'))
			return fail("list option can't be specified with neither quiet, all-namespaces nor subresource options");
		return printList(kube);
	}
	if (args.length !== 2)
		return fail('you must specify two or three arguments: verb, resource, and optional resourceName');
	const [verb, what] = args as [string, string];
	const unknown = (): void => call.err(`Warning: verb '${verb}' is not a known verb\n`);
	if (what.startsWith('/')) {
		if (flags.text('subresource')) return fail('--subresource can not be used with NonResourceURL');
		if (!URL_VERBS.includes(verb)) unknown();
	} else {
		const name = what.split('/')[0]!;
		const resource: Resource | undefined = name === '*' ? undefined : kube.api.find(name);
		if (!resource && !['*', 'users', 'groups'].includes(name)) {
			const [plural, ...group] = name.toLowerCase().split('.');
			call.err(
				`Warning: the server doesn't have a resource type '${plural}'${group.length > 0 ? ` in group '${group.join('.')}'` : ''}\n`,
			);
		}
		if (!everywhere) {
			if (resource && !resource.namespaced)
				call.err(
					`Warning: resource '${resource.plural}' is not namespace scoped${resource.group === '' ? '' : ` in group '${resource.group}'`}\n`,
				);
			if (!VERBS.includes(verb)) unknown();
		}
	}
	if (flags.on('no-headers')) return fail('--no-headers cannot be set without --list specified');
	const may = allows(kube.cluster.api, whoAsks(kube), actionOf(kube, verb, what));
	if (!flags.on('quiet')) call.out(may ? 'yes\n' : 'no\n');
	return may ? 0 : 1;
}

export const authCommand: Command = {
	name: 'auth',
	short: 'Inspect authorization',
	long: 'Inspect authorization',
	commands: [
		{
			name: 'can-i',
			use: 'VERB [TYPE | TYPE/NAME | NONRESOURCEURL]',
			short: 'Check whether an action is allowed',
			long: "Check whether an action is allowed.\n\n VERB is a logical Kubernetes API verb like 'get', 'list', 'watch', 'delete', etc. TYPE is a Kubernetes resource. Shortcuts and groups will be resolved. NONRESOURCEURL is a partial URL that starts with \"/\". NAME is the name of a particular Kubernetes resource. This command pairs nicely with impersonation. See --as global flag.",
			flags: [
				{
					name: 'all-namespaces',
					short: 'A',
					type: 'bool',
					usage: 'If true, check the specified action in all namespaces.',
				},
				{ name: 'quiet', short: 'q', type: 'bool', usage: 'If true, suppress output and just return the exit code.' },
				{ name: 'subresource', type: 'string', usage: 'SubResource such as pod/log or deployment/scale' },
				{ name: 'list', type: 'bool', usage: 'If true, prints all allowed actions.' },
				{ name: 'no-headers', type: 'bool', usage: 'If true, prints allowed actions without headers' },
			],
			run: command(canI),
		},
		{
			name: 'whoami',
			short: 'Experimental: Check self subject attributes',
			hidden: true,
			run: command(whoAmI),
		},
	],
};
