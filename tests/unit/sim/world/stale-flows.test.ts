import { describe, expect, it } from 'vitest';
import { apply, conntrackOf, type World } from '../../../../src/sim/world/index.ts';
import { connect, worldOf } from './helpers.ts';

const CLIENT = 'pod/kube-system/coredns-6d4b75cb6d-8qxzf';

const set = (world: World, settings: object): World => {
	const done = apply(world, { kind: 'set', settings });
	if ('error' in done) throw new Error(JSON.stringify(done.error));
	return done.world;
};

/** The same client again, from the same port: what a resolver or a game client does. */
const ask = (world: World, to = '10.96.101.186:8080', from = CLIENT) =>
	connect(world, from, to, { protocol: 'udp', sport: 40000 });

const flows = (world: World): number =>
	conntrackOf(world, 'node/basic-control-plane').filter((c) => c.original.protocol === 17).length;

describe.each(['bare-1.24', 'bare-1.33'])('kube-proxy of %s makes the kernel forget UDP flows', (bundle) => {
	it.each([
		['10.96.101.186:8080', CLIENT],
		['172.18.0.4:32017', 'host'],
	])('to an endpoint that is gone, sent to %s', (to, from) => {
		const first = ask(worldOf({ bundle, protocol: 'UDP', podOn: 'basic-worker' }), to, from);
		expect(first.outcome.result).toBe('connected');
		const moved = set(first.world, { podOn: 'basic-worker3' });
		const { outcome } = ask(moved, to, from);
		expect(outcome.result).toBe('connected');
		expect(outcome.server).not.toBe(first.outcome.server);
	});

	it('that met no endpoint, once there is one', () => {
		const none = set(ask(worldOf({ bundle, protocol: 'UDP' })).world, { replicas: 0 });
		expect(ask(set(none, { replicas: 2 })).outcome.result).toBe('connected');
	});

	it('but not those to endpoints that stay', () => {
		const one = ask(worldOf({ bundle, protocol: 'UDP', podOn: 'basic-worker' }));
		const more = set(one.world, { externalTrafficPolicy: 'Local' });
		expect(flows(more)).toBe(flows(one.world));
		expect(ask(more).outcome.server).toBe(one.outcome.server);
	});
});
