/** Programs of the cluster's own end when a file of their command line is not there, and say so. */
import { expect, it } from 'vitest';
import { terminal } from '../terminal.ts';

const edit = (program: string, change: string) =>
	`docker exec basic-control-plane sed -i '${change}' /etc/kubernetes/manifests/${program}.yaml`;

it.each([
	[
		'kube-scheduler',
		's#--kubeconfig=.*#--kubeconfig=/etc/kubernetes/sched.conf#',
		'run.go:74] "command failed" err="stat /etc/kubernetes/sched.conf: no such file or directory"',
	],
	[
		'kube-scheduler',
		's#--kubeconfig=.*#&\\n    - --config=/etc/kubernetes/sched.yaml#',
		'run.go:74] "command failed" err="open /etc/kubernetes/sched.yaml: no such file or directory"',
	],
	[
		'kube-controller-manager',
		's#--authentication-kubeconfig=.*#--authentication-kubeconfig=/nope#',
		'err="failed to get delegated authentication kubeconfig: failed to get delegated authentication kubeconfig: stat /nope: no such file or directory"',
	],
	[
		// The kubelet makes the file of the volume, and nothing is in it.
		'kube-controller-manager',
		's#/etc/kubernetes/controller-manager.conf#/etc/kubernetes/cm.conf#',
		'err="invalid configuration: no configuration has been provided, try setting KUBERNETES_MASTER environment variable"',
	],
])('%s with %s', async (program, change, words) => {
	const at = await terminal();
	await at.run(`${edit(program, change)}; sleep 60`);
	const pod = `${program}-basic-control-plane`;
	expect(await at.run(`kubectl -n kube-system get pod ${pod} --no-headers`)).toMatch(
		/ 0\/1 +(?:CrashLoopBackOff|Error) /,
	);
	expect(await at.run(`kubectl -n kube-system logs ${pod}`)).toContain(words);
	// With a file that the container has, it works.
	await at.run(
		`${edit(program, 's#/etc/kubernetes/sched.conf#/etc/kubernetes/scheduler.conf#; /sched.yaml/d; s#/nope#/etc/kubernetes/controller-manager.conf#; s#/cm.conf#/controller-manager.conf#')}; sleep 60`,
	);
	expect(await at.run(`kubectl -n kube-system get pod ${pod} --no-headers`)).toMatch(/ 1\/1 +Running /);
});

it.each([
	['kube-apiserver', 's#--tls-cert-file=.*#--tls-cert-file=/etc/kubernetes/pki/nope.crt#', 'pki/nope.crt'],
	['etcd', 's#--cert-file=.*#--cert-file=/etc/kubernetes/pki/etcd/nope.crt#', 'pki/etcd/nope.crt'],
])('%s with %s, and nobody answers for the API', async (program, change, file) => {
	const at = await terminal();
	await at.run(`${edit(program, change)}; sleep 60`);
	expect(await at.run('kubectl get nodes')).toMatch(/refused|EOF/);
	const logs = `docker exec basic-control-plane sh -c 'crictl logs $(crictl ps -a --name ${program} -q | head -1)'`;
	expect(await at.run(logs)).toContain(`open /etc/kubernetes/${file}: no such file or directory`);
});

it('kube-apiserver whose certificate somebody took away ends when it starts again', async () => {
	const at = await terminal();
	await at.run(
		`docker exec basic-control-plane mv /etc/kubernetes/pki/apiserver.crt /root/; ${edit('kube-apiserver', 's#- kube-apiserver$#&\\n    - --v=2#')}; sleep 60`,
	);
	expect(await at.run('kubectl get nodes')).toMatch(/refused|EOF/);
	await at.run('docker exec basic-control-plane mv /root/apiserver.crt /etc/kubernetes/pki/; sleep 240');
	expect(await at.run('kubectl get nodes')).toContain(' Ready ');
});

it('kube-proxy and CoreDNS', async () => {
	const at = await terminal();
	const patch = (what: string, path: string, value: string) =>
		at.run(
			`kubectl -n kube-system patch ${what} --type=json -p '[{"op":"replace","path":"/spec/template/spec/containers/0/${path}","value":"${value}"}]'; sleep 60`,
		);
	const logs = async (label: string) => {
		const pods = await at.run(`kubectl -n kube-system get pods -l k8s-app=${label} --no-headers`);
		const [, name = ''] = /^(\S+) +0\/1 +(?:CrashLoopBackOff|Error) /m.exec(pods) ?? [];
		expect(name, pods).not.toBe('');
		return at.run(`kubectl -n kube-system logs ${name}`);
	};
	await patch('ds kube-proxy', 'command/1', '--config=/var/lib/kube-proxy/nope.conf');
	expect(await logs('kube-proxy')).toContain(
		'"command failed" err="failed complete: open /var/lib/kube-proxy/nope.conf: no such file or directory"',
	);
	await patch('deploy coredns', 'args/1', '/etc/coredns/Nope');
	expect(await logs('kube-dns')).toBe(
		'loading Caddyfile via flag: open /etc/coredns/Nope: no such file or directory\n',
	);
});
