/** What happened to Docker's objects since somebody used docker here first. */
import type { Container, Lab } from '../../sim/lab/index.ts';

export interface Event {
	readonly at: number;
	readonly type: 'container' | 'image' | 'network' | 'volume';
	readonly action: string;
	readonly id: string;
	readonly attributes: Readonly<Record<string, string>>;
}

const books = new WeakMap<Lab, Event[]>();

export function bookOf(lab: Lab): Event[] {
	const book = books.get(lab) ?? [];
	books.set(lab, book);
	return book;
}

/** Something happened to a container. */
export function told(
	lab: Lab,
	action: string,
	container: Container,
	more: Readonly<Record<string, string>> = {},
): void {
	const { id, image, name, labels } = container;
	const own = Object.fromEntries(Object.entries(labels).filter(([key]) => !key.startsWith('\0')));
	bookOf(lab).push({ at: lab.now, type: 'container', action, id, attributes: { ...own, ...more, image, name } });
}

/** Something happened to another object. */
export function toldOf(
	lab: Lab,
	type: Event['type'],
	action: string,
	id: string,
	attributes: Readonly<Record<string, string>>,
): void {
	bookOf(lab).push({ at: lab.now, type, action, id, attributes });
}
