/** Ranges of CiliumLoadBalancerIPPools. Source: cilium operator/pkg/lbipam/{lbrange,range_store}.go @ v1.15.4, v1.18.3. */
import { formatIp, formatPrefix, type Ip, maskOf, parseIp, parsePrefix } from '../../../wire/index.ts';
import type { LabelSelector, ObjectView } from '../../cluster/kinds.ts';

export interface Condition {
	readonly type: string;
	readonly status: 'True' | 'False' | 'Unknown';
	readonly observedGeneration?: number;
	readonly lastTransitionTime: string;
	readonly reason: string;
	readonly message: string;
}

interface Block {
	readonly cidr?: string;
	readonly start?: string;
	readonly stop?: string;
}

export interface Pool extends ObjectView {
	readonly spec: {
		readonly blocks?: readonly Block[];
		readonly cidrs?: readonly Block[];
		readonly disabled?: boolean;
		readonly serviceSelector?: LabelSelector;
		readonly allowFirstLastIPs?: 'Yes' | 'No';
	};
	readonly status?: { readonly conditions?: readonly Condition[] };
}

export interface Range {
	readonly pool: Pool;
	readonly from: Ip;
	readonly to: Ip;
	/** Ends nobody is given. */
	readonly reserved: boolean;
	readonly text: string;
}

export function rangeOf(pool: Pool, { cidr, start, stop }: Block, minor: number): readonly Range[] {
	const prefix = parsePrefix(cidr ?? '');
	if (prefix) {
		const from = (prefix.address & maskOf(prefix.length)) >>> 0;
		const to = (from + 2 ** (32 - prefix.length) - 1) >>> 0;
		// The default is to give all of them from 1.16 on. Of two addresses or one none is kept.
		const all = (pool.spec.allowFirstLastIPs ?? (minor >= 16 ? 'Yes' : 'No')) === 'Yes';
		return [{ pool, from, to, reserved: !all && prefix.length < 31, text: formatPrefix(prefix) }];
	}
	const from = parseIp(start ?? '');
	if (from === undefined) return [];
	const to = parseIp(stop ?? '') ?? from;
	return to < from ? [] : [{ pool, from, to, reserved: false, text: `${formatIp(from)} - ${formatIp(to)}` }];
}

export const sizeOf = ({ from, to, reserved }: Range): number => to - from + 1 - (reserved ? 2 : 0);

export const isIn = ({ from, to, reserved }: Range, ip: Ip): boolean =>
	ip >= from && ip <= to && !(reserved && (ip === from || ip === to));

const overlap = (a: Range, b: Range): boolean => a.from <= b.to && b.from <= a.to;

/** settleConflicts(): of two pools that overlap, the younger (`pools` are by age) is not used. Answers why. */
export function conflictOf(
	pool: Pool,
	pools: readonly Pool[],
	rangesOf: (pool: Pool) => readonly Range[],
): string | undefined {
	const own = rangesOf(pool);
	const older = pools.slice(0, pools.indexOf(pool)).flatMap(rangesOf);
	for (const [i, a] of own.entries())
		for (const b of [...own.slice(i + 1), ...older])
			if (overlap(a, b))
				return `Pool conflicts since range '${a.text}' overlaps range '${b.text}' from IP Pool '${b.pool.metadata.name}'`;
	return undefined;
}
