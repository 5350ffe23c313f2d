/**
 * One packet under several settings, station by station: a column for each, rows where stations do the same job. It is
 * drawn at build; each station is a link to its record in a figure of the page.
 */
import { renderToString } from 'preact-render-to-string';
import type { Situation } from '../exercises/index.ts';
import { plain } from '../i18n/rich.ts';
import { Context, type Words } from './context.tsx';
import { compareFigures, type Figure, type Station } from './figure/index.ts';
import type { LabWords } from './lab/words.ts';
import { T } from './rich-text.tsx';
import { type Shown, show } from './shown.ts';
import { laneName, StopText } from './walk-lanes.tsx';

export interface PathSide {
	readonly name: string;
	readonly situation: Situation;
	/** Beginning of the ids of its records in the page. */
	readonly records: string;
}

/** Index of a station for each side; undefined where a side has none that does this job. */
export type PathRow = readonly (number | undefined)[];

export interface PathRows {
	readonly rows: readonly PathRow[];
	/** For each row, whether the packet fares the same on all sides. */
	readonly same: readonly boolean[];
}

/** Lays figures side by side: each is aligned with the one before it. */
export function alignAll(figures: readonly Figure[]): PathRows {
	let rows: PathRow[] = figures[0]!.stations.map((_, i) => [i]);
	let same = rows.map(() => true);
	for (let n = 1; n < figures.length; n++) {
		const next: PathRow[] = [];
		const nextSame: boolean[] = [];
		const rest = rows.map((row, i) => ({ row, same: same[i]! }));
		for (const pair of compareFigures(figures[n - 1]!, figures[n]!).rows) {
			// Rows that the side before has no station in come along in their place.
			while (rest.length > 0 && (pair.left === undefined ? false : rest[0]!.row[n - 1] !== pair.left)) {
				next.push([...rest.shift()!.row, undefined]);
				nextSame.push(false);
			}
			const mine = pair.left === undefined ? undefined : rest.shift();
			next.push([...(mine?.row ?? new Array<undefined>(n).fill(undefined)), pair.right]);
			nextSame.push((mine?.same ?? false) && pair.same);
		}
		for (const { row } of rest) {
			next.push([...row, undefined]);
			nextSame.push(false);
		}
		rows = next;
		same = nextSame;
	}
	return { rows, same };
}

export function renderPaths(id: string, sides: readonly PathSide[], words: Words, say: LabWords): string {
	const shown = sides.map(({ situation }) => {
		const one = show(situation);
		if ('error' in one) throw new Error(one.error);
		return one;
	});
	return renderToString(<PathTable {...{ id, sides, shown, words, say }} />);
}

interface PathTableProps {
	readonly id: string;
	readonly sides: readonly PathSide[];
	readonly shown: readonly Shown[];
	readonly words: Words;
	readonly say: LabWords;
}

function PathTable({ id, sides, shown, words, say }: PathTableProps) {
	const text = say.text.paths;
	const { rows, same } = alignAll(shown.map(({ figure }) => figure));
	const contexts = shown.map(({ places }, n) => ({ words, places, id: sides[n]!.records, still: true }));
	const stationOf = (row: PathRow): Station => {
		const n = row.findIndex((i) => i !== undefined);
		return shown[n]!.figure.stations[row[n]!]!;
	};
	const reply = rows.findIndex((row) => stationOf(row).direction === 'reply');
	return (
		<>
			<p class="kc-h" id={`${id}-h`}>
				{plain(text.title, { n: rows.length, differ: same.filter((s) => !s).length }, say.language)}
			</p>
			{/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reachable by keyboard */}
			<section class="lp-scroll" tabIndex={0} aria-labelledby={`${id}-h`}>
				<table class="pt">
					<thead>
						<tr>
							{sides.map(({ name }, n) => (
								<th scope="col">
									{name}
									<small>
										<Context.Provider value={contexts[n]}>
											<T t={words.text.outcome.counts} v={{ ...shown[n]!.figure.counts }} />
										</Context.Provider>
									</small>
								</th>
							))}
						</tr>
					</thead>
					<tbody>
						{rows.map((row, r) => (
							<>
								{r === reply ? (
									<tr>
										<th class="pt-reply" scope="rowgroup" colSpan={sides.length}>
											{words.text.theReply}
										</th>
									</tr>
								) : null}
								<tr class={same[r] ? undefined : 'is-diff'}>
									{row.map((index, n) => (
										<Context.Provider value={contexts[n]}>
											<Cell figure={shown[n]!.figure} index={index} records={sides[n]!.records} absent={text.absent} />
										</Context.Provider>
									))}
								</tr>
							</>
						))}
					</tbody>
				</table>
			</section>
		</>
	);
}

interface CellProps {
	readonly figure: Figure;
	readonly index: number | undefined;
	readonly records: string;
	readonly absent: string;
}

function Cell({ figure, index, records, absent }: CellProps) {
	if (index === undefined)
		return (
			<td class="pt-none">
				<span class="visually-hidden">{absent}</span>
			</td>
		);
	const station = figure.stations[index]!;
	return (
		<td class={station.rewrites ? 'is-filled' : undefined}>
			<a href={`#${records}-${station.id}`}>
				<span class="pt-place">
					<Place figure={figure} station={station} />
				</span>
				<StopText station={station} figure={figure} />
			</a>
		</td>
	);
}

function Place({ figure, station }: { readonly figure: Figure; readonly station: Station }) {
	return <Context.Consumer>{(context) => laneName(figure.lanes[station.lane]!, context!.words.text)}</Context.Consumer>;
}
