/**
 * The glossary's sentence beside a term, while the pointer or the focus is on it. It can be reached with the pointer,
 * stays as long as either is there, and Escape closes it (WCAG 2.2, 1.4.13). It describes the link to screen readers.
 */
type Words = Readonly<Record<string, readonly [term: string, text: string]>>;

/** Milliseconds the pointer rests on a term before its help appears, and is away before it goes. */
const REST = 250;
const AWAY = 300;
/** CSS pixels between the term and its help, and between the help and the window's edge. */
const GAP = 6;
const EDGE = 8;

let words: Promise<Words> | undefined;
let box: HTMLElement | undefined;
let shown: HTMLAnchorElement | undefined;
let wanted: HTMLAnchorElement | undefined;
let timer: ReturnType<typeof setTimeout> | undefined;

/** The glossary of the page's language, by script tag: pages opened from disk can load nothing else. */
function loadWords(link: HTMLAnchorElement): Promise<Words> {
	words ??= new Promise<Words>((resolve, reject) => {
		(globalThis as { packetwalkTerms?: (all: Words) => void }).packetwalkTerms = resolve;
		const script = document.createElement('script');
		script.src = new URL('../terms.js', link.href).href;
		script.onerror = () => reject(new Error(`cannot load ${script.src}`));
		document.head.append(script);
	});
	words.catch(() => {
		words = undefined;
	});
	return words;
}

function makeBox(): HTMLElement {
	const made = document.createElement('div');
	made.className = 'term-help';
	made.id = 'term-help';
	made.popover = 'manual';
	made.setAttribute('role', 'tooltip');
	document.body.append(made);
	made.addEventListener('pointerenter', () => clearTimeout(timer));
	made.addEventListener('pointerleave', hideSoon);
	document.addEventListener('keydown', (event) => {
		if (event.key === 'Escape' && shown) hide();
	});
	document.addEventListener('pointerdown', ({ target }) => {
		if (shown && target instanceof Node && !made.contains(target) && !shown.contains(target)) hide();
	});
	// It moves with the text, and goes with it.
	const follow = (): void => {
		if (!shown) return;
		const { top, bottom } = shown.getBoundingClientRect();
		if (bottom < 0 || top > innerHeight) hide();
		else place(made, shown);
	};
	addEventListener('scroll', follow, { passive: true });
	addEventListener('resize', follow);
	return made;
}

/** Below the term, or above it where there is no room; inside the window. */
function place(help: HTMLElement, link: HTMLAnchorElement): void {
	const at = link.getClientRects()[0] ?? link.getBoundingClientRect();
	const { width, height } = help.getBoundingClientRect();
	const { clientWidth, clientHeight } = document.documentElement;
	const below = at.bottom + GAP;
	help.style.left = `${Math.max(EDGE, Math.min(at.left, clientWidth - width - EDGE))}px`;
	help.style.top = `${below + height + EDGE > clientHeight ? Math.max(EDGE, at.top - GAP - height) : below}px`;
}

async function show(link: HTMLAnchorElement): Promise<void> {
	const all = await loadWords(link);
	const entry = all[link.hash.slice(1).split('&')[0]!];
	if (wanted !== link || !entry) return;
	hide();
	wanted = link;
	shown = link;
	box ??= makeBox();
	const name = document.createElement('b');
	name.textContent = entry[0];
	box.replaceChildren(name, ` ${entry[1]}`);
	link.setAttribute('aria-describedby', box.id);
	box.showPopover();
	place(box, link);
}

function hide(): void {
	clearTimeout(timer);
	wanted = undefined;
	shown?.removeAttribute('aria-describedby');
	shown = undefined;
	box?.hidePopover();
}

function hideSoon(): void {
	clearTimeout(timer);
	timer = setTimeout(hide, AWAY);
}

/** Shows what a link to the glossary leads to; `cause` is the event that brought the reader there. */
export function helpWith(link: HTMLAnchorElement, cause: string): void {
	clearTimeout(timer);
	link.addEventListener('pointerleave', hideSoon, { once: true });
	link.addEventListener('blur', hide, { once: true });
	if (shown === link) return;
	const hovered = cause === 'pointerover';
	// The pointer's focus is no reason of its own, and a focus that moved on has no help to show.
	if (hovered ? !link.matches(':hover') : cause === 'focusin' && !link.matches(':focus-visible')) return;
	wanted = link;
	const open = (): void => {
		void show(link).catch(() => undefined);
	};
	if (hovered) timer = setTimeout(open, REST);
	else open();
}
