/** Random rule sets and packets, drawn so that they load into a real kernel and so that rules and packets meet. */
import fc from 'fast-check';
import type {
	BuiltinChain,
	Chain,
	Match,
	Rule,
	Ruleset,
	Table,
	TableName,
	Target,
} from '../../../src/sim/linux/index.ts';
import { BUILTIN_CHAINS } from '../../../src/sim/linux/index.ts';
import { parseIp } from '../../../src/sim/wire/index.ts';

const ip = (text: string) => parseIp(text)!;

/**
 * The router's own addresses, stations on wire a (10.0.1.0/24) and b (10.0.2.0/24), and an address that rules name but
 * no packet goes to: the kernel limits how often it says that there is no route.
 */
export const ROUTER_A = ip('10.0.1.1');
export const ROUTER_B = ip('10.0.2.1');
const STATIONS_A = ['10.0.1.2', '10.0.1.3', '10.0.1.4'].map(ip);
const STATIONS_B = ['10.0.2.2', '10.0.2.3', '10.0.2.4'].map(ip);
const NOWHERE = ip('10.0.3.5');
const ADDRESSES = [ROUTER_A, ROUTER_B, ...STATIONS_A, ...STATIONS_B, NOWHERE];
const PORTS = [53, 80, 443, 8080, 30000];
const SPORTS = [1000, 2000, 40000, 40001];

export type Step =
	| {
			readonly kind: 'send';
			readonly at: 'a' | 'b' | 'r';
			readonly src: number;
			readonly dst: number;
			readonly protocol: 'tcp' | 'udp' | 'icmp' | 'other';
			readonly sport: number;
			readonly dport: number;
			readonly flags: number;
			readonly ttl: number;
	  }
	/** An answer to a frame seen before, at the wire where it was seen. */
	| { readonly kind: 'reply'; readonly to: number; readonly how: 'answer' | 'reset' }
	/** The sender of an earlier packet goes on: TCP acknowledges, others send again. */
	| { readonly kind: 'again'; readonly of: number; readonly flags: number }
	/** A router further away says it could not deliver a frame seen before. */
	| { readonly kind: 'error'; readonly to: number; readonly type: 3 | 11; readonly code: number };

export interface Case {
	readonly ruleset: Ruleset;
	readonly steps: readonly Step[];
}

const SYN = 0x02;
const ACK = 0x10;
const RST = 0x04;
const FIN = 0x01;

const send: fc.Arbitrary<Step> = fc
	.record({
		at: fc.constantFrom('a', 'a', 'a', 'b', 'r'),
		from: fc.nat(2),
		to: fc.nat(11),
		protocol: fc.constantFrom('tcp', 'tcp', 'tcp', 'udp', 'udp', 'icmp', 'other'),
		sport: fc.constantFrom(...SPORTS),
		dport: fc.constantFrom(...PORTS),
		flags: fc.constantFrom(SYN, SYN, SYN, SYN, ACK, RST, SYN | ACK, FIN | ACK, 0, FIN | SYN),
		ttl: fc.constantFrom(64, 64, 64, 64, 64, 64, 2, 1),
	})
	.map(({ at, from, to, ...rest }): Step => {
		const near = at === 'b' ? STATIONS_B : STATIONS_A;
		const far = at === 'b' ? STATIONS_A : STATIONS_B;
		const src = at === 'r' ? [ROUTER_A, ROUTER_B, ROUTER_A][from]! : near[from]!;
		const dst = [...far, ...far, ROUTER_A, ROUTER_B, ROUTER_A, near[(from + 1) % 3]!, far[1]!, far[0]!][to]!;
		return { kind: 'send', at: at as 'a' | 'b' | 'r', src, dst, ...rest } as Step;
	});

const step: fc.Arbitrary<Step> = fc.oneof(
	{ weight: 4, arbitrary: send },
	{
		weight: 5,
		arbitrary: fc.record({
			kind: fc.constant('reply' as const),
			to: fc.nat(5),
			how: fc.constantFrom('answer', 'answer', 'answer', 'reset'),
		}),
	},
	{
		weight: 3,
		arbitrary: fc.record({
			kind: fc.constant('again' as const),
			of: fc.nat(3),
			flags: fc.constantFrom(ACK, ACK, SYN, FIN | ACK, RST),
		}),
	},
	{
		weight: 2,
		arbitrary: fc.record({
			kind: fc.constant('error' as const),
			to: fc.nat(5),
			type: fc.constantFrom(3 as const, 11 as const),
			code: fc.constantFrom(0, 1, 3),
		}),
	},
) as fc.Arbitrary<Step>;

