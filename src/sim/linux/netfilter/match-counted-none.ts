/** Rules of figures count nothing: what `match-counted.ts` has stays with the lab. */
export const matchCounted = (): boolean => true;
