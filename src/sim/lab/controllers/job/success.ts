/** When a Job has succeeded though not all of it has (pkg/controller/job/success_policy.go @ v1.31.0). */
import type { Count } from './count.ts';
import { isIndexed, type Job, parseIndexes, type SuccessRule } from './types.ts';

const matches = ({ succeededIndexes, succeededCount }: SuccessRule, completed: ReadonlySet<number>): boolean => {
	const wanted = succeededIndexes === undefined ? undefined : parseIndexes(succeededIndexes);
	const reached = wanted === undefined ? completed.size : [...wanted].filter((index) => completed.has(index)).length;
	return reached >= (succeededCount ?? wanted?.size ?? Number.POSITIVE_INFINITY);
};

/** What is said of the first rule that is met; undefined while none is. */
export function matchedRule(job: Job, { completed }: Count): string | undefined {
	const { successPolicy, completions = 1 } = job.spec;
	if (successPolicy === undefined || !isIndexed(job)) return undefined;
	const within = new Set([...completed].filter((index) => index < completions));
	const at = successPolicy.rules.findIndex((rule) => matches(rule, within));
	return at < 0 ? undefined : `Matched rules at index ${at}`;
}
