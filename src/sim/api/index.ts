export type * from './object.ts';
