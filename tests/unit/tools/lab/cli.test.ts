import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

interface Done {
	readonly code: number;
	readonly out: string;
	readonly err: string;
}

const lab = (...args: string[]): Promise<Done> =>
	new Promise((resolve) => {
		execFile(process.execPath, ['tools/lab/main.ts', ...args], { maxBuffer: 64 * 1024 * 1024 }, (error, out, err) => {
			resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err });
		});
	});

const validate = new Ajv({ allowUnionTypes: true }).compile(
	JSON.parse(readFileSync('schemas/lab-output.schema.json', 'utf8')),
);

let folder: string;
beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), 'lab-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('lab', () => {
	it('prints what the schema says, with a capture beside it', async () => {
		const pcap = join(folder, 'a.pcapng');
		const words = `--scenario kind-basic --etp Cluster --from host --to 172.18.0.4:32017 --json --pcap ${pcap}`;
		const { code, out, err } = await lab(...words.split(' '));
		expect([code, err]).toEqual([0, '']);
		const report = JSON.parse(out);
		validate(report);
		expect(validate.errors).toBeNull();
		expect(report).toMatchObject({
			result: 'connected',
			observedSource: '172.18.0.4',
			server: 'deploy-echoserver-7ccc684445-msflx',
		});
		expect(report.hops.at(-1)).toMatchObject({ namespace: `pod/default/${report.server}`, direction: 'rx' });
		expect(report.replyHops.at(-1)).toMatchObject({ namespace: 'host', src: '172.18.0.4' });
		expect(report.reply).toContain(`-> Requesting IP: 172.18.0.4:${report.observedPort}`);
		expect(report.conntrack['node/basic-control-plane'][0]).toMatch(
			/^ipv4 {5}2 tcp {6}6 \d+ TIME_WAIT src=172\.18\.0\.1 dst=172\.18\.0\.4 sport=\d+ dport=32017 src=10\.244\.1\.199/,
		);
		const chains = report.rules.map((r: { chain: string }) => r.chain);
		expect(chains).toContain('KUBE-EXT-FGWWRXV2R5QQQFJ3');
		expect(readFileSync(pcap).subarray(0, 4)).toEqual(Buffer.from([0x0a, 0x0d, 0x0d, 0x0a]));
	});

	it('prints what the maps of every node hold after the connection', async () => {
		const words = '--kube-proxy none --set kubeProxyReplacement=strict --to 172.18.0.2:32017 --json';
		const { out } = await lab(...words.split(' '));
		const report = JSON.parse(out);
		validate(report);
		expect(validate.errors).toBeNull();
		const node = report.maps['basic-worker2'];
		expect(node.lb.some((line: string) => line.startsWith('172.18.0.2:32017'))).toBe(true);
		expect(
			node.nat.some((line: string) => /^TCP OUT 172\.18\.0\.1:\d+ -> 10\.244\.1\.199:8080 XLATE_SRC/.test(line)),
		).toBe(true);
		expect(node.ct.some((line: string) => line.includes('NodePort'))).toBe(true);
		expect(Object.keys(report.maps)).toHaveLength(4);
	});

	it('has no maps where there is no Cilium', async () => {
		const { out } = await lab(...'--bundle bare-1.24 --to 172.18.0.2:32017 --json'.split(' '));
		expect(JSON.parse(out).maps).toEqual({});
	});

	// One pod, on the second of four nodes: the rows a reader of both implementations expects.
	const strict = '--kube-proxy none --set kubeProxyReplacement=strict';
	it.each([
		['--kube-proxy iptables', ['172.18.0.2', '172.18.0.3', '172.18.0.4', '172.18.0.5']],
		['--kube-proxy iptables --etp Local', ['timeout', '172.18.0.1', 'timeout', 'timeout']],
		[strict, ['172.18.0.2', '172.18.0.1', '172.18.0.4', '172.18.0.5']],
		[`${strict} --set loadBalancer.mode=dsr`, ['172.18.0.1', '172.18.0.1', '172.18.0.1', '172.18.0.1']],
		[`${strict} --set loadBalancer.mode=hybrid`, ['172.18.0.1', '172.18.0.1', '172.18.0.1', '172.18.0.1']],
		[`${strict} --etp Local`, ['refused', '172.18.0.1', 'refused', 'refused']],
	])('%s: what the pod sees by each node', async (flags, expected) => {
		const seen: string[] = [];
		for (const last of [2, 3, 4, 5]) {
			const { out } = await lab(...`${flags} --to 172.18.0.${last}:32017 --json`.split(' '));
			const { result, observedSource } = JSON.parse(out);
			seen.push(observedSource ?? result);
		}
		expect(seen).toEqual(expected);
	});

	it('keeps to the schema when nobody answers', async () => {
		const { out } = await lab(...'--etp Local --to 172.18.0.4:32017 --udp --json'.split(' '));
		const report = JSON.parse(out);
		validate(report);
		expect(validate.errors).toBeNull();
		expect(report).toMatchObject({ result: 'timeout', server: null, observedSource: null, replyHops: [] });
	});

	it('runs the worked examples', async () => {
		const nodes = await lab(
			...'--scenario-file schemas/examples/two-nodes.yaml --from pod/client --to 10.96.0.50:80 --json'.split(' '),
		);
		expect(JSON.parse(nodes.out)).toMatchObject({ result: 'connected', server: 'echo' });
		const rules = await lab(...'--scenario-file schemas/examples/own-rules.yaml --to 192.0.2.1:8080 --json'.split(' '));
		const report = JSON.parse(rules.out);
		validate(report);
		expect(validate.errors).toBeNull();
		expect(report).toMatchObject({ result: 'connected', server: 'server', observedSource: '203.0.113.1' });
	});

	it('prints a table for a person', async () => {
		const { code, out } = await lab('--to', '172.18.0.3:32017', '--bundle', 'bare-1.24');
		expect(code).toBe(0);
		expect(out).toContain('source it saw   172.18.0.3:');
		expect(out).toMatch(/KUBE-POSTROUTING 3 +snat +-A KUBE-POSTROUTING .* -j MASQUERADE --random-fully/);
	});

	it('lists what there is to choose from', async () => {
		const { out } = await lab('--list', '--json');
		expect(JSON.parse(out)).toMatchObject({ scenarios: ['kind-basic'], nodes: { length: 4 } });
	});

	it.each([
		['services: [{name: s, clusterIP: 11.0.0.1, ports: [{port: 80}]}]', /service CIDR .* \(services\[0\], line 2:12\)/],
	])('points into the file for what the cluster refuses: %s', async (line, complaint) => {
		writeFileSync(join(folder, 'f.yaml'), `name: x\n${line}\n`);
		const { code, err } = await lab('--scenario-file', join(folder, 'f.yaml'), '--to', '1.2.3.4:80');
		expect(code).toBe(2);
		expect(err).toMatch(complaint);
	});

	it('says what helm does not say of a misspelt value, and goes on', async () => {
		const { code, out, err } = await lab('--to', '172.18.0.3:32017', '--set', 'monitorAggregation=none');
		expect(code).toBe(0);
		expect(out).toContain('result          connected');
		expect(err).toBe('lab: helm accepts monitorAggregation, and no chart knows it; is it bpf.monitorAggregation?\n');
	});

	it.each([
		[['--replicas', '-1'], 'lab: replicas must be a whole number from 0 to 100, not "-1" (--replicas)\n'],
		[
			['--to', '1.2.3.4:80', '--pod-on', 'mars'],
			/^lab: unknown node "mars"; there are basic-control-plane, .* \(--pod-on\)\n$/,
		],
		[
			['--to', '1.2.3.4:80', '--set', 'tunnel=vxlan', '--set', 'autoDirectNodeRoutes=true'],
			/^lab: the agent does not start \(direct-routes-tunnel\): auto-direct-node-routes cannot .* \(--set\)\n$/,
		],
		[
			['--bundle', 'bare-1.24', '--to', '1.2.3.4:80', '--set', 'tunnel=disabled'],
			'lab: tunnel is a Helm value of Cilium, and there is no Cilium in bundle bare-1.24 (--set)\n',
		],
		[['--from', 'a\u001b[31m\nb', '--to', '1.2.3.4:80'], /^lab: unknown namespace "a [^\p{Cc}]* \(--from\)\n$/u],
	])('%j ends with one line and code 2', async (args, line) => {
		const { code, out, err } = await lab(...args);
		expect([code, out]).toEqual([2, '']);
		if (typeof line === 'string') expect(err).toBe(line);
		else expect(err).toMatch(line);
	});
});
