/**
 * Frames inside UDP datagrams: VXLAN (RFC 7348) and Geneve (RFC 8926). A datagram to one of the ports Linux and
 * Cilium use is read as such when its octets make sense as such, and stays octets otherwise.
 */
import { decodeFrame, encodeFrame } from './frame.ts';
import { geneveOptionsLength, TUNNEL_HEADER as HEADER } from './length.ts';
import { get16 } from './octets.ts';
import { put16 } from './octets-write.ts';
import type { GeneveOption, Tunnel } from './packet.ts';

/** Linux' own port of VXLAN, which Cilium uses too, and the one IANA gave later. */
export const VXLAN_PORT = 8472;
export const VXLAN_IANA_PORT = 4789;
export const GENEVE_PORT = 6081;

/** RFC 7348 5: the VNI is valid. */
const VXLAN_I = 0x08;
/** RFC 8926 3.4: one of the options is critical. */
const GENEVE_C = 0x40;
/** Trans-Ether bridging: an Ethernet frame follows. */
const ETH_P_TEB = 0x6558;
/** RFC 8926 3.5: the high bit of an option's type. */
const CRITICAL = 0x80;

const put24 = (out: Uint8Array, at: number, value: number): void => {
	out[at] = value >>> 16;
	put16(out, at + 1, value & 0xffff);
};

/** Writes header and frame at `out[at]`. Throws a RangeError for options that are no multiple of four octets. */
export const writeTunnel = (out: Uint8Array, at: number, tunnel: Tunnel): void => {
	let end = at + HEADER;
	if (tunnel.kind === 'vxlan') out[at] = VXLAN_I;
	else {
		const length = geneveOptionsLength(tunnel.options);
		if (length % 4 !== 0 || length > 252) throw new RangeError(`no Geneve header has ${length} octets of options`);
		out[at] = length / 4;
		out[at + 1] = tunnel.options.some((option) => option.type & CRITICAL) ? GENEVE_C : 0;
		put16(out, at + 2, ETH_P_TEB);
		for (const option of tunnel.options) {
			put16(out, end, option.class);
			out[end + 2] = option.type;
			out[end + 3] = option.data.length / 4;
			out.set(option.data, end + 4);
			end += 4 + option.data.length;
		}
	}
	put24(out, at + 4, tunnel.vni);
	out.set(encodeFrame(tunnel.inner), end);
};

const readOptions = (bytes: Uint8Array, at: number, end: number): readonly GeneveOption[] | undefined => {
	const options: GeneveOption[] = [];
	for (let i = at; i < end; ) {
		if (i + 4 > end) return undefined;
		const length = (bytes[i + 3]! & 31) * 4;
		// Three bits in front of the length are reserved and 0.
		if (i + 4 + length > end || bytes[i + 3]! & 0xe0) return undefined;
		options.push({ class: get16(bytes, i), type: bytes[i + 2]!, data: bytes.slice(i + 4, i + 4 + length) });
		i += 4 + length;
	}
	return options;
};

/**
 * What a datagram to `port` carries, or undefined when it is no tunnel's. `checksums` false takes those of the inner
 * segment as they are.
 */
export const readTunnel = (port: number, data: Uint8Array, checksums: boolean): Tunnel | undefined => {
	const vxlan = port === VXLAN_PORT || port === VXLAN_IANA_PORT;
	if ((!vxlan && port !== GENEVE_PORT) || data.length < HEADER || data[7] !== 0) return undefined;
	const vni = (data[4]! << 16) | get16(data, 5);
	if (vxlan) {
		if (data[0] !== VXLAN_I || data[1] !== 0 || get16(data, 2) !== 0) return undefined;
		const inner = decodeFrame(data.subarray(HEADER), { checksums });
		return inner.error ? undefined : { kind: 'vxlan', vni, inner: inner.value };
	}
	// Version 0, and not a control packet.
	if (data[0]! & 0xc0 || data[1]! & ~GENEVE_C || get16(data, 2) !== ETH_P_TEB) return undefined;
	const end = HEADER + (data[0]! & 63) * 4;
	if (end > data.length) return undefined;
	const options = readOptions(data, HEADER, end);
	if (!options || options.some((option) => option.type & CRITICAL) !== ((data[1]! & GENEVE_C) !== 0)) return undefined;
	const inner = decodeFrame(data.subarray(end), { checksums });
	return inner.error ? undefined : { kind: 'geneve', vni, options, inner: inner.value };
};
