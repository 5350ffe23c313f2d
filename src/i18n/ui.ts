import type { Language } from './languages.ts';
import { en } from './ui/en.ts';
import { fr } from './ui/fr.ts';
import { ko } from './ui/ko.ts';
import { zh } from './ui/zh.ts';

/** Every word of the site's own interface. One object per language; a missing string does not compile. */
export interface UiText {
	/** What the course is, in one sentence: the home page and `<meta name="description">`. */
	tagline: string;
	/** A paragraph under the title of the course map. */
	introduction: string;
	skipToContent: string;
	courseMap: string;
	glossary: string;
	about: string;
	lab: string;
	search: string;
	searchTheCourse: string;
	language: string;
	chooseLanguage: string;
	theme: string;
	themes: { auto: string; light: string; dark: string };
	/** Heading of the list of a page's sections. */
	onThisPage: string;
	/** Said of a section whose exercises are all answered. */
	sectionDone: string;
	minutes: (minutes: number) => string;
	answered: (done: number | string, total: number | string) => string;
	/** Versions a lesson covers, as in "Kubernetes 1.24 and 1.33". */
	versions: (product: string, versions: readonly string[]) => string;
	objectives: string;
	prerequisites: string;
	note: string;
	glossaryIntroduction: string;
	/** Link from a figure or heading that copies its own address. */
	copyLink: string;
	linkCopied: string;
	textOfDiagram: string;
	progress: {
		title: string;
		kept: string;
		export: string;
		import: string;
		forget: string;
		/** Label of the box that lets exercises show their packets at once. */
		project: string;
		forgetConfirm: string;
		imported: (entries: number | string) => string;
		forgotten: string;
		notProgress: string;
	};
	/** Why answers and settings may not be kept; shown, never thrown. */
	storage: { refused: string; full: string; corrupt: string };
	scriptsOff: string;
	notFound: { title: string; text: string };
	extractFirst: string;
	version: (version: string, date: string) => string;
	licence: (code: string, content: string) => string;
	thirdParty: string;
}

const TEXT: Record<Language, UiText> = { en, fr, ko, zh };

/** Interface strings in one language. */
export function ui(language: Language): UiText {
	return TEXT[language];
}
