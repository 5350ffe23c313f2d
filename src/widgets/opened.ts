/** Parts of a figure that somebody opens have a style sheet of their own, which comes with the first of them. */
import { styleSheet } from '../styles/later.ts';
import sheet from '../styles/opened.css?url';

/** The part, once its styles are there; without them where they cannot be had. */
export async function styled<P>(part: P): Promise<P> {
	await styleSheet(sheet).catch(() => undefined);
	return part;
}
