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
	type Resource,
	serviceAccountToken,
	TOKEN_ISSUER,
	type WriteOptions,
} from '../../sim/api/index.ts';
import { serverSideApply } from '../../sim/api/managed/index.ts';
import type { RestRequest, RestTarget } from './rest.ts';
import { badOptions, badRequest, type Form, listAs, oneAs, type RestAnswer, refusal } from './rest-answer.ts';
import { readManifests } from './yaml-read.ts';
import { goJsonFault } from './yaml-words.ts';

/** What a patch may be, in the order of the complaint. */
const PATCHES: readonly string[] = [
	'application/json-patch+json',
	'application/merge-patch+json',
	'application/strategic-merge-patch+json',
	'application/apply-patch+yaml',
];
const APPLY = PATCHES[3]!;

/** What a new object may be written in. */
const BODIES: readonly string[] = ['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf'];

/** Of what is deleted at once the server tells only that, but of these (`ReturnDeletedObject` in pkg/registry). */
const TOLD = /^(?:pods|podtemplates|services|serviceaccounts|resourcequotas|persistentvolumes|persistentvolumeclaims)$/;

const NOT_ALLOWED = {
	code: 405,
	reason: 'MethodNotAllowed',
	message: 'the server does not allow this method on the requested resource',
};
const UNKNOWN = { code: 404, reason: 'NotFound', message: 'the server could not find the requested resource' };

export const notAllowed = (): RestAnswer => refusal(NOT_ALLOWED, {});

/** The beginning of a body, as the server shows it (rest.go summarizeData()). */
function summary(body: string): string {
	if (body === '') return '<empty>';
	if (body.startsWith('{')) return body.length > 30 ? `${body.slice(0, 30)} ...` : body;
	const hex = [...new TextEncoder().encode(body)].map((octet) => octet.toString(16).padStart(2, '0'));
	return hex.length > 30 ? `${hex.slice(0, 30).join('')} ...` : hex.join('');
}

type Body = { readonly value: unknown } | { readonly refused: RestAnswer };

/** What a request brings with it; `kind` is what it has to be. */
function bodyOf(request: RestRequest, type: string, kind: string): Body {
	const text = request.body ?? '';
	const unread = (why: string): Body => ({
		refused: badRequest(`the object provided is unrecognized (must be of type ${kind}): ${why} (${summary(text)})`),
	});
	if (type.endsWith('yaml')) {
		const read = readManifests(text);
		return 'error' in read ? { refused: badRequest(`error decoding YAML: ${read.error}`) } : { value: read[0]?.value };
	}
	const why = text.trim() === '' ? 'unexpected end of JSON input' : goJsonFault(text)?.words;
	if (why !== undefined)
		return unread(
			`couldn't get version/kind; json parse error: ${why === 'unexpected EOF' ? 'unexpected end of JSON input' : why}`,
		);
	return { value: JSON.parse(text) };
}

const OPTIONS: Readonly<Record<string, string>> = {
	POST: 'CreateOptions',
	PUT: 'UpdateOptions',
	PATCH: 'PatchOptions',
	DELETE: 'DeleteOptions',
};
const VALIDATIONS = ['Ignore', 'Strict', 'Warn'];

type Options = WriteOptions & { readonly force: boolean };

