/**
 * The service maps of a node, as blocks: entries are computed from the shared table of frontends when somebody looks
 * one up. At tens of thousands of services a packet asks for two or three of them.
 */
import type { BpfBlock, Namespace } from '../../linux/index.ts';
import { formatIp, type Ip } from '../../wire/index.ts';
import { type MaglevBackend, maglevTable, maglevText } from '../maglev.ts';
import type { LbAffinityMatch } from './affinity.ts';
import type { Backend, Frontend, ServiceNumbers, Slots } from './lb-frontends.ts';
import { indexKey, isOn, type LbNode, type LbPlan, NODE, type NodeView, nodeView } from './lb-plan.ts';
import {
	type Lb4Backend,
	type Lb4Key,
	type Lb4ReverseNat,
	type Lb4Service,
	SCOPE_EXT,
	SVC_SOURCE_RANGE,
	SVC2_QUARANTINED,
} from './services.ts';
import type { Lb4SourceRangeKey } from './source-range.ts';
import { protocolText } from './tuple.ts';

export { type LbNode, type LbPlan, lbPlan } from './lb-plan.ts';

const NOTHING: Lb4Service = {
	backendId: 0,
	affinityTimeout: 0,
	algorithm: 0,
	count: 0,
	qcount: 0,
	revNatIndex: 0,
	flags: 0,
	flags2: 0,
};

const masterOf = (frontend: Frontend, { active, quarantined }: Slots): Lb4Service => ({
	...NOTHING,
	affinityTimeout: frontend.affinityTimeout,
	count: active.length,
	qcount: quarantined.length,
	revNatIndex: frontend.revNatIndex,
	flags: frontend.flags,
	flags2: frontend.flags2,
});

const servicesBlock = (plan: LbPlan, node: LbNode, view: NodeView): BpfBlock<Lb4Key, Lb4Service> => {
	const addresses = new Set(node.addresses);
	const { flagsOnSlots } = plan.maps.features;
	const wildcard = (address: Ip): Lb4Service | undefined => {
		const found = plan.wildcards().get(address);
		return found && isOn(found, node) ? { ...NOTHING, flags: found.flags } : undefined;
	};
	const slotOf = (frontend: Frontend, mine: Slots, slot: number): Lb4Service | undefined => {
		const late = slot > mine.active.length;
		const backend = late ? mine.quarantined[slot - mine.active.length - 1] : mine.active[slot - 1];
		if (!backend) return undefined;
		return {
			...NOTHING,
			backendId: backend.id,
			revNatIndex: frontend.revNatIndex,
			flags: flagsOnSlots ? frontend.flags : 0,
			flags2: (flagsOnSlots ? frontend.flags2 : 0) | (late && backend.state > 1 ? SVC2_QUARANTINED : 0),
		};
	};
	const find = ({ address, port, proto, scope }: Lb4Key, under: number): Frontend | undefined =>
		plan
			.index()
			.get(indexKey(under, port))
			?.find((f) => f.proto === proto && f.scope === scope && (f.address === 'node' || f.address === address));
	return {
		get(key) {
			if (key.port === 0) return key.slot === 0 && key.proto === 0 ? wildcard(key.address) : undefined;
			const frontend = find(key, key.address) ?? (addresses.has(key.address) ? find(key, NODE) : undefined);
			if (!frontend || !view.has(frontend)) return undefined;
			const mine = view.slots(frontend);
			return key.slot === 0 ? masterOf(frontend, mine) : slotOf(frontend, mine, key.slot);
		},
		*entries() {
			for (const address of plan.wildcards().keys()) {
				const value = wildcard(address);
				if (value) yield [{ address, port: 0, slot: 0, proto: 0, scope: SCOPE_EXT }, value];
			}
			for (const frontend of view.frontends()) {
				const mine = view.slots(frontend);
				const { port, proto, scope } = frontend;
				for (const address of view.addressesOf(frontend)) {
					yield [{ address, port, slot: 0, proto, scope }, masterOf(frontend, mine)];
					for (let slot = 1; slot <= mine.active.length + mine.quarantined.length; slot++)
						yield [{ address, port, slot, proto, scope }, slotOf(frontend, mine, slot)!];
				}
			}
		},
		size() {
			let entries = 0;
			for (const found of plan.wildcards().values()) if (isOn(found, node)) entries++;
			for (const frontend of view.frontends()) {
				const { active, quarantined } = view.slots(frontend);
				entries += (1 + active.length + quarantined.length) * view.addressesOf(frontend).length;
			}
			return entries;
		},
	};
};

const backendsBlock = (plan: LbPlan, node: LbNode): BpfBlock<number, Lb4Backend> => {
	const here = (backend: Backend | undefined): backend is Backend =>
		backend !== undefined && (!plan.table().localOnly.has(backend.id) || backend.nodeName === node.name);
	const entryOf = ({ ip: address, port, proto, state }: Backend): Lb4Backend => ({ address, port, proto, state });
	return {
		get(id) {
			const backend = plan.table().backends.get(id);
			return here(backend) ? entryOf(backend) : undefined;
		},
		*entries() {
			for (const backend of plan.table().backends.values()) if (here(backend)) yield [backend.id, entryOf(backend)];
		},
		size: () => [...plan.table().backends.values()].filter(here).length,
	};
};

