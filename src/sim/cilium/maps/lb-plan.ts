/** What the service maps of all nodes share, and one node's view of it. Nothing is made before somebody looks. */
import type { ProxyState } from '../../kube/index.ts';
import type { Ip } from '../../wire/index.ts';
import { minorOf } from '../features.ts';
import type { CiliumSettings } from '../settings.ts';
import type { CiliumMaps } from './index.ts';
import {
	type Frontend,
	type FrontendTable,
	frontendTable,
	type HostPort,
	type ServiceNumbers,
	type Slots,
	slotsOf,
} from './lb-frontends.ts';
import { SCOPE_EXT, SVC_LOADBALANCER } from './services.ts';

/** A node, as far as its service maps go. */
export interface LbNode {
	readonly name: string;
	/** Addresses on which NodePorts answer. */
	readonly addresses: readonly Ip[];
}

export interface Wildcard {
	readonly flags: number;
	readonly onlyOn: Frontend['onlyOn'];
}

/** What all nodes share; made when a map is first looked at. */
export interface LbPlan {
	table(): FrontendTable;
	/** Frontends by address and port; node addresses stand under -1. */
	index(): ReadonlyMap<number, readonly Frontend[]>;
	/** The entries for all ports of an address (useWildcard(), from 1.19), by address. */
	wildcards(): ReadonlyMap<Ip, Wildcard>;
	/** Maglev tables of frontends whose backends are the same on every node. */
	readonly maglev: Map<string, Uint32Array>;
	readonly settings: CiliumSettings;
	readonly maps: CiliumMaps;
	/** How many plans before it this one still needs for its numbers. */
	depth(): number;
}

/** Plans are only looked at when somebody asks; so many may wait for that. */
const WAITING = 16;

/** Where frontends on every address of a node stand in the index. */
export const NODE = -1;
export const indexKey = (address: number, port: number): number => address * 65536 + port;

/** What the services of a cluster become in the maps. @param before numbers that were given out, or the plan before this one */
export const lbPlan = (
	settings: CiliumSettings,
	maps: CiliumMaps,
	state: ProxyState,
	hostPorts: readonly HostPort[] = [],
	before?: ServiceNumbers | LbPlan,
): LbPlan => {
	let previous: LbPlan | undefined = before && 'table' in before ? before : undefined;
	const given = before && !('table' in before) ? before : undefined;
	if ((previous?.depth() ?? 0) >= WAITING) previous?.table();
	let table: FrontendTable | undefined;
	let index: Map<number, Frontend[]> | undefined;
	let wildcards: Map<Ip, Wildcard> | undefined;
	// Load balancers' addresses are only taken for services' where Cilium gave them out.
	const some = maps.features.wildcards && settings.configMap.get('default-lb-service-ipam') === 'lbipam';
	const make = (): FrontendTable => {
		table ??= frontendTable(settings, state, hostPorts, previous?.table().numbers ?? given);
		previous = undefined;
		return table;
	};
	return {
		table: make,
		index() {
			if (!index) {
				index = new Map();
				for (const frontend of make().frontends) {
					const key = indexKey(frontend.address === 'node' ? NODE : frontend.address, frontend.port);
					const there = index.get(key);
					if (there) there.push(frontend);
					else index.set(key, [frontend]);
				}
			}
			return index;
		},
		wildcards() {
			if (!wildcards) {
				wildcards = new Map();
				for (const { type, address, scope, flags, onlyOn } of some ? make().frontends : [])
					if (address !== 'node' && scope === SCOPE_EXT && (type === 'ClusterIP' || type === 'LoadBalancer'))
						wildcards.set(address, { flags: flags & SVC_LOADBALANCER, onlyOn });
			}
			return wildcards;
		},
		maglev: new Map(),
		settings,
		maps,
		depth: () => (previous ? previous.depth() + 1 : 0),
	};
};

/** Whether a node has it at all. */
export const isOn = ({ onlyOn }: Pick<Frontend, 'onlyOn'>, { name }: LbNode): boolean =>
	onlyOn === undefined || onlyOn.includes(name);

/** One node's view of the plan. */
export interface NodeView {
	slots(frontend: Frontend): Slots;
	/** Whether the frontend is in this node's maps: it is its business, and there was room left. */
	has(frontend: Frontend): boolean;
	addressesOf(frontend: Frontend): readonly Ip[];
	frontends(): readonly Frontend[];
	/** Frontends for which the services map had no room. */
	overflow(): number;
}

export const nodeView = (plan: LbPlan, node: LbNode): NodeView => {
	const { maps } = plan;
	const { quarantinedSlots: keepsTerminating } = maps.features;
	const lastResort = minorOf(plan.settings.version) >= 13;
	const local = new Map<Frontend, Slots>();
	const slots = (frontend: Frontend): Slots => {
		if (!frontend.local) return frontend.slots;
		let mine = local.get(frontend);
		if (!mine) {
			const { active, quarantined } = frontend.slots;
			mine = slotsOf(
				[...active, ...quarantined].filter((backend) => backend.nodeName === node.name),
				keepsTerminating,
				lastResort,
			);
			local.set(frontend, mine);
		}
		return mine;
	};
	const addressesOf = (frontend: Frontend): readonly Ip[] =>
		frontend.address === 'node' ? node.addresses : [frontend.address];
	// Filled in order; what finds no room is left out (the agent logs that the map is full).
	let fitting: Frontend[] | undefined;
	let dropped = 0;
	const frontends = (): Frontend[] => {
		if (fitting) return fitting;
		fitting = [];
		let room = maps.sizes.lb;
		for (const frontend of plan.table().frontends) {
			if (!isOn(frontend, node)) continue;
			const { active, quarantined } = slots(frontend);
			const need = (1 + active.length + quarantined.length) * addressesOf(frontend).length;
			if (need > room) {
				dropped++;
				continue;
			}
			room -= need;
			fitting.push(frontend);
		}
		return fitting;
	};
	let full: Set<Frontend> | undefined;
	return {
		slots,
		addressesOf,
		frontends,
		has(frontend) {
			if (!isOn(frontend, node)) return false;
			const all = frontends();
			if (dropped === 0) return true;
			full ??= new Set(all);
			return full.has(frontend);
		},
		overflow() {
			frontends();
			return dropped;
		},
	};
};
