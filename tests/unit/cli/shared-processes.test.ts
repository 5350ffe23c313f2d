/** kubernetes.io, tasks/configure-pod-container/share-process-namespace: containers that see each other's processes. */
import { expect, test } from 'vitest';
import { terminal } from './terminal.ts';

const POD = `apiVersion: v1
kind: Pod
metadata: {name: duo}
spec:
  shareProcessNamespace: true
  containers:
  - {name: nginx, image: nginx}
  - name: shell
    image: busybox
    command: [sleep, 1d]
    securityContext: {capabilities: {add: [SYS_PTRACE]}}
`;

test('numbers stay what they are when nginx is told to reload, and its log has the same', async () => {
	const { run, file } = await terminal();
	await file('duo.yaml', POD);
	await run('kubectl apply -f duo.yaml; sleep 8');
	const inShell = (command: string): Promise<string> => run(`kubectl exec duo -c shell -- sh -c '${command}'`);
	const before = await inShell('ps');
	expect(before).toMatch(/\n +1 65535 +0:00 \/pause\n +7 root +0:00 nginx: master/);
	const sleeper = /\n +(\d+) root +0:00 sleep 1d/.exec(before)?.[1];
	const worker = /\n +(\d+) 101 +0:00 nginx: worker/.exec(before)?.[1];
	expect(await run('kubectl logs duo -c nginx')).toContain(` 7#7: start worker process ${worker}\n`);
	await inShell('kill -HUP 7; sleep 1');
	const after = await inShell('ps');
	expect(/\n +(\d+) root +0:00 sleep 1d/.exec(after)?.[1]).toBe(sleeper);
	const next = /\n +(\d+) 101 +0:00 nginx: worker/.exec(after)![1]!;
	expect(Number(next)).toBeGreaterThan(Number(sleeper));
	const log = await run('kubectl logs duo -c nginx');
	expect(log).toContain(` 7#7: start worker process ${next}\n`);
	expect(log).toContain(` ${worker}#${worker}: gracefully shutting down\n`);
	await run('kubectl exec duo -c nginx -- curl -s localhost/nope');
	expect(await run('kubectl logs duo -c nginx')).toContain(
		`[error] ${next}#${next}: *1 open() "/usr/share/nginx/html/nope"`,
	);
	expect(await run('kubectl exec duo -c nginx -- cat /var/run/nginx.pid')).toBe('7\n');
});

test('files of the other container are below /proc/PID/root, read and written', async () => {
	const { run, file } = await terminal();
	await file('duo.yaml', POD);
	await run('kubectl apply -f duo.yaml; sleep 8');
	const shell = 'kubectl exec duo -c shell --';
	expect(await run(`${shell} head -n 2 /proc/7/root/etc/nginx/nginx.conf`)).toBe('\nuser  nginx;\n');
	expect(await run(`${shell} ls /proc/7/root/etc/nginx/conf.d`)).toBe('default.conf\n');
	expect(await run(`${shell} cat /proc/7/root/etc/hosts`)).toBe(
		await run('kubectl exec duo -c nginx -- cat /etc/hosts'),
	);
	expect(await run(`${shell} ls -l /proc/7/root/usr/sbin/nginx`)).toContain('/proc/7/root/usr/sbin/nginx\n');
	// What is written there is what the other has.
	await run(`${shell} sh -c 'echo changed > /proc/7/root/usr/share/nginx/html/index.html'`);
	expect(await run('kubectl exec duo -c nginx -- curl -s localhost')).toBe('changed\n');
	expect(await run(`${shell} cat /proc/7/root/nothing`)).toContain('No such file or directory');
	// pause has files nobody knows of.
	expect(await run(`${shell} ls /proc/1/root/etc`)).toContain('the simulator shows no container from outside');
});

test('who has no SYS_PTRACE looks into no process of another user', async () => {
	const { run, file } = await terminal();
	await file('duo.yaml', POD.replace(/\n +securityContext.*/, ''));
	await run('kubectl apply -f duo.yaml; sleep 8');
	const shell = 'kubectl exec duo -c shell --';
	expect(await run(`${shell} ls /proc/7/root/etc/nginx/conf.d`)).toBe('default.conf\n');
	expect(await run(`${shell} cat /proc/35/root/etc/nginx/nginx.conf`)).toContain('Permission denied');
});
