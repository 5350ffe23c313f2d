/** What openssl reads and writes: keys and certificates in files, or standard input and output. */
import { pem, publicKeyOf, type RsaKey, readCertificate, readPem } from '../../sim/api/index.ts';
import type { Call } from '../tool.ts';
import { readKey } from './keys.ts';
import { type Options, Refused } from './options.ts';

/** A file's text, or standard input's. */
export async function input(call: Call, path: string | undefined, what: string): Promise<string> {
	if (path === undefined || path === '-') return call.stdin;
	const text = await call.files.read(path);
	if (text !== undefined) return text;
	throw new Refused(
		`Could not open file or uri for loading ${what} from ${path}\n40E7D0A1B77F0000:error:16000069:STORE routines:ossl_store_get0_loader_int:unregistered scheme:../crypto/store/store_register.c:237:scheme=file\n40E7D0A1B77F0000:error:80000002:system library:file_open:No such file or directory:../providers/implementations/storemgmt/file_store.c:267:calling stat(${path})\nUnable to load ${what}\n`,
	);
}

export async function output(call: Call, path: string | undefined, text: string): Promise<void> {
	if (path === undefined || path === '-') call.out(text);
	else await call.files.write(path, text);
}

export const unable = (what: string, path: string | undefined): never => {
	throw new Refused(`Could not read ${what} from ${path ?? '<stdin>'}\nUnable to load ${what}\n`);
};

export const keyIn = async (call: Call, path: string | undefined, what = 'private key'): Promise<RsaKey> =>
	readKey(await input(call, path, what)) ?? unable(what, path);

export async function certificateIn(call: Call, path: string | undefined, plain = false) {
	if (plain) {
		if (path === undefined) throw new Refused('x509: the simulator reads DER from files: give -in\n');
		const octets = await call.files.readBytes(path);
		if (octets) return { read: readCertificate(octets) ?? unable('certificate', path), octets };
	}
	const block = readPem(await input(call, path, 'certificate'));
	const found = block?.type === 'CERTIFICATE' ? readCertificate(block.octets) : undefined;
	return { read: found ?? unable('certificate', path), octets: block!.octets };
}

/** Writes a key as `-outform` asks. */
export async function emit(call: Call, o: Options, type: string, octets: Uint8Array): Promise<void> {
	const out = o.value('out');
	if (!/^der$/i.test(o.value('outform') ?? '')) await output(call, out, pem(type, octets));
	else if (out === undefined || out === '-') call.outBytes(octets);
	else await call.files.write(out, octets);
}

/** The two numbers of a public key that `-pubin` reads, as X.509 has them (RFC 5280, 4.1.2.7). */
export async function publicKeyIn(call: Call, o: Options) {
	const path = o.value('in');
	const text = await input(call, path, 'Public Key');
	const block = readPem(text.slice(Math.max(0, text.search(/-----BEGIN PUBLIC KEY/))));
	const key = block?.type === 'PUBLIC KEY' ? publicKeyOf(block.octets) : undefined;
	return key ?? unable('Public Key', path);
}
