import { parse } from 'yaml';
import source from '../../content/glossary.yaml?raw';
import type { Language } from '../i18n/index.ts';

/** A term of the course; its id is an anchor on the glossary page, permanent. */
export type Term = { readonly id: string } & Readonly<
	Record<Language, { readonly term: string; readonly text: string }>
>;

/** All terms, ordered for a reader of this language. */
export function terms(lang: Language): readonly Term[] {
	const order = new Intl.Collator(lang === 'zh' ? 'zh-Hans-u-co-pinyin' : lang, { sensitivity: 'base' });
	return [...(parse(source) as Term[])].sort((a, b) => order.compare(a[lang].term, b[lang].term));
}
