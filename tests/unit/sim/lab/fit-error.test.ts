/** What the scheduler says of a pod that no node takes. */
import { expect, it } from 'vitest';
import { fitError } from '../../../../src/sim/lab/controllers/scheduler/preemption.ts';

it('a pod that may not make others go is told so, from 1.25 on', () => {
	const words = (minor: number): string =>
		fitError([{ reasons: ['Insufficient cpu'], resolvable: true }], minor, 'never');
	expect(words(24)).toBe('0/1 nodes are available: 1 Insufficient cpu.');
	expect(words(33)).toBe(
		'0/1 nodes are available: 1 Insufficient cpu. preemption: not eligible due to preemptionPolicy=Never.',
	);
});
