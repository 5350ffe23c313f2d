/**
 * The live figure: switches, packet walk, comparison, tables and map of one situation. All state is here; what
 * stands in the page's address and what the reader sees follow from it.
 */
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Control } from '../content/index.ts';
import type { Situation } from '../exercises/index.ts';
import { plain, type Values } from '../i18n/rich.ts';
import { scenarioById } from '../sim/scenarios/index.ts';
import type { Words } from './context.tsx';
import type { Figure, Station } from './figure/index.ts';
import { FigureFrame, NOBODY } from './figure-frame.tsx';
import { Lazy } from './lazy.tsx';
import { PacketWalk, Scrubber, type View } from './packet-walk.tsx';
import { type Failed, type Shown, show } from './shown.ts';
import { comparing, useReady } from './simulator.ts';
import { ALL_CONTROLS, describe } from './switch-heads.ts';
import { turn } from './switch-turn.ts';
import { Switchboard } from './switchboard.tsx';
import { switchesOf } from './switches.ts';
import { Acts } from './walk-acts.tsx';
import type { Cell } from './walk-compare.tsx';
import { More } from './walk-more.tsx';

/** What the page holds for a figure: enough to compute everything again. */
export interface Island {
	readonly id: string;
	readonly situation: Situation;
	readonly controls: readonly Control[];
	readonly compare?: Situation;
	/** Index of the station that is open at first. */
	readonly chosen?: number;
}

export interface LiveWalkProps {
	island: Island;
	words: Words;
	/** State the loader has seen: what was chosen or switched before the figure lived. */
	start?: {
		readonly situation?: Situation;
		/** `null` when the reader has stopped the page's own comparison. */
		readonly compare?: Situation | null;
		readonly chosen?: Cell;
		readonly view?: View;
		readonly notice?: string;
	};
	/** Called with the state as a link has it; what is undefined is the page's own. */
	onState?: (state: LinkState) => void;
	/** Address to copy for a link. */
	addressOf?: (state: LinkState) => string;
	/** Drawn at build: nothing listens, links lead to the records below. */
	still?: boolean;
	/** With `still`: one reason per hop. */
	brief?: boolean;
}

/** Texts of the links of the two sides; `none` says that nothing is compared where the page compares. */
export interface LinkState {
	readonly own?: string;
	readonly compare?: string;
}

