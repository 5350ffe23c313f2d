/**
 * A Linux, as far as a packet can tell: namespaces and what is between them.
 *
 * Build a network with `createNet` and the configuration functions (they answer a `LinuxError` value when the kernel
 * would refuse), start servers with `listen` and clients with `connect`, then `run`. A fork goes on separately.
 */
export {
	type BpfBlock,
	type BpfMap,
	type BpfMapHandle,
	type BpfMapSpec,
	type BpfMapType,
	declareMap,
} from './bpf.ts';
export { lookedUp } from './bpf-count.ts';
export { beSeenByBridge } from './bridge-seen.ts';
export {
	type AddressOptions,
	addAddress,
	addNamespace,
	delAddress,
	delNamespace,
	type NamespaceOptions,
	setRuleset,
	setSysctl,
} from './configure.ts';
export { addNeighbour, addRule, delRule, setConnectPrograms, setIpset, setPacketQueue } from './configure-tables.ts';
export {
	addBridge,
	addDummy,
	addPhysical,
	addVeth,
	DEFAULT_DELAY,
	type DeviceChange,
	type DeviceSpec,
	delDevice,
	deviceByName,
	enslave,
	type LinkOptions,
	LOOPBACK_IFINDEX,
	portsOf,
	setDevice,
} from './device.ts';
export { isLinuxError, type LinuxError, type LinuxErrorCode } from './error.ts';
export { type Flow, fibLookup, RT_SCOPE } from './fib.ts';
export { type ListenOptions, listen, unlisten } from './listen.ts';
export { DEFAULT_RULES, DEFAULT_SYSCTLS, kernelAtLeast, RT_TABLE_LOCAL, RT_TABLE_MAIN } from './namespace.ts';
export { neighbourState } from './neigh.ts';
export { neighbourKey } from './neigh-key.ts';
export {
	createNet,
	DEFAULT_BUDGET,
	forkNet,
	type NetOptions,
	type Network,
	type RunOptions,
	type RunResult,
	run,
} from './net.ts';
export * from './netfilter/index.ts';
export { formatAddresses, formatNeighbour, formatNeighbours, formatRoute, formatRoutes, formatRules } from './print.ts';
export { type ConnectOptions, connect, type PingOptions, type PingResult, ping } from './process.ts';
export { drawFrom, hashText } from './random.ts';
export { type RawOptions, sendArp, sendRaw } from './raw.ts';
export { addRoute, type RouteOptions, replaceRoute } from './routes.ts';
export { delRoute } from './routes-del.ts';
export { lookupInput, routeOutput } from './routing.ts';
export type {
	Accepted,
	Client,
	ClientOutcome,
	ConnectProgram,
	Endpoint,
	Listener,
	Respond,
	SockAddr,
	SocketTable,
} from './socket.ts';
export { addressType, isLocalAddress, selectAddress } from './source.ts';
export type { TcpEndpoint, TcpEndpointState } from './tcp-endpoint.ts';
export { addTunnel } from './tunnel.ts';
export type * from './types.ts';
export { type SendToOptions, sendTo } from './udp-sendto.ts';
export { xdpProgram } from './xdp.ts';
