/** What containers run, as somebody with kubectl sees it: logs, codes, files, signals, probes, hooks. */
import { describe, expect, it } from 'vitest';
import { type Terminal, terminal } from './terminal.ts';

const started = (name: string, script: string, ...flags: readonly string[]): string =>
	`kubectl run ${name} --image=busybox:1.36 ${flags.join(' ')} -- sh -c ${JSON.stringify(script).replaceAll('$', '\\$')}; sleep 6`;

const pod = (
	name: string,
	container: Readonly<Record<string, unknown>>,
	spec: Readonly<Record<string, unknown>> = {},
) =>
	`kubectl apply -f - <<'X'\n${JSON.stringify({
		apiVersion: 'v1',
		kind: 'Pod',
		metadata: { name },
		spec: { containers: [{ name: 'main', image: 'busybox:1.36', ...container }], ...spec },
	})}\nX`;

const lastState = (name: string, path: string): string =>
	`kubectl get pod ${name} -o jsonpath='{.status.containerStatuses[0].${path}}'`;

describe('a command of a container', { timeout: 60_000 }, () => {
	it('writes what it writes in a shell: pipes, files, variables, the network', async () => {
		const { run } = await terminal();
		await run(
			started(
				'a',
				'id; echo $HOSTNAME | tr a-z A-Z; nslookup kubernetes.default.svc.cluster.local | grep -A1 Name | head -n 2; x=$(cat /etc/hostname); echo "<$x>"',
				'--restart=Never',
			),
		);
		expect(await run('kubectl logs a')).toBe(
			'uid=0(root) gid=0(root) groups=0(root),10(wheel)\nA\nName:\tkubernetes.default.svc.cluster.local\nAddress: 10.96.0.1\n<a>\n',
		);
	});

	it('sees its network and its files at once, before the API server has its address', async () => {
		const { run } = await terminal();
		await run('kubectl run a --image=busybox:1.36 --restart=Never -- ip -o -4 addr show dev eth0');
		await run(
			`kubectl run b --image=busybox:1.36 --restart=Never --overrides='{"spec":{"hostAliases":[{"ip":"10.1.2.3","hostnames":["foo.remote"]}]}}' -- cat /etc/hosts`,
		);
		await run('kubectl run c --image=busybox:1.36 --restart=Never -- hostname; sleep 8');
		const ip = (name: string): Promise<string> => run(`kubectl get pod ${name} -o jsonpath='{.status.podIP}'`);
		expect(await run('kubectl logs a')).toContain(`inet ${await ip('a')}/32 scope global eth0`);
		expect(await run('kubectl logs b')).toContain(
			`${await ip('b')}\tb\n\n# Entries added by HostAliases.\n10.1.2.3\tfoo.remote\n`,
		);
		expect(await run('kubectl logs c')).toBe('c\n');
	});

	it('has the image of its spec in the status until the runtime has a container', async () => {
		const { run } = await terminal();
		const image = `kubectl get pod a -o jsonpath='{.status.containerStatuses[0].image}'`;
		expect(await run(`kubectl run a --image=busybox:1.36 -- sleep 1d; sleep 1; ${image}`)).toBe(
			'pod/a created\nbusybox:1.36',
		);
		expect(await run(`sleep 8; ${image}`)).toBe('docker.io/library/busybox:1.36');
	});

	it('has its errors in the log in their order, and ends with its code', async () => {
		const { run } = await terminal();
		await run(started('a', 'echo one; ls /nosuch; echo two >&2; exit 3', '--restart=Never'));
		expect(await run('kubectl logs a')).toMatch(/^one\nls: \/nosuch: No such file or directory\ntwo\n$/);
		expect(await run(lastState('a', 'state.terminated.exitCode'))).toBe('3');
		expect(await run('kubectl get pod a --no-headers')).toMatch(/^a +0\/1 +Error /);
	});

	it('runs without a shell too', async () => {
		const { run } = await terminal();
		await run('kubectl run a --image=busybox:1.36 --restart=Never -- cat /etc/hostname; sleep 5');
		expect(await run('kubectl logs a')).toBe('a\n');
		expect(await run('kubectl get pod a --no-headers')).toMatch(/ Completed /);
	});

	it('that is not there keeps the container from starting', async () => {
		const { run } = await terminal();
		await run('kubectl run a --image=busybox:1.36 -- nosuch; sleep 5');
		expect(await run(lastState('a', 'lastState.terminated.reason'))).toBe('StartError');
		expect(await run(lastState('a', 'lastState.terminated.exitCode'))).toBe('128');
		expect(await run('kubectl describe pod a')).toContain(
			'Error: failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: "nosuch": executable file not found in $PATH: unknown',
		);
		await run('sleep 20');
		expect(await run('kubectl get pod a --no-headers')).toMatch(/ CrashLoopBackOff /);
	});

	it('goes on as time does, and logs are followed', async () => {
		const { run } = await terminal();
		await run(started('a', 'while true; do date +%s; sleep 5; done'));
		const lines = (await run('timeout 16 kubectl logs -f a --tail=1')).trim().split('\n').map(Number);
		expect(lines.length).toBeGreaterThanOrEqual(4);
		for (const [i, at] of lines.entries()) if (i > 0) expect(at - lines[i - 1]!).toBe(5);
	});

	it('that never rests stops neither the lab nor others', async () => {
		const { run } = await terminal();
		await run('kubectl run busy --image=busybox:1.36 -- sh -c "while true; do :; done"');
		await run('kubectl run yes --image=busybox:1.36 -- yes');
		await run(started('sum', 'i=0; while [ $i -lt 3000 ]; do i=$((i+1)); done; echo $i', '--restart=Never'));
		await run('sleep 60');
		expect(await run('kubectl logs sum')).toBe('3000\n');
		expect(await run('kubectl get pods busy yes --no-headers')).toMatch(/busy +1\/1 +Running .*\nyes +1\/1 +Running /);
		expect(await run('kubectl logs yes --tail=2')).toBe('y\ny\n');
	});

	it('leaves files that exec finds, and a restarted container has them no longer', async () => {
		const { run } = await terminal();
		await run(started('a', 'ls /tmp; echo x > /tmp/mark; sleep 20; exit 1'));
		expect(await run('kubectl exec a -- cat /tmp/mark')).toBe('x\n');
		await run('sleep 22');
		expect(await run('kubectl logs a')).toBe('');
	});

	it('hands over what init containers wrote, and its last words', async () => {
		const { run } = await terminal();
		const volumeMounts = [{ name: 'd', mountPath: '/d' }];
		await run(
			pod(
				'a',
				{ command: ['sh', '-c', 'cat /d/x; echo oops > /dev/termination-log; exit 4'], volumeMounts },
				{
					restartPolicy: 'Never',
					volumes: [{ name: 'd', emptyDir: {} }],
					initContainers: [
						{ name: 'i', image: 'busybox:1.36', command: ['sh', '-c', 'echo hello > /d/x'], volumeMounts },
					],
				},
			),
		);
		await run('sleep 10');
		expect(await run('kubectl logs a')).toContain('hello\n');
		expect(await run(lastState('a', 'state.terminated.message'))).toBe('oops\n');
		await run(
			pod(
				'b',
				{ command: ['sh', '-c', 'echo broken; exit 1'], terminationMessagePolicy: 'FallbackToLogsOnError' },
				{ restartPolicy: 'Never' },
			),
		);
		await run('sleep 6');
		expect(await run(lastState('b', 'state.terminated.message'))).toBe('broken\n');
	});
});