const prefix = fc
	.tuple(fc.constantFrom(...ADDRESSES), fc.constantFrom(0, 8, 16, 22, 24, 30, 31, 32, 32, 32))
	.map(([address, length]) => ({
		address: length === 0 ? 0 : (address & (0xffffffff << (32 - length))) >>> 0,
		length,
	}));

/** Most conditions are plain: a rule set in which nothing matches teaches nothing. */
const invert = fc.constantFrom(undefined, undefined, undefined, true as const);
const maybeInvert = <T extends object>(arbitrary: fc.Arbitrary<T>) =>
	fc.tuple(arbitrary, invert).map(([match, inverted]) => (inverted ? { ...match, invert: true as const } : match));

const portRange = fc
	.tuple(fc.constantFrom(...PORTS, ...SPORTS), fc.constantFrom(0, 0, 0, 100, 20_000))
	.map(([port, width]) => [port, Math.min(port + width, 65535)] as const);
const mark = fc.constantFrom([1, 0xffffffff], [0x4000, 0x4000], [0, 0x4000], [1, 3]).map(([value, mask]) => ({
	value: value!,
	mask: mask!,
}));
const ctState = fc
	.uniqueArray(fc.constantFrom('NEW', 'ESTABLISHED', 'RELATED', 'INVALID', 'UNTRACKED', 'DNAT', 'SNAT'), {
		minLength: 1,
		maxLength: 3,
	})
	.map((states) => ({ kind: 'conntrack' as const, states }));
const addrType = fc.constantFrom('LOCAL', 'UNICAST', 'BROADCAST');

/** Conditions that stand for themselves. Which devices may be named depends on the chain. */
function condition(devices: { readonly in: boolean; readonly out: boolean }): fc.Arbitrary<Match> {
	const device = fc.constantFrom('eth1', 'eth2', 'eth+', 'lo');
	const choices = [
		maybeInvert(fc.record({ kind: fc.constantFrom('source', 'destination'), prefix })).filter(
			(match) => !('invert' in match) || match.prefix.length > 0,
		),
		maybeInvert(fc.record({ kind: fc.constantFrom('source', 'destination'), prefix })).filter(
			(match) => !('invert' in match) || match.prefix.length > 0,
		),
		maybeInvert(mark.map((m) => ({ kind: 'mark', ...m }))),
		maybeInvert(mark.map((m) => ({ kind: 'connmark', ...m }))),
		maybeInvert(ctState),
		maybeInvert(ctState),
		addrType.map((type) => ({ kind: 'addrtype', dst: type })),
		addrType.map((type) => ({ kind: 'addrtype', src: type, srcInvert: true })),
		fc.constantFrom(0, 0x80000000).map((probability) => ({ kind: 'statistic', probability })),
		fc.constantFrom('a b', 'ns/svc:http "x"').map((text) => ({ kind: 'comment', text })),
		...(devices.in ? [maybeInvert(device.map((name) => ({ kind: 'in', device: name })))] : []),
		...(devices.out ? [maybeInvert(device.map((name) => ({ kind: 'out', device: name })))] : []),
	];
	return fc.oneof(...choices) as fc.Arbitrary<Match>;
}

/** Protocol with what may follow from it. */
const transport: fc.Arbitrary<Match[]> = fc.oneof(
	fc
		.constantFrom(1, 6, 17, 99)
		.chain((protocol) => maybeInvert(fc.constant({ kind: 'protocol' as const, protocol })).map((m) => [m] as Match[])),
	fc.constantFrom('tcp', 'udp').chain((module) => {
		const protocol: Match = { kind: 'protocol', protocol: module === 'tcp' ? 6 : 17 };
		const port = maybeInvert(
			fc.record({ kind: fc.constantFrom('sport', 'dport'), module: fc.constant(module), ports: portRange }),
		);
		const multi = maybeInvert(
			fc.record({
				kind: fc.constant('multiport'),
				side: fc.constantFrom('sports', 'dports', 'ports'),
				ports: fc.array(portRange, { minLength: 1, maxLength: 3 }),
			}),
		);
		const flags = maybeInvert(
			fc.record({
				kind: fc.constant('tcp-flags'),
				mask: fc.constantFrom(0x17, 0x3f, 0x12),
				set: fc.constantFrom(0x02, 0x10, 0),
			}),
		);
		const one = module === 'tcp' ? fc.oneof(port, port, multi, flags) : fc.oneof(port, port, multi);
		return one.map((match) => [protocol, match] as Match[]);
	}),
	maybeInvert(
		fc.constantFrom([8], [0], [3, 1], [3, 3], [255]).map(([type, code]) => ({
			kind: 'icmp-type' as const,
			type: type!,
			...(code === undefined ? {} : { code }),
		})),
	)
		// `! any` would match no packet at all, and the tools refuse it.
		.filter((match) => match.type !== 255 || !('invert' in match))
		.map((match) => [{ kind: 'protocol', protocol: 1 }, match] as Match[]),
);

