/**
 * Kernel parameters that a pod asks for and its kubelet forbids.
 *
 * Source: kubernetes pkg/kubelet/sysctl/{safe_sysctls,allowlist}.go @ v1.24.0, v1.27.0, v1.29.0, v1.32.0.
 */
import { isRecord } from '../../api/index.ts';
import type { Pod } from '../cluster/kinds.ts';
import type { Machine } from '../cluster/machine.ts';
import { kubeletState } from './own-config.ts';

/** What is safe, and from which minor on. */
const SAFE: readonly (readonly [name: string, since: number])[] = [
	['kernel.shm_rmid_forced', 0],
	['net.ipv4.ip_local_port_range', 0],
	['net.ipv4.tcp_syncookies', 0],
	['net.ipv4.ping_group_range', 18],
	['net.ipv4.ip_unprivileged_port_start', 22],
	['net.ipv4.ip_local_reserved_ports', 27],
	['net.ipv4.tcp_keepalive_time', 29],
	['net.ipv4.tcp_fin_timeout', 29],
	['net.ipv4.tcp_keepalive_intvl', 29],
	['net.ipv4.tcp_keepalive_probes', 29],
	['net.ipv4.tcp_rmem', 32],
	['net.ipv4.tcp_wmem', 32],
];

/** `allowedUnsafeSysctls` of the kubelet's file: names, and beginnings that end in a star. */
function allowed(machine: Machine): readonly string[] {
	const { file } = kubeletState(machine);
	const list = file && 'value' in file && isRecord(file.value) ? file.value.allowedUnsafeSysctls : undefined;
	return Array.isArray(list) ? list.map(String) : [];
}

/** Why a kubelet does not take a pod; undefined of one that asks for nothing it forbids. */
export function forbiddenSysctl({ spec }: Pod, machine: Machine, minor: number): string | undefined {
	const { securityContext, hostNetwork, hostIPC } = spec as {
		readonly securityContext?: { readonly sysctls?: readonly { readonly name: string }[] };
		readonly hostNetwork?: boolean;
		readonly hostIPC?: boolean;
	};
	for (const { name: given } of securityContext?.sysctls ?? []) {
		const name = given.replaceAll('/', '.');
		const known =
			SAFE.some(([safe, since]) => safe === name && minor >= since) ||
			allowed(machine).some((own) => (own.endsWith('*') ? name.startsWith(own.slice(0, -1)) : own === name));
		if (!known) return `forbidden sysctl: ${JSON.stringify(name)} not allowlisted`;
		const net = name.startsWith('net.');
		if (net ? hostNetwork === true : hostIPC === true)
			return `forbidden sysctl: ${JSON.stringify(name)} not allowed with host ${net ? 'Net' : 'IPC'} enabled`;
	}
	return undefined;
}
