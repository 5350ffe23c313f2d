/**
 * LB-IPAM: addresses of CiliumLoadBalancerIPPools for services of type LoadBalancer, from 1.13.
 *
 * Source: cilium operator/pkg/lbipam @ v1.13.9, v1.18.3. Addresses are drawn to 1.14 (pkg/ipam/service/allocator), the
 * first free one is taken later (pkg/ipalloc). Not modelled: IPv6 and classes. Who may share an
 * address is `lb-sharing.ts`.
 */
import type { ApiObject } from '../../../api/index.ts';
import { formatIp, type Ip, parseIp } from '../../../wire/index.ts';
import { all, as, selectorMatches } from '../../cluster/kinds.ts';
import { MILLISECOND } from '../../time.ts';
import type { ProgramContext } from '../program.ts';
import { type Condition, conflictOf, isIn, type Pool, type Range, rangeOf, sizeOf } from './lb-ranges.ts';
import { type Balanced, incompatible, sharingKey } from './lb-sharing.ts';

/** Names of conditions, which changed their form with 1.15. */
const conditionsOf = (minor: number) =>
	minor >= 15
		? {
				request: 'cilium.io/IPAMRequestSatisfied',
				conflict: 'cilium.io/PoolConflict',
				total: 'cilium.io/IPsTotal',
				available: 'cilium.io/IPsAvailable',
				used: 'cilium.io/IPsUsed',
			}
		: {
				request: 'io.cilium/lb-ipam-request-satisfied',
				conflict: 'io.cilium/conflict',
				total: 'io.cilium/ips-total',
				available: 'io.cilium/ips-available',
				used: 'io.cilium/ips-used',
			};

const has = (service: Balanced): readonly Ip[] =>
	(service.status?.loadBalancer?.ingress ?? []).flatMap(({ ip }) => parseIp(ip ?? '') ?? []);

const ANNOTATIONS = ['io.cilium/lb-ipam-ips', 'lbipam.cilium.io/ips'];

