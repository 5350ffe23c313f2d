/** What an editor is while it is open: its text, its cursor, what it says, and all that can be done with it. */
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Language } from '../../../i18n/languages.ts';
import type { EditorText } from '../../../i18n/terminal/editor/index.ts';
import { fill } from '../fill.ts';
import type { Edit } from '../tab.ts';
import { type Change, commandOf, findNext, lineCount, placeOf, positionOf } from './text.ts';
import type { Fault } from './yaml.ts';

/** Milliseconds without a key after which a text is read as YAML. */
const REST = 300;

/** A line of input that is open below the text. */
export type Asking = 'find' | 'line' | 'command' | 'leave' | undefined;

export function useEditor(edit: Edit, shown: boolean, text: EditorText, language: Language) {
	const field = useRef<HTMLTextAreaElement>(null);
	const { file, draft } = edit;
	const [at, setAt] = useState(() => placeOf(file.text, file.line ?? 1, file.column));
	const [asking, ask] = useState<Asking>();
	const [said, say] = useState('');
	const [fault, setFault] = useState<Fault>();
	/** What was looked for last. */
	const sought = useRef('');

	/** Shows a place: the browser scrolls to a selection only when the field gets the focus anew. */
	const show = (start: number, end = start): void => {
		const area = field.current!;
		area.blur();
		area.setSelectionRange(start, start);
		area.focus({ preventScroll: true });
		area.setSelectionRange(start, end);
		const height = Number.parseFloat(getComputedStyle(area).lineHeight);
		const top = (positionOf(area.value, start).line - 1) * height;
		if (top < area.scrollTop || top + 2 * height > area.scrollTop + area.clientHeight)
			area.scrollTop = Math.max(0, top - area.clientHeight / 2);
		setAt(start);
	};
	useLayoutEffect(() => show(at), []);
	const wasShown = useRef(shown);
	useEffect(() => {
		if (shown && !wasShown.current) field.current?.focus({ preventScroll: true });
		wasShown.current = shown;
	}, [shown]);
	useEffect(() => {
		if (!/\.ya?ml$/.test(file.name)) return;
		let gone = false;
		const timer = setTimeout(async () => {
			const { faultOf } = await import('./yaml.ts');
			const found = await faultOf(draft, language);
			if (!gone) setFault(found);
		}, REST);
		return () => {
			gone = true;
			clearTimeout(timer);
		};
	}, [draft]);

	const back = (): void => {
		ask(undefined);
		field.current?.focus({ preventScroll: true });
	};
	const save = async (): Promise<boolean> => {
		try {
			await edit.save();
			say(fill(text.saved, { file: file.name, lines: lineCount(edit.draft.replace(/\n$/, '')) }));
			return true;
		} catch (error) {
			const { message } = error as Error;
			// The files' errors begin with errno's name and end with the path.
			say(fill(text.saveFailed, { why: /^E[A-Z]+: ([^,]+)/.exec(message)?.[1] ?? message }));
			return false;
		}
	};
	const find = (part: string): void => {
		sought.current = part;
		const from = field.current!.selectionEnd;
		const found = findNext(edit.draft, part, from);
		say(found === undefined ? text.notFound : '');
		if (found === undefined) return;
		back();
		show(found, found + part.length);
	};
	const goTo = (line: number, column = 1): void => {
		back();
		show(placeOf(edit.draft, line, column));
	};
	const leave = (force = false): void => {
		if (force || edit.draft === edit.saved) edit.leave();
		else ask('leave');
	};
	return {
		field,
		asking,
		ask,
		back,
		said,
		say,
		fault,
		sought,
		save,
		find,
		goTo,
		leave,
		position: positionOf(draft, at),
		moved: (): void => setAt(field.current!.selectionStart),
		saveAndLeave: async (): Promise<void> => {
			if (await save()) edit.leave();
		},
		/** What was typed behind vi's colon. */
		async command(typed: string): Promise<void> {
			const command = commandOf(typed);
			back();
			if (!command) say(fill(text.noCommand, { command: typed.replace(/^:/, '') }));
			else if ('line' in command) goTo(command.line);
			else if (!command.save || (await save())) {
				if (command.leave) leave(command.force);
			}
		},
		/** Types a change, so that the browser can undo it. */
		change({ from, to, insert, start, end }: Change): void {
			const area = field.current!;
			area.setSelectionRange(from, to);
			const typed =
				insert === ''
					? from === to || document.execCommand('delete')
					: document.execCommand('insertText', false, insert);
			if (!typed) area.setRangeText(insert, from, to, 'end');
			area.setSelectionRange(start, end);
			edit.write(area.value);
			setAt(start);
		},
	};
}
