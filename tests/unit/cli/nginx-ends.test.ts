/** What nginx writes when its container is told to end: STOPSIGNAL of docker-nginx's images is SIGQUIT. */
import { expect, test } from 'vitest';
import { terminal } from './terminal.ts';

test('a kubelet that restarts nginx leaves its last words in the log before', async () => {
	const { run, file } = await terminal();
	await file(
		'live.yaml',
		`apiVersion: v1
kind: Pod
metadata: {name: live}
spec:
  containers:
  - name: web
    image: nginx
    livenessProbe: {httpGet: {path: /nope, port: 80}, periodSeconds: 2, failureThreshold: 2}
`,
	);
	expect(await run('kubectl apply -f live.yaml; sleep 12')).toBe('pod/live created\n');
	expect(await run('kubectl get pod live --no-headers')).toMatch(/1\/1 +Running +1 /);
	const log = await run(`kubectl logs -p live | sed 's/^[^[]*//' | grep -v 'GET /'`);
	expect(log).toContain(
		'[notice] 1#1: signal 3 (SIGQUIT) received, shutting down\n[notice] 29#29: gracefully shutting',
	);
	expect(log).toMatch(
		/\[notice\] 36#36: exit\n.*SIGCHLD.*\n.*worker process 36 exited with code 0\n\[notice\] 1#1: exit\n$/,
	);
	expect(log.match(/SIGQUIT/g)).toHaveLength(1);
});

test('nginx has as many workers as its configuration asks for, in ps as in its log', async () => {
	const { run } = await terminal();
	await run('kubectl run two --image=nginx; sleep 8');
	await run(`kubectl exec two -- sed -i 's/worker_processes.*/worker_processes 2;/' /etc/nginx/nginx.conf`);
	expect(await run('kubectl exec two -- nginx -s reload')).toContain('signal process started');
	const log = await run('kubectl logs two');
	// `sed` and `nginx -s reload` had 37 and 38.
	expect(log.match(/start worker process (?:39|40)\n/g)).toHaveLength(2);
	expect(log).not.toContain('start worker process 41\n');
});

test('a command in a container of nginx has a number that no worker has', async () => {
	const { run } = await terminal();
	await run('kubectl run web --image=nginx:1.25-alpine; sleep 8');
	for (const _ of [1, 2, 3]) await run('kubectl exec web -- true');
	const pids = (await run('kubectl exec web -- ps -o pid')).trim().split(/\s+/).slice(1);
	expect(new Set(pids).size).toBe(pids.length);
	// Its first worker ends, and not the shell that says so.
	const [worker, after] = (
		await run(`kubectl exec web -- sh -c 'sleep 50 & kill -9 29; ps -o pid,args | grep -c "[w]orker"; echo $!'`)
	)
		.trim()
		.split('\n');
	expect([worker, Number(after) > 36]).toEqual(['8', true]);
	expect(await run('kubectl exec web -- ps -o pid')).not.toContain('   29\n');
	await run('docker run -d --name dn nginx; sleep 2');
	expect(Number(await run(`docker exec dn sh -c 'echo $$'`))).toBeGreaterThan(36);
	// Where nginx is not what runs, a container counts as ever.
	await run('kubectl run idle --image=nginx -- sleep 1d; sleep 8');
	expect(Number(await run(`kubectl exec idle -- sh -c 'echo $$'`))).toBeLessThan(36);
});
