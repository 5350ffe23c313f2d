/** What a pod asks for before its containers begin, who they run as, and what becomes of it. */
import { describe, expect, it } from 'vitest';
import { type Terminal, terminal } from './terminal.ts';

const pod = (name: string, spec: string, rest = ''): string => `kubectl apply -f - <<'END'
apiVersion: v1
kind: Pod
metadata: {name: ${name}}
spec:
  containers: [{name: c, image: busybox, command: [sleep, "3600"], ${spec}}]
  ${rest}
END`;

const waiting = (at: Terminal, name: string): Promise<string> =>
	at.run(`kubectl get pod ${name} -o jsonpath='{.status.containerStatuses[0].state.waiting.reason}'`);
const events = (at: Terminal, name: string): Promise<string> =>
	at.run(
		`kubectl get events --field-selector involvedObject.name=${name} -o jsonpath='{range .items[*]}{.message}{"\\n"}{end}'`,
	);

describe('a container of a pod', () => {
	it('waits for the keys its variables are of, and begins when they come', async () => {
		const at = await terminal();
		await at.run(
			pod(
				'env',
				'envFrom: [{configMapRef: {name: all}}, {secretRef: {name: never, optional: true}}], env: [{name: K, valueFrom: {secretKeyRef: {name: s, key: k}}}]',
			),
		);
		await at.run('sleep 8');
		expect(await waiting(at, 'env')).toBe('CreateContainerConfigError');
		expect(await events(at, 'env')).toContain('Error: configmap "all" not found\n');
		await at.run('kubectl create configmap all --from-literal=GOOD=1 --from-literal=2bad=x; sleep 20');
		expect(await events(at, 'env')).toContain('Error: secret "s" not found\n');
		await at.run('kubectl create secret generic s --from-literal=other=1; sleep 20');
		expect(await events(at, 'env')).toContain("Error: couldn't find key k in Secret default/s\n");
		await at.run(`kubectl patch secret s -p '{"stringData":{"k":"v"}}'; sleep 20`);
		expect(await at.run("kubectl exec env -- sh -c 'echo $K $GOOD'")).toBe('v 1\n');
		expect(await at.run('kubectl exec env -- env')).not.toMatch(/^(?:USER|SHELL|2bad|SHLVL)=/m);
	});

	it('waits for its profile of seccomp, which the runtime reads on the node', async () => {
		const at = await terminal();
		const path = '/var/lib/kubelet/seccomp/profiles/audit.json';
		const profile = 'securityContext: {seccompProfile: {type: Localhost, localhostProfile: profiles/audit.json}}';
		await at.run(pod('audit', profile));
		await at.run('sleep 8');
		expect(await waiting(at, 'audit')).toBe('CreateContainerError');
		expect(await events(at, 'audit')).toContain(
			`Error: failed to create containerd container: cannot load seccomp profile "${path}": open ${path}: no such file or directory\n`,
		);
		const node = (await at.run("kubectl get pod audit -o jsonpath='{.spec.nodeName}'")).trim();
		await at.run(
			`docker exec ${node} sh -c 'mkdir -p ${path.replace('/audit.json', '')}; echo "{}" > ${path}'; sleep 20`,
		);
		expect(await at.run("kubectl get pod audit -o jsonpath='{.status.phase}'")).toBe('Running');
		// Who is privileged has none.
		await at.run(pod('free', profile.replace('{secc', '{privileged: true, secc')));
		await at.run('sleep 8');
		expect(await at.run("kubectl get pod free -o jsonpath='{.status.phase}'")).toBe('Running');
	});

	it('has its limits as variables, in the unit that is asked for', async () => {
		const at = await terminal();
		const from = (resource: string, divisor?: string): string =>
			`valueFrom: {resourceFieldRef: {resource: ${resource}${divisor ? `, divisor: ${divisor}` : ''}}}`;
		await at.run(
			pod(
				'limits',
				`resources: {limits: {cpu: 250m, memory: 64Mi}, requests: {memory: 32Mi}}, env: [{name: A, ${from('limits.cpu')}}, {name: B, ${from('limits.cpu', '1m')}}, {name: C, ${from('requests.memory')}}, {name: D, ${from('limits.memory', '1Mi')}}]`,
			),
		);
		await at.run('kubectl wait --for=condition=ready pod limits');
		expect(await at.run("kubectl exec limits -- sh -c 'echo $A $B $C $D'")).toBe('1 250 33554432 64\n');
	});

	it('waits for its volumes, says so again and again, and begins when they are there', async () => {
		const at = await terminal();
		await at.run(
			pod(
				'vol',
				'volumeMounts: [{name: v, mountPath: /v}]',
				'volumes: [{name: v, configMap: {name: cm, items: [{key: a, path: b}]}}]',
			),
		);
		await at.run('sleep 130');
		expect(await at.run('kubectl get pod vol --no-headers')).toMatch(/^vol +0\/1 +ContainerCreating/);
		expect(await events(at, 'vol')).toContain('MountVolume.SetUp failed for volume "v" : configmap "cm" not found\n');
		expect(await events(at, 'vol')).toMatch(
			/Unable to attach or mount volumes: unmounted volumes=\[v\], unattached volumes=\[v kube-api-access-\w{5}\]: timed out waiting for the condition\n/,
		);
		await at.run('kubectl create configmap cm --from-literal=x=1; sleep 130');
		expect(await events(at, 'vol')).toContain('configmap references non-existent config key: a\n');
		await at.run(`kubectl patch configmap cm -p '{"data":{"a":"here"}}'; sleep 130`);
		expect(await at.run('kubectl exec vol -- cat /v/b')).toBe('here');
	});

	it('runs as the numbers it is given, and its files are theirs', async () => {
		const at = await terminal();
		await at.run(
			pod(
				'who',
				'securityContext: {readOnlyRootFilesystem: true, allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}, volumeMounts: [{name: e, mountPath: /data}]',
				'securityContext: {runAsUser: 1000, runAsGroup: 3000, fsGroup: 2000}\n  volumes: [{name: e, emptyDir: {}}]',
			),
		);
		await at.run('kubectl wait --for=condition=ready pod who');
		const run = (line: string): Promise<string> => at.run(`kubectl exec who -- sh -c '${line}'`);
		expect(await run('id; whoami')).toContain('uid=1000 gid=3000 groups=2000,3000\nwhoami: unknown uid 1000\n');
		await run('echo x > /data/f');
		expect(await run('ls -l /data')).toMatch(/^total 4\n-rw-r--r-- +1 1000 +2000 +2 .* f\n$/);
		expect(await run('ls -ld /data')).toMatch(/^drwxrwsrwx +2 root +2000 /);
		expect(await run('echo x > /tmp/a')).toBe(
			"sh: can't create /tmp/a: Read-only file system\ncommand terminated with exit code 1\n",
		);
		expect(await run('ls /root')).toContain("ls: can't open '/root': Permission denied\n");
		expect(await run('grep -E "^(Uid|CapEff|CapBnd|NoNewPrivs)" /proc/1/status')).toBe(
			'Uid:\t1000\t1000\t1000\t1000\nCapEff:\t0000000000000000\nCapBnd:\t0000000000000000\nNoNewPrivs:\t1\n',
		);
	});

	it('has the capabilities it is given', async () => {
		const at = await terminal();
		await at.run(pod('plain', 'securityContext: {}'));
		await at.run(pod('some', 'securityContext: {capabilities: {add: [NET_ADMIN], drop: [CHOWN]}}'));
		await at.run(pod('all', 'securityContext: {privileged: true}'));
		await at.run('kubectl wait --for=condition=ready pod plain some all');
		const effective = (name: string): Promise<string> => at.run(`kubectl exec ${name} -- grep CapEff /proc/1/status`);
		expect(await effective('plain')).toBe('CapEff:\t00000000a80425fb\n');
		expect(await effective('some')).toBe('CapEff:\t00000000a80435fa\n');
		expect(await effective('all')).toBe('CapEff:\t000001ffffffffff\n');
	});

	it('does not begin as root where that is not allowed', async () => {
		const at = await terminal();
		await at.run(pod('root', 'securityContext: {runAsNonRoot: true}'));
		await at.run(pod('zero', 'securityContext: {runAsNonRoot: true, runAsUser: 0}'));
		await at.run(
			pod('named', 'image: curlimages/curl, securityContext: {runAsNonRoot: true}').replace('image: busybox, ', ''),
		);
		await at.run(pod('fine', 'securityContext: {runAsNonRoot: true, runAsUser: 7}'));
		await at.run('sleep 10');
		expect(await waiting(at, 'root')).toBe('CreateContainerConfigError');
		expect(await events(at, 'root')).toMatch(
			/Error: container has runAsNonRoot and image will run as root \(pod: "root_default\([0-9a-f-]{36}\)", container: c\)\n/,
		);
		expect(await events(at, 'zero')).toContain("Error: container's runAsUser breaks non-root policy (pod:");
		expect(await events(at, 'named')).toContain(
			'Error: container has runAsNonRoot and image has non-numeric user (curl_user), cannot verify user is non-root',
		);
		expect(await at.run('kubectl get pod fine --no-headers')).toMatch(/^fine +1\/1 +Running/);
	});
});

