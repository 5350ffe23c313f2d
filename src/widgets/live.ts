/**
 * The part of a figure that is in every page: choosing hops in the static content, and fetching the live figure when
 * it is first used, near and idle, or when the address asks for a state of it. No Preact, no simulator.
 */

import type { Seen } from './live-entry.tsx';
import type { Island } from './live-walk.tsx';

/** Readers of the fragment come from outside, so that this file needs no state of its own. */
export function bringFiguresToLife(hasParam: (key: string) => boolean): void {
	for (const element of document.querySelectorAll<HTMLElement>('[data-walk]')) new StaticWalk(element, hasParam);
	for (const element of document.querySelectorAll<HTMLElement>('[data-exercise]')) prepareExercise(element, hasParam);
}

/** Exercises live when they are first used, or near and idle; until then a press on a button waits for it. */
function prepareExercise(element: HTMLElement, hasParam: (key: string) => boolean): void {
	let going: Promise<void> | undefined;
	const live = () => {
		going ??= import('./exercise-entry.tsx')
			.then((m) => m.mountExercise(element))
			.catch((error: unknown) => {
				going = undefined;
				element.dataset.live = 'failed';
				console.error(error);
			});
		return going;
	};
	const isLive = () => element.dataset.live === 'on';
	for (const use of ['pointerdown', 'focusin'] as const) element.addEventListener(use, () => void live());
	element.addEventListener('submit', (e) => isLive() || e.preventDefault());
	element.addEventListener('click', (e) => {
		const button = e.target instanceof Element ? e.target.closest('button') : null;
		if (isLive() || !button) return;
		const at = [...element.querySelectorAll('button')].indexOf(button);
		void live().then(() => element.querySelectorAll('button')[at]?.click());
	});
	// What was typed or chosen before is told to the live form as if it were done again.
	for (const kind of ['input', 'change'] as const) {
		element.addEventListener(kind, (e) => {
			if (isLive() || !(e.target instanceof HTMLInputElement)) return;
			const at = [...element.querySelectorAll('input')].indexOf(e.target);
			const { value, checked, type } = e.target;
			void live().then(() => {
				const input = element.querySelectorAll('input')[at];
				if (!input) return;
				if (type === 'radio') {
					if (checked) input.click();
				} else {
					input.value = value;
					input.dispatchEvent(new Event('input', { bubbles: true }));
				}
			});
		});
	}
	// The address may ask for another question of its kind.
	if (hasParam(element.id)) void live();
	else whenNear(element, () => void live());
}

/** Calls once when the element is near the view and the page is idle; never where data is to be saved. */
function whenNear(element: HTMLElement, act: () => void): void {
	if ((navigator as { connection?: { saveData?: boolean } }).connection?.saveData) return;
	const idle = (run: () => void) =>
		'requestIdleCallback' in window ? requestIdleCallback(run, { timeout: 4000 }) : setTimeout(run, 1200);
	const observer = new IntersectionObserver(
		(entries) => {
			if (!entries.some((e) => e.isIntersecting)) return;
			observer.disconnect();
			idle(act);
		},
		{ rootMargin: '200px' },
	);
	observer.observe(element);
}

class StaticWalk {
	readonly #element: HTMLElement;
	readonly #island: Island;
	#seen: Seen = {};
	#going: Promise<void> | undefined;

