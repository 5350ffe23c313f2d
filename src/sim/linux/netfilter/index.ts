/** netfilter: rules, the engine that walks them, connection tracking and NAT. */

export {
	type Connection,
	type ConnectionDirection,
	type Conntrack,
	connectionsAt,
	createConntrack,
	deleteConnections,
	forkConntrack,
	NF_CONNTRACK_MAX,
	type TcpState,
} from './conntrack.ts';
export { formatConntrack } from './conntrack-format.ts';
export { relatedTo } from './conntrack-in.ts';
export type { IpSkb, NetfilterContext, NetfilterServices, SocketView } from './context.ts';
export { type HookVerdict, netfilterHook } from './hook.ts';
export { jhash2 } from './jhash.ts';
export { applyPatch, applyPatches, BUILTIN_CHAINS, emptyRuleset, emptyTable } from './patch.ts';
export { forkRecent, type Recent } from './recent.ts';
export type { SaveError, SaveErrorCode } from './save-error.ts';
export { LOG_FLAGS, LOG_LEVELS, printRate } from './save-names.ts';
export { type ParsedSave, parseIptablesSave } from './save-parse.ts';
export { printProbability, printRule } from './save-print.ts';
export { printIptablesSave } from './save-text.ts';
export { CONNTRACK_TIMEOUTS } from './tracker.ts';
export type { Tuple } from './tuple.ts';
export type * from './types.ts';
