import type { Ip } from '../wire/index.ts';

/** One number for a device and an address: the key of `Namespace.neighbours`. */
export const neighbourKey = (ifindex: number, ip: Ip): number => ifindex * 0x100000000 + ip;
