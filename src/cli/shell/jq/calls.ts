/** Functions of a program: what they see, and how they are called. */
import { apart, bind, type Closure, type Env, type Filter, lookup, type Results, values } from './filter.ts';

export interface Scope {
	readonly kind: 'function' | 'closure' | 'value' | 'label';
	readonly name: string;
	readonly key: object;
	readonly params?: readonly (readonly [name: string, key: object, value: object | undefined])[];
	readonly body?: { filter: Filter | undefined };
	readonly next: Scope | undefined;
}

/** A function sees what was there when it was defined, itself included. */
export function seen(scope: Scope, env: Env | undefined): Env {
	const own: Env = { key: scope.key, bound: undefined, next: env };
	own.bound = own;
	return own;
}

export function called(scope: Scope, args: readonly Filter[]): Filter {
	return function* (env, value, way) {
		let inside: Env;
		try {
			inside = lookup(env, scope.key).bound as Env;
		} catch {
			// One of the library's sees nothing but itself.
			inside = seen(scope, undefined);
		}
		const from = function* (at: number, before: Env): Results {
			const param = scope.params![at];
			if (!param) {
				yield* scope.body!.filter!(before, value, way);
				return;
			}
			const closure: Closure = { filter: args[at]!, env };
			const [, key, own] = param;
			if (!own) yield* from(at + 1, bind(key, closure, before));
			else
				for (const given of values(closure, value)) {
					const plain: Filter = function* (_, __, w) {
						yield [given, apart(w)];
					};
					yield* from(at + 1, bind(own, given, bind(key, { filter: plain, env: undefined }, before)));
				}
		};
		yield* from(0, inside);
	};
}
