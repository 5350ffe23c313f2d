/**
 * ValidatingAdmissionPolicies: their faults when they are written, and what they say of a request.
 *
 * Source: kubernetes staging/src/k8s.io/apiserver/pkg/admission/plugin/policy/{validating/{dispatcher,validator}.go,
 * generic/policy_dispatcher.go,matching/matching.go}, pkg/apis/admissionregistration/validation/validation.go
 * @ v1.33.0. Not modelled: type checking by the controller, annotations of an audit log, which nobody keeps here.
 */
import { type Draft, isRecord, sub, subs, text, texts } from '../json.ts';
import type { ApiStatus, Resource } from '../object.ts';
import { labelSelector, selects } from '../selector.ts';
import { type FieldError, invalidValue, notSupported, qualified, required } from '../status.ts';
import { type Asked, isExempt, isListed, isMeant } from '../webhooks/match.ts';
import { type Around, evaluator, expressionFault, matchConditions } from './admission.ts';

const REASONS: Readonly<Record<string, number>> = {
	Forbidden: 403,
	Invalid: 422,
	RequestEntityTooLarge: 413,
	Unauthorized: 401,
};

const fault = (
	field: string,
	source: string | undefined,
	wanted: readonly string[],
	about: Parameters<typeof expressionFault>[2],
	missing: string,
): FieldError[] => {
	if ((source ?? '').trim() === '') return [required(field, missing)];
	const why = expressionFault(source!, wanted, about);
	return why === undefined ? [] : [invalidValue(field, source, why)];
};

/** Faults of conditions, of webhooks as of policies. */
export const conditionFaults = (field: string, object: Draft, params = false): FieldError[] => {
	const seen = new Set<string>();
	return subs(object, 'matchConditions').flatMap((one, i) => {
		const at = `${field}.matchConditions[${i}]`;
		const name = text(one, 'name') ?? '';
		const again = seen.has(name);
		seen.add(name);
		return [
			...fault(`${at}.expression`, text(one, 'expression'), ['bool'], { params }, ''),
			...(name === '' ? [required(`${at}.name`)] : []),
			...(again && name !== '' ? [{ field: `${at}.name`, message: `Duplicate value: ${JSON.stringify(name)}` }] : []),
		];
	});
};

/** Faults of a policy's expressions. */
export const policyFaults = (object: Draft): FieldError[] => {
	const spec = sub(object, 'spec');
	const params = isRecord(spec.paramKind);
	const variables = subs(spec, 'variables');
	const validations = subs(spec, 'validations');
	const annotations = subs(spec, 'auditAnnotations');
	const out: FieldError[] = [];
	if (validations.length + annotations.length === 0) {
		out.push(required('spec.validations', 'validations or auditAnnotations must be provided'));
		out.push(required('spec.auditAnnotations', 'validations or auditAnnotations must be provided'));
	}
	if (subs(spec, 'matchConstraints', 'resourceRules').length === 0)
		out.push(required('spec.matchConstraints.resourceRules'));
	out.push(...conditionFaults('spec', spec, params));
	for (const [i, one] of variables.entries()) {
		const at = `spec.variables[${i}]`;
		if (!/^[A-Za-z_]\w*$/.test(text(one, 'name') ?? ''))
			out.push(invalidValue(`${at}.name`, one.name ?? '', 'name is not a valid CEL identifier'));
		out.push(
			...fault(
				`${at}.expression`,
				text(one, 'expression'),
				[],
				{ params, variables: variables.slice(0, i) },
				'expression is not specified',
			),
		);
	}
	for (const [i, one] of validations.entries()) {
		const at = `spec.validations[${i}]`;
		out.push(
			...fault(
				`${at}.expression`,
				text(one, 'expression'),
				['bool'],
				{ params, variables },
				'expression is not specified',
			),
		);
		const words = text(one, 'messageExpression');
		if (words !== undefined && words.trim() !== '')
			out.push(...fault(`${at}.messageExpression`, words, ['string'], { params, variables, authorizer: false }, ''));
		const message = text(one, 'message');
		if (message !== undefined && message.trim() === '')
			out.push(invalidValue(`${at}.message`, message, 'message must be non-empty if specified'));
		else if (message?.trim().includes('\n'))
			out.push(invalidValue(`${at}.message`, message, 'message must not contain line breaks'));
		if (one.reason !== undefined && !(String(one.reason) in REASONS))
			out.push(notSupported(`${at}.reason`, one.reason, Object.keys(REASONS)));
	}
	for (const [i, one] of annotations.entries())
		out.push(
			...fault(
				`spec.auditAnnotations[${i}].valueExpression`,
				text(one, 'valueExpression'),
				['string', 'null_type'],
				{ params, variables },
				'valueExpression is not specified',
			),
		);
	return out;
};

