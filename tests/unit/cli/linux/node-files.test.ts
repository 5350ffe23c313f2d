import { X509Certificate } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Terminal, terminal } from '../terminal.ts';

const pemIn = (text: string): string => /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/.exec(text)![0];

describe('files of a node', () => {
	let at: Terminal;
	const plane = (line: string): Promise<string> => at.run(`docker exec basic-control-plane sh -c '${line}'`);
	beforeAll(async () => {
		at = await terminal();
	});

	it('agree with what runs there', async () => {
		const argv = (await plane('ps -o args -C kubelet')).split('\n')[1]!.trim();
		const flags = (await plane('cat /var/lib/kubelet/kubeadm-flags.env')).replace(/^KUBELET_KUBEADM_ARGS="|"\n$/g, '');
		expect(flags).toContain('--node-labels=ingress-ready=true');
		const extra = (await plane('cat /etc/default/kubelet')).replace('KUBELET_EXTRA_ARGS=', '');
		// kind v0.14.0; from v0.20.0 on the configuration alone says which cgroup.
		expect(argv.endsWith(` ${flags} ${extra} --cgroup-root=/kubelet`)).toBe(true);
		expect(extra).toBe('--fail-swap-on=false');
		expect(await plane('systemctl cat kubelet')).toContain(
			'\nExecStart=/usr/bin/kubelet $KUBELET_KUBECONFIG_ARGS $KUBELET_CONFIG_ARGS $KUBELET_KUBEADM_ARGS $KUBELET_EXTRA_ARGS --cgroup-root=/kubelet\n',
		);
		expect(await plane('ls /etc/systemd/system/kubelet.service.d')).toBe('10-kubeadm.conf\n');
		expect(await plane('systemctl status kubelet')).toContain('kubelet.service.d\n             └─10-kubeadm.conf\n');
		expect(await plane('tail -n 1 /etc/containerd/config.toml')).toContain(
			'["https://registry.k8s.io", "https://k8s.gcr.io",]',
		);
		expect(await at.run("kubectl -n kube-system get cm kubelet-config -o jsonpath='{.data.kubelet}'")).toBe(
			await plane('cat /var/lib/kubelet/config.yaml'),
		);
		expect(await plane('cat /kind/version')).toBe('v1.24.0');
		expect(await plane('sysctl --system')).toContain(
			'* Applying /etc/sysctl.d/10-network-magic.conf ...\nnet.ipv4.conf.all.route_localnet = 1\n',
		);
		const [base] = /\/etc\S+json/.exec(await plane('grep base_runtime_spec /etc/containerd/config.toml'))!;
		expect(JSON.parse(await plane(`cat ${base}`))).toMatchObject({
			ociVersion: '1.0.2-dev',
			hooks: { createContainer: [{ path: '/usr/local/bin/mount-product-files' }] },
		});
		expect(await plane('cat /kind/kubeadm.conf')).toContain('controlPlaneEndpoint: basic-control-plane:6443');
	});

	it('have certificates of the cluster’s authority', async () => {
		const authority = new X509Certificate(pemIn(await plane('cat /etc/kubernetes/pki/ca.crt')));
		const server = new X509Certificate(pemIn(await plane('cat /etc/kubernetes/pki/apiserver.crt')));
		expect(server.verify(authority.publicKey)).toBe(true);
		expect(server.subjectAltName).toContain('DNS:basic-control-plane, DNS:kubernetes,');
		expect(server.subjectAltName).toContain('IP Address:10.96.0.1, IP Address:172.18.0.4');
		const etcd = new X509Certificate(pemIn(await plane('cat /etc/kubernetes/pki/etcd/server.crt')));
		expect(etcd.issuer).toBe('CN=etcd-ca');
		expect(etcd.verify(authority.publicKey)).toBe(false);
		const kubelet = await at.run('docker exec basic-worker cat /var/lib/kubelet/pki/kubelet-client-current.pem');
		expect(new X509Certificate(pemIn(kubelet)).subject).toBe('O=system:nodes\nCN=system:node:basic-worker');
	});

	it('say who asks', async () => {
		expect(await plane('kubectl get nodes -o name | head -1')).toBe('node/basic-control-plane\n');
		expect(await at.run('docker exec basic-worker kubectl get nodes')).toContain('localhost:8080 was refused');
		expect(await plane('kubectl --kubeconfig /etc/kubernetes/scheduler.conf delete node basic-worker')).toContain(
			'User "system:kube-scheduler" cannot delete resource "nodes"',
		);
	});

	it('say where: the control plane’s own programs ask the server beside them, people the cluster’s name', async () => {
		expect(await plane('grep -h server: /etc/kubernetes/*.conf')).toBe(
			['basic-control-plane', '172.18.0.4', 'basic-control-plane', '172.18.0.4']
				.map((host) => `    server: https://${host}:6443\n`)
				.join(''),
		);
		expect(await plane('kubectl --kubeconfig /etc/kubernetes/scheduler.conf get nodes -o name')).toContain(
			'node/basic-worker',
		);
		expect(await plane('crictl --version')).toBe('crictl version v1.24.0\n');
	});

	it('have the logs of containers, and links to them', async () => {
		const lines = await at.run('kubectl -n kube-system logs kube-scheduler-basic-control-plane');
		const file = await plane('cat /var/log/containers/kube-scheduler-*.log');
		expect(file.replace(/^\S+ stdout F /gm, '')).toBe(lines);
		expect(await plane('readlink /var/log/containers/kube-scheduler-*.log')).toMatch(
			/^\/var\/log\/pods\/kube-system_kube-scheduler-basic-control-plane_\S+\/kube-scheduler\/\d+\.log\n$/,
		);
	});

	it('are the administrator’s to change and to take away', async () => {
		await plane('rm /etc/crictl.yaml; echo changed >> /etc/default/kubelet');
		expect(await plane('cat /etc/crictl.yaml')).toContain('No such file or directory');
		expect(await plane('systemctl cat kubelet')).toContain('# /etc/systemd/system/kubelet.service.d/10-kubeadm.conf\n');
		expect(await plane('tail -c 8 /etc/default/kubelet')).toBe('changed\n');
	});
});

it('the time that touch and cp give a file stays on nodes and in containers', async () => {
	const { run } = await terminal();
	await run('docker run -d --name one alpine sleep 100000');
	for (const place of ['docker exec basic-worker', 'docker exec one']) {
		const inside = (line: string): Promise<string> => run(`${place} sh -c '${line}'`);
		await inside(
			'echo x > /tmp/old; touch -d "2020-01-02 03:04" /tmp/old; cp -p /tmp/old /tmp/copy; echo y > /tmp/new',
		);
		expect(await inside('stat -c %y /tmp/old /tmp/copy | cut -c 1-16')).toBe('2020-01-02 03:04\n2020-01-02 03:04\n');
		expect(await inside('cat /tmp/old; find /tmp -newer /tmp/old -type f')).toBe('x\n/tmp/new\n');
		await inside('touch /tmp/old');
		expect(await inside('stat -c %y /tmp/old | cut -c 1-4')).toBe('2022\n');
	}
});
