import type { Lesson } from '../content/index.ts';
import type { ExerciseWords } from '../exercises/index.ts';
import type { Language } from '../i18n/index.ts';

const lessons = import.meta.glob<{ lesson: Lesson }>('../../content/*/tp.ts', { eager: true });

/** Lessons by folder, in the order of the course. */
export const LESSONS: ReadonlyMap<string, Lesson> = new Map(
	Object.values(lessons)
		.map(({ lesson }) => lesson)
		.sort((a, b) => (a.id < b.id ? -1 : 1))
		.map((lesson) => [lesson.id, lesson]),
);
