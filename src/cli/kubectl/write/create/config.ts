/**
 * `kubectl create configmap` and `secret`: keys from literals, files and lines of files.
 *
 * Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/create/create_{configmap,secret,secret_tls,secret_docker}.go,
 * pkg/cmd/util/env_file.go, pkg/util/{util,hash/hash}.go @ v0.24.0.
 */
import { base64 } from '../../../../sim/api/index.ts';
import { hex, sha256 } from '../../../../sim/trace/index.ts';
import type { Command, Flag } from '../../../cobra/index.ts';
import { fail, type Kube } from '../../kube.ts';
import { goJson } from '../../print/index.ts';
import { kindCommand, type Made, metaOf } from './made.ts';

interface Entry {
	readonly key: string;
	readonly bytes: Uint8Array;
	/** Undefined when it is no UTF-8. */
	readonly text: string | undefined;
}

const textOf = (bytes: Uint8Array): string | undefined => {
	try {
		return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
	} catch {
		return undefined;
	}
};

const entryOf = (key: string, bytes: Uint8Array): Entry => ({ key, bytes, text: textOf(bytes) });
const literal = (key: string, text: string): Entry => ({ key, bytes: new TextEncoder().encode(text), text });

/** Octets in base64. */
export function base64Of({ bytes, text }: Pick<Entry, 'bytes' | 'text'>): string {
	if (text !== undefined) return base64(text);
	let binary = '';
	for (const byte of bytes) binary += String.fromCharCode(byte);
	return btoa(binary);
}

function literals(sources: readonly string[]): readonly Entry[] {
	return sources.map((source) => {
		const equals = source.indexOf('=');
		if (equals < 1) return fail(`invalid literal source ${source}, expected key=value`);
		return literal(source.slice(0, equals), source.slice(equals + 1));
	});
}

function fileSource(source: string): { readonly key: string; readonly path: string } {
	const count = source.split('=').length - 1;
	if (count === 0) return { key: source.replace(/\/+$/, '').split('/').at(-1)!, path: source };
	if (count > 1) return fail("key names or file paths cannot contain '='");
	if (source.startsWith('=')) return fail(`key name for file path ${source.slice(1)} missing`);
	if (source.endsWith('=')) return fail(`file path for key name ${source.slice(0, -1)} missing`);
	const [key, path] = source.split('=') as [string, string];
	return { key, path };
}

async function filesOf(kube: Kube, sources: readonly string[]): Promise<readonly Entry[]> {
	const { files } = kube.run.call;
	const out: Entry[] = [];
	for (const source of sources) {
		const { key, path } = fileSource(source);
		const list = await files.list(path);
		if (list) {
			if (source.includes('=')) return fail('cannot give a key name for a directory path');
			for (const name of [...list].sort()) {
				const inside = `${path.replace(/\/+$/, '')}/${name}`;
				if (await files.list(inside)) continue;
				const bytes = await files.readBytes(inside);
				if (bytes) out.push(entryOf(name, bytes));
			}
			continue;
		}
		const bytes = await files.readBytes(path);
		if (bytes === undefined) return fail(`error reading ${path}: no such file or directory`);
		out.push(entryOf(key, bytes));
	}
	return out;
}

const ENV_NAME = /^[-._a-zA-Z][-._a-zA-Z0-9]*$/;
export const ENV_NAME_TEXT =
	"a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', and must not start with a digit (e.g. 'my.env-name',  or 'MY_ENV.NAME',  or 'MyEnvName1', regex used for validation is '[-._a-zA-Z][-._a-zA-Z0-9]*')";

async function envFiles(kube: Kube, paths: readonly string[], folder: string): Promise<readonly Entry[]> {
	const { files, env } = kube.run.call;
	const out: Entry[] = [];
	for (const path of paths) {
		if (await files.list(path)) return fail(folder);
		const content = await files.read(path);
		if (content === undefined) return fail(`error reading ${path}: no such file or directory`);
		for (const raw of content.replace(/^\ufeff/, '').split('\n')) {
			const line = raw.replace(/\r$/, '').trimStart();
			if (line === '' || line.startsWith('#')) continue;
			const equals = line.indexOf('=');
			const key = equals < 0 ? line : line.slice(0, equals);
			if (!ENV_NAME.test(key)) return fail(`${JSON.stringify(key)} is not a valid key name: ${ENV_NAME_TEXT}`);
			out.push(literal(key, equals < 0 ? (env.get(key) ?? '') : line.slice(equals + 1)));
		}
	}
	return out;
}

