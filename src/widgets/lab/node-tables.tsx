/** Tables of a place of the cluster, as they are now and as its tools print them. */
import { useState } from 'preact/hooks';
import { plain } from '../../i18n/rich.ts';
import {
	formatConntrack,
	formatNeighbours,
	formatRoutes,
	printIptablesSave,
	RT_TABLE_LOCAL,
	RT_TABLE_MAIN,
} from '../../sim/linux/index.ts';
import { formatIp } from '../../sim/wire/index.ts';
import {
	type CiliumList,
	ciliumListOf,
	conntrackOf,
	devicesOf,
	namespaceOf,
	namespacesOf,
	nowOf,
	type World,
} from '../../sim/world/index.ts';
import type { LabWords } from './words.ts';

const KINDS = ['addresses', 'routes', 'neighbours', 'conntrack', 'rules'] as const;
type Kind = (typeof KINDS)[number];
/** Lists of Cilium's maps, under the name of the command that prints them. */
const LISTS = ['lb', 'ct', 'nat', 'ipcache'] as const satisfies readonly CiliumList[];
type List = (typeof LISTS)[number];

/** More lines than one reads. */
const MOST = 400;

const isList = (kind: Kind | List): kind is List => (LISTS as readonly string[]).includes(kind);
const nodeOf = (ns: string): string | undefined => (ns.startsWith('node/') ? ns.slice('node/'.length) : undefined);

function linesOf(world: World, ns: string, kind: Kind | List): readonly string[] {
	const namespace = namespaceOf(world, ns);
	if (!namespace) return [];
	if (isList(kind)) return ciliumListOf(world, nodeOf(ns) ?? '', kind)?.stdout ?? [];
	switch (kind) {
		case 'addresses':
			return devicesOf(world, ns).map(({ name, addresses }) =>
				`${name.padEnd(16)} ${addresses.map(({ ip, length }) => `${formatIp(ip)}/${length}`).join(' ')}`.trimEnd(),
			);
		case 'routes':
			return [...formatRoutes(namespace, RT_TABLE_MAIN), ...formatRoutes(namespace, RT_TABLE_LOCAL)];
		case 'neighbours':
			return formatNeighbours(world.net, namespace);
		case 'conntrack':
			return conntrackOf(world, ns).map((entry) => formatConntrack(entry, nowOf(world)));
		case 'rules':
			return printIptablesSave(namespace.ruleset).trimEnd().split('\n');
	}
}

export interface NodeTablesProps {
	readonly world: World | undefined;
	/** Place that is shown until another is chosen: where the last packet came by. */
	readonly near: string | undefined;
	readonly words: LabWords;
}

export function NodeTables({ world, near, words }: NodeTablesProps) {
	const text = words.text.sandbox;
	const [picked, setPlace] = useState<string>();
	const [wanted, setKind] = useState<Kind | List>('conntrack');
	if (!world) return <p class="sb-none">{text.noPlaces}</p>;
	const places = namespacesOf(world);
	const known = (ns: string | undefined): boolean => ns !== undefined && places.includes(ns);
	const place = known(picked) ? picked! : known(near) ? near! : (places.find(nodeOf) ?? places[0]!);
	const node = nodeOf(place);
	const lists = node === undefined ? [] : LISTS.filter((list) => ciliumListOf(world, node, list) !== undefined);
	const kinds: readonly (Kind | List)[] = [...KINDS, ...lists];
	const kind = kinds.includes(wanted) ? wanted : 'conntrack';
	const nameOf = (one: Kind | List): string => (isList(one) ? `bpf ${one}` : text.kinds[one]);
	const lines = linesOf(world, place, kind);
	return (
		<div class="sb-tables">
			<div class="lp-bar">
				<label class="lp-one">
					<span>{text.place}</span>
					<select value={place} onChange={(e) => setPlace(e.currentTarget.value)}>
						{places.map((ns) => (
							<option value={ns} selected={ns === place}>
								{ns}
							</option>
						))}
					</select>
				</label>
				<fieldset class="lp-one">
					<legend class="visually-hidden">{text.tables}</legend>
					<div class="sw-seg">
						{kinds.map((one) => (
							<label>
								<input type="radio" name="sb-table" checked={one === kind} onChange={() => setKind(one)} />
								<span>{nameOf(one)}</span>
							</label>
						))}
					</div>
				</fieldset>
			</div>
			{lines.length === 0 || lines[0] === '' ? (
				<p class="sb-none">{text.emptyTable}</p>
			) : (
				// biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
				<section class="sb-print" tabIndex={0} aria-label={`${place}, ${nameOf(kind)}`}>
					<pre>{lines.slice(0, MOST).join('\n')}</pre>
					{lines.length > MOST ? <p>{plain(text.cut, { n: lines.length - MOST }, words.language)}</p> : null}
				</section>
			)}
		</div>
	);
}
