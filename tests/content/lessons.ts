/** Every lesson of the course, with the words of its exercises. */
import { readFileSync } from 'node:fs';
import { words as kindWords } from '../../content/tp1-kind/labs/words/index.ts';
import { lesson as kind } from '../../content/tp1-kind/tp.ts';
import { lesson as clientAddress } from '../../content/tp2-client-address/tp.ts';
import { words as clientAddressWords } from '../../content/tp2-client-address/words/index.ts';
import { lesson as ebpf } from '../../content/tp2-ebpf/tp.ts';
import { words as ebpfWords } from '../../content/tp2-ebpf/words/index.ts';
import { LANGUAGES, type Language, type Lesson } from '../../src/content/index.ts';
import type { ExerciseWords } from '../../src/exercises/index.ts';

export interface Tested {
	readonly lesson: Lesson;
	readonly words: Readonly<Partial<Record<Language, Readonly<Record<string, ExerciseWords>>>>>;
}

/** In the order of the course. */
export const LESSONS: readonly Tested[] = [
	{ lesson: kind, words: kindWords },
	{ lesson: clientAddress, words: clientAddressWords },
	{ lesson: ebpf, words: ebpfWords },
];

/** Lessons that are read in a language. */
export const lessonsIn = (language: Language): readonly Tested[] =>
	LESSONS.filter(({ lesson }) => languagesOf(lesson).includes(language));

export const languagesOf = ({ languages = LANGUAGES }: Lesson): readonly Language[] => languages;

/** Text of a lesson's files by name. */
export const filesOf = (lesson: Lesson): Readonly<Record<string, string>> =>
	Object.fromEntries(lesson.files.map((name) => [name, readFileSync(`content/${lesson.id}/files/${name}`, 'utf8')]));
