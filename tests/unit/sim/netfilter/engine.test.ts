import { describe, expect, test } from 'vitest';
import { type Chain, emptyTable, type Rule, type Ruleset } from '../../../../src/sim/linux/index.ts';
import { bench, eth0, eth1, tcp, udp } from './fixture.ts';

const CLIENT = '10.0.0.2:1000';
const SERVER = '10.0.1.2:80';
const filter = (...lines: string[]) => `*filter\n:a - [0:0]\n:b - [0:0]\n:c - [0:0]\n${lines.join('\n')}\nCOMMIT\n`;

/** Verdict of FORWARD for one packet, and the mark it ends with. */
function forward(text: string, packet = tcp(CLIENT, SERVER, 'S')) {
	const b = bench({ rules: text });
	const verdict = b.hook('FORWARD', packet, { inDev: eth0, outDev: eth1 });
	return { verdict, mark: packet.mark, ...b };
}

describe('the walk', () => {
	const CASES: readonly [name: string, lines: readonly string[], verdict: string, mark: number][] = [
		['the first rule that decides wins', ['-A FORWARD -j DROP', '-A FORWARD -j ACCEPT'], 'drop', 0],
		['a chain that ends goes back', ['-A FORWARD -j a', '-A FORWARD -j DROP', '-A a -j MARK --or-mark 1'], 'drop', 1],
		[
			'RETURN goes back',
			['-A FORWARD -j a', '-A FORWARD -j MARK --or-mark 2', '-A a -j RETURN', '-A a -j DROP'],
			'accept',
			2,
		],
		[
			'RETURN of a built-in chain asks the policy',
			[':FORWARD DROP [0:0]', '-A FORWARD -j RETURN', '-A FORWARD -j ACCEPT'],
			'drop',
			0,
		],
		['a policy decides when no rule does', [':FORWARD DROP [0:0]', '-A FORWARD -p udp -j ACCEPT'], 'drop', 0],
		[
			'after a goto, the end goes back past the chain that went',
			['-A FORWARD -j a', '-A FORWARD -j MARK --or-mark 4', '-A a -g b', '-A a -j DROP', '-A b -j MARK --or-mark 1'],
			'accept',
			5,
		],
		[
			'a goto from a built-in chain ends in its policy',
			[':FORWARD DROP [0:0]', '-A FORWARD -g a', '-A FORWARD -j ACCEPT'],
			'drop',
			0,
		],
		[
			'jumps nest',
			['-A FORWARD -j a', '-A a -j b', '-A b -j c', '-A c -j MARK --or-mark 8', '-A a -j ACCEPT', '-A FORWARD -j DROP'],
			'accept',
			8,
		],
		[
			'marks are set, cleared and flipped bit by bit',
			['-A FORWARD -j MARK --set-mark 0xff', '-A FORWARD -j MARK --and-mark 0x0f', '-A FORWARD -j MARK --xor-mark 0x3'],
			'accept',
			12,
		],
	];
	test.each(CASES)('%s', (_name, lines, verdict, mark) => {
		const result = forward(filter(...lines));
		expect([result.verdict, result.mark]).toEqual([verdict, mark]);
	});

	test('a circle of chains made by hand ends in a drop', () => {
		const rule = (chain: string): Rule => ({ matches: [], target: { kind: 'goto', chain } });
		const chain = (name: string, next: string): Chain => ({ name, rules: [rule(next)] });
		const chains = new Map([
			...emptyTable('filter').chains,
			['FORWARD', chain('FORWARD', 'a')],
			['a', chain('a', 'b')],
			['b', chain('b', 'a')],
		] as [string, Chain][]);
		const b = bench();
		(b.ns as { ruleset: Ruleset }).ruleset = { filter: { name: 'filter', chains } };
		expect(b.hook('FORWARD', tcp(CLIENT, SERVER, 'S'))).toBe('drop');
		expect(b.records.at(-1)?.why.code).toBe('nf.loop');
	});

	test('REJECT answers, and the packet is dropped', () => {
		const result = forward(filter('-A FORWARD -p tcp -j REJECT --reject-with icmp-host-unreachable'));
		expect([result.verdict, result.answers]).toEqual(['drop', ['icmp 3/1']]);
	});
});

