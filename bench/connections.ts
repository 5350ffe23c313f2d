/** NodePort connections a second: the simulator, and the same namespaces, routes and rules in the real kernel. */
import { fileURLToPath } from 'node:url';
import { connect, forkNet, isLinuxError, type Network, run } from '../src/sim/linux/index.ts';
import { formatIp, type Ip, parseIp, utf8 } from '../src/sim/wire/index.ts';
import { podsOf, type World } from '../src/sim/world/index.ts';
import { type Agent, startAgent, whyNot } from '../tests/kernel/harness/agent.ts';
import { describeNetwork } from '../tests/kernel/harness/describe.ts';
import { createKernelNet } from '../tests/kernel/harness/kernel-net.ts';
import { type Effort, median, type Part, ratio, whole } from './row.ts';
import { worldOf } from './simulator.ts';

const NODE_PORT = 32017;
const POD_PORT = 8080;
const ENTRY = parseIp('172.18.0.4')!;
const QUESTION = utf8('GET / HTTP/1.1\r\nHost: echo\r\n\r\n');
const PROGRAM = fileURLToPath(new URL('./connections.py', import.meta.url));

/** Seconds for `count` connections, one after the other, in one network: its tables fill as the kernel's do. */
function simulated(base: Network, dst: Ip, dport: number, count: number): number {
	const net = forkNet(base);
	const started = performance.now();
	for (let i = 0; i < count; i++) {
		const client = connect(net, 'host', { protocol: 'tcp', dst, dport, data: QUESTION });
		if (isLinuxError(client)) throw new Error(JSON.stringify(client));
		run(net);
		if (client.outcome?.result !== 'connected') throw new Error(`connection ${i}: ${client.outcome?.result}`);
	}
	return (performance.now() - started) / 1000;
}

/** The same in the kernel, by two programs in the namespaces of the client and the pod. */
async function real(agent: Agent, pod: string, ip: Ip, port: number, count: number): Promise<number> {
	const program = (ns: string, ...args: (string | number)[]) => ({
		ns,
		argv: ['python3', PROGRAM, ...args.map(String)],
	});
	const [asked] = await agent.run([
		program('host', 'ask', formatIp(ip), port, count),
		program(pod, 'serve', POD_PORT, count),
	]);
	return Number(asked!.out);
}

async function measure(agent: Agent, world: World, { time, repeats }: Effort): Promise<Part['rows']> {
	const spec = describeNetwork(world.net).map((ns) => ({ ...ns, capture: false, listeners: [] }));
	await createKernelNet(agent).sync(spec);
	const echo = podsOf(world).find((p) => p.metadata.name.startsWith('deploy-echoserver'))!;
	const pod = `pod/${echo.metadata.namespace}/${echo.metadata.name}`;
	const ours: number[] = [];
	const theirs: number[] = [];
	// Each port is kept for a minute after its connection: all of a run must fit into ip_local_port_range (28,232).
	const count = Math.max(100, Math.min(time, Math.floor(25_000 / repeats)));
	simulated(world.net, ENTRY, NODE_PORT, count >> 2);
	for (let i = 0; i < repeats; i++) {
		ours.push(count / simulated(world.net, ENTRY, NODE_PORT, count));
		theirs.push((count * 0.9) / (await real(agent, pod, ENTRY, NODE_PORT, count)));
	}
	const [simulator, kernel] = [median(ours), median(theirs)];
	return [
		{
			what: 'Connections a second through a NodePort, simulator',
			measured: whole(simulator),
			limit: 'handshake, request, answer and closing: every packet through the tables of three machines, no records',
		},
		{
			what: 'The same rules, routes and cables in the kernel',
			measured: whole(kernel),
			limit: 'two Python programs, one connection at a time; they wait for each other and for the scheduler',
		},
		{
			what: 'Simulator to kernel',
			measured: ratio(simulator / kernel),
			limit: 'the simulator needs no system call and no change of context; the kernel copies real octets',
		},
	];
}

export async function connections(effort: Effort): Promise<Part> {
	const title = 'Against the kernel';
	const reason = whyNot();
	if (reason) return { title, rows: [], skipped: reason };
	const agent = startAgent();
	try {
		return { title, rows: await measure(agent, worldOf({ bundle: 'bare-1.24' }), effort) };
	} finally {
		await agent.close();
	}
}
