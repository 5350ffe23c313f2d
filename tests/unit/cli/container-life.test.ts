/** Life and end of containers as somebody with kubectl and docker meets them: signals, ends, hooks, probes, memory. */
import { describe, expect, it } from 'vitest';
import { surroundings, tools } from '../../../src/cli/all.ts';
import { furnish } from '../../../src/cli/index.ts';
import { Session } from '../../../src/cli/shell/index.ts';
import { readable } from '../../../src/cli/shell/routes.ts';
import { type Lab, labPreset } from '../../../src/sim/lab/index.ts';

type Run = (line: string) => Promise<string>;

async function desk(): Promise<Run> {
	const lab = labPreset('kind-basic') as unknown as Lab;
	let written = '';
	const write = (octets: Parameters<typeof readable>[0]): void => {
		written += readable(octets);
	};
	const session = new Session({ lab, tools, surroundings, write });
	await furnish(session);
	return async (line) => {
		written = '';
		for (const one of line.split('\n')) await session.submit(one);
		return written;
	};
}

describe('signals from kubectl exec', () => {
	it('reach children and jobs, and the first process only where it has a handler', async () => {
		const run = await desk();
		await run(
			`kubectl run b --image=busybox:1.36 -- sh -c 'trap "echo bye; exit 3" TERM; sleep 1000 & echo $! > /tmp/pid; while :; do sleep 1; done'; kubectl run s --image=busybox:1.36 -- sh -c 'sleep 500; echo rc $?; sleep 500'; sleep 8`,
		);
		const pid = (await run('kubectl exec b -- cat /tmp/pid')).trim();
		expect(await run('kubectl exec b -- ps')).toMatch(new RegExp(`^ *${pid} root .*sleep 1000$`, 'm'));
		await run(`kubectl exec b -- kill ${pid}`);
		expect(await run('kubectl exec b -- ps')).not.toMatch(/ sleep 1000$/m);
		expect(await run(`kubectl exec b -- kill ${pid}`)).toContain(`kill: can't kill pid ${pid}: No such process`);
		await run('kubectl exec s -- sh -c "kill 1; kill -9 1"; sleep 1');
		expect(await run('kubectl get pod s')).toMatch(/Running +0 /);
		await run('kubectl exec s -- pkill sleep; sleep 1');
		expect(await run('kubectl logs s')).toBe('rc 143\n');
		await run('kubectl exec b -- kill 1; sleep 4');
		expect(await run('kubectl logs -p b')).toBe('bye\n');
		expect(await run('kubectl describe pod b')).toMatch(/Exit Code: +3/);
	});

	it('reach nginx as nginx hears them: a worker is started again, HUP reads the configuration', async () => {
		const run = await desk();
		await run('kubectl run web --image=nginx:1.25; kubectl wait --for=condition=Ready pod/web');
		expect(await run('kubectl exec web -- kill 1')).toContain('exec: "kill": executable file not found in $PATH');
		await run("kubectl exec web -- sh -c 'kill -9 32; kill -HUP 1'");
		const log = await run('kubectl logs web');
		expect(log).toMatch(/worker process 32 exited on signal 9\n.*start worker process 38\n/);
		// The shell that kills by its builtin.
		expect(log).toContain('signal 1 (SIGHUP) received from 37, reconfiguring');
		await run("kubectl exec web -- sh -c 'kill -QUIT 1'; sleep 5");
		expect(await run('kubectl get pod web')).toMatch(/Running +1 /);
	});
});

describe('who came into a container from outside', () => {
	it('is seen by others, can be ended by them, and ends when the container does', async () => {
		const run = await desk();
		await run('kubectl run s --image=busybox:1.36 -- sleep 60; kubectl wait --for=condition=Ready pod/s');
		await run('kubectl exec s -- sleep 100 & sleep 1');
		expect(await run('kubectl exec s -- ps')).toMatch(/\d+ root .*sleep 100$/m);
		expect(await run('kubectl exec s -- pkill -9 -f "^sleep 100"; sleep 1; wait %1')).toContain(
			'command terminated with exit code 137',
		);
		await run('kubectl exec -it s -- sh');
		expect(await run('sleep 1000')).toBe('command terminated with exit code 137\n');
		expect(await run('hostname')).toBe('laptop\n');
	});
});

