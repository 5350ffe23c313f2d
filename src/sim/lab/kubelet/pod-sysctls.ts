/**
 * Kernel parameters that a pod's namespaces begin with: those its spec asks for (runc writes them before the sandbox's first
 * process), and containerd's own.
 *
 * Source: containerd internal/cri/server/podsandbox/sandbox_run_linux.go @ v2.0.0 (enable_unprivileged_ports and _icmp, on from 2.0
 * on), pkg/cri/config/config_unix.go @ v1.6.4; runc libcontainer/standard_init_linux.go @ v1.1.2.
 */
import type { Sysctls } from '../../linux/index.ts';

interface Asking {
	readonly spec?: unknown;
}

/** Names with slashes, as below /proc/sys; values as somebody wrote them. */
export function podSysctls({ spec }: Asking): ReadonlyMap<string, string> {
	const { securityContext } = (spec ?? {}) as {
		readonly securityContext?: { readonly sysctls?: readonly { readonly name: string; readonly value: string }[] };
	};
	return new Map(
		(securityContext?.sysctls ?? []).map(({ name, value }) => [
			name.includes('/') ? name : name.replaceAll('.', '/'),
			value.trim(),
		]),
	);
}

/** What a sandbox has unless its pod asks for something else. */
export function sandboxSysctls(containerd: string): ReadonlyMap<string, string> {
	if (!/^(?:[2-9]|\d\d)\./.test(containerd)) return new Map();
	return new Map([
		['net/ipv4/ip_unprivileged_port_start', '0'],
		['net/ipv4/ping_group_range', '0 2147483647'],
	]);
}

/** The first port that anybody may bind in a pod's network. Docker opens all of a node's (daemon/oci_linux.go @ v20.10.0). */
export function unprivilegedFrom(pod: Asking, containerd: string): number {
	if ((pod.spec as { readonly hostNetwork?: boolean } | undefined)?.hostNetwork) return 0;
	const name = 'net/ipv4/ip_unprivileged_port_start';
	return Number(podSysctls(pod).get(name) ?? sandboxSysctls(containerd).get(name) ?? 1024);
}

const NUMBERS = ['ip_default_ttl', 'tcp_syn_retries', 'tcp_synack_retries', 'tcp_retries2'] as const;
const FLAGS = ['ip_forward', 'icmp_echo_ignore_all'] as const;

/** Those of them that packets obey. */
export function packetSysctls(pod: Asking): Partial<Sysctls> | undefined {
	const asked = podSysctls(pod);
	if (asked.size === 0) return undefined;
	const at = (name: string): string | undefined => asked.get(`net/ipv4/${name}`);
	const [low, high] = (at('ip_local_port_range') ?? '').split(/\s+/).map(Number);
	const filter = at('conf/all/rp_filter');
	return {
		...(low && high && low <= high ? { ip_local_port_range: [low, high] } : {}),
		...Object.fromEntries(NUMBERS.flatMap((name) => (at(name) ? [[name, Number(at(name))]] : []))),
		...Object.fromEntries(FLAGS.flatMap((name) => (at(name) ? [[name, at(name) !== '0']] : []))),
		...(filter === undefined ? {} : { rp_filter: Number(filter) as 0 | 1 | 2 }),
	};
}
