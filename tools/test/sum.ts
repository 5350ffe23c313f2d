/** Totals as the last line reports them. */
export interface Totals {
	passed: number;
	failed: number;
	skipped: number;
}

/** The part of vitest's JSON report (Jest's format) that is summed. */
export interface Report {
	success: boolean;
	testResults: {
		name: string;
		status: string;
		message?: string;
		assertionResults: { status: string; fullName: string }[];
	}[];
}

export interface Summed extends Totals {
	/** One line per failure: file and test. */
	failures: string[];
	/** One line per skipped test. */
	skips: string[];
}

/**
 * Sum one report. A file that failed without a failed test (it did not load, or a hook threw) counts as one failure,
 * and so does a run that ended badly without saying where.
 */
export function sum(report: Report | undefined, exitCode: number, project: string): Summed {
	const total: Summed = { passed: 0, failed: 0, skipped: 0, failures: [], skips: [] };
	for (const file of report?.testResults ?? []) {
		let failedHere = 0;
		for (const test of file.assertionResults) {
			if (test.status === 'passed') total.passed++;
			else if (test.status === 'failed') {
				failedHere++;
				total.failures.push(`${project}: ${file.name}: ${test.fullName}`);
			} else {
				total.skipped++;
				total.skips.push(`${project}: ${file.name}: ${test.fullName}`);
			}
		}
		if (file.status === 'failed' && failedHere === 0) {
			failedHere = 1;
			total.failures.push(`${project}: ${file.name}: ${(file.message ?? 'did not run').split('\n')[0]}`);
		}
		total.failed += failedHere;
	}
	if (exitCode !== 0 && total.failed === 0) {
		total.failed = 1;
		total.failures.push(
			`${project}: ${exitCode === 124 ? 'stopped at its time limit' : `ended with code ${exitCode}`}`,
		);
	}
	return total;
}

/** The line `.ci/run` and a reader look for. */
export const line = (totals: Totals): string =>
	`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`;
