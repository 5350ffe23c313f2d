import { beforeAll, describe, expect, it } from 'vitest';
import type { Lab } from '../../../../src/sim/lab/index.ts';
import { terminal } from '../terminal.ts';

interface Desk {
	readonly lab: Lab;
	/** What a line prints on the laptop. */
	run(line: string): Promise<string>;
	/** What the agent's tool of a node prints; `cilium` stands in front. */
	agent(line: string, node?: string): Promise<string>;
}

async function desk(preset: string): Promise<Desk> {
	const { lab, run } = await terminal(preset, { patience: 30 * 60e6 });
	const podOf = (node: string): string =>
		lab
			.clusters()[0]!
			.agents()
			.find((agent) => agent.node === node)!.pod;
	return {
		lab,
		run,
		agent: (line, node = 'basic-worker') =>
			run(`kubectl exec -n kube-system -c cilium-agent ${podOf(node)} -- ${line}`),
	};
}

/** The label's line of a status, without the label. */
const lineOf = (status: string, label: string): string | undefined =>
	new RegExp(`^${label}: +(.*)$`, 'm').exec(status)?.[1]?.trimEnd();

describe('the agent beside kube-proxy, 1.12', () => {
	let d: Desk;
	beforeAll(async () => {
		d = await desk('kind-basic');
	});

	it('is cilium in its pod and nowhere else; cilium-dbg came later', async () => {
		expect(await d.agent('cilium version')).toMatch(/^Client: 1\.12\.1 /);
		expect(await d.agent('cilium-dbg version')).toContain('executable file not found');
		expect(await d.run('cilium bpf ct list global')).toContain('unknown command "bpf"');
	});

	it('says which map is not there, and nothing of IPv6 while that is off', async () => {
		expect(await d.agent('cilium bpf nat list')).toBe(
			'Unable to open /sys/fs/bpf/tc/globals/cilium_snat_v4_external: Unable to get object /sys/fs/bpf/tc/globals/cilium_snat_v4_external: no such file or directory. Skipping.\n',
		);
	});

	it('reports what the settings made of the node', async () => {
		const status = await d.agent('cilium status --verbose');
		expect(lineOf(status, 'KubeProxyReplacement')).toBe('Disabled');
		expect(lineOf(status, 'Host Routing')).toBe('Legacy');
		expect(lineOf(status, 'Masquerading')).toBe('IPTables [IPv4: Enabled, IPv6: Disabled]');
		expect(lineOf(status, '  - NodePort')).toBe('Disabled');
		expect(lineOf(status, 'Cluster health')).toMatch(/^4\/4 reachable/);
		const agent = d.lab
			.clusters()[0]!
			.agents()
			.find(({ node }) => node === 'basic-worker')!;
		expect(lineOf(status, 'IPAM')).toBe(`IPv4: ${agent.endpoints.length + 2}/254 allocated from 10.244.1.0/24,`);
		for (const { namespace, pod } of agent.endpoints) expect(status).toContain(`(${namespace}/${pod})`);
		expect(await d.agent('cilium status --brief')).toBe('OK\n');
	});

	it('lists every endpoint of its node with its identity and labels', async () => {
		const agent = d.lab
			.clusters()[0]!
			.agents()
			.find(({ node }) => node === 'basic-worker')!;
		const list = await d.agent('cilium endpoint list');
		const [title, second] = list.split('\n');
		expect(title).toMatch(/^ENDPOINT {3}POLICY \(ingress\) {3}POLICY \(egress\) {3}IDENTITY/);
		expect(second).toMatch(/^ +ENFORCEMENT +ENFORCEMENT/);
		for (const { id, identity } of agent.endpoints)
			expect(list).toMatch(new RegExp(`^${id} +Disabled +Disabled +${identity} `, 'm'));
		expect(list).toContain('reserved:host');
		expect(list).toContain('reserved:health');
		const one = agent.endpoints[0]!;
		const got = JSON.parse(await d.agent(`cilium endpoint get ${one.id}`));
		expect(got[0].status.identity.id).toBe(one.identity);
	});

	it('shows a node that is gone as unreachable', async () => {
		await d.run('docker stop basic-worker3');
		const status = await d.agent('cilium status');
		expect(lineOf(status, 'Cluster health')).toMatch(/^3\/4 reachable/);
		expect(status).toMatch(/^ {2}basic-worker3 .*unreachable +unreachable/m);
		await d.run('docker start basic-worker3');
	});

	it('says what it has not', async () => {
		expect(await d.agent('cilium policy trace')).toContain('the simulator tells no policy decision rule by rule');
		expect(await d.agent('cilium bpf nonsense')).toContain('Usage:\n  cilium bpf [command]');
		expect(await d.agent('cilium debuginfo')).toContain('\n#### BPF Policy Get ');
		expect(await d.agent('cilium nonsense')).toContain('unknown command "nonsense" for "cilium"');
		expect(await d.agent('cilium bpf policy get 99999')).toContain('Failed to open map');
	});
});

