/**
 * MutatingWebhookConfiguration and ValidatingWebhookConfiguration as they are written: defaults and validation.
 *
 * Source: kubernetes pkg/apis/admissionregistration/{v1/defaults.go,validation/validation.go},
 * staging/src/k8s.io/apiserver/pkg/util/webhook/validation.go, apimachinery pkg/util/validation/validation.go
 * (IsFullyQualifiedName) @ v1.24.0.
 */
import { expressions } from '../cel-later.ts';
import { type Draft, fill, isRecord, sub, subs, text, texts, within } from '../json.ts';
import { nameErrors } from '../meta.ts';
import { labelValueErrors, qualifiedNameErrors } from '../selector.ts';
import { duplicate, type FieldError, invalidValue, notSupported, required } from '../status.ts';
import type { Context } from '../strategy.ts';
import { tellConditions, tellPolicy } from './unevaluated.ts';

const REVIEWS = ['v1', 'v1beta1'];
const EFFECTS = ['None', 'NoneOnDryRun'];
const OPERATIONS = ['*', 'CONNECT', 'CREATE', 'DELETE', 'UPDATE'];
const SCOPES = ['*', 'Cluster', 'Namespaced'];

export const defaultHooks = (object: Draft, { minor, warn }: Pick<Context, 'minor' | 'warn'>): void => {
	tellConditions(object, minor, warn);
	for (const hook of subs(object, 'webhooks')) {
		fill(hook, 'failurePolicy', 'Fail');
		fill(hook, 'matchPolicy', 'Equivalent');
		fill(hook, 'namespaceSelector', {});
		fill(hook, 'objectSelector', {});
		fill(hook, 'timeoutSeconds', 10);
		if (object.kind === 'MutatingWebhookConfiguration') fill(hook, 'reinvocationPolicy', 'Never');
		for (const rule of subs(hook, 'rules')) fill(rule, 'scope', '*');
		if (isRecord(hook.clientConfig) && isRecord(hook.clientConfig.service))
			fill(within(hook.clientConfig, 'service'), 'port', 443);
	}
};

const nameFaults = (field: string, name: string): FieldError[] => {
	if (name === '') return [required(field)];
	const wrong = nameErrors(name);
	if (wrong.length > 0) return wrong.map((why) => invalidValue(field, name, why));
	return name.split('.').length < 3
		? [invalidValue(field, name, 'should be a domain with at least three segments separated by dots')]
		: [];
};

const oneAlone = (field: string, values: readonly string[], what: string): FieldError[] =>
	values.length > 1 && values.includes('*')
		? [invalidValue(field, [...values], `if '*' is present, must not specify other ${what}`)]
		: [];

const resourceFaults = (field: string, list: readonly string[]): FieldError[] => {
	if (list.length === 0) return [required(field)];
	const out: FieldError[] = [];
	const whole = new Set<string>();
	const every = new Set<string>();
	let plain = false;
	for (const [i, entry] of list.entries()) {
		const at = `${field}[${i}]`;
		if (entry === '') {
			out.push(required(at));
			continue;
		}
		const [resource, ...rest] = entry.split('/');
		if (rest.length === 0) {
			plain = entry !== '*';
			continue;
		}
		const below = rest.join('/');
		if (whole.has(resource!))
			out.push(invalidValue(at, entry, `if '${resource}/*' is present, must not specify ${entry}`));
		if (every.has(below)) out.push(invalidValue(at, entry, `if '*/${below}' is present, must not specify ${entry}`));
		if (below === '*') whole.add(resource!);
		if (resource === '*') every.add(below);
	}
	if (list.length > 1 && list.includes('*/*'))
		out.push(invalidValue(field, [...list], "if '*/*' is present, must not specify other resources"));
	if (list.includes('*') && plain)
		out.push(
			invalidValue(field, [...list], "if '*' is present, must not specify other resources without subresources"),
		);
	return out;
};

