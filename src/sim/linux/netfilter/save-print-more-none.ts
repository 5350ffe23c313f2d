/** Rules of figures have nothing of what `save-print-more.ts` writes. */
export const printMoreMatch = (): undefined => undefined;
export const printMoreTarget = (): string => '';