describe('what the programs tell of packets, 1.12 with KubeProxyReplacement', () => {
	let d: Desk;
	const worker = 'basic-worker';
	beforeAll(async () => {
		d = await desk('kind-ebpf');
	});

	it('is in the ring of Hubble for connections nobody watched', async () => {
		await d.run('curl -s 172.18.0.3:32017; sleep 1');
		const flows = (await d.agent('hubble observe --to-label k8s:app=echoserver')).trimEnd().split('\n');
		expect(flows[0]).toMatch(
			/^\w{3} [ \d]\d [\d:.]+: 172\.18\.0\.1:\d+ \(world\) -> default\/deploy-echoserver-7ccc684445-msflx:8080 \(ID:\d+\) to-endpoint FORWARDED \(TCP Flags: SYN\)$/,
		);
		expect(await d.agent('hubble observe --from-label k8s:app=echoserver --first 1')).toMatch(
			/ \(world\) <- default\/deploy-echoserver\S+ \(ID:\d+\) to-network FORWARDED \(TCP Flags: SYN, ACK\)\n$/,
		);
		expect(await d.agent('hubble observe --verdict DROPPED')).toBe('');
		expect(await d.agent('hubble status')).toMatch(/Current\/Max Flows: [1-9]\d+\/4,095/);
	});

	it('shows each connection once it is made, and answers by their state', async () => {
		const shown = await d.run(
			`kubectl exec -n kube-system -c cilium-agent ${
				d.lab
					.clusters()[0]!
					.agents()
					.find((a) => a.node === worker)!.pod
			} -- cilium monitor > m & sleep 2; curl -s 172.18.0.2:32017; sleep 2; kill %1; cat m`,
		);
		const { id, identity } = d.lab
			.clusters()[0]!
			.agents()
			.find((a) => a.node === worker)!.endpoints[0]!;
		const lines = shown.split('\n').filter((line) => line.startsWith('->') && !line.startsWith('-> Requesting'));
		expect(lines[0]).toMatch(
			new RegExp(
				`^-> endpoint ${id} flow 0x[0-9a-f]+ , identity remote-node->${identity} state new ifindex lxc[0-9a-f]{12} orig-ip 172\\.18\\.0\\.2: 172\\.18\\.0\\.2:\\d+ -> 10\\.244\\.1\\.199:8080 tcp SYN$`,
			),
		);
		expect(lines[1]).toMatch(
			new RegExp(
				`^-> stack flow 0x[0-9a-f]+ , identity ${identity}->remote-node state reply ifindex 0 orig-ip 0\\.0\\.0\\.0: .* tcp SYN, ACK$`,
			),
		);
		// Every packet of one socket has one hash.
		const requests = lines.filter((line) => line.startsWith('-> endpoint'));
		expect(new Set(requests.map((line) => / flow (\S+) /.exec(line)![1])).size).toBe(1);
	});

	it('leaves out packets that change nothing while connections are aggregated', async () => {
		const before = Number(/Current\/Max Flows: (\d+)/.exec(await d.agent('hubble status'))![1]);
		const metricsOfForward = async (): Promise<number> =>
			Number(/Success +INGRESS +(\d+)/.exec(await d.agent('cilium bpf metrics list'))![1]);
		const counted = await metricsOfForward();
		await d.run('curl -s 172.18.0.3:32017; sleep 1');
		const told = Number(/Current\/Max Flows: (\d+)/.exec(await d.agent('hubble status'))![1]) - before;
		const forwarded = (await metricsOfForward()) - counted;
		// Six packets reached the pod (SYN, ACK, request, two ACKs of the answer and its end); the ring has those that changed flags, both ways.
		expect(forwarded).toBe(6);
		expect(told).toBeLessThan(12);
		expect(told).toBeGreaterThan(5);
	});

	it('names a drop with its reason and the line that tells of it', async () => {
		await d.run('kubectl scale deploy/deploy-echoserver --replicas=0; sleep 20');
		await d.run(
			`kubectl exec -n kube-system -c cilium-agent ${
				d.lab
					.clusters()[0]!
					.agents()
					.find((a) => a.node === worker)!.pod
			} -- cilium monitor --type drop > m & sleep 1; docker exec basic-worker curl -s -m 0.5 10.244.1.250; sleep 1; kill %1`,
		);
		expect(await d.run('cat m')).toMatch(
			/^xx drop \(Stale or unroutable IP\) flow 0x[0-9a-f]+ to endpoint 0, file bpf_host\.c line 664, , identity host->unknown: 10\.244\.1\.200:\d+ -> 10\.244\.1\.250:80 tcp SYN$/m,
		);
		expect(await d.agent('cilium bpf metrics list')).toMatch(/^Stale or unroutable IP +INGRESS +1 +74$/m);
	});

	it('flushes a map and says how many entries it had', async () => {
		const text = await d.agent('cilium bpf ct flush global');
		expect(text).toMatch(
			/^Flushed \d+ entries from \/sys\/fs\/bpf\/tc\/globals\/cilium_ct4_global\nFlushed \d+ entries from \/sys\/fs\/bpf\/tc\/globals\/cilium_ct_any4_global\n$/,
		);
		expect(text).not.toContain('Flushed 0 entries from /sys/fs/bpf/tc/globals/cilium_ct4_global');
		expect(await d.agent('cilium bpf ct list global')).toBe('\n\n');
	});
});

