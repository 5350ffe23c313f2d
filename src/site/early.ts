/** Runs before the page is drawn: takes in state carried by the address, and sets the theme so that nothing flashes. */
import { absorbFragment, pageStore } from '../state/index.ts';
import { applyTheme } from './theme.ts';

absorbFragment(pageStore());
applyTheme();
// Text that could not be read is set aside by whoever finds it first, and that is this script.
if (pageStore().problem) document.documentElement.dataset.storageProblem = pageStore().problem;
document.documentElement.dataset.scripts = 'on';
