/** What Cilium's init containers mount: seen on the node and in the agent, and left behind. */
import { expect, test } from 'vitest';
import { terminal } from '../terminal.ts';

test('a node with Cilium has the file system of its maps, and its own of control groups', async () => {
	const lab = await terminal('kind-nocni', { patience: 3600e6 });
	const onNode = (): Promise<string> => lab.run('docker exec basic-worker mount | grep -E "bpf|cgroupv2"');
	expect(await onNode()).toBe('');
	await lab.run(
		'helm repo add cilium https://helm.cilium.io; helm install cilium cilium/cilium --version 1.14.5 -n kube-system',
	);
	await lab.run('cilium status --wait');
	const both = 'bpf on /sys/fs/bpf type bpf (rw,relatime)\nnone on /run/cilium/cgroupv2 type cgroup2 (rw,relatime)\n';
	expect(await onNode()).toBe(both);
	const inAgent = await lab.run('kubectl -n kube-system exec ds/cilium -c cilium-agent -- mount');
	expect(inAgent).toContain('bpf on /sys/fs/bpf type bpf (rw,relatime)\n');
	await lab.run('helm uninstall cilium -n kube-system; sleep 20');
	expect(await onNode()).toBe(both);
});
