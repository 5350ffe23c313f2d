/** One exercise over the lab, with what it needs: drawn by the build without anything that listens, and in the browser. */
import type { Asked, ExerciseWords, FileTexts, LabExercise, LabVariant } from '../exercises/index.ts';
import { openBench } from '../exercises/lab/index.ts';
import type { LabExerciseText } from '../i18n/lab-exercise/index.ts';
import type { TerminalText } from '../i18n/terminal/index.ts';
import type { Words } from './context.tsx';
import { LabContext, QuizView } from './exercise-lab.tsx';
import { TaskView } from './exercise-task.tsx';
import { WriteView } from './exercise-write.tsx';
import type { Machine } from './terminal/machine.ts';

export interface LabExerciseProps {
	exercise: LabExercise;
	/** 0-based number of the question. */
	draw: number;
	say: ExerciseWords;
	words: Words;
	text: LabExerciseText;
	lesson: string;
	files: FileTexts;
	/** Of a question: what was read out of its lab. */
	asked?: Asked;
	/** Of a task. */
	machine?: Machine;
	terminal?: TerminalText;
	onRestart?: () => void;
	onFresh?: () => void;
	address?: () => string;
	still?: boolean;
}

/** Begins the lab of a question and reads it; undefined for tasks and texts, whose answer is what becomes of the lab. */
export async function ask(exercise: LabExercise, variant: LabVariant, files: FileTexts): Promise<Asked | undefined> {
	if (exercise.kind === 'task' || exercise.kind === 'write') return undefined;
	return exercise.ask(await openBench(variant.start, files), variant);
}

export function LabExerciseView({ words, draw, still = false, asked, machine, ...rest }: LabExerciseProps) {
	const { exercise, terminal, onRestart, ...props } = rest;
	const common = { ...props, still, variant: exercise.variants[draw]! };
	return (
		<LabContext id={exercise.id} words={words} still={still}>
			{exercise.kind === 'task' ? (
				<TaskView {...common} {...{ exercise, machine, terminal, onRestart }} />
			) : exercise.kind === 'write' ? (
				<WriteView {...common} exercise={exercise} />
			) : asked ? (
				<QuizView {...common} exercise={exercise} asked={asked} />
			) : null}
		</LabContext>
	);
}
