/**
 * One exercise: a question about a situation, an answer, and the packet that proves it. The packet is shown only
 * after an answer was given; a wrong one is met with the misconception it shows and the hop that refutes it.
 */
import type { ComponentChildren } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import {
	type Answer,
	type Exercise,
	type ExerciseWords,
	type Grade,
	grade,
	type Run,
	runSituation,
	type Variant,
} from '../exercises/index.ts';
import type { Values } from '../i18n/rich.ts';
import { isAnswered, markAnswered, skipsPredictions, watchState } from '../state/index.ts';
import { Context, type FigureContext, useFigure, type Words } from './context.tsx';
import { CopyLink } from './copy-link.tsx';
import { AssignAnswer, ChooseAnswer, EntryAnswer, GoalAnswer, OrderAnswer, PredictAnswer } from './exercise-kinds.tsx';
import { figureOf } from './figure/index.ts';
import { PacketWalk, type View } from './packet-walk.tsx';
import { placesOf } from './places.ts';
import { Gap, T } from './rich-text.tsx';

export interface ExerciseProps {
	exercise: Exercise;
	/** The exercise's own words; `words` are the figure's. */
	say: ExerciseWords;
	words: Words;
	/** Folder of the lesson: where the answer is kept. */
	lesson: string;
	/** Drawn at build: nothing listens, nothing is kept. */
	still?: boolean;
	/** 0-based number of the question that is asked first. */
	from?: number;
	/** Called with the number of the question that is asked now. */
	onDraw?: (draw: number) => void;
	/** Address of this exercise with that question. */
	addressOf?: (draw: number) => string;
}

export function ExerciseView(props: ExerciseProps) {
	const { exercise, say, words, lesson, still = false, from = 0, onDraw, addressOf } = props;
	const [draw, setDraw] = useState(from);
	const next = (draw + 1) % exercise.variants.length;
	const variant = exercise.variants[draw]!;
	const run = useMemo(() => runSituation(variant.situation), [variant]);
	const places = useMemo(() => placesOf(run.world), [run]);
	const context: FigureContext = useMemo(() => ({ words, places, id: exercise.id, still }), [words, places]);
	return (
		<Context.Provider value={context}>
			<One
				// A new draw begins anew: nothing of the last answer stays.
				key={draw}
				{...{ exercise, say, lesson, variant, run, still }}
				address={still || addressOf ? () => addressOf?.(draw) ?? '' : undefined}
				onFresh={
					exercise.variants.length > 1
						? () => {
								setDraw(next);
								onDraw?.(next);
							}
						: undefined
				}
			/>
		</Context.Provider>
	);
}

interface OneProps extends Omit<ExerciseProps, 'words' | 'from' | 'onDraw' | 'addressOf'> {
	variant: Variant;
	run: Run;
	onFresh?: () => void;
	address?: () => string;
}

function One({ exercise, say, lesson, variant, run, still, onFresh, address }: OneProps) {
	const { words, id } = useFigure();
	const text = words.text.exercise;
	const [answer, setAnswer] = useState<Answer>();
	const [result, setResult] = useState<Grade>();
	const [hint, setHint] = useState(false);
	const [done, setDone] = useState(false);
	const [shownFirst, setShownFirst] = useState(false);
	useEffect(() => {
		const look = () => {
			setDone(isAnswered(lesson, exercise.id));
			setShownFirst(skipsPredictions());
		};
		look();
		return watchState(look);
	}, []);

	const change = (next: Answer) => {
		setAnswer(next);
		setResult(undefined);
	};
	const check = () => {
		if (answer === undefined) return;
		const graded = grade(exercise, variant, answer);
		setResult(graded);
		if (graded.right) markAnswered(lesson, exercise.id);
	};
	const common = { variant, run, answer, onChange: still ? undefined : change, result };
	return (
		<form
			class="ex-form"
			onSubmit={(e) => {
				e.preventDefault();
				check();
			}}
		>
			<p class="ex-k">
				{text.kinds[exercise.kind]}
				<span class="ex-done" hidden={!done}>
					{' '}
					· <span aria-hidden="true">✓ </span>
					{text.done}
				</span>
			</p>
			<h3 class="ex-h">{say.title}</h3>
			<p class="ex-q" id={`${id}-q`}>
				<T t={say.question} v={variant.words} />
			</p>
			{exercise.kind === 'predict' ? <PredictAnswer exercise={exercise} {...common} /> : null}
			{exercise.kind === 'choose' ? <ChooseAnswer exercise={exercise} say={say} {...common} /> : null}
			{exercise.kind === 'order' ? <OrderAnswer exercise={exercise} {...common} /> : null}
			{exercise.kind === 'entry' ? <EntryAnswer exercise={exercise} {...common} /> : null}
			{exercise.kind === 'assign' ? <AssignAnswer exercise={exercise} say={say} {...common} /> : null}
			{exercise.kind === 'goal' ? <GoalAnswer exercise={exercise} {...common} /> : null}
			<p class="ex-acts needs-script">
				<button type="submit" class="ex-check" disabled={!still && answer === undefined}>
					{text.check}
				</button>
				<button type="button" class="ex-hint" aria-expanded={hint} onClick={() => setHint(!hint)}>
					{text.hint}
				</button>
				{onFresh ? (
					<button type="button" class="ex-fresh" onClick={onFresh}>
						{text.fresh}
					</button>
				) : null}
				{address ? <CopyLink address={address} /> : null}
			</p>
			<div role="status" class="ex-said">
				{hint && !result?.right ? (
					<p class="ex-hinted">
						<T t={say.hint} v={variant.words} />
					</p>
				) : null}
				{result ? <Said {...{ exercise, say, variant, run, result }} /> : null}
			</div>
			{result && !result.unreadable ? (
				<Shown {...{ exercise, run, result }} />
			) : shownFirst ? (
				<Shown {...{ exercise, run }} result={UNANSWERED} />
			) : null}
		</form>
	);
}

