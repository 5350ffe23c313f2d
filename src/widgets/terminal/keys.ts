/** What keys on the command line do: readline's, the search in earlier lines, and what is the terminal's own. */
import { type Edited, MODIFIERS } from './line.ts';
import type { Tab } from './tab.ts';

/** A search in earlier lines, and the line it is at. */
export interface Search {
	readonly part: string;
	readonly index?: number;
	/** The line that was written when it began. */
	readonly draft: string;
	/** Nothing older has it. */
	readonly failed?: boolean;
}

export interface KeyHost {
	readonly tab: Tab;
	readonly field: HTMLTextAreaElement;
	readonly search: Search | undefined;
	setSearch(search: Search | undefined): void;
	set(line: Edited): void;
	submit(): void;
	interrupt(): void;
	complete(): void;
}

export function hasSelection(field: HTMLTextAreaElement): boolean {
	return field.selectionStart !== field.selectionEnd || (getSelection()?.toString() ?? '') !== '';
}

function find(host: KeyHost, { draft, index }: Search, part: string, from?: number): void {
	const found = part === '' ? undefined : host.tab.editor.search(part, from);
	const at = found?.index ?? index;
	host.setSearch({ part, draft, failed: !found && part !== '', ...(at === undefined ? {} : { index: at }) });
	if (found) host.set({ text: found.line, at: found.line.indexOf(part) });
}

/** Keys of a search, Ctrl-R first; false for any other. */
function pressInSearch(e: KeyboardEvent, host: KeyHost): boolean {
	const { search } = host;
	const ctrl = e.ctrlKey && !e.altKey ? e.key.toLowerCase() : '';
	if (ctrl === 'r') {
		if (search) find(host, search, search.part, search.index);
		else host.setSearch({ part: '', draft: host.tab.draft });
	} else if (!search || MODIFIERS.has(e.key)) return false;
	else if (!e.ctrlKey && !e.altKey && e.key === 'Backspace') find(host, search, search.part.slice(0, -1));
	else if (!e.ctrlKey && !e.altKey && e.key.length === 1) {
		// What it has found may have the next letter too.
		find(host, search, search.part + e.key, search.index === undefined ? undefined : search.index + 1);
	} else {
		// Any other key ends it, and does what it does; Ctrl-G takes back the line of before.
		host.setSearch(undefined);
		if (ctrl === 'g') host.set({ text: search.draft, at: search.draft.length });
		else if (e.key !== 'Escape') return false;
	}
	return true;
}

/** While a line runs, only what interrupts it means anything. */
export function pressWhileRunning(e: KeyboardEvent, field: HTMLTextAreaElement, interrupt: () => void): void {
	if (!e.ctrlKey || e.key.toLowerCase() !== 'c' || hasSelection(field)) return;
	e.preventDefault();
	interrupt();
}

/** Keys of a terminal in its usual mode, while what runs reads (termios(3)). */
export function pressWhileReading(e: KeyboardEvent, tab: Tab, field: HTMLTextAreaElement, interrupt: () => void): void {
	if (e.isComposing || e.key === 'Process' || e.metaKey || e.altKey) return;
	const ctrl = e.ctrlKey ? e.key.toLowerCase() : '';
	if (e.key === 'Enter' || ctrl === 'j' || ctrl === 'm') void tab.type(`${tab.draft}\n`);
	else if (ctrl === 'd') void tab.endInput();
	else if (ctrl === 'u') tab.write('');
	else if (ctrl === 'w') tab.write(tab.draft.replace(/\S*\s*$/, ''));
	else if (ctrl === 'c' && !hasSelection(field)) interrupt();
	else return;
	e.preventDefault();
}

export function press(e: KeyboardEvent, host: KeyHost): void {
	if (e.isComposing || e.key === 'Process' || e.metaKey) return;
	if (pressInSearch(e, host)) {
		e.preventDefault();
		return;
	}
	const { tab, field } = host;
	const action = tab.editor.press(
		{ key: e.key, ctrl: e.ctrlKey, alt: e.altKey, shift: e.shiftKey },
		{ text: tab.draft, at: field.selectionStart },
	);
	// A selection is copied as everywhere; only without one Ctrl-C is the terminal's.
	if (action.kind === 'interrupt' && hasSelection(field)) return;
	if (action.kind === 'none' || (e.key === 'Tab' && e.shiftKey)) return;
	e.preventDefault();
	if (action.kind !== 'edit') host.setSearch(undefined);
	if (action.kind === 'edit') host.set(action.line);
	else if (action.kind === 'submit') host.submit();
	else if (action.kind === 'interrupt') host.interrupt();
	else if (action.kind === 'eof') void tab.eof();
	else if (action.kind === 'clear') tab.clear();
	else host.complete();
}