describe('signals', { timeout: 60_000 }, () => {
	it('a shell without a trap outlives SIGTERM, one with a trap ends by it', async () => {
		const { run, seconds } = await terminal();
		await run(started('deaf', 'while true; do sleep 1; done'));
		await run(started('kind', "trap 'echo bye; exit 0' TERM; while true; do sleep 1; done"));
		await run(started('waits', "trap 'exit 0' TERM; sleep 1000 & wait"));
		expect(await seconds('kubectl delete pod kind')).toBeLessThan(5);
		expect(await seconds('kubectl delete pod waits')).toBeLessThan(5);
		expect(await seconds('kubectl delete pod deaf')).toBeGreaterThan(29);
	});

	it('kill 1 runs the trap; without one nothing happens', async () => {
		const { run } = await terminal();
		await run(started('a', "trap 'echo got it; exit 7' TERM; while true; do sleep 1; done"));
		await run(started('b', 'sleep 1000; true'));
		await run('kubectl exec a -- kill 1; kubectl exec b -- kill 1; kubectl exec b -- kill -9 1; sleep 4');
		expect(await run('kubectl logs a -p')).toBe('got it\n');
		expect(await run(lastState('a', 'lastState.terminated.exitCode'))).toBe('7');
		expect(await run(lastState('b', 'restartCount'))).toBe('0');
	});
});

