import { LANGUAGES, type Language, type Lesson } from '../content/index.ts';

const lessons = import.meta.glob<{ lesson: Lesson }>('../../content/*/tp.ts', { eager: true });

/** Lessons by folder, in the order of the course. */
export const LESSONS: ReadonlyMap<string, Lesson> = new Map(
	Object.values(lessons)
		.map(({ lesson }) => lesson)
		.sort((a, b) => (a.id < b.id ? -1 : 1))
		.map((lesson) => [lesson.id, lesson]),
);

/** Languages a page can be read in: all, unless it is a lesson that is being translated. */
export function languagesOf(page: string): readonly Language[] {
	return LESSONS.get(page)?.languages ?? LANGUAGES;
}

/** The lesson with this folder. @throws Error when a page uses a lesson's parts and has no `tp.ts` */
export function lessonOf(page: string): Lesson {
	const lesson = LESSONS.get(page);
	if (!lesson) throw new Error(`content/${page} has no tp.ts`);
	return lesson;
}
