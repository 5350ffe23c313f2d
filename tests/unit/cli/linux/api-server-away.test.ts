/** The API server is taken away for longer than a lease: who leads ends and comes back, and kubelets complain. */
import { beforeAll, describe, expect, test } from 'vitest';
import { type Terminal, terminal } from '../terminal.ts';

let t: Terminal;
const AWAY = 'docker exec basic-control-plane mv /etc/kubernetes/manifests/kube-apiserver.yaml /root/';
const BACK = 'docker exec basic-control-plane mv /root/kube-apiserver.yaml /etc/kubernetes/manifests/';

describe('an API server that is away', () => {
	beforeAll(async () => {
		t = await terminal();
	});

	test('for five seconds nobody loses a lease', async () => {
		await t.run(`${AWAY}\nsleep 5\n${BACK}\nsleep 20`);
		expect(await restarts()).toBe('0 0');
	});

	test('for longer, those that led are started again, once, and lead again', async () => {
		await t.run(`${AWAY}\nsleep 25`);
		const attempts = await t.run(
			"docker exec basic-control-plane crictl ps | awk '/kube-(scheduler|controller-manager)/ {print $(NF-2)}'",
		);
		expect(attempts).toBe('1\n1\n');
		const journal = await t.run('docker exec basic-worker journalctl -u kubelet -n 40 --no-pager');
		expect(journal).toContain(
			'failed to ensure lease exists, will retry in 200ms, error: Get "https://basic-control-plane:6443/',
		);
		expect(journal).toContain('"Error updating node status, will retry"');
		await t.run(`${BACK}\nsleep 40\nkubectl create deployment again --image=nginx\nsleep 15`);
		expect(await restarts()).toBe('1 1');
		expect(await t.run('kubectl get deployment again --no-headers')).toMatch(/1\/1/);
		expect(await t.run('kubectl logs -n kube-system kube-scheduler-basic-control-plane --previous --tail=1')).toContain(
			'"Leaderelection lost"',
		);
	});
});

const restarts = async (): Promise<string> =>
	(
		await t.run(
			"kubectl get pods -n kube-system -l tier=control-plane -o jsonpath='{range .items[*]}{.metadata.name} {.status.containerStatuses[0].restartCount}{\"\\n\"}{end}' | awk '/scheduler|controller/ {print $2}' | xargs",
		)
	).trim();

describe('the rest of the control plane', () => {
	test('collects a pod of a node that is not there', async () => {
		await t.run(`kubectl run nn --image=nginx --overrides='{"spec":{"nodeName":"nope"}}'`);
		expect(await t.run('sleep 30; kubectl get pod nn --no-headers')).toContain('Pending');
		expect(await t.run('sleep 35; kubectl get pod nn')).toContain('not found');
	});

	test('takes no finalizer without a domain', async () => {
		await t.run('kubectl create configmap held');
		expect(await t.run(`kubectl patch configmap held --type merge -p '{"metadata":{"finalizers":["hold"]}}'`)).toBe(
			'The ConfigMap "held" is invalid: metadata.finalizers[0]: Invalid value: "hold": name is neither a standard finalizer name nor is it fully qualified\n',
		);
	});

	test('hears of a kubelet that starts with its machine', async () => {
		await t.run('docker restart basic-worker2\nsleep 20');
		expect(await t.run('kubectl describe node basic-worker2')).toMatch(
			/Normal {2}Starting +\d+m\w* +kubelet +Starting kubelet\.[\s\S]*Normal {2}Starting +\d+s +kubelet +Starting kubelet\./,
		);
	});
});
