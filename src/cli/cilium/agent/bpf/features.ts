/**
 * `cilium bpf …` of parts beside services, endpoints and policies, and which version has which.
 * Source: cilium-dbg/cmd/bpf_{config,nat_retries*,nodeid,sha,socknat}*.go @ v1.18.3, the versions that have each:
 * cilium/cmd @ v1.12.1 to cilium-dbg/cmd where v1.19 branched off.
 */

import { twoColumns } from '../../../../sim/cilium/index.ts';
import { hashText } from '../../../../sim/linux/index.ts';
import { formatIp } from '../../../../sim/wire/index.ts';
import type { Command } from '../../../cobra/index.ts';
import { type Agent, endpointsOf, reading } from '../context.ts';
import { nodeIds } from '../node-ids.ts';
import { structured } from '../output.ts';
import { says } from '../refusing.ts';
import { missingMap } from './listed.ts';
import { LS, rowsOf } from './listing.ts';
import { auth, bandwidth, frag, multicast, recorder, srv6, vtep } from './off.ts';

/** cilium_runtime_config: when the agent last said that it lives, each second, and what makes time of day of the kernel's clock. */
const config: Command = {
	name: 'config',
	short: 'Manage runtime config',
	commands: [
		{
			...LS,
			short: 'List all runtime config entries',
			run: reading((run, agent) => {
				const { lab, state } = agent;
				const booted = 86_400;
				const alive = state.state === 'ready' ? Math.floor(lab.now / 1e6) : Math.floor(state.startedAt / 1e6);
				const entries = [
					{ Key: 'AgentLiveness', Value: (booted + alive) * 1_000_000_000 },
					// In units of 512 ns (pkg/maps/configmap, pkg/utime).
					{ Key: 'UTimeOffset', Value: (lab.epoch - booted) * 1_953_125 },
				].filter(({ Key }) => agent.minor >= 15 || Key === 'UTimeOffset');
				return rowsOf(
					run,
					'KEY\tVALUE',
					entries.map(({ Key, Value }) => `${Key}\t${Value}`),
					() => entries,
				);
			}),
		},
	],
};

/** How often a port for a connection had to be sought, by tries. */
const retries: Command = {
	name: 'retries',
	short: 'NAT retries histogram',
	commands: [
		{
			...LS,
			short: 'Show the NAT retries histogram',
			run: reading((run, { maps, ns, minor }) => {
				if (!maps.snatRetries.exists(ns()))
					return says(
						run,
						`Unable to open /sys/fs/bpf/tc/globals/cilium_snat_v4_alloc_retries: ${missingMap(minor, 'cilium_snat_v4_alloc_retries')}. Skipping.`,
					);
				const counts = new Map(
					[...maps.snatRetries.dump(ns())].map(([tries, count]) => [Number(tries), Number(count)]),
				);
				const all = Array.from({ length: 33 }, (_, tries) => [tries, counts.get(tries) ?? 0] as const);
				const printed = structured(run, () => all.map(([Key, Value]) => ({ Key: { Key }, Value: { Value } })));
				if (printed !== undefined) return printed;
				run.call.out(all.map(([tries, count]) => `${tries}:\t${count}\n`).join(''));
				return 0;
			}),
		},
		{
			name: 'flush',
			short: 'Reset the NAT retries histogram',
			run: reading((_run, agent) => {
				agent.change((ns) => {
					for (const [tries] of [...agent.maps.snatRetries.dump(ns)]) agent.maps.snatRetries.remove(ns, tries);
				});
				return 0;
			}),
		},
	],
};

const nodeid: Command = {
	name: 'nodeid',
	short: 'Manage the node IDs',
	commands: [
		{
			...LS,
			aliases: [],
			short: 'List node IDs and their IP addresses',
			run: reading((run, agent) => {
				const all = nodeIds(agent).flatMap(({ id, ips }) => ips.map((ip) => ({ ID: id, Address: ip, SPI: 0 })));
				const later = agent.minor >= 15;
				return rowsOf(
					run,
					`NODE ID\tIP ADDRESSES${later ? '\tSPI' : ''}`,
					all.map(({ ID, Address }) => `0x${ID.toString(16)}\t${Address}${later ? '\t0' : ''}`),
					() => all,
				);
			}),
		},
	],
};

/** Endpoints with the same program share a template, which is named after what was compiled (pkg/datapath/loader/cache.go). */
function templates(agent: Agent): readonly (readonly [sha: string, ids: readonly number[]])[] {
	const { state } = agent;
	const text = JSON.stringify(Object.entries(state.config).sort()) + state.release;
	const shaOf = (kind: string): string =>
		Array.from({ length: 8 }, (_, i) =>
			hashText(i + 1, kind + text)
				.toString(16)
				.padStart(8, '0'),
		).join('');
	const out = new Map<string, number[]>();
	for (const { id, kind } of endpointsOf(agent)) {
		const sha = shaOf(kind === 'host' ? 'host' : 'lxc');
		out.set(sha, [...(out.get(sha) ?? []), id]);
	}
	return [...out].sort(([a], [b]) => (a < b ? -1 : 1));
}

const sha: Command = {
	name: 'sha',
	short: 'Manage compiled BPF template objects',
	commands: [
		{
			...LS,
			short: 'List BPF template objects.',
			run: reading((run, agent) => {
				const all = templates(agent);
				const printed = structured(run, () => new Map(all.map(([name, ids]) => [name, ids.map(String)])));
				if (printed !== undefined) return printed;
				const rows = all.map(([name, ids]) => [name, ids.map(String)] as const);
				run.call.out(`${twoColumns('Datapath SHA', 'Endpoint(s)', rows).join('\n')}\n`);
				return 0;
			}),
		},
		{
			name: 'get',
			use: '<sha>',
			short: 'Get datapath SHA header',
			run: reading((run, agent) => {
				const [name] = run.args;
				if (name === undefined) return 'Missing sha argument';
				const path = `/var/run/cilium/state/templates/${name}/ep_config.h`;
				return templates(agent).some(([known]) => known === name)
					? 'the simulator compiles no programs, and has no header of them'
					: `Failed to describe datapath object: open ${path}: no such file or directory`;
			}),
		},
	],
};

/** Translations of the socket load balancer, by the socket's cookie. */
const socknat: Command = {
	name: 'socknat',
	short: 'Socket NAT operations',
	commands: [
		{
			...LS,
			short: 'List socket NAT entries',
			run: reading((run, { maps, ns }) => {
				const rows = [...maps.reverseSk.dump(ns())].map(
					([key, value]) =>
						[
							String(key.cookie),
							[
								`${formatIp(key.address)}:${key.port} -> ${formatIp(value.address)}:${value.port} (revnat=${value.revNatIndex})`,
							],
						] as const,
				);
				const printed = structured(run, () => new Map(rows));
				if (printed !== undefined) return printed;
				run.call.out(`${twoColumns('Socket Cookie', 'Backend -> Frontend', rows).join('\n')}\n`);
				return 0;
			}),
		},
	],
};

/** Those a version has, unsorted. */
export const featureCommands = (minor: number): readonly Command[] => [
	bandwidth,
	sha,
	vtep(minor),
	...(minor <= 18 ? [recorder] : []),
	...(minor >= 13 ? [nodeid, srv6(minor)] : []),
	...(minor >= 14 ? [auth(minor), config] : []),
	...(minor >= 16 ? [multicast] : []),
	...(minor >= 17 ? [frag] : []),
	...(minor >= 18 ? [socknat] : []),
];

export const natRetries = (minor: number): readonly Command[] => (minor >= 18 ? [retries] : []);
