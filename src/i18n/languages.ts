/** The four languages of the course, in the order in which they are offered. */
export const LANGUAGES = ['fr', 'zh', 'ko', 'en'] as const;

export type Language = (typeof LANGUAGES)[number];

/** BCP 47 tag for `lang` and `hreflang`: the script matters to fonts, the path stays short. */
export const LANGUAGE_TAG: Record<Language, string> = { fr: 'fr', zh: 'zh-Hans', ko: 'ko', en: 'en' };

/** Each language's own name. */
export const LANGUAGE_NAME: Record<Language, string> = { fr: 'Français', zh: '简体中文', ko: '한국어', en: 'English' };

/** Whether a value is the code of a language of the course. */
export function isLanguage(value: unknown): value is Language {
	return typeof value === 'string' && (LANGUAGES as readonly string[]).includes(value);
}
