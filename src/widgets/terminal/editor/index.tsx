/**
 * The editor of `nano`, `vi` and `kubectl edit`: a file over the terminal, in a field of the browser's own, so that
 * selection, undo, screen readers and input methods work as everywhere. Fetched when a file is first edited.
 */
import type { ComponentType } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Language } from '../../../i18n/languages.ts';
import { type EditorText, loadEditorText } from '../../../i18n/terminal/editor/index.ts';
import { styleSheet } from '../../../styles/later.ts';
import sheet from '../../../styles/terminal-editor.css?url';
import { fill } from '../fill.ts';
import type { Edit } from '../tab.ts';
import { Asked } from './asked.tsx';
import { press } from './keys.ts';
import { gutterOf, MOST } from './text.ts';
import { useEditor } from './use-editor.ts';

export interface EditorProps {
	readonly edit: Edit;
	/** Whether its terminal is in front. */
	readonly shown: boolean;
}

/** The editor with its words and looks. */
export async function loadEditor(language: Language): Promise<ComponentType<EditorProps>> {
	const [text] = await Promise.all([loadEditorText(language), styleSheet(sheet).catch(() => undefined)]);
	return (props) => <Editor {...props} text={text} language={language} />;
}

function Editor({
	edit,
	shown,
	text,
	language,
}: EditorProps & { readonly text: EditorText; readonly language: Language }) {
	const editor = useEditor(edit, shown, text, language);
	const free = useRef(false);
	const gutter = useRef<HTMLDivElement>(null);
	const { file, draft } = edit;
	const id = `tm-edit-${edit.id}`;
	const { fault, field, position } = editor;
	const scroll = (): void => {
		if (gutter.current && field.current) gutter.current.scrollTop = field.current.scrollTop;
	};
	useEffect(scroll);
	const [before, at, after] = gutterOf(draft, fault?.line);
	const vi = file.as === 'vi' || file.as === 'vim';
	return (
		<section class="tm-edit" aria-label={fill(text.name, { file: file.name })}>
			<div class="tm-edit-head">
				<span class="tm-edit-file">{file.name}</span>
				<span class="tm-edit-state">{edit.draft === edit.saved ? '' : text.modified}</span>
				<span class="tm-edit-position">{fill(text.position, { ...position })}</span>
			</div>
			<div class="tm-edit-box">
				<div class="tm-edit-lines" aria-hidden="true" ref={gutter}>
					{before}
					{at ? <div class="is-fault">{at}</div> : null}
					{after}
				</div>
				<textarea
					ref={field}
					class="tm-edit-text"
					value={draft}
					wrap="off"
					spellcheck={false}
					autocapitalize="off"
					autocomplete="off"
					autocorrect="off"
					aria-label={fill(text.text, { file: file.name })}
					aria-describedby={`${id}-about${fault ? ` ${id}-fault` : ''}`}
					aria-invalid={fault ? true : undefined}
					onBeforeInput={(e) => {
						if ((e.data?.length ?? 0) + draft.length <= MOST) return;
						e.preventDefault();
						editor.say(fill(text.tooLarge, { most: MOST }));
					}}
					onInput={(e) => {
						edit.write(e.currentTarget.value);
						editor.say('');
						editor.moved();
					}}
					onSelect={editor.moved}
					onKeyUp={editor.moved}
					onClick={() => {
						free.current = false;
						editor.moved();
					}}
					onScroll={scroll}
					onKeyDown={(e) => press(e, { editor, free, freeText: text.free })}
				/>
				<pre class="tm-edit-print" aria-hidden="true">
					{draft}
				</pre>
			</div>
			{fault ? (
				<p class="tm-edit-fault" id={`${id}-fault`}>
					<span>{fill(text.fault, { line: fault.line, why: fault.why })}</span>
					<button type="button" onClick={() => editor.goTo(fault.line, fault.column)}>
						{text.toFault}
					</button>
				</p>
			) : null}
			<Asked {...{ editor, text, id }} />
			<div class="tm-bar tm-edit-bar">
				<button type="button" disabled={editor.asking === 'leave'} onClick={() => void editor.save()}>
					{text.save} <kbd>^S</kbd>
				</button>
				<button type="button" disabled={editor.asking === 'leave'} onClick={() => editor.leave()}>
					{text.leave} <kbd>^X</kbd>
				</button>
				<button type="button" onClick={() => editor.ask('find')}>
					{text.find} <kbd>^F</kbd>
				</button>
				<button type="button" onClick={() => editor.ask('line')}>
					{text.goTo} <kbd>^G</kbd>
				</button>
				<span role="status" class="tm-said">
					{editor.said}
				</span>
			</div>
			<p class="tm-edit-about" id={`${id}-about`}>
				{vi ? text.aboutVi : text.about}
			</p>
		</section>
	);
}
