/** A cluster on its way from `kind create cluster` to Ready, on lanes over the lab's time, with the reason of each step. */
import { useMemo, useRef, useState } from 'preact/hooks';
import { plain } from '../../i18n/rich.ts';
import { storyOf } from './readiness-model.ts';
import {
	type Happened,
	type Lane,
	NETWORKS,
	type Network,
	reasonAt,
	type Stretch,
	stretchAt,
} from './readiness-story.ts';
import { Say } from './rich.tsx';
import type { LabWords } from './words.ts';

/** What the page holds of it. */
export interface ReadinessIsland {
	readonly id: string;
	readonly network: Network;
}

export interface ReadinessProps {
	readonly island: ReadinessIsland;
	readonly words: LabWords;
}

const clock = (seconds: number): string => {
	const whole = Math.floor(seconds);
	return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
};

export function Readiness({ island, words }: ReadinessProps) {
	const text = words.text.readiness;
	const [network, setNetwork] = useState(island.network);
	const story = useMemo(() => storyOf(network), [network]);
	const { events, lanes, end } = story;
	// At first: the cluster is made.
	const first = Math.max(
		events.findIndex((event) => event.code === 'created' || event.code === 'createdReady'),
		0,
	);
	const [chosen, setChosen] = useState<{ readonly at: number; readonly event: number }>();
	const event = chosen?.event ?? first;
	const at = chosen?.at ?? events[event]!.at;
	const list = useRef<HTMLOListElement>(null);
	const goTo = (next: number): void => {
		const to = Math.min(Math.max(next, 0), events.length - 1);
		setChosen({ at: events[to]!.at, event: to });
	};
	const scrub = (seconds: number): void => {
		const last = events.findLastIndex((one) => one.at <= seconds);
		setChosen({ at: seconds, event: Math.max(last, 0) });
	};
	const key = (e: KeyboardEvent): void => {
		const by = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[e.key];
		if (by === undefined || e.ctrlKey || e.metaKey || e.altKey) return;
		e.preventDefault();
		goTo(event + by);
		requestAnimationFrame(() => list.current?.querySelector<HTMLElement>('[aria-current] button')?.focus());
	};
	return (
		<div class="lp-in rd">
			<fieldset class="lp-one lp-bar needs-script">
				<legend>{text.network}</legend>
				{NETWORKS.map((name) => (
					<label>
						<input
							type="radio"
							name={`${island.id}-network`}
							checked={name === network}
							onChange={() => {
								setNetwork(name);
								setChosen(undefined);
							}}
						/>
						<span>{text.networks[name]}</span>
					</label>
				))}
			</fieldset>
			<div class="rd-lanes">
				{lanes.map((lane) => (
					<LaneRow words={words} lane={lane} end={end} at={at} id={island.id} />
				))}
				<div class="rd-lane rd-axis" aria-hidden="true">
					<span />
					<svg width="100%" height="18" aria-hidden="true">
						{ticks(end).map((t) => (
							<text x={`${(t / end) * 100}%`} y="13" text-anchor={t === 0 ? 'start' : 'middle'}>
								{clock(t)}
							</text>
						))}
					</svg>
				</div>
			</div>
			<div class="rd-scrub needs-script">
				<button type="button" aria-label={text.previous} onClick={() => goTo(event - 1)}>
					<span aria-hidden="true">◀</span>
				</button>
				<input
					type="range"
					min={0}
					max={end}
					step={0.5}
					value={at}
					aria-label={text.time}
					aria-valuetext={clock(at)}
					onInput={(e) => scrub(Number(e.currentTarget.value))}
				/>
				<button type="button" aria-label={text.next} onClick={() => goTo(event + 1)}>
					<span aria-hidden="true">▶</span>
				</button>
				<output class="rd-clock">{clock(at)}</output>
			</div>
			<div class="lp-two rd-two">
				<ol class="rd-events" ref={list} aria-label={text.events}>
					{events.map((one, i) => (
						<li class={i === event ? 'is-chosen' : undefined} aria-current={i === event ? 'step' : undefined}>
							<button type="button" tabIndex={i === event ? 0 : -1} onClick={() => goTo(i)} onKeyDown={key}>
								<span class="rd-at">{clock(one.at)}</span>
								<span>
									<Title words={words} event={one} />
								</span>
							</button>
							<div class="rd-why">
								{one.verbatim === undefined || one.code === 'step' ? null : <samp>{one.verbatim}</samp>}
								<p>
									<Say words={words} t={text.why[one.code]} v={valuesOf(one)} />
								</p>
							</div>
						</li>
					))}
				</ol>
				<section class="rd-now" aria-live="polite" aria-label={text.now}>
					<p class="kc-h">
						<Say words={words} t={text.nowAt} v={{ time: clock(at) }} />
					</p>
					<dl>
						{together(lanes, at, words).map(({ names, state, message }) => (
							<div>
								<dt>{names.join(', ')}</dt>
								<dd>
									{state}
									{message === undefined ? null : <samp>{message}</samp>}
								</dd>
							</div>
						))}
					</dl>
				</section>
			</div>
		</div>
	);
}

