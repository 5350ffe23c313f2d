/** The terminal as the reader has it: what was shown, the line that is written, and the controls of time. */
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { stripPrompts } from '../../cli/index.ts';
import type { TerminalText } from '../../i18n/terminal/index.ts';
import { commonStart, type Edited } from './line.ts';
import type { Machine } from './machine.ts';
import { SPEEDS, type Speed } from './pace.ts';
import { type Block, ScreenView } from './scrollback.tsx';

export interface TerminalProps {
	readonly machine: Machine;
	readonly text: TerminalText;
	readonly restart: () => void;
}

const SIZES = 5;

const fill = (text: string, values: Readonly<Record<string, string | number>>): string =>
	text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));

export function Terminal({ machine, text, restart }: TerminalProps) {
	const [, setTurn] = useState(0);
	const [size, setSize] = useState(2);
	const [prompts, setPrompts] = useState(false);
	const [said, setSaid] = useState('');
	const [search, setSearch] = useState<{ part: string; index?: number }>();
	const input = useRef<HTMLTextAreaElement>(null);
	const log = useRef<HTMLDivElement>(null);
	/** Where the cursor goes after the next drawing. */
	const cursor = useRef<number>();
	/** Whether what is written last is in view: only then does the view follow. */
	const follows = useRef(true);

	useEffect(() => machine.listen(() => setTurn((n) => n + 1)), [machine]);
	useLayoutEffect(() => {
		const field = input.current;
		if (field && cursor.current !== undefined) {
			field.setSelectionRange(cursor.current, cursor.current);
			cursor.current = undefined;
		}
		const box = log.current;
		if (box && follows.current) box.scrollTop = box.scrollHeight;
	});

	useEffect(() => {
		// A click anywhere in it brings the cursor back, as in any terminal; for keys it is a stop of its own.
		const box = log.current!;
		const back = (): void => {
			if (!getSelection()?.toString()) input.current?.focus({ preventScroll: true });
		};
		box.addEventListener('click', back);
		return () => box.removeEventListener('click', back);
	}, []);

	const { session, draft } = machine;
	const busy = session.busy;
	const over = session.code !== undefined;
	const set = (line: Edited): void => {
		cursor.current = line.at;
		machine.write(line.text);
	};
	const submit = (): void => {
		setSearch(undefined);
		follows.current = true;
		void machine.submit();
	};
	const complete = async (): Promise<void> => {
		const field = input.current!;
		const at = field.selectionStart;
		const before = draft.slice(0, at);
		const { from, words } = await session.complete(before);
		if (words.length === 0) return;
		const start = commonStart(words);
		const whole = words.length === 1 ? start + (start.endsWith('/') ? '' : ' ') : start;
		if (whole.length > at - from || words.length === 1) {
			set({ text: draft.slice(0, from) + whole + draft.slice(at), at: from + whole.length });
			return;
		}
		machine.showChoices(words);
		setSaid(fill(text.choices, { count: words.length }));
	};
	const find = (part: string, from?: number): void => {
		const found = part === '' ? undefined : machine.editor.search(part, from);
		setSearch({ part, index: found?.index });
		if (found) set({ text: found.line, at: found.line.length });
	};

	const key = (e: KeyboardEvent): void => {
		if (e.isComposing || e.key === 'Process' || e.metaKey) return;
		const field = input.current!;
		if (search && !e.ctrlKey && !e.altKey && (e.key.length === 1 || e.key === 'Backspace')) {
			e.preventDefault();
			find(e.key === 'Backspace' ? search.part.slice(0, -1) : search.part + e.key);
			return;
		}
		if (e.ctrlKey && !e.altKey && e.key.toLowerCase() === 'r') {
			e.preventDefault();
			if (search) find(search.part, search.index);
			else setSearch({ part: '' });
			return;
		}
		if (search && (e.key === 'Escape' || (e.ctrlKey && e.key.toLowerCase() === 'g'))) {
			e.preventDefault();
			setSearch(undefined);
			set({ text: '', at: 0 });
			return;
		}
		const action = machine.editor.press(
			{ key: e.key, ctrl: e.ctrlKey, alt: e.altKey, shift: e.shiftKey },
			{ text: draft, at: field.selectionStart },
		);
		// A selection is copied as everywhere; only without one Ctrl-C is the terminal's.
		if (action.kind === 'interrupt' && hasSelection(field)) return;
		if (action.kind === 'none') return;
		if (e.key === 'Tab' && e.shiftKey) return;
		e.preventDefault();
		if (action.kind !== 'edit') setSearch(undefined);
		switch (action.kind) {
			case 'edit':
				set(action.line);
				return;
			case 'submit':
				submit();
				return;
			case 'interrupt':
				machine.interrupt();
				return;
			case 'eof':
				void machine.eof();
				return;
			case 'clear':
				machine.clear();
				return;
			case 'complete':
				void complete();
				return;
		}
	};

	const paste = (e: ClipboardEvent): void => {
		const given = e.clipboardData?.getData('text/plain') ?? '';
		const names = new Set(session.shell.names());
		const clean = stripPrompts(given, (word) => names.has(word));
		if (busy || (clean === given && !given.includes('\n'))) return;
		e.preventDefault();
		if (clean !== given.replace(/\r\n?/g, '\n')) setSaid(text.pasted);
		const field = input.current!;
		const whole = draft.slice(0, field.selectionStart) + clean + draft.slice(field.selectionEnd);
		follows.current = true;
		void machine.paste(whole);
	};

	const copy = async (): Promise<void> => {
		await navigator.clipboard.writeText(machine.textOf(prompts)).then(
			() => setSaid(text.copied),
			() => undefined,
		);
	};

	const typed = (e: { readonly currentTarget: HTMLTextAreaElement }): void => {
		const { value, selectionStart } = e.currentTarget;
		// A phone's keyboard may send Enter as a line break.
		if (value.includes('\n')) {
			machine.write(value.replaceAll('\n', ''));
			submit();
			return;
		}
		cursor.current = selectionStart;
		machine.write(value);
	};
	/** While a line runs, only what interrupts it means anything. */
	const waiting = (e: KeyboardEvent): void => {
		if (!e.ctrlKey || e.key.toLowerCase() !== 'c' || hasSelection(input.current!)) return;
		e.preventDefault();
		machine.interrupt();
	};

	const prompt = session.prompt;
	const label = busy
		? text.running
		: search
			? fill(text.search, { text: search.part })
			: fill(text.input, { prompt: prompt.trim() });
	return (
		<div class={`tm tm-size${size}${prompts ? '' : ' tm-noprompts'}`}>
			<div class="tm-bar">
				<span class="tm-time" title={text.time}>
					<span class="visually-hidden">{text.time} </span>
					<time>{machine.time}</time>
				</span>
				<fieldset class="tm-speed">
					<legend class="visually-hidden">{text.speed}</legend>
					{SPEEDS.map((speed) => (
						<label key={speed}>
							<input
								type="radio"
								name={`tm-speed-${machine.id}`}
								checked={machine.pacer.speed === speed}
								onChange={() => machine.setSpeed(speed as Speed)}
							/>
							<span>{text.speeds[speed]}</span>
						</label>
					))}
				</fieldset>
				<button type="button" onClick={() => machine.pacer.setPaused(!machine.pacer.paused)}>
					{machine.pacer.paused ? text.resume : text.pause}
				</button>
				<button type="button" disabled={!machine.pacer.held} onClick={() => machine.pacer.step()}>
					{text.step}
				</button>
				<button type="button" disabled={!busy} onClick={() => machine.interrupt()}>
					{text.interrupt} <kbd>^C</kbd>
				</button>
			</div>
			<div
				class="tm-screen"
				ref={log}
				onScroll={(e) => {
					const box = e.currentTarget;
					follows.current = box.scrollTop + box.clientHeight > box.scrollHeight - 8;
				}}
			>
				<ScreenView blocks={machine.blocks as readonly Block[]} text={text} />
				{!over && (
					<div class="tm-line tm-current">
						<span class="tm-prompt" aria-hidden="true">
							{busy ? '' : search ? `(reverse-i-search)\`${search.part}': ` : prompt}
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
								aria-describedby={`tm-keys-${machine.id}`}
								autocapitalize="off"
								autocomplete="off"
								autocorrect="off"
								spellcheck={false}
								enterkeyhint="send"
								onKeyDown={busy ? waiting : key}
								onPaste={paste}
								onInput={typed}
							/>
						</span>
					</div>
				)}
				{over && <p class="tm-over">{text.ended}</p>}
			</div>
			<p id={`tm-keys-${machine.id}`} class="tm-keys">
				{text.keys}
			</p>
			<div class="tm-bar tm-tools">
				<button type="button" class="tm-touch" onClick={() => void complete()} disabled={busy || over}>
					{text.complete}
				</button>
				<button
					type="button"
					class="tm-touch"
					disabled={busy || over}
					onClick={() => {
						const action = machine.editor.press({ key: 'ArrowUp', ctrl: false, alt: false }, { text: draft, at: 0 });
						if (action.kind === 'edit') set(action.line);
					}}
				>
					{text.previous}
				</button>
				<button type="button" onClick={() => machine.clear()}>
					{text.clear}
				</button>
				<button type="button" disabled={size === 0} onClick={() => setSize(size - 1)}>
					<span aria-hidden="true">A−</span>
					<span class="visually-hidden">{text.smaller}</span>
				</button>
				<button type="button" disabled={size === SIZES - 1} onClick={() => setSize(size + 1)}>
					<span aria-hidden="true">A+</span>
					<span class="visually-hidden">{text.larger}</span>
				</button>
				<label>
					<input type="checkbox" checked={prompts} onChange={(e) => setPrompts(e.currentTarget.checked)} />
					{text.copyPrompts}
				</label>
				<button type="button" onClick={() => void copy()}>
					{text.copyAll}
				</button>
				<button type="button" onClick={() => print()}>
					{text.print}
				</button>
				<button
					type="button"
					onClick={() => {
						if (confirm(text.restartAsk)) restart();
					}}
				>
					{text.restart}
				</button>
				<span role="status" class="tm-said">
					{said}
				</span>
			</div>
		</div>
	);
}

function hasSelection(field: HTMLTextAreaElement): boolean {
	return field.selectionStart !== field.selectionEnd || (getSelection()?.toString() ?? '') !== '';
}
