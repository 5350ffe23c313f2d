/**
 * Where a version's programs report a drop: file and line of send_drop_notify(). Read in bpf/ @ v1.12.1, v1.13.9, v1.14.4,
 * v1.15.4, v1.16.15, v1.17.8, v1.18.3 and main where v1.19 branched off; other patches of a minor have their neighbour's.
 */

interface Lines {
	readonly lxcFirst: number;
	readonly lxcEgress: number;
	readonly lxcIngress: number;
	readonly host: number;
	readonly overlay: number;
	/** Of bpf/lib/nodeport.h. */
	readonly natIngress: number;
	readonly natEgress: number;
	readonly dsr: number;
	readonly revDnat: number;
	readonly toNetdev: number;
	readonly snatFwd: number;
}

/** In the order of the fields above. */
const LINES: Readonly<Record<number, readonly number[]>> = {
	12: [1276, 1178, 1915, 664, 338, 1764, 1764, 1620, 2155, 1193, 2183],
	13: [1308, 1212, 1946, 609, 351, 2038, 2159, 1883, 2618, 1222, 2650],
	14: [1327, 1271, 1967, 834, 467, 2329, 2451, 2146, 2910, 1519, 2942],
	15: [1393, 1320, 2087, 917, 467, 2643, 2767, 2302, 2551, 1463, 3114],
	16: [1408, 1330, 2074, 934, 476, 2668, 2804, 2321, 2578, 1621, 3197],
	17: [1440, 1362, 2117, 958, 494, 2371, 2507, 1998, 2281, 1664, 421],
	18: [1448, 1368, 2135, 914, 555, 2451, 2588, 2071, 2451, 1653, 449],
	19: [1602, 1531, 2259, 960, 444, 2596, 2732, 2189, 2596, 1540, 429],
};

function linesOf(minor: number): Lines {
	const row = LINES[Math.min(19, Math.max(12, minor))]!;
	const [lxcFirst = 0, lxcEgress = 0, lxcIngress = 0, host = 0, overlay = 0] = row;
	const [natIngress = 0, natEgress = 0, dsr = 0, revDnat = 0, toNetdev = 0, snatFwd = 0] = row.slice(5);
	return { lxcFirst, lxcEgress, lxcIngress, host, overlay, natIngress, natEgress, dsr, revDnat, toNetdev, snatFwd };
}

/** `program`: the tail call that ran last, by its name; `where`: whose program it began with. */
export function dropSite(
	minor: number,
	program: string,
	where: 'lxc' | 'netdev' | 'overlay' | 'host',
): { readonly file: string; readonly line: number; readonly direction: 'ingress' | 'egress' } {
	const lines = linesOf(minor);
	const at = (file: string, line: number, direction: 'ingress' | 'egress') => ({ file, line, direction });
	if (/^(?:handle_policy|cil_lxc_policy|tail_ipv4_to_endpoint|tail_ipv4_ct_ingress)$/.test(program))
		return at('bpf_lxc.c', lines.lxcIngress, 'ingress');
	if (/nat_ingress_ipv4$/.test(program)) return at('nodeport.h', lines.natIngress, 'ingress');
	if (/nat_egress_ipv4$|^tail_nodeport_nat_ipv4$/.test(program)) return at('nodeport.h', lines.natEgress, 'egress');
	if (/dsr/.test(program)) return at('nodeport.h', lines.dsr, 'egress');
	if (/rev_nodeport|rev_dnat/.test(program)) return at('nodeport.h', lines.revDnat, 'egress');
	if (/snat_fwd/.test(program)) return at(minor >= 17 ? 'nodeport_egress.h' : 'nodeport.h', lines.snatFwd, 'egress');
	if (/to.netdev/.test(program)) return at('bpf_host.c', lines.toNetdev, 'egress');
	if (where === 'lxc') return at('bpf_lxc.c', /cont$/.test(program) ? lines.lxcEgress : lines.lxcFirst, 'egress');
	if (where === 'overlay') return at('bpf_overlay.c', lines.overlay, 'ingress');
	return at('bpf_host.c', lines.host, 'ingress');
}
