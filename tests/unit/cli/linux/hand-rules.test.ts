/** Rules that somebody writes on a node, while the cluster goes on writing its own. */
import { beforeEach, describe, expect, test } from 'vitest';
import { type Terminal, terminal } from '../terminal.ts';

let lab: Terminal;
const on = (line: string): Promise<string> => lab.run(`docker exec basic-worker ${line}`);
const change = async (name: string): Promise<void> => {
	await lab.run(`kubectl create svc clusterip ${name} --tcp=80`);
	await lab.run('sleep 5');
};

describe('with kube-proxy', () => {
	beforeEach(async () => {
		lab = await terminal();
	});

	test('rules and chains of somebody’s own stay when services change, in their place', async () => {
		await on('iptables -I OUTPUT -p icmp -d 172.18.0.5 -j DROP');
		await on('iptables -P FORWARD DROP');
		await on('iptables -t nat -N MINE');
		await on('iptables -t nat -A MINE -p tcp --dport 9999 -j DNAT --to-destination 10.244.1.9:80');
		await on('iptables -t nat -A PREROUTING -j MINE');
		const [filter, nat] = [await on('iptables -S OUTPUT'), await on('iptables -t nat -S PREROUTING')];
		await change('one');
		await change('two');
		expect(await on('iptables -S OUTPUT')).toBe(filter);
		expect(filter).toMatch(/^-P OUTPUT ACCEPT\n-A OUTPUT -d 172\.18\.0\.5\/32 -p icmp -j DROP\n/);
		expect(await on('iptables -S FORWARD')).toMatch(/^-P FORWARD DROP\n/);
		expect(await on('iptables -t nat -S PREROUTING')).toBe(nat);
		expect(await on('iptables -t nat -S MINE')).toBe(
			'-N MINE\n-A MINE -p tcp -m tcp --dport 9999 -j DNAT --to-destination 10.244.1.9:80\n',
		);
		expect(await on('iptables-save')).toMatch(/default\/two:80 has no endpoints/);
	});

	test('what somebody takes away stays away, but for chains of kube-proxy and the jumps to them', async () => {
		const before = await on('iptables -t nat -S PREROUTING');
		await on('iptables -I OUTPUT -d 172.18.0.5 -j DROP');
		await on('iptables -D OUTPUT -d 172.18.0.5 -j DROP');
		await on('iptables -t nat -F KUBE-SERVICES');
		await on('iptables -t nat -D PREROUTING -m comment --comment "kubernetes service portals" -j KUBE-SERVICES');
		await on('iptables -F CILIUM_FORWARD');
		await change('one');
		expect(await on('iptables -S OUTPUT')).not.toContain('172.18.0.5');
		expect(await on('iptables -t nat -S KUBE-SERVICES')).toContain('default/kubernetes:https');
		expect(await on('iptables -t nat -S PREROUTING')).toBe(before);
		expect(await on('iptables -S CILIUM_FORWARD')).toBe('-N CILIUM_FORWARD\n');
	});

	test('kube-proxy writes its rules anew within half a minute, though no service changed', async () => {
		const rules = async (): Promise<string[]> =>
			(await on('iptables-save -t nat')).split('\n').filter((line) => /^(?::KUBE|-A .*KUBE)/.test(line));
		const before = (await rules()).map((line) => line.replace(/\[.*/, ''));
		await on('iptables -t nat -A PREROUTING -p tcp --dport 9999 -j REDIRECT --to-ports 80');
		await on('iptables -t nat -F KUBE-SERVICES');
		await lab.run('sleep 31');
		expect((await rules()).map((line) => line.replace(/\[.*/, ''))).toEqual(before);
		await on('iptables -t nat -F');
		await on('iptables -t nat -X');
		expect(await rules()).toEqual([]);
		await lab.run('sleep 31');
		expect((await rules()).map((line) => line.replace(/\[.*/, '')).sort()).toEqual([...before].sort());
		// It does not know the other rules.
		expect(await on('iptables -t nat -S')).not.toMatch(/9999|CILIUM/);
	});

	test('a restart of the node begins without them', async () => {
		await on('iptables -I OUTPUT -d 172.18.0.5 -j DROP');
		await lab.run('docker restart basic-worker; sleep 60');
		expect(await on('iptables -S OUTPUT')).not.toContain('172.18.0.5');
	});
});

test('rules that a kube-proxy left do not come back', async () => {
	lab = await terminal();
	await lab.run('kubectl -n kube-system delete ds kube-proxy; sleep 20');
	await on('iptables -t nat -F KUBE-SERVICES');
	await lab.run('sleep 60');
	expect(await on('iptables -t nat -S KUBE-SERVICES')).toBe('-N KUBE-SERVICES\n');
});

test('without kube-proxy they stay too', async () => {
	lab = await terminal('kind-ebpf');
	await on('iptables -I INPUT -p tcp --dport 9999 -j REJECT');
	await change('one');
	expect(await on('iptables -S INPUT')).toMatch(/^-P INPUT ACCEPT\n-A INPUT -p tcp -m tcp --dport 9999 -j REJECT/);
});
