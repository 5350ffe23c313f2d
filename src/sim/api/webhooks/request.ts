/**
 * A request in the words of admission.k8s.io: what webhooks are asked about, and what expressions call `request`.
 *
 * Source: kubernetes staging/src/k8s.io/apiserver/pkg/admission/plugin/webhook/request/admissionreview.go
 * createV1AdmissionReview() @ v1.24.0; plugin/cel/condition.go CreateAdmissionRequest() @ v1.33.0.
 */
import type { Identity } from '../access/authorizer.ts';
import type { Draft } from '../json.ts';
import type { Asked } from './match.ts';

/** All but the request's uid and its objects; what is empty is left out. */
export const requestOf = (asked: Asked, who: Identity): Draft => {
	const { resource, subresource, namespace, name, operation, dryRun } = asked;
	const { group, version, plural } = resource;
	const kind =
		subresource === 'scale'
			? { group: 'autoscaling', version: 'v1', kind: 'Scale' }
			: { group, version, kind: resource.kind };
	const place = { group, version, resource: plural };
	return {
		kind,
		resource: place,
		...(subresource === '' ? {} : { subResource: subresource }),
		requestKind: kind,
		requestResource: place,
		...(subresource === '' ? {} : { requestSubResource: subresource }),
		...(name === '' ? {} : { name }),
		...(namespace === undefined ? {} : { namespace }),
		operation,
		userInfo: {
			username: who.user,
			...(who.uid === undefined ? {} : { uid: who.uid }),
			groups: who.groups,
			...(who.extra === undefined ? {} : { extra: who.extra }),
		},
		dryRun,
		options: {
			kind: `${operation[0]}${operation.slice(1).toLowerCase()}Options`,
			apiVersion: 'meta.k8s.io/v1',
		},
	};
};
