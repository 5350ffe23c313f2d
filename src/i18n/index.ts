export { isLanguage, LANGUAGE_NAME, LANGUAGE_TAG, LANGUAGES, type Language } from './languages.ts';
export { type UiText, ui } from './ui.ts';
