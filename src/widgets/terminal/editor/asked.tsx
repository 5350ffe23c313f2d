/** What the editor asks below its text: what to find, which line, a command, or what becomes of unsaved changes. */
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { EditorText } from '../../../i18n/terminal/editor/index.ts';
import type { useEditor } from './use-editor.ts';

export interface AskedProps {
	readonly editor: ReturnType<typeof useEditor>;
	readonly text: EditorText;
	readonly id: string;
}

export function Asked({ editor, text, id }: AskedProps) {
	const { asking, back, sought } = editor;
	const first = useRef<HTMLButtonElement>(null);
	const input = useRef<HTMLInputElement>(null);
	useLayoutEffect(() => {
		first.current?.focus({ preventScroll: true });
		input.current?.focus({ preventScroll: true });
		input.current?.select();
	}, [asking]);
	if (!asking) return null;
	const cancel = (e: KeyboardEvent): void => {
		if (e.key !== 'Escape' || e.isComposing) return;
		e.preventDefault();
		back();
	};
	if (asking === 'leave')
		return (
			<fieldset class="tm-asked" aria-labelledby={`${id}-ask`} onKeyDown={cancel}>
				<span id={`${id}-ask`}>{text.ask}</span>
				<button type="button" ref={first} onClick={() => void editor.saveAndLeave()}>
					{text.saveAndLeave}
				</button>
				<button type="button" onClick={() => editor.leave(true)}>
					{text.leaveAnyway}
				</button>
				<button type="button" onClick={back}>
					{text.stay}
				</button>
			</fieldset>
		);
	const submit = (): void => {
		const { value } = input.current!;
		if (asking === 'find') editor.find(value);
		else if (asking === 'command') void editor.command(value);
		else if (/^\s*\d+\s*$/.test(value)) editor.goTo(Number(value));
	};
	return (
		<form
			class="tm-asked"
			onSubmit={(e) => {
				e.preventDefault();
				submit();
			}}
			onKeyDown={cancel}
		>
			<label>
				<span class={asking === 'command' ? 'visually-hidden' : undefined}>
					{asking === 'find' ? text.find : asking === 'command' ? text.command : text.line}
				</span>
				{asking === 'command' ? <span aria-hidden="true">:</span> : null}
				<input
					key={asking}
					ref={input}
					type="text"
					inputMode={asking === 'line' ? 'numeric' : undefined}
					defaultValue={asking === 'find' ? sought.current : ''}
					autocapitalize="off"
					autocomplete="off"
					autocorrect="off"
					spellcheck={false}
				/>
			</label>
			<button type="submit">{asking === 'find' ? text.next : asking === 'command' ? '↵' : text.goTo}</button>
			<button type="button" onClick={back}>
				{text.close}
			</button>
		</form>
	);
}
