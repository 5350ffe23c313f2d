/** A task: a terminal in a lab, and goals that are graded by the lab's state. */
import { useState } from 'preact/hooks';
import type { LabGrade, Task } from '../exercises/index.ts';
import { gradeTask } from '../exercises/lab/index.ts';
import type { TerminalText } from '../i18n/terminal/index.ts';
import { useFigure } from './context.tsx';
import { Goals } from './exercise-goals.tsx';
import { Buttons, Head, Hinted, type LabProps, Said } from './exercise-lab.tsx';
import { keepAnswered } from './exercise-lab-state.ts';
import { T } from './rich-text.tsx';
import type { Machine } from './terminal/machine.ts';
import { Terminal } from './terminal/view.tsx';

export interface TaskProps extends LabProps<Task> {
	/** The terminal; not there while the page is built. */
	machine?: Machine;
	terminal?: TerminalText;
	/** Gives a machine as it was at the beginning. */
	onRestart?: () => void;
}

export function TaskView(props: TaskProps) {
	const { exercise, variant, say, text, lesson, machine, terminal, onRestart, onFresh, address } = props;
	const common = useFigure().words.text.exercise;
	const [result, setResult] = useState<LabGrade>();
	/** Id of the hint that fits where one stands; undefined for the general one. */
	const [hint, setHint] = useState<{ id?: string }>();
	const check = () => {
		if (!machine) return;
		const graded = gradeTask(exercise, machine.session.core.lab);
		// What the terminal shows of time has changed.
		machine.redraw();
		setResult(graded);
		if (hint) setHint({ id: graded.hint });
		if (graded.right) keepAnswered(lesson, exercise.id);
	};
	return (
		<div class="ex-form">
			<Head {...props} />
			<Goals goals={exercise.goals} {...{ say, variant, text }} reached={result?.reached} />
			<p class="ex-how">{text.taskHow}</p>
			{machine && terminal ? <Terminal machine={machine} text={terminal} restart={() => onRestart?.()} /> : null}
			<Buttons
				check={machine ? common.check : text.open}
				type="button"
				onCheck={check}
				hint={hint !== undefined}
				onHint={() => {
					if (hint || !machine) setHint(undefined);
					else setHint({ id: gradeTask(exercise, machine.session.core.lab).hint });
				}}
				{...{ onFresh, address }}
			/>
			<div role="status" class="ex-said">
				{hint && !result?.right ? (
					<Hinted>
						<T t={(hint.id && say.hints?.[hint.id]) || say.hint} v={variant.words} />
					</Hinted>
				) : null}
				{result ? <Said {...{ say, result }} values={variant.words} /> : null}
			</div>
		</div>
	);
}
