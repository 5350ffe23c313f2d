/** Tables of a place of the cluster, as they are now and as its tools print them. */
import { useEffect, useState } from 'preact/hooks';
import { plain } from '../../i18n/rich.ts';
import { loadPackets } from '../../sim/lab/index.ts';
import { type CiliumList, ciliumAt, conntrackOf, namespacesOf, nodeOfNs, type World } from '../../sim/world/index.ts';
import type { TableKind } from './table-lines.ts';
import type { LabWords } from './words.ts';

const KINDS = ['addresses', 'routes', 'neighbours', 'conntrack', 'rules'] as const;
type Kind = (typeof KINDS)[number];
/** Lists of Cilium's maps, under the name of the command that prints them. */
const LISTS = ['lb', 'ct', 'nat', 'ipcache'] as const satisfies readonly CiliumList[];
type List = (typeof LISTS)[number];

/** More lines than one reads. */
const MOST = 400;

const isList = (kind: Kind | List): kind is List => (LISTS as readonly string[]).includes(kind);

/** One table, line by line; undefined while what prints it, and what fills it when it is looked at, is being fetched. */
function useLines(world: World | undefined, ns: string, kind: TableKind): readonly string[] | undefined {
	const [linesOf, setLinesOf] = useState<typeof import('./table-lines.ts').linesOf>();
	const none = !world || (kind === 'conntrack' && conntrackOf(world, ns).length === 0);
	const wanted = !none && !linesOf;
	useEffect(() => {
		if (!wanted) return;
		let gone = false;
		Promise.all([import('./table-lines.ts'), loadPackets()]).then(
			([m]) => gone || setLinesOf(() => m.linesOf),
			(error: unknown) => console.error(error),
		);
		return () => {
			gone = true;
		};
	}, [wanted]);
	return none ? [] : linesOf?.(world, ns, kind);
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
	const places = world ? namespacesOf(world) : [];
	const known = (ns: string | undefined): boolean => ns !== undefined && places.includes(ns);
	const place = known(picked) ? picked! : known(near) ? near! : (places.find(nodeOfNs) ?? places[0] ?? '');
	const node = nodeOfNs(place);
	const kinds: readonly (Kind | List)[] = [
		...KINDS,
		...(world && node !== undefined && ciliumAt(world, node) ? LISTS : []),
	];
	const kind = kinds.includes(wanted) ? wanted : 'conntrack';
	const nameOf = (one: Kind | List): string => (isList(one) ? `bpf ${one}` : text.kinds[one]);
	const lines = useLines(world, place, kind);
	if (!world) return <p class="sb-none">{text.noPlaces}</p>;
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
			{lines === undefined ? null : lines.length === 0 || lines[0] === '' ? (
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
