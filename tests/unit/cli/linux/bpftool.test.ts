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

test('maps of one name on several nodes are dumped with their first line in front; -p stands on lines of its own', async () => {
	const shown = await inAgent('bpftool map show name cilium_lxc');
	expect(shown).toMatch(
		/^\d+: hash {2}name cilium_lxc {2}flags 0x1\n\tkey 20B {2}value 48B {2}max_entries 65535 {2}memlock 4718592B$/m,
	);
	const headers = shown.split('\n').filter((line) => /^\d+:/.test(line));
	expect(headers).toHaveLength(4);
	const dump = await inAgent('bpftool map dump name cilium_lxc');
	for (const header of headers) expect(dump).toContain(`${header}\nkey:\n`);
	expect(JSON.parse(await inAgent('bpftool -j map dump name cilium_lxc'))).toHaveLength(4);
	const pretty = await inAgent('bpftool -p map show');
	expect(pretty).toMatch(/^\[\{\n {8}"id": \d+,\n {8}"type": "\w+",\n/);
	expect(pretty.endsWith('\n    }\n]\n')).toBe(true);
	expect(JSON.parse(pretty)).toEqual(JSON.parse(await inAgent('bpftool -j map show')));
});
