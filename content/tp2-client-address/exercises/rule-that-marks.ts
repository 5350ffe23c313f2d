import { decided, rulesHit, short } from '../../../src/content/index.ts';
import type { Entry } from '../../../src/exercises/index.ts';
import { at } from '../places.ts';

/** Which of the rules hit is the one without which the client's address would have stayed. */
export const ruleThatMarks: Entry = {
	kind: 'entry',
	id: 'rule-that-marks',
	section: 'chain-by-chain',
	variants: [
		{ situation: at('basic-worker2'), words: { entry: short('basic-worker2') } },
		{ situation: at('basic-worker3', { bundle: 'bare-1.33' }), words: { entry: short('basic-worker3') } },
	],
	rows: (run) => rulesHit(run, 'nat', 'PREROUTING'),
	expected: (run) => rulesHit(run, 'nat', 'PREROUTING').find((line) => line.endsWith('-j KUBE-MARK-MASQ'))!,
	misconceptions: [
		{ id: 'dnat-does-it', holds: (row) => / -j DNAT /.test(row), refutedBy: (run) => decided(run, 'dnat') },
		{ id: 'or-mark-itself', holds: (row) => / -j MARK /.test(row), refutedBy: (run) => decided(run, 'mark') },
	],
};
