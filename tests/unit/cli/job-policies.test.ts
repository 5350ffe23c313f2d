/** Jobs that succeed before all of them has, or are somebody else's: pkg/controller/job/success_policy_test.go @ v1.31.0. */
import { expect, it } from 'vitest';
import { terminal } from './terminal.ts';

const indexed = (name: string, more: string) => `apiVersion: batch/v1
kind: Job
metadata: {name: ${name}}
spec:
  completions: 3
  parallelism: 3
  completionMode: Indexed
  ${more}
  template:
    spec:
      restartPolicy: Never
      terminationGracePeriodSeconds: 1
      containers:
      - {name: c, image: 'busybox:1.36', command: [sh, -c, '[ $JOB_COMPLETION_INDEX = 0 ] || sleep 1000']}
`;

it('a rule that is met ends the pods that are left, which have not failed', async () => {
	const t = await terminal('empty');
	await t.run('kind create cluster -q --wait 1m --image kindest/node:v1.33.1');
	await t.file(
		'a.yaml',
		indexed('first', "successPolicy: {rules: [{succeededIndexes: '1-2'}, {succeededIndexes: '0'}]}"),
	);
	await t.file('b.yaml', indexed('two', 'successPolicy: {rules: [{succeededCount: 2}]}'));
	await t.run('kubectl apply -f a.yaml -f b.yaml; sleep 15');
	expect(
		await t.run(
			'kubectl get job first -o jsonpath=\'{range .status.conditions[*]}{.type} {.reason} {.message}{"\\n"}{end}{.status.succeeded}/{.status.failed}/{.status.active}\'',
		),
	).toBe(
		'SuccessCriteriaMet SuccessPolicy Matched rules at index 1\nComplete SuccessPolicy Matched rules at index 1\n1//',
	);
	expect(
		await t.run("kubectl get job two -o jsonpath='{.status.conditions}{.status.succeeded}/{.status.active}'"),
	).toBe('1/2');
});

it('one that is managed by somebody else is left alone', async () => {
	const t = await terminal('empty');
	await t.run('kind create cluster -q --wait 1m --image kindest/node:v1.33.1');
	await t.file('a.yaml', indexed('other', 'managedBy: example.com/controller'));
	await t.file('b.yaml', indexed('own', 'managedBy: kubernetes.io/job-controller'));
	await t.run('kubectl apply -f a.yaml -f b.yaml; sleep 15');
	expect(await t.run("kubectl get job other -o jsonpath='{.status}'")).toBe('{}');
	expect(await t.run("kubectl get job own -o jsonpath='{.status.succeeded}/{.status.active}'")).toBe('1/2');
});
