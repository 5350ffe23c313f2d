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

/** A printed row and the stations at which this packet met it. */
export interface Row {
	readonly line: string;
	readonly stations: readonly number[];
	readonly wrote: boolean;
}

/** At which hops of the picture a row was met. */
export function Hops({ at }: { at: readonly number[] }) {
	const { text } = useFigure().words;
	return <T t={text.tables.atHop} v={{ n: at.join(text.record.listSeparator) }} />;
}

export function RowLine({ row, station }: { row: Row; station: Station | undefined }) {
	const { text } = useFigure().words;
	const hit = row.stations.length > 0;
	const here = station !== undefined && row.stations.includes(station.number);
	return (
		<tr class={`${hit ? 'is-hit' : ''}${here ? ' is-here' : ''}`}>
			<td class="tb-at">
				{hit ? (
					<>
						<Hops at={row.stations} />
						<small> {row.wrote ? text.tables.wrote : text.tables.read}</small>
					</>
				) : null}
			</td>
			<td class="m tb-line">{row.line}</td>
		</tr>
	);
}
