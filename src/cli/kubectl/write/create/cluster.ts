/**
 * `kubectl create namespace`, `quota`, `priorityclass`, `poddisruptionbudget` and `token`.
 *
 * Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/create/create_{namespace,quota,priorityclass,pdb,token}.go
 * @ v0.24.0.
 */
import {
	formatTime,
	labelSelector,
	parseSelector,
	serviceAccountToken,
	TOKEN_ISSUER,
} from '../../../../sim/api/index.ts';
import type { Command } from '../../../cobra/index.ts';
import { command, fail, type Kube } from '../../kube.ts';
import { canonical, objectPrinter, PRINT_FORMATS, quantityOf } from '../../print/index.ts';
import { PRINT_FLAGS } from '../output.ts';
import { kindCommand, type Made, metaOf, nameOf } from './made.ts';

export const namespace: Command = kindCommand({
	name: 'namespace',
	aliases: ['ns'],
	use: 'NAME [--dry-run=server|client|none]',
	short: 'Create a namespace with the specified name',
	make: (kube, name) => ({
		kind: 'Namespace',
		apiVersion: 'v1',
		metadata: metaOf(kube, name, {}, false),
		spec: {},
		status: {},
	}),
});

function hardOf(text: string): Made {
	const hard: Made = {};
	for (const statement of text.split(',')) {
		const parts = statement.split('=');
		if (parts.length !== 2) fail(`Invalid argument syntax ${statement}, expected <resource>=<value>`);
		const [name, value] = parts as [string, string];
		if (quantityOf(value) === undefined)
			fail("quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'");
		hard[name] = canonical(value);
	}
	return hard;
}

export const quota: Command = kindCommand({
	name: 'quota',
	aliases: ['resourcequota'],
	use: 'NAME [--hard=key1=value1,key2=value2] [--scopes=Scope1,Scope2] [--dry-run=server|client|none]',
	short: 'Create a quota with the specified name',
	flags: [
		{
			name: 'hard',
			type: 'string',
			usage: 'A comma-delimited set of resource=quantity pairs that define a hard limit.',
		},
		{
			name: 'scopes',
			type: 'string',
			usage: 'A comma-delimited set of quota scopes that must all match each object tracked by the quota.',
		},
	],
	failed: 'failed to create quota: ',
	make(kube, name) {
		const hard = kube.run.flags.text('hard');
		const scopes = kube.run.flags.text('scopes');
		if (scopes.split(',').includes('') && scopes !== '') fail('invalid resource quota scope ""');
		return {
			kind: 'ResourceQuota',
			apiVersion: 'v1',
			metadata: metaOf(kube, name),
			spec: { ...(hard ? { hard: hardOf(hard) } : {}), ...(scopes ? { scopes: scopes.split(',') } : {}) },
			status: {},
		};
	},
});

export const priorityClass: Command = kindCommand({
	name: 'priorityclass',
	aliases: ['pc'],
	use: 'NAME --value=VALUE --global-default=BOOL [--dry-run=server|client|none]',
	short: 'Create a priority class with the specified name',
	flags: [
		{ name: 'value', type: 'int', default: '0', usage: 'the value of this priority class.' },
		{
			name: 'global-default',
			type: 'bool',
			usage: 'global-default specifies whether this PriorityClass should be considered as the default priority.',
		},
		{
			name: 'description',
			type: 'string',
			usage:
				'description is an arbitrary string that usually provides guidelines on when this priority class should be used.',
		},
		{
			name: 'preemption-policy',
			type: 'string',
			default: 'PreemptLowerPriority',
			usage: 'preemption-policy is the policy for preempting pods with lower priority.',
		},
	],
	failed: 'failed to create priorityclass: ',
	make(kube, name) {
		const { flags } = kube.run;
		const description = flags.text('description');
		return {
			kind: 'PriorityClass',
			apiVersion: 'scheduling.k8s.io/v1',
			metadata: metaOf(kube, name, {}, false),
			value: flags.number('value'),
			...(flags.on('global-default') ? { globalDefault: true } : {}),
			...(description ? { description } : {}),
			preemptionPolicy: flags.text('preemption-policy'),
		};
	},
});

