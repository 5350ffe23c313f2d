/**
 * How Cilium tells the backend's node which address and port a client asked for (direct server return): in an IPv4
 * option or in a Geneve option. bpf/lib/common.h, bpf/lib/nodeport.h @ v1.12.1 and v1.18.
 */
import { get16, get32 } from './octets.ts';
import type { GeneveOption, Ip } from './packet.ts';

/** DSR_IPV4_OPT_TYPE: IPOPT_COPY | 0x1a. */
export const DSR_OPTION_TYPE = 0x9a;
export const DSR_OPTION_LENGTH = 8;
/** DSR_GENEVE_OPT_CLASS and DSR_GENEVE_OPT_TYPE (critical). */
export const DSR_GENEVE_CLASS = 0x014b;
export const DSR_GENEVE_TYPE = 0x81;

export interface Frontend {
	readonly ip: Ip;
	readonly port: number;
}

export const swap16 = (value: number): number => ((value & 0xff) << 8) | (value >>> 8);
export const swap32 = (value: number): number =>
	((value << 24) | ((value & 0xff00) << 8) | ((value >>> 8) & 0xff00) | (value >>> 24)) >>> 0;

/** The frontend in a packet's options; only the first option is looked at, as the programs do. */
export const readDsrIpOption = (options: Uint8Array): Frontend | undefined =>
	options.length >= DSR_OPTION_LENGTH && options[0] === DSR_OPTION_TYPE && options[1] === DSR_OPTION_LENGTH
		? { port: swap16(get16(options, 2)), ip: swap32(get32(options, 4)) }
		: undefined;

/** The frontend in a tunnel's options; only the first option is looked at. */
export const readDsrGeneveOption = (options: readonly GeneveOption[]): Frontend | undefined => {
	const [option] = options;
	return option?.class === DSR_GENEVE_CLASS && option.type === DSR_GENEVE_TYPE && option.data.length === 8
		? { ip: get32(option.data, 0), port: get16(option.data, 4) }
		: undefined;
};
