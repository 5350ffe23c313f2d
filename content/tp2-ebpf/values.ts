/** Values that stand in the prose, each of one fixed situation. */
import { CLIENT } from '../../src/content/index.ts';
import type { ValueSpec } from '../../src/content/types.ts';
import { at } from './places.ts';
import { rulesAtScale } from './scale.ts';

const start = at('basic-worker', 'snat');
const rules = (who: 'proxy' | 'ebpf', services: number): ValueSpec => ({
	situation: start,
	value: () => String(rulesAtScale(who, services)),
});

export const values: Readonly<Record<string, ValueSpec>> = {
	client: { situation: start, value: () => CLIENT, role: 'client' },
	'fleet-rules-1000': rules('proxy', 1000),
	'fleet-rules-1000-ebpf': rules('ebpf', 1000),
	'fleet-rules': rules('proxy', 26999),
	'fleet-rules-ebpf': rules('ebpf', 26999),
};