/** Why a text is no key of a ConfigMap or Secret. */
function keyErrors(key: string): readonly string[] {
	const errors: string[] = [];
	if (key.length > 253) errors.push('must be no more than 253 characters');
	if (!/^[-._a-zA-Z0-9]+$/.test(key))
		errors.push(
			"a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')",
		);
	if (key === '.') errors.push("must not be '.'");
	if (key === '..') errors.push("must not be '..'");
	else if (key.startsWith('..')) errors.push("must not start with '..'");
	return errors;
}

async function entries(kube: Kube, folder: string): Promise<readonly Entry[]> {
	const { flags } = kube.run;
	const env = flags.list('from-env-file');
	const files = flags.list('from-file');
	const given = flags.list('from-literal');
	if (env.length > 0 && files.length + given.length > 0)
		return fail('from-env-file cannot be combined with from-file or from-literal');
	return [...(await filesOf(kube, files)), ...literals(given), ...(await envFiles(kube, env, folder))];
}

const byKey = (list: readonly Entry[], value: (entry: Entry) => string): Record<string, string> =>
	Object.fromEntries([...list].sort((a, b) => (a.key < b.key ? -1 : 1)).map((entry) => [entry.key, value(entry)]));

const SOURCES: readonly Flag[] = [
	{
		name: 'from-file',
		type: 'strings',
		usage:
			'Key file can be specified using its file path, in which case file basename will be used as key, or optionally with a key and file path, in which case the given key will be used.  Specifying a directory will iterate each named file in the directory whose basename is a valid key.',
	},
	{
		name: 'from-literal',
		type: 'array',
		usage: 'Specify a key and literal value to insert (i.e. mykey=somevalue)',
	},
	{
		name: 'from-env-file',
		type: 'strings',
		usage: 'Specify the path to a file to read lines of key=val pairs.',
	},
];
const APPEND_HASH: Flag = { name: 'append-hash', type: 'bool', usage: 'Append a hash of the object to its name.' };

/** `encodeHash`: no vowels. */
const hashOf = (content: Made): string =>
	hex(sha256(new TextEncoder().encode(goJson(content, 0))))
		.slice(0, 10)
		.replace(/[013ae]/g, (c) => ({ '0': 'g', '1': 'h', '3': 'k', a: 'm', e: 't' })[c]!);

export const configMap: Command = kindCommand({
	name: 'configmap',
	aliases: ['cm'],
	use: 'NAME [--from-file=[key=]source] [--from-literal=key1=value1] [--dry-run=server|client|none]',
	short: 'Create a config map from a local file, directory or literal value',
	flags: [...SOURCES, APPEND_HASH],
	failed: 'failed to create configmap: ',
	async make(kube, name) {
		const list = await entries(kube, 'env config file cannot be a directory');
		const seen = new Map<string, Entry>();
		for (const entry of list) {
			const errors = keyErrors(entry.key);
			if (errors.length > 0)
				fail(`${JSON.stringify(entry.key)} is not a valid key name for a ConfigMap: ${errors.join(',')}`);
			const before = seen.get(entry.key);
			if (before)
				fail(
					`cannot add key ${JSON.stringify(entry.key)}, another key by that name already exists in ${before.text === undefined ? 'BinaryData' : 'Data'} for ConfigMap ${JSON.stringify(name)}`,
				);
			seen.set(entry.key, entry);
		}
		const data = byKey(
			list.filter((entry) => entry.text !== undefined),
			(entry) => entry.text!,
		);
		const binaryData = byKey(
			list.filter((entry) => entry.text === undefined),
			base64Of,
		);
		const binary = Object.keys(binaryData).length > 0 ? { binaryData } : {};
		const full = kube.run.flags.on('append-hash')
			? `${name}-${hashOf({ kind: 'ConfigMap', name, data, ...binary })}`
			: name;
		return {
			kind: 'ConfigMap',
			apiVersion: 'v1',
			metadata: metaOf(kube, full),
			...(Object.keys(data).length > 0 ? { data } : {}),
			...binary,
		};
	},
});