const matchesFor = (devices: { readonly in: boolean; readonly out: boolean }): fc.Arbitrary<readonly Match[]> =>
	fc
		.tuple(
			fc.option(transport, { freq: 2, nil: undefined }),
			fc.array(condition(devices), { minLength: 0, maxLength: 2 }),
		)
		.map(([first = [], rest]) => onePerKind([...first, ...rest]));

/** iptables takes each part of the IP header once; modules it would take twice, but rules are clearer without. */
function onePerKind(matches: readonly Match[]): Match[] {
	const seen = new Set<string>();
	return matches.filter(({ kind }) => !seen.has(kind) && seen.add(kind));
}

/** Which chains a chain may name, and which targets make sense where it can be reached from. */
interface Place {
	readonly table: TableName;
	readonly below: readonly string[];
	readonly nat?: 'dst' | 'src';
	readonly hook?: BuiltinChain;
}

const natIp = fc.constantFrom(...STATIONS_A, ...STATIONS_B, ROUTER_A, ROUTER_B);

function targetFor({ table, below, nat, hook }: Place, protocol: number | undefined): fc.Arbitrary<Target> {
	const choices: fc.Arbitrary<Target>[] = [
		fc.constant({ kind: 'ACCEPT' }),
		fc.constant({ kind: 'RETURN' }),
		fc.constant({ kind: 'none' }),
		mark.map((m) => ({ kind: 'MARK', ...m })),
		mark.map(({ value }) => ({ kind: 'MARK', value, mask: value })),
	];
	if (below.length > 0) {
		const jump = fc
			.constantFrom(...below)
			.chain((chain) =>
				fc.constantFrom('jump', 'jump', 'goto').map((kind): Target => ({ kind: kind as 'jump', chain })),
			);
		choices.push(jump, jump, jump);
	}
	if (table !== 'nat') choices.push(fc.constant({ kind: 'DROP' }));
	if (table !== 'raw') {
		choices.push(
			fc.record({
				kind: fc.constant('CONNMARK' as const),
				op: fc.constantFrom('save' as const, 'restore' as const),
				mask: fc.constantFrom(0xffffffff, 0x4000),
			}),
		);
	}
	if (table === 'raw') choices.push(fc.constant({ kind: 'CT', notrack: true }));
	if (table === 'filter') {
		const types = [
			'icmp-port-unreachable',
			'icmp-host-unreachable',
			'icmp-net-unreachable',
			'icmp-proto-unreachable',
			'icmp-admin-prohibited',
			...(protocol === 6 ? ['tcp-reset', 'tcp-reset'] : []),
		] as const;
		choices.push(fc.constantFrom(...types).map((kind): Target => ({ kind: 'REJECT', with: kind as 'tcp-reset' })));
	}
	if (table === 'nat') {
		const ports = protocol === 6 || protocol === 17;
		const address = natIp.map((address): Target => ({ kind: nat === 'src' ? 'SNAT' : 'DNAT', ip: address }));
		const more: fc.Arbitrary<Target>[] = [address, address];
		if (nat === 'dst') {
			more.push(fc.constant({ kind: 'REDIRECT' }));
			// A range of destination ports is used from its beginning (v6.8 on); of addresses, by a hash.
			more.push(
				fc.constantFrom(...STATIONS_B).map((low): Target => ({ kind: 'DNAT', ip: low, ipMax: STATIONS_B[2]! })),
			);
			if (ports) {
				more.push(
					fc.tuple(natIp, fc.constantFrom(...PORTS), fc.constantFrom(0, 0, 10)).map(
						([address, port, width]): Target => ({
							kind: 'DNAT',
							ip: address,
							ports: [port, port + width],
						}),
					),
					fc.constantFrom(...PORTS).map((port): Target => ({ kind: 'DNAT', ports: [port, port] })),
					fc.constantFrom(...PORTS).map((port): Target => ({ kind: 'REDIRECT', ports: [port, port + 5] })),
				);
			}
		} else {
			more.push(
				fc.constantFrom(...STATIONS_A).map((low): Target => ({ kind: 'SNAT', ip: low, ipMax: STATIONS_A[2]! })),
			);
			// One port: a range would be searched from a random place.
			if (ports) {
				more.push(
					fc
						.tuple(natIp, fc.constantFrom(...SPORTS))
						.map(([address, port]): Target => ({ kind: 'SNAT', ip: address, ports: [port, port] })),
				);
			}
			if (hook !== 'INPUT') more.push(fc.constant({ kind: 'MASQUERADE' }), fc.constant({ kind: 'MASQUERADE' }));
		}
		choices.push(fc.oneof(...more), fc.oneof(...more), fc.oneof(...more));
	}
	return fc.oneof(...choices);
}

