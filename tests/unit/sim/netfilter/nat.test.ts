import { describe, expect, test } from 'vitest';
import { relatedTo } from '../../../../src/sim/linux/index.ts';
import { bench, end, icmp, ip, tcp, udp } from './fixture.ts';

const CLIENT = '10.0.0.2:1000';
const POD = '10.0.1.9:8080';
const VIP = '10.96.0.1:80';

const nat = (...lines: string[]) => `*nat\n:svc - [0:0]\n${lines.join('\n')}\nCOMMIT\n`;
const SERVICE = nat(
	'-A PREROUTING -d 10.96.0.1/32 -p tcp -m tcp --dport 80 -j DNAT --to-destination 10.0.1.9:8080',
	'-A POSTROUTING -o eth1 -j MASQUERADE',
);

describe('translation', () => {
	test('both ends see what they should, in both directions', () => {
		const b = bench({ rules: SERVICE });
		const syn = tcp(CLIENT, VIP, 'S', 100);
		expect(b.forward(syn)).toBe('accept');
		expect([end(syn, 'src'), end(syn, 'dst')]).toEqual(['10.0.1.1:1000', POD]);
		const answer = tcp(POD, '10.0.1.1:1000', 'SA', 500, 101);
		expect(b.forward(answer, true)).toBe('accept');
		expect([end(answer, 'src'), end(answer, 'dst')]).toEqual([VIP, CLIENT]);
	});

	test('rules are asked once for each connection', () => {
		const b = bench({ rules: SERVICE });
		b.forward(tcp(CLIENT, VIP, 'S', 100));
		b.forward(tcp(POD, '10.0.1.1:1000', 'SA', 500, 101), true);
		b.records.length = 0;
		b.forward(tcp(CLIENT, VIP, 'A', 101, 501));
		expect(b.records.filter(({ table }) => table === 'nat')).toEqual([]);
		expect(b.records.map(({ verdict, why }) => `${verdict} ${why.code}`)).toEqual([
			'hit ct.established',
			'dnat ct.translated',
			'snat ct.translated',
		]);
	});

	test('the record of a NAT rule shows the packet before and after', () => {
		const b = bench({ rules: SERVICE });
		b.forward(tcp(CLIENT, VIP, 'S', 100));
		const hit = b.records.find(({ verdict }) => verdict === 'dnat');
		expect(hit).toMatchObject({
			hook: 'PREROUTING',
			table: 'nat',
			chain: 'PREROUTING',
			rule: 1,
			tried: 0,
			entry: '-A PREROUTING -d 10.96.0.1/32 -p tcp -m tcp --dport 80 -j DNAT --to-destination 10.0.1.9:8080',
			why: { code: 'nf.dnat', to: POD },
			before: { dst: ip('10.96.0.1'), dport: 80 },
			after: { dst: ip('10.0.1.9'), dport: 8080 },
		});
	});

	test('an ICMP error through NAT is rewritten outside and inside', () => {
		const b = bench({ rules: SERVICE });
		const syn = tcp(CLIENT, VIP, 'S', 100);
		b.forward(syn);
		const error = icmp('10.0.1.9', '10.0.1.1', { type: 3, code: 3, quoted: structuredClone(syn.net) });
		b.forward(error, true);
		expect([end(error, 'src'), end(error, 'dst')]).toEqual(['10.96.0.1', '10.0.0.2']);
		const { quoted } = error.net.payload as { quoted: typeof syn.net };
		const inner = { ...error, net: quoted };
		expect([end(inner, 'src'), end(inner, 'dst')]).toEqual([CLIENT, VIP]);
	});

	test('an error from a router in between keeps the address of that router unless it is the destination', () => {
		const b = bench({ rules: nat('-A POSTROUTING -o eth1 -j MASQUERADE') });
		const syn = tcp(CLIENT, POD, 'S', 100);
		b.forward(syn);
		const error = icmp('10.0.1.77', '10.0.1.1', { type: 11, code: 0, quoted: structuredClone(syn.net) });
		b.forward(error, true);
		expect([end(error, 'src'), end(error, 'dst')]).toEqual(['10.0.1.77', '10.0.0.2']);
	});

	test('what a REJECT sends about a translated packet comes from the address that was asked', () => {
		const b = bench({ rules: `${SERVICE}*filter\n-A FORWARD -p tcp -j REJECT --reject-with tcp-reset\nCOMMIT\n` });
		const syn = tcp(CLIENT, VIP, 'S', 100);
		expect(b.forward(syn)).toBe('drop in FORWARD');
		expect(b.answers).toEqual(['reset']);
		const reset = tcp(POD, CLIENT, 'RA', 0, 101);
		reset.ct = relatedTo(syn);
		b.hook('OUTPUT', reset);
		b.hook('POSTROUTING', reset);
		expect([end(reset, 'src'), end(reset, 'dst')]).toEqual([VIP, CLIENT]);
		expect(b.ns.conntrack.connections.size).toBe(0);
	});

	test('a connection masqueraded to one device dies when its route moves to another', () => {
		const b = bench({ rules: nat('-A POSTROUTING -j MASQUERADE') });
		b.forward(udp(CLIENT, POD));
		expect(b.ns.conntrack.connections.size).toBe(1);
		expect(b.forward(udp(CLIENT, POD), true)).toBe('drop in POSTROUTING');
		expect(b.ns.conntrack.connections.size).toBe(0);
	});

	test('without any global address MASQUERADE drops', () => {
		const b = bench({ rules: SERVICE, services: { selectSourceAddress: () => undefined } });
		expect(b.forward(tcp(CLIENT, VIP, 'S'))).toBe('drop in POSTROUTING');
		expect(b.records.at(-1)).toMatchObject({ verdict: 'drop', why: { code: 'nf.no-address', dev: 'eth1' } });
	});
});