describe('records', () => {
	test('rules tried and hits add up to the rules the packet met', () => {
		const { records } = forward(
			filter(
				':FORWARD DROP [0:0]',
				'-A FORWARD -p udp -j ACCEPT',
				'-A FORWARD -j a',
				'-A FORWARD -p udp -j DROP',
				'-A a -p udp -j DROP',
				'-A a -p icmp -j DROP',
				'-A a -j MARK --or-mark 0x4000',
				'-A a -s 10.9.0.0/16',
			),
		);
		expect(records.map(({ chain, rule, tried, verdict, why }) => [chain, rule, tried, verdict, why.code])).toEqual([
			['FORWARD', 2, 1, 'jump', 'nf.jump'],
			['a', 3, 2, 'mark', 'nf.mark'],
			['a', undefined, 1, 'return', 'nf.end'],
			['FORWARD', undefined, 1, 'drop', 'nf.policy'],
		]);
		const met = records.reduce((sum, { rule, tried }) => sum + tried! + (rule === undefined ? 0 : 1), 0);
		expect(met).toBe(7);
	});

	test('a record names place, rule and what changed, and nothing else', () => {
		const { records } = forward(filter('-A FORWARD -i eth0 -j MARK --set-xmark 0x4000/0x4000'));
		expect(records[0]).toEqual({
			time: 0,
			packet: expect.any(Number),
			ns: 'r',
			dev: 'eth0',
			hook: 'FORWARD',
			table: 'filter',
			chain: 'FORWARD',
			rule: 1,
			tried: 0,
			entry: '-A FORWARD -i eth0 -j MARK --set-xmark 0x4000/0x4000',
			verdict: 'mark',
			why: { code: 'nf.mark', mark: '0x4000' },
			before: expect.objectContaining({ mark: 0 }),
			after: expect.objectContaining({ mark: 0x4000 }),
		});
	});
});

