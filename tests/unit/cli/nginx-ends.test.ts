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
  - name: n
    image: nginx
    livenessProbe: {httpGet: {path: /nope, port: 80}, periodSeconds: 2, failureThreshold: 2}
`,
	);
	expect(await run('kubectl apply -f live.yaml; sleep 10')).toBe('pod/live created\n');
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
	expect(log.match(/start worker process 3[78]\n/g)).toHaveLength(2);
	expect(log).not.toContain('start worker process 39\n');
});
