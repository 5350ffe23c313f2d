/**
 * A control plane that was stopped and gets another address: what its node image's entrypoint writes anew, and what comes
 * of that (kind images/base/files/usr/local/bin/entrypoint @ v0.14.0, v0.18.0, v0.29.0; issues 2045 and 2759 of kind).
 */
import { describe, expect, it } from 'vitest';
import { terminal } from './terminal.ts';

const CONFIGS = ['controller-manager.conf', 'scheduler.conf'].map((name) => `/etc/kubernetes/${name}`).join(' ');
const FLAGS = '/var/lib/kubelet/kubeadm-flags.env';
/** Addresses in files of the control plane, one a line. */
const addresses = (files: string): string =>
	`docker exec t-control-plane sh -c "grep -ohE '172\\.18\\.0\\.[0-9]+' ${files} | sort | uniq"`;

/** A control plane with one worker; both were stopped, and each was started where the other had been. */
async function swapped(image: string): Promise<{ run(line: string): Promise<string>; before: string; after: string }> {
	const { run, file } = await terminal('empty');
	await file(
		'two.yaml',
		'kind: Cluster\napiVersion: kind.x-k8s.io/v1alpha4\nnodes: [{role: control-plane}, {role: worker}]\n',
	);
	await run(`kind create cluster -q --name t --config two.yaml --image ${image}\nsleep 30`);
	const ip = async (node: string): Promise<string> =>
		(await run(`docker inspect t-${node} -f '{{.NetworkSettings.Networks.kind.IPAddress}}'`)).trim();
	const before = await ip('control-plane');
	const worker = await ip('worker');
	const [first, second] = before < worker ? ['worker', 'control-plane'] : ['control-plane', 'worker'];
	await run(`docker stop t-control-plane t-worker\ndocker start t-${first}\ndocker start t-${second}\nsleep 90`);
	const after = await ip('control-plane');
	expect(after).toBe(worker);
	return { run, before, after };
}

describe('a control plane of kind v0.14 that gets another address', () => {
	it('has it in the manifests, and its programs that work by kubeconfigs go astray', async () => {
		const { run, before, after } = await swapped('kindest/node:v1.24.0');
		expect(await run(addresses(`/etc/kubernetes/manifests/*.yaml ${FLAGS}`))).toBe(`${after}\n`);
		expect(await run(addresses(`${CONFIGS} /kind/kubeadm.conf`))).toBe(`${before}\n`);
		expect(await run('docker exec t-control-plane cat /kind/old-ipv4')).toBe(after);
		expect(await run('docker logs t-control-plane')).toContain(
			`INFO: Detected IPv4 address: ${after}\nINFO: Detected old IPv4 address: ${before}\n`,
		);
		const pods = await run('kubectl get pods -n kube-system --no-headers');
		for (const name of ['etcd', 'kube-apiserver']) expect(pods).toMatch(new RegExp(`${name}-\\S+ +1/1 +Running +0 `));
		for (const name of ['kube-scheduler', 'kube-controller-manager'])
			expect(pods).toMatch(new RegExp(`${name}-\\S+ +1/1 +Running +1 `));
		expect(await run("kubectl get endpoints kubernetes -o jsonpath='{..ip}'")).toBe(after);
		expect(await run("kubectl get endpointslice kubernetes -o jsonpath='{..addresses[*]}'")).toBe(after);
		expect(await run('kubectl logs -n kube-system kube-controller-manager-t-control-plane --tail 1')).toContain(
			`error retrieving resource lock kube-system/kube-controller-manager: Get "https://${before}:6443/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/kube-controller-manager?timeout=5s": dial tcp ${before}:6443: connect: connection refused`,
		);
		await run('kubectl create deployment web --image nginx\nsleep 10');
		expect(await run('kubectl get pods')).toContain('No resources found');
		expect(await run('docker exec t-control-plane ss -tlnH')).toContain(` ${after}:2379 `);
		expect(
			await run(
				'docker exec t-control-plane openssl x509 -in /etc/kubernetes/pki/apiserver.crt -noout -ext subjectAltName',
			),
		).toContain(`IP Address:${before},`);
	});

	it('has no certificate for it, so that another address in a kubeconfig does not help', async () => {
		const { run, before, after } = await swapped('kindest/node:v1.24.0');
		await run(
			`docker exec t-control-plane sed -i s/${before}/${after}/ ${CONFIGS}\ndocker exec t-control-plane sh -c 'kill $(pidof kube-controller-manager)'\nsleep 40`,
		);
		expect(await run('kubectl logs -n kube-system kube-controller-manager-t-control-plane --tail 1')).toContain(
			`x509: certificate is valid for 10.96.0.1, ${before}, 127.0.0.1, not ${after}`,
		);
	});
});

describe('a control plane of kind v0.29 that gets another address', () => {
	it('has it in its programs’ kubeconfigs and the API server’s certificate too, and all works', async () => {
		const { run, before, after } = await swapped('kindest/node:v1.33.1');
		expect(await run(addresses(`/etc/kubernetes/manifests/*.yaml ${FLAGS} ${CONFIGS} /kind/kubeadm.conf`))).toBe(
			`${after}\n`,
		);
		expect(await run('docker logs t-control-plane')).toContain(
			`INFO: detected IPv4 address: ${after}\nINFO: detected old IPv4 address: ${before}\nINFO: clearing and regenerating the certificate for serving the Kubernetes API\n`,
		);
		const names = (file: string): Promise<string> =>
			run(`docker exec t-control-plane openssl x509 -in /etc/kubernetes/pki/${file}.crt -noout -ext subjectAltName`);
		expect(await names('apiserver')).toContain(`IP Address:${after},`);
		expect(await names('etcd/server')).toContain(`IP Address:${before},`);
		expect(await run("kubectl get endpoints kubernetes -o jsonpath='{..ip}'")).toContain(after);
		expect(await run('kubectl get pods -n kube-system --no-headers')).not.toContain('0/1');
		await run('kubectl create deployment web --image nginx\nsleep 30');
		expect(await run('kubectl get pods --no-headers')).toContain('1/1');
	});
});
