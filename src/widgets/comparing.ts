/** Two figures side by side: how they are laid beside each other, and how that is drawn. */
export { compareFigures } from './figure/index.ts';
export { WalkCompare } from './walk-compare.tsx';
