/** How long connections are remembered, and when the trace is told of them. bpf/lib/conntrack.h @ v1.12.1, v1.18.0. */
import { TCP_SYN } from '../../wire/index.ts';
import { monoNow, secToMono } from '../clock.ts';
import { CT_F_RX_CLOSING, CT_F_SEEN_NON_SYN, CT_F_TX_CLOSING, type CtEntry } from './ct-entry.ts';
import type { CtDirection } from './ct-tuple.ts';
import type { MapEnv } from './env.ts';

/** Seconds; pkg/defaults/defaults.go. */
const SYN_TIMEOUT = 60;
export const CLOSE_TIMEOUT = 10;
const NON_TCP_LIFETIME = 60;
const REPORT_INTERVAL = 5;
export const REBALANCE = 60;

/** Whether either end has said that it sends no more (bpf/lib/conntrack.h, ct_entry_closing()). */
export const ctClosing = (entry: CtEntry): boolean => (entry.flags & (CT_F_RX_CLOSING | CT_F_TX_CLOSING)) !== 0;

/** ct_entry_alive(): not closed from both sides. */
export const ctAlive = (entry: CtEntry): boolean =>
	(entry.flags & (CT_F_RX_CLOSING | CT_F_TX_CLOSING)) !== (CT_F_RX_CLOSING | CT_F_TX_CLOSING);

/** An entry in the making: those in the map are never changed in place. */
export type Draft = { -readonly [K in keyof CtEntry]: CtEntry[K] };

/** __ct_update_timeout(): the new lifetime; true when the trace is to be told. */
export const touch = (
	entry: Draft,
	seconds: number,
	direction: CtDirection,
	tcpFlags: number,
	env: MapEnv,
): boolean => {
	const { clock } = env.maps;
	const now = monoNow(clock, env.net.now);
	entry.lifetime = now + secToMono(clock, seconds);
	const rx = direction === 'IN';
	const had = rx ? entry.rxFlagsSeen : entry.txFlagsSeen;
	const last = rx ? entry.lastRxReport : entry.lastTxReport;
	const seen = had | (tcpFlags & 0xff);
	if (last + secToMono(clock, REPORT_INTERVAL) >= now && seen === had) return false;
	if (rx) {
		entry.rxFlagsSeen = seen;
		entry.lastRxReport = now;
	} else {
		entry.txFlagsSeen = seen;
		entry.lastTxReport = now;
	}
	return true;
};

/** ct_update_timeout(). */
export const refresh = (entry: Draft, tcp: boolean, direction: CtDirection, tcpFlags: number, env: MapEnv): boolean => {
	let seconds = NON_TCP_LIFETIME;
	if (tcp) {
		if (!(tcpFlags & TCP_SYN)) entry.flags |= CT_F_SEEN_NON_SYN;
		seconds = entry.flags & CT_F_SEEN_NON_SYN ? env.maps.features.ctTcpLifetime : SYN_TIMEOUT;
	}
	return touch(entry, seconds, direction, tcpFlags, env);
};
