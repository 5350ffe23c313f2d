/** Packets and their octets: addresses, headers, checksums, frames, captures. */
export * from './address.ts';
export * from './packet.ts';
