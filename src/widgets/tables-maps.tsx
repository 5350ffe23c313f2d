/** Cilium's maps on a node, as its own tool prints them: which rows this packet read or wrote, and at which hop. */
import { bundleOf, type CiliumList, ciliumListOf } from '../sim/world/index.ts';
import { useFigure } from './context.tsx';
import type { Figure } from './figure/index.ts';
import { type Met, meet, type Row, RowLine, type TablesProps } from './tables-rows.tsx';

export type MapKind = Exclude<CiliumList, 'ipcache' | 'tunnel' | 'egress'>;
export const MAP_KINDS: readonly MapKind[] = ['lb', 'backends', 'revnat', 'ct', 'nat'];

const COMMANDS: Readonly<Record<MapKind, string>> = {
	lb: 'lb list',
	backends: 'lb list --backends',
	revnat: 'lb list --revnat',
	ct: 'ct list global',
	nat: 'nat list',
};

const SERVICES = 'cilium_lb4_services_v2';
/** What the names of the maps behind a list begin with. */
const TABLES: Readonly<Record<MapKind, string>> = {
	lb: SERVICES,
	backends: SERVICES,
	revnat: 'cilium_lb4_reverse_nat',
	ct: 'cilium_ct',
	nat: 'cilium_snat_v4_external',
};

const isNode = (ns: string): boolean => ns.startsWith('node/');

/** Whether there are maps to show at all. */
export const hasMaps = (run: TablesProps['run'], figure: Figure): boolean =>
	figure.lanes.some((lane) => isNode(lane.ns) && ciliumListOf(run.world, nodeOf(lane.ns), 'lb') !== undefined);

/** Whether a service's map chose this packet's way, so that it is what a reader looks for first. */
export const mapsFirst = (figure: Figure): boolean =>
	figure.stations.some((s) => s.decisions.some((d) => d.table === SERVICES && d.verdict === 'dnat'));

/** The node whose maps are shown for a place: itself, or the machine before or after it on the way. */
export function nodeNear(figure: Figure, ns: string): string | undefined {
	if (isNode(ns)) return ns;
	const nodes = figure.lanes.map((lane) => lane.ns);
	const at = nodes.indexOf(ns);
	return nodes.slice(0, Math.max(at, 0)).findLast(isNode) ?? nodes.slice(at + 1).find(isNode);
}

const nodeOf = (ns: string): string => ns.slice('node/'.length);

/** What a row is known by: counters, times and states change from one packet to the next, this does not. */
export function rowIdentity(kind: MapKind, line: string, frontend = ''): string {
	if (kind === 'ct') return line.replace(/ *expires=.*$/, '');
	if (kind === 'nat') return line.replace(/ Created=.*$/, '');
	if (kind === 'backends') return /:\/\/(\S+)/.exec(line)?.[1] ?? line;
	const cells = line.trimEnd().split(/ {3,}/);
	return `${cells[0] || frontend} = ${cells.at(-1)}`;
}

/** The IN row that is written with an OUT row of a translation (snat_v4_new_mapping()). */
const otherHalf = (out: string): string =>
	out.replace(/^(\S+) OUT (\S+) -> (\S+) XLATE_SRC (\S+)$/, '$1 IN $3 -> $4 XLATE_DST $2');

/** Rows of a map that this packet met on a node, and keys it was asked for in vain. */
export function metRows(figure: Figure, ns: string, kind: MapKind): Map<string, Met> {
	const rows = new Map<string, Met>();
	for (const { number, decisions } of figure.stations) {
		const add = (id: string, how: keyof Met) => meet(rows, id, number, how);
		for (const { ns: where, table, key = '', entry, verdict, why } of decisions) {
			if (where !== ns || !table?.startsWith(TABLES[kind])) continue;
			if (entry === undefined) {
				if (verdict === 'miss' && key && kind !== 'backends') add(key, 'missed');
			} else if (kind === 'lb' || kind === 'revnat') add(`${key} = ${entry}`, 'read');
			else if (kind === 'backends') {
				// The row of a slot leads to the backend's own.
				if (verdict === 'dnat') add(entry.split(/[/ ]/)[0]!, 'read');
			} else {
				const id = rowIdentity(kind, entry);
				const wrote = verdict === 'create' || why.code === 'cilium.snat';
				add(id, wrote ? 'wrote' : 'read');
				if (wrote && why.code !== 'cilium.dsr-learned') add(otherHalf(id), 'wrote');
			}
		}
	}
	return rows;
}

/** Name of the tool in the agent's container: renamed in 1.15. */
function toolOf(run: TablesProps['run']): string {
	const { cilium = '' } = bundleOf(run.world.scenario, run.world.settings);
	return Number(cilium.split('.')[1]) >= 15 ? 'cilium-dbg' : 'cilium';
}

export function Maps({ run, figure, station, ns, kind }: TablesProps & { ns: string; kind: MapKind }) {
	const { text } = useFigure().words;
	const printed = isNode(ns) ? ciliumListOf(run.world, nodeOf(ns), kind) : undefined;
	if (!printed) return <p class="tb-none">{text.tables.empty}</p>;
	const rows = metRows(figure, ns, kind);
	const titled = kind !== 'ct' && kind !== 'nat';
	let frontend = '';
	const lines = printed.stdout.map((line, i): Row => {
		if (titled && i === 0) return { line, met: undefined };
		const id = rowIdentity(kind, line, frontend);
		if (kind === 'lb') frontend = id.split(' = ')[0]!;
		return { line, met: rows.get(id) };
	});
	// What is not there has no row: the key stands for it.
	for (const [key, met] of rows) if (met.missed.length > 0) lines.push({ line: key, met });
	return (
		<>
			<p class="tb-h">
				<code class="m">
					{toolOf(run)} bpf {COMMANDS[kind]}
				</code>
			</p>
			{printed.stderr.map((line) => (
				<p class="tb-none m">{line}</p>
			))}
			{lines.length > (titled ? 1 : 0) ? (
				// biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reachable by keyboard
				<section class={`tb-scroll${titled ? ' is-printed' : ''}`} tabIndex={0} aria-label={text.tables.maps[kind]}>
					<table class="tb-rows">
						<tbody>
							{lines.map((row) => (
								<RowLine row={row} station={station} />
							))}
						</tbody>
					</table>
				</section>
			) : printed.stderr.length === 0 ? (
				<p class="tb-none">{text.tables.empty}</p>
			) : null}
		</>
	);
}
