/** `sysctl` (procps 3.3) and /proc/sys/net: what of it a packet can tell, read from the namespace and written to it. */
import {
	CONNTRACK_TIMEOUTS,
	deviceByName,
	type Network,
	type Sysctls,
	setDevice,
	setSysctl,
} from '../../sim/linux/index.ts';
import type { Call, Tool } from '../tool.ts';
import { devicesIn } from './devices.ts';
import { trackedAt } from './held-connections.ts';
import { hasTool } from './images.ts';
import { fixedSysctls, may } from './rights.ts';
import { type Space, withSpace } from './space.ts';
import { addRest, type Entry } from './sysctl-rest.ts';
import { getopt, getoptText, whole } from './words.ts';

/** nf_conntrack's names of timeouts, by the simulator's. */
const TIMEOUTS: Readonly<Record<string, string>> = {
	tcp_timeout_syn_sent: 'SYN_SENT',
	tcp_timeout_syn_recv: 'SYN_RECV',
	tcp_timeout_established: 'ESTABLISHED',
	tcp_timeout_fin_wait: 'FIN_WAIT',
	tcp_timeout_close_wait: 'CLOSE_WAIT',
	tcp_timeout_last_ack: 'LAST_ACK',
	tcp_timeout_time_wait: 'TIME_WAIT',
	tcp_timeout_close: 'CLOSE',
	tcp_timeout_max_retrans: 'RETRANS',
	tcp_timeout_unacknowledged: 'UNACK',
	udp_timeout: 'UDP',
	udp_timeout_stream: 'UDP_STREAM',
	icmp_timeout: 'ICMP',
	generic_timeout: 'GENERIC',
};

/** As `hostname` says it: of a namespace's own machine. */
function hostnameOf({ lab, name }: Space): string {
	const own = name.slice(name.lastIndexOf('/') + 1);
	if (name === 'host') return 'laptop';
	const container = name.startsWith('container/') ? lab.docker.find(own) : undefined;
	return container ? (container.hostname ?? container.id.slice(0, 12)) : own;
}

