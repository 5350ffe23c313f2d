/** With which names begin that nobody types. */
export const HIDDEN = '__packetwalk_';

/** The draw behind `$RANDOM`. */
export const RANDOM = `${HIDDEN}random`;

/** What joins an array by `IFS`, behind `"${a[*]}"`. */
export const JOINED = `${HIDDEN}joined`;
