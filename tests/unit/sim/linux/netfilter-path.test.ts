import { describe, expect, it } from 'vitest';
import {
	addRoute,
	addRule,
	connect,
	type Network,
	parseIptablesSave,
	run,
	setRuleset,
	setSysctl,
} from '../../../../src/sim/linux/index.ts';
import { formatIp, utf8 } from '../../../../src/sim/wire/index.ts';
import { hops, ip, must, text, twoNodes } from './topology.ts';

const load = (net: Network, ns: string, save: string): void => {
	const parsed = parseIptablesSave(save);
	if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
	setRuleset(net, ns, parsed.ruleset);
};

/** One DNAT rule for a node port or a service address, masqueraded on the way out. */
const service = (match: string, to: string): string => `*nat
:PREROUTING ACCEPT [0:0]
:INPUT ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:POSTROUTING ACCEPT [0:0]
-A PREROUTING ${match} -p tcp -m tcp --dport 30080 -j DNAT --to-destination ${to}
-A OUTPUT ${match} -p tcp -m tcp --dport 30080 -j DNAT --to-destination ${to}
-A POSTROUTING -m conntrack --ctstate DNAT -j MASQUERADE
COMMIT
`;

const ask = (net: Network, ns: string, dst: string, dport: number, protocol: 'tcp' | 'udp' = 'tcp') => {
	const client = must(connect(net, ns, { protocol, dst: ip(dst), dport, data: utf8('x'), deadline: 5_000_000 }));
	run(net);
	return client;
};

describe('a destination that is translated', () => {
	it('by another node than the pod’s: the pod sees that node, the client its own question answered', () => {
		const { net, recorder } = twoNodes();
		load(net, 'node/a', service('-d 172.18.0.2/32', '10.244.2.10:80'));
		const client = ask(net, 'host', '172.18.0.2', 30080);
		expect(text(client.outcome!.reply)).toBe('pod/b:x');
		expect(formatIp(client.accepted!.peer.ip)).toBe('172.18.0.2');
		expect(hops(recorder, client.firstPacket)).toEqual([
			'host br0 tx ttl 64',
			'host veth0 tx ttl 64',
			'node/a eth0 rx ttl 64',
			'node/a eth0 tx ttl 63',
			'host veth0 rx ttl 63',
			'host veth1 tx ttl 63',
			'node/b eth0 rx ttl 63',
			'node/b lxc10 tx ttl 62',
			'pod/b eth0 rx ttl 62',
		]);
	});

	it('in OUTPUT: the packet is routed again, by another device', () => {
		const { net, recorder } = twoNodes();
		load(net, 'node/a', service('-d 127.0.0.1/32', '10.244.1.10:80'));
		setSysctl(net, 'node/a', { route_localnet: true });
		const client = ask(net, 'node/a', '127.0.0.1', 30080);
		expect(text(client.outcome!.reply)).toBe('pod/a:x');
		expect(formatIp(client.accepted!.peer.ip)).toBe('172.18.0.2');
		expect(formatIp(client.local!.ip)).toBe('127.0.0.1');
		expect(hops(recorder, client.firstPacket)[0]).toBe('node/a lxc10 tx ttl 64');
	});

	it('of a pod to itself: it answers itself through the node', () => {
		const { net } = twoNodes();
		load(net, 'node/a', service('-d 10.96.0.10/32', '10.244.1.10:80'));
		const client = ask(net, 'pod/a', '10.96.0.10', 30080);
		expect(text(client.outcome!.reply)).toBe('pod/a:x');
		expect(formatIp(client.accepted!.peer.ip)).toBe('172.18.0.2');
	});
});

describe('REJECT and DROP', () => {
	const filter = (chain: string, target: string): string => `*filter
:INPUT ACCEPT [0:0]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
-A ${chain} -d 10.244.2.10/32 ${target}
COMMIT
`;
	const REJECT = '-j REJECT --reject-with icmp-port-unreachable';

	it('in OUTPUT: TCP is refused by an ICMP error over lo, UDP gets EPERM, and no frame leaves', () => {
		const { net, recorder } = twoNodes();
		load(net, 'node/a', filter('OUTPUT', REJECT));
		expect(ask(net, 'node/a', '10.244.2.10', 80).outcome).toMatchObject({ result: 'refused', errno: 'ECONNREFUSED' });
		expect(ask(net, 'node/a', '10.244.2.10', 80, 'udp').outcome).toMatchObject({ errno: 'EPERM' });
		expect(recorder.decisions.filter((d) => d.hook === 'tx').every((d) => d.dev === 'lo')).toBe(true);
	});

	it('in FORWARD: REJECT refuses, with the node as the source of the error; DROP is silence', () => {
		for (const [target, result] of [
			[REJECT, 'refused'],
			['-j DROP', 'timeout'],
		] as const) {
			const { net, recorder } = twoNodes();
			load(net, 'node/a', filter('FORWARD', target));
			for (const protocol of ['tcp', 'udp'] as const) {
				const client = ask(net, 'pod/a', '10.244.2.10', 80, protocol);
				expect(client.outcome?.result).toBe(result);
				if (result === 'refused')
					expect(
						recorder.decisions.find((d) => d.packet === client.firstReply && d.hook === 'tx')?.before,
					).toMatchObject({ src: ip('172.18.0.2'), icmp: [3, 3], ttl: 64 });
			}
		}
	});

	it('DROP in OUTPUT lets TCP try again until it gives up; UDP gets EPERM', () => {
		const { net } = twoNodes();
		load(net, 'node/a', filter('OUTPUT', '-j DROP'));
		expect(ask(net, 'node/a', '10.244.2.10', 80).outcome).toMatchObject({ result: 'timeout' });
		expect(ask(net, 'node/a', '10.244.2.10', 80, 'udp').outcome).toMatchObject({ errno: 'EPERM' });
	});

	it('on bridged frames only when bridge-nf-call-iptables is on', () => {
		for (const on of [false, true]) {
			const { net, recorder } = twoNodes();
			load(net, 'host', filter('FORWARD', '-j DROP'));
			setSysctl(net, 'host', { bridge_nf_call_iptables: on });
			const client = ask(net, 'pod/a', '10.244.2.10', 80);
			expect(client.outcome?.result).toBe(on ? 'timeout' : 'connected');
			// Whatever iptables say of bridged frames, no TTL is lowered.
			expect(hops(recorder, client.firstPacket)).toContain('host veth0 rx ttl 63');
		}
	});
});

it('rules on the mark in OUTPUT choose another route', () => {
	const { net } = twoNodes();
	load(
		net,
		'pod/a',
		`*mangle
:PREROUTING ACCEPT [0:0]
:INPUT ACCEPT [0:0]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:POSTROUTING ACCEPT [0:0]
-A OUTPUT -d 10.244.2.10/32 -j MARK --set-xmark 0x1/0xffffffff
COMMIT
`,
	);
	expect(ask(net, 'pod/a', '10.244.2.10', 80).outcome?.result).toBe('connected');
	must(addRoute(net, 'pod/a', { dst: { address: 0, length: 0 }, type: 'blackhole', table: 100 }));
	addRule(net, 'pod/a', { priority: 10, fwmark: { value: 1, mask: 1 }, table: 100 });
	expect(ask(net, 'pod/a', '10.244.2.10', 80).outcome?.result).toBe('timeout');
	expect(ask(net, 'pod/a', '172.18.0.2', 80).outcome?.result).toBe('refused');
});
