/**
 * Bootstrap tokens: Secrets of kube-system that joiners are known by, and signatures of cluster-info by which joiners
 * know the cluster.
 *
 * Source: kubernetes staging/src/k8s.io/cluster-bootstrap/token/{api,jws,util}, cmd/kubeadm/app/apis/bootstraptoken/v1,
 * pkg/controller/bootstrap/{bootstrapsigner,jws}.go @ v1.24.0; kind pkg/cluster/internal/kubeadm/{config,const}.go.
 */
import { type ApiInput, type ApiObject, base64 } from '../../api/index.ts';
import { sha256 } from '../../trace/index.ts';
import { utf8 } from '../../wire/index.ts';
import { fromBase64 } from '../helm-releases.ts';

export const BOOTSTRAP_TYPE = 'bootstrap.kubernetes.io/token';
export const BOOTSTRAP_PREFIX = 'bootstrap-token-';
/** Before the token's id, in cluster-info. */
export const JWS_PREFIX = 'jws-kubeconfig-';
/** The one kind gives its clusters. */
export const KIND_TOKEN = 'abcdef.0123456789abcdef';
export const BOOTSTRAP_GROUP = 'system:bootstrappers:kubeadm:default-node-token';

/** A token's Secret; `end`, as it is written there, for a token that ends. */
export function tokenSecret(
	token: string,
	{
		end,
		description,
		usages = ['signing', 'authentication'],
		groups = BOOTSTRAP_GROUP,
	}: {
		readonly end?: string | undefined;
		readonly description?: string | undefined;
		readonly usages?: readonly string[];
		readonly groups?: string;
	},
): ApiInput {
	const [id = '', secret = ''] = token.split('.');
	const data: Readonly<Record<string, string>> = {
		'auth-extra-groups': groups,
		...(description === undefined ? {} : { description }),
		...(end === undefined ? {} : { expiration: end }),
		'token-id': id,
		'token-secret': secret,
		...Object.fromEntries(usages.map((usage) => [`usage-bootstrap-${usage}`, 'true'])),
	};
	return {
		apiVersion: 'v1',
		kind: 'Secret',
		metadata: { name: `${BOOTSTRAP_PREFIX}${id}`, namespace: 'kube-system' },
		type: BOOTSTRAP_TYPE,
		data: Object.fromEntries(Object.entries(data).map(([key, value]) => [key, base64(value)])),
	};
}

/** A field of a token's Secret as text; what is no base64 is empty. */
export const fieldOf = ({ data }: Pick<ApiObject, string>, name: string): string =>
	String.fromCharCode(...(fromBase64(((data ?? {}) as Readonly<Record<string, string>>)[name] ?? '') ?? []));

const BLOCK = 64;

/** RFC 2104 with SHA-256. */
function hmac(key: Uint8Array, message: Uint8Array): Uint8Array {
	const block = new Uint8Array(BLOCK);
	block.set(key.length > BLOCK ? sha256(key) : key);
	const keyed = (pad: number, text: Uint8Array): Uint8Array => {
		const whole = new Uint8Array(BLOCK + text.length);
		whole.set(block.map((octet) => octet ^ pad));
		whole.set(text, BLOCK);
		return sha256(whole);
	};
	return keyed(0x5c, keyed(0x36, message));
}

const url = (value: string | Uint8Array): string =>
	base64(value).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');

/** A JSON Web Signature with its content left out (jws.go ComputeDetachedSignature). */
export function detachedSignature(content: string, id: string, secret: string): string {
	const header = url(JSON.stringify({ alg: 'HS256', kid: id }));
	return `${header}..${url(hmac(utf8(secret), utf8(`${header}.${url(content)}`)))}`;
}
