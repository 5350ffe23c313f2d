/** kubeadm on a control plane: tokens are Secrets, and what it would take is what its version takes. */
import { createHash, X509Certificate } from 'node:crypto';
import { beforeAll, expect, test } from 'vitest';
import { type Terminal, terminal } from '../terminal.ts';

let t: Terminal;
beforeAll(async () => {
	t = await terminal();
});

const kubeadm = (words: string): Promise<string> => t.run(`docker exec basic-control-plane kubeadm ${words}`);

test('a token is a Secret, and its join command names the cluster and its authority', async () => {
	const join = await kubeadm('token create --print-join-command');
	const [, id = '', secret = '', pin = ''] =
		/^kubeadm join basic-control-plane:6443 --token (\w{6})\.(\w{16}) --discovery-token-ca-cert-hash sha256:(\S+) \n$/.exec(
			join,
		) ?? [];
	const pem = await t.run('docker exec basic-control-plane cat /etc/kubernetes/pki/ca.crt');
	const key = new X509Certificate(pem).publicKey.export({ type: 'spki', format: 'der' });
	expect(pin).toBe(createHash('sha256').update(key).digest('hex'));
	expect(
		await t.run(`kubectl get secret -n kube-system bootstrap-token-${id} -o jsonpath='{.type} {.data.token-secret}'`),
	).toBe(`bootstrap.kubernetes.io/token ${btoa(secret)}`);
	expect(await kubeadm('token list')).toMatch(
		new RegExp(
			`\\n${id}\\.${secret} +23h +\\S+ +authentication,signing +<none> +system:bootstrappers:kubeadm:default-node-token\\n$`,
		),
	);
	await t.run(`kubectl delete secret -n kube-system bootstrap-token-${id}`);
	expect(await kubeadm('token list')).not.toContain(secret);
	expect(await t.run('docker exec basic-worker kubeadm token list')).toMatch(/^failed to load admin kubeconfig: /);
});

test('images and defaults are those of its version', async () => {
	const images = await kubeadm('config images list 2>/dev/null');
	const running = (
		await t.run(
			"kubectl get pods -n kube-system -l tier=control-plane -o jsonpath='{.items[*].spec.containers[0].image}'",
		)
	).split(' ');
	expect(running).toHaveLength(4);
	for (const image of running) expect(images).toContain(`${image.trim()}\n`);
	expect(await kubeadm('config print init-defaults')).toMatch(
		/^apiVersion: kubeadm.k8s.io\/v1beta3\n[\s\S]*\nkubernetesVersion: 1\.24\.0\n/,
	);
	expect(await kubeadm('reset')).toMatch(/^kubeadm: the simulator has .* only, not reset/);
});

test('a control plane’s pods mount what they read of their node', async () => {
	expect(await t.run('kubectl exec -n kube-system etcd-basic-control-plane -- ls /etc/kubernetes/pki/etcd')).toBe(
		await t.run('docker exec basic-control-plane ls /etc/kubernetes/pki/etcd'),
	);
	expect(await t.run('kubectl describe pod -n kube-system kube-scheduler-basic-control-plane')).toMatch(
		/Mounts:\n {6}\/etc\/kubernetes\/scheduler\.conf from kubeconfig \(ro\)\n/,
	);
});

test('crictl removes what ended, and with -f what runs', async () => {
	const on = (words: string): Promise<string> => t.run(`docker exec basic-worker crictl ${words}`);
	const ended = (await on('ps -aq --name mount-cgroup')).trim();
	expect(await on(`rm ${ended}`)).toBe(`${ended}\n`);
	expect(await on('ps -aq --name mount-cgroup')).toBe('');
	const running = (await on('ps -q --name echoserver')).trim();
	expect(await on(`rm ${running}`)).toContain(`ERRO[0000] container "${running}" is running, please stop it first\n`);
	expect(await on(`rm -f ${running}; sleep 3`)).toBe(`${running}\n`);
	expect(await t.run('kubectl get pods -l app=echoserver')).toMatch(/ 1 \(\d+s ago\) /);
	expect(await on('ps -aq --name echoserver')).not.toContain(running);
});
