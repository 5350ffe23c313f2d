import { describe, expect, test } from 'vitest';
import { runSituation, type Situation } from '../../../src/exercises/index.ts';
import { parseIp } from '../../../src/sim/wire/index.ts';
import type { Settings } from '../../../src/sim/world/index.ts';
import { figureOf } from '../../../src/widgets/figure/index.ts';
import { placesOf } from '../../../src/widgets/places.ts';

const at = (to: string, settings: Partial<Settings> = {}, from = 'host', port = 32017): Situation => ({
	scenario: 'kind-basic',
	settings: { bundle: 'bare-1.24', podOn: 'basic-worker', ...settings },
	probe: {
		from,
		to: { ip: parseIp(to)!, port },
		protocol: settings.protocol === 'UDP' ? 'udp' : 'tcp',
	},
});

const SITUATIONS: Readonly<Record<string, Situation>> = {
	'another node': at('172.18.0.2'),
	'the pod’s own node': at('172.18.0.3'),
	'policy Local, pod at home': at('172.18.0.3', { externalTrafficPolicy: 'Local' }),
	'policy Local, pod elsewhere': at('172.18.0.2', { externalTrafficPolicy: 'Local' }),
	'policy Local, pod elsewhere, later rules': at('172.18.0.2', { externalTrafficPolicy: 'Local', bundle: 'bare-1.33' }),
	'no pod at all': at('172.18.0.2', { replicas: 0 }),
	'three pods': at('172.18.0.2', { replicas: 3 }),
	UDP: at('172.18.0.2', { protocol: 'UDP' }),
	'Cilium beside kube-proxy': at('172.18.0.2', { bundle: 'cilium-1.12' }),
	'from a node to the ClusterIP': at('10.96.101.186', {}, 'node/basic-worker2', 8080),
	'a port nobody has': at('172.18.0.2', {}, 'host', 9),
	'an address nobody has': at('172.18.0.99'),
};

const figures = Object.entries(SITUATIONS).map(([name, situation]) => {
	const run = runSituation(situation);
	return { name, run, figure: figureOf(run.outcome, placesOf(run.world)) };
});

describe.each(figures)('$name', ({ run, figure }) => {
	const { outcome } = run;

	test('every decision of the first packet and the first reply stands at one station', () => {
		const seqs = figure.stations.flatMap((s) => s.decisions.map((d) => d.seq));
		expect(new Set(seqs).size).toBe(seqs.length);
		const expected = outcome.trace
			.filter((d) => d.packet === outcome.firstPacket || d.packet === outcome.firstReply)
			.map((d) => d.seq);
		expect(seqs).toEqual(expect.arrayContaining(expected));
	});

	test('stations are few, numbered through, each in a lane, and say something', () => {
		expect(figure.stations.length).toBeGreaterThan(0);
		expect(figure.stations.length).toBeLessThanOrEqual(18);
		figure.stations.forEach((s, i) => {
			expect(s.number).toBe(i + 1);
			expect(figure.lanes[s.lane]!.ns).toBe(s.ns);
			expect(s.decisions[s.main]).toBeDefined();
		});
	});

	test('the request ends once, as the outcome says', () => {
		const request = figure.stations.filter((s) => s.direction === 'request' && s.kind !== 'giveup');
		expect(request.slice(0, -1).every((s) => s.end === undefined)).toBe(true);
		const { end } = request.at(-1)!;
		if (outcome.result === 'connected') expect(end).toBe('delivered');
		else expect(end).not.toBe(outcome.server ? undefined : 'delivered');
	});

	test('what leaves a station comes to the next one, but for the mark on a wire', () => {
		figure.stations.forEach((s, i) => {
			const next = figure.stations[i + 1];
			if (!next || next.direction !== s.direction || next.kind === 'giveup' || !s.after || !next.before) return;
			expect({ ...next.before, mark: 0 }).toEqual({ ...s.after, mark: 0 });
		});
	});

	test('the station shown first is the one that ended the packet, or the first that rewrote it', () => {
		const shown = figure.stations[figure.focus]!;
		const rewrites = figure.stations.some((s) => s.rewrites);
		const ended = figure.stations.some((s) => s.end && s.end !== 'delivered');
		if (ended) expect(shown.end).toBeDefined();
		else if (rewrites) expect(shown.rewrites).toBe(true);
	});
});

test('the pod’s node and the entry node are told apart, or are one', () => {
	const roles = (name: string) => figures.find((f) => f.name === name)!.figure.lanes.map((l) => l.roles.join('+'));
	expect(roles('another node')).toEqual(['client', 'entry', 'backend', 'server']);
	expect(roles('the pod’s own node')).toEqual(['client', 'entry+backend', 'server']);
});

test('the identity that a pod’s program writes as the mark is told where it is written', () => {
	const { figure } = figures.find((f) => f.name === 'Cilium beside kube-proxy')!;
	const marked = figure.stations.find((s) => s.direction === 'reply' && s.changed.includes('mark'))!;
	expect(marked.kind).toBe('program');
	expect(marked.devIn).toMatch(/^lxc/);
	expect(marked.after!.mark & 0x0f00).toBe(0x0f00);
	expect(marked.label?.changed).toContain('mark');
});
