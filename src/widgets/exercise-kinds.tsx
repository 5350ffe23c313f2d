/** How each kind of question is answered: native controls, one component per kind. */
import {
	type Answer,
	type Assign,
	type Choose,
	type Entry,
	type ExerciseWords,
	type Goal,
	type Grade,
	goalRuns,
	type Order,
	type Predict,
	type Run,
	type Variant,
} from '../exercises/index.ts';
import { plain } from '../i18n/rich.ts';
import { scenarioById } from '../sim/scenarios/index.ts';
import { formatIp } from '../sim/wire/index.ts';
import type { Settings } from '../sim/world/index.ts';
import { useFigure } from './context.tsx';
import { Addr, Code, T } from './rich-text.tsx';
import { turn } from './switch-turn.ts';
import { Switchboard } from './switchboard.tsx';
import { switchesOf } from './switches.ts';

interface Common {
	variant: Variant;
	run: Run;
	answer: Answer | undefined;
	onChange?: (answer: Answer) => void;
	result: Grade | undefined;
}

export function PredictAnswer({ exercise, answer, onChange, result }: Common & { exercise: Predict }) {
	const { words, id } = useFigure();
	return (
		<p class="ex-in">
			<label for={`${id}-in`}>{words.text.exercise.yourAnswer}</label>
			<input
				id={`${id}-in`}
				class="m"
				type="text"
				inputMode={exercise.unit === 'number' ? 'numeric' : 'decimal'}
				autocomplete="off"
				spellcheck={false}
				maxLength={40}
				value={typeof answer === 'string' ? answer : ''}
				aria-describedby={`${id}-q`}
				aria-invalid={result && !result.right ? true : undefined}
				onInput={onChange && ((e) => onChange(e.currentTarget.value))}
			/>
		</p>
	);
}

export function ChooseAnswer({
	exercise,
	say,
	variant,
	answer,
	onChange,
}: Common & { exercise: Choose; say: ExerciseWords }) {
	const { id } = useFigure();
	return (
		<fieldset class="ex-options" aria-describedby={`${id}-q`}>
			{exercise.options.map((option) => (
				<label>
					<input
						type="radio"
						name={`${id}-choice`}
						value={option}
						checked={answer === option}
						onChange={onChange && (() => onChange(option))}
					/>
					<span>
						<T t={say.options?.[option] ?? option} v={variant.words} />
					</span>
				</label>
			))}
		</fieldset>
	);
}

export function EntryAnswer({ exercise, run, answer, onChange }: Common & { exercise: Entry }) {
	const { id } = useFigure();
	return (
		<fieldset class="ex-options ex-rows" aria-describedby={`${id}-q`}>
			{exercise.rows(run).map((row, i) => (
				<label>
					<input
						type="radio"
						name={`${id}-row`}
						value={i}
						checked={answer === row}
						onChange={onChange && (() => onChange(row))}
					/>
					<code class="m">{row}</code>
				</label>
			))}
		</fieldset>
	);
}

/** Items in an order that is not the answer: by name, or the other way round when that would give it away. */
function shuffled(expected: readonly string[]): readonly string[] {
	const sorted = [...expected].sort();
	return sorted.every((item, i) => item === expected[i]) ? sorted.reverse() : sorted;
}

export function OrderAnswer({ exercise, run, answer, onChange }: Common & { exercise: Order }) {
	const { words, id } = useFigure();
	const text = words.text.exercise;
	const items = Array.isArray(answer) ? (answer as readonly string[]) : shuffled(exercise.expected(run));
	const moves = [
		[-1, text.moveUp, '↑'],
		[1, text.moveDown, '↓'],
	] as const;
	return (
		<ol class="ex-order" aria-describedby={`${id}-q`}>
			{items.map((item, i) => (
				<li key={item}>
					<code class="m">{item}</code>
					<span class="ex-moves needs-script">
						{moves.map(([step, label, arrow]) => (
							<button
								type="button"
								aria-disabled={!items[i + step]}
								aria-label={label.replace('{item}', item)}
								onClick={({ currentTarget }) => {
									const next = [...items];
									if (!next[i + step]) return;
									next.splice(i + step, 0, ...next.splice(i, 1));
									onChange?.(next);
									// A node that is put elsewhere loses the focus, and who moves it by keyboard their place.
									setTimeout(() => currentTarget.focus());
								}}
							>
								<span aria-hidden="true">{arrow}</span>
							</button>
						))}
					</span>
				</li>
			))}
		</ol>
	);
}

