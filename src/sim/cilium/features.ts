/** What sets Cilium's versions apart, as far as packets can tell. One table; nothing else compares versions. */

export interface Features {
	/** `1.12.1`. */
	readonly version: string;
	/**
	 * Scope of cilium_host's address: `link` to 1.12 (bpf/init.sh @ v1.12.1), `global` after. MASQUERADE never takes
	 * a link-scope address, so it decides what a local pod sees of a masqueraded client.
	 */
	readonly hostAddressScope: 'link' | 'global';
	/** Programs are named after their section to 1.12, after their function from 1.13. */
	readonly programNames: 'section' | 'function';
	/** Marks that CILIUM_OUTPUT leaves alone, in its order (pkg/datapath/iptables/iptables.go). */
	readonly hostMarkExceptions: readonly (readonly [value: number, mask: number])[];
	/** CILIUM_OUTPUT accepts all packets of the proxy, not only its answers. */
	readonly acceptAllProxyOutput: boolean;
	/** The socket rule of CILIUM_PRE_mangle leaves encrypted and to-world packets alone. */
	readonly socketRuleExceptions: boolean;
	/** TPROXY names 127.0.0.1; before, any address. */
	readonly tproxyLoopback: boolean;
	/** internalTrafficPolicy Local is obeyed, from 1.13. */
	readonly internalTrafficPolicy: boolean;
	/** A ClusterIP without backends: left to the stack to 1.12, dropped to 1.14, refused with ICMP from 1.15. */
	readonly noBackend: 'stack' | 'drop' | 'reject';
	/** Drop reason of a packet whose TTL is used up: 134 (invalid packet) at first, 196 later. */
	readonly ttlDrop: number;
	/** Seconds an established TCP entry lives: 21600 to 1.14, 8000 from 1.15. */
	readonly ctTcpLifetime: number;
	/** Packets and octets of connections are counted: to 1.16 always, later only when asked for. */
	readonly ctAccounting: boolean;
	/** One pair of counters for both directions and for services too, from 1.16. */
	readonly ctOneCounter: boolean;
	/** A SYN on a closing connection is REOPENED to 1.13, NEW later. */
	readonly ctReopened: boolean;
	/** A SYN to a service chooses anew a minute after the old connection began to close, from 1.13. */
	readonly ctRebalances: boolean;
	/** A FIN or RST closes a service's entry both ways, as it never sees answers, from 1.15. */
	readonly ctServiceCloses: boolean;
	/** Services and backends are told apart by protocol (bpf-lb-proto-diff), from 1.17. */
	readonly protocolInKey: boolean;
	/** Addresses of services have an entry for all other ports and protocols, which drops what is for none: from 1.19. */
	readonly wildcards: boolean;
	/** Tries to find a free port before a packet is dropped. */
	readonly snatRetries: number;
	/** Ports are brought into the range by multiplication, from 1.17; by remainder before. */
	readonly natClampMultiplies: boolean;
	/** A port is looked up before it is taken, to 1.12; later the write itself says whether it was free. */
	readonly natLooksFirst: boolean;
	/** A mapping to another address than asked for is made anew, from 1.16.3 (not yet in 1.15.4). */
	readonly natChecksTarget: boolean;
	/** A lost half of a mapping is restored: what answers are known by from 1.17, what requests are from 1.18 too. */
	readonly natRestores: 'none' | 'reverse' | 'both';
	/** Collisions are counted in a map, from 1.18. */
	readonly natCountsRetries: boolean;
	/** Backends that only keep what they have stand in slots above those that may be chosen, from 1.15. */
	readonly quarantinedSlots: boolean;
	/** A service's flags stand on all its slots, from 1.18. */
	readonly flagsOnSlots: boolean;
	/** Maglev orders backends by `[ip:port/TCP,State:active]`, from 1.17; by `ip:port` before. */
	readonly maglevBracketed: boolean;
	/** Mark of a packet that has been translated: 0x1500 to 1.12. */
	readonly snatDoneMark: 0x1500 | 0x0300;
	/** ICMP errors about translated packets that are translated too: none to 1.13, all from 1.17. */
	readonly snatIcmpErrors: 'none' | 'frag-needed' | 'all';
	/** ICMP is nothing for the translation of services, from 1.15: only BPF masquerade looks at it. */
	readonly snatIcmpIsMasquerade: boolean;
	/** A packet to a service on its way to another node loses a hop, from 1.14. */
	readonly fibLowersTtl: boolean;
	/** Who sends XDP's packets into the tunnel: the program at tc in 1.13 (1.12 refuses), XDP itself from 1.14. */
	readonly xdpEncap: 'tc' | 'xdp';
	/** XDP leaves services of policy Local to tc, from 1.19 (cilium PR 42054). */
	readonly xdpLeavesLocal: boolean;
	/** What answers a pod that reached itself is translated where it goes in, from 1.16 (cilium PR 32480); before, where it comes out. */
	readonly hairpinAtIngress: boolean;
	/** A backend's answer leaves by the device of its frontend's route, from 1.15 (cilium PR 26638). */
	readonly replyByRoute: boolean;
	/** That a ClusterIP is not for the outside is seen before a backend is chosen, from 1.16. */
	readonly routableFirst: boolean;
	/**
	 * A next hop whose link-layer address is not known yet: the kernel finds it out, from 1.14. Before, only for what
	 * pods send; a service's packet is dropped, unless the neighbour map has the client.
	 */
	readonly fibResolves: boolean;
	/** The neighbour map is asked for the client in 1.12, later for the next hop towards it. */
	readonly neighOfHop: boolean;
	/** The neighbour map notes clients of local backends too: to 1.13, and in 1.16 and 1.17. */
	readonly neighLocal: boolean;
	/** DSR's notice is read where the packet comes in, from 1.13; by the pod's own program before. */
	readonly dsrAtNetdev: boolean;
	/** That is a tail call in 1.13, and to 1.14.4. */
	readonly dsrIngressTail: boolean;
	/** Without BPF masquerade, packets of DSR's protocols are no answers of backends: to 1.16. */
	readonly dsrSkipsSnat: boolean;
	/** What a pod's policy map of programs holds: the destination's side of every packet to it. */
	readonly policyProgram: string;
	/** cilium_tunnel_map, to 1.18. */
	readonly tunnelMap: boolean;
	/** A pod's program puts back the frontend of a NodePort's answers: to 1.15, later with encryption only. */
	readonly podReverses: boolean;
	/** Putting back the frontend is part of the translation of answers from 1.15; a tail call of its own before. */
	readonly revDnatInline: boolean;
	/** An answer that goes on into the tunnel is the node's from 1.18; before, the program's own (SECLABEL). */
	readonly revDnatAsNode: boolean;
	/**
	 * Tail calls: answers of backends in, requests out, frontends put back, masquerading. The last is missing in 1.12,
	 * where to_netdev contains it while there is one address family only (invoke_tailcall_if).
	 */
	readonly natTailNames: readonly [ingress: string, egress: string, revDnat: string, fwd?: string];
	/** What connect() to a service without backends gives: nothing special to 1.12, EPERM, EHOSTUNREACH from 1.19.4. */
	readonly sockNoBackend: 'pass' | 'EPERM' | 'EHOSTUNREACH';
	/** A program on cgroup/sock_release forgets what a socket was translated to, from 1.18. */
	readonly sockRelease: boolean;
}

