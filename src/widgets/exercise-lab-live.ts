/** The part of an exercise over the lab that is in its page: on first use it fetches the exercise, and the lab with it. */

/** Brings exercises to life when they are used: never before, since a lab is much to load. */
export function offerLabExercises(): void {
	for (const element of document.querySelectorAll<HTMLElement>('[data-lab-exercise]')) offer(element);
}

function offer(element: HTMLElement): void {
	let going: Promise<void> | undefined;
	const said = element.querySelector<HTMLElement>('.ex-said');
	const say = (text = ''): void => {
		if (said && element.dataset.live !== 'on') said.textContent = text;
	};
	const live = (): Promise<void> => {
		if (!going) say(element.dataset.opening);
		going ??= import('./exercise-lab-entry.tsx')
			.then((m) => m.mountLabExercise(element))
			.catch((error: unknown) => {
				going = undefined;
				element.dataset.live = 'failed';
				say(element.dataset.failed);
				console.error(error);
			});
		return going;
	};
	const isLive = (): boolean => element.dataset.live === 'on';
	for (const use of ['pointerdown', 'focusin'] as const) {
		element.addEventListener(use, (e) => {
			if (e.target instanceof Element && e.target.closest('button, input, select, textarea, label')) void live();
		});
	}
	element.addEventListener('submit', (e) => isLive() || e.preventDefault());
	// What is pressed or chosen before it is here is done when it is.
	element.addEventListener('click', (e) => {
		const used = e.target instanceof Element ? e.target.closest<HTMLElement>('button, input') : null;
		if (isLive() || !used) return;
		const kind = used.localName;
		const before = [...element.querySelectorAll(kind)];
		const at = before.indexOf(used);
		void live().then(() => {
			const now = element.querySelectorAll<HTMLElement>(kind);
			// A task has a terminal now: pressing its button was to bring that.
			if (now.length === before.length) now[at]?.click();
		});
	});
}