/** Nobody has answered, and the packet is shown all the same. */
const UNANSWERED: Grade = { right: true };

/** What proves the answer: the packet's way, or the lines of a count. A goal shows its own connections. */
function Shown({ exercise, run, result }: { exercise: Exercise; run: Run; result: Grade }) {
	if (exercise.kind === 'goal') return null;
	if (exercise.kind === 'predict' && exercise.counted) return <Lines lines={exercise.counted(run)} />;
	return <Proof run={run} result={result} />;
}

function Lines({ lines }: { lines: readonly string[] }) {
	const { text } = useFigure().words;
	return (
		<details class="ex-proof">
			<summary>{text.exercise.watchLines}</summary>
			<ol class="ex-lines">
				{lines.map((line) => (
					<li>
						<code class="m">{line}</code>
					</li>
				))}
			</ol>
		</details>
	);
}

type SaidProps = Pick<OneProps, 'exercise' | 'say' | 'variant' | 'run'> & { result: Grade };

/** What an answer is met with. */
function Said({ exercise, say, variant, run, result }: SaidProps) {
	const text = useFigure().words.text.exercise;
	const values: Values = { ...variant.words, at: result.at ?? 0 };
	if (result.unreadable) {
		return (
			<p class="ex-unread">
				{exercise.kind === 'predict' && exercise.unit === 'number' ? (
					text.unreadableNumber
				) : (
					<T t={text.unreadableAddress} v={{ ip: '192.0.2.7' }} />
				)}
			</p>
		);
	}
	if (result.right) {
		const given = 'expected' in exercise ? exercise.expected(run) : '';
		const answer = typeof given === 'string' ? given : given.join(' → ');
		return (
			<p class="ex-right">
				<Mark right>{text.right}</Mark>
				<Gap />
				<T t={say.right} v={{ ...values, answer }} />
			</p>
		);
	}
	const known = result.misconception === undefined ? undefined : say.misconceptions[result.misconception];
	return (
		<p class="ex-wrong">
			<Mark>{text.wrong}</Mark>
			<Gap />
			<T t={known ?? say.wrong} v={values} />
		</p>
	);
}

function Mark({ right, children }: { right?: boolean; children: ComponentChildren }) {
	return (
		<b class={right ? 'ex-yes' : 'ex-no'}>
			<span aria-hidden="true">{right ? '✓ ' : '✕ '}</span>
			{children}
		</b>
	);
}

/** The packet of the question, opened at the hop that refutes the answer, or at the one that says most. */
function Proof({ run, result }: { run: Run; result: Grade }) {
	const { places, words } = useFigure();
	const figure = useMemo(() => figureOf(run.outcome, places), [run]);
	const refuting = figure.stations.findIndex((s) => s.decisions.some((d) => d.seq === result.refutedBy));
	const [chosen, setChosen] = useState(refuting >= 0 ? refuting : figure.focus);
	const [view, setView] = useState<View>('picture');
	useEffect(() => {
		if (refuting >= 0) setChosen(refuting);
	}, [result]);
	if (figure.stations.length === 0) return null;
	return (
		<details class="ex-proof pw" open={refuting >= 0}>
			<summary>
				{refuting >= 0 ? <T t={words.text.exercise.watch} v={{ n: refuting + 1 }} /> : words.text.exercise.watchWalk}
			</summary>
			<PacketWalk figure={figure} chosen={chosen} onChoose={setChosen} view={view} onView={setView} />
		</details>
	);
}
