/** Evictions of pods that are not ready: pkg/registry/core/pod/storage/eviction_test.go @ v1.27.0. */
import { describe, expect, it } from 'vitest';
import { bench, must, pod } from './fixtures.ts';

/** Whether a pod may go, by its readiness, its budget's policy and how many are healthy. */
const evicted = (
	minor: number,
	about: { readonly ready: boolean; readonly policy?: string; readonly healthy: number; readonly desired: number },
): boolean => {
	const { api } = bench(`v1.${minor}.0`);
	const made = must(api.create(pod('a')));
	must(
		api.updateStatus({
			...made,
			status: { phase: 'Running', conditions: [{ type: 'Ready', status: about.ready ? 'True' : 'False' }] },
		} as never),
	);
	const budget = must(
		api.create({
			apiVersion: 'policy/v1',
			kind: 'PodDisruptionBudget',
			metadata: { name: 'b' },
			spec: {
				minAvailable: 1,
				selector: { matchLabels: { app: 'a' } },
				...(about.policy ? { unhealthyPodEvictionPolicy: about.policy } : {}),
			},
		}),
	);
	must(
		api.updateStatus({
			...budget,
			status: { currentHealthy: about.healthy, desiredHealthy: about.desired, disruptionsAllowed: 0, expectedPods: 1 },
		} as never),
	);
	return api.evict('default', 'a').error === undefined;
};

describe('a pod that its budget would hold', () => {
	it.each([
		[{ ready: true, healthy: 1, desired: 1 }, false],
		[{ ready: true, policy: 'AlwaysAllow', healthy: 1, desired: 1 }, false],
		[{ ready: false, healthy: 0, desired: 1 }, false],
		[{ ready: false, policy: 'IfHealthyBudget', healthy: 0, desired: 1 }, false],
		[{ ready: false, policy: 'AlwaysAllow', healthy: 0, desired: 1 }, true],
		[{ ready: false, healthy: 1, desired: 1 }, true],
		[{ ready: false, healthy: 0, desired: 0 }, false],
	])('%o: goes %s', (about, goes) => {
		expect(evicted(33, about)).toBe(goes);
	});

	it('knows no policy of its budget before 1.27', () => {
		expect(evicted(26, { ready: false, policy: 'AlwaysAllow', healthy: 0, desired: 1 })).toBe(false);
	});
});
