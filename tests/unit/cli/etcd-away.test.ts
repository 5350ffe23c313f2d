/** What an API server does whose etcd is gone, from all sides. */
import { expect, it } from 'vitest';
import { terminal } from './terminal.ts';

const MOVE = 'docker exec basic-control-plane mv /etc/kubernetes/manifests/etcd.yaml /root/';
const BACK = 'docker exec basic-control-plane mv /root/etcd.yaml /etc/kubernetes/manifests/';
const GONE =
	'rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing dial tcp 127.0.0.1:2379: connect: connection refused"';
const STATES = 'docker exec basic-control-plane crictl ps -a --name kube-apiserver';

it('answers what needs no storage, and tells of etcd for everything else, after a hundred tries', async () => {
	const at = await terminal();
	await at.run(`${MOVE}; sleep 5`);
	expect(await at.run('kubectl get pods')).toBe(`Error from server: ${GONE}\n`);
	expect(await at.seconds('kubectl get pods')).toBeCloseTo(2.5, 0);
	expect(await at.run('kubectl create cm a')).toBe(`error: failed to create configmap: ${GONE}\n`);
	expect(await at.run('kubectl version -o json')).toContain('"serverVersion"');
	expect(await at.run('kubectl get --raw /livez/ping')).toBe('ok');
	expect(await at.run('kubectl get --raw /readyz')).toMatch(
		/^Error from server \(InternalError\): an error on the server \("\[\+\]ping ok\\n\[\+\]log ok\\n\[-\]etcd failed: reason withheld\\n.*readyz check failed"\) has prevented the request from succeeding\n$/,
	);
	expect(await at.run('docker exec basic-control-plane curl -sk https://localhost:6443/livez')).toContain(
		'\n[-]etcd failed: reason withheld\n',
	);
});

it('ends by its liveness probe, and again and again while etcd is not there', async () => {
	const at = await terminal();
	await at.run(`${MOVE}; sleep 60`);
	expect(await at.run(STATES)).toMatch(/Running +kube-apiserver +0 /);
	await at.run('sleep 60');
	expect(await at.run('kubectl get pods')).toBe(
		'The connection to the server 0.0.0.0:6443 was refused - did you specify the right host or port?\n',
	);
	await at.run('sleep 60');
	expect(await at.run(STATES)).toMatch(/Exited +kube-apiserver +[1-3] /);
	const logs = 'cat /var/log/pods/kube-system_kube-apiserver*/kube-apiserver/*.log';
	const said = await at.run(`docker exec basic-control-plane sh -c '${logs}'`);
	expect(said).toContain('"command failed" err="context deadline exceeded"');
	expect(said).toContain('[core] grpc: addrConn.createTransport failed to connect to {127.0.0.1:2379');
	await at.run(`${BACK}; sleep 90`);
	expect(await at.run('kubectl -n kube-system get pod kube-apiserver-basic-control-plane --no-headers')).toMatch(
		/ 1\/1 +Running +[2-5] \(/,
	);
});

it('is well again when etcd comes back before that', async () => {
	const at = await terminal();
	await at.run(`${MOVE}; sleep 40; ${BACK}; sleep 90`);
	expect(await at.run('kubectl -n kube-system get pod kube-apiserver-basic-control-plane --no-headers')).toMatch(
		/ 1\/1 +Running +0 /,
	);
});

it('kubelets hear what an API server without its etcd answers, and then that nobody does', async () => {
	const { run } = await terminal();
	await run('docker exec basic-control-plane mv /etc/kubernetes/manifests/etcd.yaml /root/; sleep 30');
	const journal = 'docker exec basic-worker journalctl -u kubelet --no-pager -o cat';
	const said = await run(journal);
	expect(said).toMatch(
		/controller\.go:187\] failed to update lease, error: rpc error: code = Unavailable desc = connection error: /,
	);
	expect(said).not.toContain('6443: connect: connection refused');
	// The node it asks for is in the server's cache, and is as it was.
	expect(said).not.toContain('"Error updating node status, will retry"');
	await run('sleep 60');
	expect(await run(journal)).toMatch(/failed to ensure lease exists.*:6443: connect: connection refused\n/);
});
