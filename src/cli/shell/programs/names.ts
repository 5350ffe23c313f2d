/** With which names begin that nobody types. */
export const HIDDEN = '__packetwalk_';

/** The draw behind `$RANDOM`. */
export const RANDOM = `${HIDDEN}random`;

/** What joins an array by `IFS`, behind `"${a[*]}"`. */
export const JOINED = `${HIDDEN}joined`;

/** What tells of the options behind `$-`. */
export const FLAGS = `${HIDDEN}flags`;

/** What writes an array as it would be declared, behind `${a[@]@A}`. */
export const DECLARED = `${HIDDEN}declared`;

/** Of the programs here, those that are the shell itself. */
export const BUILTINS: ReadonlySet<string> = new Set(
	'alias bg disown fg jobs kill times trap ulimit umask unalias wait'.split(' '),
);

/** What hands back its words. */
export const WORDS = `${HIDDEN}words`;

/** What `select` is made of. */
export const MENU = `${HIDDEN}menu`;
export const CHOOSE = `${HIDDEN}choose`;
export const CHOSEN = `${HIDDEN}chosen`;
