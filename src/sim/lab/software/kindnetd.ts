/** kindnetd: writes a configuration for the ptp plugin, routes to other nodes, and masquerades (images/kindnetd @ v0.14.0). */

import { type Node, one } from '../cluster/kinds.ts';
import { type AddressPool, createPool, prefixOfText } from '../cluster/machine.ts';
import { MILLISECOND, SECOND } from '../time.ts';
import { klog } from './log.ts';
import type { Program } from './program.ts';

export const CONFIG_FILE = '10-kindnet.conflist';

const conflist = (subnet: string): string =>
	`${JSON.stringify(
		{
			cniVersion: '0.3.1',
			name: 'kindnet',
			plugins: [
				{
					type: 'ptp',
					ipMasq: false,
					ipam: {
						type: 'host-local',
						dataDir: '/run/cni-ipam-state',
						routes: [{ dst: '0.0.0.0/0' }],
						ranges: [[{ subnet }]],
					},
					mtu: 1500,
				},
				{ type: 'portmap', capabilities: { portMappings: true } },
			],
		},
		null,
		'\t',
	)}\n`;

/** host-local counts on from the last address it gave. */
const pools = new WeakMap<object, { readonly pool: AddressPool; next: number }>();

export const kindnetd: Program = {
	entrypoint: ['/bin/kindnetd'],
	stops: [100 * MILLISECOND, 500 * MILLISECOND],
	start(context) {
		const { machine, cluster } = context;
		const look = (): void => {
			const node = one<Node>(cluster.api, 'nodes', undefined, machine.name);
			const cidr = prefixOfText(node?.spec?.podCIDR);
			if (!cidr || !cluster.reachable()) {
				context.after(SECOND, look);
				return;
			}
			context.log(klog(context, 'I', 'main.go:104', `hostIP = ${node!.status?.addresses?.[0]?.address ?? ''}`));
			let state = pools.get(machine);
			if (!state) {
				state = { pool: createPool(cidr), next: 0 };
				pools.set(machine, state);
			}
			const { pool } = state;
			const last = state;
			machine.cniConfig = { ...machine.cniConfig, [CONFIG_FILE]: conflist(node!.spec!.podCIDR!) };
			if (machine.cni?.kind !== 'cilium')
				machine.cni = {
					kind: 'kindnet',
					add({ namespace, name }) {
						const ip = pool.take(last.next, `${namespace}/${name}`);
						if (ip === undefined)
							return {
								error: `plugin type="ptp" failed (add): failed to allocate for range 0: no IP addresses available in range set: ${node!.spec!.podCIDR}`,
								after: 100 * MILLISECOND,
							};
						last.next = ip - pool.cidr.address - 1;
						return { ip };
					},
					del: ({ namespace, name }) => pool.release(`${namespace}/${name}`),
				};
			context.healthy();
			machine.changed();
			cluster.packetsChanged();
		};
		context.after(context.between(500 * MILLISECOND, 1500 * MILLISECOND, 'start'), look);
	},
};
