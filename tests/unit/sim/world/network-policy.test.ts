/**
 * Network policies in a whole cluster, by version and mode: who is let through, where the packet ends, and that answers
 * and connections under way need no permission of their own. bpf/bpf_lxc.c @ v1.12.1, v1.18.3.
 */
import { describe, expect, it } from 'vitest';
import type { NetworkPolicy, PolicyRule } from '../../../../src/sim/kube/index.ts';
import { formatIp } from '../../../../src/sim/wire/index.ts';
import { type Outcome, type Settings, syncWorld, type World } from '../../../../src/sim/world/index.ts';
import { prefix } from '../kube/fixtures.ts';
import { connect, worldOf } from './helpers.ts';

const policy = (...rules: readonly PolicyRule[]): NetworkPolicy => ({
	kind: 'CiliumNetworkPolicy',
	metadata: { name: 'p', namespace: 'default', labels: {}, uid: 'p', creationTimestamp: 0 },
	rules,
});

const labelled = (key: string, value: string) => [{ key, operator: 'In' as const, values: [value] }];
const ECHO = labelled('k8s:app', 'echoserver');
const DNS = labelled('any:k8s-app', 'kube-dns');

function withPolicy(world: World, ...policies: readonly NetworkPolicy[]): World {
	const done = syncWorld(world, { put: policies, remove: [] });
	if ('error' in done) throw new Error(JSON.stringify(done.error));
	return done.world;
}

function podOf(world: World, part: string) {
	for (const { object } of world.snapshot.kinds.get('Pod')!.values())
		if (object.kind === 'Pod' && object.metadata.name.includes(part) && !object.hostNetwork)
			return { from: `pod/${object.metadata.namespace}/${object.metadata.name}`, ip: formatIp(object.podIP!) };
	throw new Error(`no pod ${part}`);
}

/** The result, and the reason of the first drop by a program. */
function told({ result, trace }: Outcome): string {
	const drop = trace.find(({ why }) => why.code === 'program.dropped');
	return drop?.why.code === 'program.dropped' ? `${result} ${drop.why.reason}` : result;
}

const codes = ({ trace }: Outcome) =>
	trace.map(({ why }) => why.code).filter((code) => code.startsWith('cilium.policy'));

/** Settings of one mode for a version; undefined where it does not have it. */
const MODES: Readonly<Record<string, (minor: number) => Partial<Settings>>> = {
	'kube-proxy and a tunnel': (minor) => ({
		helm: { [minor < 14 ? 'tunnel' : 'routingMode']: minor < 14 ? 'vxlan' : 'tunnel' },
	}),
	'kube-proxy and native routing': () => ({}),
	'no kube-proxy, legacy host routing': (minor) => ({
		kubeProxy: 'none',
		helm: { kubeProxyReplacement: minor < 14 ? 'strict' : 'true', 'bpf.hostLegacyRouting': 'true' },
	}),
	'no kube-proxy, BPF host routing': (minor) => ({
		kubeProxy: 'none',
		helm: { kubeProxyReplacement: minor < 14 ? 'strict' : 'true', 'bpf.masquerade': 'true' },
	}),
	'endpoint routes': () => ({ helm: { 'endpointRoutes.enabled': 'true' } }),
};

