/**
 * `cilium status` as text. Source: pkg/client/client.go FormatStatusResponse(), cilium/cmd/status.go @ v1.12.1, v1.15.4,
 * v1.18.3. Left out for want of a source in the lab: `Stale status`, `Modules Health`.
 */
import { CILIUM_STATUS, TabWriter, tabulate } from '../../../text/index.ts';
import type { Agent } from '../context.ts';
import { timeSince } from '../output.ts';
import { healthRows } from './health.ts';
import { kprDetails } from './kpr.ts';
import { mapSizeRows } from './map-sizes.ts';
import { statusOf } from './model.ts';

export interface StatusDetails {
	readonly addresses: boolean;
	readonly controllers: boolean;
	/** Details of kube-proxy replacement, clock and map sizes: `--verbose` only. */
	readonly all: boolean;
	readonly health: boolean;
}

/** `cilium status`; `details` says how much of each line and which parts. */
export function formatStatus(agent: Agent, details: StatusDetails): string {
	const { minor, lab } = agent;
	const status = statusOf(agent);
	const w = new TabWriter({ minWidth: 2, tabWidth: 0, padding: 3 });
	const row = (label: string, text: string): void => w.write(`${label}:\t${text}\n`);
	row('KVStore', minor >= 17 ? 'Disabled\t' : 'Ok\tDisabled');
	row('Kubernetes', `Ok\t${status.kubernetes}`);
	row('Kubernetes APIs', `["${status.kubernetesApis.join('", "')}"]`);
	const { kpr } = status;
	row('KubeProxyReplacement', `${kpr.mode}\t${kpr.off || kpr.devices === '' ? '' : `[${kpr.devices}]`}`);
	row('Host firewall', 'Disabled');
	if (minor >= 15) row('SRv6', 'Disabled');
	row('CNI Chaining', agent.state.config['cni-chaining-mode'] ?? 'none');
	if (status.cniFile !== undefined) row('CNI Config file', status.cniFile);
	row('Cilium', `Ok   ${status.cilium}`);
	row('NodeMonitor', `Listening for events on ${status.cpus} CPUs with 64x4096 of shared memory`);
	row('Cilium health daemon', 'Ok\t');
	row('IPAM', status.ipam);
	if (details.addresses) {
		w.write('Allocated addresses:\n');
		for (const line of status.allocated) w.write(`  ${line}\n`);
	}
	if (Number(agent.state.config['cluster-id'] ?? 0) > 0)
		row('ClusterMesh', `0/0 ${minor >= 16 ? 'remote ' : ''}clusters ready, 0 global-services`);
	if (minor >= 14) row('IPv4 BIG TCP', 'Disabled');
	if (minor >= 13) row('IPv6 BIG TCP', 'Disabled');
	row('BandwidthManager', 'Disabled');
	if (minor <= 15) row('Host Routing', status.hostRouting);
	else {
		row('Routing', `Network: ${status.network}\tHost: ${status.hostRouting}`);
		row('Attach Mode', attachMode(agent));
		row('Device Mode', 'veth');
	}
	row('Masquerading', status.masquerading);
	if (details.all) row('Clock Source for BPF', status.clock);
	row('Controller Status', `${status.controllers.length}/${status.controllers.length} healthy`);
	if (details.controllers) {
		const rows = status.controllers.map(
			({ name, lastSuccess }) => `  ${name}\t${timeSince(lab.now, lastSuccess)}\tnever\t0\tno error\t\n`,
		);
		w.write(tabulate(['  Name\tLast success\tLast error\tCount\tMessage\n', ...rows].join(''), CILIUM_STATUS));
	}
	row('Proxy Status', status.proxy);
	row('Global Identity Range', 'min 256, max 65535');
	row('Hubble', status.hubble);
	if (details.all) {
		w.write(`KubeProxyReplacement Details:\n${tabulate(kprDetails(agent, kpr), CILIUM_STATUS)}`);
		const ratio = Number(agent.state.config['bpf-map-dynamic-size-ratio'] ?? 0);
		row('BPF Maps', `dynamic sizing: ${ratio > 0 && ratio <= 1 ? `on (ratio: ${ratio.toFixed(6)})` : 'off'}`);
		w.write(tabulate(`  Name\tSize\n${mapSizeRows(agent)}`, CILIUM_STATUS));
	}
	row('Encryption', minor >= 15 ? 'Disabled\t' : 'Disabled');
	if (agent.state.config['enable-health-checking'] === 'false') row('Cluster health', '\tProbe disabled');
	else w.write(healthRows(agent, { all: details.health, verbose: details.health && minor >= 15 }));
	return w.flush();
}

/** tcx where the kernel has it, from 1.16 (pkg/datapath/loader @ v1.16.15). */
export function attachMode(agent: Agent): string {
	const [major = 0, minor = 0] = agent.ns().kernel.split('.').map(Number);
	return (major > 6 || (major === 6 && minor >= 6)) && agent.state.config['enable-tcx'] !== 'false'
		? 'TCX'
		: 'Legacy TC';
}
