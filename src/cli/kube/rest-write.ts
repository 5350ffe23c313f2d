/**
 * Writes over HTTP: bodies, options, subresources.
 *
 * Source: apiserver pkg/endpoints/handlers/{create,update,patch,delete,rest}.go, apimachinery
 * pkg/apis/meta/v1/validation/validation.go; kubernetes pkg/registry/core/{pod,serviceaccount}/storage @ v1.24.0.
 */
import {
	type ApiInput,
	type ApiResult,
	type ApiServer,
	apiVersionOf,
	formatTime,
	isRecord,
	type PatchType,
	parseFieldSelector,
	parseSelector,
	serviceAccountToken,
	TOKEN_ISSUER,
} from '../../sim/api/index.ts';
import { serverSideApply } from '../../sim/api/managed/index.ts';
import { minorOf } from '../../sim/kube/index.ts';
import type { RestRequest, RestTarget } from './rest.ts';
import { badOptions, badRequest, type Form, listAs, oneAs, type RestAnswer, refusal } from './rest-answer.ts';
import { APPLY, BODIES, bodyOf, mismatch, notAllowed, OPTIONS, type Options, optionsOf, PATCHES } from './rest-body.ts';
import { goJsonFault } from './yaml-words.ts';

/** Of what is deleted at once the server tells only that, but of these (`ReturnDeletedObject` in pkg/registry). */
const TOLD = /^(?:pods|podtemplates|services|serviceaccounts|resourcequotas|persistentvolumes|persistentvolumeclaims)$/;

const UNKNOWN = { code: 404, reason: 'NotFound', message: 'the server could not find the requested resource' };

const success = (status: number, more: object = {}): RestAnswer => ({
	status,
	value: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', ...more },
});

/** A token for an account (pkg/registry/core/serviceaccount/storage/token.go). */
function tokenFor(api: ApiServer, { namespace = '', name = '' }: RestTarget, body: unknown): RestAnswer {
	const account = api.get(api.find('serviceaccounts')!, namespace, name)!;
	const spec = isRecord(body) && isRecord(body.spec) ? body.spec : {};
	const audiences = Array.isArray(spec.audiences) ? spec.audiences.map(String) : [];
	const seconds = Number(spec.expirationSeconds ?? 3600);
	if (seconds < 600) {
		const message = `Invalid value: ${seconds}: may not specify a duration less than 10 minutes`;
		const field = 'spec.expirationSeconds';
		return refusal({
			code: 422,
			reason: 'Invalid',
			message: `TokenRequest.authentication.k8s.io "" is invalid: ${field}: ${message}`,
			causes: [{ field, message }],
		});
	}
	const at = Math.floor(api.now());
	const token = serviceAccountToken(api, {
		namespace,
		account: { name, uid: account.metadata.uid },
		audiences,
		at,
		seconds,
	});
	return {
		status: 201,
		value: {
			kind: 'TokenRequest',
			apiVersion: 'authentication.k8s.io/v1',
			metadata: { name, namespace, creationTimestamp: api.timestamp() },
			spec: {
				audiences: audiences.length > 0 ? audiences : [TOKEN_ISSUER],
				expirationSeconds: seconds,
				boundObjectRef: null,
			},
			status: { token, expirationTimestamp: formatTime(at + seconds) },
		},
	};
}

/** What is posted below a name. */
function postBelow(api: ApiServer, target: RestTarget, body: unknown, write: Options): RestAnswer {
	const { resource, namespace = '', name = '', rest } = target;
	const below = `${resource.plural}/${rest[0]}`;
	if (/^pods\/(?:exec|attach|portforward)$/.test(below)) return badRequest('Upgrade request required');
	if (!api.get(resource, namespace, name))
		return refusal({ code: 404, reason: 'NotFound', message: `${resource.plural} ${JSON.stringify(name)} not found` });
	if (below === 'serviceaccounts/token') return tokenFor(api, target, body);
	if (below === 'pods/eviction') {
		const options = isRecord(body) && isRecord(body.deleteOptions) ? body.deleteOptions : {};
		const grace = Number(options.gracePeriodSeconds ?? Number.NaN);
		const done = api.evict(namespace, name, {
			dryRun: write.dryRun === true || Array.isArray(options.dryRun),
			...(Number.isNaN(grace) ? {} : { gracePeriodSeconds: grace }),
		});
		return done.error ? refusal(done.error) : success(201, { code: 201 });
	}
	if (below === 'pods/binding') {
		const node = isRecord(body) && isRecord(body.target) ? String(body.target.name ?? '') : '';
		if (node === '') {
			const message = 'Required value';
			return refusal({
				code: 422,
				reason: 'Invalid',
				message: `Binding "" is invalid: target.name: ${message}`,
				causes: [{ field: 'target.name', message }],
			});
		}
		const done = api.bind(namespace, name, node);
		return done.error ? refusal(done.error) : success(201, { code: 201 });
	}
	return notAllowed();
}

