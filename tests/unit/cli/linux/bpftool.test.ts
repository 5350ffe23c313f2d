/** Programs and maps of the kernel as bpftool lists and dumps them, beside what the agent's own tool says of the same maps. */
import { beforeAll, expect, test } from 'vitest';
import { type Terminal, terminal } from './terminal.ts';

let lab: Terminal;
let agent: string;
beforeAll(async () => {
	lab = await terminal();
	const pod = await lab.run(
		'kubectl -n kube-system get pod -l k8s-app=cilium --field-selector spec.nodeName=basic-worker -o name',
	);
	agent = `kubectl -n kube-system exec ${pod.trim()} -c cilium-agent -- `;
});
const inAgent = (line: string): Promise<string> => lab.run(`${agent}${line}`);
const pinned = (name: string): string => `bpftool map dump pinned /sys/fs/bpf/tc/globals/${name}`;

/** `10.244.1.5` as octets are printed. */
const hex = (ip: string): string =>
	ip
		.split('.')
		.map((part) => Number(part).toString(16).padStart(2, '0'))
		.join(' ');

test('cilium_lxc has the addresses and numbers of the agent’s list, as octets', async () => {
	const listed = await inAgent('cilium bpf endpoint list');
	const dump = await inAgent(pinned('cilium_lxc'));
	const rows = [...listed.matchAll(/^([\d.]+):0 +(.*?) *$/gm)];
	expect(dump).toContain(`Found ${rows.length} elements\n`);
	for (const [, ip, text] of rows) {
		const entry = dump.slice(dump.indexOf(`key:\n${hex(ip!)} `)).split('key:')[1]!;
		const id = /id=(\d+) .*ifindex=(\d+) +mac=(\S+) nodemac=(\S+)/.exec(text!);
		if (!id) expect(entry).toContain('value:\n00 00 00 00 00 00 00 00  01 00 00 00');
		else {
			const low = (Number(id[1]) & 255).toString(16).padStart(2, '0');
			const high = (Number(id[1]) >> 8).toString(16).padStart(2, '0');
			expect(entry).toContain(
				`value:\n0${Number(id[2]).toString(16)} 00 00 00 00 00 ${low} ${high}  00 00 00 00 00 00 00 00\n${id[3]!.toLowerCase().replaceAll(':', ' ')} 00 00  ${id[4]!.toLowerCase().replaceAll(':', ' ')} 00 00\n`,
			);
		}
	}
});

test('a service is in one line: address and port in network order, the slot not', async () => {
	const dump = await inAgent(pinned('cilium_lb4_services_v2'));
	expect(dump).toMatch(
		/^key: 0a 60 00 01 01 bb 00 00 {2}00 00 00 00 {2}value: 00 00 00 00 01 00 00 01 {2}00 00 00 00$/m,
	);
	expect(dump).toMatch(
		/^key: 0a 60 00 01 01 bb 01 00 {2}00 00 00 00 {2}value: 01 00 00 00 00 00 00 01 {2}00 00 00 00$/m,
	);
});

test('what was loaded later has a higher number, at the time it was loaded', async () => {
	const rows = (text: string): readonly (readonly [number, string])[] =>
		[...text.matchAll(/^(\d+): .*\n\tloaded_at (\S+) /gm)].map(([, id, at]) => [Number(id), at!] as const);
	const before = rows(await inAgent('bpftool prog show'));
	expect(before.length).toBeGreaterThan(8);
	for (const [i, [id, at]] of before.entries())
		if (i > 0) {
			expect(id).toBeGreaterThan(before[i - 1]![0]);
			expect(at >= before[i - 1]![1]).toBe(true);
		}
	await lab.run('kubectl run late --image=busybox -- sleep infinity; kubectl wait --for=condition=ready pod/late');
	const after = rows(await inAgent('bpftool prog show'));
	expect(after).toHaveLength(before.length + 1);
	expect(after.slice(0, -1)).toEqual(before);
	expect(after.at(-1)![1] > before.at(-1)![1]).toBe(true);
});