/** Options of a write, out of its query; who names no manager writes under the name of his program. */
function optionsOf(
	{ method, query, who, agent }: RestRequest,
	type: string,
): Options | { readonly refused: RestAnswer } {
	const kind = OPTIONS[method] ?? '';
	const refused = (field: string, message: string) => ({ refused: badOptions(kind, field, message) });
	for (const one of query.getAll('dryRun'))
		if (one !== 'All') return refused('dryRun', `Unsupported value: ${JSON.stringify(one)}: supported values: "All"`);
	const validation = query.get('fieldValidation') ?? '';
	if (method !== 'DELETE' && validation !== '' && !VALIDATIONS.includes(validation))
		return refused(
			'fieldValidation',
			`Unsupported value: ${JSON.stringify(validation)}: supported values: ${VALIDATIONS.map((one) => JSON.stringify(one)).join(', ')}`,
		);
	const manager = query.get('fieldManager') ?? '';
	const force = query.get('force');
	if (type === APPLY && manager === '') return refused('fieldManager', 'Required value: is required for apply patch');
	if (method === 'PATCH' && type !== APPLY && force !== null)
		return refused('force', 'Forbidden: may not be specified for non-apply patch');
	if (manager.length > 128)
		return refused('fieldManager', `Invalid value: ${JSON.stringify(manager)}: may not be longer than 128`);
	return {
		dryRun: query.has('dryRun'),
		who,
		fieldManager: manager || (agent ?? '').split('/')[0]!.slice(0, 128) || 'unknown',
		...(validation === '' ? {} : { fieldValidation: validation as 'Strict' }),
		force: force === 'true' || force === '1',
	};
}

const success = (status: number, more: object = {}): RestAnswer => ({
	status,
	value: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', ...more },
});

/** Internal names of groups, as conversions have them. */
const internal = ({ group, kind }: Resource): string => `${group === '' ? 'core' : group.split('.')[0]}.${kind}`;

/** Whether what came is of this kind, name and namespace; what the server says otherwise. */
function mismatch(api: ApiServer, target: RestTarget, body: unknown): RestAnswer | undefined {
	const { resource, namespace, name } = target;
	if (!isRecord(body))
		return badRequest(
			`the object provided is unrecognized (must be of type ${resource.kind}): couldn't get version/kind; json parse error: json: cannot unmarshal ${Array.isArray(body) ? 'array' : typeof body} into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" } (${summary(JSON.stringify(body))})`,
		);
	const own = apiVersionOf(resource);
	const kind = String(body.kind ?? resource.kind);
	const version = String(body.apiVersion ?? own);
	const served = (item: Resource): boolean =>
		(item.served ?? [item.version]).some((one) => apiVersionOf({ group: item.group, version: one }) === version);
	const there = api.resources().find((item) => item.kind === kind && served(item));
	if (there === undefined || there.plural !== resource.plural || there.group !== resource.group) {
		const of = `${kind} in version ${JSON.stringify(version.split('/').at(-1))} cannot be handled as a ${resource.kind}: `;
		return badRequest(
			there === undefined
				? `${of}no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(version)} in scheme "pkg/api/legacyscheme/scheme.go:30"`
				: `${of}converting (${there.group === '' ? there.version : version.split('/')[1]}.${kind}) to (${internal(resource)}): unknown conversion`,
		);
	}
	const metadata = isRecord(body.metadata) ? body.metadata : {};
	if (name !== undefined && metadata.name !== undefined && metadata.name !== '' && metadata.name !== name)
		return badRequest(`the name of the object (${metadata.name}) does not match the name on the URL (${name})`);
	if (namespace !== undefined && metadata.namespace && metadata.namespace !== namespace)
		return badRequest('the namespace of the provided object does not match the namespace sent on the request');
	return undefined;
}

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
	return api.update(input, write) as ApiResult<never>;
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
			(field ? parseFieldSelector(resource.kind, field).error : undefined);
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
	const done = (result: ApiResult<never>, status = 200): RestAnswer =>
		result.error ? refusal(result.error) : oneAs(api, resource, result.value, form, status);
	if (method === 'POST' && name !== undefined && part === undefined) return notAllowed();
	if (method !== 'POST' && name === undefined) return notAllowed();
	if (method !== 'POST' && part !== undefined && !PARTS.has(part) && !WHOLE.has(part)) return refusal(UNKNOWN, {});
	const wanted = part === 'scale' ? 'Scale' : method === 'POST' && part !== undefined ? '' : resource.kind;
	const read = bodyOf(request, type, wanted || resource.kind);
	if ('refused' in read) {
		if (method !== 'PATCH' || type === APPLY) return read.refused;
		const why = goJsonFault(request.body ?? '')?.words ?? 'unexpected end of JSON input';
		return badRequest(type === PATCHES[0] ? `error decoding patch: ${why}` : `error decoding patch: ${why}`);
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
