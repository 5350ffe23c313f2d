/** A file to write: its text, what was made of it in a lab, and where it could not be read. */
import { useRef, useState } from 'preact/hooks';
import type { LabGrade, Write } from '../exercises/index.ts';
import { gradeWrite } from '../exercises/lab/index.ts';
import type { YamlCode } from '../i18n/lab-exercise/index.ts';
import { useFigure } from './context.tsx';
import { Goals } from './exercise-goals.tsx';
import { Buttons, Head, Hinted, type LabProps, Printed, Said } from './exercise-lab.tsx';
import { keepAnswered } from './exercise-lab-state.ts';
import { T } from './rich-text.tsx';

/** Where a line begins in a text; the end for lines that are not there. `line` counts from 1. */
export function startOfLine(text: string, line: number): number {
	let at = 0;
	for (let n = 1; n < line; n++) {
		const next = text.indexOf('\n', at);
		if (next < 0) return text.length;
		at = next + 1;
	}
	return at;
}

export function WriteView(props: LabProps<Write>) {
	const { exercise, variant, say, text, lesson, files, still, onFresh, address } = props;
	const { words, id } = useFigure();
	const common = words.text.exercise;
	const given = exercise.given(variant);
	const [value, setValue] = useState(given);
	const [result, setResult] = useState<LabGrade>();
	const [hint, setHint] = useState(false);
	const [busy, setBusy] = useState(false);
	const area = useRef<HTMLTextAreaElement>(null);
	const check = async () => {
		if (busy) return;
		setBusy(true);
		const graded = await gradeWrite(exercise, variant, value, files);
		setBusy(false);
		setResult(graded);
		if (graded.right) keepAnswered(lesson, exercise.id);
		const line = graded.problem?.line ?? graded.refusedLine;
		if (line === undefined) return;
		const from = startOfLine(value, line) + (graded.problem ? graded.problem.column - 1 : 0);
		area.current?.focus();
		area.current?.setSelectionRange(from, graded.problem ? from : startOfLine(value, line + 1));
	};
	const why = (code: string) => text.yaml[(code in text.yaml ? code : 'other') as YamlCode];
	return (
		<form
			class="ex-form"
			onSubmit={(e) => {
				e.preventDefault();
				void check();
			}}
		>
			<Head {...props} />
			<Goals goals={exercise.goals} {...{ say, variant, text }} reached={result?.reached} />
			<p class="ex-write">
				<label for={`${id}-text`}>
					<T t={text.text} v={{ file: exercise.file }} />
				</label>
				<textarea
					ref={area}
					id={`${id}-text`}
					class="m"
					rows={given.split('\n').length + 3}
					spellcheck={false}
					autocomplete="off"
					autocapitalize="off"
					wrap="off"
					aria-describedby={`${id}-q`}
					aria-invalid={result?.problem ? true : undefined}
					value={value}
					readOnly={still}
					onInput={
						still
							? undefined
							: (e) => {
									setValue(e.currentTarget.value);
									setResult(undefined);
								}
					}
				/>
			</p>
			<p class="ex-how">
				<T t={text.used} v={{ commands: exercise.use.join('; ') }} />
			</p>
			<Buttons
				check={busy ? text.checking : common.check}
				type="submit"
				busy={busy}
				hint={hint}
				onHint={() => setHint(!hint)}
				{...{ onFresh, address }}
			>
				<button
					type="button"
					class="ex-given"
					onClick={() => {
						setValue(given);
						setResult(undefined);
					}}
				>
					{text.asGiven}
				</button>
			</Buttons>
			<div role="status" class="ex-said">
				{hint && !result?.right ? (
					<Hinted>
						<T t={(result?.hint && say.hints?.[result.hint]) || say.hint} v={variant.words} />
					</Hinted>
				) : null}
				{result?.problem ? (
					<p class="ex-unread">
						<T
							t={text.unreadable}
							v={{ line: result.problem.line, column: result.problem.column, why: why(result.problem.code) }}
						/>
					</p>
				) : result ? (
					<Said {...{ say, result }} values={variant.words}>
						{result.refusedLine === undefined ? null : (
							<p>
								<T t={text.refusedLine} v={{ line: result.refusedLine }} />
							</p>
						)}
					</Said>
				) : null}
			</div>
			{result?.output ? <Printed title={text.printed} text={result.output} open={!result.right} /> : null}
		</form>
	);
}
