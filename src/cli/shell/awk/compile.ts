/** An awk program's tree as functions that work on a machine: its rules and statements. */
import { ExpressionCompiler } from './compile-expression.ts';
import { type Left, looped, type Run } from './loop.ts';
import { inTurn, type Machine, type Maybe, onward } from './machine.ts';
import { printed } from './printed.ts';
import type { Program, Statement } from './tree.ts';
import { joined, numberOf, Read, textOf } from './values.ts';

export interface CompiledRule {
	readonly when: 'BEGIN' | 'END' | 'line';
	/** Whether the record is one of the rule's. */
	readonly meant: (m: Machine) => Maybe<boolean>;
	readonly run: Run;
}

export class Compiler extends ExpressionCompiler {
	rules(program: Program): readonly CompiledRule[] {
		return program.rules.map(({ when, pattern, to, body }) => {
			const test = pattern && this.truth(pattern);
			const end = to && this.truth(to);
			const key = {};
			const inRange = (m: Machine): Maybe<boolean> => {
				const close = (): Maybe<boolean> =>
					onward(end!(m), (over) => {
						if (over) m.ranges.delete(key);
						return true;
					});
				if (m.ranges.has(key)) return close();
				return onward(test!(m), (begins) => {
					if (!begins) return false;
					m.ranges.add(key);
					return close();
				});
			};
			return {
				when,
				meant: end ? inRange : (test ?? (() => true)),
				run: body
					? this.statement(body)
					: (m) => onward(m.world.write(undefined, '', m.record + m.text('ORS')), () => undefined),
			};
		});
	}

	protected override statement(s: Statement): Run {
		switch (s.op) {
			case 'block': {
				const parts = s.body.map((part) => this.statement(part));
				const from = (m: Machine, start: number): Maybe<Left> => {
					for (let i = start; i < parts.length; i++) {
						const left = parts[i]!(m);
						if (left instanceof Promise) return left.then((l) => l ?? from(m, i + 1));
						if (left !== undefined) return left;
					}
					return undefined;
				};
				return (m) => from(m, 0);
			}
			case 'expression': {
				const value = this.expression(s.value);
				return (m) => onward(value(m), () => undefined);
			}
			case 'print':
				return this.#print(s);
			case 'if': {
				const test = this.truth(s.test);
				const yes = this.statement(s.yes);
				const no = s.no && this.statement(s.no);
				return (m) => onward(test(m), (t) => (t ? yes(m) : no?.(m)));
			}
			case 'loop':
				return this.#loop(s);
			case 'each': {
				const body = this.statement(s.body);
				return (m) => {
					const array = m.array(s.array);
					const keys = [...array.keys()];
					let i = 0;
					return looped(
						m,
						() => i < keys.length,
						(n) => {
							const key = keys[i++]!;
							if (!array.has(key)) return undefined;
							n.set(s.name, new Read(key));
							return body(n);
						},
						() => undefined,
					);
				};
			}
			case 'leave':
				return () => s.how;
			case 'exit': {
				const value = s.value && this.expression(s.value);
				return (m) =>
					value
						? onward(value(m), (v) => {
								m.exitCode = numberOf(v) & 255;
								return 'exit' as const;
							})
						: 'exit';
			}
			case 'return': {
				const value = s.value && this.expression(s.value);
				return (m) => (value ? onward(value(m), (v) => ({ value: v })) : { value: undefined });
			}
			case 'delete': {
				const key = s.keys && this.key(s.keys);
				return (m) => {
					const array = m.array(s.array);
					if (!key) {
						m.forget(array.size);
						array.clear();
						return undefined;
					}
					return onward(key(m), (k) => {
						if (array.delete(k)) m.forget(1);
						return undefined;
					});
				};
			}
		}
	}

	#loop({ first, test: t, step, body: b, late }: Statement & { op: 'loop' }): Run {
		const begin = first && this.statement(first);
		const test = t ? this.truth(t) : () => true;
		const next = step && this.statement(step);
		const body = this.statement(b);
		return (m) => {
			let fresh = late;
			const goesOn = (n: Machine): Maybe<boolean> => {
				if (!fresh) return test(n);
				fresh = false;
				return true;
			};
			return onward(begin?.(m), () => looped(m, goesOn, body, (n) => next?.(n)));
		};
	}

	#print({ formatted: isFormat, values: given, into }: Statement & { op: 'print' }): Run {
		const values = given.map((value) => this.expression(value));
		const name = into && this.text(into.name);
		return (m) =>
			onward(inTurn(values, m), (list) => {
				const text = isFormat
					? printed(m, list)
					: given.length === 0
						? m.record + m.text('ORS')
						: joined([list.map((v) => textOf(v, m.text('OFMT'))).join(m.text('OFS')), m.text('ORS')]);
				return onward(name ? name(m) : '', (to) => onward(m.world.write(into?.how, to, text), () => undefined));
			});
	}
}
