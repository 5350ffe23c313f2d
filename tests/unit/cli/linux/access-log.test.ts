import { beforeAll, describe, expect, it } from 'vitest';
import { type Terminal, terminal } from './terminal.ts';

const PODS = `apiVersion: v1
kind: Pod
metadata: {name: well}
spec: {containers: [{name: c, image: nginx, livenessProbe: {httpGet: {path: /, port: 80}, periodSeconds: 5}}]}
---
apiVersion: v1
kind: Pod
metadata: {name: ill}
spec: {containers: [{name: c, image: nginx, readinessProbe: {httpGet: {path: /nope, port: 80}}}]}
`;

describe('what web servers log', () => {
	let t: Terminal;
	const ipOf = async (pod: string): Promise<string> =>
		(await t.run(`kubectl get pod ${pod} -o jsonpath='{.status.podIP}'`)).trim();
	beforeAll(async () => {
		t = await terminal();
		await t.run('kubectl run a --image=nginx; kubectl run h --image=httpd; kubectl expose pod a --port 80');
		await t.run(`cat > p.yaml <<'Y'\n${PODS}Y\nkubectl apply -f p.yaml; sleep 40`);
	});

	it('begins with the entrypoint and the notices of the image', async () => {
		const lines = (await t.run('kubectl logs a')).split('\n');
		expect(lines[0]).toMatch(/^\/docker-entrypoint\.sh: \/docker-entrypoint\.d\/ is not empty/);
		expect(lines.some((l) => / \[notice\] 1#1: start worker process 29$/.test(l))).toBe(true);
	});

	it('has one line for each request, with the client that was seen and what was answered', async () => {
		const before = (await t.run('kubectl logs a')).split('\n').length;
		await t.run('kubectl exec a -- curl -s localhost');
		await t.run('kubectl exec h -- true; kubectl exec well -- curl -sI http://a');
		const lines = (await t.run('kubectl logs a'))
			.trimEnd()
			.split('\n')
			.slice(before - 1);
		expect(lines).toHaveLength(2);
		expect(lines[0]).toMatch(
			/^127\.0\.0\.1 - - \[\d\d\/\w{3}\/\d{4}:\d\d:\d\d:\d\d \+0000\] "GET \/ HTTP\/1\.1" 200 615 "-" "curl\/[\d.]+" "-"$/,
		);
		expect(lines[1]).toContain(`${await ipOf('well')} - - [`);
		expect(lines[1]).toContain('"HEAD / HTTP/1.1" 200 0 ');
	});

	it('tells of files that are not there before it logs the 404', async () => {
		const body = await t.run('kubectl exec well -- curl -s http://a/nope');
		const [error, access] = (await t.run('kubectl logs a --tail=2')).split('\n');
		expect(error).toContain('open() "/usr/share/nginx/html/nope" failed (2: No such file or directory), client: ');
		expect(access).toContain(`"GET /nope HTTP/1.1" 404 ${body.length} `);
	});

	it('is in the common format for httpd', async () => {
		await t.run(`kubectl exec a -- curl -s ${await ipOf('h')}`);
		expect(await t.run('kubectl logs h --tail=1')).toMatch(/^[\d.]+ - - \[[^\]]+\] "GET \/ HTTP\/1\.1" 200 45\n$/);
	});

	it("has the kubelet's probes, each period, and they fail where the answer is no success", async () => {
		const probes = async (pod: string): Promise<string[]> =>
			(await t.run(`kubectl logs ${pod}`)).split('\n').filter((l) => l.includes('"kube-probe/1.24"'));
		const before = (await probes('well')).length;
		await t.run('sleep 20');
		expect((await probes('well')).length - before).toBe(4);
		expect((await probes('ill'))[0]).toContain('"GET /nope HTTP/1.1" 404 153 ');
		expect(await t.run('kubectl get pod ill --no-headers')).toContain('0/1');
		expect(await t.run('kubectl describe pod ill')).toContain('HTTP probe failed with statuscode: 404');
	});
});
