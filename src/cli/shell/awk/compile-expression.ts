/** Expressions as functions that work on a machine. */
import { BuiltIn, substitute } from './builtins.ts';
import type { Left, Run } from './loop.ts';
import { type Cell, Fatal, inTurn, type Machine, type Maybe, onward } from './machine.ts';
import { arithmetic, COMPARISONS } from './operators.ts';
import { patternOf } from './patterns.ts';
import type { AwkFunction, Expression, Program, Statement, Target } from './tree.ts';
import { compared, joined, numberOf, Read, textOf, truthOf, UsedUp, type Value } from './values.ts';

export type Evaluate = (m: Machine) => Maybe<Value>;

/** Functions at work inside each other. */
const MOST_CALLS = 200;

/** `exit` inside of a function. */
export class Exit extends Error {}

export abstract class ExpressionCompiler {
	readonly #functions: ReadonlyMap<string, AwkFunction>;
	readonly #bodies = new Map<string, Run>();

	constructor(program: Program) {
		this.#functions = program.functions;
	}

	/** Of a function's body. */
	protected abstract statement(s: Statement): Run;

	protected truth(e: Expression): (m: Machine) => Maybe<boolean> {
		const value = this.expression(e);
		return (m) => onward(value(m), truthOf);
	}

	protected text(e: Expression): (m: Machine) => Maybe<string> {
		const value = this.expression(e);
		return (m) => onward(value(m), (v) => textOf(v, m.text('CONVFMT')));
	}

