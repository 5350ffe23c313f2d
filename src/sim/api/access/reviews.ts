/**
 * What is only asked, never kept: who somebody is, and what he may do.
 *
 * Source: kubernetes pkg/registry/authorization/{selfsubjectaccessreview,selfsubjectrulesreview,subjectaccessreview,
 * localsubjectaccessreview}/rest.go, pkg/registry/authentication/{tokenreview,selfsubjectreview}/storage.go @ v1.28.0.
 */
import { isRecord, sub, text, texts } from '../json.ts';
import type { ApiInput, ApiObject, ApiResult, ApiServer } from '../object.ts';
import { type Action, authorize, type Identity, rulesFor } from './authorizer.ts';

/** Who has a token, or why it is nobody's. */
export type Authenticate = (
	token: string,
	audiences: readonly string[],
) => { readonly who: Identity; readonly audiences: readonly string[] } | { readonly error: string };

/** UserInfo of an identity, in the order of its type. */
export const userInfo = ({ user, uid, groups, extra }: Identity): { readonly [key: string]: unknown } => ({
	...(user ? { username: user } : {}),
	...(uid ? { uid } : {}),
	...(groups.length > 0 ? { groups } : {}),
	...(extra && Object.keys(extra).length > 0 ? { extra } : {}),
});

function actionOf(spec: unknown): Action | undefined {
	const of = sub(spec, 'resourceAttributes');
	if (isRecord(sub(spec).resourceAttributes)) {
		const namespace = text(of, 'namespace');
		const name = text(of, 'name');
		const subresource = text(of, 'subresource');
		return {
			verb: text(of, 'verb') ?? '',
			group: text(of, 'group') ?? '',
			resource: text(of, 'resource') ?? '',
			...(subresource ? { subresource } : {}),
			...(namespace ? { namespace } : {}),
			...(name ? { name } : {}),
		};
	}
	const path = text(spec, 'nonResourceAttributes', 'path');
	return path === undefined ? undefined : { verb: text(spec, 'nonResourceAttributes', 'verb') ?? '', path };
}

const invalid = (kind: string, message: string): ApiResult<ApiObject> => ({
	error: { code: 422, reason: 'Invalid', message: `${kind} "" is invalid: ${message}` },
});

const EITHER =
	'spec.resourceAttributes: Invalid value: "null": exactly one of nonResourceAttributes or resourceAttributes must be specified';

/** Answers a review; undefined for what is none. */
export function review(
	api: ApiServer,
	who: Identity,
	input: ApiInput,
	authenticate: Authenticate,
): ApiResult<ApiObject> | undefined {
	const kind = text(input, 'kind') ?? '';
	const spec = sub(input, 'spec');
	const answer = (status: unknown, shown: unknown = spec): ApiResult<ApiObject> => ({
		value: {
			...input,
			metadata: { creationTimestamp: null, ...sub(input, 'metadata') },
			...(shown === undefined ? {} : { spec: shown }),
			status,
		} as unknown as ApiObject,
	});
	switch (kind) {
		case 'TokenReview': {
			const found = authenticate(text(spec, 'token') ?? '', texts(spec, 'audiences'));
			if (!text(spec, 'token'))
				return {
					error: { code: 400, reason: 'BadRequest', message: 'token is required for TokenReview in authentication' },
				};
			return 'error' in found
				? answer({ error: found.error, user: {} })
				: answer({ audiences: found.audiences, authenticated: true, user: userInfo(found.who) });
		}
		case 'SelfSubjectReview':
			return answer({ userInfo: userInfo(who) }, undefined);
		case 'SelfSubjectAccessReview':
		case 'SubjectAccessReview':
		case 'LocalSubjectAccessReview': {
			const action = actionOf(spec);
			if (!action) return invalid(`${kind}.authorization.k8s.io`, EITHER);
			const subject =
				kind === 'SelfSubjectAccessReview' ? who : { user: text(spec, 'user') ?? '', groups: texts(spec, 'groups') };
			if (subject.user === '' && subject.groups.length === 0)
				return invalid(
					`${kind}.authorization.k8s.io`,
					'spec.user: Invalid value: "": at least one of user or group must be specified',
				);
			const { allowed, reason } = authorize(api, subject, action);
			return answer({ allowed, ...(reason ? { reason } : {}) });
		}
		case 'SelfSubjectRulesReview': {
			const namespace = text(spec, 'namespace') ?? '';
			if (namespace === '') return { error: { code: 400, reason: 'BadRequest', message: 'no namespace on request' } };
			const { rules, errors: unbound } = rulesFor(api, who, namespace);
			const kubelet = who.groups.includes('system:nodes') && who.user.startsWith('system:node:');
			const errors = [...(kubelet ? ['node authorizer does not support user rule resolution'] : []), ...unbound];
			const resourceRules: unknown[] = [];
			const nonResourceRules: unknown[] = [];
			const add = (rule: unknown): void => {
				const { verbs, apiGroups, resources, resourceNames, nonResourceURLs } = rule as Record<string, unknown>;
				if (Array.isArray(resources))
					resourceRules.push({ verbs, apiGroups, resources, ...(resourceNames ? { resourceNames } : {}) });
				if (Array.isArray(nonResourceURLs)) nonResourceRules.push({ verbs, nonResourceURLs });
			};
			for (const { rule } of rules) add(rule);
			return answer(
				{
					...(errors.length > 0 ? { evaluationError: errors.join(', ') } : {}),
					incomplete: kubelet,
					nonResourceRules,
					resourceRules,
				},
				{},
			);
		}
		default:
			return undefined;
	}
}
