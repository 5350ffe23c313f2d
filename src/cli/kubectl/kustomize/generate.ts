/**
 * ConfigMaps and Secrets out of files, env files and literals.
 *
 * Source: kustomize api/kv/kv.go, api/internal/generators/{configmap,secret,utils}.go @ kustomize/v4.5.4.
 */
import { isRecord } from '../../../sim/api/index.ts';
import { type Draft, KustomizeError, makeResource, type Resource } from './resource.ts';

/** Reads a file of the kustomization. */
export type Load = (path: string) => Promise<string>;
type LoadBytes = (path: string) => Promise<Uint8Array>;

const octets = (text: string): Uint8Array => new TextEncoder().encode(text);
/** Undefined where the octets are no UTF-8. */
function textOf(bytes: Uint8Array): string | undefined {
	try {
		return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
	} catch {
		return undefined;
	}
}
const base64 = (bytes: Uint8Array): string => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));

const words = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(String) : []);
const goList = (list: readonly string[]): string => `[${list.join(' ')}]`;
const wrong = (text: string): never => {
	throw new KustomizeError(text);
};

const unquoted = (text: string): string =>
	text.length >= 2 && text[0] === text.at(-1) && /["']/.test(text[0]!) ? text.slice(1, -1) : text;

const KEY = /^[-._a-zA-Z0-9]+$/;
const ENV = /^[-._a-zA-Z][-._a-zA-Z0-9]*$/;

async function pairsOf(args: Draft, load: LoadBytes): Promise<readonly (readonly [string, Uint8Array])[]> {
	const pairs: (readonly [string, Uint8Array])[] = [];
	const wrapped = async (label: string, body: () => Promise<void> | void): Promise<void> => {
		try {
			await body();
		} catch (fault) {
			if (!(fault instanceof KustomizeError)) throw fault;
			throw new KustomizeError(`loading KV pairs: ${label}: ${fault.message}`);
		}
	};
	const envs = [...words(args.envs), ...(typeof args.env === 'string' && args.env ? [args.env] : [])];
	await wrapped(`env source files: ${goList(envs)}`, async () => {
		for (const path of envs)
			for (const raw of new TextDecoder().decode(await load(path)).split(/\r?\n/)) {
				const line = raw.trimStart();
				if (line === '' || line.startsWith('#')) continue;
				const at = line.indexOf('=');
				const key = at < 0 ? line : line.slice(0, at);
				if (!ENV.test(key))
					wrong(
						`a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', and must not start with a digit (e.g. 'my.env-name',  or 'MY_ENV.NAME',  or 'MyEnvName1', regex used for validation is '[-._a-zA-Z][-._a-zA-Z0-9]*')`,
					);
				pairs.push([key, octets(at < 0 ? '' : line.slice(at + 1))]);
			}
	});
	const literals = words(args.literals);
	await wrapped(`literal sources ${goList(literals)}`, () => {
		for (const literal of literals) {
			const at = literal.indexOf('=');
			if (at <= 0) wrong(`invalid literal source ${literal}, expected key=value`);
			pairs.push([literal.slice(0, at), octets(unquoted(literal.slice(at + 1)))]);
		}
	});
	const files = words(args.files);
	await wrapped(`file sources: ${goList(files)}`, async () => {
		for (const source of files) {
			const parts = source.split('=');
			if (parts.length > 2) wrong("key names or file paths cannot contain '='");
			if (parts.length === 2 && parts[0] === '')
				wrong(`missing key name for file path ${JSON.stringify(parts[1])} in source ${JSON.stringify(source)}`);
			if (parts.length === 2 && parts[1] === '')
				wrong(`missing file path for key name ${JSON.stringify(parts[0])} in source ${JSON.stringify(source)}`);
			const path = parts.at(-1)!;
			pairs.push([parts.length === 2 ? parts[0]! : path.replace(/^.*\//, ''), await load(path)]);
		}
	});
	return pairs;
}

/** Base64 of more than a line has lines of 70 characters (kyaml datamap.go encodeBase64()). */
const broken = (text: string): string =>
	text.length < 70 ? text : (text.match(/.{1,70}/g) ?? []).map((line) => `${line}\n`).join('');

/** One entry of `configMapGenerator` or `secretGenerator`. */
export async function generate(
	kind: 'ConfigMap' | 'Secret',
	args: Draft,
	common: Draft,
	load: LoadBytes,
): Promise<Resource> {
	const name = typeof args.name === 'string' ? args.name : '';
	if (name === '') wrong('a configmap must have a name');
	const data: Record<string, string> = {};
	const binaryData: Record<string, string> = {};
	for (const [key, value] of await pairsOf(args, load)) {
		if (!KEY.test(key))
			wrong(
				`${JSON.stringify(key)} is not a valid key name: a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')`,
			);
		if (Object.hasOwn(data, key) || Object.hasOwn(binaryData, key))
			wrong(`configmap ${name} illegally repeats the key \`${key}\``);
		const words = kind === 'Secret' ? undefined : textOf(value);
		if (words !== undefined) data[key] = words;
		else (kind === 'Secret' ? data : binaryData)[key] = broken(base64(value));
	}
	const own = isRecord(args.options) ? args.options : {};
	const both = (key: string): Draft => ({
		...(isRecord(common[key]) ? common[key] : {}),
		...(isRecord(own[key]) ? own[key] : {}),
	});
	const labels = both('labels');
	const annotations = both('annotations');
	const on = (key: string): boolean => (own[key] ?? common[key]) === true;
	const object: Draft = {
		apiVersion: 'v1',
		kind,
		metadata: {
			name,
			...(typeof args.namespace === 'string' && args.namespace ? { namespace: args.namespace } : {}),
			...(Object.keys(labels).length > 0 ? { labels } : {}),
			...(Object.keys(annotations).length > 0 ? { annotations } : {}),
		},
		...(Object.keys(data).length > 0 ? { data } : {}),
		...(Object.keys(binaryData).length > 0 ? { binaryData } : {}),
		...(kind === 'Secret' ? { type: typeof args.type === 'string' && args.type ? args.type : 'Opaque' } : {}),
		...(on('immutable') ? { immutable: true } : {}),
	};
	return {
		...makeResource(object),
		needsHash: !on('disableNameSuffixHash'),
		...(typeof args.behavior === 'string' ? { behavior: args.behavior } : {}),
	};
}
