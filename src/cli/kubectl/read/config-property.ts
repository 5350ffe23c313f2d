/**
 * `kubectl config set` and `unset`: a dotted name is a place in the kubeconfig; names of entries may have dots.
 *
 * Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/config/{set,navigation_step_parser}.go @ v0.24.0.
 */
import type { KubeConfig } from '../../kube/index.ts';
import { fail } from '../kube.ts';

type Kind = 'text' | 'octets' | 'flag';

const FIELDS: Readonly<Record<'clusters' | 'contexts' | 'users', Readonly<Record<string, Kind>>>> = {
	clusters: {
		server: 'text',
		'tls-server-name': 'text',
		'insecure-skip-tls-verify': 'flag',
		'certificate-authority': 'text',
		'certificate-authority-data': 'octets',
		'proxy-url': 'text',
	},
	contexts: { cluster: 'text', user: 'text', namespace: 'text' },
	users: {
		'client-certificate': 'text',
		'client-certificate-data': 'octets',
		'client-key': 'text',
		'client-key-data': 'octets',
		token: 'text',
		tokenFile: 'text',
		username: 'text',
		password: 'text',
	},
};

type List = keyof typeof FIELDS;

type Place =
	| { readonly current: true }
	| { readonly current: false; readonly list: List; readonly name: string; readonly field: string };

function placeOf(property: string): Place {
	if (property === 'current-context') return { current: true };
	const [list = '', ...parts] = property.split('.');
	if (!Object.hasOwn(FIELDS, list)) return fail(`unable to parse ${property} after [] at api.Config`);
	const fields = FIELDS[list as List];
	// The name ends where a field of the entry begins.
	const at = parts.slice(1).findIndex((part) => Object.hasOwn(fields, part));
	const end = at < 0 ? parts.length : at + 1;
	if (parts.length - end > 1) return fail(`unable to parse one or more field values of ${property}`);
	return { current: false, list: list as List, name: parts.slice(0, end).join('.'), field: parts[end] ?? '' };
}

const inner: Readonly<Record<List, string>> = { clusters: 'cluster', contexts: 'context', users: 'user' };

type Entry = { readonly name: string; readonly [key: string]: unknown };

const BOOLS: Readonly<Record<string, boolean>> = { true: true, false: false, '1': true, '0': false, t: true, f: false };

function fieldValue(kind: Kind, value: string, raw: boolean): unknown {
	if (kind === 'flag') {
		if (!Object.hasOwn(BOOLS, value))
			return fail(`strconv.ParseBool: parsing ${JSON.stringify(value)}: invalid syntax`);
		return BOOLS[value];
	}
	if (kind === 'text') return value;
	if (raw) return btoa(value);
	try {
		return btoa(atob(value));
	} catch {
		return fail('error decoding input value: illegal base64 data at input byte 0');
	}
}

export function setProperty(config: KubeConfig, property: string, value: string, raw: boolean): KubeConfig {
	const place = placeOf(property);
	if (place.current) return { ...config, 'current-context': value };
	const { list, name, field } = place;
	if (field === '' || name === '') return fail(`can't set a map to a value: ${property}`);
	const entries = config[list] as readonly Entry[];
	const key = inner[list];
	const old = entries.find((entry) => entry.name === name);
	const next = { name, [key]: { ...(old?.[key] as object), [field]: fieldValue(FIELDS[list][field]!, value, raw) } };
	return { ...config, [list]: old ? entries.map((entry) => (entry === old ? next : entry)) : [...entries, next] };
}

export function unsetProperty(config: KubeConfig, property: string): KubeConfig {
	const place = placeOf(property);
	if (place.current) return { ...config, 'current-context': '' };
	const { list, name, field } = place;
	const entries = config[list] as readonly Entry[];
	if (name === '') return { ...config, [list]: [] };
	if (field === '') return { ...config, [list]: entries.filter((entry) => entry.name !== name) };
	const key = inner[list];
	if (!entries.some((entry) => entry.name === name)) return fail(`current map key \`${name}\` is invalid`);
	const without = (entry: Entry): Entry => {
		const { [field]: _, ...rest } = entry[key] as Record<string, unknown>;
		return { ...entry, [key]: rest };
	};
	return { ...config, [list]: entries.map((entry) => (entry.name === name ? without(entry) : entry)) };
}
