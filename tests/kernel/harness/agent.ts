/** The process that holds the namespaces: a thin, typed line to agent.py. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** What a client saw. `errno` is connect()'s or send()'s or recv()'s. */
export interface ProbeResult {
	readonly result: 'connected' | 'refused' | 'timeout' | 'unreachable';
	readonly errno?: string;
	/** `ip:port` of the client's socket. */
	readonly local?: string;
	/** What the server wrote: `<label> <peer ip:port>` (TCP), `r<probe id> <label> <peer ip:port>` (UDP). */
	readonly data?: string;
}

export interface ProbeSpec {
	readonly ns: string;
	readonly proto: 'tcp' | 'udp';
	readonly ip: string;
	readonly port: number;
	/** Seconds until no answer is a timeout. */
	readonly timeout: number;
	readonly sport?: number;
	readonly source?: string;
	readonly ttl?: number;
	/** UDP payload, octets. */
	readonly size?: number;
	readonly df?: boolean;
}

/** A probe's outcome with the marks by which its packets are told from others' in a capture. */
export interface MarkedResult extends ProbeResult {
	/** First word of the UDP payload; `r` and it is that of the answer. */
	readonly id: string;
	/** MSS option of the SYN, of no other probe's at this time. */
	readonly mss: number;
}

/** A frame as a packet socket saw it. */
export interface CapturedFrame {
	readonly ns: string;
	readonly dev: string;
	/** Ethertype. */
	readonly proto: number;
	/** linux/if_packet.h: 0 host, 1 broadcast, 2 multicast, 3 otherhost, 4 outgoing. */
	readonly kind: number;
	/** Nanoseconds since the agent started. */
	readonly time: number;
	readonly octets: Uint8Array;
}

export interface RunResult {
	readonly status: number;
	readonly out: string;
	readonly err: string;
}

export interface Agent {
	/** Makes a namespace; the path by which `ip link` knows it. */
	create(ns: string): Promise<string>;
	destroy(ns: string): Promise<void>;
	listen(ns: string, proto: 'tcp' | 'udp', ip: string, port: number, label: string): Promise<void>;
	unlisten(ns: string): Promise<void>;
	capture(ns: string): Promise<void>;
	/** Frames captured since the last call, by time. */
	drain(): Promise<CapturedFrame[]>;
	probe(spec: ProbeSpec): Promise<MarkedResult>;
	/** Waits until servers have closed what clients closed, and the last acknowledgements are through. */
	settle(): Promise<void>;
	sendFrame(ns: string, dev: string, octets: Uint8Array): Promise<void>;
	/** An IP packet with its header through OUTPUT; the name of the error, if any. */
	sendIp(ns: string, octets: Uint8Array): Promise<string | undefined>;
	/** Programs side by side, each in its namespace; throws when one fails, unless `mayFail`. */
	run(
		commands: readonly { readonly ns?: string; readonly argv: readonly string[]; readonly stdin?: string }[],
		mayFail?: boolean,
	): Promise<RunResult[]>;
	sysctl(ns: string, values: Readonly<Record<string, number | string>>): Promise<void>;
	offload(ns: string, devices: readonly string[]): Promise<void>;
	conntrack(ns: string): Promise<string[]>;
	flush(ns: string): Promise<void>;
	/** Makes counters for `-m nfacct` rules. */
	account(ns: string, names: readonly string[]): Promise<void>;
	/** Makes or refills a set of networks, `[address, length]` each. */
	ipset(ns: string, name: string, members: readonly (readonly [string, number])[]): Promise<void>;
	read(ns: string, path: string): Promise<string>;
	/** Puts a BPF program on a device's tc hook that hands IPv4 packets to a helper; `undefined` takes it away. */
	attach(
		ns: string,
		dev: string,
		hook: 'ingress' | 'egress',
		helper: 'redirect' | 'redirect_neigh' | 'redirect_peer' | undefined,
		target: string,
	): Promise<void>;
	/** Puts a program at a device's XDP hook that gives every frame this verdict; `undefined` takes it away. */
	attachXdp(ns: string, dev: string, verdict: 'tx' | 'pass' | undefined, mode: 'native' | 'generic'): Promise<void>;
	close(): Promise<void>;
}

/** Why these tests cannot run here, or undefined when they can. */
export const whyNot = (): string | undefined => {
	if (process.platform !== 'linux') return 'network namespaces need Linux';
	if (process.getuid?.() !== 0) return 'network namespaces need root';
	for (const program of ['python3', 'ip', 'iptables-restore', 'unshare'])
		try {
			execFileSync('which', [program], { stdio: 'ignore' });
		} catch {
			return `${program} is not installed`;
		}
	try {
		execFileSync('unshare', ['-n', 'true'], { stdio: 'ignore' });
	} catch {
		return 'this machine lets nobody make network namespaces';
	}
	return undefined;
};

