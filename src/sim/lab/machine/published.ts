/** Addresses and ports a container is published at (docker/go-connections nat @ v0.4.0). */
import { parseIp } from '../../wire/index.ts';

/** Whether Go's net.ParseIP takes it: nothing that would have to be resolved. IPv6 by its letters only. */
export const isAddress = (text: string): boolean =>
	parseIp(text) !== undefined || (text.includes(':') && /^[\da-f:.]+$/i.test(text));

/** `127.0.0.1:80`, `[::1]:80`, as Go's net.JoinHostPort. */
export const joinPort = (hostIp: string, hostPort: number): string =>
	hostIp.includes(':') ? `[${hostIp}]:${hostPort}` : `${hostIp}:${hostPort}`;
