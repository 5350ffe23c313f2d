/** What a record says of a map's key and entry: what the agent's tools print of it. */
import { formatMac } from '../../wire/index.ts';
import { minorOf } from '../features.ts';
import type { FoundService } from '../lb-select.ts';
import { ctMapOf } from '../maps/conntrack.ts';
import type { CtEntry } from '../maps/ct-entry.ts';
import type { EndpointInfo } from '../maps/endpoints.ts';
import type { NatEntry } from '../maps/nat-entry.ts';
import type { TupleKey } from '../maps/tuple.ts';
import { ctKeyText, ctLine } from '../print/ct.ts';
import { serviceKeyText, serviceValueText } from '../print/lb.ts';
import { natLine } from '../print/nat.ts';
import { type Ctx, type IpSkb, say } from './context.ts';

interface Row {
	readonly table: string;
	readonly key: string;
	readonly entry?: string;
}

/** `TCP OUT 172.18.0.1:54762 -> 10.244.1.199:8080` */
export const tupleKeyText = (ctx: Ctx, key: TupleKey): string =>
	ctKeyText(key, minorOf(ctx.features.version)).trimEnd();

/** A connection. Nothing is printed when nobody looks. */
export const ctRow = (ctx: Ctx, key: TupleKey, entry: CtEntry): Row | Record<never, never> =>
	ctx.net.recorder
		? {
				table: ctMapOf(ctx.maps, key.proto).spec.name,
				key: tupleKeyText(ctx, key),
				entry: ctLine(key, entry, ctx.features.version).trimEnd(),
			}
		: {};

/** The entry by which a packet's connection is known. */
export const sayKnown = (skb: IpSkb, ctx: Ctx, { key, entry }: { readonly key: TupleKey; readonly entry: CtEntry }) =>
	say(ctx, skb, 'hit', { code: 'cilium.ct-known' }, ctRow(ctx, key, entry));

/** A translation; without an entry, the question alone. */
export const natRow = (ctx: Ctx, key: TupleKey, entry?: NatEntry): Row | Record<never, never> =>
	ctx.net.recorder
		? {
				table: ctx.maps.snat.spec.name,
				key: tupleKeyText(ctx, key),
				...(entry ? { entry: natLine(ctx.maps, key, entry, ctx.net.now) } : {}),
			}
		: {};

/** A service, with the slot of the backend that was chosen. */
export const serviceRow = (
	ctx: Ctx,
	{ key, service }: FoundService,
	backendId?: number,
): Row | Record<never, never> => {
	if (!ctx.net.recorder) return {};
	const { maps, ns } = ctx;
	let at = key;
	let value = service;
	for (let slot = 1; backendId !== undefined && slot <= service.count; slot++) {
		const candidate = maps.services.peek(ns, { ...key, slot });
		if (candidate?.backendId !== backendId) continue;
		at = { ...key, slot };
		value = candidate;
		break;
	}
	return {
		table: maps.services.spec.name,
		key: serviceKeyText(maps, at),
		entry: serviceValueText(maps, ns, at, value),
	};
};

/** An endpoint as `cilium bpf endpoint list` shows it. */
export const endpointEntry = (ep: EndpointInfo): string =>
	ep.host
		? '(localhost)'
		: `id=${ep.lxcId} flags=0x0000 ifindex=${ep.ifindex} mac=${formatMac(ep.mac)} nodemac=${formatMac(ep.nodeMac)}`;
