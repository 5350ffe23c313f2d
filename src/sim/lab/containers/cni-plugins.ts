/**
 * Programs of /opt/cni/bin, which containerd runs for each sandbox: loopback, those its first configuration lists, and what
 * they run themselves for addresses.
 *
 * Sources: containerd/go-cni cni.go @ v1.1.6; containernetworking/cni libcni/api.go pluginDescription(), pkg/invoke/find.go,
 * raw_exec.go @ v1.1.1.
 */
import { hex, sha256 } from '../../trace/index.ts';
import type { ClusterContext } from '../cluster/context.ts';
import { configOf, type Machine } from '../cluster/machine.ts';
import type { Cluster } from '../types.ts';
import { nodeDisk } from './nodes.ts';

const FOLDER = '/opt/cni/bin';

interface Plugin {
	readonly type?: string;
	readonly name?: string;
	readonly ipam?: { readonly type?: string };
}

/** What is wrong with a program, in libcni's words. `made`: that an agent puts there. */
function fault(cluster: ClusterContext, machine: Machine, type: string): string | undefined {
	const path = `${FOLDER}/${type}`;
	const held = nodeDisk({ context: cluster } as unknown as Cluster, machine.name);
	const stat = held?.disk.stat(path);
	const made = type === 'cilium-cni' && machine.cni?.kind === 'cilium' && !held?.gone.has(path);
	if ((stat ? stat.kind === 'directory' : !made) || held?.gone.has(path))
		return `failed to find plugin ${JSON.stringify(type)} in path [${FOLDER}]`;
	if (stat && (stat.mode & 0o111) === 0)
		return `netplugin failed with no error message: fork/exec ${path}: permission denied`;
	return undefined;
}

/** What containerd says of a network that a program is missing for; undefined where all are there. */
export function pluginFault(cluster: ClusterContext, machine: Machine, verb: 'add' | 'delete'): string | undefined {
	const read = configOf(machine) as (Plugin & { readonly plugins?: readonly Plugin[] }) | undefined;
	const listed = read?.plugins ?? (read ? [read] : []);
	for (const { type = '', name, ipam } of [{ type: 'loopback' } as Plugin, ...listed]) {
		const what = `plugin type=${JSON.stringify(type)}${name === undefined ? '' : ` name=${JSON.stringify(name)}`} failed (${verb}): `;
		const own = fault(cluster, machine, type) ?? (ipam?.type ? fault(cluster, machine, ipam.type) : undefined);
		if (own !== undefined) return what + own;
	}
	return undefined;
}

/** An agent's container copies its plugin there (plugins/cilium-cni/install-plugin.sh @ v1.14.13, cni-install.sh @ v1.12.1). */
export function installPlugin(cluster: ClusterContext, machine: Machine, type: string): void {
	const path = `${FOLDER}/${type}`;
	const held = nodeDisk({ context: cluster } as unknown as Cluster, machine.name);
	held?.disk.remove(path, true);
	held?.gone.delete(path);
}

/** Id of a pod's sandbox, its first or the one after its machine was started anew. */
export const sandboxId = (uid: string, attempt: number): string =>
	hex(sha256(new TextEncoder().encode(`sandbox ${uid} ${attempt}`)));
