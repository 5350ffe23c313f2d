/** Stands alone: in the browser only Cilium asks for it. */
import { deviceByName } from './device.ts';
import { type LinuxError, linuxError } from './error.ts';
import type { Network } from './net.ts';

/**
 * What a bridge knows of a device that has sent a frame through it, when the device's other end is one of its ports:
 * behind which port it is (br_fdb_update(), net/bridge/br_fdb.c @ v5.15).
 */
export const beSeenByBridge = (net: Network, nsName: string, dev: string): LinuxError | undefined => {
	const ns = net.namespaces.get(nsName);
	if (!ns) return linuxError('ns.unknown', { ns: nsName });
	const device = deviceByName(ns, dev);
	if (!device) return linuxError('dev.unknown', { ns: nsName, dev });
	const there = device.peer && net.namespaces.get(device.peer.ns);
	const port = there?.devices.get(device.peer!.ifindex);
	if (there && port?.master !== undefined) there.fdb.set(device.mac, { port: port.ifindex, updated: net.now });
	return undefined;
};
