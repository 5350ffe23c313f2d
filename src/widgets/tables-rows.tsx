/** Rows of a printed table, and the hops at which this packet met them. */
import type { Run } from '../exercises/index.ts';
import { useFigure } from './context.tsx';
import type { Figure, Station } from './figure/index.ts';
import { T } from './rich-text.tsx';

export interface TablesProps {
	run: Run;
	figure: Figure;
	station: Station | undefined;
}

/** Numbers of the stations at which this packet wrote a row, read it, or looked for it in vain. */
export interface Met {
	wrote: readonly number[];
	read: readonly number[];
	missed: readonly number[];
}
const HOW = ['wrote', 'read', 'missed'] as const;

/** A printed row and where this packet met it, if it did; of a row that was missed, the line is the key. */
export interface Row {
	readonly line: string;
	readonly met: Met | undefined;
}

/** Notes that a row was met at a station. What writes a row there reads it too: writing alone is told. */
export function meet(rows: Map<string, Met>, id: string, station: number, how: keyof Met): void {
	const met = rows.get(id) ?? { wrote: [], read: [], missed: [] };
	rows.set(id, met);
	if (met[how].includes(station) || met.wrote.includes(station)) return;
	if (how === 'wrote') met.read = met.read.filter((n) => n !== station);
	met[how] = [...met[how], station];
}

/** At which hops of the picture a row was met. */
export function Hops({ at }: { at: readonly number[] }) {
	const { text } = useFigure().words;
	return <T t={text.tables.atHop} v={{ n: at.join(text.record.listSeparator) }} />;
}

export function RowLine({ row, station }: { row: Row; station: Station | undefined }) {
	const { text } = useFigure().words;
	const words = { wrote: text.tables.wrote, read: text.tables.read, missed: text.verdict.miss };
	const { met } = row;
	const here = station !== undefined && met && HOW.some((how) => met[how].includes(station.number));
	return (
		<tr class={`${met ? 'is-hit' : ''}${here ? ' is-here' : ''}`}>
			<td class="tb-at">
				{met
					? HOW.filter((how) => met[how].length > 0).map((how) => (
							<div>
								<Hops at={met[how]} />
								<small> {words[how]}</small>
							</div>
						))
					: null}
			</td>
			<td class="m tb-line">{row.line}</td>
		</tr>
	);
}
