import { beforeAll, describe, expect, test } from 'vitest';
import { type Terminal, terminal } from '../kubectl-write/lab.ts';

let t: Terminal;
beforeAll(async () => {
	t = await terminal();
}, 60_000);

describe('what goes through a kubelet', () => {
	test('is refused while that is stopped, and not the node’s way while it is', async () => {
		const where = 'kubectl get pod -n kube-system -l k8s-app=kube-proxy --field-selector spec.nodeName=basic-worker2';
		const pod = (await t.run(`${where} -o name`)).trim().slice('pod/'.length);
		const port = '172.18.0.2:10250';
		expect(await t.run(`kubectl logs -n kube-system ${pod} --tail=1`)).not.toContain('Error');
		await t.run('docker exec basic-worker2 systemctl stop kubelet');
		expect(await t.run(`kubectl logs -n kube-system ${pod}`)).toBe(
			`Error from server: Get "https://${port}/containerLogs/kube-system/${pod}/kube-proxy": dial tcp ${port}: connect: connection refused\n`,
		);
		expect(await t.run(`kubectl exec -n kube-system ${pod} -- true`)).toBe(
			`Error from server: error dialing backend: dial tcp ${port}: connect: connection refused\n`,
		);
		expect(await t.run(`kubectl port-forward -n kube-system ${pod} 8088:80`)).toBe(
			`error: error upgrading connection: error dialing backend: dial tcp ${port}: connect: connection refused\n`,
		);
		await t.run('docker exec basic-worker2 systemctl start kubelet');
		expect(await t.run(`kubectl logs -n kube-system ${pod} --tail=1`)).not.toContain('Error');
		await t.run('docker stop basic-worker2');
		expect(await t.run(`kubectl logs -n kube-system ${pod}`)).toContain(`dial tcp ${port}: connect: no route to host`);
	});
});
