/**
 * `cilium bpf ipcache list` and `cilium bpf tunnel list`: pkg/maps/{ipcache,tunnel} @ v1.12.1, v1.13.0 to v1.13.9,
 * v1.14.0 to v1.14.4, v1.15.4, v1.16.15, v1.17.8, v1.18.3.
 */
import type { Namespace } from '../../linux/index.ts';
import { formatIp, formatPrefix } from '../../wire/index.ts';
import { minorOf } from '../features.ts';
import type { CiliumMaps } from '../maps/index.ts';
import type { RemoteEndpointInfo } from '../maps/ipcache.ts';
import { type Printed, printed, twoColumns } from './table.ts';

/** `identity=6 encryptkey=0 tunnelendpoint=0.0.0.0 flags=<none>` */
export const remoteEndpointText = (info: RemoteEndpointInfo, version: string): string => {
	const minor = minorOf(version);
	const text = `identity=${info.identity} encryptkey=${info.encryptKey} tunnelendpoint=${formatIp(info.tunnelEndpoint)}`;
	// Node ids are only given where IPsec needs them; 1.13.0 to 1.13.5 and 1.14.0 showed them.
	const patch = Number(version.split('.')[2] ?? 0);
	if (minor === 13 && patch <= 5) return `${text} nodeid=0`;
	if (minor === 14 && patch === 0) return `${text} nodeid=0x0`;
	if (minor <= 15) return text;
	const flags = [
		...(info.skipTunnel ? ['skiptunnel'] : []),
		...(minor >= 18 && info.tunnelEndpoint !== 0 ? ['hastunnel'] : []),
	];
	// A comma in 1.16 only.
	return `${text}${minor === 16 ? ',' : ''} flags=${flags.length > 0 ? flags.join(',') : '<none>'}`;
};

/** `cilium bpf ipcache list`. */
export const ipcacheList = (maps: CiliumMaps, ns: Namespace): Printed => {
	const rows = [...maps.ipcache.dump(ns)].map(
		([prefix, info]) => [formatPrefix(prefix), [remoteEndpointText(info, maps.features.version)]] as const,
	);
	return printed(twoColumns('IP PREFIX/ADDRESS', 'IDENTITY', rows));
};

/** Gone with 1.19. In native routing the map is there and empty: the title alone. */
export const tunnelList = (maps: CiliumMaps, ns: Namespace): Printed => {
	const rows = [...maps.tunnel.dump(ns)].map(
		([cidr, node]) => [`${formatIp(cidr)}:0`, [`${formatIp(node)}:0`]] as const,
	);
	return printed(twoColumns('TUNNEL', 'VALUE', rows));
};
