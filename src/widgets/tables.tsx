/**
 * The tables of a place as its tools print them: which rows this packet read or wrote, and at which station.
 * Rules that were not hit are folded, not left out.
 */
import { useState } from 'preact/hooks';
import {
	formatConntrack,
	formatNeighbours,
	formatRoutes,
	printIptablesSave,
	RT_TABLE_LOCAL,
	RT_TABLE_MAIN,
	type TableName,
} from '../sim/linux/index.ts';
import { conntrackOf, namespaceOf, nowOf } from '../sim/world/index.ts';
import { useFigure } from './context.tsx';
import type { Figure, Station } from './figure/index.ts';
import { styled } from './opened.ts';
import { T } from './rich-text.tsx';
import { hasMaps, MAP_KINDS, type MapKind, Maps, mapsFirst, nodeNear } from './tables-maps.tsx';
import { Hops, type Met, meet, type Row, RowLine, type TablesProps } from './tables-rows.tsx';
import { laneName } from './walk-lanes.tsx';

type Kind = 'chains' | 'conntrack' | 'routes' | 'neighbours';
const KINDS: readonly Kind[] = ['chains', 'conntrack', 'routes', 'neighbours'];
const isMap = (kind: Kind | MapKind): kind is MapKind => (MAP_KINDS as readonly string[]).includes(kind);

/** The part with its styles. */
export const loadTables = () => styled(Tables);

export function Tables({ run, figure, station }: TablesProps) {
	const { words, id } = useFigure();
	const { text } = words;
	const maps = hasMaps(run, figure);
	const [wanted, setKind] = useState<Kind | MapKind>(maps && mapsFirst(figure) ? 'lb' : 'chains');
	// Another setting may have no maps.
	const kind = isMap(wanted) && !maps ? 'chains' : wanted;
	const [picked, setPicked] = useState<string>();
	const place = picked ?? station?.ns ?? figure.lanes[0]?.ns ?? 'host';
	const ns = isMap(kind) ? (nodeNear(figure, place) ?? place) : place;
	const kinds = maps ? [...KINDS, ...MAP_KINDS] : KINDS;
	const lanes = isMap(kind) ? figure.lanes.filter((lane) => nodeNear(figure, lane.ns) === lane.ns) : figure.lanes;
	return (
		<div class="tb">
			<div class="sw tb-pick">
				<fieldset class="sw-one">
					<legend>{text.tables.title}</legend>
					<div class="sw-seg">
						{kinds.map((k) => (
							<label>
								<input type="radio" name={`${id}-table`} checked={k === kind} onChange={() => setKind(k)} />
								<span>{isMap(k) ? text.tables.maps[k] : text.tables[k]}</span>
							</label>
						))}
					</div>
				</fieldset>
				<fieldset class="sw-one">
					<legend>{text.tables.place}</legend>
					<div class="sw-seg">
						{lanes.map((lane) => (
							<label>
								<input
									type="radio"
									name={`${id}-place`}
									checked={lane.ns === ns}
									onChange={() => setPicked(lane.ns === station?.ns ? undefined : lane.ns)}
								/>
								<span>{laneName(lane, text)}</span>
							</label>
						))}
					</div>
				</fieldset>
			</div>
			{isMap(kind) ? (
				<Maps {...{ run, figure, station, ns, kind }} />
			) : kind === 'chains' ? (
				<Chains {...{ run, figure, station, ns }} />
			) : (
				<Rows {...{ kind, run, figure, station, ns }} />
			)}
		</div>
	);
}

interface PartProps extends TablesProps {
	ns: string;
}

/** Where this packet met a line in this namespace, by table. */
function meetings(figure: Figure, ns: string, tables: readonly string[]): Map<string, Met> {
	const met = new Map<string, Met>();
	for (const s of figure.stations) {
		for (const d of s.decisions) {
			if (d.ns !== ns || !d.entry || !d.table || !tables.includes(d.table)) continue;
			meet(met, identity(d.entry), s.number, d.verdict === 'create' ? 'wrote' : 'read');
		}
	}
	return met;
}

/** A line without what only tells time or state: the same conntrack or neighbour entry, whenever it is read. */
function identity(line: string): string {
	const tuple = /src=\S+ dst=\S+ sport=\d+ dport=\d+/.exec(line);
	if (tuple) return tuple[0];
	return line
		.replace(/ (lladdr \S+ )?(REACHABLE|STALE|DELAY|INCOMPLETE|FAILED|PERMANENT)$/, '')
		.replace(/^local (\S+) dev (\S+) .*$/, 'local $1 dev $2');
}

