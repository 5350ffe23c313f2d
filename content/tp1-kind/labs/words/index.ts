/** The words of the exercises, by language. */
import type { Language } from '../../../../src/content/types.ts';
import type { ExerciseWords } from '../../../../src/exercises/index.ts';
import { en } from './en.ts';
import { fr } from './fr.ts';
import { ko } from './ko.ts';
import { zh } from './zh.ts';

export type ExerciseId = keyof typeof en;
export const words: Partial<Record<Language, Record<ExerciseId, ExerciseWords>>> = { en, fr, ko, zh };
