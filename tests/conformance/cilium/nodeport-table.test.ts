/**
 * What a client of a NodePort sees, by who balances, how, and in which version: the answers a reader of Cilium's and
 * kube-proxy's sources expects (bpf/lib/nodeport.h @ v1.12.1 to v1.19, pkg/proxy/iptables/proxier.go).
 */
import { describe, expect, test } from 'vitest';
import { kindBasic } from '../../../src/sim/scenarios/index.ts';
import { formatIp, parseIp } from '../../../src/sim/wire/index.ts';
import { apply, createWorld, type Outcome, podsOf, type Settings, type World } from '../../../src/sim/world/index.ts';

const ip = (text: string): number => parseIp(text)!;

const world = (settings: Partial<Settings>): World => {
	const made = createWorld(kindBasic, settings);
	if ('error' in made) throw new Error(JSON.stringify(made.error));
	return made.world;
};

const connect = (w: World, to: string, from = 'host', protocol: 'tcp' | 'udp' = 'tcp'): Outcome => {
	const [address, port] = to.split(':');
	const done = apply(w, {
		kind: 'connect',
		probe: { from, to: { ip: ip(address!), port: Number(port) }, protocol },
	});
	if ('error' in done) throw new Error(JSON.stringify(done.error));
	return done.outcome!;
};

/** The address the pod saw, or what came of it. */
const seen = (outcome: Outcome): string =>
	outcome.result === 'connected' ? formatIp(outcome.observedSource!.ip) : outcome.result;

const ENTRIES = ['172.18.0.2', '172.18.0.3', '172.18.0.4', '172.18.0.5'];
const row = (w: World, protocol: 'tcp' | 'udp' = 'tcp'): string[] =>
	ENTRIES.map((entry) => seen(connect(w, `${entry}:32017`, 'host', protocol)));

const VERSIONS = ['1.12', '1.13', '1.14', '1.16', '1.17', '1.18', '1.19'] as const;
type Version = (typeof VERSIONS)[number];
const old = (version: Version): boolean => version === '1.12' || version === '1.13';
const kpr = (version: Version): Record<string, string> => ({
	kubeProxyReplacement: old(version) ? 'strict' : 'true',
});
const tunnel = (version: Version): Record<string, string> =>
	old(version) ? { tunnel: 'vxlan' } : { routingMode: 'tunnel' };

const CLIENT = '172.18.0.1';
const OWN = ENTRIES;
/** The pod's node is the second. */
const LOCAL = (other: string): string[] => [other, CLIENT, other, other];

/** The router address of a node, which masquerading and tunnels show. */
const router = (w: World, node: string): string => {
	const ns = w.net.namespaces.get(`node/${node}`)!;
	const device = [...ns.devices.values()].find((d) => d.name === 'cilium_host')!;
	return formatIp(device.addresses[0]!.ip);
};

