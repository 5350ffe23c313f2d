/** Writes what `dsr.ts` reads: only Cilium's programs do. */
import {
	DSR_GENEVE_CLASS,
	DSR_GENEVE_TYPE,
	DSR_OPTION_LENGTH,
	DSR_OPTION_TYPE,
	type Frontend,
	swap16,
	swap32,
} from './dsr.ts';
import { put16, put32 } from './octets-write.ts';
import type { GeneveOption } from './packet.ts';

/** The option's eight octets. Both numbers are written in host order, which on these machines is little endian. */
export const dsrIpOption = ({ ip, port }: Frontend): Uint8Array => {
	const out = new Uint8Array(DSR_OPTION_LENGTH);
	out[0] = DSR_OPTION_TYPE;
	out[1] = DSR_OPTION_LENGTH;
	put16(out, 2, swap16(port));
	put32(out, 4, swap32(ip));
	return out;
};

/** struct geneve_dsr_opt4: address and port in network order, two octets of padding. */
export const dsrGeneveOption = ({ ip, port }: Frontend): GeneveOption => {
	const data = new Uint8Array(8);
	put32(data, 0, ip);
	put16(data, 4, port);
	return { class: DSR_GENEVE_CLASS, type: DSR_GENEVE_TYPE, data };
};
