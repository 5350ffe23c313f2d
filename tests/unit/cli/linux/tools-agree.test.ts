/** What two tools of a node say of the same thing. */
import { beforeAll, expect, test } from 'vitest';
import { type Terminal, terminal } from './terminal.ts';

let lab: Terminal;
beforeAll(async () => {
	lab = await terminal();
	await lab.run('curl -s 172.18.0.3:32017');
});
const onNode = (line: string): Promise<string> => lab.run(`docker exec basic-worker ${line}`);

test('connections are as many by sysctl as by conntrack and in /proc/net', async () => {
	const count = Number(await onNode('sysctl -n net.netfilter.nf_conntrack_count'));
	expect(count).toBeGreaterThan(1);
	expect(Number(await onNode('conntrack -C'))).toBe(count);
	expect((await onNode('cat /proc/net/nf_conntrack')).trim().split('\n')).toHaveLength(count);
});

test('namespaces of pods are the files that ip netns and lsns name', async () => {
	const names = (await onNode('ip netns')).match(/^cni-\S+/gm)!.sort();
	expect(names.length).toBeGreaterThan(0);
	for (const folder of ['/run/netns', '/var/run/netns'])
		expect((await onNode(`ls ${folder}`)).trim().split('\n')).toEqual(names);
	expect(await onNode('lsns -t net')).toContain(` /run/netns/${names[0]} `);
});

test('network plugins are the image’s, and the agent’s while it is installed', async () => {
	expect(await onNode('ls /opt/cni/bin')).toBe('cilium-cni\nhost-local\nloopback\nportmap\nptp\n');
	for (const plugin of ['ptp', 'cilium-cni'])
		expect(await onNode(`ls -l /opt/cni/bin/${plugin}`)).toMatch(/^-rwxr-xr-x /);
	await lab.run('helm uninstall cilium -n kube-system; sleep 60');
	expect(await onNode('ls /opt/cni/bin')).toBe('host-local\nloopback\nportmap\nptp\n');
});

test('helm looks for a chart before it upgrades anything', async () => {
	expect(await lab.run('helm upgrade cilium nowhere/cilium -n kube-system')).toBe('Error: repo nowhere not found\n');
	expect(lab.code()).toBe(1);
});

test('a program that is there and not simulated says so; one that is not there is not found', async () => {
	expect(await lab.run('docker run --rm nicolaka/netshoot nmap -p 80 172.18.0.3')).toContain(
		'nmap: the program is here, but the simulator does not have it\n',
	);
	expect(await onNode('nstat -az')).toMatch(/^#kernel\nIpInReceives /);
	expect(await onNode('kubeadm version -o short')).toBe('v1.24.0\n');
	expect(await onNode('kubelet --version')).toBe('Kubernetes v1.24.0\n');
	expect(await onNode('kubeadm reset')).toMatch(/^kubeadm: the simulator has .* only, not reset/);
	expect(await onNode('kubeadm certs check-expiration')).toMatch(
		/\n(?:!MISSING! )?admin.conf +(?:Aug 31, 2023 10:00 UTC +364d +ca +no)? *\n/,
	);
	expect(await lab.run('docker run --rm postgres:14 psql -l')).toContain('psql: the program is here');
	expect(await onNode('nmap -p 80 172.18.0.3')).toContain('executable file not found in $PATH');
});
