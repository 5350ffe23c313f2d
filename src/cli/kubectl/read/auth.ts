/**
 * `kubectl auth`: what the API server's reviews say of whoever speaks, or of whom `--as` names.
 *
 * Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/auth/cani.go @ v0.24.0.
 */
import type { Resource } from '../../../sim/api/index.ts';
import type { Command } from '../../cobra/index.ts';
import { compactRules, ruleCells } from '../describe/index.ts';
import { command, fail, type Kube, KubectlError, refuse } from '../kube.ts';
import {
	type Fields,
	objectPrinter,
	PRINT_FLAGS,
	PRINT_FORMATS,
	RowPrinter,
	sub,
	subs,
	text,
	texts,
} from '../print/index.ts';
import { kubectlMinor } from '../releases.ts';
import { reconcileCommand } from './auth-reconcile.ts';

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

/** Asks the server for a review of one kind. */
function reviewed(kube: Kube, group: string, kind: string, spec: object, version = 'v1'): Fields {
	const made = kube.api.create({ apiVersion: `${group}.k8s.io/${version}`, kind, spec });
	return made.error ? refuse(made.error) : (made.value as unknown as Fields);
}

function printList(kube: Kube): number {
	const { call, flags } = kube.run;
	const found = sub(reviewed(kube, 'authorization', 'SelfSubjectRulesReview', { namespace: kube.namespace }), 'status');
	const rules = [...subs(found, 'resourceRules'), ...subs(found, 'nonResourceRules')];
	const evaluation = text(found, 'evaluationError');
	if (found.incomplete === true || evaluation !== '') call.err(`warning: the list may be incomplete: ${evaluation}\n`);
	const cells = compactRules(rules).map(ruleCells);
	const header = ['Resources', 'Non-Resource URLs', 'Resource Names', 'Verbs'];
	call.out(new RowPrinter().print(flags.on('no-headers') ? cells : [header, ...cells]));
	return 0;
}

/** The attributes of `pods`, `deployments.apps/web`, `/healthz`. */
function attributesOf(kube: Kube, verb: string, what: string): object {
	if (what.startsWith('/')) return { nonResourceAttributes: { path: what, verb } };
	const [word = '', name] = what.split('/');
	const resource = word === '*' ? undefined : kube.api.find(word);
	const subresource = kube.run.flags.text('subresource');
	const everywhere = kube.run.flags.on('all-namespaces');
	return {
		resourceAttributes: {
			verb,
			group: resource?.group ?? (word === '*' ? '*' : ''),
			resource: resource?.plural ?? word,
			...(subresource ? { subresource } : {}),
			...(everywhere || resource?.namespaced === false ? {} : { namespace: kube.namespace }),
			...(name ? { name } : {}),
		},
	};
}

const NOT_ENABLED =
	'the selfsubjectreviews API is not enabled in the cluster\nenable APISelfSubjectReview feature gate and authentication.k8s.io/v1alpha1 or authentication.k8s.io/v1beta1 API';

/** Source: pkg/cmd/auth/whoami.go @ v0.28.0. */
async function whoAmI(kube: Kube): Promise<number> {
	if (kubectlMinor(kube.run.call.lab) < 27)
		throw new KubectlError(`error: unknown command "whoami"\nSee 'kubectl auth -h' for help and examples`);
	if (!kube.api.find('selfsubjectreviews')) return fail(NOT_ENABLED);
	const review = reviewed(kube, 'authentication', 'SelfSubjectReview', {});
	const printer = await objectPrinter(kube.run, PRINT_FORMATS);
	if (printer) {
		kube.run.call.out(printer(review));
		return 0;
	}
	const info = sub(review, 'status', 'userInfo');
	const extra = sub(info, 'extra');
	const list = (words: readonly string[]): string => `[${words.join(' ')}]`;
	const groups = texts(info, 'groups');
	const rows = [
		['ATTRIBUTE', 'VALUE'],
		['Username', text(info, 'username')],
		...(text(info, 'uid') ? [['UID', text(info, 'uid')]] : []),
		...(groups.length > 0 ? [['Groups', list(groups)]] : []),
		...Object.keys(extra)
			.sort()
			.map((key) => [`Extra: ${key}`, list(texts(extra, key))]),
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
	// From 1.25 on the printer of warnings ends the line once more (kubectl pkg/cmd/auth/cani.go @ v0.25.0).
	const warn = (text: string): void => call.err(`Warning: ${text}\n${kubectlMinor(call.lab) >= 25 ? '\n' : ''}`);
	const unknown = (): void => warn(`verb '${verb}' is not a known verb`);
	if (what.startsWith('/')) {
		if (flags.text('subresource')) return fail('--subresource can not be used with NonResourceURL');
		if (!URL_VERBS.includes(verb)) unknown();
	} else {
		const name = what.split('/')[0]!;
		const resource: Resource | undefined = name === '*' ? undefined : kube.api.find(name);
		if (!resource && !['*', 'users', 'groups'].includes(name)) {
			const [plural, ...group] = name.toLowerCase().split('.');
			warn(
				`the server doesn't have a resource type '${plural}'${group.length > 0 ? ` in group '${group.join('.')}'` : ''}`,
			);
		}
		if (!everywhere) {
			if (resource && !resource.namespaced)
				warn(
					`resource '${resource.plural}' is not namespace scoped${resource.group === '' ? '' : ` in group '${resource.group}'`}`,
				);
			if (!VERBS.includes(verb)) unknown();
		}
	}
	if (flags.on('no-headers')) return fail('--no-headers cannot be set without --list specified');
	const status = sub(
		reviewed(kube, 'authorization', 'SelfSubjectAccessReview', attributesOf(kube, verb, what)),
		'status',
	);
	const may = status.allowed === true;
	const reason = may ? '' : text(status, 'reason');
	if (!flags.on('quiet')) call.out(may ? 'yes\n' : `no${reason ? ` - ${reason}` : ''}\n`);
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
			flags: PRINT_FLAGS,
			run: command(whoAmI),
		},
		reconcileCommand,
	],
};