export function LiveWalk({ island, words, start = {}, onState, addressOf, still = false, brief }: LiveWalkProps) {
	const scenario = scenarioById(island.situation.scenario)!;
	const [situation, setSituation] = useState(start.situation ?? island.situation);
	const [compared, setCompared] = useState(start.compare === undefined ? island.compare : (start.compare ?? undefined));
	const [chosen, setChosen] = useState(start.chosen);
	const [view, setView] = useState<View>(start.view ?? 'picture');
	const [notice, setNotice] = useState(start.notice);
	const root = useRef<HTMLDivElement>(null);

	const ready = useReady([situation, compared], words);
	// Until what the situation needs is fetched, the last figure stays.
	const last = useRef<[Shown | Failed, (Shown | Failed)?] | undefined>(undefined);
	const now = useMemo((): [Shown | Failed, (Shown | Failed)?] => {
		if (!ready && last.current) return last.current;
		return [show(situation), compared && show(compared)];
	}, [situation, compared, ready]);
	last.current = now;
	const [shown, other] = now;
	const beside = comparing();
	const comparison = useMemo(
		() =>
			'figure' in shown && other && 'figure' in other ? beside?.compareFigures(shown.figure, other.figure) : undefined,
		[shown, other],
	);
	const switches = switchesOf(scenario, situation, island.controls, words.text);
	const isDefault = JSON.stringify(situation) === JSON.stringify(island.situation);

	const link = async (): Promise<LinkState> => {
		const state: { own?: string; compare?: string } = {};
		if (isDefault && JSON.stringify(compared) === JSON.stringify(island.compare)) return state;
		const { linkOf } = await import('./link.ts');
		if (!isDefault && 'figure' in shown) state.own = linkOf(scenario, situation, shown.run.outcome);
		if (!compared) state.compare = island.compare && 'none';
		else if (other && 'figure' in other && JSON.stringify(compared) !== JSON.stringify(island.compare)) {
			state.compare = linkOf(scenario, compared, other.run.outcome);
		}
		return state;
	};
	useEffect(() => {
		let old = false;
		if ('figure' in shown) void link().then((state) => old || onState?.(state));
		return () => {
			old = true;
		};
	}, [situation, compared]);

	if ('error' in shown) {
		return (
			<FigureFrame words={words} id={island.id} places={NOBODY}>
				<Switchboard switches={switches} onTurn={(c, v) => setSituation(turn(scenario, situation, c, v))} />
				<p class="pw-notice" role="alert">
					{plain(words.text.switches.failed, { code: shown.error }, words.language)}{' '}
					<button type="button" class="pw-btn" onClick={() => setSituation(island.situation)}>
						{words.text.switches.reset}
					</button>
				</p>
			</FigureFrame>
		);
	}

	const cell: Cell = chosen ?? {
		side: 'left',
		index: isDefault ? (island.chosen ?? shown.figure.focus) : shown.figure.focus,
	};
	const choose = (next: Cell, focus = false) => {
		setChosen(next);
		if (focus) {
			requestAnimationFrame(() => {
				root.current?.querySelector<HTMLElement>('.pw-stop[aria-current]')?.focus({ preventScroll: false });
			});
		}
	};
	const turnTo = (control: Control, value: string) => {
		setSituation(turn(scenario, situation, control, value));
		setChosen(undefined);
		setNotice(undefined);
	};
	const rowOf = (c: Cell) => comparison?.rows.findIndex((r) => r[c.side] === c.index) ?? c.index;
	const total = comparison ? comparison.rows.length : shown.figure.stations.length;
	const position = rowOf(cell);
	const goTo = (row: number, focus = false) => {
		const to = Math.min(Math.max(row, 0), total - 1);
		if (!comparison) return choose({ side: 'left', index: to }, focus);
		const at = comparison.rows[to]!;
		const side = at[cell.side] === undefined ? (cell.side === 'left' ? 'right' : 'left') : cell.side;
		choose({ side, index: at[side]! }, focus);
	};

	// The hop that has the focus is hidden in the other view: the focus goes to the same hop there.
	const turnView = () => {
		const next: View = view === 'text' ? 'picture' : 'text';
		setView(next);
		requestAnimationFrame(() => {
			const hop = next === 'text' ? '.pw-rec.is-chosen' : '.pw-stop[aria-current]';
			root.current?.querySelector<HTMLElement>(hop)?.focus();
		});
	};

	const onKeyDown = (e: KeyboardEvent) => {
		if (e.ctrlKey || e.metaKey || e.altKey) return;
		const target = e.target as HTMLElement;
		if (target.closest('input, select, textarea, summary, [contenteditable]')) return;
		const focus = target.closest('.pw-stop') !== null;
		const steps: Record<string, () => void> = {
			ArrowDown: () => goTo(position + 1, focus),
			ArrowUp: () => goTo(position - 1, focus),
			Home: () => goTo(0, focus),
			End: () => goTo(total - 1, focus),
			ArrowRight: () => (comparison ? swap('right') : goTo(position + 1, focus)),
			ArrowLeft: () => (comparison ? swap('left') : goTo(position - 1, focus)),
			t: turnView,
			T: turnView,
		};
		const swap = (side: Cell['side']) => {
			const index = comparison?.rows[position]?.[side];
			if (index !== undefined) choose({ side, index }, focus);
		};
		const step = steps[e.key];
		if (!step) return;
		// Page scrolling by arrow keys stays as it is unless a station has the focus.
		if (e.key.startsWith('Arrow') || e.key === 'Home' || e.key === 'End') {
			if (!focus) return;
			e.preventDefault();
		}
		step();
	};

	const here = cell.side === 'right' && other && 'figure' in other ? other : shown;
	const station: Station | undefined = here.figure.stations[cell.index];
	const names = compared
		? ([
				describe(scenario, situation, compared, ALL_CONTROLS, words.text).join(', ') || '–',
				describe(scenario, compared, situation, ALL_CONTROLS, words.text).join(', ') || '–',
			] as const)
		: undefined;
	const label = plain(words.text.walk.label, nodesOfWay(shown.figure), words.language);
	const more = still
		? undefined
		: (s: Station) => (s === station ? <More shown={here} station={s} words={words} /> : null);

	return (
		<FigureFrame words={words} id={island.id} places={shown.places} still={still} brief={brief}>
			{/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for form controls, this is a figure */}
			<div ref={root} role="group" aria-label={label} aria-busy={ready ? undefined : true} onKeyDown={onKeyDown}>
				<Switchboard switches={switches} onTurn={turnTo}>
					<Acts
						{...{ words, compared, isDefault, setCompared, situation }}
						onReset={() => {
							setSituation(island.situation);
							setCompared(island.compare);
							setChosen(undefined);
							setNotice(undefined);
						}}
						address={async () => addressOf?.(await link()) ?? ''}
					/>
				</Switchboard>
				{notice ? (
					<p class="pw-notice" role="status">
						{notice}
					</p>
				) : null}
				{beside && comparison && names && other && 'figure' in other ? (
					<div class="pw-body" data-view={view}>
						<beside.WalkCompare
							comparison={comparison}
							names={names}
							places={[shown.places, other.places]}
							chosen={cell}
							onChoose={still ? undefined : choose}
							open={view === 'text'}
							more={more}
						/>
						<Scrubber two total={total} chosen={position} onChoose={(n) => goTo(n)} view={view} onView={setView} />
						<p class="pw-caption">{words.text.walk.caption}</p>
					</div>
				) : (
					<PacketWalk
						figure={shown.figure}
						chosen={cell.index}
						onChoose={still ? undefined : (n) => choose({ side: 'left', index: n })}
						view={view}
						onView={setView}
						more={more}
					/>
				)}
				<div class="pw-below needs-script">
					<Lazy
						title={words.text.tables.title}
						words={words}
						load={() => import('./tables.tsx').then((m) => m.loadTables())}
						props={{ run: here.run, figure: here.figure, station }}
					/>
					<Lazy
						title={words.text.topology.title}
						words={words}
						load={() => import('./topology.tsx').then((m) => m.loadTopology())}
						props={{ world: here.run.world, figure: here.figure, station }}
					/>
				</div>
			</div>
		</FigureFrame>
	);
}

/** Names of the first and the last place of the request. */
function nodesOfWay(figure: Figure): Values {
	const request = figure.stations.filter((s) => s.direction === 'request');
	const nameOf = (s: Station | undefined) => (s ? figure.lanes[s.lane]!.name : '');
	return { from: nameOf(request[0]), to: nameOf(request.at(-1)) };
}