export function giveAddresses(context: ProgramContext, minor: number): void {
	if (minor < 13) return;
	const { api, timeline } = context.cluster;
	const names = conditionsOf(minor);

	const withConditions = (old: readonly Condition[] = [], wanted: readonly Omit<Condition, 'lastTransitionTime'>[]) => {
		let changed = false;
		const out = [...old];
		for (const condition of wanted) {
			const at = out.findIndex(({ type }) => type === condition.type);
			const before = out[at];
			const { status, reason, message, observedGeneration } = condition;
			if (
				before?.status === status &&
				before.reason === reason &&
				before.message === message &&
				before.observedGeneration === observedGeneration
			)
				continue;
			const moment = before?.status === status ? before.lastTransitionTime : timeline.stamp();
			const next = { ...condition, lastTransitionTime: moment };
			if (before) out[at] = next;
			else out.push(next);
			changed = true;
		}
		return changed ? out : undefined;
	};

	const work = (): void => {
		pending = false;
		const pools = [...all<Pool>(api, 'ciliumloadbalancerippools')].sort((a, b) =>
			(a.metadata.creationTimestamp ?? '') < (b.metadata.creationTimestamp ?? '') ? -1 : 1,
		);
		// Without a pool it sleeps, and touches no service.
		if (pools.length === 0 && !awake) return;
		awake = pools.length > 0;
		const byPool = new Map(
			pools.map((pool) => [
				pool,
				(pool.spec.blocks ?? pool.spec.cidrs ?? []).flatMap((block) => rangeOf(pool, block, minor)),
			]),
		);
		const rangesOf = (pool: Pool): readonly Range[] => byPool.get(pool) ?? [];
		const conflicts = new Map(pools.map((pool) => [pool, conflictOf(pool, pools, rangesOf)]));
		const usable = pools.filter((pool) => !conflicts.get(pool)).flatMap(rangesOf);
		/** Who has an address; several where they share it. */
		const used = new Map<Ip, Balanced[]>();
		const take = (ip: Ip, service: Balanced): void => void used.set(ip, [...(used.get(ip) ?? []), service]);
		/** Why those who have an address do not let a service in; undefined where they do, or nobody has it. */
		const against = (ip: Ip, service: Balanced): string | undefined =>
			(used.get(ip) ?? []).map((other) => incompatible(other, service, minor)).find((why) => why !== undefined);
		const services = all<Balanced>(api, 'services').filter(
			({ spec }) => spec.type === 'LoadBalancer' && spec.loadBalancerClass === undefined,
		);
		const key = ({ metadata }: Balanced): string => `${metadata.namespace}/${metadata.name}`;
		const fits = ({ pool }: Range, service: Balanced): boolean => {
			const { serviceSelector } = pool.spec;
			if (!serviceSelector) return true;
			const { name, namespace = '', labels = {} } = service.metadata;
			const own = { ...labels, 'io.kubernetes.service.name': name, 'io.kubernetes.service.namespace': namespace };
			return selectorMatches(serviceSelector, own);
		};
		const asked = ({ metadata, spec }: Balanced): readonly Ip[] =>
			[
				...ANNOTATIONS.flatMap((name) => (metadata.annotations?.[name] ?? '').split(',')),
				spec.loadBalancerIP ?? '',
			].flatMap((text) => parseIp(text.trim()) ?? []);
		const keeps = new Map<Balanced, readonly Ip[]>();
		// Who has an address that is still right keeps it; then the others are served, in their order.
		for (const service of services) {
			const wanted = asked(service);
			const kept = has(service).filter(
				(ip) =>
					against(ip, service) === undefined &&
					(wanted.length === 0 || wanted.includes(ip)) &&
					usable.some((range) => isIn(range, ip) && fits(range, service)),
			);
			for (const ip of kept) take(ip, service);
			keeps.set(service, kept);
		}
		for (const service of services) {
			const wanted = asked(service);
			const got = [...keeps.get(service)!];
			let refused: readonly [reason: string, message: string] | undefined;
			for (const ip of wanted.filter((one) => !got.includes(one))) {
				const there = usable.filter((range) => !range.pool.spec.disabled && isIn(range, ip));
				if (there.length === 0) refused = ['no_pool', `No pool exists with a CIDR containing '${formatIp(ip)}'`];
				else if (!there.some((range) => fits(range, service)))
					refused = [
						'pool_selector_mismatch',
						`The pool with the CIDR containing '${formatIp(ip)}', doesn't select this service`,
					];
				else {
					const why = against(ip, service);
					if (why === undefined) {
						take(ip, service);
						got.push(ip);
					} else if (sharingKey(service, minor) === undefined)
						refused = ['already_allocated', `The IP '${formatIp(ip)}' is already allocated to another service`];
					else
						refused = [
							'already_allocated_incompatible_service',
							`The IP '${formatIp(ip)}' is already allocated to an incompatible service.${minor >= 16 ? ` Reason: ${why}` : ''}`,
						];
				}
			}
			if (wanted.length === 0 && got.length === 0) {
				const ranges = usable.filter((range) => !range.pool.spec.disabled && fits(range, service));
				const own = sharingKey(service, minor);
				const shared =
					own === undefined
						? undefined
						: [...used].find(
								([one, holders]) =>
									holders.some((other) => sharingKey(other, minor) === own) && against(one, service) === undefined,
							)?.[0];
				const ip = shared ?? ranges.map((range) => free(range, used, key(service))).find((one) => one !== undefined);
				if (ip !== undefined) {
					take(ip, service);
					got.push(ip);
				} else
					refused =
						ranges.length === 0
							? ['no_pool', 'There are no enabled CiliumLoadBalancerIPPools that match this service']
							: [
									'out_of_ips',
									'All enabled CiliumLoadBalancerIPPools that match this service ran out of allocatable IPs',
								];
			}
			write(service, got, refused);
		}
		for (const pool of pools) {
			const ranges = rangesOf(pool);
			const total = ranges.reduce((sum, range) => sum + sizeOf(range), 0);
			const taken = [...used.keys()].filter((ip) => ranges.some((range) => isIn(range, ip))).length;
			const count = (type: string, number: number) => ({
				type,
				status: 'Unknown' as const,
				observedGeneration: pool.metadata.generation ?? 1,
				reason: 'noreason',
				message: String(number),
			});
			const conflict = conflicts.get(pool);
			const conditions = withConditions(pool.status?.conditions, [
				{
					type: names.conflict,
					status: conflict ? 'True' : 'False',
					observedGeneration: pool.metadata.generation ?? 1,
					reason: conflict ? 'cidr_overlap' : 'resolved',
					message: conflict ?? '',
				},
				count(names.total, total),
				count(names.available, total - taken),
				count(names.used, taken),
			]);
			if (conditions) api.updateStatus({ ...as<ApiObject>(pool as never), status: { ...pool.status, conditions } });
		}
	};

	const free = (range: Range, used: ReadonlyMap<Ip, unknown>, who: string): Ip | undefined => {
		const size = range.to - range.from + 1;
		const start = minor <= 14 ? timeline.random('load-balancer address', `${range.text}\0${who}`, size) : 0;
		for (let i = 0; i < size; i++) {
			const ip = (range.from + ((start + i) % size)) >>> 0;
			if (isIn(range, ip) && !used.has(ip)) return ip;
		}
		return undefined;
	};

	const write = (service: Balanced, got: readonly Ip[], refused: readonly [string, string] | undefined): void => {
		const before = has(service);
		const conditions = withConditions(service.status?.conditions, [
			{
				type: names.request,
				status: refused ? 'False' : 'True',
				reason: refused?.[0] ?? 'satisfied',
				message: refused?.[1] ?? '',
			},
		]);
		if (!conditions && before.length === got.length && before.every((ip) => got.includes(ip))) return;
		api.updateStatus({
			...as<ApiObject>(service as never),
			status: {
				...service.status,
				conditions: conditions ?? service.status?.conditions ?? [],
				loadBalancer: got.length > 0 ? { ingress: got.map((ip) => ({ ip: formatIp(ip) })) } : {},
			},
		});
	};

	let awake = false;
	let pending = false;
	const soon = (): void => {
		if (pending) return;
		pending = true;
		context.after(context.between(20 * MILLISECOND, 120 * MILLISECOND, 'lb-ipam'), work);
	};
	context.watch(({ object }) => {
		if (object.kind === 'CiliumLoadBalancerIPPool' || object.kind === 'Service') soon();
	});
	soon();
}