describe.each(VERSIONS)('Cilium %s', (version) => {
	const bundle = `cilium-${version}`;
	const with_ = (helm: Record<string, string>, more: Partial<Settings> = {}): World =>
		world({ bundle, kubeProxy: 'none', helm: { ...kpr(version), ...helm }, ...more });

	test('kube-proxy, policy Cluster: never the client', () => {
		const w = world({ bundle, kubeProxy: 'iptables' });
		const expected = [...OWN];
		// Where cilium_host's address has global scope, MASQUERADE takes it towards pods of the node.
		if (version !== '1.12') expected[1] = router(w, 'basic-worker');
		expect(row(w)).toEqual(expected);
	});

	test('kube-proxy, policy Local: the client, or nothing comes back', () => {
		const w = world({ bundle, kubeProxy: 'iptables', externalTrafficPolicy: 'Local' });
		expect(row(w)).toEqual(LOCAL('timeout'));
	});

	for (const [name, helm] of [
		['legacy host routing', {}],
		['BPF host routing', { 'bpf.masquerade': 'true' }],
	] as const) {
		test(`SNAT, ${name}: the client where the pod is, else the node asked`, () => {
			expect(row(with_(helm))).toEqual([OWN[0], CLIENT, OWN[2], OWN[3]]);
		});

		test(`DSR, ${name}: the client, whichever node was asked`, () => {
			expect(row(with_({ ...helm, 'loadBalancer.mode': 'dsr' }))).toEqual(Array(4).fill(CLIENT));
		});

		test(`hybrid, ${name}: TCP as DSR, UDP as SNAT`, () => {
			const helmHybrid = { ...helm, 'loadBalancer.mode': 'hybrid' };
			expect(row(with_(helmHybrid))).toEqual(Array(4).fill(CLIENT));
			expect(row(with_(helmHybrid, { protocol: 'UDP' }), 'udp')).toEqual([OWN[0], CLIENT, OWN[2], OWN[3]]);
		});

		test(`UDP as TCP, ${name}`, () => {
			const udp = { protocol: 'UDP' } as const;
			expect(row(with_(helm, udp), 'udp')).toEqual([OWN[0], CLIENT, OWN[2], OWN[3]]);
			expect(row(with_({ ...helm, 'loadBalancer.mode': 'dsr' }, udp), 'udp')).toEqual(Array(4).fill(CLIENT));
		});

		test(`VXLAN, ${name}: the tunnel shows cilium_host's address of the node asked`, () => {
			const w = with_({ ...helm, ...tunnel(version) });
			expect(row(w)).toEqual([
				router(w, 'basic-worker2'),
				CLIENT,
				router(w, 'basic-control-plane'),
				router(w, 'basic-worker3'),
			]);
		});
	}

	test('policy Local, any mode: refused, or dropped in silence, where no pod is', () => {
		const elsewhere = version === '1.13' || version === '1.14' ? 'timeout' : 'refused';
		for (const mode of ['snat', 'dsr', 'hybrid'])
			expect(row(with_({ 'loadBalancer.mode': mode }, { externalTrafficPolicy: 'Local' }))).toEqual(LOCAL(elsewhere));
	});

	test('no backend: what the client hears depends on protocol and version', () => {
		const dropped = version === '1.13' || version === '1.14';
		const tcp = with_({}, { replicas: 0 });
		expect(seen(connect(tcp, '172.18.0.2:32017'))).toBe(dropped ? 'timeout' : 'refused');
		const udp = with_({}, { replicas: 0, protocol: 'UDP' });
		// In 1.12 the kernel refuses, and its ICMP error is dropped on the way out: no translation knows it.
		expect(seen(connect(udp, '172.18.0.2:32017', 'host', 'udp'))).toBe(
			dropped || version === '1.12' ? 'timeout' : 'refused',
		);
		if (!old(version) && version !== '1.14') {
			const quiet = with_({ serviceNoBackendResponse: 'drop' }, { replicas: 0 });
			expect(seen(connect(quiet, '172.18.0.2:32017'))).toBe('timeout');
		}
	});

	test('no backend, from a pod: connect() fails at once from 1.13, in 1.12 the ClusterIP is on the wire', () => {
		const w = with_({}, { replicas: 0 });
		const outcome = connect(w, '10.96.101.186:8080', 'pod/kube-system/coredns-6d4b75cb6d-8qxzf');
		const onWire = outcome.hops.some((hop) => hop.dst === '10.96.101.186');
		expect(onWire).toBe(version === '1.12');
		if (version !== '1.12') expect(outcome.errno).toBe(version === '1.19' ? 'EHOSTUNREACH' : 'EPERM');
	});

	if (!old(version)) {
		test('DSR in a Geneve header: the client, whichever node was asked, with BPF host routing', () => {
			const geneve = {
				tunnelProtocol: 'geneve',
				'loadBalancer.mode': 'dsr',
				'loadBalancer.dsrDispatch': 'geneve',
				'bpf.masquerade': 'true',
			};
			expect(row(with_(geneve))).toEqual(Array(4).fill(CLIENT));
			expect(row(with_({ ...geneve, routingMode: 'tunnel' }))).toEqual(Array(4).fill(CLIENT));
		});

		test('DSR in a Geneve header through the stacks: reset, because iptables masquerades the answers', () => {
			const w = with_({
				routingMode: 'tunnel',
				tunnelProtocol: 'geneve',
				'loadBalancer.mode': 'dsr',
				'loadBalancer.dsrDispatch': 'geneve',
			});
			expect(connect(w, '172.18.0.2:32017').errno).toBe('ECONNRESET');
		});
	}

	test('a route for each pod: the same answers, the pod’s own device decides', () => {
		const routes = { 'endpointRoutes.enabled': 'true' };
		expect(row(with_(routes))).toEqual([OWN[0], CLIENT, OWN[2], OWN[3]]);
		expect(row(with_({ ...routes, 'loadBalancer.mode': 'dsr' }))).toEqual(Array(4).fill(CLIENT));
		expect(row(with_({ ...routes, 'bpf.masquerade': 'true' }))).toEqual([OWN[0], CLIENT, OWN[2], OWN[3]]);
		const w = with_({ ...routes, ...tunnel(version) });
		expect(row(w)[0]).toBe(router(w, 'basic-worker2'));
		const outcome = connect(w, '172.18.0.2:32017');
		const chain = version === '1.12' ? 'to-container' : 'cil_to_container';
		expect(outcome.trace.some((d) => d.hook === 'tc-egress' && d.chain === chain)).toBe(true);
	});

	test('kube-proxy beside the replacement: Cilium answers first, so the client is seen', () => {
		const w = world({ bundle, kubeProxy: 'iptables', helm: kpr(version) });
		expect(row(w)).toEqual([OWN[0], CLIENT, OWN[2], OWN[3]]);
	});

	test('a pod reaches its service, itself through it, and a NodePort of any node', () => {
		for (const helm of [{}, { 'bpf.masquerade': 'true' }, { 'socketLB.hostNamespaceOnly': 'true' }, tunnel(version)]) {
			const w = with_(helm);
			const pod = 'pod/kube-system/coredns-6d4b75cb6d-8qxzf';
			expect(seen(connect(w, '10.96.101.186:8080', pod))).toBe('10.244.0.36');
			const self = connect(w, '10.96.101.186:8080', 'pod/deploy-echoserver-7ccc684445-msflx');
			// Translated at the socket a pod talks to itself by its own address.
			expect(seen(self)).toBe('socketLB.hostNamespaceOnly' in helm ? '169.254.42.1' : '10.244.1.199');
			expect(connect(w, '172.18.0.5:32017', pod).result).toBe('connected');
		}
	});

	test('the socket LB: the service is never on the wire, and the program believes it is', () => {
		const outcome = connect(with_({}), '10.96.101.186:8080', 'pod/kube-system/coredns-6d4b75cb6d-8qxzf');
		const wire = [...outcome.hops, ...outcome.replyHops];
		expect(wire.some((hop) => hop.dst === '10.96.101.186' || hop.src === '10.96.101.186')).toBe(false);
		const codes = outcome.trace.map((d) => d.why.code);
		expect(codes).toContain('cilium.sock-connect');
		expect(codes).toContain('cilium.sock-reverse');
		expect(codes.includes('cilium.sock-release')).toBe(version === '1.18' || version === '1.19');
	});

	test('a node reaches the NodePort by its own address, by loopback and by another node', () => {
		const w = with_({});
		for (const to of ['172.18.0.2', '127.0.0.1', '172.18.0.5'])
			expect(seen(connect(w, `${to}:32017`, 'node/basic-worker2'))).toBe('172.18.0.2');
	});
});

