/** Small things an experienced user tries: words of busybox's tools, filters of captures and of networks, rules by `prio`. */
import { beforeAll, expect, test } from 'vitest';
import { type Terminal, terminal } from './terminal.ts';

let lab: Terminal;
let echo: string;
beforeAll(async () => {
	lab = await terminal();
	echo = (await lab.run("kubectl get pod -l app=echoserver -o jsonpath='{.items[0].status.podIP}'")).trim();
	await lab.run(
		'kubectl run bb --image=busybox --command -- sleep infinity; kubectl wait --for=condition=ready pod/bb',
	);
});
const inPod = (line: string): Promise<string> => lab.run(`kubectl exec bb -- ${line}`);
const onNode = (line: string): Promise<string> => lab.run(`docker exec basic-worker ${line}`);

test('busybox has a telnet, which says who is not there its own way', async () => {
	expect(await inPod(`telnet ${echo} 8080`)).toContain(`Connected to ${echo}\n\nEntering character mode\n`);
	expect(await inPod(`telnet ${echo} 1`)).toContain(
		`telnet: can't connect to remote host (${echo}): Connection refused\n`,
	);
});

test('busybox’s wget -S shows the headers of the answer', async () => {
	expect(await inPod(`wget -S -O /dev/null ${echo}:8080`)).toMatch(/\n {2}HTTP\/1\.1 200 OK\n {2}Content-Type: /);
});

test('docker network ls finds by name, and inspect has all fields', async () => {
	const id = (await lab.run('docker network ls -q -f name=kind')).trim();
	expect(id).toMatch(/^[0-9a-f]{12}$/);
	const [network] = JSON.parse(await lab.run('docker network inspect kind'));
	expect(network.Id.startsWith(id)).toBe(true);
	expect(Object.keys(network)).toEqual(
		'Name Id Created Scope Driver EnableIPv6 IPAM Internal Attachable Ingress ConfigFrom ConfigOnly Containers Options Labels'.split(
			' ',
		),
	);
	const containers: Record<string, { EndpointID: string }> = network.Containers;
	expect(new Set(Object.values(containers).map((one) => one.EndpointID)).size).toBe(4);
	expect(await lab.run('docker network ls -f driver=null --format "{{.Name}}"')).toBe('none\n');
});

test('a rule is added and taken away by prio', async () => {
	await onNode('ip rule add to 10.244.9.0/24 prio 7 table 100');
	expect(await onNode('ip rule')).toContain('7:\tfrom all to 10.244.9.0/24 lookup 100\n');
	await onNode('ip rule del prio 7');
	expect(await onNode('ip rule')).not.toContain('\n7:');
	expect(await onNode('ip rule add to 10.244.9.0/24 prohibit')).toContain('the simulator has no rules by "prohibit"');
});

test('a filter by VLAN is one, and meets nothing', async () => {
	expect(await onNode('iptables -A FORWARD -j TEE')).toContain('the simulator has no target TEE');
	await lab.run(
		'kubectl run net --image=nicolaka/netshoot --command -- sleep infinity; kubectl wait --for=condition=ready pod/net',
	);
	const seen = await lab.run(
		`kubectl exec net -- timeout 3 tcpdump -nn vlan 5 & sleep 1; kubectl exec net -- ping -c 1 -q ${echo} >/dev/null; wait`,
	);
	expect(seen).toContain('\n0 packets captured\n');
});

test('helm’s deletions take their time, in which pods begin to end', async () => {
	expect(await onNode('sysctl -n kernel.unprivileged_bpf_disabled')).toBe('1\n');
	const pods = await lab.run('helm uninstall cilium -n kube-system; kubectl get pods -n kube-system -l k8s-app=cilium');
	expect(pods.match(/ Terminating /g)).toHaveLength(4);
});

test('curl says of a protocol whether libcurl lacks it, or the lab', async () => {
	expect(await lab.run('curl -s -S telnet://172.18.0.3:1')).toContain('speaks http and https, not telnet');
	expect(await lab.run('curl -s -S foo://172.18.0.3')).toContain('Protocol "foo" not supported or disabled in libcurl');
	// curl's own words are left out when it is told to be silent; the lab's are not.
	expect(await lab.run('curl -s telnet://172.18.0.3:1')).toContain('speaks http and https, not telnet');
	expect(await lab.run('curl -s foo://172.18.0.3')).toBe('');
});
