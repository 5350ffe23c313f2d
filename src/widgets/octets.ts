/** Which octets of a frame are which field (RFC 894, 791, 793, 768, 792; VXLAN RFC 7348). */

export interface Region {
	/** Field name as the RFC or tcpdump has it. */
	readonly name: string;
	readonly from: number;
	/** First octet after the field. */
	readonly to: number;
	readonly value: string;
}

/** Fields of an Ethernet frame, in order. What is not understood is one region named `data`. */
export function regionsOf(o: Uint8Array): Region[] {
	const out: Region[] = [];
	const add = (name: string, from: number, length: number, value: (n: number) => string) => {
		if (from + length > o.length || length === 0) return;
		let n = 0;
		for (let i = from; i < from + length && i < from + 6; i++) n = n * 256 + o[i]!;
		out.push({ name, from, to: from + length, value: value(n) });
	};
	const mac = (n: number) =>
		n
			.toString(16)
			.padStart(12, '0')
			.replace(/(..)(?=.)/g, '$1:');
	const ip = (n: number) => [24, 16, 8, 0].map((s) => (n >>> s) & 255).join('.');
	const dec = (n: number) => String(n);
	const hex = (digits: number) => (n: number) => `0x${n.toString(16).padStart(digits, '0')}`;

	add('eth.dst', 0, 6, mac);
	add('eth.src', 6, 6, mac);
	add('eth.type', 12, 2, hex(4));
	const type = (o[12]! << 8) | o[13]!;
	if (type !== 0x0800) {
		add('data', 14, o.length - 14, () => '');
		return out;
	}
	const p = 14;
	const ihl = (o[p]! & 15) * 4;
	add('ip.version, ip.ihl', p, 1, (n) => `${n >> 4}, ${n & 15}`);
	add('ip.tos', p + 1, 1, hex(2));
	add('ip.len', p + 2, 2, dec);
	add('ip.id', p + 4, 2, dec);
	add('ip.flags, ip.frag', p + 6, 2, (n) => `${n & 0x4000 ? 'DF' : ''}${n & 0x2000 ? 'MF' : ''} ${n & 0x1fff}`.trim());
	add('ip.ttl', p + 8, 1, dec);
	add('ip.proto', p + 9, 1, dec);
	add('ip.checksum', p + 10, 2, hex(4));
	add('ip.src', p + 12, 4, ip);
	add('ip.dst', p + 16, 4, ip);
	add('ip.options', p + 20, ihl - 20, () => '');
	const t = p + ihl;
	switch (o[p + 9]) {
		case 6: {
			const header = (o[t + 12]! >> 4) * 4;
			add('tcp.sport', t, 2, dec);
			add('tcp.dport', t + 2, 2, dec);
			add('tcp.seq', t + 4, 4, dec);
			add('tcp.ack', t + 8, 4, dec);
			add('tcp.offset, tcp.flags', t + 12, 2, (n) => `${(n >> 12) * 4}, ${flags(n & 0x3f)}`);
			add('tcp.window', t + 14, 2, dec);
			add('tcp.checksum', t + 16, 2, hex(4));
			add('tcp.urgent', t + 18, 2, dec);
			add('tcp.options', t + 20, header - 20, () => '');
			add('data', t + header, o.length - t - header, () => '');
			break;
		}
		case 17:
			add('udp.sport', t, 2, dec);
			add('udp.dport', t + 2, 2, dec);
			add('udp.len', t + 4, 2, dec);
			add('udp.checksum', t + 6, 2, hex(4));
			add('data', t + 8, o.length - t - 8, () => '');
			break;
		case 1:
			add('icmp.type', t, 1, dec);
			add('icmp.code', t + 1, 1, dec);
			add('icmp.checksum', t + 2, 2, hex(4));
			add('icmp.rest', t + 4, 4, hex(8));
			add('data', t + 8, o.length - t - 8, () => '');
			break;
		default:
			add('data', t, o.length - t, () => '');
	}
	return out;
}

function flags(n: number): string {
	return ['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG'].filter((_, i) => n & (1 << i)).join(' ');
}
