/**
 * What a kubelet finds on its node as systemd starts it: its unit, its program, its file and what that names. Some of it
 * ends the process, again and again; what makes no difference here is told of.
 *
 * Source: kubernetes cmd/kubelet/app/server.go (UnsecuredDependencies()), pkg/kubelet/apis/config/validation/validation.go
 * @ v1.24.0 and later; systemd src/core/execute.c @ 248.
 */
import { isRecord } from '../../api/index.ts';
import { kubeletConfig } from '../bootstrap/kubelet-config.ts';
import type { ClusterContext } from '../cluster/context.ts';
import type { Machine } from '../cluster/machine.ts';
import { below, type DirectoryNode, textOf } from '../disk/tree.ts';
import { type KubeletFile, type KubeletUnit, NO_KUBECONFIG } from '../kubelet/own-config.ts';
import { minorOf } from '../machine/node-images.ts';
import type { Cluster } from '../types.ts';
import { kubeletRefusal } from './kubelet-validation.ts';
import { kubeadmFlags } from './node-files.ts';
import { kubeletExtraArgs, type UnitFile, unitFiles } from './node-units.ts';
import { nodeDisk, nodeRoot } from './nodes.ts';

const UNIT = '/etc/systemd/system/kubelet.service';
const CONFIG = '/var/lib/kubelet/config.yaml';
const KUBECONFIG = '/etc/kubernetes/kubelet.conf';
const AUTHORITY = '/etc/kubernetes/pki/ca.crt';

