/**
 * Load balancing at the socket: programs on the node's root cgroup see what a process asks for and put a backend in its
 * place, so that no packet ever carries the service's address. bpf/bpf_sock.c @ v1.12.1, v1.18.0.
 */
import { type ConnectProgram, hashText, type Namespace, type SockAddr } from '../../linux/index.ts';
import { IPPROTO_TCP, type Ip } from '../../wire/index.ts';
import { ID_HOST, ID_KUBE_APISERVER, ID_REMOTE_NODE } from '../identity.ts';
import {
	type FoundService,
	isAffinity,
	lb4AffinityBackendId,
	lb4LookupBackend,
	lb4LookupService,
	lb4SlotBackend,
	lb4UpdateAffinity,
} from '../lb-select.ts';
import type { MapEnv } from '../maps/conntrack.ts';
import { ipcacheLookup4 } from '../maps/ipcache.ts';
import {
	endpointText,
	type Lb4Backend,
	SVC_EXTERNAL_IP,
	SVC_HOSTPORT,
	SVC_LOADBALANCER,
	SVC_NODEPORT,
	SVC2_LOOPBACK,
} from '../maps/services.ts';
import type { NodeConfig } from './node.ts';

/** What the programs of a node know beside its maps. */
export interface SockConfig {
	readonly node: NodeConfig;
	/** Namespace of the node: its maps, and the one whose processes are "in the host". */
	readonly nodeNs: string;
	/** ENABLE_SOCKET_LB_HOST_ONLY: pods' sockets are left alone. */
	readonly hostOnly: boolean;
	/** node-port-bind-protection. */
	readonly bindProtection: boolean;
}

interface Env extends MapEnv {
	readonly net: SockAddr['net'];
}

const envOf = (config: SockConfig, address: SockAddr): Env | undefined => {
	const ns = address.net.namespaces.get(config.nodeNs);
	return ns && { net: address.net, ns, maps: config.node.maps };
};

const inHost = (config: SockConfig, ns: Namespace): boolean => ns.name === config.nodeNs;

/**
 * sock4_wildcard_lookup_full(): a NodePort is reached by any address of any node (and by loopback in the host), by the
 * entry that stands for all.
 */
export const wildcardLookup = (
	env: MapEnv,
	{ ip, port, protocol }: { readonly ip: Ip; readonly port: number; readonly protocol: number },
	host: boolean,
): FoundService | undefined => {
	const [first, last] = env.maps.lb.nodePortRange;
	const nodePort = port >= first && port <= last;
	const found = nodePortLookup(env, { ip, port, protocol }, host, nodePort);
	if (!found || !(found.service.flags & (nodePort ? SVC_NODEPORT : SVC_HOSTPORT))) return undefined;
	// A HostPort on 127.0.0.1 is for processes of the host that ask for it there.
	return !nodePort && found.service.flags2 & SVC2_LOOPBACK && ip >>> 24 !== 127 ? undefined : found;
};

/** sock4_wildcard_lookup(): the entry for all addresses, where the address is one of this node (or of `remote` ones). */
const nodePortLookup = (
	env: MapEnv,
	{ ip, port, protocol }: { readonly ip: Ip; readonly port: number; readonly protocol: number },
	host: boolean,
	remote: boolean,
): FoundService | undefined => {
	const identity = ipcacheLookup4(env.maps.ipcache, env.ns, ip)?.identity;
	const node = identity === ID_HOST || (remote && (identity === ID_REMOTE_NODE || identity === ID_KUBE_APISERVER));
	if (!(ip >>> 24 === 127 && host) && !node) return undefined;
	return lb4LookupService(env, { daddr: 0, dport: port, proto: protocol }, true);
};

/** Backend by lot for TCP, by the socket's cookie for UDP; never by Maglev. */
const chooseBackend = (env: Env, address: SockAddr, found: FoundService): readonly [number, Lb4Backend] | undefined => {
	const { service } = found;
	const who = { client: netnsCookie(address.ns), netnsCookie: true };
	let id = isAffinity(service) ? lb4AffinityBackendId(env, service, who) : 0;
	let backend = lb4LookupBackend(env, id);
	if (!backend) {
		if (service.count === 0) return undefined;
		const draw = `${address.ns.name} ${address.cookie} ${endpointText(address.ip, address.port)}`;
		const slot =
			address.protocol === IPPROTO_TCP
				? env.net.random('cilium.sock', draw, service.count)
				: address.cookie % service.count;
		id = lb4SlotBackend(env, found, slot + 1) ?? 0;
		backend = lb4LookupBackend(env, id);
		if (!backend) return undefined;
	}
	if (isAffinity(service)) lb4UpdateAffinity(env, service, who, id);
	return [id, backend];
};

/** bpf_get_netns_cookie(): a number of the namespace. */
const netnsCookie = (ns: Namespace): number => hashText(0x5eed, ns.name);

const note = (
	address: SockAddr,
	program: string,
	verdict: 'pass' | 'dnat' | 'snat' | 'drop' | 'hit' | 'miss',
	why: Parameters<NonNullable<SockAddr['net']['recorder']>['record']>[0]['why'],
	more: { readonly table?: string; readonly key?: string; readonly entry?: string } = {},
): void => {
	address.net.recorder?.record({
		time: address.net.now,
		packet: address.packet,
		ns: address.ns.name,
		hook: 'cgroup',
		chain: program,
		verdict,
		why,
		...more,
	});
};

