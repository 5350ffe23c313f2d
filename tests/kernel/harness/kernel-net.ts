/** A network in the real kernel, built from a plain description and brought up to date from a later one. */
import type { Agent } from './agent.ts';

export interface KernelDevice {
	readonly name: string;
	/** The kernel's choice when absent. */
	readonly ifindex?: number;
	readonly kind: 'loopback' | 'veth' | 'bridge' | 'dummy';
	/** `02:42:…`; the kernel's choice when absent. */
	readonly mac?: string;
	readonly mtu?: number;
	/** As `ip address add` takes them: `172.18.0.2/16`, with ` scope link` and the like behind. */
	readonly addresses: readonly string[];
	/** Name of the bridge it is a port of. */
	readonly master?: string;
	/** veth only: the other end. */
	readonly peer?: { readonly ns: string; readonly dev: string; readonly ifindex?: number };
	/** Left down when false. */
	readonly up?: boolean;
	/** By file name under net/ipv4/conf/<device>. */
	readonly sysctls?: Readonly<Record<string, number>>;
}

export interface KernelNamespace {
	readonly name: string;
	readonly devices: readonly KernelDevice[];
	/** As `ip route add` takes them. */
	readonly routes: readonly string[];
	/** As `ip rule add` takes them. */
	readonly rules?: readonly string[];
	/** As `ip neigh add` takes them. */
	readonly neighbours?: readonly string[];
	/** By path under /proc/sys. */
	readonly sysctls?: Readonly<Record<string, number | string>>;
	/** Sets of networks by name, `[address, length]` each. */
	readonly ipsets?: Readonly<Record<string, readonly (readonly [string, number])[]>>;
	/** For iptables-restore; none when absent. */
	readonly iptables?: string;
	readonly listeners?: readonly {
		readonly proto: 'tcp' | 'udp';
		readonly ip: string;
		readonly port: number;
		/** What the server calls itself in its answer. */
		readonly label: string;
	}[];
	/** Whether a packet socket listens on every device. */
	readonly capture?: boolean;
}

export type KernelSpec = readonly KernelNamespace[];

export interface KernelNet {
	readonly agent: Agent;
	/** Makes the kernel what the description says, changing only what differs from the last one. */
	sync(spec: KernelSpec): Promise<void>;
	readonly spec: KernelSpec;
}

/** The tables every rule set starts from, so that loading one clears what was there. */
const EMPTY_TABLES = ['raw', 'mangle', 'nat', 'filter'].map((table) => `*${table}\nCOMMIT\n`).join('');

const SETTLE = {
	// No IPv6 chatter in captures, no wait for duplicate addresses.
	'net/ipv6/conf/all/disable_ipv6': 1,
	'net/ipv6/conf/default/disable_ipv6': 1,
	'net/ipv4/conf/all/rp_filter': 0,
	'net/ipv4/conf/default/rp_filter': 0,
	// ICMP errors are rate limited by default (1000 a second in all, one a second for each peer).
	'net/ipv4/icmp_ratelimit': 0,
	'net/ipv4/icmp_msgs_per_sec': 100000,
	'net/ipv4/icmp_msgs_burst': 100000,
};

const index = (ifindex: number | undefined): string => (ifindex === undefined ? '' : ` index ${ifindex}`);

const linkKey = (a: string, b: string): string => [a, b].sort().join(' ~ ');

