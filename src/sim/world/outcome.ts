/** What a connection came to, out of the client's handle and the records. */
import type { Decision, Headers } from '../trace/index.ts';
import { formatIp } from '../wire/index.ts';
import type { Hop } from './types.ts';

const addresses = (headers: Headers): { src: string; dst: string; ttl: number } => ({
	src: formatIp(headers.src),
	dst: formatIp(headers.dst),
	ttl: headers.ttl,
});

/**
 * The devices a packet passed, in order: one hop per record of a device that received or sent it. Broadcast copies
 * that a bridge floods to other ports are hops too, as a capture would show them.
 */
export function hopsOf(trace: readonly Decision[], packet: number | undefined): readonly Hop[] {
	if (packet === undefined) return [];
	const hops: Hop[] = [];
	for (const { packet: id, hook, ns, dev, before, after } of trace) {
		if (id !== packet || (hook !== 'rx' && hook !== 'tx')) continue;
		const headers = after ?? before;
		if (!headers) continue;
		hops.push({
			namespace: ns,
			device: dev ?? '',
			direction: hook,
			...addresses(headers),
			...(headers.inner ? { inner: addresses(headers.inner) } : {}),
		});
	}
	return hops;
}
