/** Values that stand in the prose, each of one fixed situation. */
import { CLIENT } from '../../src/content/index.ts';
import type { ValueSpec } from '../../src/content/types.ts';
import { at } from './places.ts';
import { costsAtScale } from './scale.ts';

const start = at('basic-worker', 'snat');

/** What the packets of a connection cost a node of a large cluster: the cells of one table. */
function costs(): Readonly<Record<string, ValueSpec>> {
	const cells: Record<string, ValueSpec> = {};
	for (const [size, services] of [
		['-1000', 1000],
		['', 26999],
	] as const)
		for (const [suffix, who] of [
			['', 'proxy'],
			['-ebpf', 'ebpf'],
		] as const)
			for (const [packet, which] of [
				['', 'first'],
				['later-', 'later'],
			] as const)
				for (const what of ['rules', 'maps'] as const)
					cells[`fleet-${packet}${what}${size}${suffix}`] = {
						situation: start,
						value: () => String(costsAtScale(who, services)[which][what]),
					};
	return cells;
}

export const values: Readonly<Record<string, ValueSpec>> = {
	client: { situation: start, value: () => CLIENT, role: 'client' },
	...costs(),
};
