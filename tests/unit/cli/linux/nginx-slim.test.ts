/** The StatefulSet of kubernetes.io's tutorial: tutorials/stateful-application/basic-stateful-set. */
import { expect, test } from 'vitest';
import { terminal } from './terminal.ts';

test('pods of a StatefulSet serve the page that was written into their volumes, by nginx-slim', async () => {
	const { run } = await terminal();
	const made = await run(`kubectl apply -f - <<'X'
{"apiVersion":"v1","kind":"Service","metadata":{"name":"nginx"},"spec":{"clusterIP":"None","ports":[{"port":80,"name":"web"}],"selector":{"app":"nginx"}}}
{"apiVersion":"apps/v1","kind":"StatefulSet","metadata":{"name":"web"},"spec":{"serviceName":"nginx","replicas":2,"selector":{"matchLabels":{"app":"nginx"}},"template":{"metadata":{"labels":{"app":"nginx"}},"spec":{"containers":[{"name":"nginx","image":"registry.k8s.io/nginx-slim:0.23","volumeMounts":[{"name":"www","mountPath":"/usr/share/nginx/html"}]}]}},"volumeClaimTemplates":[{"metadata":{"name":"www"},"spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"1Gi"}}}}]}}
X
kubectl rollout status sts/web`);
	expect(made).toContain('statefulset.apps/web created\n');
	expect(await run('for i in 0 1; do kubectl exec "web-$i" -- sh -c hostname; done')).toBe('web-0\nweb-1\n');
	expect(await run('kubectl exec web-0 -- curl -s http://localhost/')).toContain('<h1>403 Forbidden</h1>');
	await run(
		`for i in 0 1; do kubectl exec "web-$i" -- sh -c 'echo "$(hostname)" > /usr/share/nginx/html/index.html'; done`,
	);
	expect(await run('for i in 0 1; do kubectl exec "web-$i" -- curl -s http://localhost/; done')).toBe('web-0\nweb-1\n');
	expect(await run('kubectl exec web-0 -- curl -sI web-1.nginx')).toContain('Server: nginx/1.13.4\r\n');
	expect(await run('kubectl logs web-1')).toMatch(
		/^\S+ - - \[31\/Aug\/2022:[^\]]+\] "GET \/ HTTP\/1\.1" 200 6 "-" "curl/,
	);
});
