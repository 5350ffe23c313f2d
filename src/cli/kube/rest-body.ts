/**
 * What a write over HTTP brings with it: its body and its options, and what the server says where they are none.
 *
 * Source: apiserver pkg/endpoints/handlers/{create,update,patch,rest}.go, apimachinery
 * pkg/apis/meta/v1/validation/validation.go @ v0.24.0.
 */
import { type ApiServer, apiVersionOf, isRecord, type Resource, type WriteOptions } from '../../sim/api/index.ts';
import type { RestRequest, RestTarget } from './rest.ts';
import { badOptions, badRequest, type RestAnswer, refusal } from './rest-answer.ts';
import { readManifests } from './yaml-read.ts';
import { goJsonFault } from './yaml-words.ts';

/** What a patch may be, in the order of the complaint. */
export const PATCHES: readonly string[] = [
	'application/json-patch+json',
	'application/merge-patch+json',
	'application/strategic-merge-patch+json',
	'application/apply-patch+yaml',
];
export const APPLY = PATCHES[3]!;

/** What a new object may be written in. */
export const BODIES: readonly string[] = [
	'application/json',
	'application/yaml',
	'application/vnd.kubernetes.protobuf',
];

const NOT_ALLOWED = {
	code: 405,
	reason: 'MethodNotAllowed',
	message: 'the server does not allow this method on the requested resource',
};
export const notAllowed = (): RestAnswer => refusal(NOT_ALLOWED, {});

/** The beginning of a body, as the server shows it (rest.go summarizeData()). */
function summary(body: string): string {
	if (body === '') return '<empty>';
	if (body.startsWith('{')) return body.length > 30 ? `${body.slice(0, 30)} ...` : body;
	const hex = [...new TextEncoder().encode(body)].map((octet) => octet.toString(16).padStart(2, '0'));
	return hex.length > 30 ? `${hex.slice(0, 30).join('')} ...` : hex.join('');
}

export type Body = { readonly value: unknown } | { readonly refused: RestAnswer };

/** What a request brings with it; `kind` is what it has to be. */
export function bodyOf(request: RestRequest, type: string, kind: string): Body {
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

export const OPTIONS: Readonly<Record<string, string>> = {
	POST: 'CreateOptions',
	PUT: 'UpdateOptions',
	PATCH: 'PatchOptions',
	DELETE: 'DeleteOptions',
};
const VALIDATIONS = ['Ignore', 'Strict', 'Warn'];

export type Options = WriteOptions & { readonly force: boolean };

/** Options of a write, out of its query; who names no manager writes under the name of his program. */
export function optionsOf(
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

/** Internal names of groups, as conversions have them. */
const internal = ({ group, kind }: Resource): string => `${group === '' ? 'core' : group.split('.')[0]}.${kind}`;

/** Whether what came is of this kind, name and namespace; what the server says otherwise. */
export function mismatch(api: ApiServer, target: RestTarget, body: unknown): RestAnswer | undefined {
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
