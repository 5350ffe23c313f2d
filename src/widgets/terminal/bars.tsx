/** The bars of a terminal: the controls of time above it, what one does with its text below. */
import type { TerminalText } from '../../i18n/terminal/index.ts';
import type { Machine } from './machine.ts';
import { SPEEDS } from './pace.ts';
import type { TabHandle } from './tab-view.tsx';

export interface TimeBarProps {
	readonly machine: Machine;
	readonly text: TerminalText;
}

export function TimeBar({ machine, text }: TimeBarProps) {
	const { pacer } = machine;
	return (
		<div class="tm-bar">
			<span class="tm-time" title={text.time}>
				<span class="visually-hidden">{text.time} </span>
				<time>{machine.time}</time>
			</span>
			<fieldset class="tm-speed">
				<legend class="visually-hidden">{text.speed}</legend>
				{SPEEDS.map((speed) => (
					<label key={speed}>
						<input
							type="radio"
							name={`tm-speed-${machine.id}`}
							checked={pacer.speed === speed}
							onChange={() => machine.setSpeed(speed)}
						/>
						<span>{text.speeds[speed]}</span>
					</label>
				))}
			</fieldset>
			<button type="button" onClick={() => pacer.setPaused(!pacer.paused)}>
				{pacer.paused ? text.resume : text.pause}
			</button>
			<button type="button" disabled={!pacer.held || !machine.busy} onClick={() => pacer.step()}>
				{text.step}
			</button>
			<button
				type="button"
				disabled={!machine.session.busy || machine.shown.edit !== undefined}
				onClick={() => machine.interrupt()}
			>
				{text.interrupt} <kbd>^C</kbd>
			</button>
		</div>
	);
}

/** Sizes of the text, by number. */
const SIZES = 5;

export interface ToolBarProps extends TimeBarProps {
	readonly handle: { readonly current: TabHandle | null };
	readonly size: number;
	readonly setSize: (size: number) => void;
	/** Whether prompts are copied. */
	readonly prompts: boolean;
	readonly setPrompts: (on: boolean) => void;
	readonly said: string;
	readonly say: (text: string) => void;
	readonly restart: () => void;
}

export function ToolBar(props: ToolBarProps) {
	const { machine, text, handle, size, setSize, prompts, setPrompts, said, say, restart } = props;
	const { session } = machine;
	const unready = session.busy || session.code !== undefined;
	const copy = async (): Promise<void> => {
		await navigator.clipboard.writeText(machine.shown.textOf(prompts)).then(
			() => say(text.copied),
			() => undefined,
		);
	};
	return (
		<div class="tm-bar tm-tools">
			<button type="button" class="tm-touch" onClick={() => handle.current?.complete()} disabled={unready}>
				{text.complete}
			</button>
			<button type="button" class="tm-touch" onClick={() => handle.current?.previous()} disabled={unready}>
				{text.previous}
			</button>
			<button type="button" onClick={() => machine.shown.clear()}>
				{text.clear}
			</button>
			<button type="button" disabled={size === 0} onClick={() => setSize(size - 1)}>
				<span aria-hidden="true">A−</span>
				<span class="visually-hidden">{text.smaller}</span>
			</button>
			<button type="button" disabled={size === SIZES - 1} onClick={() => setSize(size + 1)}>
				<span aria-hidden="true">A+</span>
				<span class="visually-hidden">{text.larger}</span>
			</button>
			<label>
				<input type="checkbox" checked={prompts} onChange={(e) => setPrompts(e.currentTarget.checked)} />
				{text.copyPrompts}
			</label>
			<button type="button" onClick={() => void copy()}>
				{text.copyAll}
			</button>
			<button type="button" onClick={() => print()}>
				{text.print}
			</button>
			<button
				type="button"
				onClick={() => {
					if (confirm(text.restartAsk)) restart();
				}}
			>
				{text.restart}
			</button>
			<span role="status" class="tm-said">
				{said}
			</span>
		</div>
	);
}
