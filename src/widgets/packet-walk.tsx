/** The packet walk: picture, records, scrubber. Drawn at build as it will be drawn live; state comes from outside. */
import type { ComponentChildren } from 'preact';
import { useFigure } from './context.tsx';
import type { Figure, Station } from './figure/index.ts';
import { T } from './rich-text.tsx';
import { type Choosing, WalkLanes } from './walk-lanes.tsx';
import { WalkOutcome } from './walk-outcome.tsx';
import { WalkRecords } from './walk-records.tsx';

export type View = 'picture' | 'text';

export interface PacketWalkProps extends Choosing {
	figure: Figure;
	view: View;
	onView?: (view: View) => void;
	more?: (station: Station) => ComponentChildren;
	/** In place of the sentence on top. */
	outcome?: ComponentChildren;
}

export function PacketWalk({ figure, chosen, onChoose, view, onView, more, outcome }: PacketWalkProps) {
	const { words } = useFigure();
	return (
		<div class="pw-body" data-view={view}>
			{outcome ?? <WalkOutcome figure={figure} />}
			<div class="pw-main">
				<WalkLanes figure={figure} chosen={chosen} onChoose={onChoose} />
				<WalkRecords figure={figure} chosen={chosen} open={view === 'text'} more={more} />
			</div>
			<Scrubber total={figure.stations.length} {...{ chosen, onChoose, view, onView }} />
			<p class="pw-caption">{words.text.walk.caption}</p>
		</div>
	);
}

interface ScrubberProps extends Choosing {
	total: number;
	/** Two settings stand side by side: the arrow keys do something else. */
	two?: boolean;
	view: View;
	onView?: (view: View) => void;
}

export function Scrubber({ total, two = false, chosen, onChoose, view, onView }: ScrubberProps) {
	const { text } = useFigure().words;
	const step = (by: number) => onChoose && (() => onChoose(Math.min(Math.max(chosen + by, 0), total - 1)));
	return (
		<div class="pw-scrub needs-script">
			<button type="button" class="pw-btn" data-step="-1" aria-label={text.walk.previous} onClick={step(-1)}>
				<span aria-hidden="true">◀</span>
			</button>
			<input
				type="range"
				min={1}
				max={total}
				value={chosen + 1}
				aria-label={text.walk.scrubber}
				onInput={onChoose && ((e) => onChoose(Number(e.currentTarget.value) - 1))}
			/>
			<button type="button" class="pw-btn" data-step="1" aria-label={text.walk.next} onClick={step(1)}>
				<span aria-hidden="true">▶</span>
			</button>
			<span class="pw-pos" data-position={text.walk.position}>
				<T t={text.walk.position} v={{ n: chosen + 1, total }} />
			</span>
			<span class="pw-keys">{two ? text.walk.keysTwo : text.walk.keys}</span>
			<button
				type="button"
				class="pw-btn pw-text-toggle"
				aria-pressed={view === 'text'}
				onClick={onView && (() => onView(view === 'text' ? 'picture' : 'text'))}
			>
				{text.walk.text}
			</button>
		</div>
	);
}
