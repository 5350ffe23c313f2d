/** netfilter: rules, the engine that walks them, connection tracking and NAT. */
export {
	type Connection,
	type ConnectionDirection,
	type Conntrack,
	connectionsAt,
	createConntrack,
	forkConntrack,
	NF_CONNTRACK_MAX,
	type TcpState,
} from './conntrack.ts';
export type { IpSkb, NetfilterContext, NetfilterServices, SocketView } from './context.ts';
export { applyPatches, BUILTIN_CHAINS, emptyTable } from './patch.ts';
export { forkRecent, type Recent } from './recent.ts';
export type { Tuple } from './tuple.ts';
export type * from './types.ts';