	/** What is matched: a pattern as it stands, or the text of a value. */
	#pattern(e: Expression): (m: Machine) => Maybe<string> {
		return e.op === 'regex' ? () => e.source : this.text(e);
	}

	protected key(keys: readonly Expression[]): (m: Machine) => Maybe<string> {
		const parts = keys.map((k) => this.text(k));
		if (parts.length === 1) return parts[0]!;
		return (m) => onward(inTurn(parts, m), (texts) => texts.join(m.text('SUBSEP')));
	}

	protected expression(e: Expression): Evaluate {
		switch (e.op) {
			case 'number':
			case 'text':
				return () => e.value;
			case 'regex': {
				const pattern = patternOf(e.source);
				return (m) => Number(pattern.find(m.record, 0) !== undefined);
			}
			case 'name':
				return (m) => m.get(e.name);
			case 'field': {
				const of = this.expression(e.of);
				return (m) => onward(of(m), (index) => m.field(numberOf(index)));
			}
			case 'item': {
				const key = this.key(e.keys);
				return (m) =>
					onward(key(m), (k) => {
						const array = m.array(e.array);
						if (!array.has(k)) m.setItem(array, k, undefined);
						return array.get(k);
					});
			}
			case 'list':
				return this.expression(e.parts.at(-1)!);
			case 'chain': {
				const parts = e.parts.map((p) => this.text(p));
				if (e.parts.length === 1) return this.expression(e.parts[0]!);
				return (m) => onward(inTurn(parts, m), joined);
			}
			case 'assign':
				return this.#assign(e);
			case 'step': {
				const old = this.expression(e.to);
				const put = this.#put(e.to);
				return (m) =>
					onward(old(m), (v) => {
						const n = numberOf(v);
						return onward(put(m, n + e.by), () => (e.after ? n : n + e.by));
					});
			}
			case 'unary': {
				const value = this.expression(e.value);
				if (e.how === '!') return (m) => onward(value(m), (v) => Number(!truthOf(v)));
				const sign = e.how === '-' ? -1 : 1;
				return (m) => onward(value(m), (v) => sign * numberOf(v) || 0);
			}
			case 'either': {
				const test = this.truth(e.test);
				const yes = this.expression(e.yes);
				const no = this.expression(e.no);
				return (m) => onward(test(m), (t) => (t ? yes : no)(m));
			}
			case 'has': {
				const key = this.key(e.keys);
				return (m) => onward(key(m), (k) => Number(m.array(e.array).has(k)));
			}
			case 'binary':
				return this.#binary(e);
			case 'getline':
				return this.#getline(e);
			case 'call':
				return this.#call(e);
			case 'builtin':
				return this.#builtin(e);
		}
	}

	#assign({ to, how, value: given }: Expression & { op: 'assign' }): Evaluate {
		const value = this.expression(given);
		const put = this.#put(to);
		if (how === '=') return (m) => onward(value(m), (v) => onward(put(m, v), () => v));
		const old = this.expression(to);
		const act = arithmetic(how[0]!);
		return (m) =>
			onward(value(m), (v) =>
				onward(old(m), (before) => {
					const result = act(numberOf(before), numberOf(v));
					return onward(put(m, result), () => result);
				}),
			);
	}

	#put(to: Target): (m: Machine, value: Value) => Maybe<void> {
		if (to.op === 'name') return (m, value) => m.set(to.name, value);
		if (to.op === 'field') {
			const of = this.expression(to.of);
			return (m, value) => onward(of(m), (index) => m.setField(numberOf(index), value));
		}
		const key = this.key(to.keys);
		return (m, value) => onward(key(m), (k) => m.setItem(m.array(to.array), k, value));
	}

	#binary({ how, left: l, right: r }: Expression & { op: 'binary' }): Evaluate {
		const left = this.expression(l);
		if (how === '~' || how === '!~') {
			const pattern = this.#pattern(r);
			return (m) =>
				onward(left(m), (v) =>
					onward(pattern(m), (source) => {
						const found = patternOf(source).find(textOf(v, m.text('CONVFMT')), 0) !== undefined;
						return Number(found === (how === '~'));
					}),
				);
		}
		const right = this.expression(r);
		if (how === '&&')
			return (m) => onward(left(m), (v) => (truthOf(v) ? onward(right(m), (w) => Number(truthOf(w))) : 0));
		if (how === '||')
			return (m) => onward(left(m), (v) => (truthOf(v) ? 1 : onward(right(m), (w) => Number(truthOf(w)))));
		const test = COMPARISONS[how];
		if (test) return (m) => onward(left(m), (v) => onward(right(m), (w) => Number(test(compared(v, w)))));
		const act = arithmetic(how);
		return (m) => onward(left(m), (v) => onward(right(m), (w) => act(numberOf(v), numberOf(w))));
	}

	#getline({ kind, from, to }: Expression & { op: 'getline' }): Evaluate {
		const name = from && this.text(from);
		const put = to && this.#put(to);
		const take = (m: Machine, line: string | undefined): Maybe<Value> => {
			if (line === undefined) return 0;
			// mawk counts those of the main input only.
			if (kind === 'main') {
				m.set('NR', numberOf(m.get('NR')) + 1);
				m.set('FNR', m.world.main.first ? 1 : numberOf(m.get('FNR')) + 1);
			}
			if (!put) {
				m.record = line;
				return 1;
			}
			return onward(put(m, new Read(line)), () => 1);
		};
		if (!name) return (m) => onward(m.world.main.next(m.text('RS')), (line) => take(m, line));
		const open = async (m: Machine, text: string): Promise<Value> => {
			const key = `${kind} ${text}`;
			let source = m.sources.get(key);
			if (!source) {
				await m.world.flush();
				source = kind === 'file' ? await m.world.file(text) : await m.world.command(text);
				if (!source) return -1;
				m.sources.set(key, source);
			}
			return take(m, await source.next(m.text('RS')));
		};
		return (m) => onward(name(m), (text) => open(m, text));
	}

	#call({ name, args }: Expression & { op: 'call' }): Evaluate {
		const { parameters, body } = this.#functions.get(name)!;
		const values = args.map((arg) => this.expression(arg));
		const run = (m: Machine): Maybe<Left> => {
			let compiled = this.#bodies.get(name);
			if (!compiled) {
				compiled = this.statement(body);
				this.#bodies.set(name, compiled);
			}
			return compiled(m);
		};
		if (args.length > parameters.length) throw new Fatal(`too many arguments in call to ${name}`);
		return (m) => {
			// A name alone may be an array, also one that there is none of yet.
			const cells = args.map((arg, i) => (n: Machine): Maybe<Cell> => {
				if (arg.op !== 'name' || arg.name === 'NF') return values[i]!(n) as Maybe<Cell>;
				const where = n.locals?.has(arg.name) ? n.locals : n.globals;
				return where.get(arg.name);
			});
			return onward(inTurn(cells, m), (given) => {
				if (++m.depth > MOST_CALLS) throw new UsedUp('it calls itself without end');
				const outer = m.locals;
				const own = new Map<string, Cell>(parameters.map((parameter, i) => [parameter, given[i]]));
				m.locals = own;
				const back = (): void => {
					m.locals = outer;
					m.depth--;
					for (const [i, arg] of args.entries()) {
						const cell = own.get(parameters[i]!);
						if (arg.op !== 'name' || given[i] !== undefined || !(cell instanceof Map)) continue;
						(outer?.has(arg.name) ? outer : m.globals).set(arg.name, cell);
					}
				};
				return onward(run(m), (left) => {
					back();
					if (left === 'exit') throw new Exit();
					return typeof left === 'object' ? left.value : undefined;
				});
			});
		};
	}

	#builtin({ name, args }: Expression & { op: 'builtin' }): Evaluate {
		const [first, second, third] = args;
		const names = (arg: Expression | undefined): string | undefined => (arg?.op === 'name' ? arg.name : undefined);
		if (name === 'sub' || name === 'gsub') {
			const target: Target =
				third && 'op' in third && (third.op === 'name' || third.op === 'field' || third.op === 'item')
					? third
					: { op: 'field', of: { op: 'number', value: 0 } };
			const pattern = this.#pattern(first!);
			const replacement = this.text(second!);
			const old = this.text(third ?? target);
			const put = this.#put(target);
			return (m) =>
				onward(pattern(m), (source) =>
					onward(replacement(m), (by) =>
						onward(old(m), (text) => {
							const { result, count } = substitute(source, by, text, name === 'gsub');
							return count === 0 ? 0 : onward(put(m, result), () => count);
						}),
					),
				);
		}
		if (name === 'split') {
			const text = this.text(first!);
			const array = names(second);
			if (array === undefined) throw new Fatal('type error in arg(2) in call to split');
			const by = third && this.#pattern(third);
			return (m) =>
				onward(text(m), (t) =>
					onward(by ? by(m) : m.text('FS'), (separator) => {
						const parts = m.split(t, separator);
						const into = m.array(array);
						m.forget(into.size);
						into.clear();
						for (const [i, part] of parts.entries()) m.setItem(into, String(i + 1), new Read(part));
						return parts.length;
					}),
				);
		}
		if (name === 'match') {
			const text = this.text(first!);
			const pattern = this.#pattern(second!);
			return (m) =>
				onward(text(m), (t) =>
					onward(pattern(m), (source) => {
						const found = patternOf(source).find(t, 0);
						m.set('RSTART', found ? found.from + 1 : 0);
						m.set('RLENGTH', found ? found.to - found.from : -1);
						return found ? found.from + 1 : 0;
					}),
				);
		}
		if (name === 'length') {
			const array = names(first);
			const text = first ? this.text(first) : (m: Machine) => m.record;
			return (m) => {
				const cell =
					array === undefined ? undefined : ((m.locals?.has(array) ? m.locals : m.globals).get(array) as Cell);
				return cell instanceof Map ? cell.size : onward(text(m), (t) => t.length);
			};
		}
		const values = args.map((arg) => this.expression(arg));
		const act = BuiltIn[name]!;
		return (m) => onward(inTurn(values, m), (given) => act(m, given));
	}
}