/** A block with one entry for each frontend that `of` says something about. */
const perFrontend = <V>(
	plan: LbPlan,
	view: NodeView,
	of: (frontend: Frontend) => V | undefined,
): BpfBlock<number, V> => ({
	get(id) {
		const frontend = plan.table().byIndex.get(id);
		return frontend && view.has(frontend) ? of(frontend) : undefined;
	},
	*entries() {
		for (const frontend of view.frontends()) {
			const value = of(frontend);
			if (value !== undefined) yield [frontend.revNatIndex, value];
		}
	},
	size() {
		let n = 0;
		for (const frontend of view.frontends()) if (of(frontend) !== undefined) n++;
		return n;
	},
});

const affinityBlock = (plan: LbPlan, view: NodeView): BpfBlock<LbAffinityMatch, true> => {
	function* entries(): Iterable<readonly [LbAffinityMatch, true]> {
		for (const frontend of view.frontends())
			if (frontend.affinityTimeout > 0)
				for (const { id: backendId } of view.slots(frontend).active)
					yield [{ backendId, revNatIndex: frontend.revNatIndex }, true];
	}
	return {
		get({ backendId, revNatIndex }) {
			const frontend = plan.table().byIndex.get(revNatIndex);
			return (
				(frontend && frontend.affinityTimeout > 0 && view.slots(frontend).active.some((b) => b.id === backendId)) ||
				undefined
			);
		},
		entries,
		size: () => [...entries()].length,
	};
};

const rangesBlock = (plan: LbPlan, view: NodeView): BpfBlock<Lb4SourceRangeKey, true> => {
	const of = (frontend: Frontend | undefined) =>
		frontend && frontend.flags & SVC_SOURCE_RANGE ? (frontend.service?.sourceRanges ?? []) : [];
	function* entries(): Iterable<readonly [Lb4SourceRangeKey, true]> {
		for (const frontend of view.frontends())
			for (const prefix of of(frontend)) yield [{ revNatIndex: frontend.revNatIndex, prefix }, true];
	}
	return {
		get: ({ revNatIndex, prefix }) =>
			of(plan.table().byIndex.get(revNatIndex)).some(
				(range) => range.address === prefix.address && range.length === prefix.length,
			) || undefined,
		entries,
		size: () => [...entries()].length,
	};
};

/** The Maglev table of a frontend; undefined for those that are reached from within only. */
const maglevOf = (plan: LbPlan, node: LbNode, view: NodeView, frontend: Frontend): Uint32Array | undefined => {
	if (!frontend.maglev) return undefined;
	const { settings, maps, maglev } = plan;
	const key = frontend.local ? `${frontend.revNatIndex} ${node.name}` : String(frontend.revNatIndex);
	let table = maglev.get(key);
	if (!table) {
		const bracketed = maps.features.maglevBracketed;
		const backends = view.slots(frontend).active.map(
			({ id, ip, port, proto }): MaglevBackend => ({
				id,
				text: maglevText(`${formatIp(ip)}:${port}`, {
					protocol: protocolText(proto),
					internal: false,
					bracketed,
				}),
				weight: 1,
			}),
		);
		table = maglevTable(backends, settings.lb.maglevTableSize, settings.maglevMurmurSeed);
		maglev.set(key, table);
	}
	return table;
};

/** Which plan a block shows: whoever makes the next one goes on with its numbers. */
const planOfBlock = new WeakMap<object, LbPlan>();

/** The plan a node's service maps show; undefined before there is one. */
export function planOf(ns: Namespace): LbPlan | undefined {
	for (const { blocks } of ns.bpfMaps.values()) {
		const plan = blocks[0] && planOfBlock.get(blocks[0]);
		if (plan) return plan;
	}
	return undefined;
}

/** Numbers that services and backends have on a node. */
export const serviceNumbers = (ns: Namespace): ServiceNumbers | undefined => planOf(ns)?.table().numbers;

/** Gives a node its service maps. Nothing is computed yet. */
export const syncServiceMaps = (ns: Namespace, plan: LbPlan, node: LbNode): void => {
	const { maps } = plan;
	const view = nodeView(plan, node);
	const services = servicesBlock(plan, node, view);
	planOfBlock.set(services, plan);
	maps.services.provide(ns, [services]);
	maps.backends.provide(ns, [backendsBlock(plan, node)]);
	maps.reverseNat.provide(ns, [
		perFrontend(
			plan,
			view,
			(frontend): Lb4ReverseNat => ({
				address: view.addressesOf(frontend)[0] ?? 0,
				port: frontend.port,
			}),
		),
	]);
	maps.affinityMatch.provide(ns, [affinityBlock(plan, view)]);
	maps.sourceRange.provide(ns, [rangesBlock(plan, view)]);
	if (plan.settings.lb.algorithm === 'maglev')
		maps.maglev.provide(ns, [perFrontend(plan, view, (frontend) => maglevOf(plan, node, view, frontend))]);
};

/** How many frontends found no room in the services map of a node. */
export const lbOverflow = (plan: LbPlan, node: LbNode): number => nodeView(plan, node).overflow();