describe.each([12, 13, 14, 16, 17, 18, 19])('Cilium 1.%i', (minor) => {
	describe.each(Object.keys(MODES))('%s', (mode) => {
		const made = () => worldOf({ bundle: `cilium-1.${minor}`, ...MODES[mode]!(minor) });

		it('lets in who is allowed, by address and by service, and drops the rest at the pod', () => {
			const open = made();
			const echo = podOf(open, 'echoserver');
			const dns = podOf(open, 'coredns');
			const shut = withPolicy(open, policy({ endpointSelector: ECHO, ingress: [] }));
			const ajar = withPolicy(
				open,
				policy({
					endpointSelector: ECHO,
					ingress: [{ peers: [{ kind: 'endpoints', selector: DNS }], ports: [{ protocol: 'TCP', port: 8080 }] }],
				}),
			);
			for (const to of [`${echo.ip}:8080`, '10.96.101.186:8080']) {
				expect(told(connect(open, dns.from, to).outcome)).toBe('connected');
				expect(told(connect(shut, dns.from, to).outcome)).toBe('timeout 133');
				expect(told(connect(ajar, dns.from, to).outcome)).toBe('connected');
			}
			expect(codes(connect(open, dns.from, `${echo.ip}:8080`).outcome)).toEqual([]);
			expect(new Set(codes(connect(shut, dns.from, `${echo.ip}:8080`).outcome))).toEqual(
				new Set(['cilium.policy-none-ingress']),
			);
			expect(codes(connect(ajar, dns.from, `${echo.ip}:8080`).outcome)).toEqual(['cilium.policy-allow-ingress']);
			// Another port is another matter; the node itself may always (probes), another node may not.
			expect(told(connect(ajar, dns.from, `${echo.ip}:9`).outcome)).toBe('timeout 133');
			expect(told(connect(shut, 'node/basic-worker', `${echo.ip}:8080`).outcome)).toBe('connected');
			expect(told(connect(shut, 'node/basic-worker2', `${echo.ip}:8080`).outcome)).toBe('timeout 133');
		});

		it('lets out what is allowed, by the address behind the service', () => {
			const open = made();
			const echo = podOf(open, 'echoserver');
			const dns = podOf(open, 'coredns');
			const to = (rule: Partial<PolicyRule>) => withPolicy(open, policy({ endpointSelector: DNS, ...rule }));
			const shut = to({ egress: [] });
			const ajar = to({ egress: [{ peers: [{ kind: 'endpoints', selector: ECHO }] }] });
			const denied = to({
				egress: [{ peers: [{ kind: 'entity', entity: 'all' }] }],
				egressDeny: [{ peers: [{ kind: 'endpoints', selector: ECHO }], ports: [{ protocol: 'TCP', port: 8080 }] }],
			});
			for (const address of [`${echo.ip}:8080`, '10.96.101.186:8080']) {
				expect(told(connect(shut, dns.from, address).outcome)).toBe('timeout 133');
				expect(told(connect(ajar, dns.from, address).outcome)).toBe('connected');
				expect(told(connect(denied, dns.from, address).outcome)).toBe('timeout 181');
			}
			// What answers needs no permission.
			expect(told(connect(shut, 'node/basic-worker', `${dns.ip}:9153`).outcome)).toBe('connected');
		});

		it('knows the world, and networks of it, by their addresses', () => {
			const open = made();
			const from = (text: string, ...except: readonly string[]) =>
				withPolicy(
					open,
					policy({
						endpointSelector: ECHO,
						ingress: [{ peers: [{ kind: 'cidr', prefix: prefix(text), except: except.map(prefix) }] }],
					}),
				);
			const node = '172.18.0.3:32017';
			const world = policy({ endpointSelector: ECHO, ingress: [{ peers: [{ kind: 'entity', entity: 'world' }] }] });
			// What kube-proxy masquerades has this host's address and not its mark: the world, nobody knows whereof
			// (resolve_srcid_ipv4()).
			const masqueraded = mode.startsWith('kube-proxy') || mode === 'endpoint routes';
			expect(told(connect(withPolicy(open, world), 'host', node).outcome)).toBe('connected');
			expect(told(connect(from('172.18.0.0/24'), 'host', node).outcome)).toBe(
				masqueraded ? 'timeout 133' : 'connected',
			);
			expect(told(connect(from('0.0.0.0/0'), 'host', node).outcome)).toBe('connected');
			expect(told(connect(from('192.0.2.0/24'), 'host', node).outcome)).toBe('timeout 133');
			expect(told(connect(from('172.18.0.0/24', '172.18.0.1/32'), 'host', node).outcome)).toBe('timeout 133');
		});
	});
});

it('a connection under way is asked again: a new policy ends it', () => {
	const open = worldOf({ bundle: 'cilium-1.18' });
	const dns = podOf(open, 'coredns');
	const echo = podOf(open, 'echoserver');
	const first = connect(open, dns.from, `${echo.ip}:8080`, { sport: 40000 });
	expect(first.outcome.result).toBe('connected');
	const shut = withPolicy(first.world, policy({ endpointSelector: ECHO, ingress: [] }));
	expect(told(connect(shut, dns.from, `${echo.ip}:8080`, { sport: 40000 }).outcome)).toBe('timeout 133');
	// And when it goes, all is as before.
	const gone = syncWorld(shut, { put: [], remove: [{ kind: 'CiliumNetworkPolicy', namespace: 'default', name: 'p' }] });
	expect('world' in gone && told(connect(gone.world, dns.from, `${echo.ip}:8080`).outcome)).toBe('connected');
});

it('a pod may reach itself by its service whatever its policy says', () => {
	for (const helm of [{ kubeProxyReplacement: 'true' }, {}] as readonly Record<string, string>[]) {
		const open = worldOf({
			bundle: 'cilium-1.18',
			...(helm.kubeProxyReplacement ? { kubeProxy: 'none' as const, helm } : {}),
		});
		const echo = podOf(open, 'echoserver');
		const shut = withPolicy(open, policy({ endpointSelector: ECHO, ingress: [], egress: [] }));
		expect(told(connect(shut, echo.from, '10.96.101.186:8080').outcome)).toBe('connected');
	}
});
