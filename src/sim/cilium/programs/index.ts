/** The programs of an agent, by what makes them. `attach.ts` hands them to the kernel. */
export { fromContainer, type LxcConfig } from './from-container.ts';
export { fromHost } from './from-host.ts';
export { fromNetdev } from './from-netdev.ts';
export { fromOverlay, toOverlay } from './from-overlay.ts';
export { toContainer } from './to-container.ts';
export { toHost } from './to-host.ts';
export { toNetdev } from './to-netdev.ts';
export { xdpEntry } from './xdp.ts';
