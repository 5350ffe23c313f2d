/** Types of the API as data. */
export { check, type JsonKind, type Problem } from './check.ts';
export { type Field, rootType, type Type, typeOf } from './read.ts';
