import { isLanguage, type Language } from '../i18n/index.ts';

/** Where on the site a component is: the language and, in a lesson, the lesson's folder. */
export interface Place {
	readonly lang: Language;
	readonly page: string;
}

/** Reads the place from the page's path, `/{lang}/{page}/`. Only pages under a language have one. */
export function placeOf(url: URL): Place {
	const [, lang, page = ''] = url.pathname.split('/');
	if (!isLanguage(lang)) throw new Error(`${url.pathname} is not under a language`);
	return { lang, page };
}

/** Path of a page in a language. The portable build makes it relative. */
export function pathOf(lang: Language, page = ''): string {
	return page ? `/${lang}/${page}/` : `/${lang}/`;
}
