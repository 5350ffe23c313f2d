/**
 * AdmissionReview: what a webhook is asked, and what its answer means.
 *
 * Source: kubernetes staging/src/k8s.io/apiserver/pkg/admission/plugin/webhook/request/admissionreview.go,
 * webhook/errors/statuserror.go, apimachinery pkg/runtime/{error,codec}.go @ v1.24.0.
 */
import type { Identity } from '../access/authorizer.ts';
import { type Draft, isRecord, text, texts } from '../json.ts';
import type { ApiStatus, Json } from '../object.ts';
import type { Asked } from './match.ts';
import { requestOf } from './request.ts';

const GROUP = 'admission.k8s.io';

/** The version a webhook is asked in: the first it takes that the server knows. */
export const reviewVersion = (hook: Draft): 'v1' | 'v1beta1' | undefined =>
	texts(hook, 'admissionReviewVersions').find((one) => one === 'v1' || one === 'v1beta1') as 'v1' | 'v1beta1';

/** The request, as JSON. */
export const reviewOf = (version: string, uid: string, asked: Asked, who: Identity): string => {
	const { dryRun, options, ...request } = requestOf(asked, who);
	return JSON.stringify({
		kind: 'AdmissionReview',
		apiVersion: `${GROUP}/${version}`,
		request: { uid, ...request, object: asked.object ?? null, oldObject: asked.old ?? null, dryRun, options },
	});
};

export interface Verdict {
	readonly allowed: boolean;
	/** metav1.Status of a refusal. */
	readonly status: Draft | undefined;
	readonly warnings: readonly string[];
	/** JSON patch, as it came out of its base64. */
	readonly patch: string | undefined;
	readonly patchType: string | undefined;
}

const plain = (data: unknown): string | undefined => {
	if (typeof data !== 'string' || data === '') return undefined;
	try {
		return new TextDecoder().decode(Uint8Array.from(atob(data), (char) => char.charCodeAt(0)));
	} catch {
		return undefined;
	}
};

const GO_KIND =
	'struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }';

const goType = (value: unknown): string =>
	Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : value === null ? 'null' : typeof value;

/** What comes of a body that should be a review; an error in the server's words otherwise. */
const decode = (body: string): { readonly value: Draft } | { readonly error: string } => {
	let value: unknown;
	try {
		value = JSON.parse(body);
	} catch {
		// What is no JSON is tried as YAML, of which plain text is a string.
		if (/^\s*[{[]/.test(body) || /^[^\s<]+:\s/m.test(body))
			return { error: 'no serialization format matched the provided data' };
		value = body;
	}
	if (!isRecord(value))
		return {
			error: `couldn't get version/kind; json parse error: json: cannot unmarshal ${goType(value)} into Go value of type ${GO_KIND}`,
		};
	return { value };
};

/** Reads an answer; an error is why it is none (VerifyAdmissionResponse()). */
export const verdictOf = (
	body: string,
	asked: { readonly version: string; readonly uid: string; readonly mutating: boolean },
): Verdict | { readonly error: string; readonly decoded: boolean } => {
	const read = decode(body);
	if ('error' in read) return { error: read.error, decoded: false };
	const { value } = read;
	const kind = text(value, 'kind') ?? '';
	const apiVersion = text(value, 'apiVersion') ?? '';
	const known = apiVersion === '' || apiVersion === `${GROUP}/v1` || apiVersion === `${GROUP}/v1beta1`;
	if (kind !== '' && (kind !== 'AdmissionReview' || !known))
		return {
			error: `no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)} in scheme "pkg/runtime/scheme.go:100"`,
			decoded: false,
		};
	const wrong = (error: string) => ({ error, decoded: true }) as const;
	const response = value.response;
	if (!isRecord(response)) return wrong('webhook response was absent');
	const patch = plain(response.patch);
	const patchType = typeof response.patchType === 'string' ? response.patchType : undefined;
	const verdict = (type: string | undefined): Verdict => ({
		allowed: response.allowed === true,
		status: isRecord(response.status) ? response.status : undefined,
		warnings: texts(response, 'warnings'),
		patch,
		patchType: type,
	});
	// Of the old version nothing is checked, as nothing was at its time.
	if (asked.version === 'v1beta1') return verdict(patch === undefined ? undefined : 'JSONPatch');
	if ((text(response, 'uid') ?? '') !== asked.uid)
		return wrong(
			`expected response.uid=${JSON.stringify(asked.uid)}, got ${JSON.stringify(text(response, 'uid') ?? '')}`,
		);
	if (apiVersion !== `${GROUP}/v1` || kind !== 'AdmissionReview')
		return wrong(
			`expected webhook response of ${GROUP}/v1, Kind=AdmissionReview, got ${apiVersion === '' ? '/' : apiVersion}, Kind=${kind}`,
		);
	if (!asked.mutating) {
		if (patch !== undefined) return wrong('validating webhook may not return response.patch');
		if (patchType !== undefined) return wrong('validating webhook may not return response.patchType');
		return verdict(undefined);
	}
	if (patch !== undefined && patchType === undefined)
		return wrong('webhook returned response.patch but not response.patchType');
	if (patch === undefined && patchType !== undefined)
		return wrong('webhook returned response.patchType but not response.patch');
	if (patchType === '') return wrong('webhook returned invalid response.patchType of ""');
	return verdict(patchType);
};

/** What who asked is told of a refusal. */
export const denied = (name: string, status: Draft | undefined): ApiStatus => {
	const said = `admission webhook ${JSON.stringify(name)} denied the request`;
	const message = text(status, 'message');
	const reason = text(status, 'reason');
	const code = Number(status?.code ?? 0);
	return {
		code: Math.max(code, 400),
		reason: reason ?? '',
		message: message ? `${said}: ${message}` : reason ? `${said}: ${reason}` : `${said} without explanation`,
	};
};

/** The patch as JSON; an error in encoding/json's words. */
export const patchOf = (patch: string): { readonly value: Json } | { readonly error: string } => {
	try {
		return { value: JSON.parse(patch) as Json };
	} catch {
		return { error: `invalid character ${quotedChar(patch)} looking for beginning of value` };
	}
};

const quotedChar = (body: string): string => {
	const char = body.trimStart()[0] ?? '';
	return char === "'" ? "'\\''" : `'${char}'`;
};
