/**
 * What an agent says and waits for when it starts.
 *
 * Source: cilium daemon/cmd/{daemon_main,ipam}.go @ v1.12.7, v1.17.14, v1.18.3; pkg/k8s/synced/crd.go @ v1.12.7.
 */
import { formatIp, formatPrefix, type Ip, type Prefix } from '../../../wire/index.ts';
import type { Machine } from '../../cluster/machine.ts';

export const BANNER = ['     _ _ _', ' ___|_| |_|_ _ _____', '|  _| | | | | |     |', '|___|_|_|_|___|_|_|_|'];

/** Definitions without which an agent does not go on. */
export const WANTED = [
	'ciliumnetworkpolicies',
	'ciliumclusterwidenetworkpolicies',
	'ciliumnodes',
	'ciliumidentities',
	'ciliumendpoints',
];

/** Its addresses (`allocateIPs`); the pod CIDR is a debug message from 1.18 on. */
export const addressing = (
	minor: number,
	machine: Machine,
	config: Readonly<Record<string, string>>,
	cidr: Prefix,
	routerIP: Ip,
): readonly string[] => [
	'Addressing information:',
	`  Cluster-Name: ${config['cluster-name'] ?? 'default'}`,
	`  Cluster-ID: ${config['cluster-id'] ?? '0'}`,
	`  Local node-name: ${machine.name}`,
	'  Node-IPv6: <nil>',
	`  External-Node IPv4: ${formatIp(machine.ip!)}`,
	`  Internal-Node IPv4: ${formatIp(routerIP)}`,
	...(minor >= 18 ? [] : [`  IPv4 allocation prefix: ${formatPrefix(cidr)}`]),
	...(config['ipv4-native-routing-cidr']
		? [`  IPv4 native routing prefix: ${config['ipv4-native-routing-cidr']}`]
		: []),
	'  Loopback IPv4: 169.254.42.1',
	'  Local IPv4 addresses:',
	`  - ${formatIp(machine.ip!)}`,
];
