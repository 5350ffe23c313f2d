/**
 * The part of the lab's parts that is in a page from the start: each is fetched when it is first used, and what was
 * typed, chosen or pressed before is told to it as if it were done again.
 */
type Mount = (element: HTMLElement) => Promise<void>;

const LOADERS: Readonly<Record<string, () => Promise<Mount>>> = {
	'config-diff': () => import('./config-diff-entry.tsx').then((m) => m.mount),
	'kind-config': () => import('./kind-config-entry.tsx').then((m) => m.mount),
	readiness: () => import('./readiness-entry.tsx').then((m) => m.mount),
	status: () => import('./status-entry.tsx').then((m) => m.mount),
};

export function bringPartsToLife(): void {
	for (const element of document.querySelectorAll<HTMLElement>('[data-lab-part]')) {
		if (element.dataset.live !== undefined) continue;
		element.dataset.live = 'off';
		prepare(element);
	}
}

type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;
const fieldsOf = (element: HTMLElement): Field[] => [...element.querySelectorAll<Field>('input, textarea, select')];
const stateOf = (field: Field): string =>
	field instanceof HTMLInputElement && /^(?:radio|checkbox)$/.test(field.type) ? String(field.checked) : field.value;

function prepare(element: HTMLElement): void {
	let going: Promise<void> | undefined;
	const first = fieldsOf(element).map(stateOf);
	const live = (): Promise<void> => {
		going ??= (LOADERS[element.dataset.labPart ?? '']?.() ?? Promise.reject(new Error('no such part')))
			.then(async (mount) => {
				// Read last: the reader may have gone on while this was fetched.
				const now = fieldsOf(element).map(stateOf);
				await mount(element);
				element.dataset.live = 'on';
				again(element, first, now);
			})
			.catch((error: unknown) => {
				going = undefined;
				element.dataset.live = 'failed';
				console.error(error);
			});
		return going;
	};
	for (const use of ['pointerdown', 'focusin'] as const) element.addEventListener(use, () => void live());
	element.addEventListener('click', (e) => {
		const button = e.target instanceof Element ? e.target.closest('button') : null;
		if (element.dataset.live === 'on' || !button) return;
		const at = [...element.querySelectorAll('button')].indexOf(button);
		void live().then(() => element.querySelectorAll('button')[at]?.click());
	});
}

/** Tells the fields that were changed before the part lived. */
function again(element: HTMLElement, first: readonly string[], now: readonly string[]): void {
	for (const [i, field] of fieldsOf(element).entries()) {
		const wanted = now[i];
		if (wanted === undefined || wanted === first[i]) continue;
		if (field instanceof HTMLInputElement && /^(?:radio|checkbox)$/.test(field.type)) {
			if (wanted === 'true' && !field.checked) field.click();
		} else {
			field.value = wanted;
			field.dispatchEvent(new Event(field instanceof HTMLSelectElement ? 'change' : 'input', { bubbles: true }));
		}
	}
}
