import type { WhyCode, WhyParams } from '../../sim/trace/index.ts';

/**
 * Words for one reason: a template of `rich.ts`, or a function that picks one by the parameters. One or two
 * sentences: what was looked up, what decided, and why it had to be so.
 */
export type WhyWord<C extends WhyCode> = string | ((params: Readonly<WhyParams[C]>) => string);

/** Words for every reason; a missing one does not compile. Keys in the order of `sim/trace/why.ts`. */
export type WhyWords = { readonly [C in WhyCode]: WhyWord<C> };
