/** What a container's disk has: its pod's volumes, and what its image brings along. */
import { expect, it } from 'vitest';
import { type Terminal, terminal } from './terminal.ts';

async function withPod(): Promise<Terminal> {
	const at = await terminal();
	await at.run(`kubectl create configmap cfg --from-literal=a.conf=one --from-literal=b.conf=two
kubectl create secret generic key --from-literal=code=1234
kubectl create configmap page --from-literal=index.html='<h1>mine</h1>' --from-literal=more.txt=more
kubectl apply -f - <<'END'
apiVersion: v1
kind: Pod
metadata: {name: db, labels: {app: e, tier: x}}
spec:
  containers:
  - name: c
    image: busybox
    command: [sleep, "3600"]
    volumeMounts:
    - {name: cfg, mountPath: /etc/cfg}
    - {name: cfg, mountPath: /etc/one/single.conf, subPath: a.conf}
    - {name: some, mountPath: /some/}
    - {name: key, mountPath: /key, readOnly: true}
    - {name: about, mountPath: /about}
    - {name: none, mountPath: /none}
    - {name: cache, mountPath: /cache}
    - {name: host, mountPath: /host/cni}
  - name: d
    image: busybox
    command: [sleep, "3600"]
    volumeMounts: [{name: cache, mountPath: /shared}]
  volumes:
  - {name: cfg, configMap: {name: cfg}}
  - {name: some, configMap: {name: cfg, defaultMode: 0400, items: [{key: b.conf, path: deep/b}]}}
  - {name: key, secret: {secretName: key}}
  - {name: about, downwardAPI: {items: [{path: labels, fieldRef: {fieldPath: metadata.labels}}]}}
  - {name: none, configMap: {name: nothere, optional: true}}
  - {name: cache, emptyDir: {}}
  - {name: host, hostPath: {path: /etc/cni/net.d}}
---
apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  containers:
  - name: web
    image: nginx
    ports: [{containerPort: 80}]
    volumeMounts: [{name: page, mountPath: /usr/share/nginx/html}]
  volumes: [{name: page, configMap: {name: page}}]
---
apiVersion: v1
kind: Pod
metadata: {name: plain}
spec:
  containers: [{name: web, image: nginx, ports: [{containerPort: 80}]}]
END
kubectl wait --for=condition=ready pod db web plain`);
	return at;
}

it('volumes of ConfigMaps, Secrets, the pod itself and its account are files, read-only', async () => {
	const at = await withPod();
	const db = (command: string) => at.run(`kubectl exec db -c c -- sh -c '${command}'`);
	expect(await at.run('kubectl exec db -c c -- cat /etc/cfg/a.conf')).toBe('one');
	expect(await db('ls /etc/cfg /none; cat /etc/one/single.conf /some/deep/b /key/code')).toBe(
		'/etc/cfg:\na.conf\nb.conf\n\n/none:\nonetwo1234',
	);
	expect(await db('stat -c %a /some/deep/b')).toBe('400\n');
	expect(await db('cat /about/labels')).toBe('app="e"\ntier="x"');
	await at.run('kubectl patch configmap cfg -p \'{"data":{"a.conf":"three"}}\'');
	// Files follow when the kubelet looks at the pod again, and never under a subPath.
	expect(await db('cat /etc/cfg/a.conf')).toBe('one');
	await at.run('sleep 80');
	expect(await db('cat /etc/cfg/a.conf; echo; cat /etc/one/single.conf')).toBe('three\none');
	for (const change of [
		'echo x > /etc/cfg/a.conf',
		'echo x | tee /etc/cfg/new',
		'rm /key/code',
		'touch /key/new',
		'mkdir /key/d',
		'cp /etc/hosts /key/h',
		'mv /key/code /tmp/c',
		'sed -i s/a/b/ /etc/cfg/a.conf',
		'chmod 600 /key/code',
	])
		expect(await db(change), change).toContain('Read-only file system');
	expect(await db('cat /etc/cfg/a.conf /key/code; ls /key')).toBe('three1234code\n');
	const account = '/var/run/secrets/kubernetes.io/serviceaccount';
	expect(await db(`cat ${account}/namespace; ls ${account}`)).toBe('defaultca.crt\nnamespace\ntoken\n');
	expect(await db(`cat ${account}/ca.crt`)).toBe(
		await at.run("kubectl get configmap kube-root-ca.crt -o jsonpath='{.data.ca\\.crt}'"),
	);
	const claims = JSON.parse(
		atob((await db(`cat ${account}/token`)).split('.')[1]!.replaceAll('-', '+').replaceAll('_', '/')),
	);
	expect(claims).toMatchObject({
		sub: 'system:serviceaccount:default:default',
		'kubernetes.io': { pod: { name: 'db' } },
	});
});

it('containers of a pod share an emptyDir, and see what a hostPath has', async () => {
	const at = await withPod();
	await at.run("kubectl exec db -c c -- sh -c 'echo hello > /cache/x'");
	expect(await at.run('kubectl exec db -c d -- cat /shared/x')).toBe('hello\n');
	await at.run("kubectl exec db -c d -- sh -c 'echo more >> /shared/x'");
	expect(await at.run('kubectl exec db -c c -- cat /cache/x')).toBe('hello\nmore\n');
	await at.run('kubectl exec db -c d -- rm /shared/x');
	expect(await at.run("kubectl exec db -c c -- sh -c 'ls /cache'")).toBe('');
	expect(await at.run('kubectl exec db -c c -- ls /host/cni')).toBe(
		await at.run("docker exec $(kubectl get pod db -o jsonpath='{.spec.nodeName}') ls /etc/cni/net.d"),
	);
});

it('nginx serves what is in its directory: the mounted page, the image’s, or what was written there', async () => {
	const at = await withPod();
	const get = (pod: string, path: string) =>
		at.run(`kubectl exec plain -- curl -s $(kubectl get pod ${pod} -o jsonpath='{.status.podIP}')${path}`);
	expect(await get('web', '/')).toBe('<h1>mine</h1>');
	expect(await get('web', '/more.txt')).toBe('more');
	expect(await get('web', '/none')).toContain('404 Not Found');
	expect(await get('plain', '/')).toBe(await at.run('kubectl exec plain -- cat /usr/share/nginx/html/index.html'));
	await at.run("kubectl exec plain -- sh -c 'echo changed > /usr/share/nginx/html/index.html'");
	expect(await get('plain', '/')).toBe('changed\n');
	await at.run('kubectl exec plain -- rm /usr/share/nginx/html/index.html');
	expect(await get('plain', '/')).toContain('403 Forbidden');
	expect(await at.run('kubectl exec plain -- grep ^ID= /etc/os-release')).toBe('ID=debian\n');
});

it('what is mounted as one file is written, and nothing takes its place', async () => {
	const at = await withPod();
	const db = (command: string) => at.run(`kubectl exec db -c c -- sh -c '${command}'`);
	expect(await db('sed -i s/a/b/ /etc/resolv.conf')).toMatch(/^sed: .*\/etc\/.*: Device or resource busy\n/);
	expect(await db('rm /etc/hosts')).toContain('Device or resource busy');
	expect(await db('echo "nameserver 1.1.1.1" > /etc/resolv.conf; cat /etc/resolv.conf')).toBe('nameserver 1.1.1.1\n');
	expect(await db('echo abc > /tmp/f; sed -i.old s/b/X/ /tmp/f; cat /tmp/f /tmp/f.old')).toBe('aXc\nabc\n');
});
