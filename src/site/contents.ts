import { answeredIn, parseFragment, watchState } from '../state/index.ts';

/** Milliseconds in a section after which it is the one that is read, not one that is scrolled past. */
const STAY = 2500;

let current: string | undefined;
let read: string | undefined;
let stay: ReturnType<typeof setTimeout> | undefined;

/**
 * Id of the section being read; undefined at the top of the page and where there are no sections. Scrolling up to the
 * bar at the top of the page does not change it: it is the last one the reader went to or stayed in.
 */
export function currentSection(): string | undefined {
	return read ?? current;
}

/** Marks in the list of sections where the reader is and which sections are done. */
export function followSections(): void {
	const items = [...document.querySelectorAll<HTMLElement>('[data-contents] [data-section]')];
	const headings = items.map((item) => document.getElementById(item.dataset.section!));
	if (items.length === 0) return;

	const markCurrent = () => {
		// The last heading above the upper third of the window is the section being read.
		const line = window.innerHeight / 3;
		const at = headings.findLastIndex((heading) => heading && heading.getBoundingClientRect().top < line);
		const now = items[at]?.dataset.section;
		if (now !== current) {
			current = now;
			clearTimeout(stay);
			stay = setTimeout(() => {
				read = current;
			}, STAY);
		}
		for (const [index, item] of items.entries()) {
			const link = item.querySelector('a');
			if (index === at) link?.setAttribute('aria-current', 'true');
			else link?.removeAttribute('aria-current');
		}
	};
	let waiting = false;
	const soon = () => {
		if (waiting) return;
		waiting = true;
		requestAnimationFrame(() => {
			waiting = false;
			markCurrent();
		});
	};
	const goTo = () => {
		const { anchor } = parseFragment(location.hash);
		if (items.some((item) => item.dataset.section === anchor)) read = anchor;
	};
	goTo();
	addEventListener('hashchange', goTo);
	addEventListener('scroll', soon, { passive: true });
	addEventListener('resize', soon, { passive: true });
	markCurrent();

	const markDone = () => {
		const answered = new Set(answeredIn(document.body.dataset.page ?? ''));
		const bySection = exercisesBySection(headings);
		for (const [index, item] of items.entries()) {
			const exercises = bySection[index]!;
			const done = exercises.length > 0 && exercises.every((id) => answered.has(id));
			item.toggleAttribute('data-is-done', done);
			const words = item.querySelector<HTMLElement>('[data-done]');
			if (words) words.hidden = !done;
		}
	};
	watchState(markDone);
	markDone();
}

/** Ids of the exercises after each heading and before the next. */
function exercisesBySection(headings: readonly (HTMLElement | null)[]): string[][] {
	const sections = headings.map((): string[] => []);
	for (const exercise of document.querySelectorAll('.ex')) {
		const at = headings.findLastIndex(
			(heading) => heading && heading.compareDocumentPosition(exercise) & Node.DOCUMENT_POSITION_FOLLOWING,
		);
		sections[at]?.push(exercise.id);
	}
	return sections;
}