const patchOf = (version: string): number => Number(version.split('.')[2] ?? 0);

export const minorOf = (version: string): number => Number(version.split('.')[1] ?? 0);

/**
 * Versions whose rules were read at the source: bpf/ @ v1.12.1, v1.13.9, v1.13.14, v1.14.4, v1.14.16, v1.15.4,
 * v1.16.15, v1.17.8, v1.18.3 and main where v1.19 branched off.
 */
export const FIRST_MINOR = 12;
export const LAST_MINOR = 19;

/** What this version does. @param version `1.12.1` */
export const features = (version: string): Features => {
	const minor = minorOf(version);
	const old: Features['hostMarkExceptions'] = [
		[0xe00, 0xf00],
		[0xd00, 0xf00],
		[0xa00, 0xe00],
		[0x800, 0xe00],
	];
	const recent: Features['hostMarkExceptions'] = [
		[0xe00, 0xf00],
		[0xd00, 0xf00],
		[0x400, 0xf00],
		[0xa00, 0xe00],
		[0x800, 0xe00],
		[0xf00, 0xf00],
	];
	return {
		version,
		hostAddressScope: minor <= 12 ? 'link' : 'global',
		programNames: minor <= 12 ? 'section' : 'function',
		hostMarkExceptions: minor <= 15 ? old : recent,
		acceptAllProxyOutput: minor >= 16,
		socketRuleExceptions: minor >= 16,
		tproxyLoopback: minor >= 13,
		internalTrafficPolicy: minor >= 13,
		noBackend: minor <= 12 ? 'stack' : minor <= 14 ? 'drop' : 'reject',
		ttlDrop: minor <= 12 ? 134 : 196,
		ctTcpLifetime: minor <= 14 ? 21600 : 8000,
		ctAccounting: minor <= 16,
		ctOneCounter: minor >= 16,
		ctReopened: minor <= 13,
		ctRebalances: minor >= 13,
		ctServiceCloses: minor >= 15,
		protocolInKey: minor >= 17,
		wildcards: minor >= 19,
		snatRetries: minor <= 17 ? 128 : 32,
		natClampMultiplies: minor >= 17,
		natLooksFirst: minor <= 12,
		natChecksTarget: minor >= 17 || (minor === 16 && patchOf(version) >= 3),
		natRestores: minor <= 16 ? 'none' : minor === 17 ? 'reverse' : 'both',
		natCountsRetries: minor >= 18,
		quarantinedSlots: minor >= 15,
		flagsOnSlots: minor >= 18,
		maglevBracketed: minor >= 17,
		snatDoneMark: minor <= 12 ? 0x1500 : 0x0300,
		snatIcmpErrors: minor <= 13 ? 'none' : minor <= 16 ? 'frag-needed' : 'all',
		snatIcmpIsMasquerade: minor >= 15,
		fibLowersTtl: minor >= 14,
		xdpEncap: minor <= 13 ? 'tc' : 'xdp',
		xdpLeavesLocal: minor >= 19,
		hairpinAtIngress: minor >= 16,
		replyByRoute: minor >= 15,
		routableFirst: minor >= 16,
		fibResolves: minor >= 14,
		neighOfHop: minor >= 13,
		neighLocal: minor <= 13 || minor === 16 || minor === 17,
		dsrAtNetdev: minor >= 13,
		dsrIngressTail: minor === 13 || (minor === 14 && patchOf(version) < 5),
		dsrSkipsSnat: minor <= 16,
		policyProgram: minor >= 18 ? 'cil_lxc_policy' : 'handle_policy',
		tunnelMap: minor <= 18,
		podReverses: minor <= 15,
		revDnatInline: minor >= 15,
		revDnatAsNode: minor >= 18,
		natTailNames:
			minor <= 12
				? ['tail_nodeport_nat_ipv4', 'tail_nodeport_nat_ipv4', 'tail_rev_nodeport_lb4']
				: [
						'tail_nodeport_nat_ingress_ipv4',
						'tail_nodeport_nat_egress_ipv4',
						// tail_nodeport_rev_dnat_ipv4 from 1.18, where nothing here calls it any more.
						minor <= 14 ? 'tail_rev_nodeport_lb4' : 'tail_nodeport_rev_dnat_ingress_ipv4',
						'tail_handle_snat_fwd_ipv4',
					],
		sockNoBackend:
			minor <= 12 ? 'pass' : minor > 19 || (minor === 19 && patchOf(version) >= 4) ? 'EHOSTUNREACH' : 'EPERM',
		sockRelease: minor >= 18,
	};
};
