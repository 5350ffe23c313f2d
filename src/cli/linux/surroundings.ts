/** Files of a place that the network makes: /etc/resolv.conf, /etc/hosts, /proc/net, /proc/sys/net, /etc/cni/net.d. */
import type { Lab } from '../../sim/lab/index.ts';
import { connectionsAt, formatConntrack, neighbourState, RT_TABLE_MAIN } from '../../sim/linux/index.ts';
import { formatIp, formatMac, maskOf } from '../../sim/wire/index.ts';
import { podsOf, servicesOf } from '../../sim/world/index.ts';
import type { Surroundings } from '../shell/index.ts';
import type { Place } from '../tool.ts';
import { devicesIn } from './devices.ts';
import { packagesAt } from './images.ts';
import { containerResolv, hostsLine, plainContainer } from './laptop-containers.ts';
import { type Space, spaceAt } from './space.ts';
import { sysctlsOf } from './sysctl.ts';
import { octetsOf } from './traffic.ts';

const LOCALHOST =
	'127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\nfe00::0\tip6-localnet\nff00::0\tip6-mcastprefix\nff02::1\tip6-allnodes\nff02::2\tip6-allrouters\n';

/** What Docker, kind's entrypoint and the kubelet write (pkg/kubelet/network/dns/dns.go, kubelet_pods.go @ v1.24.0). */
function resolvText(place: Place, space: Space): string {
	const own = place.kind === 'container' ? plainContainer(space.lab, place.id) : undefined;
	if (own && own.network !== 'host') return containerResolv(own);
	if (place.kind === 'laptop' || place.kind === 'container')
		return 'nameserver 127.0.0.53\noptions edns0 trust-ad\nsearch .\n';
	const world = space.cluster?.world();
	const gateway = space.lab.docker?.networks().find((n) => n.name === 'kind')?.gateway ?? 0xac120001;
	const nodes = `search localdomain\nnameserver ${formatIp(gateway)}\noptions edns0 trust-ad ndots:0\n`;
	if (place.kind === 'node' || !world) return nodes;
	const pod = podsOf(world).find((p) => p.metadata.namespace === place.namespace && p.metadata.name === place.pod);
	const policy = podSpec(place, space)?.dnsPolicy ?? 'ClusterFirst';
	if (policy === 'Default' || (pod?.hostNetwork && policy !== 'ClusterFirstWithHostNet')) return nodes;
	const dns = servicesOf(world).find((s) => s.metadata.namespace === 'kube-system' && s.metadata.name === 'kube-dns');
	const zones = [`${place.namespace}.svc`, 'svc'].map((z) => `${z}.cluster.local`).join(' ');
	return `search ${zones} cluster.local localdomain\nnameserver ${dns?.clusterIP === undefined ? '10.96.0.10' : formatIp(dns.clusterIP)}\noptions ndots:5\n`;
}

interface PodSpec {
	readonly dnsPolicy?: string;
}

function podSpec(place: Extract<Place, { kind: 'pod' }>, space: Space): PodSpec | undefined {
	const api = space.cluster?.api;
	const pods = api?.find?.('pods');
	return pods && (api?.get(pods, place.namespace, place.pod)?.spec as PodSpec | undefined);
}

function hostsText(place: Place, space: Space): string {
	if (place.kind === 'container') {
		const own = plainContainer(space.lab, place.id);
		return `${LOCALHOST}${own ? hostsLine(own) : ''}`;
	}
	const name = place.kind === 'laptop' ? 'laptop' : place.kind === 'node' ? place.node : place.pod;
	if (place.kind === 'laptop')
		return `${LOCALHOST.split('\n')[0]}\n127.0.1.1\tlaptop\n\n${LOCALHOST.split('\n').slice(1).join('\n')}`;
	const own = devicesIn(space.ns()).find((d) => d.name === 'eth0')?.addresses[0];
	const line = own ? `${formatIp(own.ip)}\t${name}\n` : '';
	return place.kind === 'pod' ? `# Kubernetes-managed hosts file.\n${LOCALHOST}${line}` : `${LOCALHOST}${line}`;
}

/** net/core/net-procfs.c, dev_seq_printf_stats(). */
function procNetDev(space: Space): string {
	const pad = (n: number, width: number): string => String(n).padStart(width);
	const rows = devicesIn(space.ns()).map((device) => {
		const count = space.ns().counters.get(device.ifindex) ?? { rx: 0, tx: 0 };
		const [rx, tx] = [octetsOf(space, device.name, 'rx'), octetsOf(space, device.name, 'tx')];
		return `${device.name.padStart(6)}: ${pad(rx, 7)} ${pad(count.rx, 7)} ${pad(0, 4)} ${pad(0, 4)} ${pad(0, 4)} ${pad(0, 5)} ${pad(0, 10)} ${pad(0, 9)} ${pad(tx, 8)} ${pad(count.tx, 7)} ${pad(0, 4)} ${pad(0, 4)} ${pad(0, 4)} ${pad(0, 5)} ${pad(0, 7)} ${pad(0, 10)}\n`;
	});
	return `Inter-|   Receive                                                |  Transmit\n face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed\n${rows.join('')}`;
}

