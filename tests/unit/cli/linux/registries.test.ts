/** Which images there are, what registries say of others, and what databases want to be told. */
import { expect, it } from 'vitest';
import { createLab, loadContainers } from '../../../../src/sim/lab/index.ts';
import { terminal } from './terminal.ts';

it('have the tags that were published', async () => {
	await loadContainers();
	const lab = createLab({ seed: 1, epoch: 1_661_940_000 });
	const has = (image: string): boolean => {
		const pull = lab.docker.pull(image);
		lab.run(lab.now + 3600e6, () => pull.state !== 'running');
		return pull.state === 'done';
	};
	for (const image of [
		'nginx',
		'nginx:1.7.9',
		'nginx:1.25-alpine',
		'nginx:1.14.2',
		'busybox:1.28',
		'alpine:3.19.1',
		'ubuntu:22.04',
		'debian:bookworm-slim',
		'node:20-alpine',
		'postgres:15.2',
		'redis:7.0.4-alpine',
		'mysql:5.7',
		'httpd:2.4',
		'python:3.12-slim',
		'curlimages/curl:8.5.0',
		'nicolaka/netshoot:v0.13',
		'registry.k8s.io/e2e-test-images/agnhost:2.39',
		'gcr.io/google-samples/hello-app:2.0',
		'hello-world',
		'quay.io/cilium/cilium:v1.14.5',
	])
		expect(image + has(image)).toBe(`${image}true`);
	for (const image of [
		'nginx:nosuch',
		'nginx:1.99',
		'nginx:1.14.9',
		'nginx:1.25-windows',
		'busybox:1.99',
		'alpine:9',
		'ubuntu:22.05',
		'postgres:99',
		'redis:nosuch',
		'node:99',
		'nobody/nothing',
		`nginx@sha256:${'0'.repeat(64)}`,
	])
		expect(image + has(image)).toBe(`${image}false`);
});

it('say what they say of what they do not have', async () => {
	const at = await terminal();
	const images: Record<string, [string, string]> = {
		tag: [
			'nginx:nosuch',
			'rpc error: code = NotFound desc = failed to pull and unpack image "docker.io/library/nginx:nosuch": failed to resolve reference "docker.io/library/nginx:nosuch": docker.io/library/nginx:nosuch: not found',
		],
		name: [
			'nobody/nothing:1',
			'rpc error: code = Unknown desc = failed to pull and unpack image "docker.io/nobody/nothing:1": failed to resolve reference "docker.io/nobody/nothing:1": pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed',
		],
		host: [
			'registry.example.com/a/b:1',
			'failed to do request: Head "https://registry.example.com/v2/a/b/manifests/1": dial tcp: lookup registry.example.com on 172.18.0.1:53: no such host',
		],
		local: [
			'localhost:5000/a:1',
			'failed to do request: Head "http://localhost:5000/v2/a/manifests/1": dial tcp [::1]:5000: connect: connection refused',
		],
	};
	for (const [name, [image]] of Object.entries(images)) await at.run(`kubectl run ${name} --image=${image}`);
	await at.run('sleep 45');
	for (const [name, [image, words]] of Object.entries(images)) {
		expect(await at.run(`kubectl get pod ${name} --no-headers`)).toMatch(/ (?:ErrImagePull|ImagePullBackOff) /);
		const told = await at.run(
			`kubectl get events --field-selector involvedObject.name=${name} -o jsonpath='{.items[*].message}'`,
		);
		expect(told).toContain(`Failed to pull image "${image}": `);
		expect(told).toContain(words);
	}
	const note = (image: string): string =>
		`The registries of this lab keep only images that it can run, and ${image} is none of them`;
	const notes = (name: string): Promise<string> =>
		at.run(
			`kubectl get events -o jsonpath='{.items[?(@.reason=="NotInLab")].message}' --field-selector involvedObject.name=${name}`,
		);
	expect(await notes('tag')).toContain(note('docker.io/library/nginx:nosuch'));
	expect(await notes('name')).toContain(note('docker.io/nobody/nothing:1'));
	expect(await notes('host')).toBe('');
	expect(await at.run('docker pull nobody/nothing:1')).toContain(note('docker.io/nobody/nothing:1'));
	expect(await at.run('docker pull nginx:nosuch')).toContain('manifest for nginx:nosuch not found: manifest unknown');
	expect(await at.run('docker pull registry.example.com/a')).toContain(
		'Error response from daemon: Get "https://registry.example.com/v2/": dial tcp: lookup registry.example.com: no such host\n',
	);
});

it('databases end without a password, keep what they were told, and are found again in their volume', async () => {
	const at = await terminal();
	await at.run(
		'kubectl run pg --image=postgres:15; kubectl run my --image=mysql:8; kubectl run hello --image=hello-world --restart=Never; sleep 50',
	);
	expect(await at.run('kubectl logs pg')).toMatch(
		/^Error: Database is uninitialized and superuser password is not specified\.\n/,
	);
	expect(await at.run('kubectl logs my')).toContain(
		'[ERROR] [Entrypoint]: Database is uninitialized and password option is not specified\n',
	);
	expect(
		await at.run("kubectl get pod my -o jsonpath='{.status.containerStatuses[0].lastState.terminated.exitCode}'"),
	).toBe('1');
	expect(await at.run('kubectl get pod hello --no-headers')).toMatch(/^hello +0\/1 +Completed/);
	expect(await at.run('kubectl logs hello')).toContain('Hello from Docker!\n');
	const pod = (name: string): string => `kubectl apply -f - <<'END'
apiVersion: v1
kind: Pod
metadata: {name: ${name}, labels: {app: db}}
spec:
  nodeName: basic-worker
  containers:
  - name: c
    image: postgres:15
    env: [{name: POSTGRES_PASSWORD, valueFrom: {secretKeyRef: {name: pw, key: p}}}]
    readinessProbe: {tcpSocket: {port: 5432}, periodSeconds: 1}
    volumeMounts: [{name: d, mountPath: /var/lib/postgresql/data}]
  volumes: [{name: d, hostPath: {path: /mnt/pg, type: DirectoryOrCreate}}]
END
kubectl wait --for=condition=ready pod ${name} --timeout=60s`;
	await at.run('kubectl create secret generic pw --from-literal=p=x');
	await at.run(pod('one'));
	expect(await at.run('kubectl logs one')).toContain('PostgreSQL init process complete; ready for start up.\n');
	expect(await at.run('docker exec basic-worker cat /mnt/pg/PG_VERSION')).toBe('15\n');
	await at.run(`kubectl delete pod one --grace-period=1; ${pod('two')}`);
	expect(await at.run('kubectl logs two')).toContain('Skipping initialization\n');
});