/** By rules with names, selectors and exclusions. A binding without rules means all. */
const isFor = (match: Draft, asked: Asked, around: Around, binding: boolean): boolean => {
	const rules = subs(match, 'resourceRules');
	const equivalent = match.matchPolicy !== 'Exact';
	if (isListed(match.excludeResourceRules, asked, equivalent)) return false;
	if (binding && rules.length === 0) {
		const all = { operations: ['*'], apiGroups: ['*'], apiVersions: ['*'], resources: ['*', '*/*'] };
		return isMeant(match, [all as unknown as Draft], asked, around.context);
	}
	return isListed(rules, asked, equivalent) && isMeant(match, rules, asked, around.context);
};

type Params = { readonly found: readonly unknown[]; readonly error?: undefined } | { readonly error: string };

/** CollectParams(): what a binding hands to its policy; null where it names nothing. */
const paramsOf = (policy: Draft, binding: Draft, asked: Asked, { context }: Around): Params => {
	const kind = sub(policy, 'spec').paramKind;
	const reference = sub(binding, 'spec').paramRef;
	if (!isRecord(kind)) return { found: [undefined] };
	if (!isRecord(reference)) return { found: [null] };
	const resource = resourceOf(kind, context);
	if (resource === undefined) return { found: [] };
	const { namespaced } = resource;
	const plural = qualified(resource);
	if (namespaced && text(reference, 'namespace') === undefined && asked.namespace === undefined)
		return { error: 'cannot use namespaced paramRef in policy binding that matches cluster-scoped resources' };
	if (!namespaced && text(reference, 'namespace') !== undefined)
		return { error: 'paramRef.namespace must not be provided for a cluster-scoped `paramKind`' };
	const space = namespaced ? (text(reference, 'namespace') ?? asked.namespace) : undefined;
	const name = text(reference, 'name');
	const one = name === undefined ? undefined : context.get(plural, space, name);
	const found =
		name === undefined
			? context
					.list(plural, space)
					.filter(({ metadata }) => selects(labelSelector(reference.selector), metadata.labels))
			: one
				? [one]
				: [];
	return found.length === 0 && reference.parameterNotFoundAction === 'Deny'
		? { error: 'no params found for policy binding with `Deny` parameterNotFoundAction' }
		: { found };
};

/** The resource of a kind that a policy names. */
const resourceOf = (kind: Draft, { ofKind }: Around['context']): Resource | undefined =>
	ofKind(text(kind, 'apiVersion') ?? '', text(kind, 'kind') ?? '');

interface Said {
	readonly message: string;
	readonly reason: string;
	/** Undefined where the policy itself is at fault. */
	readonly binding?: string;
}

const messageOf = (validation: Draft, evaluate: ReturnType<typeof evaluator>): string => {
	const source = text(validation, 'messageExpression');
	const done = source ? evaluate(source, false) : undefined;
	const made = done && done.error === undefined && typeof done.value === 'string' ? done.value.trim() : '';
	if (made !== '' && !made.includes('\n') && made.length <= 5120) return made;
	const message = text(validation, 'message')?.trim();
	return message ? message : `failed expression: ${(text(validation, 'expression') ?? '').trim()}`;
};

