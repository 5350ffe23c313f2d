/**
 * Two figures laid side by side: stations that do the same job stand in one row, what differs is named.
 * The alignment is a longest common subsequence over (direction, kind), with a preference for the same role of
 * place, so that the entry node stands beside the entry node even when its name differs.
 */
import { changedFields, innermost } from './fields.ts';
import type { Field, Figure, Role, Station } from './types.ts';

export interface Row {
	/** Index into the stations of the left figure, absent when only the right one has this station. */
	readonly left?: number;
	readonly right?: number;
	/** Fields that differ between the packets leaving the two stations; `[]` when the same packet leaves. */
	readonly differs: readonly Field[];
	/** True when the same rules decided and the packet fared the same. */
	readonly same: boolean;
}

export interface Comparison {
	readonly left: Figure;
	readonly right: Figure;
	readonly rows: readonly Row[];
	/** Rows that are not the same. */
	readonly differences: number;
}

export function compareFigures(left: Figure, right: Figure): Comparison {
	const rows = (['request', 'reply'] as const).flatMap((direction) => {
		const a = left.stations.filter((s) => s.direction === direction);
		const b = right.stations.filter((s) => s.direction === direction);
		return align(a, b, left, right);
	});
	return { left, right, rows, differences: rows.filter((r) => !r.same).length };
}

function align(a: readonly Station[], b: readonly Station[], left: Figure, right: Figure): Row[] {
	const score = (x: Station, y: Station): number => {
		if (x.kind !== y.kind) return 0;
		const shared = rolesOf(left, x).some((r) => rolesOf(right, y).includes(r));
		return shared ? 3 : 1;
	};
	// best[i][j]: best total score of a[i..] against b[j..].
	const best = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
	for (let i = a.length - 1; i >= 0; i--) {
		for (let j = b.length - 1; j >= 0; j--) {
			const s = score(a[i]!, b[j]!);
			const pair = s > 0 ? s + best[i + 1]![j + 1]! : 0;
			best[i]![j] = Math.max(pair, best[i + 1]![j]!, best[i]![j + 1]!);
		}
	}
	const rows: Row[] = [];
	let i = 0;
	let j = 0;
	while (i < a.length || j < b.length) {
		const x = a[i];
		const y = b[j];
		if (x && y) {
			const s = score(x, y);
			if (s > 0 && best[i]![j] === s + best[i + 1]![j + 1]!) {
				const differs = x.after && y.after ? differences(x, y) : [];
				const same = differs.length === 0 && x.end === y.end && decided(x) === decided(y);
				rows.push({ left: x.number - 1, right: y.number - 1, differs, same });
				i++;
				j++;
				continue;
			}
			if (best[i + 1]![j]! >= best[i]![j + 1]!) rows.push({ left: x.number - 1, differs: [], same: false });
			else rows.push({ right: y.number - 1, differs: [], same: false });
			if (best[i + 1]![j]! >= best[i]![j + 1]!) i++;
			else j++;
		} else if (x) {
			rows.push({ left: x.number - 1, differs: [], same: false });
			i++;
		} else {
			rows.push({ right: y!.number - 1, differs: [], same: false });
			j++;
		}
	}
	return rows;
}

function rolesOf(figure: Figure, station: Station): readonly Role[] {
	return figure.lanes[station.lane]!.roles;
}

/** Source ports are drawn by chance in each run: they are no difference of the settings. */
function differences(x: Station, y: Station): Field[] {
	const fields = changedFields(x.after!, y.after!);
	const ephemeral = (f: Field) =>
		(f === 'sport' && innermost(x.after!).sport! >= 32768 && innermost(y.after!).sport! >= 32768) ||
		(f === 'dport' && innermost(x.after!).dport! >= 32768 && innermost(y.after!).dport! >= 32768);
	return fields.filter((f) => !ephemeral(f));
}

/** What decided, apart from names: the chains walked and what the station did. */
function decided(s: Station): string {
	return `${s.chains.join(' ')} ${s.changed.filter((f) => f !== 'ttl').join(' ')}`;
}