describe.each(VERSIONS)('Cilium %s: a pod’s hostPort', (version) => {
	const bundle = `cilium-${version}`;
	/** The echo pod's twin on basic-worker, with port 4444 of its node, or of one of its addresses. */
	const start = (hostIP?: string): World => {
		const w = world({ bundle, kubeProxy: 'none', podOn: 'basic-worker', helm: kpr(version) });
		const [like] = podsOf(w).filter((p) => p.metadata.name.startsWith('deploy-echoserver'));
		const ports = [
			{ containerPort: 8080, protocol: 'TCP' as const, hostPort: 4444, ...(hostIP ? { hostIP: ip(hostIP) } : {}) },
		];
		const { podIP: _, ...rest } = like!;
		const metadata = { ...rest.metadata, name: 'twin', uid: 'twin', labels: {}, owner: undefined };
		const done = apply(w, { kind: 'apply', objects: [{ ...rest, metadata, ports }] });
		if ('error' in done) throw new Error(JSON.stringify(done.error));
		return done.world;
	};
	const COREDNS = 'pod/kube-system/coredns-6d4b75cb6d-8qxzf';

	test('the pod’s node answers there and sees the client; other nodes do not', () => {
		const w = start();
		expect(ENTRIES.map((entry) => seen(connect(w, `${entry}:4444`)))).toEqual([
			'refused',
			CLIENT,
			'refused',
			'refused',
		]);
		expect(connect(w, '172.18.0.3:4444').server).toBe('twin');
	});

	test('a process of the node reaches it by loopback too, a pod by the node’s address', () => {
		const w = start();
		expect(connect(w, '127.0.0.1:4444', 'node/basic-worker').server).toBe('twin');
		expect(connect(w, '127.0.0.1:4444', 'node/basic-worker2').result).toBe('refused');
		expect(connect(w, '172.18.0.3:4444', COREDNS).server).toBe('twin');
	});

	test('hostIP 127.0.0.1: for processes of the node that ask there, for nobody else', () => {
		const w = start('127.0.0.1');
		expect(connect(w, '127.0.0.1:4444', 'node/basic-worker').server).toBe('twin');
		expect(connect(w, '172.18.0.3:4444').result).toBe('refused');
	});

	test('the pod goes, and its port with it', () => {
		const w = start();
		const done = apply(w, { kind: 'delete', object: { kind: 'Pod', namespace: 'default', name: 'twin' } });
		if ('error' in done) throw new Error(JSON.stringify(done.error));
		expect(connect(done.world, '172.18.0.3:4444').result).toBe('refused');
	});
});

test('DSR: the pod’s node tells both rows that the notice leaves, the connection and the translation', () => {
	const helm = { kubeProxyReplacement: 'true', 'loadBalancer.mode': 'dsr' };
	const w = world({ bundle: 'cilium-1.18', kubeProxy: 'none', podOn: 'basic-worker', helm });
	const { trace } = connect(w, '172.18.0.2:32017');
	const rows = trace.filter(
		(d) => d.ns === 'node/basic-worker' && d.dev === 'eth0' && d.verdict === 'create' && d.table?.startsWith('cilium_'),
	);
	expect(rows.map((d) => d.table)).toEqual(['cilium_ct4_global', 'cilium_snat_v4_external']);
});
