/**
 * Entries of Cilium's maps as the kernel has them: octets, addresses and ports in network order, the rest as a little-endian
 * machine writes it. Source: structs of bpf/lib/{common,policy,nat,conntrack}.h @ v1.12.1, v1.16.11, v1.18.3; what the
 * agent writes in network order by ToNetwork() of pkg/maps.
 */
import type { BpfMap } from '../../sim/linux/index.ts';

/** Members of the simulator's keys and values, whichever they are. */
type Fields = Readonly<Record<string, number | boolean | undefined | Readonly<Record<string, number>>>>;

/** Writes members one after the other. */
class Octets {
	readonly #out: number[] = [];

	u(value: number | boolean | undefined, size: number): this {
		let rest = Math.trunc(Number(value ?? 0));
		for (let i = 0; i < size; i++, rest = Math.floor(rest / 256)) this.#out.push(rest % 256);
		return this;
	}

	/** In network order. */
	be(value: number | boolean | undefined, size: number): this {
		const octets: number[] = [];
		let rest = Math.trunc(Number(value ?? 0));
		for (let i = 0; i < size; i++, rest = Math.floor(rest / 256)) octets.unshift(rest % 256);
		this.#out.push(...octets);
		return this;
	}

	pad(size: number): this {
		return this.u(0, size);
	}

