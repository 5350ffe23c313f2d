/** Sidecars of a Job: kubernetes pkg/kubelet/kubelet_pods.go getPhase(), kubelet_pods_test.go @ v1.29.0, KEP 753. */
import { expect, it } from 'vitest';
import { terminal } from './terminal.ts';

const JOB = (command: string) => `apiVersion: batch/v1
kind: Job
metadata: {name: j}
spec:
  template:
    spec:
      restartPolicy: Never
      initContainers:
      - {name: side, image: busybox, restartPolicy: Always, command: [sh, -c, '${command}']}
      containers:
      - {name: main, image: busybox, command: [sh, -c, 'sleep 2']}
`;
const PHASE =
	"kubectl get pod -l job-name=j -o jsonpath='{.items[0].status.phase} '; kubectl get job j -o jsonpath='{.status.succeeded}'";

it('a pod runs until its sidecars have ended, and so does its Job', async () => {
	const { run, file } = await terminal('empty');
	await run('kind create cluster --image kindest/node:v1.33.1');
	// The first process of a container does not end by a signal it does not handle: it is killed after half a minute.
	await file('deaf.yaml', JOB('while true; do sleep 1; done'));
	await run('kubectl apply -f deaf.yaml; sleep 20');
	expect(await run(PHASE)).toBe('Running ');
	await run('sleep 30');
	expect(await run(PHASE)).toBe('Succeeded 1');
	await run('kubectl delete job j --wait; sleep 2');
	await file('polite.yaml', JOB('trap "exit 0" TERM; while true; do sleep 1; done'));
	await run('kubectl apply -f polite.yaml; sleep 20');
	expect(await run(PHASE)).toBe('Succeeded 1');
});

it('sidecars of a pod that is deleted end after its containers, the last first', async () => {
	const { run, file } = await terminal('empty');
	await run('kind create cluster --image kindest/node:v1.33.1');
	const told = (name: string, wait = 0) =>
		`name: ${name}, image: busybox, command: [sh, -c, 'trap "sleep ${wait}; echo ${name} > /dev/termination-log; exit" TERM; while true; do sleep 1; done']`;
	await file(
		'pod.yaml',
		`apiVersion: v1
kind: Pod
metadata: {name: p, finalizers: [example.com/held]}
spec:
  terminationGracePeriodSeconds: 20
  initContainers:
  - {${told('one')}, restartPolicy: Always}
  - {${told('two')}, restartPolicy: Always}
  containers:
  - {${told('main', 3)}}
`,
	);
	await run('kubectl apply -f pod.yaml; kubectl wait --for condition=ready pod/p --timeout 1m');
	await run('kubectl delete pod p --wait=false; sleep 15');
	const ends = await run(
		"kubectl get pod p -o json | jq -r '[.status.initContainerStatuses[], .status.containerStatuses[]] | sort_by(.state.terminated.finishedAt)[].name'",
	);
	expect(ends).toBe('main\ntwo\none\n');
	expect(
		await run("kubectl get pod p -o json | jq '[.status.initContainerStatuses[].state.terminated.exitCode]' -c"),
	).toBe('[0,0]\n');
});
