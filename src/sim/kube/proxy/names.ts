/**
 * Names of kube-proxy's chains: a prefix and sixteen characters of a hash, so that they fit the 28 characters of
 * iptables.
 *
 * Source: kubernetes pkg/proxy/iptables/proxier.go, portProtoHash and servicePortEndpointChainName @ v1.24.0.
 */
import { base32, sha256 } from '../../trace/index.ts';

const ascii = (text: string): Uint8Array => {
	const bytes = new Uint8Array(text.length);
	for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
	return bytes;
};

/** First sixteen characters of base32(sha256(text)): ten octets of the digest. */
export const chainHash = (text: string): string => base32(sha256(ascii(text)).subarray(0, 10));

/** `<namespace>/<service>` and, when the port has a name, `:<port>`: how comments and hashes name a service port. */
export const servicePortName = (namespace: string, service: string, port: string): string =>
	port === '' ? `${namespace}/${service}` : `${namespace}/${service}:${port}`;

/** The per-service chains; which of them exist depends on policies and generation. */
export interface ServiceChains {
	/** Cluster policy: all endpoints. */
	readonly svc: string;
	/** Local policy: this node's endpoints (from 1.24). */
	readonly svl: string;
	/** External destinations (from 1.24). */
	readonly ext: string;
	/** Source ranges of a load balancer. */
	readonly fw: string;
	/** Local policy and external destinations in one (to 1.23). */
	readonly xlb: string;
}

/** `protocol` in lower case. */
export const serviceChains = (name: string, protocol: string): ServiceChains => {
	const hash = chainHash(name + protocol);
	return {
		svc: `KUBE-SVC-${hash}`,
		svl: `KUBE-SVL-${hash}`,
		ext: `KUBE-EXT-${hash}`,
		fw: `KUBE-FW-${hash}`,
		xlb: `KUBE-XLB-${hash}`,
	};
};

/** `endpoint` as `ip:port`. */
export const endpointChain = (name: string, protocol: string, endpoint: string): string =>
	`KUBE-SEP-${chainHash(name + protocol + endpoint)}`;
