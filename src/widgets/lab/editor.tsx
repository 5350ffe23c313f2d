/**
 * A field for a short file: line numbers, marks, and Tab that indents. It is a plain textarea, so that selection,
 * undo, screen readers and input methods are the browser's own; Escape lets Tab go on to the next control once.
 */
import { useRef } from 'preact/hooks';

export interface CodeEditorProps {
	readonly id: string;
	readonly label: string;
	/** How to leave it by keyboard. */
	readonly leave: string;
	readonly value: string;
	readonly onChange: (value: string) => void;
	/** Lines with a fault, from 1. */
	readonly marked?: readonly number[];
	readonly describedBy?: string;
	readonly rows?: number;
}

const INDENT = '  ';

export function CodeEditor({ id, label, leave, value, onChange, marked = [], describedBy, rows }: CodeEditorProps) {
	const field = useRef<HTMLTextAreaElement>(null);
	/** After Escape, Tab is the browser's. */
	const free = useRef(false);
	const lines = value.split('\n').length;
	const shown = rows ?? Math.min(Math.max(lines, 4), 80);

	const key = (e: KeyboardEvent): void => {
		if (e.isComposing) return;
		if (e.key === 'Escape') {
			free.current = true;
			return;
		}
		const wasFree = free.current;
		free.current = false;
		if (e.ctrlKey || e.metaKey || e.altKey) return;
		const at = field.current!;
		if (e.key === 'Tab' && !wasFree) {
			e.preventDefault();
			if (e.shiftKey) outdent(at);
			else insert(at, INDENT.slice((at.selectionStart - lineStart(at)) % INDENT.length));
			onChange(at.value);
		} else if (e.key === 'Enter') {
			const begun = /^ *(?:- )?/.exec(at.value.slice(lineStart(at), at.selectionStart))![0];
			if (begun === '') return;
			e.preventDefault();
			const deeper = /:\s*$/.test(at.value.slice(lineStart(at), at.selectionStart)) ? INDENT : '';
			insert(at, `\n${' '.repeat(begun.length)}${deeper}`);
			onChange(at.value);
		}
	};

	return (
		<div class="ed">
			<label class="ed-label" for={id}>
				{label}
			</label>
			<div class="ed-box">
				<ol class="ed-lines" aria-hidden="true">
					{Array.from({ length: lines }, (_, i) => (
						<li class={marked.includes(i + 1) ? 'is-marked' : undefined}>{i + 1}</li>
					))}
				</ol>
				<textarea
					id={id}
					ref={field}
					rows={shown}
					value={value}
					wrap="off"
					spellcheck={false}
					autocapitalize="off"
					autocomplete="off"
					aria-describedby={[`${id}-leave`, describedBy].filter(Boolean).join(' ')}
					aria-invalid={marked.length > 0 ? true : undefined}
					onInput={(e) => onChange(e.currentTarget.value)}
					onKeyDown={key}
				>
					{value}
				</textarea>
				<pre class="ed-print" aria-hidden="true">
					{value}
				</pre>
			</div>
			<p class="ed-leave needs-script" id={`${id}-leave`}>
				{leave}
			</p>
		</div>
	);
}

const lineStart = (field: HTMLTextAreaElement): number => field.value.lastIndexOf('\n', field.selectionStart - 1) + 1;

/** Types text at the cursor, so that the browser's undo knows of it where it can. */
function insert(field: HTMLTextAreaElement, text: string): void {
	if (!document.execCommand?.('insertText', false, text))
		field.setRangeText(text, field.selectionStart, field.selectionEnd, 'end');
}

function outdent(field: HTMLTextAreaElement): void {
	const start = lineStart(field);
	const blanks = /^ {1,2}/.exec(field.value.slice(start))?.[0].length ?? 0;
	if (blanks === 0) return;
	const at = Math.max(start, field.selectionStart - blanks);
	field.setRangeText('', start, start + blanks, 'preserve');
	field.setSelectionRange(at, at);
}

/** Puts the cursor on a line and brings it into view. */
export function goToLine(id: string, line: number): void {
	const field = document.getElementById(id);
	if (!(field instanceof HTMLTextAreaElement)) return;
	const lines = field.value.split('\n');
	const start = lines.slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0);
	field.focus();
	field.setSelectionRange(start, start + (lines[line - 1]?.length ?? 0));
}