/** Faults of one rule; policies of validation name resources the same way. */
export const ruleFaults = (field: string, rule: Draft): FieldError[] => {
	const operations = texts(rule, 'operations');
	const groups = texts(rule, 'apiGroups');
	const versions = texts(rule, 'apiVersions');
	return [
		...(operations.length === 0 ? [required(`${field}.operations`)] : []),
		...oneAlone(`${field}.operations`, operations, 'operations'),
		...operations.flatMap((one, i) =>
			OPERATIONS.includes(one) ? [] : [notSupported(`${field}.operations[${i}]`, one, OPERATIONS)],
		),
		...(groups.length === 0 ? [required(`${field}.apiGroups`)] : []),
		...oneAlone(`${field}.apiGroups`, groups, 'API groups'),
		...(versions.length === 0 ? [required(`${field}.apiVersions`)] : []),
		...oneAlone(`${field}.apiVersions`, versions, 'API versions'),
		...versions.flatMap((one, i) => (one === '' ? [required(`${field}.apiVersions[${i}]`)] : [])),
		...resourceFaults(`${field}.resources`, texts(rule, 'resources')),
		...(rule.scope === undefined || SCOPES.includes(String(rule.scope))
			? []
			: [notSupported(`${field}.scope`, rule.scope, SCOPES)]),
	];
};

const VALUES = new Set(['In', 'NotIn']);
const BARE = new Set(['Exists', 'DoesNotExist']);

/** apimachinery pkg/apis/meta/v1/validation ValidateLabelSelector. */
export const selectorFaults = (field: string, selector: unknown): FieldError[] => {
	const labels = sub(selector, 'matchLabels');
	const out: FieldError[] = [];
	for (const [key, value] of Object.entries(labels)) {
		for (const why of qualifiedNameErrors(key)) out.push(invalidValue(`${field}.matchLabels`, key, why));
		for (const why of labelValueErrors(String(value))) out.push(invalidValue(`${field}.matchLabels`, value, why));
	}
	for (const [i, one] of subs(selector, 'matchExpressions').entries()) {
		const at = `${field}.matchExpressions[${i}]`;
		const operator = text(one, 'operator') ?? '';
		const given = texts(one, 'values').length;
		if (VALUES.has(operator) && given === 0)
			out.push(required(`${at}.values`, "must be specified when `operator` is 'In' or 'NotIn'"));
		else if (BARE.has(operator) && given > 0)
			out.push({
				field: `${at}.values`,
				message: "Forbidden: may not be specified when `operator` is 'Exists' or 'DoesNotExist'",
			});
		else if (!VALUES.has(operator) && !BARE.has(operator))
			out.push(invalidValue(`${at}.operator`, operator, 'not a valid selector operator'));
		for (const why of qualifiedNameErrors(text(one, 'key') ?? ''))
			out.push(invalidValue(`${at}.key`, one.key ?? '', why));
	}
	return out;
};

const FORM = '; desired format: https://host[/path]';

