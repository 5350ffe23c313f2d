/**
 * The picture: lanes from left to right, time down, one row per station. The line is drawn by the borders of
 * the rows themselves, so that it needs no measuring, survives zoom, forced colours and print, and is there
 * before any script runs.
 */
import type { FigureText } from '../i18n/figure/index.ts';
import { useFigure } from './context.tsx';
import type { Direction, Figure, Lane, Station } from './figure/index.ts';
import { Addr, T } from './rich-text.tsx';
import { noteOf, titleOf } from './telling.ts';
import { PacketLabel } from './walk-label.tsx';

export interface Choosing {
	/** Index of the chosen station. */
	readonly chosen: number;
	/** Absent in the static page: the small script there does it. */
	readonly onChoose?: (index: number) => void;
}

/** Name of a lane: the reader is "you", a pod is called a pod. */
export function laneName(lane: Lane, text: FigureText): string {
	if (lane.kind === 'client') return text.you;
	if (lane.kind === 'pod') return text.podLane.replace('{~name}', shortPod(lane.name));
	return lane.name;
}

/** `echo-7ccc684445-x2x7k` is `echo` on a lane; the whole name is in its title. */
function shortPod(name: string): string {
	return name.replace(/-[0-9a-f]{6,10}-[a-z0-9]{5}$/, '').replace(/-[a-z0-9]{5}$/, '');
}

export function WalkLanes({ figure, chosen, onChoose }: { figure: Figure } & Choosing) {
	const { words } = useFigure();
	const { text } = words;
	const requests = figure.stations.filter((s) => s.direction === 'request');
	const replies = figure.stations.filter((s) => s.direction === 'reply');
	const rows = (stations: readonly Station[], direction: Direction) => (
		// biome-ignore lint/a11y/noRedundantRoles: a list without markers is no list to VoiceOver
		<ol class={`pw-line pw-${direction}`} role="list" start={stations[0]?.number}>
			{stations.map((s, i) => (
				<Row
					station={s}
					previous={s.kind === 'giveup' ? undefined : stations[i - 1]}
					last={i === stations.length - 1 || stations[i + 1]!.kind === 'giveup'}
					{...{ figure, chosen, onChoose }}
				/>
			))}
		</ol>
	);
	return (
		<div class={`pw-lanes lanes-${figure.lanes.length}`}>
			<div class="pw-bg" aria-hidden="true">
				{figure.lanes.map((_, i) => (
					<i class={`c${i + 1}`} />
				))}
			</div>
			<div class="pw-heads">
				{figure.lanes.map((lane, i) => (
					<div class={`pw-head c${i + 1}`} title={lane.ns}>
						{laneName(lane, text)}
						{lane.ip === undefined ? null : (
							<small>
								<Addr ip={lane.ip} />
							</small>
						)}
					</div>
				))}
			</div>
			{rows(requests, 'request')}
			{replies.length > 0 ? (
				<>
					<p class="pw-sep">{text.theReply}</p>
					{rows(replies, 'reply')}
				</>
			) : null}
		</div>
	);
}

interface RowProps extends Choosing {
	figure: Figure;
	station: Station;
	previous: Station | undefined;
	last: boolean;
}

function Row({ figure, station, previous, last, chosen, onChoose }: RowProps) {
	const { words, id } = useFigure();
	const index = station.number - 1;
	const here = station.lane + 1;
	const from = previous ? previous.lane + 1 : here;
	const way = !previous ? 'start' : from < here ? 'right' : from > here ? 'left' : 'down';
	const marks = [
		station.rewrites ? 'is-filled' : '',
		station.end && station.end !== 'delivered' ? 'is-end' : '',
		index === chosen ? 'is-chosen' : '',
		way === 'down' ? '' : 'is-new-place',
	];
	return (
		<li class={`pw-row c${here} f${from} ${marks.filter(Boolean).join(' ')}`}>
			<span class="pw-n" aria-hidden="true">
				{station.number}
			</span>
			{way === 'start' ? null : <span class={`pw-in pw-${way}`} />}
			{last ? null : <span class="pw-tail" />}
			<span class="pw-dot" />
			<a
				class="pw-stop"
				href={`#${id}-${station.id}`}
				aria-current={index === chosen ? 'step' : undefined}
				tabIndex={onChoose ? (index === chosen ? 0 : -1) : undefined}
				data-n={index}
				onClick={
					onChoose &&
					((e: MouseEvent) => {
						e.preventDefault();
						onChoose(index);
					})
				}
			>
				<span class="pw-place">{laneName(figure.lanes[station.lane]!, words.text)} </span>
				<StopText station={station} figure={figure} />
			</a>
			{station.label ? (
				<div class={`pw-pk${here > 2 && here >= figure.lanes.length - 1 ? ' is-right' : ''}`}>
					<PacketLabel label={station.label} />
				</div>
			) : null}
		</li>
	);
}

/** Name and notes of a station. */
export function StopText({ station, figure }: { station: Station; figure: Figure }) {
	const { words } = useFigure();
	const title = titleOf(station, figure, words.text);
	const notes = noteOf(station, figure, words.text);
	return (
		<>
			<span class="pw-title">
				<T {...title} />
			</span>
			{notes.length > 0 ? (
				<span class="pw-note">
					{notes.map((note, i) => (
						<>
							{i > 0 ? ' · ' : ' '}
							<T {...note} />
						</>
					))}
				</span>
			) : null}
		</>
	);
}
