/** Taking kube-proxy away: with its rules or without, with agents that find the API server or do not. */
import { describe, expect, it } from 'vitest';
import { kindBasic } from '../../../../src/sim/scenarios/index.ts';
import { parseIp } from '../../../../src/sim/wire/index.ts';
import {
	type Action,
	apply,
	createWorld,
	type Outcome,
	podsOf,
	rulesetOf,
	type Settings,
	type World,
} from '../../../../src/sim/world/index.ts';

const start = (settings: Partial<Settings>): World => {
	const made = createWorld(kindBasic, { bundle: 'cilium-1.18', ...settings });
	if ('error' in made) throw new Error(JSON.stringify(made.error));
	return made.world;
};

const act = (world: World, action: Action): { readonly world: World; readonly outcome?: Outcome } => {
	const done = apply(world, action);
	if ('error' in done) throw new Error(JSON.stringify(done.error));
	return done;
};

const set = (world: World, settings: Partial<Settings>): World => act(world, { kind: 'set', settings }).world;

const reach = (world: World, to = '172.18.0.2:32017', from = 'host'): string => {
	const [address, port] = to.split(':');
	const { outcome } = act(world, {
		kind: 'connect',
		probe: { from, to: { ip: parseIp(address!)!, port: Number(port) }, protocol: 'tcp' },
	});
	return outcome!.result;
};

const REPLACED = { kubeProxyReplacement: 'true' };
const UNTOLD = { ...REPLACED, k8sServiceHost: '' };
const serviceRules = (world: World): number =>
	[...(rulesetOf(world, 'basic-worker2').nat?.chains.keys() ?? [])].filter((name) => name.startsWith('KUBE-SVC-'))
		.length;
const echo = (world: World) => podsOf(world).filter((pod) => pod.metadata.owner === 'deploy-echoserver');

describe('kube-proxy deleted, its rules left behind', () => {
	it('answers as before, as long as nothing changes', () => {
		const world = set(start({ kubeProxy: 'iptables' }), { kubeProxy: 'stale' });
		expect(serviceRules(world)).toBeGreaterThan(0);
		expect(reach(world)).toBe('connected');
	});

	it('sends clients to a pod that is gone', () => {
		const world = set(start({ kubeProxy: 'iptables' }), { kubeProxy: 'stale' });
		const moved = set(world, { podOn: 'basic-worker3' });
		expect(reach(moved)).toBe('timeout');
		expect(serviceRules(moved)).toBe(serviceRules(world));
	});

	it('does not matter to clients once Cilium answers first', () => {
		const stale = set(start({ kubeProxy: 'iptables' }), { kubeProxy: 'stale' });
		const moved = set(set(stale, { podOn: 'basic-worker3' }), { helm: REPLACED });
		expect(serviceRules(moved)).toBeGreaterThan(0);
		expect(reach(moved)).toBe('connected');
	});

	it('is over once the rules are flushed', () => {
		const stale = set(start({ kubeProxy: 'iptables' }), { kubeProxy: 'stale' });
		const flushed = set(stale, { kubeProxy: 'none' });
		expect(serviceRules(flushed)).toBe(0);
		expect(reach(flushed)).toBe('refused');
		expect(reach(set(flushed, { helm: REPLACED }))).toBe('connected');
	});
});

describe('agents that were not told where the API server is', () => {
	it('never start in a new cluster: no pod gets an address', () => {
		const world = start({ kubeProxy: 'none', helm: UNTOLD });
		expect(echo(world).every((pod) => pod.podIP === undefined && !pod.ready)).toBe(true);
		expect(reach(world)).toBe('refused');
	});

	it('leave what is in the kernel: nothing breaks at once', () => {
		const world = set(start({ kubeProxy: 'iptables', helm: REPLACED }), { kubeProxy: 'none', helm: UNTOLD });
		expect(serviceRules(world)).toBe(0);
		expect(reach(world)).toBe('connected');
		expect(reach(world, '10.96.101.186:8080', 'pod/kube-system/coredns-6d4b75cb6d-8qxzf')).toBe('connected');
	});

	it('hear of no change: a new pod gets no address, an old one that goes is still asked', () => {
		const cut = set(start({ kubeProxy: 'iptables', helm: REPLACED }), { kubeProxy: 'none', helm: UNTOLD });
		const more = act(cut, { kind: 'scale', deployment: 'deploy-echoserver', replicas: 2 }).world;
		expect(
			echo(more)
				.map((pod) => pod.podIP !== undefined)
				.sort(),
		).toEqual([false, true]);
		const gone = act(more, {
			kind: 'delete',
			object: { kind: 'Pod', namespace: 'default', name: 'deploy-echoserver-7ccc684445-msflx' },
		}).world;
		expect(reach(gone)).toBe('timeout');
		// Told at last, they catch up.
		expect(reach(set(gone, { helm: REPLACED }))).toBe('connected');
	});

	it('find it by the ClusterIP while kube-proxy’s rules are there', () => {
		expect(reach(start({ kubeProxy: 'stale', helm: UNTOLD }))).toBe('connected');
	});

	it.each([
		['the ClusterIP, which nobody translates', { k8sServiceHost: '10.96.0.1', k8sServicePort: '443' }],
		['a node without an API server', { k8sServiceHost: 'basic-worker' }],
		['a name that nobody knows', { k8sServiceHost: 'api.example' }],
		['another port', { k8sServicePort: '443' }],
	])('never start when told %s', (_, told) => {
		expect(reach(start({ kubeProxy: 'none', helm: { ...REPLACED, ...told } }))).toBe('refused');
	});

	it('are helped by kube-proxy only where they were told its ClusterIP', () => {
		const at = (k8sServiceHost: string, k8sServicePort: string) =>
			echo(start({ kubeProxy: 'iptables', helm: { ...REPLACED, k8sServiceHost, k8sServicePort } }));
		expect(at('10.96.0.1', '443').every((pod) => pod.ready)).toBe(true);
		expect(at('api.example', '6443').some((pod) => pod.ready)).toBe(false);
	});

	it('find it by the name or the address of its node', () => {
		for (const k8sServiceHost of ['basic-control-plane', '172.18.0.4'])
			expect(reach(start({ kubeProxy: 'none', helm: { ...REPLACED, k8sServiceHost } }))).toBe('connected');
	});
});
