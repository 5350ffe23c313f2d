/** kindnetd: writes a configuration for the ptp plugin, routes to other nodes, and masquerades (images/kindnetd @ v0.14.0). */

import { formatIp, formatPrefix } from '../../wire/index.ts';
import { endpointHost } from '../bootstrap/control-plane.ts';
import { all, type Node, one } from '../cluster/kinds.ts';
import { type AddressPool, createPool, prefixOfText } from '../cluster/machine.ts';
import { minorOf } from '../machine/node-images.ts';
import { MILLISECOND, SECOND } from '../time.ts';
import { klog } from './log.ts';
import type { Program, ProgramContext } from './program.ts';

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

/** Places in main.go: of images since 2024 (v20250512), and before (v20221004). */
const PLACES = {
	early: { connected: 102, host: 107, mtu: 116, family: 146, mask: 150, handling: 223, current: 227, cidr: 250 },
	late: { connected: 109, host: 139, mtu: 148, family: 178, mask: 182, handling: 297, current: 301, cidr: 324 },
} as const;

const ipOf = (node: Node): string => node.status?.addresses?.find(({ type }) => type === 'InternalIP')?.address ?? '';

/**
 * What it says as it starts, and of each node the first time it handles it (images/kindnetd/cmd/kindnetd/{main,routes}.go).
 * Upstream says the latter again every ten seconds; here once, and again when it starts anew.
 */
function tellStart(context: ProgramContext, own: Node): void {
	const { cluster } = context;
	const late = minorOf(cluster.api.version) >= 31;
	const place = PLACES[late ? 'late' : 'early'];
	const say = (at: keyof typeof place | 'routes', text: string): void =>
		context.log(klog(context, 'I', at === 'routes' ? 'routes.go:62' : `main.go:${place[at]}`, text));
	const server = late
		? `https://${formatIp(cluster.config.serviceSubnet.address + 1)}:443`
		: `https://${endpointHost(cluster)}:6443`;
	say('connected', `connected to apiserver: ${server}`);
	say('host', `hostIP = ${ipOf(own)}\npodIP = ${ipOf(own)}`);
	say('mtu', 'setting mtu 1500 for CNI ');
	say('family', 'kindnetd IP family: "ipv4"');
	say('mask', `noMask IPv4 subnets: [${formatPrefix(cluster.config.podSubnet)}]`);
	const seen = new Set<string>();
	const handle = (node: Node): void => {
		const { name } = node.metadata;
		if (seen.has(name) || ipOf(node) === '' || !node.spec?.podCIDR) return;
		seen.add(name);
		say('handling', `Handling node with IPs: map[${ipOf(node)}:{}]`);
		if (name === own.metadata.name) {
			say('current', 'handling current node');
			return;
		}
		say('cidr', `Node ${name} has CIDR [${node.spec.podCIDR}] `);
		say(
			'routes',
			`Adding route {Ifindex: 0 Dst: ${node.spec.podCIDR} Src: <nil> Gw: ${ipOf(node)} Flags: [] Table: 0} `,
		);
	};
	for (const node of all<Node>(cluster.api, 'nodes')) handle(node);
	context.watch(({ object }) => {
		if (object.kind === 'Node') handle(object as unknown as Node);
	});
}

export const kindnetd: Program = {
	entrypoint: ['/bin/kindnetd'],
	paths: ['kindnetd', '/bin/kindnetd'],
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
			tellStart(context, node!);
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
