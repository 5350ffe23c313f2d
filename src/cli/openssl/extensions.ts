/**
 * Extensions as people write them: `-addext`, and files like openssl.cnf (crypto/x509/v3_{conf,alt,bcons,bitst,extku,skid}.c,
 * crypto/conf/conf_def.c @ 3.0).
 */
import {
	bits,
	der,
	extension,
	derInteger as integer,
	keyIdentifier,
	oid,
	type RsaPublicKey,
	sequence,
	derText as text,
} from '../../sim/api/index.ts';
import { parseIp } from '../../sim/wire/index.ts';

/** Sections of a file of configuration: names and values, in their order. */
export type Config = ReadonlyMap<string, readonly (readonly [name: string, value: string])[]>;

export function readConfig(source: string): Config {
	const out = new Map<string, (readonly [string, string])[]>([['default', []]]);
	let section = 'default';
	for (const raw of source.replace(/\\\n/g, '').split('\n')) {
		const line = raw.replace(/#.*/, '').trim();
		const named = /^\[\s*(.*?)\s*\]$/.exec(line)?.[1];
		if (named !== undefined) {
			section = named;
			out.set(section, out.get(section) ?? []);
			continue;
		}
		const [, name, value] = /^([^=]+?)\s*=\s*(.*)$/.exec(line) ?? [];
		if (name !== undefined) out.get(section)!.push([name, value!.replace(/^"(.*)"$/, '$1')]);
	}
	return out;
}

const OIDS: Readonly<Record<string, string>> = {
	subjectAltName: '2.5.29.17',
	basicConstraints: '2.5.29.19',
	keyUsage: '2.5.29.15',
	extendedKeyUsage: '2.5.29.37',
	subjectKeyIdentifier: '2.5.29.14',
	authorityKeyIdentifier: '2.5.29.35',
};

const USAGES = [
	'digitalSignature',
	'nonRepudiation',
	'keyEncipherment',
	'dataEncipherment',
	'keyAgreement',
	'keyCertSign',
	'cRLSign',
];

const PURPOSES: Readonly<Record<string, string>> = {
	serverAuth: '1.3.6.1.5.5.7.3.1',
	clientAuth: '1.3.6.1.5.5.7.3.2',
	codeSigning: '1.3.6.1.5.5.7.3.3',
};

export class ExtensionFault extends Error {}

const wrong = (name: string, value: string): never => {
	throw new ExtensionFault(`Error adding extensions: error in extension: name=${name}, value=${value}\n`);
};

function alternatives(value: string, config: Config): Uint8Array {
	const parts = value.split(',').flatMap((part): (readonly [string, string])[] => {
		const word = part.trim();
		if (word.startsWith('@')) return [...(config.get(word.slice(1)) ?? wrong('subjectAltName', value))];
		const at = word.indexOf(':');
		return [[word.slice(0, at), word.slice(at + 1)]];
	});
	return sequence(
		...parts.map(([kind, name]) => {
			const of = kind.replace(/\.\d+$/, '');
			const ip = parseIp(name.trim());
			if (of === 'DNS') return text(0x82, name.trim());
			if (of === 'email') return text(0x81, name.trim());
			if (of === 'URI') return text(0x86, name.trim());
			if (of === 'IP' && ip !== undefined) return der(0x87, [ip >>> 24, (ip >>> 16) & 255, (ip >>> 8) & 255, ip & 255]);
			return wrong('subjectAltName', value);
		}),
	);
}

/** An extension of its name and value; `key` is the certificate's, `signer` who signs it. */
export function extensionOf(
	name: string,
	given: string,
	config: Config,
	keys: { readonly key: RsaPublicKey | undefined; readonly signer?: RsaPublicKey | undefined },
): Uint8Array | undefined {
	const critical = /^critical\s*,?\s*/.test(given);
	const value = given.replace(/^critical\s*,?\s*/, '');
	const type = Object.hasOwn(OIDS, name) ? OIDS[name]! : undefined;
	if (type === undefined)
		throw new ExtensionFault(
			`openssl: the simulator writes no extension ${name}; it has ${Object.keys(OIDS).join(', ')}\n`,
		);
	const words = value.split(',').map((word) => word.trim());
	switch (name) {
		case 'subjectAltName':
			return extension(type, critical, alternatives(value, config));
		case 'basicConstraints': {
			const authority = words.some((word) => /^CA:TRUE$/i.test(word));
			const length = words.map((word) => /^pathlen:(\d+)$/.exec(word)?.[1]).find((n) => n !== undefined);
			if (!words.every((word) => /^(?:CA:(?:TRUE|FALSE)|pathlen:\d+)$/i.test(word))) wrong(name, given);
			return extension(
				type,
				critical,
				sequence(...(authority ? [der(0x01, [255])] : []), ...(length === undefined ? [] : [integer(Number(length))])),
			);
		}
		case 'keyUsage': {
			const set = words.map((word) => USAGES.indexOf(word));
			if (set.includes(-1)) wrong(name, given);
			const octet = set.reduce((all, at) => all | (0x80 >> at), 0);
			return extension(type, critical, bits([octet], 7 - Math.max(...set)));
		}
		case 'extendedKeyUsage':
			return extension(type, critical, sequence(...words.map((word) => oid(PURPOSES[word] ?? wrong(name, given)))));
		case 'subjectKeyIdentifier':
			return keys.key && value !== 'none' ? extension(type, critical, der(0x04, keyIdentifier(keys.key))) : undefined;
		default:
			return keys.signer && value !== 'none'
				? extension(type, critical, sequence(der(0x80, keyIdentifier(keys.signer))))
				: undefined;
	}
}

/** All extensions of a section. */
export const extensionsOf = (
	pairs: readonly (readonly [string, string])[],
	config: Config,
	keys: Parameters<typeof extensionOf>[3],
): readonly Uint8Array[] => pairs.flatMap(([name, value]) => extensionOf(name, value, config, keys) ?? []);
