/** The draw behind `$RANDOM`; no name that anybody types. */
export const RANDOM = '__packetwalk_random';
