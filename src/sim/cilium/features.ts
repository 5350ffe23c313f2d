/** What sets Cilium's versions apart, as far as packets can tell. One table; nothing else compares versions. */

export interface Features {
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
}

export const minorOf = (version: string): number => Number(version.split('.')[1] ?? 0);

/** Versions whose rules were read at the source: 1.12 and 1.18 whole, those between by their nearest. */
export const FIRST_MINOR = 12;
export const LAST_MINOR = 19;

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
	};
};