function Rows({ kind, run, figure, station, ns }: PartProps & { kind: Exclude<Kind, 'chains'> }) {
	const { text } = useFigure().words;
	const namespace = namespaceOf(run.world, ns);
	if (!namespace) return null;
	const lines =
		kind === 'conntrack'
			? conntrackOf(run.world, ns).map((c) => formatConntrack(c, nowOf(run.world)))
			: kind === 'routes'
				? [...formatRoutes(namespace, RT_TABLE_MAIN), ...formatRoutes(namespace, RT_TABLE_LOCAL)]
				: formatNeighbours(run.world.net, namespace);
	const table = { conntrack: 'conntrack', routes: 'fib', neighbours: 'neigh' }[kind];
	const met = meetings(figure, ns, [table]);
	const rows = lines.map((line): Row => ({ line, met: met.get(identity(line)) }));
	if (rows.length === 0) return <p class="tb-none">{text.tables.empty}</p>;
	return (
		// biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reachable by keyboard
		<section class="tb-scroll" tabIndex={0} aria-label={text.tables[kind]}>
			<table class="tb-rows">
				<tbody>
					{rows.map((row) => (
						<RowLine row={row} station={station} />
					))}
				</tbody>
			</table>
		</section>
	);
}

/** Chains this packet walked, in the order it entered them: hits in sight, the rest folded between them. */
function Chains({ run, figure, station, ns }: PartProps) {
	const { words } = useFigure();
	const { text } = words;
	const namespace = namespaceOf(run.world, ns);
	const walked: { table: TableName; chain: string; hits: Map<number, number[]>; key: string }[] = [];
	for (const s of figure.stations) {
		for (const d of s.decisions) {
			if (d.ns !== ns || !d.chain || !isTable(d.table)) continue;
			const key = `${d.table} ${d.chain}`;
			let one = walked.find((w) => w.key === key);
			if (!one) {
				one = { table: d.table, chain: d.chain, hits: new Map(), key };
				walked.push(one);
			}
			if (d.rule !== undefined) {
				const at = one.hits.get(d.rule) ?? [];
				if (!at.includes(s.number)) one.hits.set(d.rule, [...at, s.number]);
			}
		}
	}
	if (!namespace || walked.length === 0) return <p class="tb-none">{text.tables.notTouched}</p>;
	const printed = new Map<string, string[]>();
	for (const { table } of walked) {
		if (printed.has(`${table} `)) continue;
		printed.set(`${table} `, []);
		for (const line of printIptablesSave({ [table]: namespace.ruleset[table] }).split('\n')) {
			const m = /^-A (\S+) /.exec(line);
			if (!m) continue;
			const key = `${table} ${m[1]}`;
			const lines = printed.get(key);
			if (lines) lines.push(line);
			else printed.set(key, [line]);
		}
	}
	return (
		<div class="tb-chains">
			{walked.map(({ table, chain, hits, key }) => {
				const lines = printed.get(key) ?? [];
				const policy = namespace.ruleset[table]?.chains.get(chain)?.policy;
				return (
					<section class="tb-chain">
						<h4 class="tb-h">
							<T t={text.tables.chainOf} v={{ table, chain }} />
							{policy ? (
								<small>
									{' '}
									<T t={text.tables.policyOf} v={{ policy }} />
								</small>
							) : null}
						</h4>
						<Folded lines={lines} hits={hits} station={station} />
					</section>
				);
			})}
		</div>
	);
}

function isTable(table: string | undefined): table is TableName {
	return table === 'raw' || table === 'mangle' || table === 'nat' || table === 'filter';
}

interface FoldedProps {
	lines: readonly string[];
	hits: ReadonlyMap<number, readonly number[]>;
	station: Station | undefined;
}

/** Runs of rules that were not hit become one fold, so that thousands of services stay one line. */
function Folded({ lines, hits, station }: FoldedProps) {
	const parts: ({ rule: number } | { from: number; to: number })[] = [];
	let from = 0;
	for (let i = 0; i <= lines.length; i++) {
		if (i < lines.length && !hits.has(i + 1)) continue;
		if (i > from) parts.push({ from, to: i });
		if (i < lines.length) parts.push({ rule: i + 1 });
		from = i + 1;
	}
	return (
		<ol class="tb-rules">
			{parts.map((part) =>
				'rule' in part ? (
					<li class={`is-hit${station && hits.get(part.rule)?.includes(station.number) ? ' is-here' : ''}`}>
						<span class="tb-at">
							<Hops at={hits.get(part.rule)!} />
						</span>
						<span class="tb-no">{part.rule}</span>
						<code class="m tb-line">{lines[part.rule - 1]}</code>
					</li>
				) : (
					<li class="tb-fold">
						<Unhit lines={lines.slice(part.from, part.to)} first={part.from + 1} />
					</li>
				),
			)}
		</ol>
	);
}

/** Printed only when opened: there may be tens of thousands. */
function Unhit({ lines, first }: { lines: readonly string[]; first: number }) {
	const { text } = useFigure().words;
	const [open, setOpen] = useState(false);
	return (
		<details onToggle={(e) => setOpen(e.currentTarget.open)}>
			<summary>
				<T t={text.tables.notHit} v={{ n: lines.length }} />
			</summary>
			{open ? (
				<ol class="tb-rules">
					{lines.slice(0, 500).map((line, i) => (
						<li>
							<span class="tb-at" />
							<span class="tb-no">{first + i}</span>
							<code class="m tb-line">{line}</code>
						</li>
					))}
				</ol>
			) : null}
		</details>
	);
}
