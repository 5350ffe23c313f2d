/** `cilium status` line by line: what each says, and where the CLI has it from. */
import { useMemo, useRef, useState } from 'preact/hooks';
import { Say } from './rich.tsx';
import { decode, type Line, STATES, type State } from './status-model.ts';
import { gapOf, type LabWords } from './words.ts';

/** What the page holds of it. */
export interface StatusDecoderIsland {
	readonly id: string;
	readonly state: State;
}

export interface StatusDecoderProps {
	readonly island: StatusDecoderIsland;
	readonly words: LabWords;
}

export function StatusDecoder({ island, words }: StatusDecoderProps) {
	const text = words.text.status;
	const [state, setState] = useState(island.state);
	const { lines, cli } = useMemo(() => decode(state), [state]);
	const told = lines.flatMap((line, i) => (line.kind ? [i] : []));
	const [wanted, setChosen] = useState<number>();
	// What is wrong is what one wants to know first.
	const start = told.find((i) => lines[i]!.tone === 'wrong') ?? told[0]!;
	const chosen = wanted !== undefined && told.includes(wanted) ? wanted : start;
	const screen = useRef<HTMLDivElement>(null);
	const goTo = (index: number): void => {
		setChosen(index);
		requestAnimationFrame(() => screen.current?.querySelector<HTMLElement>('button[aria-pressed="true"]')?.focus());
	};
	const key = (e: KeyboardEvent): void => {
		if (e.ctrlKey || e.metaKey || e.altKey) return;
		const place = told.indexOf(chosen);
		const to = { ArrowDown: place + 1, ArrowUp: place - 1, Home: 0, End: told.length - 1 }[e.key];
		if (to === undefined) return;
		e.preventDefault();
		goTo(told[Math.min(Math.max(to, 0), told.length - 1)]!);
	};
	return (
		<div class="lp-in sd">
			<fieldset class="lp-one lp-bar needs-script">
				<legend>{text.state}</legend>
				{STATES.map((name) => (
					<label>
						<input
							type="radio"
							name={`${island.id}-state`}
							checked={name === state}
							onChange={() => {
								setState(name);
								setChosen(undefined);
							}}
						/>
						<span>{text.states[name]}</span>
					</label>
				))}
			</fieldset>
			<p class="sd-hint">
				<Say words={words} t={text.hint} v={{ cli }} />
			</p>
			<div class="lp-two sd-two">
				{/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for form controls, this is what a program printed */}
				<div class="sd-screen" role="group" aria-label={text.output} ref={screen}>
					<p class="sd-line">
						<span class="sd-prompt">$ </span>cilium status
					</p>
					{lines.map((line, i) =>
						line.kind ? (
							<button
								type="button"
								class={`sd-line is-${line.tone}`}
								aria-pressed={i === chosen}
								aria-describedby={`${island.id}-why-${i}`}
								tabIndex={i === chosen ? 0 : -1}
								onClick={() => setChosen(i)}
								onMouseEnter={() => setChosen(i)}
								onFocus={() => setChosen(i)}
								onKeyDown={key}
							>
								{line.text}
							</button>
						) : (
							<p class="sd-line" aria-hidden={true}>
								{line.text === '' ? '\u200b' : line.text}
							</p>
						),
					)}
				</div>
				<ol class="sd-whys" aria-label={text.explanations}>
					{told.map((i) => (
						<li id={`${island.id}-why-${i}`} class={i === chosen ? 'is-chosen' : undefined}>
							<Why words={words} line={lines[i]!} />
						</li>
					))}
				</ol>
			</div>
		</div>
	);
}

function Why({ words, line }: { words: LabWords; line: Line }) {
	const text = words.text.status;
	const { kind, params, tone } = line;
	const said = text.lines[kind!];
	const first = said.says;
	const more = tone === 'wrong' ? said.wrong : tone === 'off' ? said.off : said.well;
	return (
		<>
			<p class="sd-what">
				<code>{line.text.trim().replace(/^[\s/\\_¯]+/, '')}</code>
			</p>
			<p>
				<Say words={words} t={first} v={params} />
				{more === undefined ? null : (
					<>
						{gapOf(words)}
						<Say words={words} t={more} v={params} />
					</>
				)}
			</p>
			<p class="sd-from">
				{text.from}
				{gapOf(words)}
				<Say words={words} t={said.from} v={params} />
			</p>
		</>
	);
}
