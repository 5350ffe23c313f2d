/**
 * kubeadm and kubelet on a node, as far as they tell what the node has (cmd/kubeadm/app/cmd/{version,certs,token}.go,
 * app/phases/certs/renewal @ v1.24.0). What would make or change a cluster is kind's here, and refused.
 */

import { parse } from 'yaml';
import { readCertificate, readPem, secondsOf } from '../../sim/api/index.ts';
import { versionInfo } from '../kube/version-info.ts';
import { hasTool } from '../linux/images.ts';
import type { Call, Tool } from '../tool.ts';
import { config } from './config.ts';
import { restText } from './times.ts';
import { token } from './token.ts';

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

/** Flags that need a value, which may be the next word. */
const VALUED = new Set(
	'kubeconfig ttl usages groups description kubernetes-version image-repository component-configs'.split(' '),
);

/** Words and options; an option without a value has the empty text. */
function split(args: readonly string[]): {
	readonly words: readonly string[];
	readonly options: ReadonlyMap<string, string>;
} {
	const words: string[] = [];
	const options = new Map<string, string>();
	for (let i = 0; i < args.length; i++) {
		const [, name, eq, value = ''] = /^--([\w-]+)(=)?([\s\S]*)$/.exec(args[i]!) ?? [];
		if (name === undefined) {
			if (!args[i]!.startsWith('-')) words.push(args[i]!);
		} else if (eq === undefined && VALUED.has(name)) options.set(name, args[++i] ?? '');
		else options.set(name, value);
	}
	return { words, options };
}

/** What the simulator has of kubeadm: what tells, and tokens, and nothing that makes a node. */
async function kubeadm(call: Call): Promise<number> {
	const { words, options } = split(call.args);
	const [command = '', second = ''] = words;
	const version = call.cluster()?.api.version ?? '';
	if (command === 'version') {
		const format = /^(?:--output|-o)[= ]?(.*)$/.exec(call.args.slice(1).join(' '))?.[1];
		if (format === 'short') call.out(`${version}\n`);
		else if (format === 'json') call.out(`${JSON.stringify({ clientVersion: versionInfo(version) }, undefined, 2)}\n`);
		else if (format === 'yaml') {
			// sigs.k8s.io/yaml: fields by their letters; what reads as a number or a date is quoted.
			const fields = Object.entries(versionInfo(version)).sort(([a], [b]) => (a < b ? -1 : 1));
			const text = (value: string): string => (/^(?:\d.*|)$/.test(value) ? JSON.stringify(value) : value);
			call.out(`clientVersion:\n${fields.map(([key, value]) => `  ${key}: ${text(value)}\n`).join('')}`);
		} else if (format !== undefined && format !== '') {
			call.err(
				`error: invalid output format: ${format}\nTo see the stack trace of this error execute with --v=5 or higher\n`,
			);
			return 1;
		} else {
			const fields = Object.entries(versionInfo(version)).map(
				([key, value]) => `${key[0]!.toUpperCase()}${key.slice(1)}:${JSON.stringify(value)}`,
			);
			call.out(`kubeadm version: &version.Info{${fields.join(', ')}}\n`);
		}
		return 0;
	}
	if (command === 'certs' && second === 'check-expiration') return checkExpiration(call);
	const told =
		command === 'token'
			? await token(call, second, words.slice(2), options)
			: command === 'config'
				? await config(call, words.slice(1), options)
				: undefined;
	if (told !== undefined) return told;
	call.err(
		`kubeadm: the simulator has version, certs check-expiration, token and config (images list, print) only${command ? `, not ${words.join(' ')}` : ''}: kind makes this cluster\n`,
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