const intOrPercent = (text: string): number | string => (text.endsWith('%') ? text : Number(text));

export const podDisruptionBudget: Command = kindCommand({
	name: 'poddisruptionbudget',
	aliases: ['pdb'],
	use: 'NAME --selector=SELECTOR --min-available=N [--dry-run=server|client|none]',
	short: 'Create a pod disruption budget with the specified name',
	flags: [
		{
			name: 'min-available',
			type: 'string',
			usage: 'The minimum number or percentage of available pods this budget requires.',
		},
		{
			name: 'max-unavailable',
			type: 'string',
			usage: 'The maximum number or percentage of unavailable pods this budget requires.',
		},
		{
			name: 'selector',
			type: 'string',
			usage: 'A label selector to use for this budget. Only equality-based selector requirements are supported.',
		},
	],
	failed: 'failed to create poddisruptionbudgets: ',
	make(kube, name) {
		const { flags } = kube.run;
		const [min, max, selector] = ['min-available', 'max-unavailable', 'selector'].map((flag) => flags.text(flag)) as [
			string,
			string,
			string,
		];
		if (!selector) fail('a selector must be specified');
		if (!min && !max) fail('one of min-available or max-unavailable must be specified');
		if (min && max) fail('min-available and max-unavailable cannot be both specified');
		if (min && !/^[0-9]+%?$/.test(min)) fail('invalid format specified for min-available');
		if (max && !/^[0-9]+%?$/.test(max)) fail('invalid format specified for max-unavailable');
		return {
			kind: 'PodDisruptionBudget',
			apiVersion: 'policy/v1',
			metadata: metaOf(kube, name),
			spec: {
				...(min ? { minAvailable: intOrPercent(min) } : {}),
				selector: selectorObject(selector),
				...(max ? { maxUnavailable: intOrPercent(max) } : {}),
			},
			status: { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 },
		};
	},
});

/** metav1.ParseToLabelSelector: equalities become labels, the rest expressions. */
export function selectorObject(text: string): Made {
	const parsed = parseSelector(text);
	if (parsed.error !== undefined)
		return fail(`couldn't parse the selector string ${JSON.stringify(text)}: ${parsed.error}`);
	const matchLabels: Record<string, string> = {};
	const matchExpressions: Made[] = [];
	for (const part of text.split(/,(?![^(]*\))/)) {
		const equality = /^\s*([^!=\s]+)\s*={1,2}\s*([^=\s]*)\s*$/.exec(part);
		const unequal = /^\s*([^!=\s]+)\s*!=\s*([^=\s]*)\s*$/.exec(part);
		const within = /^\s*(\S+)\s+(in|notin)\s*\(([^)]*)\)\s*$/.exec(part);
		if (equality) matchLabels[equality[1]!] = equality[2]!;
		else if (unequal) matchExpressions.push({ key: unequal[1], operator: 'NotIn', values: [unequal[2]] });
		else if (within)
			matchExpressions.push({
				key: within[1],
				operator: within[2] === 'in' ? 'In' : 'NotIn',
				values: within[3]!.split(',').map((value) => value.trim()),
			});
		else if (part.trim().startsWith('!'))
			matchExpressions.push({ key: part.trim().slice(1), operator: 'DoesNotExist' });
		else if (part.trim()) matchExpressions.push({ key: part.trim(), operator: 'Exists' });
	}
	const selector = {
		...(Object.keys(matchLabels).length > 0 ? { matchLabels } : {}),
		...(matchExpressions.length > 0 ? { matchExpressions } : {}),
	};
	// What the server would make of it is what is asked for.
	return labelSelector(selector) ? selector : {};
}