/** A URL as Go's net/url takes it apart, as far as a webhook's may be written. */
export const urlParts = (
	url: string,
): { readonly scheme: string; readonly host: string; readonly path: string } | undefined => {
	const [, scheme = '', authority = '', path = ''] = /^(?:([a-z][a-z0-9+.-]*):)?(?:\/\/([^/?#]*))?([^?#]*)/i.exec(url)!;
	return { scheme: scheme.toLowerCase(), host: authority.replace(/^.*@/, ''), path };
};

const urlFaults = (field: string, url: string): FieldError[] => {
	const parts = urlParts(url)!;
	const user = /^[a-z]+:\/\/([^/?#]*)@/i.exec(url)?.[1];
	const fragment = /#(.*)$/.exec(url)?.[1];
	const query = /\?([^#]*)/.exec(url)?.[1];
	return [
		...(parts.scheme === 'https'
			? []
			: [invalidValue(field, parts.scheme, `'https' is the only allowed URL scheme${FORM}`)]),
		...(parts.host === '' ? [invalidValue(field, parts.host, `host must be provided${FORM}`)] : []),
		...(user === undefined ? [] : [invalidValue(field, user, 'user information is not permitted in the URL')]),
		...(fragment ? [invalidValue(field, fragment, 'fragments are not permitted in the URL')] : []),
		...(query ? [invalidValue(field, query, 'query parameters are not permitted in the URL')] : []),
	];
};

const serviceFaults = (field: string, service: Draft): FieldError[] => {
	const port = Number(service.port);
	const path = text(service, 'path');
	const out: FieldError[] = [];
	// The two are handed over the other way round there, and so are their complaints.
	if (!text(service, 'namespace')) out.push(required(`${field}.name`, 'service name is required'));
	if (!text(service, 'name')) out.push(required(`${field}.namespace`, 'service namespace is required'));
	if (!(port >= 1 && port <= 65_535))
		out.push(invalidValue(`${field}.port`, service.port, 'port is not valid: must be between 1 and 65535, inclusive'));
	if (path === undefined || path === '' || path === '/') return out;
	if (path === '//') return [...out, invalidValue(`${field}.path`, path, 'segment[0] may not be empty')];
	if (!path.startsWith('/')) out.push(invalidValue(`${field}.path`, path, "must start with a '/'"));
	for (const [i, step] of path.slice(1).replace(/\/$/, '').split('/').entries()) {
		if (step === '') out.push(invalidValue(`${field}.path`, path, `segment[${i}] may not be empty`));
		else for (const why of nameErrors(step)) out.push(invalidValue(`${field}.path`, path, `segment[${i}]: ${why}`));
	}
	return out;
};

const clientFaults = (field: string, client: Draft): FieldError[] => {
	const url = text(client, 'url');
	const service = isRecord(client.service) ? client.service : undefined;
	return [
		...((url === undefined) === (service === undefined)
			? [required(field, 'exactly one of url or service is required')]
			: url !== undefined
				? urlFaults(`${field}.url`, url)
				: serviceFaults(`${field}.service`, service!)),
	];
};

/** What base64 stands for; nothing where it is none. */
export const plain = (data: string): string => {
	try {
		return atob(data);
	} catch {
		return '';
	}
};

const reviewFaults = (field: string, versions: readonly string[]): FieldError[] => {
	if (versions.length === 0) return [required(field, `must specify one of ${REVIEWS.join(', ')}`)];
	const seen = new Set<string>();
	const out: FieldError[] = [];
	for (const [i, version] of versions.entries()) {
		if (seen.has(version)) out.push(invalidValue(`${field}[${i}]`, version, 'duplicate version'));
		else for (const why of nameErrors(version, 'label1035')) out.push(invalidValue(`${field}[${i}]`, version, why));
		seen.add(version);
	}
	return versions.some((version) => REVIEWS.includes(version))
		? out
		: [...out, invalidValue(field, [...versions], `must include at least one of ${REVIEWS.join(', ')}`)];
};

const oneOf = (field: string, value: unknown, known: readonly string[]): FieldError[] =>
	value === undefined || known.includes(String(value)) ? [] : [notSupported(field, value, known)];

/** A policy's and a binding's defaults (v1/defaults.go). */
export const defaultPolicy = (object: Draft, { warn }: Pick<Context, 'warn'>): void => {
	tellPolicy(warn);
	const spec = within(object, 'spec');
	const binding = object.kind === 'ValidatingAdmissionPolicyBinding';
	if (!binding) fill(spec, 'failurePolicy', 'Fail');
	const match = binding ? spec.matchResources : spec.matchConstraints;
	if (!isRecord(match)) return;
	fill(match, 'matchPolicy', 'Equivalent');
	fill(match, 'namespaceSelector', {});
	fill(match, 'objectSelector', {});
	for (const key of ['resourceRules', 'excludeResourceRules'])
		for (const rule of subs(match, key)) fill(rule, 'scope', '*');
};

const ACTIONS = ['Audit', 'Deny', 'Warn'];

/** Faults of a binding (validateValidatingAdmissionPolicyBindingSpec()). */
export const bindingErrors = (object: Draft): FieldError[] => {
	const spec = sub(object, 'spec');
	const actions = texts(spec, 'validationActions');
	const reference = spec.paramRef;
	const out: FieldError[] = [];
	if (!text(spec, 'policyName')) out.push(required('spec.policyName'));
	if (isRecord(reference)) {
		const [name, selector] = [text(reference, 'name'), reference.selector];
		if (name !== undefined && selector !== undefined)
			out.push({ field: 'spec.paramRef.name', message: 'Forbidden: name and selector are mutually exclusive' });
		if (name === undefined && selector === undefined)
			out.push(required('spec.paramRef', 'one of name or selector must be specified'));
		if (reference.parameterNotFoundAction === undefined) out.push(required('spec.paramRef.parameterNotFoundAction'));
		else
			out.push(...oneOf('spec.paramRef.parameterNotFoundAction', reference.parameterNotFoundAction, ['Allow', 'Deny']));
	}
	if (actions.length === 0) out.push(required('spec.validationActions', 'at least one validation action is required'));
	for (const [i, action] of actions.entries()) {
		const at = `spec.validationActions[${i}]`;
		out.push(...oneOf(at, action, ACTIONS));
		if (actions.indexOf(action) < i) out.push(duplicate(at, action));
	}
	if (actions.includes('Deny') && actions.includes('Warn'))
		out.push(
			invalidValue(
				'spec.validationActions',
				actions,
				'must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)',
			),
		);
	return out;
};

/** Faults of a policy: its rules, and its expressions where somebody evaluates them. */
export const policyErrors = (object: Draft): FieldError[] => [
	...subs(object, 'spec', 'matchConstraints', 'resourceRules').flatMap((rule, i) =>
		ruleFaults(`spec.matchConstraints.resourceRules[${i}]`, rule),
	),
	...(expressions()?.policyFaults(object) ?? []),
];

export const hookErrors = (object: Draft): FieldError[] => {
	const names = new Set<string>();
	return subs(object, 'webhooks').flatMap((hook, i) => {
		const at = `webhooks[${i}]`;
		const name = text(hook, 'name') ?? '';
		const again = name !== '' && names.has(name);
		names.add(name);
		const seconds = Number(hook.timeoutSeconds ?? 10);
		return [
			...nameFaults(`${at}.name`, name),
			...subs(hook, 'rules').flatMap((rule, n) => ruleFaults(`${at}.rules[${n}]`, rule)),
			...oneOf(`${at}.failurePolicy`, hook.failurePolicy, ['Fail', 'Ignore']),
			...oneOf(`${at}.matchPolicy`, hook.matchPolicy, ['Equivalent', 'Exact']),
			...(hook.sideEffects === undefined
				? [required(`${at}.sideEffects`, `must specify one of ${EFFECTS.join(', ')}`)]
				: oneOf(`${at}.sideEffects`, hook.sideEffects, EFFECTS)),
			...(seconds >= 1 && seconds <= 30
				? []
				: [
						invalidValue(
							`${at}.timeoutSeconds`,
							hook.timeoutSeconds,
							'the timeout value must be between 1 and 30 seconds',
						),
					]),
			...selectorFaults(`${at}.namespaceSelector`, hook.namespaceSelector),
			...selectorFaults(`${at}.objectSelector`, hook.objectSelector),
			...oneOf(`${at}.reinvocationPolicy`, hook.reinvocationPolicy, ['IfNeeded', 'Never']),
			...clientFaults(`${at}.clientConfig`, sub(hook, 'clientConfig')),
			...reviewFaults(`${at}.admissionReviewVersions`, texts(hook, 'admissionReviewVersions')),
			...(expressions()?.conditionFaults(at, hook) ?? []),
			...(again ? [duplicate(`${at}.name`, name)] : []),
		];
	});
};
