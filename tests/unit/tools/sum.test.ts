import { describe, expect, it } from 'vitest';
import { line, type Report, sum } from '../../../tools/test/sum.ts';

const report = (status: string, tests: string[], message = ''): Report => ({
	success: status === 'passed',
	testResults: [
		{
			name: 'x.test.ts',
			status,
			message,
			assertionResults: tests.map((state, at) => ({ status: state, fullName: `t${at}` })),
		},
	],
});

describe('the sum of a test run', () => {
	it('counts passed, failed and skipped tests', () => {
		const total = sum(report('failed', ['passed', 'failed', 'skipped', 'todo', 'pending']), 1, 'unit');
		expect(line(total)).toBe('1 passed, 1 failed, 3 skipped');
	});
	it('counts a file that did not load as a failure', () => {
		expect(sum(report('failed', [], 'Cannot find module\n at'), 1, 'unit').failures).toEqual([
			'unit: x.test.ts: Cannot find module',
		]);
	});
	it('counts a run stopped at its time limit as a failure', () => {
		expect(sum(undefined, 124, 'e2e')).toMatchObject({ failed: 1, failures: ['e2e: stopped at its time limit'] });
	});
	it('counts a bad ending with all tests passed as a failure', () => {
		expect(sum(report('passed', ['passed']), 1, 'unit')).toMatchObject({ passed: 1, failed: 1 });
	});
});