/** The object a token is to end with (create_token.go Validate; pkg/registry/core/serviceaccount/storage/token.go @ v1.24.0). */
function boundObject(
	kube: Kube,
): { readonly kind: string; readonly apiVersion: 'v1'; readonly name: string; readonly uid: string } | undefined {
	const { flags } = kube.run;
	const [kind, name, uid] = ['kind', 'name', 'uid'].map((part) => flags.text(`bound-object-${part}`)) as [
		string,
		string,
		string,
	];
	if (kind === '') {
		if (name !== '') return fail('--bound-object-name can only be set if --bound-object-kind is provided');
		return uid === '' ? undefined : fail('--bound-object-uid can only be set if --bound-object-kind is provided');
	}
	if (kind !== 'Pod' && kind !== 'Secret') return fail(`supported --bound-object-kind values are Pod, Secret`);
	if (name === '') return fail('--bound-object-name is required if --bound-object-kind is provided');
	const plural = `${kind.toLowerCase()}s`;
	const object = kube.api.get(kube.api.find(plural)!, kube.namespace, name);
	if (!object) return fail(`failed to create token: ${plural} ${JSON.stringify(name)} not found`);
	if (uid !== '' && uid !== object.metadata.uid)
		return fail(
			`failed to create token: Operation cannot be fulfilled on ${plural} ${JSON.stringify(name)}: the UID in the bound object reference (${uid}) does not match the UID in record. The object might have been deleted and then recreated`,
		);
	return { kind, apiVersion: 'v1', name, uid: object.metadata.uid };
}

async function token(kube: Kube): Promise<number> {
	const { api, run } = kube;
	const { flags, call } = run;
	const name = nameOf(kube);
	const duration = flags.duration('duration');
	if (duration < 0) return fail('--duration must be positive');
	if (duration % 1e6 !== 0) return fail('--duration cannot be expressed in units less than seconds');
	const audiences = flags.list('audience');
	if (audiences.includes('')) return fail('--audience must not be an empty string');
	const bound = boundObject(kube);
	const resource = api.find('serviceaccounts')!;
	const account = api.get(resource, kube.namespace, name);
	if (!account) return fail(`failed to create token: serviceaccounts ${JSON.stringify(name)} not found`);
	const seconds = duration / 1e6;
	if (seconds !== 0 && seconds < 600)
		return fail(
			`failed to create token: TokenRequest.authentication.k8s.io "" is invalid: spec.expirationSeconds: Invalid value: ${seconds}: may not specify a duration less than 10 minutes`,
		);
	const now = Math.floor(api.now());
	const on = bound?.kind === 'Pod' && api.get(api.find('pods')!, kube.namespace, bound.name)?.spec?.nodeName;
	const node = on ? api.get(api.find('nodes')!, undefined, String(on))?.metadata : undefined;
	const text = serviceAccountToken(api, {
		namespace: kube.namespace,
		account: { name, uid: account.metadata.uid },
		audiences,
		at: now,
		seconds: seconds || 3600,
		...(bound ? { [bound.kind === 'Pod' ? 'pod' : 'secret']: { name: bound.name, uid: bound.uid }, node } : {}),
	});
	const printer = await objectPrinter(run, PRINT_FORMATS);
	if (printer)
		call.out(
			printer({
				apiVersion: 'authentication.k8s.io/v1',
				kind: 'TokenRequest',
				metadata: { creationTimestamp: api.timestamp(), name, namespace: kube.namespace },
				spec: {
					audiences: audiences.length > 0 ? audiences : [TOKEN_ISSUER],
					boundObjectRef: bound ?? null,
					expirationSeconds: seconds || 3600,
				},
				status: { expirationTimestamp: formatTime(now + (seconds || 3600)), token: text },
			}),
		);
	else call.out(call.tty ? `${text}\n` : text);
	return 0;
}

export const tokenCommand: Command = {
	name: 'token',
	use: 'SERVICE_ACCOUNT_NAME',
	short: 'Request a service account token',
	flags: [
		...PRINT_FLAGS,
		{ name: 'audience', type: 'array', usage: 'Audience of the requested token.' },
		{
			name: 'bound-object-kind',
			type: 'string',
			usage:
				'Kind of an object to bind the token to. Supported kinds are Pod, Secret. If set, --bound-object-name must be provided.',
		},
		{ name: 'bound-object-name', type: 'string', usage: 'Name of an object to bind the token to.' },
		{
			name: 'bound-object-uid',
			type: 'string',
			usage: 'UID of an object to bind the token to. Requires --bound-object-kind and --bound-object-name.',
		},
		{ name: 'duration', type: 'duration', default: '0s', usage: 'Requested lifetime of the issued token.' },
	],
	run: command(token),
};
