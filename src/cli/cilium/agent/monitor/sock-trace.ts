/**
 * What the programs at sockets tell: TRACE_SOCK_NOTIFY, from 1.13, whatever is aggregated. An address asked for that is
 * a service's is told before and after it becomes a backend's; a backend's, before and after it is given back.
 *
 * Source: bpf/bpf_sock.c, bpf/lib/trace_sock.h, pkg/monitor/datapath_sock_trace.go @ v1.18.3.
 *
 * Not modelled: sockets of the node itself, which Hubble skips as nobody's; getpeername() and recvmsg() where no
 * translation is found, which tell pre-xlate-rev alone, as servers do for each request.
 */
import type { Namespace } from '../../../../sim/linux/index.ts';
import type { Decision } from '../../../../sim/trace/index.ts';
import { IPPROTO_TCP, IPPROTO_UDP, type Ip, parseIp } from '../../../../sim/wire/index.ts';
import { namespaceOf } from '../../../../sim/world/index.ts';
import { cgroupOf } from '../cgroups.ts';
import { type Agent, cpusOf, endpointsOf } from '../context.ts';
import type { TraceSockNotification, XlatePoint } from './types.ts';

interface SockPeer {
	readonly ip: Ip;
	readonly port: number;
}

const peerOf = (text: string): SockPeer => {
	const at = text.lastIndexOf(':');
	return { ip: parseIp(text.slice(0, at)) ?? 0, port: Number(text.slice(at + 1)) };
};

/** `--trace-sock`, which is on; no chart turns it off. */
const isOn = ({ minor, settings, state }: Agent): boolean =>
	minor >= 13 && settings.socketLB !== 'off' && state.config['trace-sock'] !== 'false';

/** Of what these decisions were, told on the way out and on the way back. `ns` is the node's namespace. */
export function sockNotifications(
	agent: Agent,
	ns: Namespace,
	decisions: readonly Decision[],
): { readonly forward: readonly TraceSockNotification[]; readonly reverse: readonly TraceSockNotification[] } {
	const forward: TraceSockNotification[] = [];
	const reverse: TraceSockNotification[] = [];
	const at = decisions.filter(({ hook, why }) => hook === 'cgroup' && why.code.startsWith('cilium.sock-'));
	if (at.length === 0 || !isOn(agent)) return { forward, reverse };
	const world = agent.cluster.world();
	const pods = new Map(
		endpointsOf(agent).flatMap((e) => {
			const name = e.kind === 'pod' && namespaceOf(world, `pod/${e.namespace}/${e.pod}`)?.name;
			return name ? [[name, e] as const] : [];
		}),
	);
	const protocols = new Map<number, number>();
	for (const { packet, before, after } of decisions) {
		const head = before ?? after;
		if (head && !protocols.has(packet)) protocols.set(packet, head.protocol);
	}
	/** bpf_get_socket_cookie(): it stands in the record of what becomes of the translation, or in the map. */
	const cookieOf = (d: Decision, backend: string): number => {
		for (const { ns: name, seq, key = '' } of at) {
			const [cookie = '', to] = key.split(' ');
			if (name === d.ns && seq >= d.seq && to === backend) return Number(cookie);
		}
		const { ip, port } = peerOf(backend);
		const known = [...agent.maps.reverseSk.dump(ns)].filter(([key]) => key.address === ip && key.port === port);
		return known.at(-1)?.[0].cookie ?? 0;
	};
	const cpus = cpusOf(agent);
	for (const d of at) {
		const pod = pods.get(d.ns);
		const protocol = protocols.get(d.packet);
		const { why } = d;
		if (pod?.ip === undefined || (protocol !== IPPROTO_TCP && protocol !== IPPROTO_UDP) || !('backend' in why))
			continue;
		const own = pod.ip;
		const cookie = cookieOf(d, why.backend);
		const cgroup = cgroupOf(agent, pod);
		const tell = (point: XlatePoint, text: string): void => {
			const { ip, port } = peerOf(text);
			const back = point.endsWith('-rev');
			(back ? reverse : forward).push({
				type: 'trace-sock',
				time: d.time,
				source: 0,
				dstId: 0,
				srcLabel: 0,
				dstLabel: 0,
				cpu: cookie % cpus,
				point,
				ip,
				port,
				protocol,
				cookie,
				cgroup,
				// As Hubble turns it: a socket's own port is not known.
				headers: {
					...(back ? { src: ip, dst: own, sport: port } : { src: own, dst: ip, dport: port }),
					protocol,
					ttl: 0,
					mark: 0,
					length: 0,
				},
			});
		};
		if (why.code === 'cilium.sock-connect') {
			tell('pre-xlate-fwd', why.frontend);
			tell('post-xlate-fwd', why.backend);
		} else {
			tell('pre-xlate-rev', why.backend);
			if (why.code === 'cilium.sock-reverse') tell('post-xlate-rev', why.frontend);
		}
	}
	return { forward, reverse };
}
