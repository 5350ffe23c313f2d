/** `set`, `if`, `rewrite`, `return`, `break`, as they stand (src/http/modules/ngx_http_rewrite_module.c, ngx_http_script.c @ 1.23). */
import { utf8 } from '../../../wire/index.ts';
import { conditionWords } from './check.ts';
import { typeOf } from './files.ts';
import { wordOf } from './nearest.ts';
import type { Directive } from './read.ts';
import type { Outcome, Turn } from './turn.ts';
import { caught, expand } from './variables.ts';
import { regex } from './words.ts';

/** ngx_escape_uri() of a path that goes into a header. */
export const escapedPath = (path: string): string =>
	encodeURI(path).replace(/%(?:25|5B|5D)/g, (code) => (code === '%25' ? '%25' : decodeURIComponent(code)));

function holds(turn: Turn, directive: Directive): boolean {
	const words = conditionWords(directive);
	const [first = '', operator, right = ''] = words;
	if (first.startsWith('$')) {
		const value = expand(turn, first);
		if (operator === undefined) return value !== '' && value !== '0';
		if (operator === '=') return value === expand(turn, right);
		if (operator === '!=') return value !== expand(turn, right);
		const match = regex(right, operator.includes('*') ? 'i' : '').exec(value);
		if (match) caught(turn, match);
		return (match !== null) !== operator.startsWith('!');
	}
	const stat = turn.disk.stat(expand(turn, operator ?? ''));
	const letter = first.at(-1);
	const fits =
		letter === 'f'
			? stat?.kind === 'file'
			: letter === 'd'
				? stat?.kind === 'directory'
				: letter === 'x'
					? ((stat?.mode ?? 0) & 0o111) !== 0
					: stat !== undefined;
	return fits !== first.startsWith('!');
}

/** What `return` answers (ngx_http_send_response()). */
export function returned(turn: Turn, args: readonly string[]): Outcome {
	const [first = '', text] = args;
	const code = Number(first);
	if (!/^\d+$/.test(first)) {
		turn.redirect = expand(turn, first);
		return 302;
	}
	if (code === 444) return 'close';
	if (text === undefined && code >= 400) return code;
	if (text === undefined && code === 204) return { status: 204, body: new Uint8Array(0) };
	const value = text === undefined ? '' : expand(turn, text);
	if ([301, 302, 303, 307, 308].includes(code)) {
		turn.redirect = value;
		return code;
	}
	return { status: code, body: utf8(value), type: typeOf(turn, turn.uri) };
}

/** What a block comes to: an answer; a new path to look up again; or on with what there is. */
export type Scripted = { readonly outcome: Outcome } | 'again' | 'stop' | undefined;

export function script(turn: Turn, block: readonly Directive[], inLocation: boolean): Scripted {
	let changed = false;
	for (const directive of block) {
		const { name, args } = directive;
		if (name === 'set') {
			const value = expand(turn, args[1]!);
			const key = args[0]!.slice(1);
			turn.variables.set(key, value);
			if (key === 'args') turn.args = value;
		} else if (name === 'break') return changed ? 'again' : 'stop';
		else if (name === 'return') return { outcome: returned(turn, args) };
		else if (name === 'if' && holds(turn, directive)) {
			const inner = directive.block ?? [];
			if (inLocation) {
				turn.blocks = [inner, ...(turn.location ? [turn.location.own, ...turn.location.around] : turn.server.around)];
				turn.within = true;
			}
			const done = script(turn, inner, inLocation);
			if (done === 'again') changed = true;
			if (done !== undefined) return done;
		} else if (name === 'rewrite') {
			const done = rewrite(turn, args);
			if (done === undefined) continue;
			if (done !== 'changed') return done;
			changed = true;
		}
	}
	return changed ? 'again' : undefined;
}

function rewrite(turn: Turn, args: readonly string[]): Scripted | 'changed' {
	const [pattern = '', to = '', flag] = args;
	const match = regex(pattern).exec(turn.uri);
	if (!match) return undefined;
	caught(turn, match);
	const keeps = !to.endsWith('?');
	const text = expand(turn, keeps ? to : to.slice(0, -1));
	const mark = text.indexOf('?');
	const path = mark < 0 ? text : text.slice(0, mark);
	const own = mark < 0 ? '' : text.slice(mark + 1);
	const query = keeps && turn.args !== '' ? `${own}${own === '' ? '' : '&'}${turn.args}` : own;
	const outside = /^(?:https?:\/\/|\$scheme)/.test(to);
	if (flag === 'redirect' || flag === 'permanent' || outside) {
		turn.redirect = `${path}${query === '' ? '' : `?${query}`}`;
		return { outcome: flag === 'permanent' ? 301 : 302 };
	}
	turn.uri = path;
	turn.args = keeps && mark < 0 ? turn.args : query;
	turn.internal = true;
	if (path === '') return { outcome: 500 };
	if (flag === 'break') return 'stop';
	return flag === 'last' ? 'again' : 'changed';
}

/** The type of what a location answers by itself. */
export const ownType = (turn: Turn): string => wordOf(turn.blocks, 'default_type', 'text/plain');
