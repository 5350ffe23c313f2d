/**
 * kubeadm and kubelet on a node, as far as they tell what the node has (cmd/kubeadm/app/cmd/{version,certs,token}.go,
 * app/phases/certs/renewal @ v1.24.0). What would make or change a cluster is kind's here, and refused.
 */

import { parse } from 'yaml';
import { readCertificate, readPem, secondsOf } from '../../sim/api/index.ts';
import { versionInfo } from '../kube/version-info.ts';
import { hasTool } from '../linux/images.ts';
import type { Call, Tool } from '../tool.ts';

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

/** Certificates in the order kubeadm lists them: name, file, authority; kubeconfigs have theirs inside. */
const CERTIFICATES: readonly (readonly [name: string, file: string, authority: string])[] = [
	['admin.conf', 'admin.conf', 'ca'],
	['apiserver', 'pki/apiserver.crt', 'ca'],
	['apiserver-etcd-client', 'pki/apiserver-etcd-client.crt', 'etcd-ca'],
	['apiserver-kubelet-client', 'pki/apiserver-kubelet-client.crt', 'ca'],
	['controller-manager.conf', 'controller-manager.conf', 'ca'],
	['etcd-healthcheck-client', 'pki/etcd/healthcheck-client.crt', 'etcd-ca'],
	['etcd-peer', 'pki/etcd/peer.crt', 'etcd-ca'],
	['etcd-server', 'pki/etcd/server.crt', 'etcd-ca'],
	['front-proxy-client', 'pki/front-proxy-client.crt', 'front-proxy-ca'],
	['scheduler.conf', 'scheduler.conf', 'ca'],
	['super-admin.conf', 'super-admin.conf', 'ca'],
];

const AUTHORITIES: readonly (readonly [name: string, file: string])[] = [
	['ca', 'pki/ca.crt'],
	['etcd-ca', 'pki/etcd/ca.crt'],
	['front-proxy-ca', 'pki/front-proxy-ca.crt'],
];

/** When a certificate ends, seconds since 1970; undefined where there is none. */
async function endOf(call: Call, file: string): Promise<number | undefined> {
	const text = await call.files.read(`/etc/kubernetes/${file}`);
	if (text === undefined) return undefined;
	let pem = text;
	if (file.endsWith('.conf')) {
		const config = parse(text) as { users?: { user?: { 'client-certificate-data'?: string } }[] } | null;
		pem = atob(config?.users?.[0]?.user?.['client-certificate-data'] ?? '');
	}
	const block = readPem(pem);
	const read = block && readCertificate(block.octets);
	return read && secondsOf(read.notAfter);
}

/** `Aug 31, 2023 10:00 UTC` */
function dateText(seconds: number): string {
	const d = new Date(seconds * 1000);
	const two = (n: number): string => String(n).padStart(2, '0');
	return `${MONTHS[d.getUTCMonth()]} ${two(d.getUTCDate())}, ${d.getUTCFullYear()} ${two(d.getUTCHours())}:${two(d.getUTCMinutes())} UTC`;
}

/** duration.ShortHumanDuration: `364d`, `9y`. */
function restText(seconds: number): string {
	if (seconds < 0) return '<invalid>';
	const hours = Math.floor(seconds / 3600);
	if (hours < 1) return seconds < 60 ? `${Math.floor(seconds)}s` : `${Math.floor(seconds / 60)}m`;
	if (hours < 24) return `${hours}h`;
	return hours < 24 * 365 ? `${Math.floor(hours / 24)}d` : `${Math.floor(hours / 24 / 365)}y`;
}

/** Columns are as wide as their widest cell and three blanks (tabwriter with minwidth 10). */
function table(rows: readonly (readonly string[])[]): string {
	const widths = rows[0]!.map((_, i) => Math.max(...rows.map((row) => Math.max(7, row[i]!.length) + 3)));
	return rows.map((row) => `${row.map((cell, i) => cell.padEnd(widths[i]!)).join('')}\n`).join('');
}

async function checkExpiration(call: Call): Promise<number> {
	const now = call.lab.epoch + call.lab.now / 1e6;
	const row = async (name: string, file: string, authority?: string): Promise<readonly string[] | undefined> => {
		const end = await endOf(call, file);
		if (end === undefined && name === 'super-admin.conf') return undefined;
		const more = authority === undefined ? [] : [authority];
		return end === undefined
			? [`!MISSING! ${name}`, '', '', ...more.map(() => ''), '']
			: [name, dateText(end), restText(end - now), ...more, 'no'];
	};
	const certificates = await Promise.all(CERTIFICATES.map(([name, file, authority]) => row(name, file, authority)));
	const authorities = await Promise.all(AUTHORITIES.map(([name, file]) => row(name, file)));
	const cluster = call.cluster();
	if (cluster?.reachable)
		call.out(
			"[check-expiration] Reading configuration from the cluster...\n[check-expiration] FYI: You can look at this config file with 'kubectl -n kube-system get cm kubeadm-config -o yaml'\n\n",
		);
	const there = <T>(rows: readonly (T | undefined)[]): readonly T[] => rows.filter((r): r is T => r !== undefined);
	call.out(
		`${table([['CERTIFICATE', 'EXPIRES', 'RESIDUAL TIME', 'CERTIFICATE AUTHORITY', 'EXTERNALLY MANAGED'], ...there(certificates)])}\n${table([['CERTIFICATE AUTHORITY', 'EXPIRES', 'RESIDUAL TIME', 'EXTERNALLY MANAGED'], ...there(authorities)])}`,
	);
	return 0;
}

/** What the simulator has of kubeadm: what tells, and nothing that makes. */
async function kubeadm(call: Call): Promise<number> {
	const [command = '', second = ''] = call.args.filter((word) => !word.startsWith('-'));
	const version = call.cluster()?.api.version ?? '';
	if (command === 'version') {
		const format = /^(?:--output|-o)[= ]?(.*)$/.exec(call.args.slice(1).join(' '))?.[1];
		if (format === 'short') call.out(`${version}\n`);
		else {
			const fields = Object.entries(versionInfo(version)).map(
				([key, value]) => `${key[0]!.toUpperCase()}${key.slice(1)}:${JSON.stringify(value)}`,
			);
			call.out(`kubeadm version: &version.Info{${fields.join(', ')}}\n`);
		}
		return 0;
	}
	if (command === 'certs' && second === 'check-expiration') return checkExpiration(call);
	call.err(
		`kubeadm: the simulator has version and certs check-expiration only${command ? `, not ${[command, second].join(' ').trim()}` : ''}: kind makes this cluster\n`,
	);
	return 1;
}

async function kubelet(call: Call): Promise<number> {
	if (call.args.length === 1 && call.args[0] === '--version') {
		call.out(`Kubernetes ${call.cluster()?.api.version ?? ''}\n`);
		return 0;
	}
	call.err('kubelet: systemd runs it on this node: systemctl status kubelet\n');
	return 1;
}

export const tools: readonly Tool[] = [
	{ name: 'kubeadm', at: hasTool('kubeadm'), run: kubeadm },
	{ name: 'kubelet', at: hasTool('kubelet'), run: kubelet },
];