export const createKernelNet = (agent: Agent): KernelNet => {
	const paths = new Map<string, string>();
	const links = new Set<string>();
	let current: KernelSpec = [];

	const make = async (spec: KernelSpec): Promise<Set<string>> => {
		const wanted = new Map(spec.map((ns) => [ns.name, ns]));
		for (const name of [...paths.keys()])
			if (!wanted.has(name)) {
				await agent.destroy(name);
				paths.delete(name);
				for (const link of [...links])
					if (link.split(' ~ ').some((end) => end.startsWith(`${name} `))) links.delete(link);
			}
		const fresh = new Set<string>();
		for (const ns of spec)
			if (!paths.has(ns.name)) {
				paths.set(ns.name, await agent.create(ns.name));
				fresh.add(ns.name);
				await agent.sysctl(ns.name, SETTLE);
			}
		return fresh;
	};

	/** Creates devices that are not there; the names of those made, by namespace. */
	const cable = async (spec: KernelSpec, fresh: ReadonlySet<string>): Promise<Map<string, string[]>> => {
		const made = new Map<string, string[]>();
		const note = (ns: string, dev: string) => made.set(ns, [...(made.get(ns) ?? []), dev]);
		const before = new Map(current.map((ns) => [ns.name, new Set(ns.devices.map((d) => d.name))]));
		const commands: string[] = [];
		for (const ns of spec) {
			if (fresh.has(ns.name)) note(ns.name, 'lo');
			for (const device of ns.devices) {
				const path = paths.get(ns.name)!;
				if (device.kind === 'veth' && device.peer) {
					const key = linkKey(`${ns.name} ${device.name}`, `${device.peer.ns} ${device.peer.dev}`);
					if (links.has(key)) continue;
					links.add(key);
					const other = paths.get(device.peer.ns)!;
					commands.push(
						`link add ${device.name}${index(device.ifindex)} netns ${path} type veth ` +
							`peer name ${device.peer.dev}${index(device.peer.ifindex)} netns ${other}`,
					);
					note(ns.name, device.name);
					note(device.peer.ns, device.peer.dev);
				} else if (device.kind === 'bridge' || device.kind === 'dummy') {
					if (!fresh.has(ns.name) && before.get(ns.name)?.has(device.name)) continue;
					// A bridge without ports stands in for a dummy device, which not every kernel has.
					commands.push(
						`link add ${device.name}${index(device.ifindex)} netns ${path} type bridge${device.kind === 'bridge' ? ' forward_delay 0 mcast_snooping 0' : ''}`,
					);
					note(ns.name, device.name);
				}
			}
		}
		if (commands.length) await agent.run([{ argv: ['ip', '-batch', '-'], stdin: commands.join('\n') }]);
		return made;
	};

	const configure = (ns: KernelNamespace, made: readonly string[]): string[] => {
		const lines: string[] = [];
		const mine = ns.devices.filter((d) => made.includes(d.name));
		for (const device of mine) {
			if (device.kind !== 'loopback') {
				if (device.mac) lines.push(`link set dev ${device.name} address ${device.mac}`);
				if (device.mtu) lines.push(`link set dev ${device.name} mtu ${device.mtu}`);
			}
			for (const address of device.addresses) {
				// lo's own address appears by itself when it goes up.
				if (device.kind === 'loopback' && address.startsWith('127.0.0.1/8')) continue;
				lines.push(`address add ${address} dev ${device.name}`);
			}
			if (device.up !== false) lines.push(`link set dev ${device.name} up`);
		}
		for (const device of mine) if (device.master) lines.push(`link set dev ${device.name} master ${device.master}`);
		return lines;
	};

	/** Addresses of devices that stay but are addressed differently now. */
	const readdress = (ns: KernelNamespace, old: KernelNamespace, made: readonly string[]): string[] =>
		ns.devices.flatMap((device) => {
			const was = old.devices.find((d) => d.name === device.name);
			if (!was || made.includes(device.name) || text(was.addresses) === text(device.addresses)) return [];
			return [
				`address flush dev ${device.name}`,
				...device.addresses.map((address) => `address add ${address} dev ${device.name}`),
			];
		});

	const text = (lines: readonly string[] | undefined): string => (lines ?? []).join('\n');

	const sync = async (spec: KernelSpec): Promise<void> => {
		const before = new Map(current.map((ns) => [ns.name, ns]));
		const fresh = await make(spec);
		for (const name of fresh) before.delete(name);
		const made = await cable(spec, fresh);
		const ipCommands: { ns: string; argv: string[]; stdin: string }[] = [];
		const tables: { ns: string; argv: string[]; stdin: string }[] = [];
		for (const ns of spec) {
			const old = before.get(ns.name);
			const mine = made.get(ns.name) ?? [];
			const lines = configure(ns, mine);
			const moved = old ? readdress(ns, old, mine) : [];
			lines.push(...moved);
			if (text(ns.routes) !== text(old?.routes) || mine.length > 0 || moved.length > 0) {
				// Those of devices that vanished went with them; what is left is put in the place of what was.
				const gone = (old?.routes ?? []).filter((route) => !ns.routes.includes(route));
				if (gone.length)
					await agent.run(
						[
							{
								ns: ns.name,
								argv: ['ip', '-force', '-batch', '-'],
								stdin: text(gone.map((route) => `route del ${route}`)),
							},
						],
						true,
					);
				lines.push(...ns.routes.map((route) => `route ${old ? 'replace' : 'add'} ${route}`));
			}
			const [rules, had] = [ns.rules ?? [], old?.rules ?? []];
			lines.push(...had.filter((rule) => !rules.includes(rule)).map((rule) => `rule del ${rule}`));
			lines.push(...rules.filter((rule) => !had.includes(rule)).map((rule) => `rule add ${rule}`));
			if (text(ns.neighbours) !== text(old?.neighbours))
				lines.push(...(ns.neighbours ?? []).map((neighbour) => `neigh replace ${neighbour}`));
			if (lines.length) ipCommands.push({ ns: ns.name, argv: ['ip', '-batch', '-'], stdin: `${text(lines)}\n` });
			if (JSON.stringify(ns.ipsets) !== JSON.stringify(old?.ipsets))
				for (const [name, members] of Object.entries(ns.ipsets ?? {})) await agent.ipset(ns.name, name, members);
			const counters = [...(ns.iptables ?? '').matchAll(/--nfacct-name +(\S+)/g)].map((m) => m[1]!);
			if (counters.length) await agent.account(ns.name, [...new Set(counters)]);
			if (ns.iptables !== old?.iptables)
				tables.push({ ns: ns.name, argv: ['iptables-restore'], stdin: ns.iptables ?? EMPTY_TABLES });
		}
		await agent.run(ipCommands);
		await agent.run(tables);
		for (const ns of spec) {
			const old = before.get(ns.name);
			const devices = made.get(ns.name) ?? [];
			if (devices.length) await agent.offload(ns.name, devices);
			if (ns.sysctls && JSON.stringify(ns.sysctls) !== JSON.stringify(old?.sysctls))
				await agent.sysctl(ns.name, ns.sysctls);
			for (const device of ns.devices) {
				const was = old?.devices.find((d) => d.name === device.name);
				if (!device.sysctls || JSON.stringify(device.sysctls) === JSON.stringify(was?.sysctls)) continue;
				await agent.sysctl(
					ns.name,
					Object.fromEntries(Object.entries(device.sysctls).map(([k, v]) => [`net/ipv4/conf/${device.name}/${k}`, v])),
				);
			}
			if (JSON.stringify(ns.listeners) !== JSON.stringify(old?.listeners)) {
				if (old) await agent.unlisten(ns.name);
				for (const l of ns.listeners ?? []) await agent.listen(ns.name, l.proto, l.ip, l.port, l.label);
			}
			if (ns.capture && !old?.capture) await agent.capture(ns.name);
		}
		current = spec;
	};

	return {
		agent,
		sync,
		get spec() {
			return current;
		},
	};
};
