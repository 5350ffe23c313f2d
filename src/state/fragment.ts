/**
 * The fragment of an address: `#anchor&key=value&key=value`.
 *
 * The anchor is a section of the page; parameters are ours: `me` carries personal state between pages where storage
 * cannot (see carry.ts), others are permalinks of figures. Fragments are never sent to a server.
 */

export interface Fragment {
	/** Id of a section, or empty. */
	readonly anchor: string;
	readonly params: Readonly<Record<string, string>>;
}

/** The parameter that holds what is personal; stripped from every address that is shared. */
export const PERSONAL = 'me';

const KEY = /^[a-z][a-z0-9-]{0,31}$/;

/** Reads `location.hash`. Parts that are not `key=value` with a plain key are dropped; the first of two equal keys wins. */
export function parseFragment(hash: string): Fragment {
	const [anchor = '', ...pairs] = hash.replace(/^#/, '').split('&');
	const params: Record<string, string> = Object.create(null);
	for (const pair of pairs) {
		const at = pair.indexOf('=');
		const key = pair.slice(0, Math.max(at, 0));
		const value = decode(pair.slice(at + 1));
		if (KEY.test(key) && value !== undefined && !(key in params)) params[key] = value;
	}
	return { anchor: decode(anchor) ?? '', params: { ...params } };
}

/** The other way; an empty fragment is an empty string. */
export function formatFragment({ anchor, params }: Fragment): string {
	const pairs = Object.entries(params).map(([key, value]) => `&${key}=${encodeURIComponent(value)}`);
	const text = encodeURIComponent(anchor) + pairs.join('');
	return text && `#${text}`;
}

/** The same fragment with one parameter set, or removed when `value` is undefined. */
export function withParam(fragment: Fragment, key: string, value: string | undefined): Fragment {
	const params: Record<string, string> = { ...fragment.params };
	delete params[key];
	if (value !== undefined) params[key] = value;
	return { anchor: fragment.anchor, params };
}

function decode(text: string): string | undefined {
	try {
		return decodeURIComponent(text);
	} catch {
		return undefined;
	}
}