it('what does not fit where it is mounted keeps a container from starting', async () => {
	const at = await terminal();
	await at.run('kubectl create configmap c --from-literal=nginx.conf=x --from-literal=2x=y');
	await at.run(
		pod(
			'fit',
			'envFrom: [{configMapRef: {name: c}}], volumeMounts: [{name: v, mountPath: /etc/passwd}]',
			'volumes: [{name: v, configMap: {name: c}}]',
		),
	);
	await at.run(
		pod(
			'sub',
			'volumeMounts: [{name: v, mountPath: /etc/new.conf, subPath: nosuch}]',
			'volumes: [{name: v, configMap: {name: c}}]',
		),
	);
	await at.run('sleep 8');
	expect(await events(at, 'fit')).toMatch(
		/Error: failed to create containerd task: .* error during container init: error mounting "\/var\/lib\/kubelet\/pods\/\S+\/v" to rootfs at "\/etc\/passwd": .*: not a directory: unknown\n/,
	);
	expect(await events(at, 'fit')).toContain(
		'Keys [2x] from the EnvFrom configMap default/c were skipped since they are considered invalid environment variable names.\n',
	);
	// A key that is not there is a directory, as kubelets make it.
	expect(await at.run('kubectl exec sub -- ls -ld /etc/new.conf')).toMatch(/^drwxrwxrwx /);
});