const skipXlate = (env: Env, { service }: FoundService, ip: Ip): boolean => {
	const external = (service.flags & SVC_EXTERNAL_IP) !== 0;
	const hostPort = (service.flags & SVC_HOSTPORT) !== 0 && ip >>> 24 !== 127;
	if (!external && !hostPort) return false;
	return ipcacheLookup4(env.maps.ipcache, env.ns, ip)?.identity !== ID_HOST;
};

/** __sock4_xlate_fwd(). */
const forward =
	(config: SockConfig, name: string) =>
	(address: SockAddr): ReturnType<ConnectProgram['run']> => {
		const env = envOf(config, address);
		const host = inHost(config, address.ns);
		if (!env || (config.hostOnly && !host)) return 'allow';
		const { ip, port, protocol } = address;
		const frontend = endpointText(ip, port);
		const direct = lb4LookupService(env, { daddr: ip, dport: port, proto: protocol }, true);
		const found = direct ?? wildcardLookup(env, address, host);
		const table = { table: env.maps.services.spec.name, key: frontend };
		if (!found) {
			note(address, name, 'miss', { code: 'cilium.sock-none', frontend }, table);
			return 'allow';
		}
		const chosen = chooseBackend(env, address, found);
		if (!chosen) {
			const errno = env.maps.features.sockNoBackend;
			if (errno === 'pass') {
				note(address, name, 'miss', { code: 'cilium.sock-none', frontend }, table);
				return 'allow';
			}
			note(address, name, 'drop', { code: 'cilium.sock-no-backend', frontend, errno }, table);
			return errno === 'EPERM' ? 'deny' : { errno };
		}
		// sock4_skip_xlate(): addresses that are not this node's may need what happens on the way.
		if (skipXlate(env, found, ip)) {
			note(address, name, 'miss', { code: 'cilium.sock-none', frontend }, table);
			return 'allow';
		}
		const [, backend] = chosen;
		const { revNatIndex } = found.service;
		env.maps.reverseSk.update(
			env.ns,
			{ cookie: address.cookie, address: backend.address, port: backend.port },
			{ address: ip, port, revNatIndex },
		);
		const to = endpointText(backend.address, backend.port);
		note(address, name, 'dnat', { code: 'cilium.sock-connect', frontend, backend: to }, { ...table, entry: to });
		address.ip = backend.address;
		address.port = backend.port;
		return 'allow';
	};

/** __sock4_xlate_rev(): the process is told the address it asked for. */
const backward =
	(config: SockConfig, name: string) =>
	(address: SockAddr): 'allow' => {
		const env = envOf(config, address);
		if (!env) return 'allow';
		const { cookie, ip, port } = address;
		const key = { cookie, address: ip, port };
		const entry = env.maps.reverseSk.lookup(env.ns, key);
		if (!entry) return 'allow';
		const frontend = endpointText(entry.address, entry.port);
		const backend = endpointText(ip, port);
		const row = { table: env.maps.reverseSk.spec.name, key: `${cookie} ${backend}`, entry: frontend };
		// The service must still be the same one, and from 1.13 have a backend.
		const asked = { ip: entry.address, port: entry.port, protocol: address.protocol };
		const service = (
			lb4LookupService(env, { daddr: asked.ip, dport: asked.port, proto: asked.protocol }, true) ??
			wildcardLookup(env, asked, inHost(config, address.ns))
		)?.service;
		const empty = service?.count === 0 && env.maps.features.sockNoBackend !== 'pass';
		if (service?.revNatIndex !== entry.revNatIndex || empty) {
			env.maps.reverseSk.remove(env.ns, key);
			note(address, name, 'miss', { code: 'cilium.sock-stale', frontend, backend }, row);
			return 'allow';
		}
		note(address, name, 'snat', { code: 'cilium.sock-reverse', frontend, backend }, row);
		address.ip = entry.address;
		address.port = entry.port;
		return 'allow';
	};

/** __sock4_post_bind(): no process of the host may take the address and port of a service that is reached from outside. */
const postBind =
	(config: SockConfig, name: string) =>
	(address: SockAddr): 'allow' | 'deny' => {
		const env = envOf(config, address);
		if (!env || !inHost(config, address.ns)) return 'allow';
		const { ip, port, protocol } = address;
		const found =
			lb4LookupService(env, { daddr: ip, dport: port, proto: protocol }, true) ??
			nodePortLookup(env, address, true, false);
		if (!found || !(found.service.flags & (SVC_NODEPORT | SVC_EXTERNAL_IP | SVC_LOADBALANCER))) return 'allow';
		note(
			address,
			name,
			'drop',
			{ code: 'cilium.sock-bind', port },
			{ table: env.maps.services.spec.name, key: endpointText(ip, port) },
		);
		return 'deny';
	};

/** sock_release, from 1.18: what the socket was translated to is forgotten with it. */
const release =
	(config: SockConfig, name: string) =>
	(address: SockAddr): 'allow' => {
		const env = envOf(config, address);
		const key = { cookie: address.cookie, address: address.ip, port: address.port };
		if (env?.maps.reverseSk.remove(env.ns, key))
			note(
				address,
				name,
				'hit',
				{ code: 'cilium.sock-release' },
				{ table: env.maps.reverseSk.spec.name, key: `${address.cookie} ${endpointText(address.ip, address.port)}` },
			);
		return 'allow';
	};

/** One of the node's programs, at its hook. */
export const runSock = (config: SockConfig, name: string, address: SockAddr): ReturnType<ConnectProgram['run']> => {
	switch (address.hook) {
		case 'connect4':
		case 'sendmsg4':
			return forward(config, name)(address);
		case 'post_bind4':
			return postBind(config, name)(address);
		case 'sock_release':
			return release(config, name)(address);
		default:
			return backward(config, name)(address);
	}
};