/** What one policy with one set of parameters says against a request. */
const validate = (policy: Draft, params: unknown, asked: Asked, near: Around): readonly Omit<Said, 'binding'>[] => {
	const spec = sub(policy, 'spec');
	const fails = spec.failurePolicy !== 'Ignore';
	const evaluate = evaluator(asked, near, {
		...(params === undefined ? {} : { params }),
		variables: subs(spec, 'variables'),
	});
	const failed = (message: string): readonly Omit<Said, 'binding'>[] => (fails ? [{ message, reason: '' }] : []);
	const matched = matchConditions(subs(spec, 'matchConditions'), evaluate, fails);
	if (matched.error !== undefined) return failed(matched.error);
	if (!matched.matches) return [];
	return subs(spec, 'validations').flatMap((validation) => {
		const done = evaluate(text(validation, 'expression') ?? '');
		if (done.error !== undefined) return failed(done.error);
		if (done.value === true) return [];
		return [{ message: messageOf(validation, evaluate), reason: text(validation, 'reason') ?? 'Invalid' }];
	});
};

/** Asks all policies; why the request ends, if it does. Warnings are told. */
export const admitByPolicies = (asked: Asked, near: Around): ApiStatus | undefined => {
	if (isExempt(asked)) return undefined;
	const { context } = near;
	const denied: (Said & { readonly policy: string })[] = [];
	for (const policy of context.list('validatingadmissionpolicies')) {
		const name = policy.metadata.name;
		const spec = sub(policy, 'spec');
		const bindings = context
			.list('validatingadmissionpolicybindings')
			.filter((binding) => text(binding, 'spec', 'policyName') === name);
		if (bindings.length === 0 || !isFor(sub(spec, 'matchConstraints'), asked, near, false)) continue;
		const deny = (said: Said): void => {
			if (spec.failurePolicy !== 'Ignore' || said.reason !== '') denied.push({ ...said, policy: name });
		};
		const kind = spec.paramKind;
		if (isRecord(kind) && resourceOf(kind, context) === undefined) {
			const [group = '', version = ''] = String(kind.apiVersion ?? '').includes('/')
				? String(kind.apiVersion).split('/')
				: ['', String(kind.apiVersion ?? '')];
			deny({
				message: `failed to configure policy: failed to find resource referenced by paramKind: '${group}/${version}, Kind=${String(kind.kind ?? '')}'`,
				reason: '',
			});
			continue;
		}
		for (const bound of bindings) {
			const binding = bound.metadata.name;
			const match = sub(bound, 'spec').matchResources;
			if (isRecord(match) && !isFor(match, asked, near, true)) continue;
			const params = paramsOf(policy as unknown as Draft, bound as unknown as Draft, asked, near);
			if (params.error !== undefined) {
				deny({ message: `failed to configure binding: ${params.error}`, reason: '', binding });
				continue;
			}
			const actions = texts(bound, 'spec', 'validationActions');
			for (const param of params.found)
				for (const said of validate(policy as unknown as Draft, param, asked, near)) {
					if (actions.includes('Deny')) denied.push({ ...said, binding, policy: name });
					if (actions.includes('Warn'))
						context.warn(
							`Validation failed for ValidatingAdmissionPolicy '${name}' with binding '${binding}': ${said.message}`,
						);
				}
		}
	}
	const first = denied[0];
	if (first === undefined) return undefined;
	const by = first.binding === undefined ? '' : ` with binding '${first.binding}'`;
	const message = `ValidatingAdmissionPolicy '${first.policy}'${by} denied request: ${first.message}`;
	const reason = first.reason === '' ? 'Invalid' : first.reason;
	return {
		code: REASONS[reason] ?? 422,
		reason,
		message: `${qualified(asked.resource)}${asked.name === '' ? '' : ` ${JSON.stringify(asked.name)}`} is forbidden: ${message}`,
		causes: [{ field: '', message }],
	};
};
