/** CustomResourceDefinitions that Cilium's operator registers, by version. */
import type { ApiInput } from './object.ts';

export type CiliumFeature = 'bgp' | 'egress-gateway' | 'local-redirect' | 'envoy' | 'gateway-api' | 'endpoint-slice';

/** The definitions a version registers with these features on. */
export const ciliumDefinitions = (
	_version: string,
	_features: readonly CiliumFeature[] = [],
): readonly ApiInput[] => [];