/** Each row with the choice of its option. */
export function AssignAnswer({
	exercise,
	say,
	variant,
	run,
	answer,
	onChange,
}: Common & { exercise: Assign; say: ExerciseWords }) {
	const { words, id } = useFigure();
	const rows = exercise.rows(run);
	const given = rows.map((_, i) => (Array.isArray(answer) ? String(answer[i] ?? '') : ''));
	return (
		<ul class="ex-assign" aria-describedby={`${id}-q`}>
			{rows.map((row, i) => (
				<li key={row}>
					<label for={`${id}-${i}`}>
						<Code text={row} />
					</label>
					<select
						id={`${id}-${i}`}
						value={given[i]}
						onChange={onChange && ((e) => onChange(given.map((g, j) => (j === i ? e.currentTarget.value : g))))}
					>
						<option value="">–</option>
						{exercise.options.map((option) => (
							<option value={option} selected={given[i] === option}>
								{plain(say.options?.[option] ?? option, variant.words, words.language)}
							</option>
						))}
					</select>
				</li>
			))}
		</ul>
	);
}

/** What differs from the settings an exercise starts with. */
function changesOf(from: Partial<Settings>, to: Partial<Settings>): Partial<Settings> {
	const names = Object.keys(to) as (keyof Settings)[];
	return Object.fromEntries(
		names.filter((n) => JSON.stringify(to[n]) !== JSON.stringify(from[n])).map((n) => [n, to[n]]),
	);
}

/** The switches, and what each connection does under them once the learner has asked. */
export function GoalAnswer({ exercise, variant, answer, onChange, result }: Common & { exercise: Goal }) {
	const { words } = useFigure();
	const scenario = scenarioById(variant.situation.scenario)!;
	const changes = (typeof answer === 'object' && !Array.isArray(answer) ? answer : {}) as Partial<Settings>;
	const situation = {
		...variant.situation,
		settings: { ...variant.situation.settings, ...changes },
	};
	const runs = result ? goalRuns(exercise, variant, changes) : [];
	const passing = exercise.probes.length - (result?.right ? 0 : (result?.failing?.length ?? 0));
	return (
		<>
			<Switchboard
				bare
				switches={switchesOf(scenario, situation, exercise.controls, words.text)}
				onTurn={
					onChange &&
					((control, value) => {
						onChange(changesOf(variant.situation.settings, turn(scenario, situation, control, value).settings));
					})
				}
			/>
			{result ? (
				<>
					<p class="ex-passing">
						<T t={words.text.exercise.probesPassing} v={{ done: passing, total: exercise.probes.length }} />
					</p>
					<ul class="ex-probes">
						{runs.map((run, i) => {
							const failing = !result.right && result.failing?.includes(i);
							const { outcome } = run;
							return (
								<li>
									<span aria-hidden="true">{failing ? '✕ ' : '✓ '}</span>
									<Addr ip={outcome.probe.to.ip} port={outcome.probe.to.port} />
									{' → '}
									{outcome.observedSource ? (
										<code class="m">{formatIp(outcome.observedSource.ip)}</code>
									) : (
										<code class="m">{outcome.errno ?? outcome.result}</code>
									)}
								</li>
							);
						})}
					</ul>
				</>
			) : null}
		</>
	);
}