const hexOf = (octets: Uint8Array): string => Buffer.from(octets).toString('hex');

type Waiting = { resolve: (value: unknown) => void; reject: (error: Error) => void };

export const startAgent = (): Agent => {
	const child: ChildProcess = spawn('python3', ['-B', fileURLToPath(new URL('./agent.py', import.meta.url))], {
		stdio: ['pipe', 'pipe', 'inherit'],
	});
	const replies = new Map<number, Waiting>();
	const probes = new Map<string, (value: ProbeResult & { id: string }) => void>();
	let next = 0;
	const lost = (error: Error) => {
		for (const { reject } of replies.values()) reject(error);
		replies.clear();
	};
	const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
	child.once('exit', () => lost(new Error('the agent is gone')));
	createInterface({ input: child.stdout! }).on('line', (line) => {
		const message = JSON.parse(line) as {
			reply?: number;
			value?: unknown;
			error?: string;
			probe?: string;
		} & ProbeResult;
		if (message.probe !== undefined) {
			const { probe, ...result } = message;
			probes.get(probe)?.({ id: probe, ...result });
			probes.delete(probe);
			return;
		}
		const waiting = replies.get(message.reply!);
		replies.delete(message.reply!);
		if (message.error !== undefined) waiting?.reject(new Error(message.error));
		else waiting?.resolve(message.value);
	});
	const call = <T>(name: string, ...args: unknown[]): Promise<T> =>
		new Promise((resolve, reject) => {
			const n = next++;
			replies.set(n, { resolve: resolve as Waiting['resolve'], reject });
			child.stdin!.write(`${JSON.stringify({ n, call: name, args })}\n`);
		});

	return {
		create: (ns) => call('create', ns),
		destroy: (ns) => call('destroy', ns),
		listen: (ns, proto, ip, port, label) => call('listen', ns, proto, ip, port, label),
		unlisten: (ns) => call('unlisten', ns),
		capture: (ns) => call('capture', ns),
		async drain() {
			const rows = await call<[string, string, number, number, number, string][]>('drain');
			return rows
				.map(([ns, dev, proto, kind, time, hex]) => ({
					ns,
					dev,
					proto,
					kind,
					time,
					octets: new Uint8Array(Buffer.from(hex, 'hex')),
				}))
				.sort((a, b) => a.time - b.time);
		},
		async probe(spec) {
			const id = `p${next++}`;
			const mss = 536 + (next % 900);
			const result = new Promise<ProbeResult & { id: string }>((resolve) => probes.set(id, resolve));
			const { ns, proto, ip, port, timeout, sport = 0, source = '', ttl = 0, size = 0, df = null } = spec;
			await call('probe', id, ns, proto, ip, port, timeout, sport, source, ttl, size, df, mss);
			return { ...(await result), mss };
		},
		async settle() {
			for (let tries = 0; tries < 100 && (await call<number>('busy')) > 0; tries++)
				await new Promise((resolve) => setTimeout(resolve, 10));
			await new Promise((resolve) => setTimeout(resolve, 20));
		},
		sendFrame: (ns, dev, octets) => call('send_raw', ns, dev, hexOf(octets)),
		sendIp: async (ns, octets) => (await call<string | null>('send_ip', ns, hexOf(octets))) ?? undefined,
		async run(commands, mayFail = false) {
			const rows = await call<[number, string, string][]>(
				'run',
				commands.map((c) => [c.ns ?? null, c.argv, c.stdin ?? null]),
			);
			return rows.map(([status, out, err], i) => {
				if (status !== 0 && !mayFail)
					throw new Error(
						`${commands[i]!.argv.join(' ')} in ${commands[i]!.ns}: ${err.trim()}\n${commands[i]!.stdin ?? ''}`,
					);
				return { status, out, err };
			});
		},
		sysctl: (ns, values) => call('sysctl', ns, Object.entries(values)),
		offload: (ns, devices) => call('offload', ns, devices),
		conntrack: (ns) => call('conntrack', ns),
		flush: (ns) => call('flush', ns),
		account: (ns, names) => call('account', ns, names),
		ipset: (ns, name, members) => call('ipset', ns, name, members),
		read: (ns, path) => call('read', ns, path),
		attach: (ns, dev, hook, helper, target) => call('attach', ns, dev, hook === 'ingress', helper ?? null, target),
		attachXdp: (ns, dev, verdict, mode) => call('attach_xdp', ns, dev, verdict ?? null, mode),
		async close() {
			child.stdin!.end();
			await exited;
		},
	};
};