	constructor(element: HTMLElement, hasParam: (key: string) => boolean) {
		this.#element = element;
		this.#island = JSON.parse(element.dataset.walk!) as Island;
		element.addEventListener('click', (e) => this.#click(e));
		element.addEventListener('input', (e) => this.#input(e));
		element.addEventListener('keydown', (e) => this.#key(e));
		element.addEventListener('change', (e) => this.#change(e));
		for (const use of ['pointerdown', 'focusin'] as const) element.addEventListener(use, () => void this.#live());
		if (hasParam(this.#island.id) || hasParam(`${this.#island.id}-b`)) void this.#live();
		else whenNear(element, () => void this.#live());
	}

	get #isLive(): boolean {
		return this.#element.dataset.live === 'on';
	}

	/** Fetches the live figure, once. A failure leaves the static one, which still tells everything. */
	#live(): Promise<void> {
		this.#going ??= import('./live-entry.tsx')
			.then((m) => m.mountWalk(this.#element, this.#island, () => this.#seen))
			.catch((error: unknown) => {
				this.#going = undefined;
				this.#element.dataset.live = 'failed';
				console.error(error);
			});
		return this.#going;
	}

	#click(e: Event): void {
		if (this.#isLive || !(e.target instanceof Element)) return;
		const stop = e.target.closest<HTMLElement>('.pw-stop');
		if (stop) {
			e.preventDefault();
			this.#choose(stop);
			return;
		}
		const button = e.target.closest<HTMLButtonElement>('button');
		if (!button) return;
		const step = Number(button.dataset.step);
		if (step) {
			this.#stepBy(step);
		} else if (button.classList.contains('pw-text-toggle')) {
			this.#view();
		} else {
			// Everything else is the live figure's: the same button there is pressed when it is up.
			const at = [...this.#element.querySelectorAll('button')].indexOf(button);
			void this.#live().then(() => this.#element.querySelectorAll('button')[at]?.click());
		}
	}

	#input(e: Event): void {
		if (this.#isLive || !(e.target instanceof HTMLInputElement) || e.target.type !== 'range') return;
		this.#goTo(Number(e.target.value) - 1);
	}

	#change(e: Event): void {
		if (this.#isLive || !(e.target instanceof HTMLInputElement || e.target instanceof HTMLSelectElement)) return;
		const control = e.target.closest<HTMLElement>('[data-control]')?.dataset.control;
		if (!control) return;
		this.#seen = { ...this.#seen, turned: { control, value: e.target.value } };
		void this.#live();
	}

	#key(e: KeyboardEvent): void {
		if (this.#isLive || e.ctrlKey || e.metaKey || e.altKey || !(e.target instanceof Element)) return;
		if (e.target.closest('input, select, summary')) return;
		const onStop = e.target.closest('.pw-stop') !== null;
		if (e.key === 't' || e.key === 'T') this.#view();
		else if (onStop && (e.key === 'ArrowDown' || e.key === 'ArrowRight')) this.#stepBy(1, true);
		else if (onStop && (e.key === 'ArrowUp' || e.key === 'ArrowLeft')) this.#stepBy(-1, true);
		else return;
		e.preventDefault();
	}

	get #stops(): HTMLElement[] {
		return [...this.#element.querySelectorAll<HTMLElement>('.pw-stop')];
	}

	#stepBy(by: number, focus = false): void {
		const stops = this.#stops;
		const at = stops.findIndex((s) => s.hasAttribute('aria-current'));
		this.#goTo(Math.min(Math.max(at + by, 0), stops.length - 1), focus);
	}

	#goTo(index: number, focus = false): void {
		const stop = this.#stops[index];
		if (!stop) return;
		this.#choose(stop);
		if (focus) stop.focus();
	}

	/** Marks a station as chosen and shows its record. */
	#choose(stop: HTMLElement): void {
		const stops = this.#stops;
		for (const s of stops) {
			s.toggleAttribute('aria-current', false);
			s.parentElement?.classList.remove('is-chosen');
		}
		stop.setAttribute('aria-current', 'step');
		stop.parentElement?.classList.add('is-chosen');
		const id = stop.getAttribute('href')?.slice(1);
		for (const record of this.#element.querySelectorAll('.pw-rec')) {
			record.classList.toggle('is-chosen', record.id === id);
		}
		const at = stops.indexOf(stop);
		const range = this.#element.querySelector<HTMLInputElement>('.pw-scrub input');
		if (range) range.value = String(at + 1);
		const position = this.#element.querySelector<HTMLElement>('.pw-pos');
		if (position?.dataset.position) {
			position.textContent = position.dataset.position
				.replace('{n}', String(at + 1))
				.replace('{total}', String(stops.length));
		}
		const { side = 'left', n } = stop.dataset;
		this.#seen = { ...this.#seen, chosen: { side: side as 'left', index: Number(n) } };
	}

	#view(): void {
		const body = this.#element.querySelector<HTMLElement>('.pw-body');
		const toggle = this.#element.querySelector('.pw-text-toggle');
		if (!body || !toggle) return;
		const text = body.dataset.view !== 'text';
		body.dataset.view = text ? 'text' : 'picture';
		toggle.setAttribute('aria-pressed', String(text));
		this.#seen = { ...this.#seen, view: text ? 'text' : 'picture' };
	}
}
