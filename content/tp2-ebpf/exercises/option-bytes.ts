import { grownBy, short } from '../../../src/content/index.ts';
import type { Predict, Variant } from '../../../src/exercises/index.ts';
import { at, type Mode } from '../places.ts';

function variant(mode: Mode, protocol: 'tcp' | 'udp'): Variant {
	return {
		situation: at('basic-worker2', mode, { protocol: protocol === 'udp' ? 'UDP' : 'TCP' }, { protocol }),
		words: { entry: short('basic-worker2'), mode, protocol: protocol.toUpperCase() },
	};
}

/** By how many octets the first packet has grown between the nodes. */
export const optionBytes: Predict = {
	kind: 'predict',
	id: 'option-bytes',
	section: 'dsr',
	unit: 'number',
	variants: [variant('dsr', 'tcp'), variant('snat', 'tcp'), variant('hybrid', 'udp')],
	expected: (run) => String(grownBy(run)),
	misconceptions: [
		{ id: 'address-only', holds: (a, run) => a === '4' && grownBy(run) > 0 },
		{ id: 'address-and-port', holds: (a, run) => a === '6' && grownBy(run) > 0 },
		{ id: 'nothing', holds: (a, run) => a === '0' && grownBy(run) > 0 },
		{ id: 'always', holds: (a, run) => a === '8' && grownBy(run) === 0 },
	],
};
