import { describe, expect, it } from 'vitest';
import { storyOf } from '../../../../src/widgets/lab/readiness-model.ts';
import { reasonAt, stretchAt } from '../../../../src/widgets/lab/readiness-story.ts';
import { decode, STATES } from '../../../../src/widgets/lab/status-model.ts';

describe('the way to Ready', () => {
	const story = storyOf('cilium');
	const at = (code: string) => story.events.find((event) => event.code === code)!.at;

	it('nodes are NotReady until the agent has written its file, and all is Ready at the end', () => {
		expect(at('registered')).toBeLessThan(at('created'));
		expect(at('created')).toBeLessThan(at('helm'));
		expect(at('helm')).toBeLessThan(at('cni'));
		expect(at('cni')).toBeLessThan(at('nodeReady'));
		for (const lane of story.lanes.slice(1)) expect(stretchAt(lane, story.end)?.state, lane.name).toBe('ready');
	});

	it('CoreDNS waits for a node without the taint', () => {
		const dns = story.lanes.at(-1)!;
		expect(stretchAt(dns, at('helm'))?.state).toBe('pending');
		expect(at('dnsReady')).toBeGreaterThan(at('nodeReady'));
	});

	it('what the scheduler says counts the nodes there are at that moment', () => {
		const dns = story.lanes.at(-1)!;
		const nodesAt = (time: number) =>
			story.lanes.filter((lane) => lane.kind === 'node' && /otReady|ready/.test(stretchAt(lane, time)?.state ?? ''))
				.length;
		const told = new Set<string>();
		for (let time = at('dnsPending'); time < at('nodeReady'); time += 1) {
			const said = /^0\/(\d+) nodes are available/.exec(reasonAt(dns, time) ?? '')?.[1];
			expect(Number(said), `at ${time}`).toBe(nodesAt(time));
			told.add(said!);
		}
		expect(told.size).toBeGreaterThan(1);
		expect(reasonAt(dns, story.end)).toBeUndefined();
	});

	it('with kindnet the cluster is Ready when it is made, and nothing says otherwise', () => {
		const kindnet = storyOf('kindnet');
		const made = kindnet.events.find((event) => event.code.startsWith('created'))!;
		expect(made.code).toBe('createdReady');
		for (const lane of kindnet.lanes.filter((one) => one.kind === 'node')) {
			expect(stretchAt(lane, made.at)?.state).toBe('ready');
			expect(reasonAt(lane, made.at)).toBeUndefined();
		}
		expect(kindnet.events.some((event) => event.code === 'agentReady')).toBe(false);
		expect(story.events.some((event) => event.code === 'agentReady')).toBe(true);
	});

	it('stretches of a lane follow one another without a gap', () => {
		for (const { stretches } of story.lanes)
			for (const [i, one] of stretches.entries()) expect(stretches[i + 1]?.from ?? story.end).toBe(one.to);
	});

	it('with kindnet kind brings the network itself; without any, nothing ever changes', () => {
		const kindnet = storyOf('kindnet');
		expect(kindnet.events.some((event) => event.verbatim?.includes('Installing CNI'))).toBe(true);
		expect(kindnet.events.some((event) => event.code === 'helm')).toBe(false);
		const none = storyOf('none');
		expect(none.events.some((event) => event.code === 'nodeReady')).toBe(false);
		expect(none.events.at(-1)).toMatchObject({ code: 'still', verbatim: expect.stringContaining('cni plugin') });
	});
});

describe('the lines of cilium status', () => {
	it.each(STATES)('all that says something is told of: %s', (state) => {
		for (const { text, kind } of decode(state).lines) if (/[A-Za-z]/.test(text)) expect(kind, text).toBeDefined();
	});

	it('tell the states apart', () => {
		const toneOf = (state: (typeof STATES)[number], kind: string) =>
			decode(state).lines.find((line) => line.kind === kind)?.tone;
		expect(STATES.map((state) => toneOf(state, 'cilium'))).toEqual(['well', 'well', 'wrong', 'wrong']);
		expect(STATES.map((state) => toneOf(state, 'hubble'))).toEqual(['well', 'off', 'off', 'off']);
		expect(decode('wrongHost').lines.some((line) => line.text.includes('CrashLoopBackOff'))).toBe(true);
	});
});
