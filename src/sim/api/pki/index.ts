/** Keys and certificates. */
export {
	bits,
	type Der,
	der,
	integer as derInteger,
	octetsOf as octetsOfBase64,
	oid,
	oidText,
	pem,
	readDer,
	readPem,
	sequence,
	text as derText,
} from './der.ts';
export { KEYS, type RsaKey, type RsaPublicKey, rsaKey, rsaSign, rsaVerify } from './rsa.ts';
export * from './x509.ts';
