/** Indexes of a Job that fail each for itself (pkg/controller/job/job_controller.go manageJob() @ v1.29.2). */
import { expect, it } from 'vitest';
import { terminal } from './terminal.ts';

it('one waits for itself, and the next are made meanwhile', async () => {
	const t = await terminal('empty');
	await t.run('kind create cluster -q --wait 1m --image kindest/node:v1.33.1');
	await t.file(
		'job.yaml',
		`apiVersion: batch/v1
kind: Job
metadata: {name: work}
spec:
  completionMode: Indexed
  completions: 4
  parallelism: 2
  backoffLimitPerIndex: 1
  template:
    spec:
      restartPolicy: Never
      containers:
      - {name: c, image: 'busybox:1.36', command: [sh, -c, '[ $JOB_COMPLETION_INDEX != 0 ]']}
`,
	);
	const status = () =>
		t.run("kubectl get job work -o jsonpath='{.status.completedIndexes} {.status.failed} {.status.failedIndexes}'");
	await t.run('kubectl apply -f job.yaml; sleep 12');
	// The first index has failed once, and begins anew ten seconds after that.
	expect(await status()).toBe('1-3 1 ');
	await t.run('sleep 12');
	expect(await status()).toBe('1-3 2 0');
});
