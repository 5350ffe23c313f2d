import { isLanguage } from '../i18n/index.ts';
import { offerSearch } from '../search/index.ts';
import { siteRoot } from './root.ts';

/** Search, on pages that have a language: the buttons appear, and `/` opens it. */
export function offerCourseSearch(): void {
	const language = document.documentElement.lang.split('-')[0];
	if (!isLanguage(language)) return;
	offerSearch({ language, root: siteRoot(), buttons: document.querySelectorAll<HTMLElement>('[data-search-open]') });
}
