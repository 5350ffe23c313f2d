/** Endpoints that people write for a service without a selector are what is behind it. */
import { describe, expect, it } from 'vitest';
import { terminal } from '../linux/terminal.ts';

describe('Endpoints of a service without a selector', () => {
	it('are mirrored into a slice, which kube-proxy follows, until they go', async () => {
		const { run } = await terminal();
		const ip = (await run("kubectl get pods -o jsonpath='{.items[0].status.podIP}'")).trim();
		await run(`cat > ep.yaml <<'Y'
apiVersion: v1
kind: Service
metadata: {name: ext}
spec: {ports: [{port: 80, targetPort: 8080}]}
---
apiVersion: v1
kind: Endpoints
metadata: {name: ext, labels: {a: b}}
subsets:
- addresses: [{ip: ${ip}}]
  ports: [{port: 8080}]
Y
kubectl apply -f ep.yaml; sleep 3`);
		const columns =
			'.metadata.labels,O:.metadata.ownerReferences[0].kind,E:.endpoints[*].addresses[0],P:.ports[*].port';
		const slice = (): Promise<string> =>
			run(`kubectl get endpointslices -l kubernetes.io/service-name=ext --no-headers -o custom-columns=L:${columns}`);
		const shown = await slice();
		expect(shown).toContain('a:b endpointslice.kubernetes.io/managed-by:endpointslicemirroring-controller.k8s.io');
		expect(shown.trim().split(/ {2,}/).slice(1)).toEqual(['Endpoints', ip, '8080']);
		const rules = 'docker exec basic-worker iptables-save -t nat | grep default/ext';
		expect(await run(rules)).toContain(`--to-destination ${ip}:8080`);
		const cluster = "$(kubectl get svc ext -o jsonpath='{.spec.clusterIP}')";
		expect(await run(`docker exec basic-worker curl -s -m 3 ${cluster}`)).toContain('Requesting IP');
		await run(
			`kubectl patch endpoints ext --type=json -p '[{"op":"replace","path":"/subsets/0/ports/0/port","value":9090}]'; sleep 2`,
		);
		expect((await slice()).trim()).toMatch(/9090$/);
		// Nobody but the controller keeps them.
		await run('kubectl delete endpointslice -l kubernetes.io/service-name=ext; sleep 2');
		expect((await slice()).trim()).toMatch(/9090$/);
		await run('kubectl delete endpoints ext; sleep 3');
		expect((await slice()).trim()).toBe('');
		expect(await run(rules.replace('-t nat', '-t filter'))).toContain('has no endpoints');
	});
});
