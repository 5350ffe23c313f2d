/**
 * One exercise over the lab: what all of them have in common, and the questions. They are answered by the same controls
 * as those about a packet; what proves the answer is what commands print.
 */
import type { ComponentChildren } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import type {
	Asked,
	Exercise,
	ExerciseWords,
	FileTexts,
	LabExercise,
	LabGrade,
	LabQuiz,
	LabVariant,
	Run,
} from '../exercises/index.ts';
import { gradeQuiz } from '../exercises/lab/index.ts';
import type { LabExerciseText } from '../i18n/lab-exercise/index.ts';
import type { Values } from '../i18n/rich.ts';
import { isAnswered, watchState } from '../state/index.ts';
import { Context, type FigureContext, useFigure, type Words } from './context.tsx';
import { CopyLink } from './copy-link.tsx';
import { AssignAnswer, ChooseAnswer, EntryAnswer, OrderAnswer, PredictAnswer } from './exercise-kinds.tsx';
import { keepAnswered } from './exercise-lab-state.ts';
import type { Places } from './figure/index.ts';
import { Gap, T } from './rich-text.tsx';

/** A lab has no figure: addresses have no owners to be coloured by. */
const NOBODY: Places = { owner: () => undefined, name: () => undefined, address: () => undefined };

export interface LabProps<E extends LabExercise = LabExercise> {
	exercise: E;
	variant: LabVariant;
	say: ExerciseWords;
	text: LabExerciseText;
	/** Folder of the lesson: where the answer is kept. */
	lesson: string;
	files: FileTexts;
	still: boolean;
	/** Asks another question of its kind. */
	onFresh?: () => void;
	/** Address of this exercise with this question. */
	address?: () => string;
}

/** Words and id for what is drawn inside. */
export function LabContext({
	id,
	words,
	still,
	children,
}: {
	id: string;
	words: Words;
	still: boolean;
	children: ComponentChildren;
}) {
	const context: FigureContext = useMemo(() => ({ words, places: NOBODY, id, still }), [words, id, still]);
	return <Context.Provider value={context}>{children}</Context.Provider>;
}

/** Kind, title and question. */
export function Head({ exercise, variant, say, text, lesson }: LabProps) {
	const { words, id } = useFigure();
	const common = words.text.exercise;
	const [done, setDone] = useState(false);
	useEffect(() => {
		const look = () => setDone(isAnswered(lesson, exercise.id));
		look();
		return watchState(look);
	}, []);
	const { kind } = exercise;
	return (
		<>
			<p class="ex-k">
				{kind === 'task' || kind === 'write' ? text.kinds[kind] : common.kinds[kind]}
				<span class="ex-done" hidden={!done}>
					{' '}
					· <span aria-hidden="true">✓ </span>
					{common.done}
				</span>
			</p>
			<h3 class="ex-h">{say.title}</h3>
			<p class="ex-q" id={`${id}-q`}>
				<T t={say.question} v={variant.words} />
			</p>
		</>
	);
}

/** Check, hint, another one, link. `type` of the check is `submit` in a form. */
export function Buttons(props: {
	check: string;
	type: 'submit' | 'button';
	disabled?: boolean;
	/** The check is going on: its button keeps the focus, and does nothing. */
	busy?: boolean;
	onCheck?: () => void;
	hint?: boolean;
	onHint: () => void;
	onFresh?: () => void;
	address?: () => string;
	children?: ComponentChildren;
}) {
	const common = useFigure().words.text.exercise;
	return (
		<p class="ex-acts needs-script">
			<button
				type={props.type}
				class="ex-check"
				disabled={props.disabled}
				aria-disabled={props.busy}
				onClick={props.onCheck}
			>
				{props.check}
			</button>
			<button type="button" class="ex-hint" aria-expanded={props.hint ?? false} onClick={props.onHint}>
				{common.hint}
			</button>
			{props.children}
			{props.onFresh ? (
				<button type="button" class="ex-fresh" onClick={props.onFresh}>
					{common.fresh}
				</button>
			) : null}
			{props.address ? <CopyLink address={props.address} /> : null}
		</p>
	);
}

