/** Every lesson of the course, with the words of its exercises. */
import { lesson as clientAddress } from '../../content/tp2-client-address/tp.ts';
import { words as clientAddressWords } from '../../content/tp2-client-address/words/index.ts';
import { lesson as ebpf } from '../../content/tp2-ebpf/tp.ts';
import { words as ebpfWords } from '../../content/tp2-ebpf/words/index.ts';
import type { Language, Lesson } from '../../src/content/index.ts';
import type { ExerciseWords } from '../../src/exercises/index.ts';

export interface Tested {
	readonly lesson: Lesson;
	readonly words: Readonly<Record<Language, Readonly<Record<string, ExerciseWords>>>>;
}

/** In the order of the course. */
export const LESSONS: readonly Tested[] = [
	{ lesson: clientAddress, words: clientAddressWords },
	{ lesson: ebpf, words: ebpfWords },
];
