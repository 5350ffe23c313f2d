/** What kind's own addons say (kindnetd @ v0.14.0, rancher/local-path-provisioner @ v0.0.22), and reviews without a name. */
import { expect, it } from 'vitest';
import { terminal } from './terminal.ts';

it('kindnetd tells of each node it makes a route to', async () => {
	const at = await terminal('empty');
	await at.file(
		'kind.yaml',
		'kind: Cluster\napiVersion: kind.x-k8s.io/v1alpha4\nnodes: [{role: control-plane}, {role: worker}, {role: worker}]\n',
	);
	await at.run('kind create cluster -q --wait 2m --config kind.yaml');
	const on = '--field-selector spec.nodeName=kind-worker -l app=kindnet -n kube-system';
	const pod = (await at.run(`kubectl get pods ${on} -o name`)).trim();
	const log = await at.run(`kubectl logs -n kube-system ${pod}`);
	expect(log).toMatch(/^\S+ \S+ +1 main\.go:102\] connected to apiserver: https:\/\/kind-control-plane:6443\n/);
	expect(log).toMatch(/hostIP = 172\.18\.0\.\d\npodIP = 172\.18\.0\.\d\n/);
	expect(log.match(/Handling node with IPs: map\[172\.18\.0\.\d:\{\}\]/g)).toHaveLength(3);
	expect(log.match(/handling current node/g)).toHaveLength(1);
	expect(log.match(/Adding route \{Ifindex: 0 Dst: 10\.244\.\d\.0\/24 Src: <nil> Gw: 172\.18\.0\.\d /g)).toHaveLength(
		2,
	);
}, 60_000);

it('the provisioner tells what it makes and takes away', async () => {
	const at = await terminal();
	await at.file(
		'claim.yaml',
		`apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: data}
spec:
  accessModes: [ReadWriteOnce]
  resources: {requests: {storage: 1Gi}}
---
apiVersion: v1
kind: Pod
metadata: {name: one}
spec:
  containers: [{name: c, image: nginx, volumeMounts: [{name: d, mountPath: /data}]}]
  volumes: [{name: d, persistentVolumeClaim: {claimName: data}}]
`,
	);
	await at.run('kubectl apply -f claim.yaml\nkubectl wait --for=condition=Ready pod/one');
	const logs = () => at.run('kubectl logs -n local-path-storage deploy/local-path-provisioner');
	expect(await at.run('docker exec basic-worker crictl images')).toMatch(/local-path-helper +v20220607-9a4d8d2a /);
	expect(await at.run('kubectl get events -n local-path-storage')).not.toContain('Pulling');
	const log = await logs();
	expect(log).toMatch(/level=debug msg="Applied config: \{\\"nodePathMap\\":\[/);
	expect(log).toMatch(/provision "default\/data" class "standard": started\n/);
	expect(log).toMatch(
		/msg="Volume pvc-\S+ has been created on basic-worker\d?:\/var\/local-path-provisioner\/pvc-\S+_default_data" \n/,
	);
	expect(log).toMatch(/reason: 'ProvisioningSucceeded' Successfully provisioned volume pvc-/);
	await at.run('kubectl delete -f claim.yaml --now\nsleep 20');
	expect(await logs()).toMatch(/delete "pvc-\S+": succeeded\n$/);
});

it('a review needs no name', async () => {
	const at = await terminal();
	await at.file(
		'review.yaml',
		'apiVersion: authorization.k8s.io/v1\nkind: SelfSubjectAccessReview\nspec: {resourceAttributes: {verb: get, resource: pods}}\n',
	);
	expect(await at.run('kubectl create -f review.yaml')).toBe(
		'selfsubjectaccessreview.authorization.k8s.io/<unknown> created\n',
	);
});

it.each([
	['v1.24.0', 'enabled; vendor preset: enabled'],
	['v1.33.1', 'enabled; preset: enabled'],
])('systemd of a node %s names the preset as its release does', async (image, words) => {
	const at = await terminal('empty');
	await at.run(`kind create cluster -q --image kindest/node:${image}`);
	expect(await at.run('docker exec kind-control-plane systemctl status kubelet')).toContain(
		`kubelet.service; ${words})\n`,
	);
});
