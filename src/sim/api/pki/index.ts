/** Keys and certificates. */
export {
	bits,
	type Der,
	der,
	octetsOf as octetsOfBase64,
	oid,
	oidText,
	pem,
	readDer,
	readPem,
	sequence,
} from './der.ts';
export { KEYS, type RsaKey, type RsaPublicKey, rsaKey, rsaSign, rsaVerify } from './rsa.ts';
export * from './x509.ts';
