import type { UiText } from '../ui.ts';

export const en: UiText = {
	tagline: 'How packets move through Kubernetes: kube-proxy, Cilium and eBPF, hop by hop.',
	introduction:
		'Each lesson runs a simulation of the real datapath in the page. Change a setting, send a packet, and read at every hop what was looked up, what was decided, and why.',
	skipToContent: 'Skip to the text',
	courseMap: 'The course',
	glossary: 'Glossary',
	about: 'About',
	lab: 'The lab',
	search: 'Search',
	searchTheCourse: 'Search the course',
	language: 'Language',
	chooseLanguage: 'Choose a language',
	theme: 'Theme',
	themes: { auto: 'Auto', light: 'Light', dark: 'Dark' },
	onThisPage: 'On this page',
	sectionDone: 'done',
	minutes: (minutes) => (minutes === 1 ? '1 minute' : `${minutes} minutes`),
	answered: (done, total) => `${done} of ${total} answered`,
	versions: (product, versions) => `${product} ${list(versions, 'and')}`,
	objectives: 'What you will be able to do',
	prerequisites: 'What you need',
	note: 'Note',
	glossaryIntroduction:
		'The terms of the course, with what they are called in the other three languages. Commands, flags and object kinds keep their names everywhere.',
	copyLink: 'Copy link',
	linkCopied: 'Link copied',
	textOfDiagram: 'The diagram in words',
	progress: {
		title: 'Your progress',
		kept: 'Your answers stay in this browser. Nothing is sent anywhere. To continue on another machine, take them with you as a file.',
		project: 'For a projector: exercises show their packet before anyone has answered',
		export: 'Save to a file',
		import: 'Open a file',
		forget: 'Forget everything',
		forgetConfirm: 'Forget all answers and settings kept in this browser?',
		imported: (entries) => `Entries read: ${entries}.`,
		forgotten: 'Everything is forgotten.',
		notProgress: 'This file does not hold progress saved by Packetwalk. Nothing was changed.',
	},
	storage: {
		refused: 'This browser does not let the page keep anything: your answers last until you close it.',
		full: 'The browser’s storage is full: new answers last until you close the page. Save them to a file.',
		corrupt: 'What was kept in this browser could not be read and was set aside. The course starts afresh.',
	},
	scriptsOff: 'Without scripts you read the course with its worked cases; to change settings, allow scripts.',
	notFound: { title: 'No such page', text: 'This address leads nowhere. The course starts here:' },
	extractFirst: 'This page was opened without its files. Extract the whole archive first, then open index.html again.',
	version: (version, date) => `Version ${version}, ${date}`,
	licence: (code, content) => `Code ${code}, text ${content}`,
	thirdParty: 'Third-party licences',
};

function list(items: readonly string[], last: string): string {
	return items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} ${last} ${items[items.length - 1]}`;
}
