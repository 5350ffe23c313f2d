/** The page where a language is chosen: the one chosen before, else one the browser asks for, is offered first. */
import { absorbFragment, carryOnNavigation, pageStore, readState } from '../state/index.ts';
import { keepLanguage } from './language.ts';
import { siteRoot } from './root.ts';

absorbFragment(pageStore());
const list = document.querySelector<HTMLElement>('[data-languages]');
const links = [...document.querySelectorAll<HTMLAnchorElement>('[data-languages] a[data-language]')];
const wishes = [readState('language'), ...navigator.languages.map((tag) => tag.slice(0, 2).toLowerCase())];
const first = wishes.map((wish) => links.find((link) => link.dataset.language === wish)).find((link) => link);
if (list && first) {
	first.dataset.first = '';
	list.prepend(first.closest('li')!);
}
keepLanguage();
carryOnNavigation(pageStore(), siteRoot());