function unitOf(files: readonly UnitFile[]): KubeletUnit {
	const text = files.map((file) => `${file.path}\n${file.text}`).join('\n');
	const lines = text.split('\n').filter((line) => line.startsWith('ExecStart='));
	const line = lines.at(-1)?.slice('ExecStart='.length).trim() ?? '';
	const config = [...text.matchAll(/--config=([^\s"]+)/g)].at(-1)?.[1];
	const kubeconfig = [...text.matchAll(/--kubeconfig=([^\s"]+)/g)].at(-1)?.[1];
	return { kubeconfig, text, line, program: line.split(/\s/)[0]!.replace(/^[-@:+!]+/, ''), config };
}

const written = (machine: Machine): KubeletUnit => unitOf(unitFiles(minorOf(machine.image.kubernetes)).kubelet);

/** A text file of a node; undefined when there is none. */
const textAt = (root: DirectoryNode, path: string): string | undefined => {
	const node = below(root, path);
	return node?.kind === 'file' ? textOf(node) : undefined;
};

/** The kubelet's unit as its files say now. */
export function kubeletUnit(cluster: ClusterContext, machine: Machine): KubeletUnit {
	const root = nodeRoot(cluster, machine);
	const folder = below(root, `${UNIT}.d`);
	const names = folder?.kind === 'directory' ? [...folder.names.keys()].filter((n) => n.endsWith('.conf')).sort() : [];
	return unitOf(
		[UNIT, ...names.map((name) => `${UNIT}.d/${name}`)].map((path) => ({ path, text: textAt(root, path) ?? '' })),
	);
}

/** Whether systemd would read something else than it has. */
export const unitChanged = (cluster: ClusterContext, machine: Machine, loaded: KubeletUnit | undefined): boolean =>
	kubeletUnit(cluster, machine).text !== (loaded ?? written(machine)).text;

/** Why a node's program cannot be run: the words of execve(). The image's own is on no disk here until somebody moves it. */
function programFault(cluster: ClusterContext, machine: Machine, path: string): string | undefined {
	const held = nodeDisk({ context: cluster } as unknown as Cluster, machine.name);
	const at = path.includes('/') ? path : `/usr/bin/${path}`;
	const stat = held?.disk.stat(at);
	if (stat) return (stat.mode & 0o111) === 0 ? 'Permission denied' : undefined;
	return at === '/usr/bin/kubelet' && !held?.gone.has(at) ? undefined : 'No such file or directory';
}

/** certutil.NewPool() of client-go: what is wrong with a file of certificates. */
function authorityFault(root: DirectoryNode, path: string): string | undefined {
	const node = below(root, path);
	const why =
		node === undefined
			? `open ${path}: no such file or directory`
			: node.kind === 'directory'
				? `read ${path}: is a directory`
				: node.kind === 'file' && !textOf(node).includes('-----BEGIN CERTIFICATE-----')
					? `error reading ${path}: data does not contain any valid RSA or ECDSA certificates`
					: undefined;
	return why && `unable to load client CA file ${path}: ${why}`;
}

const at = (value: unknown, ...path: readonly string[]): unknown =>
	path.reduce<unknown>((here, key) => (isRecord(here) ? here[key] : undefined), value);

/** A configuration's values by the path of their names. */
function flat(value: unknown, name = ''): readonly (readonly [string, string])[] {
	if (isRecord(value) && Object.keys(value).length > 0)
		return Object.entries(value).flatMap(([key, inner]) => flat(inner, name === '' ? key : `${name}.${key}`));
	return [[name, typeof value === 'string' ? value : JSON.stringify(value)]];
}

/** What acts here, or is about logs. */
const HEEDED = /^(?:apiVersion|kind|maxPods|clusterDNS|clusterDomain|authentication\.x509\.clientCAFile|logging\..*)$/;

const flagsIn = (text: string): readonly string[] =>
	(text.match(/--[a-z][^\s"']*/g) ?? []).filter((flag) => !/^--(?:config|v|vmodule|node-ip)(?:=|$)/.test(flag));

/** A sentence about what somebody changed in vain. */
function unheeded(
	cluster: ClusterContext,
	machine: Machine,
	file: KubeletFile | undefined,
	unit: KubeletUnit,
): string | undefined {
	const minor = minorOf(machine.image.kubernetes);
	const root = nodeRoot(cluster, machine);
	const before = new Map(file && 'value' in file ? flat(file.written) : []);
	const now = new Map(file && 'value' in file ? flat(file.value) : []);
	const changed = [...now].filter(([key, value]) => !HEEDED.test(key) && before.get(key) !== value);
	const missing = [...before.keys()].filter(
		(key) => !now.has(key) && !HEEDED.test(key) && ![...now.keys()].some((other) => other.startsWith(`${key}.`)),
	);
	const flags = [
		unit.text,
		textAt(root, '/var/lib/kubelet/kubeadm-flags.env') ?? '',
		textAt(root, '/etc/default/kubelet') ?? '',
	].flatMap(flagsIn);
	const own = [written(machine).text, kubeadmFlags(cluster, machine).join(' '), kubeletExtraArgs(minor)].flatMap(
		flagsIn,
	);
	const all = [
		...changed.map(([key, value]) => `${key}: ${value}`),
		...missing.map((key) => `the lack of ${key}`),
		...flags.filter((flag) => !own.includes(flag)),
		...own
			.filter((flag) => !flags.some((other) => other.split('=')[0] === flag.split('=')[0]))
			.map((flag) => `the lack of ${flag}`),
	];
	return all.length === 0
		? undefined
		: `The kubelet of this lab acts as kubeadm configures it: ${all.join(', ')} ${all.length === 1 ? 'makes' : 'make'} no difference here`;
}

/**
 * Whether the files that a kubeconfig names are there and have what they are for; without them a kubelet wants to be
 * bootstrapped anew (pkg/kubelet/certificate/bootstrap/bootstrap.go isClientConfigStillValid() @ v1.24.0).
 */
function credentials(root: DirectoryNode, kubeconfig: string): boolean {
	const named = /^\s+(?:- )?(client-certificate|client-key|certificate-authority):\s*["']?([^"'\s]+)/gm;
	return [...kubeconfig.matchAll(named)].every(([, key, path]) => {
		// What is current is a link to what was signed last.
		const node = below(root, path!);
		const text = textAt(root, node?.kind === 'link' ? node.target : path!);
		return (
			text !== undefined &&
			(key === 'client-key' ? /-----BEGIN .*PRIVATE KEY-----/ : /-----BEGIN CERTIFICATE-----/).test(text)
		);
	});
}

/** What comes of a start: why it ends, or what it says of things that make no difference. */
export function kubeletStart(
	cluster: ClusterContext,
	machine: Machine,
	{ file, unit }: { readonly file: KubeletFile | undefined; readonly unit: KubeletUnit | undefined },
): { readonly fault?: string; readonly program?: string; readonly unheeded?: string } {
	if (machine.role === 'external-load-balancer') return {};
	const loaded = unit ?? written(machine);
	const missing = programFault(cluster, machine, loaded.program);
	if (missing !== undefined) return { fault: missing, program: loaded.program };
	const root = nodeRoot(cluster, machine);
	const config = loaded.config ?? CONFIG;
	if (config !== CONFIG && below(root, config) === undefined)
		return {
			fault: `error failed to read kubelet config file "${config}", error: open ${config}: no such file or directory`,
		};
	const value = file && 'value' in file ? file.value : undefined;
	const refused = value === undefined ? undefined : kubeletRefusal(value);
	if (refused !== undefined) return { fault: refused };
	const authority = value === undefined ? AUTHORITY : at(value, 'authentication', 'x509', 'clientCAFile');
	const wrong = typeof authority === 'string' && authority !== '' ? authorityFault(root, authority) : undefined;
	if (wrong !== undefined) return { fault: `failed to construct kubelet dependencies: ${wrong}` };
	const mode = value === undefined ? 'Webhook' : (at(value, 'authorization', 'mode') ?? 'Webhook');
	if (mode !== 'Webhook' && mode !== 'AlwaysAllow')
		return { fault: `failed to run Kubelet: unknown authorization mode ${String(mode)}` };
	const { kubeconfig = KUBECONFIG } = loaded;
	if (kubeconfig !== KUBECONFIG && below(root, kubeconfig) === undefined) return { fault: NO_KUBECONFIG };
	if (!credentials(root, textAt(root, kubeconfig) ?? '')) return { fault: NO_KUBECONFIG };
	const told = unheeded(cluster, machine, file, loaded);
	return told === undefined ? {} : { unheeded: told };
}

/** What kubeadm wrote into a node's /var/lib/kubelet/config.yaml. */
export const kubeletFileAsWritten = (cluster: ClusterContext): string => kubeletConfig(cluster);
