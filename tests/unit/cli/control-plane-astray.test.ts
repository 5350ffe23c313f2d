/** Programs of the control plane that somebody points at the wrong place. */
import { expect, it } from 'vitest';
import { type Terminal, terminal } from './terminal.ts';

const NODE = 'docker exec basic-control-plane';
const edit = (file: string, change: string): string => `${NODE} sed -i '${change}' /etc/kubernetes/${file}`;
const restart = (name: string): string => `${NODE} sh -c 'crictl stop $(crictl ps -q --name ${name})'`;
const logs = (at: Terminal, name: string): Promise<string> =>
	at.run(`${NODE} sh -c 'cat /var/log/pods/kube-system_${name}*/${name}/*.log'`);

it('a scheduler whose kubeconfig leads to no API server runs, and schedules nothing until it is mended and started again', async () => {
	const at = await terminal();
	await at.run(`${edit('scheduler.conf', 's#server: .*#server: https://basic-control-plane:6444#')}; sleep 30`);
	// It has read the file when it started.
	expect(await at.run('kubectl run before --image=nginx; sleep 20; kubectl get pod before --no-headers')).toContain(
		' Running ',
	);
	await at.run(`${restart('kube-scheduler')}; sleep 30; kubectl run after --image=nginx; sleep 60`);
	expect(await at.run('kubectl get pod after --no-headers')).toContain(' Pending ');
	expect(await at.run('kubectl -n kube-system get pod kube-scheduler-basic-control-plane --no-headers')).toMatch(
		/ 1\/1 +Running +1 /,
	);
	const said = await logs(at, 'kube-scheduler');
	const list =
		/failed to list \*v1\.Node: Get "https:\/\/basic-control-plane:6444\/api\/v1\/nodes\?limit=500&resourceVersion=0": dial tcp \S+:6444: connect: connection refused/;
	expect(said).toMatch(list);
	expect(said).toContain('Error looking up in-cluster authentication configuration');
	await at.run(`${edit('scheduler.conf', 's#:6444#:6443#')}; ${restart('kube-scheduler')}; sleep 60`);
	expect(await at.run('kubectl get pod after --no-headers')).toContain(' Running ');
});

it('a controller manager whose kubeconfig does so asks for the lease in vain', async () => {
	const at = await terminal();
	await at.run(
		`${edit('controller-manager.conf', 's#server: .*#server: https://172.18.0.99:6443#')}; ${restart('kube-controller-manager')}; sleep 30`,
	);
	await at.run('kubectl create deployment web --image=nginx; sleep 60');
	expect(await at.run('kubectl get deployment web --no-headers')).toMatch(/ 0\/1 +0 +0 /);
	expect(await logs(at, 'kube-controller-manager')).toContain(
		'error retrieving resource lock kube-system/kube-controller-manager: Get "https://172.18.0.99:6443/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/kube-controller-manager?timeout=5s": dial tcp 172.18.0.99:6443: connect: no route to host',
	);
});

it('an API server that looks for etcd elsewhere, or nowhere, ends again and again', async () => {
	const at = await terminal();
	await at.run(`${edit('manifests/kube-apiserver.yaml', 's#127.0.0.1:2379#127.0.0.1:2399#')}; sleep 60`);
	expect(await at.run('kubectl get nodes')).toContain('was refused');
	expect(await logs(at, 'kube-apiserver')).toContain('dial tcp 127.0.0.1:2399: connect: connection refused');
	await at.run(`${edit('manifests/kube-apiserver.yaml', '/etcd-servers/d')}; sleep 60`);
	expect(await logs(at, 'kube-apiserver')).toContain('err="--etcd-servers must be specified"');
	await at.run(
		`${edit('manifests/kube-apiserver.yaml', 's#^\\( *\\)- --etcd-keyfile.*#&\\n\\1- --etcd-servers=https://127.0.0.1:2379#')}; sleep 60`,
	);
	expect(await at.run('kubectl get nodes')).toContain('basic-control-plane');
});

it('an etcd that listens elsewhere is away; what makes no difference it says', async () => {
	const at = await terminal();
	await at.run(
		`${edit('manifests/etcd.yaml', 's#client-urls=https://127.0.0.1:2379,#client-urls=https://127.0.0.1:2378,#')}; sleep 60`,
	);
	expect(await at.run('kubectl get nodes')).toContain('dial tcp 127.0.0.1:2379: connect: connection refused');
	await at.run(
		`${edit('manifests/etcd.yaml', 's#127.0.0.1:2378#127.0.0.1:2379#; s#data-dir=/var/lib/etcd#data-dir=/tmp/e#')}; sleep 60`,
	);
	expect(await at.run('kubectl get nodes')).toContain('basic-control-plane');
	expect(await logs(at, 'etcd')).toContain('acts as kubeadm starts it: --data-dir=/tmp/e makes no difference here');
});
