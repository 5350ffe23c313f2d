/**
 * Services that share an address of LB-IPAM, from 1.15.
 *
 * Source: cilium operator/pkg/lbipam/service_store.go isCompatible() @ v1.15.0 (no other namespaces, no reasons), v1.16.0,
 * v1.18.3 (protocols are told apart from 1.17).
 */
import { type Service, same } from '../../cluster/kinds.ts';
import type { Condition } from './lb-ranges.ts';

export type Balanced = Service & {
	readonly spec: { readonly loadBalancerIP?: string; readonly loadBalancerClass?: string };
	readonly status?: { readonly conditions?: readonly Condition[] };
};

const annotation = ({ metadata }: Balanced, name: string): string =>
	metadata.annotations?.[`lbipam.cilium.io/${name}`] ?? metadata.annotations?.[`io.cilium/lb-ipam-${name}`] ?? '';

/** Services with the same one may share; undefined without. */
export const sharingKey = (service: Balanced, minor: number): string | undefined =>
	(minor >= 15 && annotation(service, 'sharing-key')) || undefined;

/** Why a service may not have the address another one has; undefined when it may. */
export function incompatible(other: Balanced, service: Balanced, minor: number): string | undefined {
	const key = sharingKey(service, minor);
	if (key === undefined || key !== sharingKey(other, minor)) return 'different sharing key';
	const lets = (from: Balanced, to: Balanced): boolean =>
		minor >= 16 &&
		annotation(from, 'sharing-cross-namespace')
			.split(',')
			.some((name) => name === '*' || name === to.metadata.namespace);
	if (other.metadata.namespace !== service.metadata.namespace && !(lets(other, service) && lets(service, other)))
		return 'different and not permitted namespace';
	const protocols = minor >= 17;
	for (const a of other.spec.ports ?? [])
		for (const b of service.spec.ports ?? [])
			if (a.port === b.port && (!protocols || (a.protocol ?? 'TCP') === (b.protocol ?? 'TCP')))
				return protocols ? 'same port and protocol' : 'same port';
	const policy = service.spec.externalTrafficPolicy ?? 'Cluster';
	if ((other.spec.externalTrafficPolicy ?? 'Cluster') !== policy) return 'different ExternalTrafficPolicy';
	const { selector = {} } = service.spec;
	const none = Object.keys(selector).length === 0;
	return policy === 'Local' && (none || !same(selector, other.spec.selector ?? {}))
		? 'compatible ExternalTrafficPolicy local but selecting different set of pods'
		: undefined;
}
