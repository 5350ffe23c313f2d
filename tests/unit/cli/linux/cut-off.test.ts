/** Nodes whose network somebody broke: their kubelets are not heard any more, as when they do not run. */
import { beforeEach, expect, test } from 'vitest';
import { type Terminal, terminal } from './terminal.ts';

let lab: Terminal;
beforeEach(async () => {
	lab = await terminal();
});
const status = async (node: string): Promise<string | undefined> =>
	(await lab.run(`kubectl get node ${node} --no-headers`)).split(/\s+/)[1];
const on = (node: string, line: string): Promise<string> => lab.run(`docker exec ${node} ${line}`);

test('a node without its link is not ready after forty seconds, and is again when the link is back', async () => {
	await on('basic-worker2', 'ip link set eth0 down');
	await lab.run('sleep 30');
	expect(await status('basic-worker2')).toBe('Ready');
	await lab.run('sleep 20');
	expect(await status('basic-worker2')).toBe('NotReady');
	expect(await status('basic-worker3')).toBe('Ready');
	expect(await lab.run('kubectl describe node basic-worker2')).toContain('Kubelet stopped posting node status.');
	expect(await on('basic-worker2', 'systemctl is-active kubelet')).toBe('active\n');
	await on('basic-worker2', 'ip link set eth0 up');
	await lab.run('sleep 20');
	expect(await status('basic-worker2')).toBe('Ready');
});

test('a rule that drops what goes to the API server silences a kubelet, which can still be asked', async () => {
	await on('basic-worker', 'iptables -I OUTPUT -p tcp --dport 6443 -j DROP');
	await lab.run('sleep 50');
	expect(await status('basic-worker')).toBe('NotReady');
	expect(await lab.run('kubectl exec deploy/deploy-echoserver -- echo here')).toBe('here\n');
});

test('a kubelet whose port is closed by a rule is heard, and cannot be asked', async () => {
	await on('basic-worker', 'iptables -I INPUT -p tcp --dport 10250 -j DROP');
	await lab.run('sleep 50');
	expect(await status('basic-worker')).toBe('Ready');
	expect(await lab.run('kubectl exec deploy/deploy-echoserver -- echo here')).toBe(
		'Error from server: error dialing backend: dial tcp 172.18.0.3:10250: i/o timeout\n',
	);
	expect(await lab.run('kubectl logs deploy/deploy-echoserver')).toMatch(
		/dial tcp 172\.18\.0\.3:10250: i\/o timeout\n$/,
	);
	await on('basic-worker', 'iptables -D INPUT 1');
	expect(await lab.run('kubectl exec deploy/deploy-echoserver -- echo here')).toBe('here\n');
});

test('without the link of the control plane no other node is heard', async () => {
	await on('basic-control-plane', 'ip link set eth0 down');
	await lab.run('sleep 60');
	expect(await lab.run('kubectl get nodes --no-headers')).toMatch(
		/^basic-control-plane +Ready [^\n]*\nbasic-worker +NotReady [^\n]*\nbasic-worker2 +NotReady [^\n]*\nbasic-worker3 +NotReady /,
	);
});

test('a restart of the node makes its network anew', async () => {
	await on('basic-worker2', 'ip link set eth0 down');
	await lab.run('sleep 60');
	await lab.run('docker restart basic-worker2; sleep 40');
	expect(await status('basic-worker2')).toBe('Ready');
});