function ruleFor(place: Place): fc.Arbitrary<Rule> {
	const { hook } = place;
	const devices = {
		in: hook !== 'OUTPUT' && hook !== 'POSTROUTING',
		out: hook !== 'PREROUTING' && hook !== 'INPUT',
	};
	return matchesFor(devices).chain((matches) => {
		const protocol = matches.find((match) => match.kind === 'protocol');
		const sure = protocol && !protocol.invert ? protocol.protocol : undefined;
		return targetFor(place, sure).map((target) => ({ matches, target }));
	});
}

const SENTINEL: readonly Match[] = [
	{ kind: 'protocol', protocol: 17 },
	{ kind: 'sport', module: 'udp', ports: [7, 7] },
	{ kind: 'dport', module: 'udp', ports: [7, 7] },
];

/** What lets the sentinel through whatever the rest says, untracked so that it leaves no entry. */
function sentinelRules(table: TableName, chain: BuiltinChain): Rule[] {
	if (chain === 'INPUT' || chain === 'OUTPUT' || table === 'nat') return [];
	const accept: Rule = { matches: SENTINEL, target: { kind: 'ACCEPT' } };
	return table === 'raw' ? [{ matches: SENTINEL, target: { kind: 'CT', notrack: true } }, accept] : [accept];
}

/** User chains by table; a chain may jump only to later ones. In nat, one kind for each side of the packet. */
const USER_CHAINS: Readonly<Record<TableName, readonly { name: string; nat?: 'dst' | 'src' }[]>> = {
	raw: [{ name: 'R0' }],
	mangle: [{ name: 'M0' }, { name: 'M1' }],
	filter: [{ name: 'F0' }, { name: 'F1' }, { name: 'KUBE-F2' }],
	nat: [
		{ name: 'D0', nat: 'dst' },
		{ name: 'D1', nat: 'dst' },
		{ name: 'S0', nat: 'src' },
		{ name: 'S1', nat: 'src' },
	],
};

function tableOf(name: TableName): fc.Arbitrary<Table> {
	const users = USER_CHAINS[name];
	const density = name === 'nat' || name === 'filter' ? 4 : 2;
	const builtin = BUILTIN_CHAINS[name].map((hook): fc.Arbitrary<Chain> => {
		const nat = name === 'nat' ? (hook === 'POSTROUTING' || hook === 'INPUT' ? 'src' : 'dst') : undefined;
		// Chains with MASQUERADE in them may not be reached from INPUT.
		const below = users.filter((user) => user.nat === nat && !(name === 'nat' && hook === 'INPUT'));
		const place: Place = { table: name, hook, nat, below: below.map((user) => user.name) };
		const policy = name === 'filter' ? fc.constantFrom('ACCEPT', 'ACCEPT', 'ACCEPT', 'DROP') : fc.constant('ACCEPT');
		return fc.tuple(policy, fc.array(ruleFor(place), { maxLength: density })).map(
			([verdict, rules]): Chain => ({
				name: hook,
				policy: verdict as 'ACCEPT',
				rules: [...sentinelRules(name, hook), ...rules],
			}),
		);
	});
	const user = users.map(({ name: chain, nat }, i): fc.Arbitrary<Chain> => {
		const below = users.slice(i + 1).filter((later) => later.nat === nat);
		const place: Place = { table: name, nat, below: below.map((later) => later.name) };
		return fc.array(ruleFor(place), { maxLength: density }).map((rules): Chain => ({ name: chain, rules }));
	});
	return fc
		.tuple(...builtin, ...user)
		.map((chains): Table => ({ name, chains: new Map(chains.map((chain) => [chain.name, chain])) }));
}

const ruleset: fc.Arbitrary<Ruleset> = fc.record({
	raw: tableOf('raw'),
	mangle: tableOf('mangle'),
	nat: tableOf('nat'),
	filter: tableOf('filter'),
});

export const cases: fc.Arbitrary<Case> = fc.record({
	ruleset,
	steps: fc.tuple(send, fc.array(step, { maxLength: 8 })).map(([first, rest]) => [first, ...rest]),
});
