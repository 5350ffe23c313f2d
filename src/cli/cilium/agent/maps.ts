/** `cilium map`: maps the agent has open, with what it keeps of them. Source: cilium/cmd/map_*.go, pkg/bpf/map_linux.go @ v1.12.1. */
import { remoteEndpointText, serviceFlagsText, serviceKeyText } from '../../../sim/cilium/index.ts';
import { formatIp, formatMac, formatPrefix } from '../../../sim/wire/index.ts';
import type { Command, Run } from '../../cobra/index.ts';
import { CILIUM_AGENT, tabulate } from '../../text/index.ts';
import { policyRows } from './bpf/index.ts';
import { type Agent, type At, agentIn, asking, endpointsOf } from './context.ts';
import { OUTPUT, structured } from './output.ts';

interface OpenMap {
	readonly name: string;
	/** What the agent wrote and keeps; undefined for maps that only programs write. */
	readonly cache: readonly (readonly [key: string, value: string])[] | undefined;
}

/** Sorted by name; the real list is in no order. */
function openMaps(agent: Agent): readonly OpenMap[] {
	const { maps, minor } = agent;
	const ns = agent.ns();
	const out: OpenMap[] = [];
	const text = (address: number, port: number): string => `${formatIp(address)}:${port}`;
	const cached: Readonly<Record<string, () => OpenMap['cache']>> = {
		[maps.services.spec.name]: () =>
			[...maps.services.dump(ns)].map(([key, v]) => [
				serviceKeyText(maps, key),
				`${v.backendId} ${v.count} (${v.revNatIndex}) [${serviceFlagsText(v)}]`,
			]),
		[maps.backends.spec.name]: () =>
			[...maps.backends.dump(ns)].map(([id, v]) => [
				String(id),
				`${v.proto === 17 ? 'UDP' : v.proto === 6 ? 'TCP' : 'ANY'}://${text(v.address, v.port)}`,
			]),
		[maps.reverseNat.spec.name]: () =>
			[...maps.reverseNat.dump(ns)].map(([id, v]) => [String(id), text(v.address, v.port)]),
		[maps.affinityMatch.spec.name]: () =>
			[...maps.affinityMatch.dump(ns)].map(([key]) => [`${key.backendId} ${key.revNatIndex}`, '']),
		[maps.sourceRange.spec.name]: () =>
			[...maps.sourceRange.dump(ns)].map(([key]) => [`${formatPrefix(key.prefix)} (${key.revNatIndex})`, '']),
		[maps.ipcache.spec.name]: () =>
			[...maps.ipcache.dump(ns)].map(([prefix, v]) => [
				formatPrefix(prefix),
				remoteEndpointText(v, agent.state.version),
			]),
		[maps.tunnel.spec.name]: () => [...maps.tunnel.dump(ns)].map(([cidr, node]) => [text(cidr, 0), text(node, 0)]),
		[maps.lxc.spec.name]: () =>
			[...maps.lxc.dump(ns)].map(([ip, v]) => [
				text(ip, 0),
				v.host
					? '(localhost)'
					: `id=${String(v.lxcId).padEnd(5)} flags=0x0000 ifindex=${String(v.ifindex).padEnd(3)} mac=${formatMac(v.mac).toUpperCase()} nodemac=${formatMac(v.nodeMac).toUpperCase()}`,
			]),
	};
	for (const name of ns.bpfMaps.keys()) {
		if (/^cilium_policy_(?:v2_)?\d+$/.test(name)) continue;
		out.push({ name, cache: cached[name]?.() });
	}
	for (const { id } of endpointsOf(agent)) {
		const rows = policyRows(agent, id) ?? [];
		out.push({
			name: `cilium_policy_${minor >= 17 ? 'v2_' : ''}${String(id).padStart(5, '0')}`,
			cache: rows.map((row) => [
				`${row.egress ? 'Egress' : 'Ingress'}: ${row.identity} ${row.port}`,
				minor >= 17 ? `${row.proxyPort} 0` : `${row.proxyPort} ${row.packets} ${row.bytes}`,
			]),
		});
	}
	return out.sort((a, b) => (a.name < b.name ? -1 : 1));
}

function entries({ cache }: OpenMap): string {
	if (!cache) return 'Cache is disabled\n\n';
	if (cache.length === 0) return 'Cache is empty\n\n';
	const rows = cache.map(([key, value]) => `${key}\t${value}\tsync\t\n`);
	return tabulate(`Key\tValue\tState\tError\n${rows.join('')}`, CILIUM_AGENT);
}

const model = ({ name, cache }: OpenMap): object => ({
	cache: cache?.map(([key, value]) => ({ 'desired-action': 'sync', key, value })) ?? null,
	path: `/sys/fs/bpf/tc/globals/${name}`,
});

const names = (args: readonly string[], at: At): readonly string[] => {
	const agent = args.length === 0 ? agentIn(at.place, at.lab) : undefined;
	return agent ? openMaps(agent).map(({ name }) => name) : [];
};

export const mapCommand = (minor: number): Command => ({
	name: 'map',
	short: 'Access userspace cached content of BPF maps',
	commands: [
		...(minor >= 13
			? [
					{
						name: 'events',
						use: '<name>',
						short: 'Display cached list of events for a BPF map',
						example: 'cilium map events cilium_ipcache',
						flags: [{ name: 'follow', short: 'f', type: 'bool', usage: 'If set then events will be streamed' }, OUTPUT],
						complete: names,
						run: asking('', 'map', ({ args }: Run, agent: Agent) => {
							const [name = ''] = args;
							if (name === '') return 'map name must be specified';
							if (!openMaps(agent).some((item) => item.name === name))
								return 'could not get map name events: [GET /map/{name}/events][404] getMapNameEventsNotFound ';
							// bpf-map-event-buffers is empty unless somebody fills it (pkg/bpf/events.go).
							return `could not get map name events: [GET /map/{name}/events][404] getMapNameEventsNotFound  map events not enabled for map ${JSON.stringify(name)}`;
						}),
					} satisfies Command,
				]
			: []),
		{
			name: 'get',
			use: '<name>',
			short: 'Display cached content of given BPF map',
			example: 'cilium map get cilium_ipcache',
			flags: [OUTPUT],
			complete: names,
			run: asking('', 'map', (run: Run, agent: Agent) => {
				const [name = ''] = run.args;
				if (name === '') return 'map name must be specified';
				const map = openMaps(agent).find((item) => item.name === name);
				if (!map) return '[GET /map/{name}][404] getMapNameNotFound ';
				const printed = structured(run, () => model(map));
				if (printed !== undefined) return printed;
				run.call.out(entries(map));
				return 0;
			}),
		},
		{
			name: 'list',
			short: 'List all open BPF maps',
			example: 'cilium map list',
			flags: [{ name: 'verbose', type: 'bool', usage: 'Print cache contents of all maps' }, OUTPUT],
			run: asking('', 'map', (run: Run, agent: Agent) => {
				const all = openMaps(agent);
				const printed = structured(run, () => ({ maps: all.map(model) }));
				if (printed !== undefined) return printed;
				if (run.flags.on('verbose')) {
					for (const map of all) run.call.out(`## Map: ${map.name}\n${entries(map)}\n`);
					return 0;
				}
				const rows = all.map(({ name, cache }) => `${name}\t${cache?.length ?? 0}\t0\t${cache !== undefined}\n`);
				run.call.out(tabulate(`Name\tNum entries\tNum errors\tCache enabled\n${rows.join('')}`, CILIUM_AGENT));
				return 0;
			}),
		},
	],
});