/** What an answer is met with. */
export function Said({
	say,
	values,
	result,
	children,
}: {
	say: ExerciseWords;
	values: Values;
	result: LabGrade;
	children?: ComponentChildren;
}) {
	const common = useFigure().words.text.exercise;
	const known = result.misconception === undefined ? undefined : say.misconceptions[result.misconception];
	return (
		<>
			<p class={result.right ? 'ex-right' : 'ex-wrong'}>
				<b class={result.right ? 'ex-yes' : 'ex-no'}>
					<span aria-hidden="true">{result.right ? '✓ ' : '✕ '}</span>
					{result.right ? common.right : common.wrong}
				</b>
				<Gap />
				<T t={result.right ? say.right : (known ?? say.wrong)} v={values} />
			</p>
			{children}
		</>
	);
}

/** The hint somebody asked for. */
export function Hinted({ children }: { children: ComponentChildren }) {
	return <p class="ex-hinted">{children}</p>;
}

/** Commands and what they print. */
export function Printed({ title, text, open }: { title: string; text: string; open?: boolean }) {
	return (
		<details class="ex-proof" open={open}>
			<summary>{title}</summary>
			<div class="output" translate={false}>
				<pre class="ex-printed">{text}</pre>
			</div>
		</details>
	);
}

/** A question about a lab: one to be typed, chosen, ordered or assigned. */
export function QuizView({ asked, ...props }: LabProps<LabQuiz> & { asked: Asked }) {
	const { exercise, variant, say, text, lesson, still, onFresh, address } = props;
	const common = useFigure().words.text.exercise;
	const [answer, setAnswer] = useState<string | readonly string[]>();
	const [result, setResult] = useState<LabGrade>();
	const [hint, setHint] = useState(false);
	const change = (next: unknown) => {
		setAnswer(next as string | readonly string[]);
		setResult(undefined);
	};
	const check = () => {
		if (answer === undefined) return;
		const graded = gradeQuiz(exercise, asked, answer);
		setResult(graded);
		if (graded.right) keepAnswered(lesson, exercise.id);
	};
	const { expected } = asked;
	const shown = typeof expected === 'string' ? expected : expected.join(' → ');
	const values: Values = { ...variant.words, at: result?.at ?? 0, answer: shown };
	return (
		<form
			class="ex-form"
			onSubmit={(e) => {
				e.preventDefault();
				check();
			}}
		>
			<Head {...props} />
			<Controls {...{ exercise, asked, say, variant, answer, result }} onChange={still ? undefined : change} />
			<Buttons
				check={common.check}
				type="submit"
				disabled={!still && answer === undefined}
				hint={hint}
				onHint={() => setHint(!hint)}
				{...{ onFresh, address }}
			/>
			<div role="status" class="ex-said">
				{hint && !result?.right ? (
					<Hinted>
						<T t={say.hint} v={variant.words} />
					</Hinted>
				) : null}
				{result?.unreadable ? (
					<p class="ex-unread">
						{exercise.kind === 'predict' && exercise.unit === 'number' ? (
							common.unreadableNumber
						) : (
							<T t={common.unreadableAddress} v={{ ip: '192.0.2.7' }} />
						)}
					</p>
				) : result ? (
					<Said {...{ say, values, result }} />
				) : null}
			</div>
			{result?.right && asked.proof?.length ? (
				<Printed
					title={text.printed}
					text={asked.proof.map(({ command, lines }) => [`$ ${command}`, ...lines].join('\n')).join('\n')}
				/>
			) : null}
		</form>
	);
}

/**
 * The controls of the other exercises. They ask for rows and the right order by a run of a World; here both were read
 * before, and there is no run.
 */
function Controls(props: {
	exercise: LabQuiz;
	asked: Asked;
	say: ExerciseWords;
	variant: LabVariant;
	answer: string | readonly string[] | undefined;
	onChange?: (answer: unknown) => void;
	result: LabGrade | undefined;
}) {
	const { exercise, asked, say, answer, onChange, result } = props;
	const read = { rows: () => asked.rows ?? [], expected: () => asked.expected };
	const common = { variant: props.variant as never, run: undefined as unknown as Run, answer, onChange, result };
	const as = <K extends Exercise['kind']>() => ({ ...exercise, ...read }) as unknown as Extract<Exercise, { kind: K }>;
	switch (exercise.kind) {
		case 'predict':
			return <PredictAnswer exercise={as<'predict'>()} {...common} />;
		case 'choose':
			return <ChooseAnswer exercise={as<'choose'>()} say={say} {...common} />;
		case 'entry':
			return <EntryAnswer exercise={as<'entry'>()} {...common} />;
		case 'order':
			return <OrderAnswer exercise={as<'order'>()} {...common} />;
		case 'assign':
			return <AssignAnswer exercise={as<'assign'>()} say={say} {...common} />;
	}
}
