/** The machine that runs Docker, its network `kind`, and the containers on it that are nodes. */
import { applyPatches } from '../linux/index.ts';
import { type Ip, type Mac, prefixOf } from '../wire/index.ts';
import type { HostSpec, LinkSpec, Scenario } from '../world/index.ts';

/** Docker's rule for the address of a container: 02:42 and the four octets of its IPv4 address. */
export const dockerMac = (address: Ip): Mac => 0x0242 * 2 ** 32 + address;

export interface KindNetwork {
	/** `br-7d3c5e1b90a4`. */
	readonly bridge: string;
	readonly bridgeMac?: Mac;
	/** The machine's own address, first of a /16. */
	readonly gateway: Ip;
	/** `port` is Docker's name for the host's end of the cable. */
	readonly nodes: readonly { readonly name: string; readonly internalIP: Ip; readonly port: string }[];
}

const DEVICE = 'eth0';
const LENGTH = 16;

/** The network that Docker makes for kind's nodes, with the laptop as their gateway. */
export function kindNetwork({
	bridge,
	bridgeMac,
	gateway,
	nodes,
}: KindNetwork): Pick<Scenario, 'hosts' | 'bridges' | 'links'> {
	return {
		hosts: [
			{
				ns: 'host',
				addresses: [{ dev: bridge, ip: gateway, length: LENGTH }],
				routes: [],
				forward: true,
				// The one rule Docker needs for a network of its own (moby, bridge driver).
				iptables: applyPatches({}, [
					{
						table: 'nat',
						chains: [],
						inserts: [
							{
								chain: 'POSTROUTING',
								at: 'last',
								rule: {
									matches: [
										{ kind: 'source', prefix: prefixOf(gateway, LENGTH) },
										{ kind: 'out', device: bridge, invert: true },
									],
									target: { kind: 'MASQUERADE' },
								},
							},
						],
					},
				]),
			},
			...nodes.map(
				({ name, internalIP }): HostSpec => ({
					ns: `node/${name}`,
					addresses: [{ dev: DEVICE, ip: internalIP, length: LENGTH }],
					routes: [{ dst: { address: 0, length: 0 }, via: gateway, dev: DEVICE }],
					forward: true,
				}),
			),
		],
		bridges: [{ ns: 'host', dev: bridge, ports: nodes.map(({ port }) => port), mac: bridgeMac }],
		links: nodes.map(
			({ name, internalIP, port }): LinkSpec => ({
				ends: [
					{ ns: 'host', dev: port },
					{ ns: `node/${name}`, dev: DEVICE, mac: dockerMac(internalIP) },
				],
			}),
		),
	};
}
