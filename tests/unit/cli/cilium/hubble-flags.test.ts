/** `hubble observe`: its filters and formats, and what a flow tells as JSON. */
import { beforeAll, expect, it } from 'vitest';
import { type HubbleDesk, hubbleDesk } from './hubble.ts';
import { recent } from './recent.ts';

let t: HubbleDesk;
const hubble = (words: string): Promise<string> => t.hubble(words);
const flows = (words: string) => t.flows(words);

beforeAll(async () => {
	t = await hubbleDesk();
	await t.run('kubectl exec c -- curl -s -o /dev/null $W');
});

it('knows the direction of a connection from its tracking, replies included', async () => {
	const out = await flows('--pod c --traffic-direction egress --all');
	expect(out.length).toBeGreaterThan(1);
	expect(new Set(out.map((f) => f.is_reply))).toEqual(new Set([true, false]));
	expect(out.every((f) => f.traffic_direction === 'EGRESS')).toBe(true);
	expect(await flows('--pod c --traffic-direction ingress --all --protocol tcp')).toEqual([]);
});

it('tells endpoint, workload and kind of event, in the order of the message', async () => {
	const [flow] = await flows('--from-pod c --last 1');
	expect(flow.source.ID).toBeGreaterThan(0);
	expect(flow.source.workloads).toEqual([{ name: 'c', kind: 'Pod' }]);
	expect(flow.event_type).toEqual({ type: 4, sub_type: 3 });
	expect(Object.keys(flow.source)).toEqual(['ID', 'identity', 'namespace', 'labels', 'pod_name', 'workloads']);
	expect(await flows('--workload Pod/c --last 1')).toEqual(await flows('--pod c --last 1'));
	expect(await flows('--workload Deployment/c')).toEqual([]);
});

it('matches nodes by patterns and labels', async () => {
	const all = await flows('--pod c --all');
	expect(await flows('--pod c --all --node-name "basic-*"')).toEqual(all);
	expect(await flows('--pod c --all --node-name "default/*" --node-label kubernetes.io/os=linux')).toEqual(all);
	expect(await flows('--pod c --all --node-name "other/*"')).toEqual([]);
});

it('reads and prints moments in the formats of hubble', async () => {
	const [flow] = await flows('--pod c --first 1');
	expect(await flows(`--pod c --since ${flow.time.slice(0, 19)}Z`)).toEqual(await flows('--pod c --all'));
	expect(await flows(`--pod c --until ${flow.time.slice(0, 19)}Z`)).toEqual([]);
	expect(await hubble('observe --since yesterday')).toBe(
		'failed to parse the since time: failed to convert yesterday to time\ncommand terminated with exit code 1\n',
	);
	const day = flow.time.slice(0, 10);
	expect(await hubble('observe --pod c --first 1 --time-format YearMonthDay')).toMatch(
		new RegExp(`^${day}: default/c`),
	);
	expect(await hubble('observe --first 1 --time-format RFC1123Z')).toMatch(/^Wed, 31 Aug 2022 \d\d:\d\d:\d\d \+0000: /);
});

it('says what it cannot do, and never that a flag of hubble is unknown', async () => {
	for (const flag of ['--cel-expression x', '--snat-ip 10.0.0.1', '--print-policy-names', '--field-mask time'])
		expect(await hubble(`observe ${flag}`)).toMatch(/^--\S+: the simulator’s/);
	expect(await hubble('observe --nonsense')).toMatch(/^unknown flag: --nonsense\n/);
	expect(await hubble('observe -f -o table')).toMatch(/^table output format is not compatible with follow mode\n/);
});

it('forwards the port of Relay by itself', async () => {
	expect(await t.run('hubble status -P')).toMatch(
		/^Healthcheck \(via 127\.0\.0\.1:4245\): Ok\n[\s\S]*Connected Nodes: 4\/4/,
	);
	expect(await t.run('hubble observe -P --pod default/c --last 1')).toMatch(/default\/c/);
});

it('a flow of 1.14 or later is found by its UUID', async () => {
	const t = await recent('1.16.5');
	const observe = (args: string): Promise<string> =>
		t.run(`kubectl -n kube-system exec ds/cilium -c cilium-agent -- hubble observe ${args}`);
	const flows = (await observe('--last 30 -o json'))
		.trim()
		.split('\n')
		.map((line) => JSON.parse(line).flow);
	expect(new Set(flows.map(({ uuid }) => uuid)).size).toBe(flows.length);
	const found = (await observe(`--uuid ${flows[7].uuid} -o json`)).trim().split('\n');
	expect(found.map((line) => JSON.parse(line).flow)).toEqual([flows[7]]);
}, 60_000);
