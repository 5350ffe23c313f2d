/** Flags of helm's commands on charts, and a chart's path without the slash at its end. */
import { VALUE_FLAGS } from './wanted.ts';

export const SET_FLAGS = VALUE_FLAGS.filter(({ name }) => /^(?:set|values)/.test(name));
export const FROM_FLAGS = VALUE_FLAGS.filter(({ name }) => ['repo', 'version', 'devel'].includes(name));

export const plainPath = (path: string): string => path.replace(/\/+$/, '') || '/';
