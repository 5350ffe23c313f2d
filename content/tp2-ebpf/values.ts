/** Values that stand in the prose, each of one fixed situation. */
import { CLIENT } from '../../src/content/index.ts';
import type { ValueSpec } from '../../src/content/types.ts';
import { at } from './places.ts';
import { type Cost, costsAtScale, type ScaleCosts, type Who } from './scale.ts';

const start = at('basic-worker', 'snat');
/** A cell of the table of costs at scale; the visited service comes on top of `others`. */
const cost = (who: Who, others: number, packet: keyof ScaleCosts, what: keyof Cost): ValueSpec => ({
	situation: start,
	value: () => String(costsAtScale(who, others)[packet][what]),
});

export const values: Readonly<Record<string, ValueSpec>> = {
	client: { situation: start, value: () => CLIENT, role: 'client' },
	'fleet-rules-1000': cost('proxy', 1000, 'first', 'rules'),
	'fleet-maps-1000': cost('proxy', 1000, 'first', 'maps'),
	'fleet-later-rules-1000': cost('proxy', 1000, 'later', 'rules'),
	'fleet-later-maps-1000': cost('proxy', 1000, 'later', 'maps'),
	'fleet-rules-1000-ebpf': cost('ebpf', 1000, 'first', 'rules'),
	'fleet-maps-1000-ebpf': cost('ebpf', 1000, 'first', 'maps'),
	'fleet-later-rules-1000-ebpf': cost('ebpf', 1000, 'later', 'rules'),
	'fleet-later-maps-1000-ebpf': cost('ebpf', 1000, 'later', 'maps'),
	'fleet-rules': cost('proxy', 26999, 'first', 'rules'),
	'fleet-maps': cost('proxy', 26999, 'first', 'maps'),
	'fleet-later-rules': cost('proxy', 26999, 'later', 'rules'),
	'fleet-later-maps': cost('proxy', 26999, 'later', 'maps'),
	'fleet-rules-ebpf': cost('ebpf', 26999, 'first', 'rules'),
	'fleet-maps-ebpf': cost('ebpf', 26999, 'first', 'maps'),
	'fleet-later-rules-ebpf': cost('ebpf', 26999, 'later', 'rules'),
	'fleet-later-maps-ebpf': cost('ebpf', 26999, 'later', 'maps'),
};