describe('probes and hooks', { timeout: 60_000 }, () => {
	it('a probe asks each time: a pod becomes unready, and ready again', async () => {
		const { run } = await terminal();
		const readinessProbe = { exec: { command: ['cat', '/tmp/ok'] }, periodSeconds: 2, failureThreshold: 2 };
		await run(pod('a', { command: ['sh', '-c', 'touch /tmp/ok; sleep 1000'], readinessProbe }));
		await run('sleep 10');
		expect(await run('kubectl get pod a --no-headers')).toMatch(/^a +1\/1 /);
		await run('kubectl exec a -- rm /tmp/ok; sleep 8');
		expect(await run('kubectl get pod a --no-headers')).toMatch(/^a +0\/1 /);
		expect(await run('kubectl describe pod a')).toMatch(/Readiness probe failed: cat: .*\/tmp\/ok.*: No such file/);
		await run('kubectl exec a -- touch /tmp/ok; sleep 6');
		expect(await run('kubectl get pod a --no-headers')).toMatch(/^a +1\/1 /);
	});

	it('one that takes too long has failed, and a container that is not alive is started again', async () => {
		const { run } = await terminal();
		const livenessProbe = { exec: { command: ['sleep', '10'] }, periodSeconds: 2, failureThreshold: 1 };
		await run(pod('a', { command: ['sleep', '1000'], livenessProbe }, { terminationGracePeriodSeconds: 3 }));
		await run('sleep 14');
		expect(await run('kubectl describe pod a')).toContain('Liveness probe failed: command "sleep 10" timed out');
		expect(Number(await run(lastState('a', 'restartCount')))).toBeGreaterThan(0);
		expect(await run(lastState('a', 'lastState.terminated.exitCode'))).toBe('137');
	});

	it('hooks run, and tell when they fail', async () => {
		const { run } = await terminal();
		const lifecycle = {
			postStart: { exec: { command: ['sh', '-c', 'echo started > /tmp/hook'] } },
			preStop: { exec: { command: ['sh', '-c', 'exit 9'] } },
		};
		await run(pod('a', { command: ['sleep', '1000'], lifecycle }, { terminationGracePeriodSeconds: 2 }));
		await run('sleep 6');
		expect(await run('kubectl exec a -- cat /tmp/hook')).toBe('started\n');
		await run('kubectl delete pod a');
		expect(await run('kubectl get events')).toContain('FailedPreStopHook');
	});
});

describe('a log that is told again', { timeout: 60_000 }, () => {
	it('gives the same lab', async () => {
		const first = await terminal();
		await first.run(started('a', 'while true; do date; wget -qO- -T 1 kubernetes.default:443; sleep 3; done'));
		await first.run(started('b', 'for i in 1 2 3; do echo $RANDOM; sleep 1; done; exit 1'));
		await first.run('sleep 30');
		const see = (of: Terminal): Promise<string> =>
			of.run('kubectl logs a; kubectl logs b; kubectl get pods; kubectl get events | sort');
		const second = await terminal();
		await second.session.replay(first.session.log);
		expect(second.lab.now).toBe(first.lab.now);
		expect(await see(second)).toBe(await see(first));
	});
});
