import type { Language } from '../i18n/languages.ts';
import { type SearchText, searchText } from '../i18n/search.ts';
import { styleSheet } from '../styles/later.ts';
import sheet from '../styles/search.css?url';
import { isApart } from './apart.ts';
import { excerpt } from './excerpt.ts';
import { find, type Hit } from './find.ts';
import { type OpenIndex, openIndex, scriptTags } from './load.ts';

/** Results shown at once. */
const MOST = 12;
/** Milliseconds without a key before the index is asked, while keys follow one another quickly. */
const PAUSE = 60;
/** A key after this many milliseconds of none is answered at once. */
const QUIET = 400;

type Properties = Record<string, string>;

function element<K extends keyof HTMLElementTagNameMap>(
	name: K,
	attributes: Properties = {},
	...content: (Node | string)[]
): HTMLElementTagNameMap[K] {
	const made = document.createElement(name);
	for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
	made.append(...content);
	return made;
}

const keyHelp = (text: SearchText): HTMLElement =>
	element(
		'p',
		{ class: 'search-keys', 'aria-hidden': 'true' },
		...(
			[
				['↑↓', text.keys.move],
				['↵', text.keys.open],
				['Esc', text.keys.close],
			] as const
		).map(([key, means]) => element('span', {}, element('kbd', {}, key), ` ${means}`)),
	);

/** The dialog: a field that is a combobox, and a list of sections that answer it. */
class SearchDialog {
	readonly #text: SearchText;
	readonly #language: Language;
	readonly #root: string;
	readonly #dialog: HTMLDialogElement;
	readonly #field: HTMLInputElement;
	readonly #list: HTMLElement;
	readonly #status: HTMLElement;
	#index: Promise<OpenIndex> | undefined;
	/** The number of the latest query: what an older one finds is dropped. */
	#turn = 0;
	#chosen = -1;
	#pause: ReturnType<typeof setTimeout> | undefined;
	/** When the last key came. */
	#typed = Number.NEGATIVE_INFINITY;

