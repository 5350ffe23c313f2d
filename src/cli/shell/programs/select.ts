/** Menus of `select` (bash execute_cmd.c, print_select_list() and select_query() @ 5.1). */
import { Output } from '../call.ts';
import type { ProgramCall } from '../frame.ts';
import type { Result, State } from '../just-bash.ts';

interface Menu {
	readonly words: readonly string[];
	begun: boolean;
	ended: boolean;
}

/** Of each shell, the innermost last. */
const menus = new WeakMap<State['env'], Menu[]>();
const of = ({ env }: State): Menu[] => {
	const known = menus.get(env) ?? [];
	menus.set(env, known);
	return known;
};

const TAB = 8;
/** Blanks from one column to another, tabs where one fits. */
function indent(from: number, to: number): string {
	let text = '';
	for (let at = from; at < to; ) {
		if (Math.floor(to / TAB) > Math.floor(at / TAB)) {
			text += '\t';
			at += TAB - (at % TAB);
		} else {
			text += ' ';
			at++;
		}
	}
	return text;
}

function menuText(words: readonly string[], columns: number): string {
	const digits = String(words.length).length;
	const width = Math.max(...words.map((word) => [...word].length)) + digits + 4;
	let cols = Math.max(1, Math.floor(columns / width));
	let rows = Math.ceil(words.length / cols);
	cols = Math.ceil(words.length / rows);
	if (rows === 1) [rows, cols] = [cols, 1];
	const first = String(rows).length;
	let text = '';
	for (let row = 0; row < rows; row++) {
		for (let at = row, pos = 0; at < words.length; at += rows, pos += width) {
			const size = pos === 0 ? first : digits;
			text += `${String(at + 1).padStart(size)}) ${words[at]}`;
			if (at + rows < words.length) text += indent(pos + [...words[at]!].length + size + 2, pos + width);
		}
		text += '\n';
	}
	return text;
}

export async function menu({ args, state }: ProgramCall): Promise<Result> {
	of(state).push({ words: args, begun: false, ended: false });
	return { stdout: '', stderr: '', exitCode: 0 };
}

export async function choose(call: ProgramCall): Promise<Result> {
	const { state, args } = call;
	const [name = ''] = args;
	const output = new Output(call.routes);
	const one = of(state).at(-1);
	if (!one || one.words.length === 0) return output.result(1);
	const show = (): void =>
		output.err({ text: menuText(one.words, Number(state.env.get('COLUMNS')) || 80), binary: false });
	if (!one.begun || !state.env.get('REPLY')) show();
	one.begun = true;
	for (;;) {
		output.err({ text: state.env.get('PS3') ?? '#? ', binary: false });
		const { exitCode } = await call.instead('read', ['-r', 'REPLY'], []);
		if (exitCode !== 0) {
			one.ended = true;
			output.out({ text: '\n', binary: false });
			return output.result(1);
		}
		const reply = state.env.get('REPLY') ?? '';
		if (reply !== '') {
			state.env.set(name, (/^\s*\d+\s*$/.test(reply) && one.words[Number(reply) - 1]) || '');
			return output.result(0);
		}
		show();
	}
}

export async function chosen({ state }: ProgramCall): Promise<Result> {
	return { stdout: '', stderr: '', exitCode: of(state).pop()?.ended ? 1 : 0 };
}
