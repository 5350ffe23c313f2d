/** Security identities (pkg/identity/numericidentity.go) and how a packet carries one in its mark (bpf/lib/identity.h). */
import { sha256 } from '../trace/index.ts';

export const ID_HOST = 1;
export const ID_WORLD = 2;
export const ID_HEALTH = 4;
export const ID_REMOTE_NODE = 6;
/** A remote node that runs an API server. */
export const ID_KUBE_APISERVER = 7;

/** identity_is_remote_node(): bpf/lib/identity.h. */
export const isRemoteNode = (identity: number): boolean =>
	identity === ID_REMOTE_NODE || identity === ID_KUBE_APISERVER;

/** Labels the agent does not count (`--labels` defaults), as far as ours go. */
const IGNORED = new Set(['pod-template-hash', 'controller-revision-hash', 'statefulset.kubernetes.io/pod-name']);

/** The first 32 bits of a text's SHA-256: a number that is the same everywhere. */
export const hash32 = (text: string): number => {
	const bytes = new Uint8Array(text.length);
	for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
	const digest = sha256(bytes);
	return ((digest[0]! << 24) | (digest[1]! << 16) | (digest[2]! << 8) | digest[3]!) >>> 0;
};

/**
 * The cluster-scoped identity of a namespace and its pod's labels, 256 to 65535. The real allocator numbers label
 * sets as they come (CiliumIdentity objects); ours hashes them, so that a scenario has the same numbers every time.
 */
export const identityOf = (namespace: string, labels: Readonly<Record<string, string>>): number => {
	const text = Object.entries(labels)
		.filter(([key]) => !IGNORED.has(key))
		.map(([key, value]) => `${key}=${value}`)
		.sort()
		.join(';');
	return 256 + (hash32(`identity\0${namespace}\0${text}`) % (65536 - 256));
};

const MARK_MAGIC_IDENTITY = 0x0f00;

/** set_identity_mark(): magic, the low 16 bits in the upper half, the rest in the low byte. Other bits are lost. */
export const identityMark = (identity: number): number =>
	((((identity & 0xffff) << 16) >>> 0) | MARK_MAGIC_IDENTITY | ((identity >>> 16) & 0xff)) >>> 0;

/** get_identity() of a mark with the identity magic; undefined otherwise. 0x0c00 is the host itself. */
export const identityOfMark = (mark: number): number | undefined => {
	const magic = mark & 0x0f00;
	if (magic === MARK_MAGIC_IDENTITY) return (((mark & 0xff) << 16) | (mark >>> 16)) >>> 0;
	return magic === 0x0c00 ? ID_HOST : undefined;
};
