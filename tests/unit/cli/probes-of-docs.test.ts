/** kubernetes.io, tasks/configure-pod-container/configure-liveness-readiness-startup-probes, with its images. */
import { expect, test } from 'vitest';
import { terminal } from './terminal.ts';

test('a file that is not there any more, and a port that is open', async () => {
	const { run } = await terminal();
	await run(`kubectl apply -f - <<'X'
{"apiVersion":"v1","kind":"Pod","metadata":{"name":"exec"},"spec":{"containers":[{"name":"liveness","image":"registry.k8s.io/busybox:1.27.2","args":["/bin/sh","-c","touch /tmp/healthy; sleep 30; rm -f /tmp/healthy; sleep 600"],"livenessProbe":{"exec":{"command":["cat","/tmp/healthy"]},"initialDelaySeconds":5,"periodSeconds":5}}]}}
{"apiVersion":"v1","kind":"Pod","metadata":{"name":"goproxy"},"spec":{"containers":[{"name":"goproxy","image":"registry.k8s.io/goproxy:0.1","ports":[{"containerPort":8080}],"readinessProbe":{"tcpSocket":{"port":8080},"initialDelaySeconds":15},"livenessProbe":{"tcpSocket":{"port":8080},"initialDelaySeconds":15}}]}}
X
sleep 28`);
	expect(await run('kubectl get pod exec goproxy --no-headers')).toMatch(
		/^exec +1\/1 +Running +0 .*\ngoproxy +1\/1 +Running +0 .*\n$/,
	);
	await run('sleep 60');
	const told = await run('kubectl describe pod exec');
	expect(told).toContain("Liveness probe failed: cat: can't open '/tmp/healthy': No such file or directory");
	expect(told).toContain('Container liveness failed liveness probe, will be restarted');
});