describe('probes and hooks of programs that a container runs by itself', () => {
	const apply = (pods: readonly object[]): string =>
		`kubectl apply -f - <<'X'\n${JSON.stringify({ apiVersion: 'v1', kind: 'List', items: pods })}\nX`;
	const pod = (name: string, container: object) => ({
		apiVersion: 'v1',
		kind: 'Pod',
		metadata: { name },
		spec: { containers: [{ name: 'c', image: 'busybox:1.36', ...container }] },
	});
	const http = (path: string, port: number | string = 8080) => ({ httpGet: { path, port }, periodSeconds: 2 });

	it('ask for a page and see its code, with the words of net/http where there is none', async () => {
		const run = await desk();
		const web = ['sh', '-c', 'mkdir /www; echo ok > /www/ok; httpd -f -p 8080 -h /www'];
		const nc = "while :; do printf 'HTTP/1.1 503 No\\r\\n\\r\\n' | nc -l -p 8080; done";
		await run(
			apply([
				pod('well', { command: web, readinessProbe: http('/ok') }),
				pod('ill', {
					command: web,
					livenessProbe: { ...http('/no'), failureThreshold: 2, terminationGracePeriodSeconds: 1 },
				}),
				pod('nc', { command: ['sh', '-c', nc], readinessProbe: http('/') }),
				pod('odd', {
					command: ['sh', '-c', 'while :; do echo hello | nc -l -p 8080; done'],
					readinessProbe: http('/'),
				}),
				pod('named', { command: web, readinessProbe: http('/ok', 'web') }),
				pod('live', {
					image: 'registry.k8s.io/e2e-test-images/agnhost:2.40',
					args: ['liveness'],
					livenessProbe: http('/healthz'),
				}),
			]),
		);
		await run('sleep 40');
		expect(await run('kubectl get pods well nc odd named')).toMatch(
			/well +1\/1[\s\S]*nc +0\/1[\s\S]*odd +0\/1[\s\S]*named +0\/1/,
		);
		const events = await run('kubectl get events');
		expect(events).toMatch(/pod\/ill .*Liveness probe failed: HTTP probe failed with statuscode: 404/);
		expect(events).toMatch(/pod\/nc .*Readiness probe failed: HTTP probe failed with statuscode: 503/);
		expect(events).toMatch(/pod\/odd .*malformed HTTP response "hello"/);
		expect(events).toMatch(/pod\/named .*Readiness probe errored: strconv.Atoi: parsing "web": invalid syntax/);
		expect(events).toMatch(/pod\/live .*statuscode: 500/);
		expect(await run('kubectl get pod ill')).not.toMatch(/Running +0 /);
	});

	it('hooks ask too: of a start that fails the container ends, of an end the server hears', async () => {
		const run = await desk();
		const nginx = { image: 'nginx:1.25' };
		await run(
			apply([
				pod('start', { ...nginx, lifecycle: { postStart: { httpGet: { path: 'x', port: 81 } } } }),
				pod('end', { ...nginx, lifecycle: { preStop: { httpGet: { path: '/bye', port: 80 } } } }),
			]),
		);
		await run('sleep 20');
		expect(await run('kubectl describe pod start')).toMatch(
			/FailedPostStartHook .*Http lifecycle hook \(x\) for Container "c" .*dial tcp [\d.]+:81: connect: connection refused/,
		);
		await run('(sleep 1; kubectl delete pod end --wait=false) &');
		expect(await run('kubectl logs -f end --tail=1')).toMatch(
			/"GET \/\/bye HTTP\/1.1" 404 \d+ "-" "kube-lifecycle\/1.24"/,
		);
	});
});

describe('memory', () => {
	const stressed = (name: string, bytes: string, limit: string) =>
		`kubectl run ${name} --image=polinux/stress --overrides='${JSON.stringify({
			spec: {
				containers: [
					{
						name: 'c',
						image: 'polinux/stress',
						resources: { requests: { memory: '50Mi' }, limits: { memory: limit, cpu: '500m' } },
						command: ['stress'],
						args: ['--vm', '1', '--vm-bytes', bytes, '--vm-hang', '1'],
					},
				],
			},
		})}'`;

	it('is a container’s up to its limit: beyond it the kernel ends what asks, and says so', async () => {
		const run = await desk();
		await run(stressed('fits', '150M', '200Mi'));
		await run(stressed('full', '250M', '100Mi'));
		await run('sleep 12');
		expect(await run('kubectl get pod fits')).toMatch(/1\/1 +Running +0 /);
		expect(await run('kubectl exec fits -- sh -c "cd /sys/fs/cgroup; cat memory.max cpu.max memory.current"')).toMatch(
			/^209715200\n50000 100000\n157\d{6}\n$/,
		);
		expect(await run('kubectl describe pod full')).toMatch(
			/Last State: +Terminated\n +Reason: +OOMKilled\n +Exit Code: +1\n/,
		);
		expect(await run('kubectl logs -p full')).toContain('<-- worker 7 got signal 9');
		expect(await run('docker exec basic-worker dmesg')).toMatch(
			/memory: usage 102400kB, limit 102400kB[\s\S]*Memory cgroup out of memory: Killed process \d+ \(stress\)/,
		);
		expect(await run('kubectl exec fits -- tail /dev/zero')).toBe('command terminated with exit code 137\n');
		expect(await run('kubectl get pod fits')).toMatch(/1\/1 +Running +0 /);
	});
});

