/** Two settings side by side: stations that do the same job stand in one row, what differs is marked and said. */
import type { ComponentChildren } from 'preact';
import { Context, type FigureContext, useFigure } from './context.tsx';
import type { Comparison, Figure, Places, Station } from './figure/index.ts';
import { T } from './rich-text.tsx';
import { PacketLabel } from './walk-label.tsx';
import { laneName, StopText } from './walk-lanes.tsx';
import { WalkOutcome } from './walk-outcome.tsx';
import { WalkRecords } from './walk-records.tsx';

export type Side = 'left' | 'right';

/** A station of one of the two. */
export interface Cell {
	readonly side: Side;
	/** Index into the stations of that side. */
	readonly index: number;
}

export interface WalkCompareProps {
	comparison: Comparison;
	/** What tells each side from the other: `Cluster`, `Local`. */
	names: readonly [string, string];
	places: readonly [Places, Places];
	chosen: Cell;
	onChoose?: (cell: Cell) => void;
	open?: boolean;
	more?: (station: Station, side: Side) => ComponentChildren;
}

/** The context of one side: its own owners of addresses, its own ids. */
export function sideContext(context: FigureContext, side: Side, places: Places): FigureContext {
	return { ...context, places, id: `${context.id}-${side === 'left' ? 'a' : 'b'}` };
}

export function WalkCompare({ comparison, names, places, chosen, onChoose, open, more }: WalkCompareProps) {
	const context = useFigure();
	const { text } = context.words;
	const sides = ['left', 'right'] as const;
	const contexts = { left: sideContext(context, 'left', places[0]), right: sideContext(context, 'right', places[1]) };
	const figureOf = (side: Side): Figure => comparison[side];
	const last = {
		left: comparison.rows.findLastIndex((r) => r.left !== undefined),
		right: comparison.rows.findLastIndex((r) => r.right !== undefined),
	};
	return (
		<div class="pw-main pw-two">
			<div class="cmp">
				<div class="cmp-row cmp-heads">
					{sides.map((side, i) => (
						<Context.Provider value={contexts[side]}>
							<div class={`cmp-head cmp-${side}`}>
								<b>
									{i === 0 ? text.walk.compareA : text.walk.compareB} · {names[i]}
								</b>
								<WalkOutcome figure={figureOf(side)} />
							</div>
						</Context.Provider>
					))}
				</div>
				<p class="cmp-sum">
					{comparison.differences === 0 ? (
						text.walk.noDifferences
					) : (
						<T t={text.walk.differences} v={{ n: comparison.differences }} />
					)}
				</p>
				{/* biome-ignore lint/a11y/noRedundantRoles: a list without markers is no list to VoiceOver */}
				<ol class="cmp-rows" role="list" aria-label={text.walk.lanes}>
					{comparison.rows.map((row, r) => {
						const previous = comparison.rows[r - 1];
						const station = comparison.left.stations[row.left ?? -1] ?? comparison.right.stations[row.right ?? -1]!;
						const before =
							previous &&
							(comparison.left.stations[previous.left ?? -1] ?? comparison.right.stations[previous.right ?? -1]);
						return (
							<>
								{before && before.direction !== station.direction ? <li class="cmp-sep">{text.theReply}</li> : null}
								<li class={`cmp-row pw-${station.direction}${row.same ? '' : ' is-diff'}`}>
									{sides.map((side) => (
										<Context.Provider value={contexts[side]}>
											<CompareCell
												side={side}
												figure={figureOf(side)}
												index={row[side]}
												through={row[side] === undefined && r < last[side] && r > 0}
												chosen={chosen}
												onChoose={onChoose}
											/>
										</Context.Provider>
									))}
									{row.same ? null : (
										<span class="cmp-mark" title={text.walk.differs}>
											<span aria-hidden="true">≠</span>
											<span class="visually-hidden">{text.walk.differs}</span>
										</span>
									)}
								</li>
							</>
						);
					})}
				</ol>
			</div>
			<div class="cmp-records">
				{sides.map((side, i) => (
					<Context.Provider value={contexts[side]}>
						<p class="cmp-side">
							{i === 0 ? text.walk.compareA : text.walk.compareB} · {names[i]}
						</p>
						<WalkRecords
							figure={figureOf(side)}
							chosen={chosen.side === side ? chosen.index : -1}
							open={open}
							more={more && ((s) => more(s, side))}
						/>
					</Context.Provider>
				))}
			</div>
		</div>
	);
}

interface CellProps {
	side: Side;
	figure: Figure;
	index: number | undefined;
	/** The line goes through an empty place: this side has more to come. */
	through: boolean;
	chosen: Cell;
	onChoose?: (cell: Cell) => void;
}

function CompareCell({ side, figure, index, through, chosen, onChoose }: CellProps) {
	const { words, id } = useFigure();
	if (index === undefined) {
		return <div class={`cmp-cell cmp-${side} is-empty${through ? ' is-through' : ''}`} />;
	}
	const station = figure.stations[index]!;
	const previous = figure.stations[index - 1];
	const first = !previous || previous.direction !== station.direction || station.kind === 'giveup';
	const next = figure.stations[index + 1];
	const last = !next || next.direction !== station.direction || next.kind === 'giveup';
	const isChosen = chosen.side === side && chosen.index === index;
	const marks = [
		station.rewrites ? 'is-filled' : '',
		station.end && station.end !== 'delivered' ? 'is-end' : '',
		isChosen ? 'is-chosen' : '',
		first ? 'is-first' : '',
		last ? 'is-last' : '',
	];
	return (
		<div class={`cmp-cell cmp-${side} ${marks.filter(Boolean).join(' ')}`}>
			<span class="pw-n" aria-hidden="true">
				{station.number}
			</span>
			<span class="pw-dot" />
			<a
				class="pw-stop"
				href={`#${id}-${station.id}`}
				aria-current={isChosen ? 'step' : undefined}
				tabIndex={onChoose ? (isChosen ? 0 : -1) : undefined}
				data-side={side}
				data-n={index}
				onClick={
					onChoose &&
					((e: MouseEvent) => {
						e.preventDefault();
						onChoose({ side, index });
					})
				}
			>
				<span class="pw-place">{laneName(figure.lanes[station.lane]!, words.text)} </span>
				<StopText station={station} figure={figure} />
			</a>
			{station.label ? (
				<div class="pw-pk">
					<PacketLabel label={station.label} />
				</div>
			) : null}
		</div>
	);
}