	/** Exactly so long: the padding of structs. */
	to(size: number): Uint8Array {
		return Uint8Array.from({ length: size }, (_, i) => this.#out[i] ?? 0);
	}
}

const octets = (): Octets => new Octets();
const number = (value: unknown): number => Number(value);
const fields = (value: unknown): Fields => value as Fields;
const prefixOf = (value: unknown): { readonly address: number; readonly length: number } => value as never;

/** struct endpoint_key of an IPv4 address. */
const endpointKey = (ip: number): Octets => octets().be(ip, 4).pad(12).u(1, 1);

/** struct ipv4_ct_tuple: destination first. Connections are kept with addresses swapped (cilium issue 5848). */
const tuple = (key: Fields, swapped: boolean): Octets =>
	octets()
		.be(swapped ? (key.saddr as number) : (key.daddr as number), 4)
		.be(swapped ? (key.daddr as number) : (key.saddr as number), 4)
		.be(key.dport as number, 2)
		.be(key.sport as number, 2)
		.u(key.proto as number, 1)
		.u(key.flags as number, 1);

type Writer = (key: unknown, value: unknown, minor: number) => readonly [Octets, Octets];

const connection: Writer = (key, value, minor) => {
	const v = fields(value);
	const service = (v.backendId as number) !== 0;
	const counters =
		minor >= 16
			? octets()
					.be(v.natAddr as number, 4)
					.pad(4)
					.u(v.backendId as number, 8)
					.u(v.rxPackets as number, 8)
					.u(v.rxBytes as number, 8)
			: octets()
					.u(v.rxPackets as number, 8)
					.u(service ? (v.backendId as number) : (v.rxBytes as number), 8)
					.u(v.txPackets as number, 8)
					.u(v.txBytes as number, 8);
	return [
		tuple(fields(key), true),
		counters
			.u(v.lifetime as number, 4)
			.u(v.flags as number, 2)
			.be(v.revNatIndex as number, 2)
			.be(minor >= 16 ? (v.natPort as number) : 0, 2)
			.u(v.txFlagsSeen as number, 1)
			.u(v.rxFlagsSeen as number, 1)
			.u(v.srcSecId as number, 4)
			.u(v.lastTxReport as number, 4)
			.u(v.lastRxReport as number, 4),
	];
};

const WRITERS: readonly (readonly [name: RegExp, Writer])[] = [
	[
		/^cilium_lxc$/,
		(key, value, minor) => {
			const v = fields(value);
			return [
				endpointKey(number(key)),
				octets()
					.u(v.ifindex as number, 4)
					.pad(2)
					.u(v.lxcId as number, 2)
					.u(v.host as boolean, 4)
					.pad(4)
					.be(v.mac as number, 6)
					.pad(2)
					.be(v.nodeMac as number, 6)
					.pad(2)
					.u(minor >= 14 ? (v.identity as number) : 0, 4),
			];
		},
	],
	[
		/^cilium_ipcache/,
		(key, value, minor) => {
			const { address, length } = prefixOf(key);
			const v = fields(value);
			const out = octets()
				.u(v.identity as number, 4)
				.be(v.tunnelEndpoint as number, 4);
			if (minor >= 18) out.pad(12);
			// flag_skip_tunnel, and from 1.18 flag_has_tunnel_ep.
			const flags = (v.skipTunnel ? 1 : 0) | (minor >= 18 && v.tunnelEndpoint ? 2 : 0);
			return [
				octets()
					.u(32 + length, 4)
					.pad(3)
					.u(1, 1)
					.be(address, 4),
				out
					.pad(2)
					.u(v.encryptKey as number, 1)
					.u(flags, 1),
			];
		},
	],
	[
		/^cilium_lb4_services/,
		(key, value) => {
			const k = fields(key);
			const v = fields(value);
			const slot0 = k.slot === 0;
			return [
				octets()
					.be(k.address as number, 4)
					.be(k.port as number, 2)
					.u(k.slot as number, 2)
					.u(k.proto as number, 1)
					.u(k.scope as number, 1),
				octets()
					.u(slot0 ? (v.affinityTimeout as number) + (v.algorithm as number) * 2 ** 24 : (v.backendId as number), 4)
					.u(v.count as number, 2)
					.be(v.revNatIndex as number, 2)
					.u(v.flags as number, 1)
					.u(v.flags2 as number, 1)
					.u(v.qcount as number, 2),
			];
		},
	],
	[
		/^cilium_lb4_backends/,
		(key, value) => {
			const v = fields(value);
			return [
				octets().u(number(key), 4),
				octets()
					.be(v.address as number, 4)
					.be(v.port as number, 2)
					.u(v.proto as number, 1)
					.u(v.state as number, 1),
			];
		},
	],
	[
		/^cilium_lb4_reverse_nat$/,
		(key, value) => {
			const v = fields(value);
			return [
				octets().be(number(key), 2),
				octets()
					.be(v.address as number, 4)
					.be(v.port as number, 2),
			];
		},
	],
	[
		/^cilium_lb4_reverse_sk$/,
		(key, value) => {
			const k = fields(key);
			const v = fields(value);
			return [
				octets()
					.u(k.cookie as number, 8)
					.be(k.address as number, 4)
					.be(k.port as number, 2),
				octets()
					.be(v.address as number, 4)
					.be(v.port as number, 2)
					.be(v.revNatIndex as number, 2),
			];
		},
	],
	[
		/^cilium_lb4_affinity$/,
		(key, value) => {
			const k = fields(key);
			const v = fields(value);
			const client = k.netnsCookie
				? octets().u(k.client as number, 8)
				: octets()
						.be(k.client as number, 4)
						.pad(4);
			return [
				client.be(k.revNatIndex as number, 2).u(k.netnsCookie as boolean, 1),
				octets()
					.u(v.lastUsed as number, 8)
					.u(v.backendId as number, 4),
			];
		},
	],
	[
		/^cilium_lb_affinity_match$/,
		(key) => {
			const k = fields(key);
			return [
				octets()
					.u(k.backendId as number, 4)
					.be(k.revNatIndex as number, 2),
				octets(),
			];
		},
	],
	[
		/^cilium_lb4_source_range$/,
		(key) => {
			const k = fields(key);
			const { address, length } = prefixOf(k.prefix);
			return [
				octets()
					.u(32 + length, 4)
					.be(k.revNatIndex as number, 2)
					.pad(2)
					.be(address, 4),
				octets(),
			];
		},
	],
	[/^cilium_ct(?:4|_any4)_global$/, connection],
	[
		/^cilium_snat_v4_external$/,
		(key, value, minor) => {
			const v = fields(value);
			return [
				tuple(fields(key), false),
				octets()
					.u(v.created as number, 8)
					.u(v.needsCt as boolean, 8)
					.pad(minor >= 14 ? 8 : 16)
					.be(v.toAddr as number, 4)
					.be(v.toPort as number, 2),
			];
		},
	],
	[/^cilium_nodeport_neigh4$/, (key, value) => [octets().be(number(key), 4), octets().be(number(value), 6)]],
	[/^cilium_tunnel_map$/, (key, value) => [endpointKey(number(key)), endpointKey(number(value))]],
	[
		/^cilium_metrics$/,
		(key, value) => {
			const k = fields(key);
			const v = fields(value);
			return [
				octets()
					.u(k.reason as number, 1)
					.u(k.direction as number, 1),
				octets()
					.u(v.packets as number, 8)
					.u(v.bytes as number, 8),
			];
		},
	],
	[
		/^cilium_policy_\d/,
		(key, value) => {
			const k = fields(key);
			const v = fields(value);
			return [
				octets()
					.u(k.identity as number, 4)
					.be(k.dport as number, 2)
					.u(k.proto as number, 1)
					.u(k.egress as boolean, 1),
				octets()
					.be(v.proxyPort as number, 2)
					.u(v.deny as boolean, 1)
					.pad(5)
					.u(v.packets as number, 8)
					.u(v.bytes as number, 8),
			];
		},
	],
	[
		/^cilium_policy_v2_/,
		(key, value) => {
			const k = fields(key);
			const v = fields(value);
			const bits = (k.proto as number) === 0 ? 0 : 8 + (k.prefix as number);
			return [
				octets()
					.u(40 + bits, 4)
					.u(k.identity as number, 4)
					.u(k.egress as boolean, 1)
					.u(k.proto as number, 1)
					.be(k.dport as number, 2),
				octets()
					.be(v.proxyPort as number, 2)
					.u((v.deny ? 1 : 0) | (bits << 3), 1),
			];
		},
	],
];

/** Key and value of an entry, each as long as the map says; undefined for a map whose structs are not known here. */
export function entryOctets(
	map: BpfMap,
	key: unknown,
	value: unknown,
	minor: number,
): readonly [Uint8Array, Uint8Array] | undefined {
	const writer = WRITERS.find(([name]) => name.test(map.name))?.[1];
	if (!writer) return undefined;
	const [k, v] = writer(key, value, minor);
	return [k.to(map.keySize), v.to(map.valueSize)];
}

/** fprint_hex() (tools/bpf/bpftool/main.c @ v5.15): sixteen in a line, a gap after eight. */
export const hexLines = (octetsOf: Uint8Array): string =>
	[...octetsOf]
		.map(
			(octet, i) =>
				`${i === 0 ? '' : i % 16 === 0 ? '\n' : i % 8 === 0 ? '  ' : ' '}${octet.toString(16).padStart(2, '0')}`,
		)
		.join('');