	constructor(language: Language, root: string) {
		this.#language = language;
		this.#root = root;
		this.#text = searchText(language);
		this.#field = element('input', {
			type: 'search',
			class: 'search-field',
			role: 'combobox',
			'aria-label': this.#text.title,
			'aria-expanded': 'false',
			'aria-controls': 'search-results',
			'aria-autocomplete': 'list',
			'aria-haspopup': 'listbox',
			autocomplete: 'off',
			autocapitalize: 'off',
			spellcheck: 'false',
			enterkeyhint: 'go',
			maxlength: '200',
			placeholder: this.#text.hint,
		});
		this.#list = element('div', {
			id: 'search-results',
			class: 'search-results',
			role: 'listbox',
			'aria-label': this.#text.title,
			hidden: '',
		});
		this.#status = element('p', { class: 'search-status', role: 'status' });
		const close = element('button', { type: 'button', class: 'search-close' }, this.#text.close);
		this.#dialog = element(
			'dialog',
			{ class: 'search', 'aria-label': this.#text.title, 'data-search-dialog': '' },
			element('div', { class: 'search-head' }, this.#field, close),
			this.#status,
			this.#list,
			keyHelp(this.#text),
		);
		document.body.append(this.#dialog);

		close.addEventListener('click', () => this.#dialog.close());
		this.#field.addEventListener('input', ({ timeStamp }) => {
			clearTimeout(this.#pause);
			this.#pause = setTimeout(() => void this.#ask(), timeStamp - this.#typed > QUIET ? 0 : PAUSE);
			this.#typed = timeStamp;
		});
		this.#field.addEventListener('keydown', (event) => this.#key(event));
		this.#dialog.addEventListener('click', (event) => {
			// The backdrop is the dialog itself; a result on this very page leaves the page where it is.
			const link = event.target instanceof Element ? event.target.closest('a') : null;
			if (event.target === this.#dialog || (link && !event.ctrlKey && !event.metaKey)) this.#dialog.close();
		});
		this.#list.addEventListener('pointermove', (event) => {
			const option = event.target instanceof Element ? event.target.closest('[role="option"]') : null;
			if (option) this.#choose([...this.#list.children].indexOf(option), false);
		});
	}

	open(): void {
		if (!this.#dialog.open) this.#dialog.showModal();
		this.#field.focus();
		this.#field.select();
		// Loading starts with the first look, not with the first letter.
		this.#load().catch(() => this.#showFailure());
	}

	#load(): Promise<OpenIndex> {
		this.#index ??= openIndex(this.#language, scriptTags(this.#root)).catch((error: unknown) => {
			this.#index = undefined;
			throw error;
		});
		return this.#index;
	}

	async #ask(): Promise<void> {
		const turn = ++this.#turn;
		const query = this.#field.value.trim();
		if (query === '') {
			this.#show([], '');
			return;
		}
		if (!this.#list.childElementCount) this.#status.textContent = this.#text.loading;
		try {
			const index = await this.#load();
			const hits = await find(index, query, MOST);
			const options = await Promise.all(hits.map((hit) => this.#option(index, hit)));
			if (turn !== this.#turn) return;
			this.#show(options, options.length > 0 ? this.#text.results(options.length) : this.#text.none(query), query);
		} catch {
			if (turn === this.#turn) this.#showFailure();
		}
	}

	#show(options: HTMLElement[], status: string, query = ''): void {
		this.#list.dataset.query = query;
		for (const [at, option] of options.entries()) option.id = `search-result-${at}`;
		this.#list.replaceChildren(...options);
		this.#list.hidden = options.length === 0;
		this.#list.scrollTop = 0;
		this.#field.setAttribute('aria-expanded', String(options.length > 0));
		this.#status.textContent = status;
		this.#choose(options.length > 0 ? 0 : -1, true);
	}

	#showFailure(): void {
		this.#show([], this.#text.failed);
		const retry = element('button', { type: 'button' }, this.#text.retry);
		retry.addEventListener('click', () => {
			this.#status.textContent = this.#text.loading;
			this.#field.focus();
			this.#load().then(
				() => this.#ask(),
				() => this.#showFailure(),
			);
		});
		this.#status.append(' ', retry);
	}

	async #option(index: OpenIndex, { id, section, words }: Hit): Promise<HTMLElement> {
		const { path, title } = index.packed.pages[section.page]!;
		const texts = await index.texts(section.page);
		const pieces = excerpt(texts[id] ?? '', words, section.skip, isApart(this.#language));
		return element(
			'a',
			{
				role: 'option',
				'aria-selected': 'false',
				tabindex: '-1',
				href: `${this.#root}${path}${section.anchor === '' ? '' : `#${section.anchor}`}`,
			},
			element('span', { class: 'search-section' }, section.heading),
			element('span', { class: 'search-page' }, section.anchor === '' ? '' : title),
			element(
				'span',
				{ class: 'search-excerpt' },
				...pieces.map(({ text, mark }) => (mark ? element('mark', {}, text) : text)),
			),
		);
	}

	#choose(at: number, scroll: boolean): void {
		const options = this.#list.children;
		options[this.#chosen]?.setAttribute('aria-selected', 'false');
		this.#chosen = at;
		const option = options[at];
		if (!option) {
			this.#field.removeAttribute('aria-activedescendant');
			return;
		}
		option.setAttribute('aria-selected', 'true');
		this.#field.setAttribute('aria-activedescendant', option.id);
		if (scroll) option.scrollIntoView({ block: 'nearest' });
	}

	#key(event: KeyboardEvent): void {
		// Enter that ends the composition of a syllable opens nothing.
		if (event.isComposing) return;
		const count = this.#list.childElementCount;
		const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 };
		const step = steps[event.key];
		if (step !== undefined && count > 0) {
			event.preventDefault();
			this.#choose((this.#chosen + step + count) % count, true);
		} else if (event.key === 'Enter') {
			event.preventDefault();
			const option = this.#list.children[this.#chosen];
			// A click, so that whatever listens to links on the page sees this one followed too.
			if (option instanceof HTMLElement)
				option.dispatchEvent(
					new MouseEvent('click', { bubbles: true, cancelable: true, ctrlKey: event.ctrlKey, metaKey: event.metaKey }),
				);
		}
	}
}

let dialog: SearchDialog | undefined;

/** Open the search dialog over the page; made at the first call. `root`: address of the site, ending in a slash. */
export async function openSearch(language: Language, root: string): Promise<void> {
	await styleSheet(sheet).catch(() => undefined);
	dialog ??= new SearchDialog(language, root);
	dialog.open();
}
