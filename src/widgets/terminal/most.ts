/** Terminals of one laptop at once. */
export const MAX_TABS = 8;
