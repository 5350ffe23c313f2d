import { describe, expect, it } from 'vitest';
import { commonStart, type Edited, LineEditor } from '../../../../src/widgets/terminal/line.ts';

/** `echo |two` has the cursor where the bar is. */
const read = (shown: string): Edited => ({ text: shown.replace('|', ''), at: shown.indexOf('|') });
const written = ({ text, at }: Edited): string => `${text.slice(0, at)}|${text.slice(at)}`;

/** Presses keys such as `C-a` and `M-b`, one after the other. */
function press(editor: LineEditor, from: string, keys: string): string {
	let line = read(from);
	for (const name of keys.split(' ')) {
		const [, modifier, key = ''] = /^(C-|M-)?(.+)$/.exec(name)!;
		const action = editor.press({ key, ctrl: modifier === 'C-', alt: modifier === 'M-' }, line);
		if (action.kind !== 'edit') return action.kind;
		line = action.line;
	}
	return written(line);
}

describe('the line that is written', () => {
	it.each([
		['ab|c', 'C-a', '|abc'],
		['a|bc', 'C-e', 'abc|'],
		['a|bc', 'C-b', '|abc'],
		['a|bc', 'C-f', 'ab|c'],
		['ab|cd', 'C-k', 'ab|'],
		['ab|cd', 'C-u', '|cd'],
		['ab|cd', 'C-k C-a C-y', 'cd|ab'],
		['get pods --all|', 'C-w', 'get pods |'],
		['a/b-c d|', 'C-w C-w', '|'],
		['one two|', 'M-b', 'one |two'],
		['one-two|', 'M-b M-b', '|one-two'],
		['|one two', 'M-f M-f', 'one two|'],
		['|one two', 'M-d', '| two'],
		['one two|', 'M-Backspace C-y', 'one two|'],
		['ab|', 'C-h', 'a|'],
		['a|b', 'C-d', 'a|'],
		['|', 'C-d', 'eof'],
		['a|', 'Enter', 'submit'],
		['a|', 'C-c', 'interrupt'],
		['a|', 'C-l', 'clear'],
		['a|', 'Tab', 'complete'],
		['|', 'Tab', 'none'],
		['a|', 'x', 'none'],
		['é 한국|', 'M-b', 'é |한국'],
		['one two three|', 'C-w C-w C-y', 'one two three|'],
		['one two |three', 'C-k C-w C-y', 'one two three|'],
		['one |two', 'C-w C-e C-w C-y', 'two|'],
		['|a b c', 'M-d M-d C-e C-y', ' ca b|'],
		['ab|c', 'C-t', 'acb|'],
		['abc|', 'C-t', 'acb|'],
		['a|', 'C-t', 'a|'],
		['|one two', 'M-u M-c', 'ONE Two|'],
		['ONE| TWO', 'M-l', 'ONE two|'],
		['one two|', 'C-w C-_', 'one two|'],
		['one two|', 'C-w C-w C-_ C-_', 'one two|'],
		['one|', 'M-#', '#one|'],
	])('%s after %s is %s', (from, keys, expected) => {
		expect(press(new LineEditor(), from, keys)).toBe(expected);
	});

	it('goes through what was typed before, and back to what was begun', () => {
		const editor = new LineEditor();
		editor.begin(['one', 'two']);
		expect(press(editor, 'beg|', 'ArrowUp')).toBe('two|');
		expect(press(editor, 'two|', 'C-p')).toBe('one|');
		expect(press(editor, 'one|', 'ArrowUp')).toBe('one|');
		expect(press(editor, 'one|', 'ArrowDown')).toBe('two|');
		expect(press(editor, 'two|', 'C-n')).toBe('beg|');
		expect(press(editor, '|', 'M-.')).toBe('two|');
		expect(press(editor, 'a |', 'M-.')).toBe('a two|');
		expect(press(editor, 'a two|', 'M-.')).toBe('a one|');
		expect(press(editor, 'a one|', 'M-.')).toBe('a one|');
		expect(press(editor, 'x|', 'M-<')).toBe('one|');
		expect(press(editor, 'one|', 'M->')).toBe('x|');
	});

	it('finds what was typed before', () => {
		const editor = new LineEditor();
		editor.begin(['kubectl get pods', 'ls', 'kubectl get nodes']);
		const first = editor.search('get')!;
		expect(first.line).toBe('kubectl get nodes');
		expect(editor.search('get', first.index)!.line).toBe('kubectl get pods');
		expect(editor.search('nothing')).toBeUndefined();
	});

	it('knows what words begin with', () => {
		expect(commonStart(['kubectl', 'kubeadm'])).toBe('kube');
		expect(commonStart(['a', 'b'])).toBe('');
		expect(commonStart([])).toBe('');
	});
});