function secretOf(kube: Kube, name: string, type: string, list: readonly Entry[]): Made {
	const seen = new Set<string>();
	for (const { key } of list) {
		const errors = keyErrors(key);
		if (errors.length > 0) fail(`${JSON.stringify(key)} is not valid key name for a Secret ${errors.join(';')}`);
		if (seen.has(key)) fail(`cannot add key ${key}, another key by that name already exists`);
		seen.add(key);
	}
	const data = byKey(list, base64Of);
	const full = kube.run.flags.on('append-hash') ? `${name}-${hashOf({ kind: 'Secret', type, name, data })}` : name;
	return {
		kind: 'Secret',
		apiVersion: 'v1',
		metadata: metaOf(kube, full),
		...(Object.keys(data).length > 0 ? { data } : {}),
		...(type ? { type } : {}),
	};
}

const FAILED = 'failed to create secret ';

const generic: Command = kindCommand({
	name: 'generic',
	use: 'NAME [--type=string] [--from-file=[key=]source] [--from-literal=key1=value1] [--dry-run=server|client|none]',
	short: 'Create a secret from a local file, directory, or literal value',
	flags: [...SOURCES, APPEND_HASH, { name: 'type', type: 'string', usage: 'The type of secret to create' }],
	failed: FAILED,
	make: async (kube, name) =>
		secretOf(kube, name, kube.run.flags.text('type'), await entries(kube, 'env secret file cannot be a directory')),
});

async function pem(kube: Kube, path: string, what: 'certificate' | 'key'): Promise<Entry> {
	const bytes = await kube.run.call.files.readBytes(path);
	if (bytes === undefined) return fail(`Cannot read file ${path}, open ${path}: no such file or directory`);
	const entry = entryOf(what === 'key' ? 'tls.key' : 'tls.crt', bytes);
	const block = what === 'key' ? /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----/ : /-----BEGIN CERTIFICATE-----/;
	if (!block.test(entry.text ?? '')) return fail(`tls: failed to find any PEM data in ${what} input`);
	return entry;
}

const tls: Command = kindCommand({
	name: 'tls',
	use: 'NAME --cert=path/to/cert/file --key=path/to/key/file [--dry-run=server|client|none]',
	short: 'Create a TLS secret',
	flags: [
		{ name: 'cert', type: 'string', usage: 'Path to PEM encoded public key certificate.' },
		{ name: 'key', type: 'string', usage: 'Path to private key associated with given certificate.' },
		APPEND_HASH,
	],
	failed: FAILED,
	async make(kube, name) {
		const { flags } = kube.run;
		if (!flags.text('key') || !flags.text('cert')) return fail('key and cert must be specified');
		const cert = await pem(kube, flags.text('cert'), 'certificate');
		const key = await pem(kube, flags.text('key'), 'key');
		return secretOf(kube, name, 'kubernetes.io/tls', [cert, key]);
	},
});

const dockerRegistry: Command = kindCommand({
	name: 'docker-registry',
	use: 'NAME --docker-username=user --docker-password=password --docker-email=email [--docker-server=string] [--from-file=[key=]source] [--dry-run=server|client|none]',
	short: 'Create a secret for use with a Docker registry',
	flags: [
		SOURCES[0]!,
		{ name: 'docker-email', type: 'string', usage: 'Email for Docker registry' },
		{ name: 'docker-password', type: 'string', usage: 'Password for Docker registry authentication' },
		{
			name: 'docker-server',
			type: 'string',
			default: 'https://index.docker.io/v1/',
			usage: 'Server location for Docker registry',
		},
		{ name: 'docker-username', type: 'string', usage: 'Username for Docker registry authentication' },
		APPEND_HASH,
	],
	failed: FAILED,
	async make(kube, name) {
		const { flags } = kube.run;
		const type = 'kubernetes.io/dockerconfigjson';
		const files = flags.list('from-file');
		if (files.length > 0) return secretOf(kube, name, type, await filesOf(kube, files));
		const [username, password, email, server] = ['username', 'password', 'email', 'server'].map((key) =>
			flags.text(`docker-${key}`),
		) as [string, string, string, string];
		if (!username || !password || !server)
			return fail(
				'either --from-file or the combination of --docker-username, --docker-password and --docker-server is required',
			);
		const auth = base64(`${username}:${password}`);
		const config = { auths: { [server]: { username, password, ...(email ? { email } : {}), auth } } };
		return secretOf(kube, name, type, [literal('.dockerconfigjson', JSON.stringify(config))]);
	},
});

export const secret: Command = {
	name: 'secret',
	use: '(docker-registry | generic | tls)',
	short: 'Create a secret using specified subcommand',
	commands: [dockerRegistry, generic, tls],
};