/** An address as the kernel's seq files print it: the word in host order, on a little-endian machine. */
const swapped = (ip: number): string =>
	[24, 16, 8, 0]
		.map((bits) => ((ip >>> bits) & 255).toString(16).padStart(2, '0'))
		.reverse()
		.join('')
		.toUpperCase();

/** net/ipv4/fib_trie.c, fib_route_seq_show(). */
function procNetRoute(space: Space): string {
	const ns = space.ns();
	const lines = ns.routes
		.filter((r) => r.table === RT_TABLE_MAIN)
		.sort((a, b) => a.dst.address - b.dst.address || b.dst.length - a.dst.length || a.metric - b.metric)
		.map((r) => {
			const refused = r.type === 'unreachable' || r.type === 'prohibit';
			const flags = (refused ? 0x201 : 1) | (r.via === undefined ? 0 : 2) | (r.dst.length === 32 ? 4 : 0);
			return `${ns.devices.get(r.dev ?? 0)?.name ?? '*'}\t${swapped(r.dst.address)}\t${swapped(r.via ?? 0)}\t${flags.toString(16).padStart(4, '0').toUpperCase()}\t0\t0\t${r.metric}\t${swapped(maskOf(r.dst.length))}\t0\t0\t0`;
		});
	const head = 'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT';
	return [head, ...lines].map((l) => `${l.padEnd(127)}\n`).join('');
}

/** net/ipv4/arp.c, arp_format_neigh_entry(). */
function procNetArp(space: Space): string {
	const net = space.net();
	const ns = space.ns();
	const lines = [...ns.neighbours.values()].map((n) => {
		const state = neighbourState(net, n);
		const known = n.mac !== undefined && state !== 'FAILED' && state !== 'INCOMPLETE';
		const flags = known ? (state === 'PERMANENT' ? 6 : 2) : 0;
		return `${formatIp(n.ip).padEnd(16)} 0x1         0x${flags.toString(16).padEnd(10)}${known ? formatMac(n.mac!) : '00:00:00:00:00:00'}     *        ${ns.devices.get(n.dev)?.name ?? ''}\n`;
	});
	return `IP address       HW type     Flags       HW address            Mask     Device\n${lines.join('')}`;
}

function procConntrack(space: Space): string {
	const { now } = space.net();
	return connectionsAt(space.ns().conntrack, now)
		.map((c) => `${formatConntrack(c, now)}\n`)
		.join('');
}

/** Of the nodes' Ubuntu (kind v0.14: 21.10), as its image has it. */
const SOURCES = [
	...['impish', 'impish-updates', 'impish-backports'].map((suite) => `deb http://archive.ubuntu.com/ubuntu/ ${suite}`),
	'deb http://security.ubuntu.com/ubuntu/ impish-security',
]
	.map((line) => `${line} main restricted universe multiverse\n`)
	.join('');

export const linuxSurroundings: Surroundings = {
	/** Images of busybox have its shell and no bash, unless they bring more along. */
	facts(place: Place, lab: Lab) {
		const packages = packagesAt(place, lab);
		return packages.includes('busybox') ? { sh: 'ash', bash: packages.includes('iproute2') } : undefined;
	},
	files(place: Place, lab: Lab) {
		const space = spaceAt(place, lab);
		if (!space) return {};
		const out: Record<string, () => string> = {
			'/etc/resolv.conf': () => resolvText(place, space),
			'/etc/hosts': () => hostsText(place, space),
			'/proc/net/dev': () => procNetDev(space),
			'/proc/net/route': () => procNetRoute(space),
			'/proc/net/arp': () => procNetArp(space),
			'/proc/net/nf_conntrack': () => procConntrack(space),
		};
		for (const [path, entry] of sysctlsOf(space)) out[`/proc/sys/${path}`] = () => `${entry.read()}\n`;
		if (place.kind === 'node') {
			out['/etc/apt/sources.list'] = () => SOURCES;
			const machine = space.cluster?.nodes().find((m) => m.name === place.node);
			for (const [name, text] of Object.entries(machine?.cniConfig ?? {})) out[`/etc/cni/net.d/${name}`] = () => text;
		}
		return out;
	},
};
