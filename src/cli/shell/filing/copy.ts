/** cp, mv and install: whoever has one has all three. */
export { cp } from './cp.ts';
export { install } from './install.ts';
export { mv } from './mv.ts';
