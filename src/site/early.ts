/** Runs before the page is drawn: takes in state carried by the address, and sets the theme so that nothing flashes. */
import { absorbFragment, pageStore } from '../state/index.ts';
import { applyTheme } from './theme.ts';

absorbFragment(pageStore());
applyTheme();
document.documentElement.dataset.scripts = 'on';