describe('which port', () => {
	/** The source ports that flows with these source ports get, one after the other, to one destination. */
	const ports = (rule: string, froms: readonly string[], random = 0) => {
		const b = bench({ rules: nat(rule), random: () => random });
		return froms.map((from) => {
			const packet = udp(from, POD);
			b.forward(packet);
			return end(packet, 'src');
		});
	};
	const MASQ = '-A POSTROUTING -j MASQUERADE';

	test.each([
		['the old one while it is free', MASQ, ['10.0.0.2:1000'], 0, ['10.0.1.1:1000']],
		['a well-known port stays among its kind', MASQ, ['10.0.0.2:53', '10.0.0.3:53'], 7, ['10.0.1.1:53', '10.0.1.1:8']],
		['one below 1024 too', MASQ, ['10.0.0.2:700', '10.0.0.3:700'], 7, ['10.0.1.1:700', '10.0.1.1:607']],
		['any other from 1024 on', MASQ, ['10.0.0.2:9000', '10.0.0.3:9000'], 7, ['10.0.1.1:9000', '10.0.1.1:1031']],
		['drawn when that is asked for', `${MASQ} --random-fully`, ['10.0.0.2:9000'], 7, ['10.0.1.1:1031']],
		[
			'out of the range given',
			'-A POSTROUTING -p udp -j SNAT --to-source 10.0.1.5:10-12',
			['10.0.0.2:9000', '10.0.0.3:11', '10.0.0.4:11', '10.0.0.5:11'],
			1,
			['10.0.1.5:11', '10.0.1.5:12', '10.0.1.5:10', '10.0.1.5:10'],
		],
	] as const)('%s', (_name, rule, froms, random, expected) => {
		// The last case runs out of ports: the fourth keeps one that is taken and is dropped when it is entered.
		expect(ports(rule, froms, random)).toEqual(expected);
	});

	test('a destination range is used from its beginning', () => {
		const b = bench({ rules: nat('-A PREROUTING -p udp -j DNAT --to-destination 10.0.1.9:81-90') });
		const packet = udp(CLIENT, VIP);
		b.forward(packet);
		expect(end(packet, 'dst')).toBe('10.0.1.9:81');
	});

	test('without a rule, only a taken tuple makes the port change', () => {
		const b = bench({ rules: nat('-A PREROUTING -d 10.96.0.1/32 -p udp -j DNAT --to-destination 10.0.1.9:8080') });
		const [direct, through] = [udp(CLIENT, POD), udp(CLIENT, VIP)];
		b.forward(direct);
		b.forward(through);
		expect(end(direct, 'src')).toBe(CLIENT);
		expect([end(through, 'src'), end(through, 'dst')]).toEqual(['10.0.0.2:600', POD]);
	});
});

describe('where a connection begins or ends here', () => {
	test('OUTPUT rewrites the destination of what starts here and routes it again', () => {
		let routed = 0;
		const rules = nat('-A OUTPUT -d 10.96.0.1/32 -p tcp -j DNAT --to-destination 10.0.1.9:8080');
		const b = bench({
			rules,
			services: {
				rerouteOutput: (ctx) => {
					routed++;
					return ctx.outDev;
				},
			},
		});
		const packet = tcp('10.0.0.1:5000', VIP, 'S', 1);
		expect(b.hook('OUTPUT', packet, { outDev: b.ns.devices.get(2)! })).toBe('accept');
		expect(end(packet, 'dst')).toBe(POD);
		expect(routed).toBe(1);
	});

	test('a rule behind the change still sees the device of the first route', () => {
		const rules = `${nat('-A OUTPUT -j DNAT --to-destination 10.0.1.9')}*filter\n-A OUTPUT -o eth0 -j DROP\nCOMMIT\n`;
		const b = bench({ rules, services: { rerouteOutput: ({ ns }) => ns.devices.get(3) } });
		expect(b.hook('OUTPUT', udp('10.0.0.1:5000', VIP), { outDev: b.ns.devices.get(2)! })).toBe('drop');
	});

	test('no route any more: the packet is dropped', () => {
		const rules = nat('-A OUTPUT -j DNAT --to-destination 10.0.9.9');
		const b = bench({ rules, services: { rerouteOutput: () => undefined } });
		expect(b.hook('OUTPUT', udp('10.0.0.1:5000', VIP))).toBe('drop');
	});

	test('REDIRECT takes the address of the device it came in by', () => {
		const b = bench({ rules: nat('-A PREROUTING -p tcp -j REDIRECT --to-ports 15001') });
		const packet = tcp(CLIENT, VIP, 'S');
		b.hook('PREROUTING', packet, { inDev: b.ns.devices.get(2)! });
		expect(end(packet, 'dst')).toBe('10.0.0.1:15001');
	});

	test('SNAT in INPUT changes whom a local socket sees', () => {
		const b = bench({ rules: nat('-A INPUT -j SNAT --to-source 10.0.0.77') });
		const packet = udp(CLIENT, '10.0.0.1:53');
		b.hook('PREROUTING', packet);
		b.hook('INPUT', packet);
		expect(end(packet, 'src')).toBe('10.0.0.77:1000');
	});

	test('a packet that comes back over loopback keeps its connection and is not translated twice', () => {
		const b = bench({ rules: nat('-A OUTPUT -p udp -j REDIRECT --to-ports 5353') });
		const packet = udp('10.0.0.1:5000', '10.0.0.53:53');
		b.hook('OUTPUT', packet);
		b.hook('POSTROUTING', packet);
		b.hook('PREROUTING', packet);
		b.hook('INPUT', packet);
		expect(end(packet, 'dst')).toBe('127.0.0.1:5353');
		expect(b.ns.conntrack.connections.size).toBe(1);
	});
});
