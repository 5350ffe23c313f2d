/** The words of the exercises, by language; `languages` in tp.ts says which there are. */
import type { Language } from '../../../../src/content/types.ts';
import type { ExerciseWords } from '../../../../src/exercises/index.ts';
import { en } from './en.ts';

export type ExerciseId = keyof typeof en;
export const words: Partial<Record<Language, Record<ExerciseId, ExerciseWords>>> = { en };
