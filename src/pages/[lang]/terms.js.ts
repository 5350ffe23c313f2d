import { terms } from '../../components/glossary.ts';
import { LANGUAGES, type Language } from '../../i18n/index.ts';

export const getStaticPaths = () => LANGUAGES.map((lang) => ({ params: { lang } }));

/** The glossary of one language as a classic script, which a page opened from disk can load: see src/site/term-help.ts. */
export function GET({ params }: { params: { lang: Language } }): Response {
	const entries = terms(params.lang).map((entry) => [entry.id, [entry[params.lang].term, entry[params.lang].text]]);
	const code = `packetwalkTerms(${JSON.stringify(Object.fromEntries(entries))});\n`;
	return new Response(code, { headers: { 'content-type': 'text/javascript' } });
}