describe('an idle cluster', () => {
	let d: Desk;
	beforeAll(async () => {
		d = await desk('kind-basic');
	});

	it('has flows of probes, their connections and their counters at once', async () => {
		const flows = await d.agent('hubble observe --last 500');
		expect(flows).toMatch(
			/ \(host\) -> kube-system\/hubble-relay-\S+:4245 \(ID:\d+\) to-endpoint FORWARDED \(TCP Flags: SYN\)/,
		);
		expect(flows).toMatch(/10\.244\.1\.\d+:4240 \(health\) to-endpoint FORWARDED/);
		expect(await d.agent('cilium bpf ct list global')).toMatch(/TCP IN \S+ -> 10\.244\.1\.\d+:4240 /);
		expect(await d.agent('cilium bpf metrics list')).toMatch(/Success +INGRESS +[1-9]/);
	});

	it('goes on with them while a monitor listens', async () => {
		const seen = (await d.agent('timeout 25 cilium monitor')).split('\n');
		const probes = seen.filter((line) => /^-> endpoint .* host->\d+ state new .*:4245 tcp SYN\r?$/.test(line));
		expect(probes.length).toBeGreaterThanOrEqual(4);
	});

	it('has its maps in the bpf filesystem, as they are open', async () => {
		const pinned = (await d.run('docker exec basic-worker ls /sys/fs/bpf/tc/globals')).split(/\s+/);
		const open = (await d.agent("cilium map list | awk 'NR > 1 { print $1 }'")).split(/\s+/).filter(Boolean);
		expect(open.length).toBeGreaterThan(10);
		expect(open.filter((name) => !pinned.includes(name) && !/policy_00777/.test(name))).toEqual([]);
	});

	it('is healthy, but for a node that is stopped', async () => {
		expect((await d.agent('cilium-health status')).match(/HTTP to agent: +OK, RTT=/g)).toHaveLength(8);
		await d.run('docker stop basic-worker3');
		const status = await d.agent('cilium status');
		expect(status).toMatch(/Cluster health: +3\/4 reachable/);
		expect(status).toMatch(/basic-worker3 +172\.18\.0\.5 +unreachable +unreachable/);
	});
});
