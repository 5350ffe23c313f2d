/** What a Secret of a known type must have. Source: kubernetes pkg/apis/core/validation/validation.go ValidateSecret() @ v1.24.0. */
import { type Draft, sub } from '../json.ts';
import { type FieldError, required } from '../status.ts';

const ACCOUNT = 'kubernetes.io/service-account.name';

/** Keys of `data` a type needs: all of them, or of a login one of the two. */
const NEEDS: Readonly<Record<string, { readonly keys: readonly string[]; readonly any?: true; readonly full?: true }>> =
	{
		'kubernetes.io/dockercfg': { keys: ['.dockercfg'] },
		'kubernetes.io/dockerconfigjson': { keys: ['.dockerconfigjson'] },
		'kubernetes.io/basic-auth': { keys: ['username', 'password'], any: true },
		'kubernetes.io/ssh-auth': { keys: ['ssh-privatekey'], full: true },
		'kubernetes.io/tls': { keys: ['tls.crt', 'tls.key'] },
	};

/** What its type asks for and it has not. */
export function secretTypeFaults(secret: Draft): FieldError[] {
	const type = String(secret.type);
	if (type === 'kubernetes.io/service-account-token')
		return sub(secret, 'metadata', 'annotations')[ACCOUNT] ? [] : [required(`metadata.annotations[${ACCOUNT}]`)];
	const needs = NEEDS[type];
	if (!needs) return [];
	const data = sub(secret, 'data');
	const missing = needs.keys.filter((key) => (needs.full ? !data[key] : data[key] === undefined));
	if (missing.length > 0) {
		if (needs.any && missing.length < needs.keys.length) return [];
		return missing.map((key) => required(`data[${key}]`));
	}
	return [];
}
