/** From a node into a container: what nsenter enters is the container's, and what it does not enter is the node's. */
import { expect, test } from 'vitest';
import { terminal } from '../terminal.ts';

test('with all namespaces a command is run as in the container, with the network alone the program is the node’s', async () => {
	const { run } = await terminal();
	await run(`kubectl run web --image=nginx --overrides='{"spec":{"nodeName":"basic-worker"}}'; sleep 8`);
	const ip = (await run("kubectl get pod web -o jsonpath='{.status.podIP}'")).trim();
	const enter = (words: string): Promise<string> =>
		run(`docker exec basic-worker sh -c 'nsenter -t $(pgrep -f "nginx: master" | head -n 1) ${words}'`);
	expect(await enter('-n ip -4 -o addr show eth0')).toContain(`inet ${ip}/`);
	expect(await enter('-a hostname')).toBe('web\n');
	expect(await enter('-m cat /etc/nginx/conf.d/default.conf')).toContain('listen  [::]:80;');
	expect(await enter('-a cat /etc/hostname')).toBe('web\n');
	// nginx's image has neither.
	expect(await enter('-a ps')).toBe('nsenter: failed to execute ps: No such file or directory\n');
	expect(await enter('-m -n ip a')).toBe('nsenter: failed to execute ip: No such file or directory\n');
	expect(await enter('-u hostname')).toContain('the simulator');
	expect(await enter('-n hostname')).not.toContain('web');
});

const POD = (
	network: boolean,
	image = 'alpine',
): string => `cat <<'E' | kubectl apply -f - && kubectl wait --for=condition=Ready pod/p
apiVersion: v1
kind: Pod
metadata: {name: p}
spec:
  nodeName: basic-worker
  hostPID: true
  hostNetwork: ${network}
  containers:
  - {name: c, image: ${image}, command: [sleep, infinity], securityContext: {privileged: true}}
E`;

test('a privileged pod that sees its node’s processes steps into the node', async () => {
	const { run } = await terminal();
	await run(POD(false));
	const enter = (words: string): Promise<string> => run(`kubectl exec p -- nsenter ${words}`);
	const all = '-t 1 -m -u -n -i -p --';
	expect(await enter(`${all} crictl ps`)).toContain('kube-proxy');
	expect(await enter(`${all} systemctl is-active kubelet`)).toBe('active\n');
	expect(await enter(`${all} hostname`)).toBe('basic-worker\n');
	expect(
		await enter(`--target 1 --mount --uts --ipc --net --pid -- bash -c 'hostname; ip -o -4 addr show eth0'`),
	).toMatch(/^basic-worker\n.*inet 172\./);
	expect(await run(`echo 'cat /etc/hostname' | kubectl exec -i p -- nsenter ${all} bash -l`)).toBe('basic-worker\n');
	// With the node's network alone the program is the pod's.
	expect(await enter('-t 1 -n ip -4 addr show eth0')).toContain('172.');
	expect(await enter(`-t 1 -n sh -c 'cat /etc/alpine-release >/dev/null && ip -4 addr show eth0'`)).toContain('172.');
	// With the node's files alone the network is the pod's.
	expect(await enter(`-t 1 -m bash -c 'cat /etc/hostname; ip -o -4 addr show eth0'`)).toMatch(
		/^basic-worker\n.*inet 10\.244\./,
	);
	expect(await enter(`${all} nothing`)).toContain("nsenter: can't execute 'nothing': No such file or directory");
	// busybox's has no -a.
	expect(await enter('-t 1 -a ls')).toContain('unrecognized option: a\nBusyBox');
});

test('util-linux’s nsenter has -a, and from a node the network of a container for any program', async () => {
	const { run } = await terminal();
	await run(POD(true, 'debian'));
	expect(await run('kubectl exec p -- nsenter -t 1 -a hostname')).toBe('basic-worker\n');
	await run(`kubectl run web --image=nginx --overrides='{"spec":{"nodeName":"basic-worker"}}'; sleep 8`);
	const ip = (await run("kubectl get pod web -o jsonpath='{.status.podIP}'")).trim();
	const enter = (words: string): Promise<string> =>
		run(`docker exec basic-worker sh -c 'nsenter -t $(pgrep -f "nginx: master" | head -n 1) ${words}'`);
	expect(await enter('-n bash -c "hostname; ip -o -4 addr show eth0"')).toMatch(`basic-worker\n2: eth0    inet ${ip}/`);
	expect(await enter('-n cat /proc/net/fib_trie')).toContain(ip);
	expect(await enter('-m sh -c "cat /etc/hostname"')).toBe('web\n');
	expect(await run('docker exec basic-worker nsenter -a ls')).toBe('nsenter: no target PID specified for --all\n');
	expect(await run('docker exec basic-worker nsenter -n ls')).toBe(
		'nsenter: neither filename nor target pid supplied for ns/net\n',
	);
	expect(await run('docker exec basic-worker nsenter --mount=/proc/1/ns/mnt -- cat /etc/hostname')).toBe(
		'basic-worker\n',
	);
});

test('somebody who types is in the node until the shell ends', async () => {
	const { run } = await terminal();
	await run(POD(false));
	await run('kubectl exec -it p -- nsenter -t 1 -m -u -n -i -p -- bash -l');
	expect(await run('cat /etc/hostname; crictl ps | grep -c kube-proxy')).toBe('basic-worker\n1\n');
	await run('exit');
	expect(await run('hostname')).toBe('laptop\n');
	await run('kubectl exec -it p -- sh');
	await run('nsenter -t 1 -n');
	expect(await run('cat /etc/hostname; ip -4 -o addr show eth0')).toMatch(/^p\n.* inet 172\./);
	await run('exit');
	expect(await run('ip -4 -o addr show eth0')).toContain('inet 10.244.');
});