describe('conditions', () => {
	const MATCHES: readonly [condition: string, packet: ReturnType<typeof tcp>, holds: boolean][] = [
		['-s 10.0.0.0/24', tcp(CLIENT, SERVER, 'S'), true],
		['! -s 10.0.0.0/24', tcp(CLIENT, SERVER, 'S'), false],
		['-d 10.0.1.2/32', tcp(CLIENT, SERVER, 'S'), true],
		['-i eth0 -o eth+', tcp(CLIENT, SERVER, 'S'), true],
		['-i lxc+', tcp(CLIENT, SERVER, 'S'), false],
		['! -i lo', tcp(CLIENT, SERVER, 'S'), true],
		['-p tcp --dport 80', tcp(CLIENT, SERVER, 'S'), true],
		['-p tcp ! --dport 80', tcp(CLIENT, SERVER, 'S'), false],
		['-p udp --dport 80', tcp(CLIENT, SERVER, 'S'), false],
		['-p udp --dport 50:90', udp(CLIENT, SERVER), true],
		['-p tcp --syn', tcp(CLIENT, SERVER, 'S'), true],
		['-p tcp --syn', tcp(CLIENT, SERVER, 'SA'), false],
		['-p tcp -m multiport --dports 22,79:81', tcp(CLIENT, SERVER, 'S'), true],
		['-p tcp -m multiport ! --ports 1000', tcp(CLIENT, SERVER, 'S'), false],
		['-m mark --mark 0x4000/0x4000', tcp(CLIENT, SERVER, 'S'), false],
		['-m mark ! --mark 0x4000/0x4000', tcp(CLIENT, SERVER, 'S'), true],
		['-m addrtype --dst-type LOCAL', tcp(CLIENT, '10.0.1.1:80', 'S'), true],
		['-m addrtype ! --dst-type LOCAL', tcp(CLIENT, '10.0.1.1:80', 'S'), false],
		['-m addrtype ! --src-type LOCAL --dst-type UNICAST', tcp(CLIENT, SERVER, 'S'), true],
		// Nobody tracks in FORWARD alone: what conntrack has not seen counts as invalid.
		['-m conntrack --ctstate INVALID', tcp(CLIENT, SERVER, 'S'), true],
		['-m connmark ! --mark 1', tcp(CLIENT, SERVER, 'S'), false],
		['-m comment --comment "any"', tcp(CLIENT, SERVER, 'S'), true],
		['-m set --match-set nodes dst', tcp(CLIENT, SERVER, 'S'), true],
		['-m set ! --match-set nodes src', tcp(CLIENT, SERVER, 'S'), true],
		['-m statistic --mode random --probability 0', tcp(CLIENT, SERVER, 'S'), false],
		['-m statistic --mode random --probability 1', tcp(CLIENT, SERVER, 'S'), true],
	];
	test.each(MATCHES)('%s', (condition, packet, holds) => {
		const b = bench({ rules: filter(`-A FORWARD ${condition} -j DROP`) });
		(b.ns.ipsets as Map<string, unknown>).set('nodes', [{ address: 0x0a000100, length: 24 }]);
		expect(b.hook('FORWARD', packet, { inDev: eth0, outDev: eth1 })).toBe(holds ? 'drop' : 'accept');
	});

	test('chance is asked once per flow in nat, once per packet elsewhere', () => {
		const keys: string[] = [];
		const rules = `*nat\n-A PREROUTING -m statistic --mode random --probability 0.5\nCOMMIT\n${filter('-A FORWARD -m statistic --mode random --probability 0.5')}`;
		const b = bench({
			rules,
			random: (purpose, key) => {
				keys.push(`${purpose} ${key}`);
				return 0;
			},
		});
		b.hook('PREROUTING', udp(CLIENT, SERVER));
		b.hook('PREROUTING', udp(CLIENT, SERVER));
		b.hook('FORWARD', udp(CLIENT, SERVER));
		b.hook('FORWARD', udp(CLIENT, SERVER));
		expect(keys[0]).toBe(keys[1]);
		expect(keys[2]).not.toBe(keys[3]);
		expect(keys.every((key) => key.startsWith('statistic r '))).toBe(true);
	});

	test('a recent list remembers an address for the seconds asked', () => {
		const b = bench({
			rules: filter(
				'-A FORWARD -m recent --name X --rcheck --seconds 10 --reap -j DROP',
				'-A FORWARD -m recent --name X --set -j ACCEPT',
			),
		});
		const at = (seconds: number, from = CLIENT) => {
			b.net.now = seconds * 1_000_000;
			return b.hook('FORWARD', udp(from, SERVER));
		};
		expect(at(0)).toBe('accept');
		expect(at(10)).toBe('drop');
		expect(at(5, '10.0.0.3:1')).toBe('accept');
		// Checked and too old: the entry is reaped, and set anew by the second rule.
		expect(at(11)).toBe('accept');
		expect(at(12)).toBe('drop');
		expect(b.ns.recent.get('X')!.entries.size).toBe(2);
	});

	test('a recent list holds a hundred addresses', () => {
		const b = bench({ rules: filter('-A FORWARD -m recent --name X --set') });
		for (let i = 0; i < 101; i++) b.hook('FORWARD', udp(`10.1.0.${i}:1`, SERVER));
		const { entries } = b.ns.recent.get('X')!;
		expect([entries.size, entries.has(0x0a010000), entries.has(0x0a010064)]).toEqual([100, false, true]);
	});
});

describe('27,000 services', () => {
	const rule = (i: number): Rule => ({
		matches: [
			{ kind: 'destination', prefix: { address: (0x0a600000 + i) >>> 0, length: 32 } },
			{ kind: 'protocol', protocol: 6 },
			{ kind: 'comment', text: `ns/svc-${i} cluster IP` },
			{ kind: 'dport', module: 'tcp', ports: [80, 80] },
		],
		target: { kind: 'jump', chain: 'KUBE-SVC' },
	});
	const services: Chain = { name: 'KUBE-SERVICES', rules: Array.from({ length: 27_000 }, (_, i) => rule(i)) };
	const jump: Chain = {
		name: 'PREROUTING',
		policy: 'ACCEPT',
		rules: [{ matches: [], target: { kind: 'jump', chain: 'KUBE-SERVICES' } }],
	};
	const svc: Chain = { name: 'KUBE-SVC', rules: [{ matches: [], target: { kind: 'ACCEPT' } }] };
	const chains = new Map([...emptyTable('nat').chains, ...[jump, services, svc].map((c) => [c.name, c] as const)]);
	const b = bench();
	(b.ns as { ruleset: Ruleset }).ruleset = { nat: { name: 'nat', chains } };

	test('the last one is found after 26,999 others, counted truly', () => {
		b.hook('PREROUTING', tcp(CLIENT, '10.96.105.119:80', 'S'));
		expect(b.records.find(({ chain }) => chain === 'KUBE-SERVICES')).toMatchObject({ rule: 27_000, tried: 26_999 });
	});
});
