/** One terminal: what was shown in it, and the line that is written or the file that is edited. */
import type { ComponentType } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { stripPrompts } from '../../cli/index.ts';
import type { TerminalText } from '../../i18n/terminal/index.ts';
import type { EditorProps } from './editor/index.tsx';
import { fill } from './fill.ts';
import { press, pressWhileReading, pressWhileRunning, type Search } from './keys.ts';
import { commonStart, type Edited } from './line.ts';
import { type Block, ScreenView } from './scrollback.tsx';
import type { Tab } from './tab.ts';

/** What the bar below a terminal does with the one in front. */
export interface TabHandle {
	complete(): void;
	previous(): void;
	focus(): void;
}

export interface TabViewProps {
	readonly tab: Tab;
	readonly id: string;
	readonly text: TerminalText;
	readonly hidden: boolean;
	/** Id of the tab it belongs to; absent when there is only one. */
	readonly labelledBy?: string;
	readonly keysId: string;
	/** The editor, once it is fetched. */
	readonly Editor: ComponentType<EditorProps> | undefined;
	readonly handle: { current: TabHandle | null };
	readonly interrupt: () => void;
	readonly say: (text: string) => void;
}

export function TabView(props: TabViewProps) {
	const { tab, id, text, hidden, labelledBy, keysId, Editor, handle, interrupt, say } = props;
	const [search, setSearch] = useState<Search>();
	const input = useRef<HTMLTextAreaElement>(null);
	const screen = useRef<HTMLDivElement>(null);
	/** Where the cursor goes after the next drawing. */
	const cursor = useRef<number>();
	/** Whether what is written last is in view: only then does the view follow. */
	const follows = useRef(true);
	const { session, draft, edit } = tab;
	const { reading } = session;
	const busy = session.busy && !reading;
	const over = session.code !== undefined;

	useLayoutEffect(() => {
		const field = input.current;
		if (field && cursor.current !== undefined) {
			field.setSelectionRange(cursor.current, cursor.current);
			cursor.current = undefined;
		}
		const box = screen.current;
		if (box && follows.current && !hidden) box.scrollTop = box.scrollHeight;
	});
	useEffect(() => {
		// A click anywhere in it brings the cursor back, as in any terminal; for keys it is a stop of its own.
		const box = screen.current!;
		const back = (): void => {
			if (!getSelection()?.toString()) input.current?.focus({ preventScroll: true });
		};
		box.addEventListener('click', back);
		return () => box.removeEventListener('click', back);
	}, []);
	// Who leaves an editor is at the line again.
	const edited = useRef(false);
	useEffect(() => {
		if (edited.current && !edit && !hidden) input.current?.focus({ preventScroll: true });
		edited.current = edit !== undefined;
	}, [edit === undefined]);

	const set = (line: Edited): void => {
		cursor.current = line.at;
		tab.write(line.text);
	};
	const submit = (): void => {
		setSearch(undefined);
		follows.current = true;
		void tab.submit();
	};
	const complete = async (): Promise<void> => {
		const at = input.current!.selectionStart;
		const { from, words } = await session.complete(draft.slice(0, at));
		if (words.length === 0) return;
		const start = commonStart(words);
		const whole = words.length === 1 ? start + (start.endsWith('/') ? '' : ' ') : start;
		if (whole.length > at - from || words.length === 1) {
			set({ text: draft.slice(0, from) + whole + draft.slice(at), at: from + whole.length });
			return;
		}
		tab.showChoices(words);
		say(fill(text.choices, { count: words.length }));
	};
	if (!hidden)
		handle.current = {
			complete: () => void complete(),
			previous: () => {
				const action = tab.editor.press({ key: 'ArrowUp', ctrl: false, alt: false }, { text: draft, at: 0 });
				if (action.kind === 'edit') set(action.line);
			},
			focus: () => input.current?.focus({ preventScroll: true }),
		};
	const key = (e: KeyboardEvent): void => {
		const field = input.current!;
		if (reading) pressWhileReading(e, tab, field, interrupt);
		else if (busy) pressWhileRunning(e, field, interrupt);
		else press(e, { tab, field, search, setSearch, set, submit, interrupt, complete: () => void complete() });
	};
	const paste = (e: ClipboardEvent): void => {
		const given = e.clipboardData?.getData('text/plain') ?? '';
		const names = new Set(session.shell.names());
		const clean = reading ? given.replace(/\r\n?/g, '\n') : stripPrompts(given, (word) => names.has(word));
		if (busy || (clean === given && !given.includes('\n'))) return;
		e.preventDefault();
		if (clean !== given.replace(/\r\n?/g, '\n')) say(text.pasted);
		const field = input.current!;
		const whole = draft.slice(0, field.selectionStart) + clean + draft.slice(field.selectionEnd);
		follows.current = true;
		void tab.paste(whole);
	};
	const typed = (e: { readonly currentTarget: HTMLTextAreaElement }): void => {
		const { value, selectionStart } = e.currentTarget;
		// A phone's keyboard may send Enter as a line break.
		if (value.includes('\n')) {
			if (reading) {
				void tab.paste(value);
				return;
			}
			tab.write(value.replaceAll('\n', ''));
			submit();
			return;
		}
		cursor.current = selectionStart;
		tab.write(value);
	};

	const { prompt } = session;
	const label = busy
		? text.running
		: search
			? fill(text.search, { text: search.part })
			: reading
				? fill(text.stdin, { command: tab.running ?? '' })
				: fill(text.input, { prompt: prompt.trim() });
	return (
		<div
			id={id}
			class="tm-tab-panel"
			hidden={hidden}
			{...(labelledBy ? { role: 'tabpanel', 'aria-labelledby': labelledBy } : {})}
		>
			{edit && Editor ? <Editor key={edit.id} edit={edit} shown={!hidden} /> : null}
			<div
				class="tm-screen"
				ref={screen}
				hidden={edit !== undefined && Editor !== undefined}
				onScroll={(e) => {
					const box = e.currentTarget;
					follows.current = box.scrollTop + box.clientHeight > box.scrollHeight - 8;
				}}
			>
				<ScreenView blocks={tab.blocks as readonly Block[]} text={text} />
				{!over && (
					<div class="tm-line tm-current">
						<span class="tm-prompt" aria-hidden="true">
							{busy || reading
								? ''
								: search
									? `(${search.failed ? 'failed ' : ''}reverse-i-search)\`${search.part}': `
									: prompt}
						</span>
						<span class="tm-field">
							{/* The field is as large as a copy of what is in it. */}
							<span class="tm-copy" aria-hidden="true">{`${draft}\u200b`}</span>
							<textarea
								ref={input}
								rows={1}
								value={draft}
								readOnly={busy}
								aria-label={label}
								aria-describedby={keysId}
								autocapitalize="off"
								autocomplete="off"
								autocorrect="off"
								spellcheck={false}
								enterkeyhint="send"
								onKeyDown={key}
								onPaste={paste}
								onInput={typed}
							/>
						</span>
					</div>
				)}
				{over && <p class="tm-over">{text.ended}</p>}
			</div>
		</div>
	);
}
