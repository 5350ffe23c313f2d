/** Counters of rules, where a packet has never been on a wire: what the machine itself sends. */
import { beforeAll, expect, test } from 'vitest';
import { type Terminal, terminal } from './terminal.ts';

let lab: Terminal;
const on = (line: string): Promise<string> => lab.run(`docker exec basic-worker ${line}`);
/** `[packets, bytes]` of the lines of iptables-save that have a text. */
const counts = async (text: string): Promise<readonly (readonly [number, number])[]> =>
	(await on('iptables-save -c'))
		.split('\n')
		.filter((line) => line.includes(text))
		.map((line) => {
			const [, packets, bytes] = /^\[(\d+):(\d+)\]/.exec(line) ?? [];
			return [Number(packets), Number(bytes)] as const;
		});

beforeAll(async () => {
	lab = await terminal();
	await on('iptables -t filter -I OUTPUT -p icmp -d 172.18.0.5 -j DROP');
	await lab.run(
		`kubectl run h --image=nicolaka/netshoot --overrides='{"spec":{"hostNetwork":true,"nodeName":"basic-worker"}}' -- sleep 1d`,
	);
	await lab.run('kubectl wait --for=condition=Ready pod/h --timeout=2m');
	for (const table of ['raw', 'mangle', 'nat', 'filter']) await on(`iptables -t ${table} -Z`);
});

test('the first rules of OUTPUT count as many octets as those behind them', async () => {
	await lab.run('kubectl exec h -- ping -c3 -s 100 172.18.0.4');
	const [raw, filter] = [
		await counts('cilium-feeder: CILIUM_OUTPUT_raw'),
		await counts('cilium-feeder: CILIUM_OUTPUT"'),
	];
	const [behind] = await counts('-A OUTPUT -j KUBE-FIREWALL');
	expect(behind![0]).toBeGreaterThanOrEqual(3);
	expect(behind![1]).toBeGreaterThanOrEqual(3 * 128);
	expect([raw[0], filter[0]]).toEqual([behind, behind]);
});

test('what is dropped before it left counts with its length', async () => {
	await lab.run('kubectl exec h -- ping -c2 -W1 172.18.0.5');
	expect(await counts('-d 172.18.0.5/32 -p icmp -j DROP')).toEqual([[2, 168]]);
});
