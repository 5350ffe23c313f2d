/** The goals of a task or a text, and which of them are reached. */
import type { ExerciseWords, LabGoal, LabVariant } from '../exercises/index.ts';
import type { LabExerciseText } from '../i18n/lab-exercise/index.ts';
import { T } from './rich-text.tsx';

interface GoalsProps {
	goals: readonly LabGoal[];
	say: ExerciseWords;
	variant: LabVariant;
	text: LabExerciseText;
	/** Ids of those that are reached, once somebody has asked. */
	reached: readonly string[] | undefined;
}

export function Goals({ goals, say, variant, text, reached }: GoalsProps) {
	return (
		<ul class="ex-probes ex-goals">
			{goals.map(({ id }) => {
				const is = reached?.includes(id);
				return (
					<li data-goal={id} data-reached={reached ? String(is) : undefined}>
						<span aria-hidden="true">{reached ? (is ? '✓ ' : '✕ ') : '· '}</span>
						<T t={say.goals?.[id] ?? id} v={variant.words} />
						{reached ? <span class="visually-hidden"> ({is ? text.reached : text.notReached})</span> : null}
					</li>
				);
			})}
		</ul>
	);
}