describe('images', () => {
	it('have what their programs need and say what the lab has not', async () => {
		const run = await desk();
		await run(
			"kubectl create job pi --image=perl:5.34.0 -- perl -Mbignum=bpi -wle 'print bpi(2000)'; kubectl run node --image=node --restart=Never -- node -e 1; kubectl run web --image=nginx:1.25.3; sleep 60",
		);
		const pi = await run('kubectl logs job/pi');
		expect(pi).toMatch(/^3\.14159265358979323846\d+\n$/);
		// Two thousand digits; the thousandth behind the point and those before it are known well.
		expect(pi.trim()).toHaveLength(2001);
		expect(pi.slice(2, 1002)).toMatch(/2164201989$/);
		expect(await run('kubectl logs node')).toBe('node: the program is here, but the simulator does not have it\n');
		expect(await run('kubectl exec web -- which nginx')).toBe('/usr/sbin/nginx\n');
		const env = (await run('kubectl exec web -- env')).trim().split('\n');
		expect(env[0]).toMatch(/^PATH=/);
		expect(env.at(-1)).toBe('HOME=/root');
		expect(env).toContain('NJS_VERSION=0.8.2');
		expect(await run('kubectl exec web -- ls /')).toMatch(
			/^bin\nboot\ndev\ndocker-entrypoint\.d\ndocker-entrypoint\.sh\n/,
		);
	});

	it('a copy of a pod is attached to once it has a node', async () => {
		const run = await desk();
		await run('kubectl run b --image=busybox:1.36 -- sleep 1000; kubectl wait --for=condition=Ready pod/b');
		expect(await run('kubectl debug b -it --copy-to=c --container=b -- sh -c "echo hi"')).toContain('\nhi\n');
	});
});

describe('docker', () => {
	it('runs commands beside a container’s own, and refuses what it has not in one sentence', async () => {
		const run = await desk();
		await run('docker run -d --name box busybox:1.36 sleep 1000; docker exec -d box sleep 500');
		expect(await run('docker exec box ps')).toMatch(/\d+ root .*sleep 500$/m);
		expect(await run('docker exec -w /tmp -e Z="a b" box sh -c \'pwd; echo "$Z"\'')).toBe('/tmp\na b\n');
		await run("printf 'A=1\\n# no\\nB=2\\n' > e");
		expect(await run("docker run --rm --env-file e busybox:1.36 sh -c 'echo $A $B'")).toBe('1 2\n');
		for (const line of [
			'docker build -t x .',
			'docker compose up',
			'docker push busybox:1.36',
			'docker run -v /etc:/b busybox:1.36',
			'docker run --link a:b busybox:1.36',
		])
			expect(await run(line)).toMatch(/^docker [a-z -]+: .*\b(?:simulator|lab)\b.*\n$/);
		expect(await run('docker foo')).toContain("docker: 'foo' is not a docker command.");
		await run('docker kill box; sleep 1');
		expect(await run('docker exec box true')).toContain('is not running');
	});
});

describe('the environment of a container', () => {
	it('has the pod’s address and node from its start', async () => {
		const run = await desk();
		await run(
			`kubectl run ip --image=busybox:1.36 --overrides='{"spec":{"containers":[{"name":"ip","image":"busybox:1.36","command":["sh","-c","echo $IP $N; sleep 1d"],"env":[{"name":"IP","valueFrom":{"fieldRef":{"fieldPath":"status.podIP"}}},{"name":"N","valueFrom":{"fieldRef":{"fieldPath":"spec.nodeName"}}}]}]}}'; sleep 8`,
		);
		const known = (await run(`kubectl get po ip -o jsonpath='{.status.podIP} {.spec.nodeName}'`)).trim();
		expect(known).toMatch(/^10\.244\.\d+\.\d+ basic-/);
		expect((await run('kubectl logs ip')).trim()).toBe(known);
		expect((await run(`kubectl exec ip -- sh -c 'echo $IP $N'`)).trim()).toBe(known);
	});
});