const valuesOf = (event: Happened) => ({ ...event.params, names: event.names.join(', '), n: event.names.length });

function Title({ words, event }: { words: LabWords; event: Happened }) {
	if (event.code === 'step') return <code>{event.verbatim?.trim()}</code>;
	return <Say words={words} t={words.text.readiness.titles[event.code]} v={valuesOf(event)} />;
}

const laneName = (lane: Lane, words: LabWords): string =>
	lane.kind === 'command' ? words.text.readiness.command : lane.name;

function stateOf(stretch: Stretch, lane: Lane, words: LabWords): string {
	const { states, commands } = words.text.readiness;
	const { state, label } = stretch;
	if (state === 'idle' || state === 'kind' || state === 'helm') return commands[state];
	const kind = lane.kind === 'node' ? states.node : states.pods;
	const name = (kind as Readonly<Record<string, string>>)[state] ?? state;
	return label === undefined ? name : `${name} ${label}`;
}

/** Lanes that stand alike, as one. */
function together(lanes: readonly Lane[], at: number, words: LabWords) {
	const out: { names: string[]; state: string; message: string | undefined }[] = [];
	for (const lane of lanes) {
		if (lane.kind === 'command') continue;
		const here = stretchAt(lane, at);
		const state = here ? stateOf(here, lane, words) : '';
		const message = reasonAt(lane, at);
		const same = lane.kind === 'node' ? out.find((one) => one.state === state && one.message === message) : undefined;
		if (same) same.names.push(laneName(lane, words));
		else out.push({ names: [laneName(lane, words)], state, message });
	}
	return out;
}

/** Ten lines of time at most, at round seconds. */
function ticks(end: number): number[] {
	const step = [10, 15, 30, 60, 120].find((s) => end / s <= 7) ?? 300;
	return Array.from({ length: Math.floor(end / step) + 1 }, (_, i) => i * step).filter((t) => t < end * 0.97);
}

interface LaneRowProps {
	readonly words: LabWords;
	readonly lane: Lane;
	readonly end: number;
	readonly at: number;
	readonly id: string;
}

function LaneRow({ words, lane, end, at, id }: LaneRowProps) {
	const text = words.text.readiness;
	const percent = (seconds: number): string => `${Math.round((seconds / end) * 10_000) / 100}%`;
	const told = lane.stretches
		.filter((one) => one.state !== 'absent' && one.state !== 'idle')
		.map((one) =>
			plain(
				text.stretch,
				{ state: stateOf(one, lane, words), from: clock(one.from), to: clock(one.to) },
				words.language,
			),
		)
		.join('; ');
	const name = laneName(lane, words);
	const hatch = `${id}-hatch-${lane.kind}-${lane.name}`;
	return (
		<div class={`rd-lane is-${lane.kind}`}>
			<span class="rd-name">{name}</span>
			<svg width="100%" height="22" role="img" aria-label={plain(text.lane, { name, told }, words.language)}>
				<pattern id={hatch} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
					<rect class="rd-hatch-bg" width="6" height="6" />
					<rect class="rd-hatch" width="2" height="6" />
				</pattern>
				<line class="rd-ground" x1="0" x2="100%" y1="11" y2="11" />
				{lane.stretches.map((one) => {
					if (one.state === 'absent' || one.state === 'idle') return null;
					const waits = one.state === 'notReady' || one.state === 'pending';
					const wide = (one.to - one.from) / end > 0.14;
					return (
						<>
							<rect
								class={`rd-bar is-${one.state}`}
								x={percent(one.from)}
								width={percent(Math.max(one.to - one.from, end / 400))}
								y="2"
								height="18"
								fill={waits ? `url(#${hatch})` : undefined}
							/>
							{wide ? (
								<svg
									class="rd-text"
									x={percent(one.from)}
									width={percent(one.to - one.from)}
									height="22"
									aria-hidden="true"
								>
									<text class={`rd-label is-${one.state}`} x="5" y="15">
										{one.label ?? stateOf(one, lane, words)}
									</text>
								</svg>
							) : null}
						</>
					);
				})}
				<line class="rd-cursor" x1={percent(at)} x2={percent(at)} y1="0" y2="22" />
			</svg>
		</div>
	);
}
