import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Capture } from '../../../../src/sim/linux/index.ts';
import { traceDigest } from '../../../../src/sim/trace/index.ts';
import { decodeFrame, encodeFrame, type Ipv4 } from '../../../../src/sim/wire/index.ts';
import { apply, type Probe, podsOf, type Settings } from '../../../../src/sim/world/index.ts';
import { target, worldOf } from './helpers.ts';

const NODES = ['basic-control-plane', 'basic-worker', 'basic-worker2', 'basic-worker3'];

const settings: fc.Arbitrary<Partial<Settings>> = fc.record({
	bundle: fc.constantFrom('bare-1.24', 'bare-1.33', 'cilium-1.12', 'cilium-1.18'),
	externalTrafficPolicy: fc.constantFrom('Cluster' as const, 'Local' as const),
	internalTrafficPolicy: fc.constantFrom('Cluster' as const, 'Local' as const),
	sessionAffinity: fc.constantFrom('None' as const, 'ClientIP' as const),
	replicas: fc.integer({ min: 0, max: 3 }),
	podOn: fc.constantFrom(...NODES.slice(1)),
});

const probes = fc.record({
	from: fc.constantFrom('host', ...NODES.map((n) => `node/${n}`), 'pod'),
	to: fc.constantFrom(
		...['172.18.0.2', '172.18.0.3', '172.18.0.4', '172.18.0.5', '127.0.0.1'].map((ip) => `${ip}:32017`),
		'10.96.101.186:8080',
		'172.18.0.4:6443',
		'172.18.0.3:1',
	),
	udp: fc.boolean(),
});

interface Sent {
	readonly captures: readonly { readonly c: Capture; readonly octets: Uint8Array }[];
	readonly done: Extract<ReturnType<typeof apply>, { world: unknown }>;
	readonly probe: Probe;
}

/** One random connection in one random World, with every frame as it was at its capture point. */
function send(
	some: Partial<Settings>,
	{ from, to, udp }: { from: string; to: string; udp: boolean },
): Sent | undefined {
	const world = worldOf({ ...some, protocol: udp ? 'UDP' : 'TCP' });
	const pod = podsOf(world).find((p) => p.metadata.owner === 'deploy-echoserver');
	if (from === 'pod' && !pod) return undefined;
	const probe: Probe = {
		from: from === 'pod' ? `pod/default/${pod!.metadata.name}` : from,
		to: target(to),
		protocol: udp ? 'udp' : 'tcp',
	};
	const captures: { c: Capture; octets: Uint8Array }[] = [];
	const done = apply(
		world,
		{ kind: 'connect', probe },
		{ capture: (c) => captures.push({ c, octets: encodeFrame(c.frame) }) },
	);
	if ('error' in done) throw new Error(JSON.stringify(done.error));
	return { captures, done, probe };
}

const check = (runs: number, holds: (sent: Sent) => void) =>
	fc.assert(
		fc.property(settings, probes, (some, probe) => {
			const sent = send(some, probe);
			if (sent) holds(sent);
		}),
		{ numRuns: runs },
	);

describe('whatever the switches and wherever the packet', () => {
	it('every frame has right lengths and checksums, and means what it was', () => {
		check(60, ({ captures }) => {
			for (const { octets } of captures) {
				const decoded = decodeFrame(octets);
				expect(decoded).toHaveProperty('value');
				if (decoded.value) expect(encodeFrame(decoded.value)).toEqual(octets);
			}
		});
	});

	it('the answer comes to the client from the address and port it asked', () => {
		check(60, ({ captures, done, probe }) => {
			const { outcome } = done;
			// A node undoes its own NAT after its device received the answer: no capture shows it.
			if (outcome!.result !== 'connected' || probe.from.startsWith('node/')) return;
			const back = captures.filter(({ c }) => c.packet === outcome!.firstReply && c.direction === 'rx');
			const last = back.at(-1)?.c.frame.payload as Ipv4 | undefined;
			if (!last) return;
			const decoded = decodeFrame(back.at(-1)!.octets);
			if (decoded.value?.payload.kind !== 'ipv4') throw new Error('no packet');
			const { src, dst, payload } = decoded.value.payload;
			expect({ src, dst }).toEqual({ src: probe.to.ip, dst: outcome!.clientSource!.ip });
			if (payload.kind === 'tcp' || payload.kind === 'udp')
				expect([payload.sport, payload.dport]).toEqual([probe.to.port, outcome!.clientSource!.port]);
		});
	});

	it('NAT reverses: each connection entry sends the answer back as the mirror of what came in', () => {
		check(60, ({ done }) => {
			for (const ns of done.world.net.namespaces.values())
				for (const { original, reply } of ns.conntrack.connections.values()) {
					expect(original.protocol).toBe(reply.protocol);
					const untouched = original.src === reply.dst && original.dst === reply.src;
					if (untouched && original.protocol === 6) expect(original.dport).toBe(reply.sport);
				}
		});
	});

	it('no packet is delivered to a socket twice', () => {
		check(60, ({ done }) => {
			const delivered = new Map<number, number>();
			for (const { hook, verdict, packet } of done.outcome!.trace)
				if (hook === 'socket' && verdict === 'deliver') delivered.set(packet, (delivered.get(packet) ?? 0) + 1);
			for (const [packet, times] of delivered) expect([packet, times]).toEqual([packet, 1]);
		});
	});

	it('the same again is the same to the last octet', () => {
		fc.assert(
			fc.property(settings, probes, (some, probe) => {
				const one = send(some, probe);
				const two = send(some, probe);
				expect(one && traceDigest(one.done.outcome!.trace)).toBe(two && traceDigest(two.done.outcome!.trace));
				expect(one?.captures.map(({ octets }) => octets)).toEqual(two?.captures.map(({ octets }) => octets));
			}),
			{ numRuns: 25 },
		);
	});
});