/** Every name of a namespace with its value, by path with slashes: `net/ipv4/ip_forward`. */
export function sysctlsOf(space: Space): ReadonlyMap<string, Entry> {
	const out = new Map<string, Entry>();
	const values = (): Sysctls => space.ns().sysctls;
	const change = (what: Partial<Sysctls>): undefined => {
		space.change((net, ns) => setSysctl(net, ns, what));
	};
	const number = (path: string, read: () => number, write: (n: number) => void, min: number, max: number): void => {
		out.set(path, {
			read: () => String(read()),
			write(text) {
				const n = whole(text.trim(), min, max);
				if (n === undefined) return 'Invalid argument';
				write(n);
				return undefined;
			},
		});
	};
	const flag = (
		path: string,
		key: 'ip_forward' | 'route_localnet' | 'nf_conntrack_tcp_be_liberal' | 'bridge_nf_call_iptables',
	): void =>
		number(
			path,
			() => (values()[key] ? 1 : 0),
			(n) => change({ [key]: n !== 0 }),
			0,
			1,
		);
	const limit = (
		path: string,
		key: 'ip_default_ttl' | 'tcp_syn_retries' | 'tcp_synack_retries' | 'tcp_retries2',
		min: number,
		max: number,
	): void =>
		number(
			path,
			() => values()[key],
			(n) => change({ [key]: n }),
			min,
			max,
		);
	flag('net/ipv4/ip_forward', 'ip_forward');
	number(
		'net/ipv4/icmp_echo_ignore_all',
		() => (values().icmp_echo_ignore_all ? 1 : 0),
		(n) => change({ icmp_echo_ignore_all: n !== 0 }),
		0,
		1,
	);
	limit('net/ipv4/ip_default_ttl', 'ip_default_ttl', 1, 255);
	limit('net/ipv4/tcp_syn_retries', 'tcp_syn_retries', 1, 127);
	limit('net/ipv4/tcp_synack_retries', 'tcp_synack_retries', 0, 255);
	limit('net/ipv4/tcp_retries2', 'tcp_retries2', 0, 255);
	out.set('net/ipv4/ip_local_port_range', {
		read: () => values().ip_local_port_range.join('\t'),
		write(text) {
			const [low, high] = text
				.trim()
				.split(/\s+/)
				.map((part) => whole(part, 1, 65_535));
			if (low === undefined || high === undefined || low > high) return 'Invalid argument';
			return change({ ip_local_port_range: [low, high] });
		},
	});
	for (const scope of ['all', 'default', ...devicesIn(space.ns()).map((d) => d.name)]) {
		const base = `net/ipv4/conf/${scope}`;
		const device = (): ReturnType<typeof deviceByName> => deviceByName(space.ns(), scope);
		if (scope === 'all') {
			flag(`${base}/forwarding`, 'ip_forward');
			flag(`${base}/route_localnet`, 'route_localnet');
			number(
				`${base}/rp_filter`,
				() => values().rp_filter,
				(n) => change({ rp_filter: n as 0 | 1 | 2 }),
				0,
				2,
			);
		} else if (scope === 'default') {
			for (const name of ['rp_filter', 'route_localnet'])
				out.set(`${base}/${name}`, {
					read: () => '0',
					write: (value) =>
						value.trim() === '0' ? undefined : { sentence: "the simulator's packets do not obey it: it stays 0" },
				});
			out.set(`${base}/forwarding`, { read: () => (values().ip_forward ? '1' : '0') });
		} else {
			const set = (what: Parameters<typeof setDevice>[3]): void => {
				space.change((net: Network, ns) => setDevice(net, ns, scope, what));
			};
			number(
				`${base}/rp_filter`,
				() => device()?.rpFilter ?? 0,
				(n) => set({ rpFilter: n as 0 | 1 | 2 }),
				0,
				2,
			);
			number(
				`${base}/proxy_arp`,
				() => (device()?.proxyArp ? 1 : 0),
				(n) => set({ proxyArp: n !== 0 }),
				0,
				1,
			);
			number(
				`${base}/route_localnet`,
				() => (device()?.routeLocalnet ? 1 : 0),
				(n) => set({ routeLocalnet: n !== 0 }),
				0,
				1,
			);
			out.set(`${base}/forwarding`, { read: () => (values().ip_forward ? '1' : '0') });
		}
	}
	const nf = 'net/netfilter/nf_conntrack';
	number(
		`${nf}_max`,
		() => space.ns().conntrack.max,
		(n) =>
			space.change((net, ns) => {
				net.namespaces.get(ns)!.conntrack.max = n;
			}),
		1,
		0x7fffffff,
	);
	out.set(`${nf}_count`, { read: () => String(trackedAt(space).length) });
	flag(`${nf}_tcp_be_liberal`, 'nf_conntrack_tcp_be_liberal');
	for (const [name, key] of Object.entries(TIMEOUTS))
		number(
			`${nf}_${name}`,
			() => values().conntrackTimeouts[key] ?? CONNTRACK_TIMEOUTS[key as keyof typeof CONNTRACK_TIMEOUTS],
			(n) => change({ conntrackTimeouts: { ...values().conntrackTimeouts, [key]: n } }),
			0,
			0x7fffffff,
		);
	flag('net/bridge/bridge-nf-call-iptables', 'bridge_nf_call_iptables');
	// Ubuntu forbids it until somebody says otherwise (2); an agent forbids it for good (pkg/datapath/loader/base.go).
	const agents = space.lab.clusters().some((cluster) => cluster.agents().length > 0);
	out.set('kernel/unprivileged_bpf_disabled', { read: () => (agents ? '1' : '2') });
	out.set('net/core/bpf_jit_enable', { read: () => '1' });
	out.set('kernel/hostname', { read: () => hostnameOf(space) });
	out.set('kernel/osrelease', { read: () => releaseOf(space) });
	addRest(out, space);
	return new Map([...out].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Whether a call's process may listen at a port (net/ipv4/af_inet.c __inet_bind() @ v5.15, inet_port_requires_bind_service()). */
export const mayBind = (call: Call, space: Space, port: number): boolean =>
	may(call, 'NET_BIND_SERVICE') ||
	port >= Number(sysctlsOf(space).get('net/ipv4/ip_unprivileged_port_start')?.read() ?? 1024);

/** Whether it may send echo requests by a datagram socket (net/ipv4/ping.c ping_init_sock() @ v5.15). */
export function mayPing({ who }: Call, space: Space): boolean {
	const [low = 1, high = 0] = (sysctlsOf(space).get('net/ipv4/ping_group_range')?.read() ?? '')
		.split(/\s+/)
		.map(Number);
	return [who.gid, ...who.groups].some((gid) => gid >= low && gid <= high);
}

/** `uname -r`: the node's kernel as the API server has it, else the namespace's. */
export function releaseOf(space: Space): string {
	const api = space.cluster?.api;
	const nodes = api?.find?.('nodes');
	const name = space.name.startsWith('node/') ? space.name.slice(5) : undefined;
	const list = nodes && api ? api.list(nodes) : [];
	const node = (name === undefined ? undefined : list.find((n) => n.metadata.name === name)) ?? list[0];
	const info = (node?.status as { nodeInfo?: { kernelVersion?: string } } | undefined)?.nodeInfo;
	if (info?.kernelVersion) return info.kernelVersion;
	return space.ns().kernel;
}

/** Dots are slashes, and slashes dots where there are both (a device's name). */
const pathOf = (name: string): string =>
	name.includes('/')
		? name.indexOf('.') >= 0 && name.indexOf('.') < name.indexOf('/')
			? swap(name)
			: name
		: name.replaceAll('.', '/');
const swap = (name: string): string => [...name].map((c) => (c === '.' ? '/' : c === '/' ? '.' : c)).join('');
const dotted = (path: string): string => swap(path);

async function run(call: Call, space: Space): Promise<number> {
	const parsed = getopt(call.args, {
		short: 'aAXnewqpfNboxr:dhV',
		long: [
			'all=>a',
			'values=>n',
			'names=>N',
			'write=>w',
			'quiet=>q',
			'load=>p',
			'system',
			'ignore=>e',
			'binary=>b',
			'pattern=>r',
			'deprecated',
		],
	});
	if ('fault' in parsed) {
		call.err(
			`${getoptText('sysctl', parsed.fault)}\nUsage:\n sysctl [options] [variable[=value] ...]\n\nOptions:\n  -a, --all            display all variables\n  -n, --values         print only values of the given variable(s)\n  -w, --write          enable writing a value to variable\n`,
		);
		return 1;
	}
	const { values, args } = parsed;
	const entries = sysctlsOf(space);
	const pattern = patternOf(values.get('r'));
	if (pattern === null) {
		call.err(`sysctl: ${values.get('r')}: Invalid regular expression\n`);
		return 1;
	}
	const show = (path: string): void => {
		if (pattern && !pattern.test(dotted(path))) return;
		const text = entries.get(path)!.read();
		if (values.has('b')) call.out(text);
		else
			call.out(values.has('n') ? `${text}\n` : values.has('N') ? `${dotted(path)}\n` : `${dotted(path)} = ${text}\n`);
	};
	if (['a', 'A', 'X'].some((all) => values.has(all))) {
		for (const path of entries.keys()) show(path);
		return 0;
	}
	if (values.has('system')) return applied(call, (settings) => set(settings));
	const loads = values.has('p') || values.has('f');
	if (args.length === 0 && !loads) {
		call.err('\nUsage:\n sysctl [options] [variable[=value] ...]\n');
		return 1;
	}
	let settings: readonly string[] = args;
	if (loads) {
		const path = args[0] ?? '/etc/sysctl.conf';
		const text = await call.files.read(path);
		if (text === undefined) {
			call.err(`sysctl: cannot open "${path}": No such file or directory\n`);
			return 1;
		}
		settings = settingsIn(text);
	}
	return set(settings);

	function set(all: readonly string[]): number {
		let code = 0;
		for (const setting of all) {
			const eq = setting.indexOf('=');
			const path = pathOf((eq < 0 ? setting : setting.slice(0, eq)).trim());
			const entry = entries.get(path);
			if (!entry) {
				const below = [...entries.keys()].filter((p) => p.startsWith(`${path.replace(/\/$/, '')}/`));
				if (below.length > 0 && eq < 0) {
					for (const p of below) show(p);
					continue;
				}
				if (!values.has('e')) call.err(`sysctl: cannot stat /proc/sys/${path}: No such file or directory\n`);
				code = values.has('e') ? code : 255;
				continue;
			}
			if (eq < 0) {
				show(path);
				continue;
			}
			const learner = call.place.kind === 'laptop' && call.who.uid !== 0;
			if (!entry.write || learner) {
				call.err(`sysctl: permission denied on key "${dotted(path)}"\n`);
				code = 255;
				continue;
			}
			const wrong = fixedSysctls(call) ? 'Read-only file system' : entry.write(setting.slice(eq + 1));
			if (wrong) {
				call.err(`sysctl: setting key "${dotted(path)}": ${typeof wrong === 'string' ? wrong : wrong.sentence}\n`);
				code = 255;
			} else if (!values.has('q')) show(path);
		}
		return code;
	}
}

/** `-r`: what a name has in it; null of what is no pattern. */
function patternOf(text: string | undefined): RegExp | null | undefined {
	if (text === undefined) return undefined;
	try {
		return new RegExp(text);
	} catch {
		return null;
	}
}

/** A file of settings, as names and values. */
const settingsIn = (text: string): readonly string[] =>
	text
		.split('\n')
		.map((l) => l.replace(/[#;].*/, '').trim())
		.filter(Boolean)
		.map((l) => l.replace(/\s*=\s*/, '='));

const DIRECTORIES = ['/etc/sysctl.d', '/run/sysctl.d', '/usr/local/lib/sysctl.d', '/usr/lib/sysctl.d', '/lib/sysctl.d'];

/** `--system`: files of all directories by their names, the first of a name, and /etc/sysctl.conf (procps 3.3.17 sysctl.c PreloadSystem()). */
async function applied(call: Call, set: (settings: readonly string[]) => number): Promise<number> {
	const files = new Map<string, string>();
	for (const directory of DIRECTORIES)
		for (const name of (await call.files.list(directory)) ?? [])
			if (name.endsWith('.conf') && !files.has(name)) files.set(name, `${directory}/${name}`);
	const paths = [...files].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, path]) => path);
	let code = 0;
	for (const path of [...paths, '/etc/sysctl.conf']) {
		const text = await call.files.read(path);
		if (text === undefined) continue;
		call.out(`* Applying ${path} ...\n`);
		code = set(settingsIn(text)) || code;
	}
	return code;
}

export const sysctl: Tool = {
	name: 'sysctl',
	at: hasTool('sysctl'),
	run: (call) => withSpace(call, (space) => run(call, space)),
};

/**
 * Somebody wrote a file of /proc/sys.
 * @throws Error with the fault's name, as the kernel answers write(2)
 */
export function sysctlWritten(space: Space, path: string, text: string): void {
	const entry = sysctlsOf(space).get(path.replace('/proc/sys/', ''));
	if (!entry) throw new Error('ENOENT');
	if (!entry.write) throw new Error('EACCES');
	if (entry.write(text)) throw new Error('EINVAL');
}