/** The part of an object that a path means, where that is written apart. */
const PARTS = new Set(['status', 'scale', 'ephemeralcontainers']);
/** Parts that are written as the whole object is. */
const WHOLE = new Set(['finalize', 'approval']);

function put(api: ApiServer, target: RestTarget, body: ApiInput, write: Options): ApiResult<never> {
	const { resource, namespace, name = '', rest } = target;
	const [part] = rest;
	const metadata = { ...(isRecord(body.metadata) ? body.metadata : {}), name, ...(namespace ? { namespace } : {}) };
	const input = { ...body, apiVersion: body.apiVersion ?? apiVersionOf(resource), kind: resource.kind, metadata };
	if (part === 'status') return api.updateStatus(input, write) as ApiResult<never>;
	if (part === 'scale' || part === 'ephemeralcontainers') {
		const spec = isRecord(body.spec) ? body.spec : {};
		const version = isRecord(body.metadata) ? body.metadata.resourceVersion : undefined;
		const patch =
			part === 'scale'
				? { ...(version ? { metadata: { resourceVersion: version } } : {}), spec: { replicas: spec.replicas ?? 0 } }
				: { spec: { ephemeralContainers: spec.ephemeralContainers ?? null } };
		return api.patch(resource, namespace, name, 'application/merge-patch+json', patch as never, {
			...write,
			subresource: part,
		}) as ApiResult<never>;
	}
	return api.update(input, part === 'finalize' ? { ...write, subresource: part } : write) as ApiResult<never>;
}

/** What a body of DELETE asks for. */
function deletion(body: unknown, query: URLSearchParams, write: Options) {
	const given = isRecord(body) ? body : {};
	const grace = given.gracePeriodSeconds ?? query.get('gracePeriodSeconds');
	const policy = given.propagationPolicy ?? query.get('propagationPolicy');
	const orphan = given.orphanDependents ?? query.get('orphanDependents');
	const preconditions = isRecord(given.preconditions) ? given.preconditions : {};
	return {
		preconditions,
		options: {
			dryRun: write.dryRun === true || Array.isArray(given.dryRun),
			...(grace === null || grace === undefined ? {} : { gracePeriodSeconds: Number(grace) }),
			...(policy
				? { propagation: String(policy) as 'Background' }
				: orphan !== null && orphan !== undefined
					? { propagation: String(orphan) === 'true' ? ('Orphan' as const) : ('Background' as const) }
					: {}),
		},
	};
}

const POLICIES = ['Background', 'Foreground', 'Orphan'];

function remove(api: ApiServer, target: RestTarget, request: RestRequest, form: Form, write: Options): RestAnswer {
	const { resource, namespace, name } = target;
	const { query } = request;
	let body: unknown;
	if (request.body) {
		const read = bodyOf(request, request.contentType ?? '', 'DeleteOptions');
		if ('refused' in read) return read.refused;
		body = read.value;
	}
	const { preconditions, options } = deletion(body, query, write);
	if (options.propagation !== undefined && !POLICIES.includes(options.propagation))
		return badOptions(
			'DeleteOptions',
			'propagationPolicy',
			`Unsupported value: ${JSON.stringify(options.propagation)}: supported values: "Foreground", "Background", "Orphan", "nil"`,
		);
	if (name === undefined) {
		const label = query.get('labelSelector') ?? '';
		const field = query.get('fieldSelector') ?? '';
		const unread =
			(label ? parseSelector(label).error : undefined) ??
			(field ? parseFieldSelector(resource, field).error : undefined);
		if (unread !== undefined) return badRequest(unread);
		const found = api.list(resource, {
			...(namespace === undefined ? {} : { namespace }),
			...(label ? { labelSelector: label } : {}),
			...(field ? { fieldSelector: field } : {}),
		});
		for (const { metadata } of found) {
			const done = api.delete(resource, metadata.namespace, metadata.name, options);
			if (done.error && done.error.reason !== 'NotFound') return refusal(done.error);
		}
		const metadata = { resourceVersion: String(api.revision) };
		return listAs(api, resource, found, form, { version: apiVersionOf(resource), metadata });
	}
	const before = api.get(resource, namespace, name);
	const what = `Operation cannot be fulfilled on ${resource.plural}${resource.group && `.${resource.group}`} ${JSON.stringify(name)}: `;
	const conflict = (why: string): RestAnswer => refusal({ code: 409, reason: 'Conflict', message: what + why });
	const { uid, resourceVersion } = preconditions;
	if (before && uid !== undefined && uid !== before.metadata.uid)
		return conflict(`Precondition failed: UID in precondition: ${uid}, UID in object meta: ${before.metadata.uid}`);
	if (before && resourceVersion !== undefined && resourceVersion !== before.metadata.resourceVersion)
		return conflict(
			`the ResourceVersion in the precondition (${resourceVersion}) does not match the ResourceVersion in record (${before.metadata.resourceVersion}). The object might have been modified`,
		);
	const result = api.delete(resource, namespace, name, options);
	if (result.error) return refusal(result.error);
	if (!before || TOLD.test(resource.plural) || api.get(resource, namespace, name))
		return oneAs(api, resource, result.value, form);
	const { group } = resource;
	const details = { name, ...(group ? { group } : {}), kind: resource.plural, uid: before.metadata.uid };
	return success(200, { details });
}

