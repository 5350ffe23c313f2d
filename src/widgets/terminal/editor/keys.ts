/** Keys of the editor. What is not here is the browser's: undo, cut, copy, paste, moving and selecting. */
import { indent, newLine, outdent } from './text.ts';
import type { useEditor } from './use-editor.ts';

export interface EditorKeys {
	readonly editor: ReturnType<typeof useEditor>;
	/** Whether Escape was pressed just before; then Tab is the browser's and a colon begins a command. */
	readonly free: { current: boolean };
	/** What is said after Escape. */
	readonly freeText: string;
}

export function press(e: KeyboardEvent, { editor, free, freeText }: EditorKeys): void {
	if (e.isComposing || e.key === 'Process') return;
	const area = editor.field.current!;
	const { value, selectionStart: start, selectionEnd: end } = area;
	const wasFree = free.current;
	const mod = e.ctrlKey || e.metaKey;
	if (!['Shift', 'Control', 'Alt', 'Meta'].includes(e.key)) {
		free.current = false;
		if (wasFree) editor.say('');
	}
	const now = (act: () => void): void => {
		e.preventDefault();
		act();
	};
	if (mod && !e.altKey && !e.shiftKey) {
		const key = e.key.toLowerCase();
		if (key === 's' || key === 'o') now(() => void editor.save());
		else if (key === 'f') now(() => editor.ask('find'));
		else if (key === 'g') now(() => editor.ask('line'));
		// With a selection it cuts, as everywhere.
		else if (key === 'x' && e.ctrlKey && start === end) now(() => editor.leave());
	}
	if (mod || e.altKey) return;
	if (e.key === 'Escape') {
		now(() => {
			free.current = !wasFree;
			if (wasFree) editor.leave();
			else editor.say(freeText);
		});
	} else if (e.key === 'Tab' && !wasFree) now(() => editor.change((e.shiftKey ? outdent : indent)(value, start, end)));
	else if (e.key === 'Enter' && !e.shiftKey) now(() => editor.change(newLine(value, start, end)));
	else if (e.key === ':' && wasFree) now(() => editor.ask('command'));
}
