/** How statements run and leave, and how they run again. */
import type { Machine, Maybe } from './machine.ts';
import type { Value } from './values.ts';

/** How a statement left; undefined when it came to its end. */
export type Left = undefined | 'break' | 'continue' | 'next' | 'nextfile' | 'exit' | { readonly value: Value };
export type Run = (m: Machine) => Maybe<Left>;

/** Runs a body while a test holds: at once as long as nothing has to be waited for. */
export function looped(
	m: Machine,
	test: (m: Machine) => Maybe<boolean>,
	body: Run,
	step: (m: Machine) => Maybe<unknown>,
): Maybe<Left> {
	const later = async (): Promise<Left> => {
		for (;;) {
			await m.step();
			if (!(await test(m))) return undefined;
			const left = await body(m);
			if (left === 'break') return undefined;
			if (left !== undefined && left !== 'continue') return left;
			await step(m);
		}
	};
	for (;;) {
		const rest = m.step();
		if (rest) return rest.then(later);
		const goesOn = test(m);
		if (goesOn instanceof Promise)
			return goesOn.then(async (yes) => {
				if (!yes) return undefined;
				const left = await body(m);
				if (left === 'break') return undefined;
				if (left !== undefined && left !== 'continue') return left;
				await step(m);
				return later();
			});
		if (!goesOn) return undefined;
		const left = body(m);
		if (left instanceof Promise)
			return left.then(async (l) => {
				if (l === 'break') return undefined;
				if (l !== undefined && l !== 'continue') return l;
				await step(m);
				return later();
			});
		if (left === 'break') return undefined;
		if (left !== undefined && left !== 'continue') return left;
		const stepped = step(m);
		if (stepped instanceof Promise) return stepped.then(later);
	}
}