/** A write, whatever it is. */
export function writeAt(api: ApiServer, target: RestTarget, request: RestRequest, form: Form): RestAnswer {
	const { resource, namespace, name, rest } = target;
	const { method } = request;
	const type = (request.contentType ?? '').split(';')[0]!.trim();
	const patches = PATCHES.filter((one) => !resource.custom || !one.includes('strategic'));
	const accepted = method === 'PATCH' ? patches : BODIES;
	if (!(method in OPTIONS)) return notAllowed();
	if (method !== 'DELETE' && !accepted.includes(type || (method === 'PATCH' ? '' : 'application/json')))
		return refusal({
			code: 415,
			reason: 'UnsupportedMediaType',
			message: `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`,
		});
	const write = optionsOf(request, type);
	if ('refused' in write) return write.refused;
	const [part] = rest;
	if (method === 'DELETE') return part === undefined ? remove(api, target, request, form, write) : notAllowed();
	const done = (result: ApiResult<never>, status = 200): RestAnswer => ({
		...(result.error ? refusal(result.error) : oneAs(api, resource, result.value, form, status)),
		...(result.warnings ? { warnings: result.warnings } : {}),
	});
	if (method === 'POST' && name !== undefined && part === undefined) return notAllowed();
	if (method !== 'POST' && name === undefined) return notAllowed();
	// InPlacePodVerticalScaling, on by default from 1.33.
	if (part === 'resize' && resource.plural === 'pods' && minorOf(api.version) >= 33)
		return refusal({ code: 501, reason: 'NotImplemented', message: 'the simulator resizes no pods in place' });
	if (method !== 'POST' && part !== undefined && !PARTS.has(part) && !WHOLE.has(part)) return refusal(UNKNOWN, {});
	const wanted = part === 'scale' ? 'Scale' : method === 'POST' && part !== undefined ? '' : resource.kind;
	const read = bodyOf(request, type, wanted || resource.kind);
	if ('refused' in read) {
		if (method !== 'PATCH' || type === APPLY) return read.refused;
		const why = goJsonFault(request.body ?? '')?.words ?? 'unexpected end of JSON input';
		return badRequest(`error decoding patch: ${why}`);
	}
	const body = read.value as ApiInput;
	if (method === 'POST' && part !== undefined) return postBelow(api, target, body, write);
	if (method === 'PATCH' && type !== APPLY)
		return done(
			api.patch(resource, namespace, name!, type as PatchType, (body ?? {}) as never, {
				...write,
				...(part !== undefined && PARTS.has(part) ? { subresource: part as 'status' } : {}),
			}) as ApiResult<never>,
		);
	if (part !== 'scale') {
		const wrong = mismatch(api, target, body);
		if (wrong) return wrong;
	}
	const metadata = { ...(isRecord(body.metadata) ? body.metadata : {}), ...(namespace ? { namespace } : {}) };
	const input = { ...body, apiVersion: body.apiVersion ?? apiVersionOf(resource), kind: resource.kind, metadata };
	if (method === 'PATCH') {
		const { fieldManager: manager = '', force, ...others } = write;
		const declared = { ...input, metadata: { ...metadata, name } };
		const before = api.get(resource, namespace, name!);
		return done(
			serverSideApply(api, declared, { ...others, manager, force }) as ApiResult<never>,
			before === undefined ? 201 : 200,
		);
	}
	if (method === 'PUT') return done(put(api, target, body, write));
	return done(api.create(input, write) as ApiResult<never>, 201);
}
